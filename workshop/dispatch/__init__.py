"""The only way to change anything: a command and an actor in, a receipt or a refusal out."""

import importlib
from typing import Final

NOUNS: Final = (
    "process",
    "meeting",
    "step",
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
)


def every_noun() -> None:
    """Load each noun's module, so that every command has its handler."""
    for noun in NOUNS:
        importlib.import_module(f"workshop.dispatch.{noun}")
