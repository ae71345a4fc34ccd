"""The demonstration, loaded through the front door as if people had done it."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from workshop.demo_content import day, opening
from workshop.demo_content.play import Hand, Play
from workshop.demo_content.reading import the_story
from workshop.demo_content.story import Story
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import open_store
from workshop.record.desk import Desk, DirectDesk
from workshop.record.fold import prepare
from workshop.record.queries.processes import processes
from workshop.record.writer import Writer
from workshop.settings import Folder, device_name, open_folder

LOADED: Final = "Dimostrazione caricata / demonstration loaded: {what}."
NOT_EMPTY: Final = "Niente di nuovo: questa cartella ha già un percorso. / Nothing was loaded: there is a process in this folder already."
Chapter: TypeAlias = Callable[[Hand], None]


def load_if_empty(desk: Desk) -> bool:
    """True when it was loaded now; a record that already has a process is left alone. A second or two, in nine transactions."""
    if desk.submit(lambda writer: bool(processes(writer.connection))):
        return False
    play = Play(the_story())
    tables: list[Chapter] = [partial(day.live, told=table) for table in play.story.tables]
    for chapter in (opening.announce, opening.furnish, *tables, opening.change_tables):
        _show(desk, play, chapter)
    return True


def load_into_folder(data: str | None) -> str:
    """Open the folder without a server and load it there; a line that says what happened. Raises FolderIsServed."""
    folder = open_folder(data)
    with folder.served_at(""):
        return _load(folder)


def in_words(loaded: bool) -> str:
    """What happened: it was loaded now, or there was something already."""
    return LOADED.format(what=_told(the_story())) if loaded else NOT_EMPTY


def _show(desk: Desk, play: Play, chapter: Chapter) -> None:
    """One chapter is one transaction: kept whole or not at all."""
    desk.submit(lambda writer: chapter(Hand(play, writer)))


def _load(folder: Folder) -> str:
    rows.every_noun()
    store, private_store = open_store(folder.record_url), open_private(folder.private_url)
    with store.writer.begin() as connection:
        prepare(connection)
    desk = DirectDesk(Writer(store, private_store, program="tavoli", device=device_name(folder)), lambda _news: None)
    try:
        return in_words(load_if_empty(desk))
    finally:
        desk.close()
        store.close()
        private_store.close()


def _told(story: Story) -> str:
    return (
        f"«{story.description.title}», {len(story.meetings)} incontri, {len(story.tables)} tavoli, {len(story.people)} persone, "
        f"{len(story.cards)} carte, {len(story.clusters)} gruppi, {len(story.syntheses)} sintesi"
    )
