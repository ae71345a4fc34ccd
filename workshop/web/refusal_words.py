"""What a person reads when nothing was changed: what happened, which limit, what to do. (title, detail) per refusal."""

from typing import Final

from workshop.domain.refusal import Sort


def N_(message: str) -> str:
    return message


DEFAULTS: Final = {
    Sort.UNREADABLE: (N_("This cannot be read."), N_("Look at what you wrote and try again. Nothing was changed.")),
    Sort.FORBIDDEN: (N_("You cannot do this here."), N_("Somebody else in the room may: ask who facilitates. Nothing was changed.")),
    Sort.UNKNOWN: (N_("This is not here."), N_("Perhaps the link is old. Go back and open it again.")),
    Sort.OUT_OF_STEP: (N_("Not at this moment."), N_("The table has gone on, or is not there yet. Reload the page to see where it is.")),
    Sort.TOO_MUCH: (N_("This is too big."), N_("Make it shorter and send it again.")),
    Sort.NO_SPACE: (
        N_("The room's computer cannot write."),
        N_("Nothing was saved. Your words stay here; tell who leads to look at the disk."),
    ),
    Sort.SLOW_DOWN: (N_("Too many things at once."), N_("Wait a moment: it is tried again by itself. Nothing is lost.")),
    Sort.TOO_OFTEN: (N_("Too many tries."), N_("Wait some minutes and try again.")),
    Sort.WHO_ARE_YOU: (N_("Who are you?"), N_("Come in with your personal code, or scan the table's code again.")),
}

WORDS: Final = {
    "TextMissing": (N_("The text is missing."), N_("Write at least %(least)s characters.")),
    "TextTooShort": (N_("The text is too short."), N_("It has %(length)s characters: at least %(least)s are needed.")),
    "TextTooLong": (
        N_("The text is too long."),
        N_("It has %(length)s characters: at most %(most)s fit. Split it in two cards, or shorten it."),
    ),
    "TextUnreadable": (N_("There is a character that cannot be kept."), N_("Write the text again by hand instead of pasting it.")),
    "NumberOutOfRange": (N_("The number does not fit."), N_("It goes from %(least)s to %(most)s.")),
    "NotInList": (N_("This choice is not in the list."), N_("Choose one of these: %(choices)s.")),
    "FieldUnknown": (N_("There is a field that does not belong here."), N_("Reload the page and try again.")),
    "Malformed": (N_("This cannot be read."), N_("Reload the page and try again. Your words are still here.")),
    "IdAlreadyUsed": (
        N_("This was already sent with other words."),
        N_("Nothing was changed. Reload the page: what you sent first is there; then write the new one."),
    ),
    "GoodPracticeIsGone": (
        N_("This practice is not there any more."),
        N_("Somebody removed it meanwhile. If it is still needed, add it again."),
    ),
    "LocalResourceIsGone": (
        N_("This resource is not there any more."),
        N_("Somebody removed it meanwhile. If it is still needed, add it again."),
    ),
    "NothingToErase": (
        N_("There is nothing left to erase."),
        N_("These words are not in this record: they were erased before, or never came here."),
    ),
    "CopyStillThere": (N_("It is still there."), N_("Delete %(place)s first.")),
    "MoveNotAllowed": (N_("Not from here."), N_("It is in the state “%(before)s” and cannot go to “%(after)s”.")),
    "ReasonMissing": (N_("A reason is needed."), N_("Write in a few words why: it stays in the record.")),
    "ChangedMeanwhile": (N_("Somebody changed it meanwhile."), N_("Look at how it is now and decide again. Nothing was lost.")),
    "NothingToSettle": (
        N_("There is nothing to settle any more."),
        N_("Somebody settled it meanwhile. Reload the page: it shows how it is now."),
    ),
    "CannotKeepBoth": (N_("Both cannot count here."), N_("Keep one of them. The other stays in the record.")),
    "ContactMissing": (N_("A contact is missing."), N_("Write an e-mail address or a telephone number before publishing.")),
    "ContactUnusable": (
        N_("Nobody can be reached with this."),
        N_("An e-mail address has an @ in its middle; a telephone number has at least six digits. Correct it or leave it empty."),
    ),
    "ProcessNotPublic": (
        N_("The process is not published."),
        N_("It is in the state “%(state)s”. People are invited to a meeting only while its process is public: publish it first, in Setup."),
    ),
    "NoMeetingYet": (
        N_("People have not met yet."),
        N_("A process is under way when one of its meetings is open or over: open the doors of a meeting first."),
    ),
    "MeetingNotUnderWay": (
        N_("The meeting is not under way."),
        N_("It is in the state “%(state)s”. Steps are opened while its doors are open, from the lead’s page."),
    ),
    "DateMissing": (N_("Date, time or place is missing."), N_("To open registration, write the date, the start and the place or link.")),
    "EndsBeforeStart": (N_("The end is before the start."), N_("Correct one of the two times.")),
    "StepNotOpenYet": (N_("This step is not open yet."), N_("Wait for who facilitates to open it. Your words stay here.")),
    "StepIsNotFor": (N_("This step asks for something else."), N_("Reload the page to see what the table is doing now.")),
    "StepHasBegun": (
        N_("The step has begun."),
        N_("People were told how many cards or dots they have: that does not change any more. Change it in a later step."),
    ),
    "StepNotReady": (
        N_("Something is still missing before this step ends."),
        N_("Still to do: %(must)s. Who leads may go on all the same, with a reason."),
    ),
    "TableIsClosed": (N_("The table is closed."), N_("It takes nothing more in. Ask who leads.")),
    "CannotMergeTables": (
        N_("The table cannot be merged like this."),
        N_("Choose another table of this meeting that still takes people in."),
    ),
    "NotSure": (N_("This cannot be taken back."), N_("Tick the box that says that you are sure, then press again.")),
    "KindNotAskedFor": (N_("This kind of card is not asked for now."), N_("Now the table asks for: %(kinds)s. Choose one of these kinds.")),
    "QuotaUsed": (
        N_("You have used all your cards in this round."),
        N_("They are %(quota)s each. You can withdraw one, or say it aloud: the scribe writes it."),
    ),
    "CardIsGone": (N_("This card was withdrawn."), N_("Its author took it back: it cannot be worked on any more.")),
    "CannotMergeHere": (
        N_("These two cannot be merged."),
        N_("Both must be cards of this table, and the second must not be merged itself."),
    ),
    "ClusterIsGone": (N_("This group is not there any more."), N_("It was merged or removed. Choose another group.")),
    "NothingToUndo": (N_("There is nothing to undo."), N_("It was already undone.")),
    "CannotMergeClusters": (N_("These two groups cannot be merged."), N_("Choose another group of this table.")),
    "BallotIsClosed": (N_("The vote is closed."), N_("The result was already told, so it does not change any more.")),
    "TooManyDots": (N_("Too many dots."), N_("Take some away: look at how many you have and how many fit on one group.")),
    "NoSuchCluster": (N_("This group is not on your table."), N_("Reload the page and vote again.")),
    "PaperDotsDoNotFit": (
        N_("More dots than the paper ballots can hold."),
        N_("With these ballots there are at most %(most)s dots. Count again."),
    ),
    "SynthesisIsFrozen": (N_("The synthesis is being read back."), N_("Nobody writes while the table listens. Go back to writing first.")),
    "SynthesisIsValidated": (
        N_("The synthesis is validated and does not change."),
        N_("Who leads can make a correction, with a reason: it becomes a new version."),
    ),
    "EvidenceIsElsewhere": (N_("This card is not of this table."), N_("Choose a card or a group of this table.")),
    "NotReadyToReadBack": (N_("The synthesis is not ready to be read back."), N_("Still missing: %(missing)s.")),
    "CardsNotTold": (
        N_("There are cards that no sentence tells."),
        N_("They are %(uncovered)s. Read each one at the table and leave it out with a reason, or go back to writing."),
    ),
    "FacilitatorValidates": (
        N_("The facilitator of the table records the outcome."),
        N_("If they are away, say so in the form: it is written beside the outcome."),
    ),
    "NoReadBackOpen": (N_("Nothing is being read back now."), N_("Wait for who facilitates to start reading.")),
    "SentenceHasChanged": (N_("The sentence has changed: answer again."), N_("Reload the page: you find the new words.")),
    "NotValidatedYet": (N_("The synthesis is not validated yet."), N_("Correct the draft itself.")),
    "MeetingNotOpen": (N_("The meeting is not open."), N_("Look at its date, or ask at the welcome desk.")),
    "NumberTaken": (
        N_("There is a table with number %(number)s."),
        N_("Cards are called by it, so each table has its own. The next free number is %(free)s."),
    ),
    "TableIsFull": (N_("The table is full."), N_("It has %(seats)s seats. Choose another table, or ask who welcomes you.")),
    "PhotoMissing": (N_("No photo was chosen."), N_("Choose a file or take a photo, then send it again. An empty file is no photo.")),
    "PhotoTooBig": (N_("The photo is too big."), N_("At most %(most)s MB. Take it with a lower resolution, or crop it to the flipchart.")),
    "PhotoHasTooManyPixels": (
        N_("The photo has too many pixels."),
        N_("At most %(most)s megapixels. Take it with a lower resolution, or crop it to the flipchart."),
    ),
    "PhotoUnreadable": (
        N_("This is not a photo that can be read."),
        N_("Photos are JPEG, PNG or WebP files, whatever their name says. Take the photo again, or save it as JPEG."),
    ),
    "PhotoIsHeic": (
        N_("This photo is in the iPhone’s own format (HEIC)."),
        N_("On the iPhone choose Settings, Camera, Formats, “Most compatible”, and take it again. Or save it as JPEG first."),
    ),
    "PhotoCutShort": (
        N_("The photo ends in the middle."),
        N_("The file is damaged or was cut on its way. Choose it or take it again."),
    ),
    "PhotoNotWhole": (N_("The photo has not arrived whole."), N_("Send it again: it goes on from where it was.")),
    "PieceElsewhere": (N_("The photo has not arrived whole."), N_("Send it again: it goes on from where it was.")),
    "PieceUnreadable": (N_("The photo has not arrived whole."), N_("Choose it again and send it again from the start.")),
    "TooManyUploads": (N_("Too many photos are on their way."), N_("Wait a minute, then send it again.")),
    "PhotoSpace": (
        N_("There is no space left for photos."),
        N_("Nothing was saved. Tell who leads to make space on the disk. Cards can still be written."),
    ),
    "BytesElsewhere": (N_("The photo is not on this computer."), N_("It is known here, and comes when its computer sends it.")),
    "BytesDamaged": (
        N_("The photo came damaged."),
        N_("Its bytes are not those that it was recorded with. It is sent again from the start."),
    ),
    "PhotoIsGone": (N_("This photo was removed."), N_("It was deleted on purpose. Go back to the photos of the table.")),
    "PhotosFull": (N_("The table has enough photos."), N_("At most %(most)s. Remove one that nobody needs, then add this one.")),
    "WriterIsBusy": (N_("The room's computer is busy."), N_("Your words are safe here: they are sent again in a moment.")),
    "DiskIsFull": (
        N_("The room's computer has no space left."),
        N_("Nothing was saved. Your words stay here; tell who leads to make space on the disk."),
    ),
    "DiskFails": (
        N_("The room's computer cannot write on its disk."),
        N_("Nothing was saved. Your words stay here; tell who leads: the disk is full, locked or broken."),
    ),
    "TooManyGuesses": (N_("Too many tries."), N_("Wait %(minutes)s minutes, or ask who leads for a new invitation.")),
    "WrongPassphrase": (
        N_("This passphrase is not right."),
        N_("It is five Italian words, shown at the first start. Tries left: %(left)s."),
    ),
    "WrongSecret": (N_("This code is not right."), N_("Look at it again: it has no zero, no one, no O and no I.")),
    "NotLetIn": (
        N_("Name, passphrase and code do not fit together."),
        N_("Write all three again. A code that was used already does not work: wait for the next one in the app."),
    ),
    "NameIsTaken": (N_("Another organiser has this name."), N_("Choose another one: capitals make no difference.")),
    "NoSuchOrganiser": (N_("Nobody of this name keeps the central record."), N_("Look at the list of organisers.")),
    "LastOrganiser": (
        N_("Nobody would be left to keep the central record."),
        N_("Invite somebody else first, and wait until they have signed in."),
    ),
    "LinkIsVoid": (N_("This link is not valid any more."), N_("A link works once, for two days. Have you used it already? Then sign in.")),
    "NoLeadHere": (N_("Nobody leads here yet."), N_("A passphrase is of a room: start it once with tavoli serve, or name its folder.")),
    "PassphrasesDiffer": (N_("The two passphrases are not the same."), N_("Write the same in both fields.")),
    "PassphraseTooPlain": (N_("This passphrase is too easy to guess."), N_("Take four or five words that do not go together.")),
    "CodeDoesNotFit": (
        N_("The code does not fit."),
        N_("Write the one that the app shows now. If it goes on, look at the clock of the phone: it must be right to the minute."),
    ),
    "DatabaseIsAway": (
        N_("The central record does not answer for a moment."),
        N_("Its database is starting again. Nothing is lost: wait a minute and try again."),
    ),
    "CodeExpired": (N_("This code is too old."), N_("A code lasts %(minutes)s minutes. Ask the central record for a new one.")),
    "CodeUsed": (N_("This code was already used."), N_("A code is good for one computer, once. Ask the central record for a new one.")),
    "NotOfThisComputer": (
        N_("This computer was not enrolled for this process."),
        N_("Who organises chooses the processes of a computer at the central record, under Computers."),
    ),
    "StaleCall": (
        N_("This request is too old."),
        N_("It is made again with a fresh one. Look at the clock of the central record if this stays."),
    ),
    "NotEnrolledHere": (N_("This computer is not known here."), N_("Enrol it with a one-time code of the central record.")),
    "NoCentre": (
        N_("This computer is not linked to a central record yet."),
        N_("Ask who keeps the central record for its address and a one-time code."),
    ),
    "NobodyWaits": (N_("Nobody waits there."), N_("On the other laptop, first press “Wait for the other one”.")),
    "AnotherIsPairing": (N_("A pairing is going on already."), N_("Finish it or stop it, then begin again.")),
    "PairingIsOver": (N_("This pairing is over."), N_("It took more than ten minutes, or was stopped. Begin again on both laptops.")),
    "PairingBroken": (
        N_("The two laptops did not understand each other."),
        N_("What came is not what was promised. Look at the address and begin again; if it goes on, do not pair."),
    ),
    "OpenerIsBusy": (N_("A key is opening already."), N_("Wait until it ends: this page shows how far it is.")),
    "BundlerIsBusy": (N_("Another file is being read or written."), N_("Wait until it ends: nothing is lost.")),
    "NobodyToSealFor": (
        N_("There is nobody to seal it for."),
        N_("This computer is linked to no central record. Link it, or leave the file open: then whoever has it can read it."),
    ),
    "BundleUnreadable": (
        N_("This file cannot be read."),
        N_("It is not a Tavoli file, or it is damaged, or a newer Tavoli made it (%(why)s). Nothing was taken in."),
    ),
    "BundleOfAnother": (
        N_("This file belongs to another process."),
        N_("It is of “%(title)s”, which is not on this computer. Nothing was taken in: look whether it is the right stick."),
    ),
    "BundleNeedsKey": (
        N_("This file opens with the key of who organises."),
        N_("It is a complete record: bring it in with that key. Another key does not open it. Nothing was taken in."),
    ),
    "CompleteIsSealed": (
        N_("A complete record leaves only sealed."),
        N_("What single people did never leaves open. Write it sealed, or choose what leaves again."),
    ),
    "NoReaderYet": (
        N_("There is no key to seal it for."),
        N_(
            "Who organises makes one at the central record, under Organisers, Complete records. "
            "This computer hears of it at the next contact."
        ),
    ),
    "ReaderHasChanged": (
        N_("The central record names another key now."),
        N_("Its fingerprint is %(fingerprint)s. Ask who organises whether it is theirs, then choose again. Nothing was changed."),
    ),
    "KeyUnreadable": (
        N_("This is not a key, or a letter of it is wrong."),
        N_("It has fourteen groups of four letters and figures. Compare it with the paper. Nothing was opened."),
    ),
    "SealedForAnotherKey": (
        N_("This key opens nothing here."),
        N_("Its fingerprint is %(fingerprint)s. What is sealed here opens with: %(wanted)s. Nothing was changed."),
    ),
    "NothingSealed": (N_("Nothing sealed is here."), N_("There is nothing to open. Perhaps it was opened already.")),
    "BundleForOthers": (
        N_("This file was sealed for other computers."),
        N_("Bring it to the central record, or write it again for this computer. Nothing was taken in."),
    ),
    "FileMissing": (N_("No file was chosen."), N_("Choose a file whose name ends in .tavoli.")),
    "StickNotWritten": (
        N_("The stick does not take the file."),
        N_("It may be full, or locked (%(why)s). Nothing was lost: try another one."),
    ),
    "AlreadyUnderWay": (N_("Sending is already under way."), N_("Wait until it ends: nothing is lost.")),
    "CentreOutOfReach": (
        N_("The central record cannot be reached."),
        N_("Check the connection and the address. Nothing is lost: the next try goes on from here."),
    ),
    "CentreIsSilent": (N_("The central record does not answer."), N_("The line is slow or has stopped. Nothing is lost: try again later.")),
    "LineWasCut": (N_("The line was cut."), N_("What arrived is kept, and the next try goes on from there.")),
    "LoginPageInBetween": (N_("This network shows its own page first."), N_("Open a browser, sign in to the network, then try again.")),
    "CentreHasMoved": (N_("The central record is at another address."), N_("Use this one: %(detail)s")),
    "CertificateNotTrusted": (
        N_("The certificate does not belong to this address."),
        N_("Look at this computer's clock, and sign in to the network if it asks. If it stays so, do not go on."),
    ),
    "CentreIsBroken": (N_("The central record has a fault."), N_("Tell who keeps it. Nothing is lost: try again later.")),
    "CentreIsBusy": (N_("The central record is busy."), N_("Nothing is lost: try again in a minute.")),
    "CentreGivesNoEnd": (
        N_("The other side sends without an end."),
        N_("The contact was ended; what came is kept. If it happens again, tell who keeps the computer at the other end."),
    ),
    "NotEnrolledAnyMore": (N_("The central record does not know this computer."), N_("Link it again with a new one-time code.")),
    "AnotherCentre": (
        N_("This is another central record than the link says."),
        N_("Somebody may be in between, or the link is an old one. Nothing was sent: ask for a new link."),
    ),
    "CentreRefused": (N_("The central record refused."), N_("It says: %(detail)s")),
    "NoQrInPicture": (N_("No QR code was found in this picture."), N_("Take it again, straight and near, or paste the link.")),
    "QrIsNoLink": (
        N_("This is not the code of a central record."),
        N_("It says “%(text)s”. Ask who organises for the one under Computers."),
    ),
    "QrCannotBeRead": (
        N_("This computer cannot read QR codes from pictures."),
        N_("Open the code with a phone: it shows the link, to be sent and pasted here."),
    ),
    "ContactWasStopped": (N_("Stopped."), N_("What has arrived stays; next time it goes on from there.")),
    "BundleStopped": (N_("Stopped: the file was not written."), N_("Nothing is half done on the stick. Write it again when you like.")),
    "NotATavoli": (
        N_("There is no central record at this address."),
        N_("Check the address: something else answers there, or another version."),
    ),
    "ParcelNotUsable": (
        N_("The parcel with the registrations cannot be used."),
        N_("It was not sealed for this computer, or is damaged. The names that were here stay."),
    ),
    "NameMissing": (N_("The name is missing."), N_("Write name and surname, or what the person wishes to be called.")),
    "NameTooLong": (N_("The name is too long."), N_("It has %(length)s characters: at most %(most)s fit.")),
    "ContactUnreadable": (
        N_("This is neither an e-mail address nor a telephone number."),
        N_("Correct “%(contact)s”, or leave it out: the name is enough."),
    ),
    "NeedsTooLong": (N_("What they need is too long."), N_("It has %(length)s characters: at most %(most)s fit. Say it in short.")),
    "NoSuchTable": (N_("The meeting has no table “%(table)s”."), N_("Write its number or its theme, or leave it out.")),
    "ListIsFull": (N_("The list is full."), N_("At most %(most)s people in one process. Nobody was added.")),
    "TooManyLines": (N_("These are too many lines at once."), N_("At most %(most)s. Paste the list in two parts.")),
    "TooManyColumns": (N_("The line has too much in it."), N_("At most %(most)s parts: name; contact; table; needs.")),
    "WrittenAtTheCentre": (
        N_("This registration is written at the central record."),
        N_("Who organises changes or removes it there; it comes here with the next contact."),
    ),
    "BatchUnreadable": (
        N_("These entries cannot be read."),
        N_("They came damaged or in another format (%(why)s). Nothing of this batch was stored: send it again."),
    ),
    "BatchTooBig": (
        N_("This is too much at once."),
        N_("The limit is %(most)s (%(what)s). Nothing of this batch was stored: send less at a time."),
    ),
    "CopyNotMade": (N_("No copy was made."), N_("%(why)s What people write is safe in the record all the same.")),
    "CopyNotUsable": (N_("This copy cannot be restored."), N_("%(why)s Nothing was changed.")),
    "PlaceUnusable": (
        N_("This is not a folder where copies can be made."),
        N_("Write the whole path of a folder outside Tavoli's own, on a stick that is in."),
    ),
    "RecordIsEmpty": (N_("There is nothing to send yet."), N_("This record is empty: start a process first.")),
}

STATUSES: Final = {  # where no rule refused: the address, the way of asking, or a fault of ours
    400: (N_("This request cannot be read."), N_("Go back, reload the page and try again.")),
    404: (N_("There is nothing at this address."), N_("Look at the address or scan the code again.")),
    405: (N_("This is not done this way."), N_("Go back, reload the page and try again.")),
    408: (N_("It did not arrive whole."), N_("The line is slow or was cut. Try again: your words are still here.")),
    413: (N_("This is too big."), N_("Make it shorter and send it again.")),
    415: (N_("This kind of data is not read here."), N_("Go back, reload the page and try again.")),
    421: (N_("This address is not ours."), N_("Scan the code on the room's screen again, or type the address that stands there.")),
    429: (N_("Too many things at once."), N_("Wait a moment: it is tried again by itself. Nothing is lost.")),
    500: (N_("Something broke here, not at your side."), N_("Nothing of yours was lost. Try again; if it goes on, tell who leads.")),
    503: (N_("The room's computer is busy."), N_("Your words are safe here: they are sent again in a moment.")),
}
GUARD: Final = {  # before anything else is asked
    "wrong_host": STATUSES[421],
    "foreign_page": (N_("This came from another page."), N_("Open our page and send it from there. Nothing was changed.")),
    "foreign_socket": (N_("This connection belongs to another device."), N_("Reload the page: it makes a connection of its own.")),
    "no_length": (N_("This request cannot be read."), N_("Its length is missing or is no number. Go back, reload the page and try again.")),
    "photo_too_big": WORDS["PhotoTooBig"],
    "too_big": (N_("This is too big."), N_("At most %(most)s kB at once. Go back: your words are still there. Make them shorter.")),
}
