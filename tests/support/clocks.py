"""A computer whose clock goes wrong while the program runs."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "odd_clock"


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall clock of a server started with `environment`; what it runs by otherwise (timers) is not touched."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(FOLDER), "TAVOLI_TEST_CLOCK": str(self.file)}

    def is_off_by(self, seconds: int) -> None:
        self.file.write_text(str(seconds))


def a_clock(folder: Path) -> Clock:
    clock = Clock(folder / "clock.txt")
    clock.is_off_by(0)
    return clock
