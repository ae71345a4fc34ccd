"""`make bench`: prints a table and writes build/bench.json. `python -m bench --quick` measures 50 phones only."""

import json
import platform
import sqlite3
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.live import measure_burst, measure_room
from bench.pages import measure_join_page
from bench.record import measure_page_of_one_table, measure_rebuild
from bench.targets import judged
from bench.travel import measure_travel

console = Console(width=130)
BUILD = Path(__file__).resolve().parent.parent / "build"


def main(quick: bool) -> None:
    found: dict[str, Any] = {"machine": _machine(), "room": {}, "burst": {}}
    for phones in (50,) if quick else (50, 150, 500):
        console.print(f"… {phones} phones", style="dim")
        found["room"][str(phones)] = measure_room(phones)
    for cards in (150,) if quick else (150, 500):
        console.print(f"… {cards} cards at once", style="dim")
        found["burst"][str(cards)] = measure_burst(cards)
    found |= measure_join_page() | measure_rebuild(2_000 if quick else 20_000) | measure_page_of_one_table(1_000 if quick else 10_000)
    found |= measure_travel(2_000 if quick else 20_000)
    found["rss_mb"] = max(room["rss_mb"] for room in found["room"].values())
    if not quick:  # a short run measures less than the targets speak of
        found["targets"] = judged(found)
    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(found, indent=2) + "\n")
    _print(found)


def _machine() -> dict[str, str]:
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    return {"cpu": cpu, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "system": platform.system()}


def _print(found: dict[str, Any]) -> None:
    rooms = Table(title=f"Room ({found['machine']['cpu']}, Python {found['machine']['python']})")
    columns = [
        "acked_per_s",
        "ack_p50_ms",
        "ack_p95_ms",
        "ack_p99_ms",
        "screen_p95_ms",
        "npm_screen_p95_ms",
        "screen_p95_ratio_to_npm",
        "kb_per_phone",
    ]
    for name in ["phones", *columns, "failed"]:
        rooms.add_column(name.replace("_", " "), justify="right")
    for phones, room in found["room"].items():
        rooms.add_row(phones, *(str(room[name]) for name in columns), str(room["failures"] + room["never_shown"]))
    console.print(rooms)
    for cards, burst in found["burst"].items():
        console.print(f"{cards} cards at once: kept {burst['kept']}, doubled {burst['doubled']}")
    for name in ("join_page_bytes", "rebuild_20000_s", "commands_per_s_one_writer", "bytes_per_entry", "board_ratio", "rss_mb"):
        console.print(f"{name}: {found[name]}")
    for name, value in found["travel"].items():
        console.print(f"travel.{name}: {value}")
    for each in found.get("targets", ()):
        console.print(f"{'met   ' if each['met'] else 'MISSED'} {each['target']}: {each['figure']} ({each['limit']})", soft_wrap=True)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
