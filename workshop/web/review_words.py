"""Words of the page "to review": what each row is about, who wrote it, and why something waits."""

from typing import Final


def N_(message: str) -> str:
    return message


HEADINGS: Final = {  # of a field with several versions
    "description": N_("The process describes itself in two ways"),
    "plan": N_("A meeting has two plans"),
    "sheet": N_("A meeting has two running sheets"),
    "theme": N_("A table has two themes"),
    "practice": N_("A good practice is told in two ways"),
    "resource": N_("A local resource is told in two ways"),
    "text": N_("A card has two texts"),
    "translation": N_("A card has two translations"),
    "place": N_("A card lies in two places"),
    "card_merged_into": N_("A card was merged in two ways"),
    "title": N_("A group has two titles"),
    "merged_into": N_("A group was merged in two ways"),
    "position": N_("A group has two places in the order"),
    "removed": N_("A group was taken away and brought back"),
    "wording": N_("A sentence has two wordings"),
}
ROLES: Final = {
    "public": N_("somebody who was coming in"),
    "participant": N_("the author of the card"),
    "scribe": N_("who scribes"),
    "facilitator": N_("who facilitates"),
    "lead": N_("who leads"),
    "organiser": N_("who organises"),
}
DOUBLES: Final = {
    "confirmed": (
        N_("A synthesis was confirmed in two versions"),
        N_("Two computers confirmed it apart. The latest is shown, both stay in the archive: if it is not the right one, correct it."),
    ),
    "numbers": (
        N_("Numbers of cards that were given twice"),
        N_("Who holds such a number has a card all the same: each has its own code."),
    ),
    "codes": (N_("Codes of cards that were given twice"), N_("The later card of each two has a letter behind its code: 03 and 03b.")),
    "table_number": (
        N_("Two tables have one number"),
        N_("Both stay. Write a letter on one of the two tents, or close the one that is not needed."),
    ),
    "join_code": (
        N_("Two tables have one code to come in"),
        N_("Who types it comes to the first one. Let people scan the code of their own table instead."),
    ),
}
BALLOTS: Final = {
    "told": (
        N_("Two computers counted one ballot"),
        N_("The latest result is shown, both are kept. If it was not the right computer’s, say so in the synthesis, or vote again."),
    ),
    "votes": (
        N_("Votes of one table came from two computers"),
        N_("Whoever voted on both is counted twice. Ask the table; if it happened, vote again, or count by hand."),
    ),
}
STRAYS: Final = {
    "cards": (
        N_("Cards of a table that is not in this record"),
        N_("They are kept, and shown when the table comes: exchange again with the computer that has it."),
    ),
    "groups": (
        N_("Groups of a table that is not in this record"),
        N_("They are kept, and shown when the table comes: exchange again with the computer that has it."),
    ),
    "sentences": (
        N_("Sentences of a table that is not in this record"),
        N_("They are kept, and shown when the table comes: exchange again with the computer that has it."),
    ),
    "tables": (
        N_("Tables of a meeting that is not in this record"),
        N_("They are kept, and shown when the meeting comes: exchange again with the computer that has it."),
    ),
    "evidence": (
        N_("A sentence refers to a card or a group that is not in this record"),
        N_("It may still come with the next exchange. If it does not, take the reference away."),
    ),
}
REASONS: Final = {
    "unknown_kind": (N_("Written by a newer Tavoli"), N_("Bring Tavoli on this computer up to date: it is shown then, by itself.")),
    "lamport_jump": (
        N_("It comes from far ahead in the order"),
        N_("Something before it is missing, or that computer counts wrong. Exchange again with it; what fits is shown by itself."),
    ),
    "invalid_body": (
        N_("It cannot be read"),
        N_("Its words are not as this program expects. Exchange again with the computer that wrote it; a newer Tavoli may read it."),
    ),
    "unreadable_body": (
        N_("It cannot be read"),
        N_("Its words are not as this program expects. Exchange again with the computer that wrote it; a newer Tavoli may read it."),
    ),
    "fold_error": (N_("It cannot be shown"), N_("This program could not place it. Bring Tavoli up to date, or ask who looks after it.")),
    "invalid_wall": (N_("Its date is none"), N_("The clock of that computer gave a day that does not exist. Look at its clock.")),
    "revoked_signer": (N_("Written by a computer that was shut out"), N_("It came after that. Who organises looks whether it may count.")),
    "unsigned": (N_("Nobody vouches for it yet"), N_("Its signature has not come. Exchange again with the computer that wrote it.")),
}
OTHER_REASON: Final = (N_("It waits"), N_("It is kept and passed on, and shown as soon as it can be."))
REVIVED: Final = {
    "card": (
        N_("A card was withdrawn, and corrected elsewhere"),
        N_("Its author withdrew it: its words stay away for everybody. They can write it again."),
    ),
    "sentence": (N_("A sentence was taken out here, and rewritten elsewhere"), N_("It stays out until somebody brings it back.")),
    "group": (N_("A group was taken away here, and titled elsewhere"), N_("It stays away until somebody brings it back.")),
}
