"""Every word on screen has Italian: no message missing, empty, fuzzy, in two files, unused, or with other placeholders.

Messages are English sentences in templates and Python. Each family of pages keeps its own file in `translations/it`.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).parents[1]
TEMPLATES = [("**.*", "jinja2.ext:babel_extract")]
PYTHON = [("**.py", "python")]
OPTIONS = {"**.*": {"silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}}
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif]")
Used = dict[str, list[str]]
Translated = dict[str, list[tuple[Path, Message]]]


def main() -> int:
    used, (translated, unreadable) = used_messages(ROOT), translated_messages(ROOT / "translations" / "it")
    faults = [*unreadable, *find_faults(used, translated)]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(used)} messages in use, {len(translated)} translated, {len(faults)} faults")
    return 1 if faults else 0


def used_messages(root: Path) -> Used:
    """msgid -> the places that show it."""
    used: Used = defaultdict(list)
    for folder, how in (("templates", TEMPLATES), ("workshop", PYTHON)):
        if (root / folder).is_dir():
            for file, line, message, *_ in extract_from_dir(root / folder, how, OPTIONS, keywords=KEYWORDS):
                used[message if isinstance(message, str) else message[0]].append(f"{folder}/{file}:{line}")
    return used


def translated_messages(folder: Path) -> tuple[Translated, list[str]]:
    """msgid -> the files that translate it; and a fault for each file that is no catalogue."""
    translated: Translated = defaultdict(list)
    faults = []
    for file in sorted(folder.glob("*.po")):
        try:
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale="it", abort_invalid=True)
        except (PoFileError, ValueError) as reason:
            faults.append(f"{file.name}: cannot be read: {reason}")
            continue
        for message in catalogue:
            if message.id:
                translated[_key(message)].append((file, message))
    return translated, faults


def find_faults(used: Used, translated: Translated) -> Iterator[str]:
    for msgid in sorted(used.keys() - translated.keys()):
        yield f"missing: {msgid!r} ({', '.join(used[msgid][:3])})"
    for msgid in sorted(translated.keys() - used.keys()):
        yield f"unused: {msgid!r} ({_names(translated[msgid])})"
    for msgid, entries in sorted(translated.items()):
        if len(entries) > 1:
            yield f"in two places: {msgid!r} ({_names(entries)})"
        for file, message in entries:
            yield from (f"{fault}: {msgid!r} ({file.name}:{message.lineno})" for fault in _faults_of(message))


def _faults_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    asked, given = _forms(message.id), _forms(message.string)
    if not given or not all(form.strip() for form in given):
        yield "empty"
    elif len(given) < len(asked):
        yield "a plural form is missing"
    elif any(_placeholders([form]) != _placeholders([original]) for form, original in zip(given, asked, strict=False)):
        yield "placeholders differ"


def _placeholders(forms: Iterable[str]) -> set[str]:
    return {found for form in forms for found in PLACEHOLDER.findall(form.replace("%%", ""))}


def _forms(words: str | Iterable[str] | None) -> list[str]:
    return [words] if isinstance(words, str) else list(words or ())


def _key(message: Message) -> str:
    return _forms(message.id)[0]


def _names(entries: list[tuple[Path, Message]]) -> str:
    return ", ".join(f"{file.name}:{message.lineno}" for file, message in entries)


if __name__ == "__main__":
    sys.exit(main())
