"""Our own files: compressed twins where they exist, kept for ever when the address carries a version."""

from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

blueprint = Blueprint("static_files", __name__)


@blueprint.get("/static/<path:name>", endpoint="file")
def static_file(name: str) -> Response:
    folder = current_app.static_folder or ""
    twin = safe_join(folder, f"{name}.gz")
    packed = bool(request.accept_encodings["gzip"]) and twin is not None and name.endswith((".js", ".css")) and _is_file(twin)
    answer = send_from_directory(folder, f"{name}.gz" if packed else name, max_age=31_536_000 if request.args.get("v") else 0)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Type"] = "text/javascript; charset=utf-8" if name.endswith(".js") else "text/css; charset=utf-8"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return send_from_directory(current_app.static_folder or "", "icon.svg", max_age=86_400)


def _is_file(path: str) -> bool:

    return Path(path).is_file()
