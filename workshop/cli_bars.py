"""What the command line shows while something long goes on, and how Ctrl+C ends it: at the next batch, with one sentence."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from workshop.keeping import Keeper

LOOK_EVERY: Final = 0.2  # seconds between two looks at the progress
AT_ONCE: Final = 1.0  # seconds: what is done sooner needs no bar
T = TypeVar("T")


class Interrupted(click.ClickException):
    """Somebody pressed Ctrl+C; as shells say it: 128 + SIGINT."""

    exit_code = 130

    def show(self, file: object = None) -> None:
        click.echo(self.format_message(), err=True)


def with_bar(keeper: Keeper, job: Callable[[], T], look: Callable[[], dict[str, int]]) -> T:
    """The job goes on in a thread of its own; this one looks at it and draws. After Ctrl+C it ends early, as its answer says."""
    columns = (TextColumn("items"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[size]}"))
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar, ThreadPoolExecutor(1) as pool:
        task = bar.add_task("", total=None, size="")
        doing = pool.submit(job)
        try:
            while not _is_done(doing):
                now = look()
                bar.update(task, completed=now["done"], total=now["total"] or None, size=decimal(now["size"]))
        except KeyboardInterrupt:
            keeper.stop()
            return _left(doing)
        return doing.result()


def with_spinner(words: str, job: Callable[[], T]) -> T:
    """What takes over a second says so, and for how long it has gone on."""
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(job)
        if not _is_done(doing, AT_ONCE):
            with _spinning(words):
                doing.exception()
        return doing.result()


@contextlib.contextmanager
def _spinning(words: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn(words), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task("", total=None)
        yield


def _is_done(doing: Future[T], patience: float = LOOK_EVERY) -> bool:
    with contextlib.suppress(TimeoutError):
        doing.exception(patience)
    return doing.done()


def _left(doing: Future[T]) -> T:
    """What was refused after Ctrl+C was stopped."""
    try:
        return doing.result()
    except Exception as stopped:
        raise Interrupted("stopped: nothing was written") from stopped
