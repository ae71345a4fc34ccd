"""Carry a process on a stick: write a bundle to a stick or download it, take in one that was brought. In the room and at the centre."""

import contextlib
import io
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Final

from flask import Blueprint, Response, send_file

from workshop.copies.sticks import sticks
from workshop.domain.permissions import Action, permit
from workshop.domain.profiles import Profile
from workshop.domain.refusal import NotInList
from workshop.record.queries.processes import processes, the_process
from workshop.web.answers import back_to, show
from workshop.web.bundling import BundlerIsBusy, FileMissing, bundles_made, last_brought, name_for
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.http.local import bundler
from workshop.web.identity import language, staff
from workshop.web.leaving import profile_of
from workshop.web.sent import take_file
from workshop.web.wording import describe

blueprint = Blueprint("sticks", __name__)
UPLOAD_MOST: Final = 64 * 1024 * 1024
AT_ONCE: Final = 1.0  # seconds that a page waits for a file to be written before it shows how far it is
SHOWN: Final = 40  # files of all sticks


@blueprint.get("/stick")
def stick() -> Response:
    permit(staff(), Action.SYNC)
    here = bundler()
    known = [(process.id, process.description.title) for process in house().ask(processes)]
    found = house().desk.apart(_found) if house().place == "room" else ([], [])
    return show(
        "lead/stick.html",
        processes=known,
        sticks=found[0],
        files=found[1],
        made=house().ask_private(bundles_made)[:5],
        brought=house().ask_private(last_brought),
        is_under_way=here.is_under_way,
        progress=here.progress,
        failure=describe(here.problem, language()) if here.problem else None,
        is_complete=house().ask_private(profile_of) is Profile.FULL,
    )


@blueprint.post("/stick/out")
def carry_out() -> Response:
    """'' is no stick: the browser keeps the file."""
    permit(staff(), Action.SYNC)
    scope, is_open = field("process"), field("open") == "1"
    with house().reading() as connection:
        title = the_process(connection, scope).description.title
    name = name_for(title, datetime.now(UTC).isoformat())
    if place := field("place"):
        return _write_to(_chosen(place), name, scope, is_open=is_open)
    file = io.BytesIO()
    house().desk.apart(partial(bundler().write, file, name, scope, is_open=is_open))
    file.seek(0)
    return send_file(file, mimetype="application/vnd.tavoli", as_attachment=True, download_name=name)


@blueprint.post("/stick/in")
def bring_in() -> Response:
    """A file that lies on a stick of this computer."""
    permit(staff(), Action.SYNC)
    wanted = Path(field("file"))
    if house().place != "room" or wanted not in house().desk.apart(_found)[1]:
        raise NotInList("file", choices=())
    return _take_in(wanted.open("rb"), wanted.name, field("key"))


@blueprint.post("/stick/file")
def bring_a_file() -> Response:
    """A file that the browser sends."""
    permit(staff(), Action.SYNC)
    sent = take_file("bundle", UPLOAD_MOST)
    if sent is None:
        raise FileMissing("bundle")
    kept = tempfile.TemporaryFile(dir=house().folder.path)  # noqa: SIM115  (closed by the thread that reads it)
    house().desk.apart(sent.save, kept)
    kept.seek(0)
    return _take_in(kept, sent.filename or "", field("key"))


@blueprint.post("/stick/stop")
def stop() -> Response:
    permit(staff(), Action.SYNC)
    bundler().stop()
    return back_to("/stick")


def _take_in(file: IO[bytes], name: str, key: str) -> Response:
    here = bundler()

    def job() -> None:
        with contextlib.closing(file):
            here.take_in(file, name, key)

    if here.is_under_way:
        file.close()
    return _go(job)


def _write_to(stick: Path, name: str, scope: str, *, is_open: bool) -> Response:
    """What is done at once is answered at once, with its refusal too."""
    answer = _go(partial(bundler().write_to, stick / name, scope, is_open=is_open), AT_ONCE)
    if problem := bundler().problem:
        bundler().problem = None
        raise problem
    return answer


def _go(job: Callable[[], object], patience: float = 0.0) -> Response:
    """It goes on by itself; the page looks how far it is."""
    here = bundler()
    if here.is_under_way:
        raise BundlerIsBusy("bundle")
    thread = threading.Thread(target=here.quietly, args=(job,), daemon=True)
    thread.start()
    if patience:
        house().desk.apart(thread.join, patience)
    return back_to("/stick")


def _chosen(place: str) -> Path:
    found = house().desk.apart(sticks) if house().place == "room" else []
    chosen = next((each for each in found if str(each) == place), None)
    if chosen is None:
        raise NotInList("place", choices=tuple(map(str, found)))
    return chosen


def _found() -> tuple[list[Path], list[Path]]:
    """(sticks, bundles that lie on them: the newest first)."""
    places, files = sticks(), []
    for place in places:
        with contextlib.suppress(OSError):
            files += [(each.stat().st_mtime, each) for each in place.glob("*.tavoli")]
    return places, [path for _, path in sorted(files, reverse=True)][:SHOWN]
