"""Rows: what pages read, folded from entries. One module per noun with its tables and its folds; never called models."""

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
    "stream",
)


def every_noun() -> None:
    """Load each noun's module, so that every fact has its fold."""
    for noun in NOUNS:
        importlib.import_module(f"workshop.record.rows.{noun}")
