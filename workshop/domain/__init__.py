"""The rules. Standard library only: they know nothing but their arguments."""

import importlib
from typing import Final

NOUNS: Final = (
    "process",
    "meeting",
    "step",
    "limits",
    "work_table",
    "participant",
    "contribution",
    "cluster",
    "dots",
    "sentence",
    "synthesis",
    "screen",
    "photo",
    "good_practice",
    "local_resource",
    "erasure",
    "review",
    "stream",
)


def every_noun() -> None:
    """Load each noun's module, so that the registry of facts is complete."""
    for noun in NOUNS:
        importlib.import_module(f"workshop.domain.{noun}")
