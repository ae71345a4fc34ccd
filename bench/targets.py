"""What the measurements are held against: each target, what was measured for it, and whether it was met."""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Target:
    """`path`: where the figure stands in bench.json. At most `most`, or at least `least`."""

    words: str
    path: tuple[str, ...]
    most: float | None = None
    least: float | None = None

    def found_in(self, found: dict[str, Any]) -> float | None:
        """None when it was not measured, as in a quick run."""
        figure: Any = found
        for name in self.path:
            figure = figure.get(name) if isinstance(figure, dict) else None
        return figure

    def is_met(self, figure: float) -> bool:
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    @property
    def limit(self) -> str:
        return f"<= {self.most:,g}" if self.most is not None else f">= {self.least:,g}"


TARGETS: Final = (
    Target("500 cards at once: kept", ("burst", "500", "kept"), least=500),
    Target("500 cards at once: doubled", ("burst", "500", "doubled"), most=0),
    Target("150 phones, as fast as acknowledged: ack p95, ms", ("room", "150", "ack_p95_ms"), most=300),
    Target("150 phones: write to last screen p95, times bare npm", ("room", "150", "screen_p95_ratio_to_npm"), most=2),
    Target("join page, first visit, bytes", ("join_page_bytes",), most=40_000),
    Target("20,000 entries: rebuild, s", ("rebuild_20000_s",), most=10),
    Target("one table's page with 10,000 cards elsewhere, times without", ("board_ratio",), most=1.3),
    Target("20,000 entries: pushed per s, SQLite", ("travel", "sqlite", "entries_per_s"), least=3_000),
    Target("20,000 entries: pushed per s, PostgreSQL", ("travel", "postgresql", "entries_per_s"), least=3_000),
    Target("20,000 entries: contact with nothing to do, ms, SQLite", ("travel", "sqlite", "no_op_ms"), most=100),
    Target("20,000 entries: contact with nothing to do, ms, PostgreSQL", ("travel", "postgresql", "no_op_ms"), most=100),
    Target("20,000 entries in 40 streams: tips, ms", ("travel", "tips_ms"), most=50),
    Target("20,000 entries: bundle, bytes", ("travel", "bundle_bytes"), most=4_000_000),
)


def judged(found: dict[str, Any]) -> list[dict[str, Any]]:
    """For bench.json: words, limit, figure, met; only what was measured in full."""
    figures = [(target, target.found_in(found)) for target in TARGETS]
    return [
        {"target": target.words, "limit": target.limit, "figure": figure, "met": target.is_met(figure)}
        for target, figure in figures
        if figure is not None
    ]
