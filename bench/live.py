"""Phones in a room: acknowledgements, last screens, bursts; beside the bare npm server, interleaved in the same run."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.peers import npm_server
from bench.room import Prepared, prepare_room, rss_mb, served
from workshop.record.database import open_store
from workshop.record.log import entries_of_cause
from workshop.settings import open_folder

ROUNDS = 3
SECONDS = 4.0
PER_PHONE = 0.2  # cards per second and phone at the steady load: ten times a busy room


def run_load(port: int, room: Prepared, *, rate: float = 0, seconds: float = SECONDS, burst: int = 0) -> dict[str, Any]:
    spec = {"port": port, "phones": room.phones, "rate": rate, "seconds": seconds, "burst": burst}
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(spec), capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout))


def measure_room(phones: int, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, Any]:
    """Steady load interleaved with the peer, then as fast as acknowledged, then memory. `seconds`: of each round."""
    with tempfile.TemporaryDirectory() as folder:
        room = prepare_room(Path(folder), phones)
        with served(room.data) as (port, process), npm_server() as (peer_port, _):
            before = rss_mb(process)
            pairs = [
                (
                    run_load(port, room, rate=phones * PER_PHONE, seconds=seconds),
                    run_load(peer_port, room, rate=phones * PER_PHONE, seconds=seconds),
                )
                for _ in range(rounds)
            ]
            fast = run_load(port, room, seconds=seconds)
            return _summary(phones, pairs, fast, before, rss_mb(process))


def measure_burst(cards: int) -> dict[str, int]:
    """So many phones send at once, each on a new connection; what is kept is read from the log."""
    with tempfile.TemporaryDirectory() as folder:
        room = prepare_room(Path(folder), cards)
        with served(room.data) as (port, _):
            result = run_load(port, room, burst=cards)
        store = open_store(open_folder(str(room.data)).record_url)
        with store.readers.connect() as reader:
            kept = [len(entries_of_cause(reader, room.process_id, card)) for card in result["ids"]]
        store.close()
        return {"sent": cards, "acked": result["acked"], "kept": sum(n > 0 for n in kept), "doubled": sum(n > 1 for n in kept)}


def _summary(
    phones: int, pairs: list[tuple[dict[str, Any], dict[str, Any]]], fast: dict[str, Any], before: float, after: float
) -> dict[str, Any]:
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def middle(results: list[dict[str, Any]], name: str) -> float:
        return round(statistics.median(result[name] for result in results), 2)

    ratios = [a["screen_p95_ms"] / b["screen_p95_ms"] for a, b in pairs if b["screen_p95_ms"]]
    return {
        "acked_per_s": fast["acked_per_s"],
        "ack_p50_ms": fast["ack_p50_ms"],
        "ack_p95_ms": fast["ack_p95_ms"],
        "ack_p99_ms": fast["ack_p99_ms"],
        "steady_per_s": phones * PER_PHONE,
        "steady_ack_p50_ms": middle(ours, "ack_p50_ms"),
        "steady_ack_p95_ms": middle(ours, "ack_p95_ms"),
        "npm_steady_ack_p95_ms": middle(theirs, "ack_p95_ms"),
        "screen_p95_ms": middle(ours, "screen_p95_ms"),
        "npm_screen_p95_ms": middle(theirs, "screen_p95_ms"),
        "screen_p95_ratio_to_npm": round(statistics.median(ratios), 2) if ratios else 0,
        "screen_p95_ratio_spread": [round(min(ratios), 2), round(max(ratios), 2)] if ratios else [],
        "failures": sum(r["failures"] for r in [*ours, fast]),
        "never_shown": sum(r["never_shown"] for r in [*ours, fast]),
        "rss_mb": after,
        "kb_per_phone": round((after - before) * 1024 / phones, 1),
    }
