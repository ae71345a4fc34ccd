"""What axe-core finds wrong on a page: WCAG 2.0 to 2.2, levels A and AA, and best practice."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.missing import AXE, Missing

SOURCE = Path(__file__).parents[2] / "build" / "test-assets" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")


def violations(page: Page) -> list[str]:
    """One line for each place with a fault: rule, element, why. Assert that it equals []."""
    page.evaluate(_axe())  # not a script tag: our Content-Security-Policy would rightly refuse it
    report = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", list(TAGS))
    return [_line(rule, node) for rule in report["violations"] for node in rule["nodes"]]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{rule['id']}: {' '.join(map(str, node['target']))}: {rule['help']}"


@cache
def _axe() -> str:
    try:
        return SOURCE.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Missing(AXE) from None
