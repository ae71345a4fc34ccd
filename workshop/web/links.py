"""The link that enrols a computer: address, one-time code and the fingerprint of the centre's key, in one line that is pasted or scanned.

`https://archivio.example/enrol#ABCDE-FGHJK.3F9A-11BC-…`: what stands after `#` reaches no server and no log, whoever opens the link.
"""

import re
from dataclasses import dataclass
from typing import Final

_LINK: Final = re.compile(r"(?P<origin>\S+?)/enrol#(?P<code>[0-9A-Za-z-]{10,20})\.(?P<known_by>[0-9A-F]{4}(?:-[0-9A-F]{4})+)")


@dataclass(frozen=True, slots=True)
class Link:
    """`known_by`: fingerprint of the centre's key; "" when somebody typed address and code."""

    origin: str
    code: str
    known_by: str = ""


def link_to(origin: str, code: str, known_by: str) -> str:
    return f"{origin}/enrol#{code[:5]}-{code[5:]}.{known_by}"


def is_link(text: str) -> bool:
    return bool(_LINK.fullmatch(text.strip()))


def read_link(text: str, code: str = "") -> Link:
    """From what was pasted into the field of the address; anything else is taken for an address."""
    found = _LINK.fullmatch(text.strip())
    return Link(**found.groupdict()) if found else Link(text.strip(), code)
