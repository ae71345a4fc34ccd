"""Runs every check, two at a time, and shows what the failing ones said."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "types": [f"{BIN}/mypy"],
    "import contracts": [f"{BIN}/lint-imports", "--no-logo", "--cache-dir", "build/import-linter"],
    "format (`make format` mends it)": [f"{BIN}/ruff", "format", "--check", "."],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "."],
    "translations": [sys.executable, "-m", "tools.check_translations"],
    "repository": [sys.executable, "-m", "tools.check_repository"],
}


def main() -> int:
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(_show, CHECKS))
    return 0 if all(results) else 1


def _show(name: str) -> bool:
    done = subprocess.run(CHECKS[name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    passed = done.returncode == 0
    print(f"ok    {name}" if passed else f"FAIL  {name}\n{done.stdout}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
