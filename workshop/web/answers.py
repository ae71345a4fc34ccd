"""Answers: a page, a redirect, a receipt, or a refusal in the reader's language with their words still in the box."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from flask import Flask, Response, jsonify, make_response, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from workshop.domain.refusal import Refusal
from workshop.record.database import disk_refusal
from workshop.record.writer import Receipt
from workshop.web.house import house
from workshop.web.htmx import from_htmx
from workshop.web.identity import language, people, remember_language
from workshop.web.sent import sent_words
from workshop.web.wording import describe, say, status_words

RETRY_AFTER: Final = 2  # seconds
LATER: Final = frozenset({429, 503, 507})  # the same again after a while
_log = logging.getLogger(__name__)


def show(template: str, status: int = 200, **context: Any) -> Response:
    """A page or fragment in the reader's language."""
    html = house().fragments.render(template, language(), **context)
    answer = make_response(html, status)
    answer.headers["Content-Language"] = language()
    return answer


def back_to(path: str) -> Response:
    """After a form: 303, so that a reload sends nothing twice. What a form named must not break the line of a header."""
    return make_response(redirect("".join(path.splitlines()), 303))


def wants_json() -> bool:
    return request.mimetype == "application/json" or request.accept_mimetypes.best == "application/json"


def receipt(found: Receipt, path: str, status: int = 201, **members: object) -> Response:
    """For the outbox: JSON; for a plain form: back to the page."""
    if not wants_json():
        return back_to(path)
    answer = jsonify({"id": found.command_id, "first_time": found.first_time, **members})
    answer.status_code = status if found.first_time else 200
    return answer


def words(message: str, **values: object) -> str:
    return say(language(), message, **values)


def refuse(refusal: Refusal) -> Response:
    """One shape of error over HTTP form, JSON and sync."""
    told = describe(refusal, language())
    minutes = refusal.detail.get("minutes")
    return _problem(int(str(told.pop("status"))), told, minutes * 60 if isinstance(minutes, int) else RETRY_AFTER)


def answer_errors(app: Flask) -> None:
    """Every error has an answer in words; a surprise is logged here and never shown."""
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SQLAlchemyError, _store_trouble)
    app.register_error_handler(Exception, _surprise)
    app.after_request(remember_language)


def _http_error(error: HTTPException) -> Response:
    answer = refuse_status(error.code or 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _store_trouble(error: SQLAlchemyError) -> Response:
    """A page that only reads meets a full disk, or a PostgreSQL that is starting again, as a write does."""
    refusal = disk_refusal(error)
    return refuse(refusal) if refusal else _surprise(error)


def _surprise(error: Exception) -> Response:
    _log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return refuse_status(500)


def refuse_status(status: int) -> Response:
    """A refusal that no rule made: wrong address, wrong method, too big, or a fault of ours."""
    title, detail = status_words(status)
    told = {"error": f"http_{status}", "title": words(title), "detail": words(detail), "field": "", "limit": {}}
    return _problem(status, told)


def _problem(status: int, told: Mapping[str, object], seconds: int = RETRY_AFTER) -> Response:
    """For the outbox and sync; for htmx; or a page of its own."""
    if wants_json() or request.path.startswith("/sync/"):
        answer = jsonify(told)
        answer.status_code = status
    elif from_htmx():
        answer = show("ui/problem.html", status, problem=told)
        answer.headers["HX-Reswap"] = "innerHTML"
    else:
        answer = show("problems/refused.html", status, problem=told, sent=sent_words(), action=request.path, is_staff=_is_staff())
    if status in LATER:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _is_staff() -> bool:
    """The page of an error must not be an error itself, even when the disk fails."""
    try:
        return people().staff.is_staff
    except Exception:
        return False
