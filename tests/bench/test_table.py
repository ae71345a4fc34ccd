"""What `make bench` writes, from a small run with real sockets: the keys that others read, and counts that are whole."""

from bench.live import measure_burst, measure_room
from bench.pages import measure_join_page
from bench.record import measure_rebuild

OF_A_ROOM = {
    "acked_per_s",
    "ack_p50_ms",
    "ack_p95_ms",
    "ack_p99_ms",
    "screen_p95_ms",
    "npm_screen_p95_ms",
    "screen_p95_ratio_to_npm",
    "rss_mb",
}


def test_a_room_is_measured_beside_the_bare_server() -> None:
    room = measure_room(5, rounds=1, seconds=2)
    assert set(room) >= OF_A_ROOM
    assert min(room[key] for key in OF_A_ROOM) > 0
    assert (room["failures"], room["never_shown"]) == (0, 0)


def test_a_burst_says_how_many_cards_were_kept_and_doubled() -> None:
    assert measure_burst(5) == {"sent": 5, "acked": 5, "kept": 5, "doubled": 0}


def test_the_join_page_and_the_rebuild_have_their_keys() -> None:
    found = measure_join_page() | measure_rebuild(50)
    assert set(found) >= {"join_page_bytes", "rebuild_20000_s"}
    assert 0 < found["join_page_bytes"] <= 40_000
