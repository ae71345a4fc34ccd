"""Words of the command line: Italian where the system speaks it or `--lang it` asks for it, else English."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import click

LANGUAGES = ("it", "en")
F = TypeVar("F", bound=Callable[..., Any])


def language() -> str:
    """As `--lang` says, else LC_ALL, LC_MESSAGES, LANG, in the order the system itself looks at them."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().params.get("lang") if context else None
    told = asked or next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "it" if told.lower().startswith("it") else "en"


def _(message: str, **values: object) -> str:
    """In the language of who types."""
    text = message
    if language() == "it":
        from workshop.web.wording import translations  # English answers at once, without catalogues

        text = translations("it").gettext(message)
    return text % values if values else text


def N_(message: str) -> str:
    return message


HEADINGS: Final = {"Options": N_("Options"), "Commands": N_("Commands")}


class _Helped:
    """Help in the language of who asks, which is not known yet when the program is read."""

    _help: str | None = None

    @property
    def help(self) -> str | None:
        return _(self._help) if self._help else None

    @help.setter
    def help(self, text: str | None) -> None:
        self._help = text


class _Formatter(click.HelpFormatter):
    """The few words that click itself puts into help."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or _("Usage: "))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(_(HEADINGS.get(name, name))):
            yield


class _Context(click.Context):
    formatter_class = _Formatter


class Option(_Helped, click.Option):
    """An option whose help is a message (N_)."""


class Command(_Helped, click.Command):
    """A command whose help is a message (N_)."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found:
            found.help = _("Show this and do nothing.")
        return found


class Group(Command, click.Group):
    """A group whose help is a message (N_)."""

    command_class = Command
    group_class = type


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    return click.option(*names, cls=Option, **settings)
