"""The one module that knows htmx-flask: it is small and has been still for years, so nothing else leans on it."""

from flask import Flask
from htmx_flask import Htmx, request


def understand_htmx(app: Flask) -> None:
    """Requests of the app then know whether htmx sent them. HX-Reswap is set by hand: the package refuses half of its values."""
    Htmx(app)


def from_htmx() -> bool:
    """True when the answer is swapped into a page, so a fragment is enough."""
    return bool(request.htmx)
