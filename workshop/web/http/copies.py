"""Copies on the lead's pages: make one now, choose the second place; and restore one into a room where nothing is yet."""

import contextlib
from pathlib import Path

from flask import Blueprint, Response, request

from sync.log import Digest
from workshop.copies.outside import in_second_place, minute_of, note_made
from workshop.copies.reading import digest_in, open_to_read
from workshop.copies.restoring import BACKUPS, Restored, copies_near, let_in, stage, the_copy
from workshop.copies.second_place import choose_second_place
from workshop.copies.shape import RECORD, Copy, copies_in
from workshop.copies.sticks import sticks
from workshop.domain.people import NOBODY, Role
from workshop.domain.permissions import Action, permit
from workshop.domain.text import maybe_words
from workshop.private.signing_in import keep_one_time_link, sign_in_by_link
from workshop.record.log import count_entries
from workshop.settings import Folder
from workshop.web.answers import back_to, show
from workshop.web.copying import PROBLEMS, CopyNotUsable, copier_of, copy_now, in_words, the_copies, usable_place
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import remember_token, staff

blueprint = Blueprint("copies", __name__)
PATH_MOST = 1_000  # characters
LINK = "restored_link"


@blueprint.post("/lead/copies")
def copy() -> Response:
    permit(staff(), Action.RUN_MEETING)
    house().desk.apart(copy_now, copier_of(house()))
    return back_to("/lead/settings#copies")


@blueprint.post("/lead/copies/place")
def choose_place() -> Response:
    """'' is none: only on this computer."""
    permit(staff(), Action.RUN_MEETING)
    path = maybe_words(field("place"), "place", PATH_MOST)
    apart = bool(path) and house().desk.apart(usable_place, path, house().folder)
    if (before := copier_of(house()).there) and before.copy and str(before.path) != path:
        house().desk.apart(note_made, house().desk, in_second_place(before.path, house().folder, minute_of(before.copy.made)))
    house().keep_private(choose_second_place, path, apart=apart)
    house().desk.apart(copier_of(house()).carry_now)
    return back_to("/lead/settings#copies")


@blueprint.get("/lead/restore")
def choose_copy() -> Response:
    """Which copy: those found on this computer and on the sticks that are in, or a folder that somebody types."""
    permit(staff(), Action.RUN_MEETING)
    asked = request.args.get("place", "")[:PATH_MOST].strip()
    found = house().desk.apart(_found, house().folder, asked)
    return show("lead/restore.html", found=found, asked=asked, sticks=house().desk.apart(sticks), is_empty=_is_empty())


@blueprint.get("/lead/restore/copy")
def look_at_copy() -> Response:
    """What is in it, before anything is done."""
    permit(staff(), Action.RUN_MEETING)
    with in_words():
        found = house().desk.apart(the_copy, Path(request.args.get("path", "")[:PATH_MOST]))
    return show("lead/restore_copy.html", copy=found, is_empty=_is_empty())


@blueprint.post("/lead/restore")
def restore() -> Response:
    """Whole and verified under another name first; then the room closes, opens with it, and the next page comes from there."""
    permit(staff(), Action.RUN_MEETING)
    leave = house().leave
    if leave is None or not _is_empty():
        raise CopyNotUsable("copy", why=PROBLEMS["not_empty"])
    with in_words():
        house().desk.apart(_stage, house().folder, Path(field("path")))
    secret = house().desk.apart(let_in, house().folder, keep_one_time_link, LINK)
    leave()
    return back_to(f"/lead/restored/{secret}")


@blueprint.get("/lead/restored/<secret>")
def restored(secret: str) -> Response:
    """Asked of the room that opened again. The link in its address lets in once, as the one that is printed at start."""
    token = house().keep_private(sign_in_by_link, secret, Role.LEAD, LINK) if request.method == "GET" and staff() == NOBODY else None
    if not token and staff() == NOBODY:
        return show("sign_in/passphrase.html", 410, link_is_void=True, problem=None)
    answer = show("lead/restored.html", digest=house().desk.apart(_digest_here, house().folder), copies=the_copies())
    return remember_token(answer, token, is_staff=True) if token else answer


def _is_empty() -> bool:
    return house().leave is not None and house().ask(count_entries) == 0


def _digest_here(folder: Folder) -> Digest:
    with contextlib.closing(open_to_read(folder.path / RECORD, is_still=False)) as connection:
        return digest_in(connection)


def _stage(folder: Folder, path: Path) -> Restored:
    return stage(folder, the_copy(path))


def _found(folder: Folder, asked: str) -> list[Copy]:
    if asked:
        return copies_near(Path(asked))
    beside = [copy for each in folder.path.parent.iterdir() for copy in copies_in(each / BACKUPS)]
    found = {copy.path: copy for copy in (*beside, *(copy for place in sticks() for copy in copies_near(place)))}
    return sorted(found.values(), key=lambda copy: copy.made, reverse=True)[:40]
