"""`make soak ARGS=MINUTES`: the long forms of the tests that look for what goes wrong seldom, again and again until the time is over."""

import os
import subprocess
import sys
import time

ROUNDS = (
    ("days of laptops, sticks and cuts", {"TAVOLI_EXAMPLES": "100", "TAVOLI_STEPS": "60"}, ["tests/sync/test_machine.py"]),
    ("any order, both databases", {}, ["tests/sync/test_any_order.py", "tests/record/test_histories.py"]),
    ("every byte of an exchange of 200 entries", {"TAVOLI_EVERY": "1"}, ["tests/sync/test_every_byte.py"]),
    ("every statement of a push", {"TAVOLI_EVERY": "1"}, ["tests/faults/test_every_call.py"]),
    (
        "kill -9",
        {"TAVOLI_KILLING": "300"},
        ["tests/faults/test_kill_9.py", "tests/faults/test_kill_both.py", "tests/sync/test_two_processes.py"],
    ),
    ("power cuts", {}, ["tests/faults/test_power_cut.py"]),
)
PATIENCE = "7200"  # seconds for one test that does not say its own


def main(minutes: float) -> int:
    """The exit code of the first round that failed, else 0. A round that has begun is finished."""
    until, count = time.monotonic() + minutes * 60, 0
    while True:
        for told, environment, paths in ROUNDS:
            print(f"… {told}", flush=True)
            command = [sys.executable, "-m", "pytest", "-q", "-x", "--timeout", PATIENCE, *paths]
            if code := subprocess.run(command, env={**os.environ, **environment}, check=False).returncode:
                return code
            count += 1
            if time.monotonic() > until:
                print(f"{count} rounds, nothing lost, nothing doubled")
                return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
