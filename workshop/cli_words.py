"""Words of the command line: Italian where the system speaks it or `--lang it` asks for it, else English."""

import os

import click

LANGUAGES = ("it", "en")


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
