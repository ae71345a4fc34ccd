"""One Jinja environment per language, without request, app context or url_for: the same for pages and for pushes."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workshop.domain.ids import new_id, show_code
from workshop.web import shown
from workshop.web.wording import LANGUAGES, translations

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def folder_of(name: str) -> Path:
    """`templates` or `static`: inside the installed package, or beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


class Fragments:
    """Renders a template in a language. Autoescape is always on; a missing variable is an error, not an empty place."""

    def __init__(self, **more_globals: object) -> None:
        self._environments = {language: _environment(language, more_globals) for language in LANGUAGES}

    def render(self, template: str, language: str, **context: Any) -> str:
        chosen = self._environments[language if language in LANGUAGES else "it"].get_template(template)
        return chosen.render(context, page_name=template.removesuffix(".html"))


def _environment(language: str, more_globals: dict[str, object]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder_of("templates")),
        autoescape=True,
        auto_reload=False,  # nobody changes a template while people are in the room; a look at the disk for each part of each page
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(lang=language, dir="ltr", new_id=new_id, asset=asset, qr_svg=qr_svg, **more_globals)
    environment.filters.update(show_code=show_code, **shown.filters(language))
    return environment


@cache
def asset(path: str) -> str:
    """/static/js/live.js?v=1f3a…: may be cached for ever, a new version has a new address."""
    file = folder_of("static") / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"
    return f"/static/{path}?v={digest}"


@cache
def qr_svg(text: str) -> Markup:
    """A QR code as inline SVG, black on white, error level M, quiet zone of 4 modules."""
    import qrcode  # noqa: PLC0415  (slow to load, only pages with a code need it)
    import qrcode.image.svg  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    size = len(matrix)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, on in enumerate(row) if on)
    return Markup(f'<svg viewBox="0 0 {size} {size}" shape-rendering="crispEdges" role="img" aria-label="QR"><path d="{path}"/></svg>')  # noqa: S704
