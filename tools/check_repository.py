"""What must not be in the repository: third-party files, package registries, paths of one machine, files too long to read."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
THIRD_PARTY = re.compile(r"(^|/)(node_modules|vendor|site-packages)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|whl|map)$|\.tar\.gz$")
REGISTRY = re.compile(r"registry\.(npmjs|yarnpkg)\.\w+|files\.pythonhosted\.\w+|pypi\.org/simple|--(extra-)?index-url|\"resolved\":")
MACHINE = re.compile(r"(?<![\w.~:-])/(home|root|Users|work|workspace)/[\w.]|[A-Z]:\\Users\\")
MINIFIED = 1_000  # characters in one line of a script or style sheet
LONGEST = {"workshop": 400, "sync": 400, "templates": 120}  # lines


def main() -> int:
    faults = [fault for name in _names() for fault in faults_of(name, (ROOT / name).read_bytes())]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


def faults_of(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with one file, by its path in the repository and its bytes."""
    if THIRD_PARTY.search(name):
        yield f"{name}: third-party files are fetched, not committed"
        return
    if b"\0" in content:
        return  # a picture
    lines = content.decode(errors="replace").splitlines()
    yield from (f"{name}: {fault}" for fault in _faults_in(lines, is_asset=name.endswith((".js", ".css"))))
    if not name.endswith(".toml") and len(lines) > (most := LONGEST.get(name.partition("/")[0], len(lines))):  # packs are data
        yield f"{name}: {len(lines)} lines, at most {most}"


def _faults_in(lines: list[str], *, is_asset: bool) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if REGISTRY.search(line):
            yield f"line {number} names a package registry"
        if MACHINE.search(line):
            yield f"line {number} names a path of one machine"
        if is_asset and len(line) > MINIFIED:
            yield f"line {number} looks minified"


def _names() -> list[str]:
    """What git tracks or would track."""
    asked = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        raise SystemExit(f"only a git checkout can be checked: {listed.stderr.strip()}")
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


if __name__ == "__main__":
    sys.exit(main())
