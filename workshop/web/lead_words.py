"""Words for the codes that the lead's pages show: states, what moves to them, formats, roles, views. Codes stay in the record."""

from typing import Final

from workshop.web.answers import words


def N_(message: str) -> str:
    return message


PROCESS_STATES: Final = {
    "draft": N_("Draft"),
    "published": N_("Published"),
    "running": N_("Under way"),
    "restitution": N_("Giving results back"),
    "closed": N_("Concluded"),
    "archived": N_("Archived"),
    "suspended": N_("Suspended"),
    "cancelled": N_("Called off"),
}
PROCESS_MOVES: Final = {
    "draft": N_("Back to draft"),
    "published": N_("Publish"),
    "running": N_("Start the process"),
    "restitution": N_("Start giving results back"),
    "closed": N_("Conclude"),
    "archived": N_("Archive"),
    "suspended": N_("Suspend"),
    "cancelled": N_("Call off the process"),
}
RESUME: Final = N_("Go on with the process")
MEETING_STATES: Final = {
    "draft": N_("Being prepared"),
    "announced": N_("Announced"),
    "open": N_("Doors open"),
    "ready": N_("About to start"),
    "live": N_("Live"),
    "closed": N_("Meeting over"),
    "reported": N_("Reported"),
    "postponed": N_("Postponed"),
    "cancelled": N_("Meeting called off"),
}
MEETING_MOVES: Final = {
    "announced": N_("Announce"),
    "open": N_("Open the doors"),
    "ready": N_("Everything is ready"),
    "live": N_("Start the meeting"),
    "closed": N_("Close the meeting"),
    "reported": N_("The report is done"),
    "postponed": N_("Postpone"),
    "cancelled": N_("Call off the meeting"),
}
ASIDE: Final = frozenset({"suspended", "cancelled", "postponed", "closed"})  # moves that are not the way ahead, or cannot be taken back
FORMATS: Final = {
    "webinar": N_("Webinar"),
    "laboratory": N_("Laboratory at tables"),
    "network_launch": N_("Launch of the network"),
    "convention": N_("Convention"),
}
MODES: Final = {"in_person": N_("In person"), "online": N_("At a distance"), "hybrid": N_("Both")}
LANGUAGES: Final = {
    "it": "Italiano",
    "en": "English",
    "ro": "Română",
    "sq": "Shqip",
    "ar": "العربية",
    "uk": "Українська",
}
LICENCES: Final = {"CC-BY-4.0": "CC BY 4.0", "IODL-2.0": "IODL 2.0", "CC0-1.0": "CC0 1.0"}
SYNTHESIS_STATES: Final = {
    "draft": N_("Synthesis: draft"),
    "in_review": N_("Synthesis: being read back"),
    "validated": N_("Synthesis: validated"),
}
CATEGORIES: Final = {
    "family": N_("Family"),
    "citizen": N_("A citizen"),
    "institution": N_("Municipality or other public body"),
    "third_sector": N_("Association or cooperative"),
    "business": N_("Business"),
    "other": N_("Other"),
    "undeclared": N_("I prefer not to say"),
}
RESOURCE_KINDS: Final = {
    "space": N_("A place"),
    "time": N_("Hours of people"),
    "skill": N_("A skill"),
    "goods": N_("Goods"),
    "money": N_("Money"),
    "support": N_("Support along the way"),
}
ROLES: Final = {"facilitator": N_("Facilitator"), "scribe": N_("Scribe")}
VIEWS: Final = {
    "entrance": N_("Entrance"),
    "wall": N_("Wall of cards"),
    "clock": N_("Clock"),
    "dots": N_("Dots"),
    "synthesis": N_("Synthesis"),
    "neutral": N_("Neutral"),
}
LIGHTS: Final = {"ok": N_("%(n)s on time"), "wait": N_("%(n)s slow"), "bad": N_("%(n)s need help"), "done": N_("%(n)s done")}
PRESETS: Final = {"lucca-in-famiglia": N_("“Lucca In… famiglia”: three meetings and six tables, ready to be adapted.")}


def moves(allowed: frozenset[str], words: dict[str, str], aside: bool) -> list[tuple[str, str]]:
    """(state, words) of the buttons, the way ahead or the moves kept aside, in the order of the words."""
    return [(state, name) for state, name in words.items() if state in allowed and (state in ASIDE) is aside]


def options(names: dict[str, str]) -> list[tuple[str, str]]:
    """(code, words) in the reader's language, for a select."""
    return [(code, words(name)) for code, name in names.items()]
