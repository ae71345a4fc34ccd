"""A whole version of a synthesis, frozen: what is read aloud, validated and cited, with a fingerprint anybody can recompute."""

import hashlib
import json
from dataclasses import asdict, dataclass

from workshop.domain.sentence import Section, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenSentence:
    """A sentence as it was read aloud: its version and the evidence it had then."""

    id: str
    section: Section
    version_id: str
    wording: Wording
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    cluster_id: str
    title: str
    dots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A whole version of a synthesis: what is read aloud, validated and cited. Its hash is shown to everybody."""

    sentences: tuple[FrozenSentence, ...]
    priorities: tuple[Priority, ...] = ()
    no_minority: bool = False

    def fingerprint(self) -> str:
        """SHA-256 of the sorted JSON, 64 hex characters: the same words give the same fingerprint everywhere."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()
