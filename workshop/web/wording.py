"""Words: catalogues of every language, and the sentence for every refusal. Rules never carry sentences."""

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from workshop.domain.refusal import Refusal, Sort
from workshop.web.refusal_words import DEFAULTS, STATUSES, WORDS

LANGUAGES: Final = ("it", "en")
STATUS: Final = {
    Sort.UNREADABLE: 422,
    Sort.FORBIDDEN: 403,
    Sort.UNKNOWN: 404,
    Sort.OUT_OF_STEP: 409,
    Sort.TOO_MUCH: 413,
    Sort.SLOW_DOWN: 503,
    Sort.TOO_OFTEN: 429,
    Sort.NO_SPACE: 507,
    Sort.WHO_ARE_YOU: 401,
}
_PACKAGE: Final = Path(__file__).resolve().parent.parent


@cache
def translations(language: str) -> NullTranslations:
    """All `translations/<language>/*.po` merged. English needs none: the message is the text."""
    folder = next((f for f in (_PACKAGE / "translations", _PACKAGE.parent / "translations") if f.is_dir()), _PACKAGE)
    catalogue = Catalog(locale=language)
    for file in sorted((folder / language).glob("*.po")):
        with file.open("rb") as lines:
            for message in read_po(lines, locale=language):
                if message.id:
                    catalogue.add(message.id, message.string)
    packed = io.BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return Translations(packed)


def best_language(asked: str | None, kept: str | None, preferred: str) -> str:
    """Asked in the address, kept in a cookie, else what the browser prefers (its header); Italian first."""
    wish = asked or kept or ""
    return wish if wish in LANGUAGES else _best_match(preferred)


@lru_cache(maxsize=64)  # a room has few kinds of browsers
def _best_match(preferred: str) -> str:
    return parse_accept_header(preferred, LanguageAccept).best_match(LANGUAGES, "it") or "it"


def say(language: str, message: str, **values: object) -> str:
    """A message in a language, with its values."""
    text = translations(language).gettext(message)
    return text % values if values else text


def describe(refusal: Refusal, language: str) -> dict[str, object]:
    """The same shape of error everywhere: {error, title, detail, field, limit, status}."""
    title, detail = WORDS.get(type(refusal).__name__) or DEFAULTS[refusal.sort]
    values = {name: _shown(value, language) for name, value in refusal.detail.items()}
    return {
        "error": type(refusal).__name__,
        "title": _filled(language, title, values),
        "detail": _filled(language, detail, values),
        "field": refusal.field,
        "limit": {name: value for name, value in refusal.detail.items() if isinstance(value, int | str | list | tuple | dict)},
        "status": STATUS[refusal.sort],
    }


def status_words(status: int) -> tuple[str, str]:
    """(title, detail) where no rule refused; what has no words of its own has those of its family."""
    return STATUSES.get(status) or STATUSES[400 if status < 500 else 500]


def _filled(language: str, message: str, values: dict[str, str]) -> str:
    text = translations(language).gettext(message)
    try:
        return text % values
    except (KeyError, ValueError):
        return text


def _shown(value: object, language: str) -> str:
    match value:
        case dict():
            return ", ".join(_shown(name, language) for name in value)
        case list() | tuple() | set() | frozenset():
            return ", ".join(_shown(item, language) for item in value)
        case _:
            return translations(language).gettext(str(value)) if value != "" else ""
