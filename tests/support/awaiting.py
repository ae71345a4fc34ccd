"""What a test waits for: a condition, with an end."""

import threading
import time
from collections.abc import Callable


def until(is_so: Callable[[], object], patience: float = 60) -> None:
    """`patience` in seconds. Of a page too: Playwright's own waiting evaluates words, which our policy forbids unless it is so at once."""
    wait, end = threading.Event(), time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end
        wait.wait(0.05)
