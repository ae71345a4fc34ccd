"""Answers: a page, a redirect, a receipt, or a refusal in the reader's language with their words still in the box."""

import logging
from typing import Any, Final

from flask import Flask, Response, jsonify, make_response, redirect, request
from werkzeug.exceptions import HTTPException

from workshop.domain.refusal import Refusal
from workshop.record.writer import Receipt
from workshop.web.house import house
from workshop.web.htmx import from_htmx
from workshop.web.identity import language, people, remember_language
from workshop.web.wording import describe, say

RETRY_AFTER: Final = "2"  # seconds
_log = logging.getLogger(__name__)


def show(template: str, status: int = 200, **context: Any) -> Response:
    """A page or fragment in the reader's language."""
    html = house().fragments.render(template, language(), **context)
    answer = make_response(html, status)
    answer.headers["Content-Language"] = language()
    return answer


def back_to(path: str) -> Response:
    """After a form: 303, so that a reload sends nothing twice."""
    return make_response(redirect(path, 303))


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
    status = int(str(told["status"]))
    if wants_json() or request.path.startswith("/sync/"):
        answer = jsonify({name: value for name, value in told.items() if name != "status"})
        answer.status_code = status
    elif from_htmx():
        answer = show("ui/problem.html", status, problem=told)
        answer.headers["HX-Reswap"] = "innerHTML"
    else:
        answer = show("problems/refused.html", status, problem=told, sent=_sent_words(), action=request.path, is_staff=_is_staff())
    if status in {429, 503}:
        minutes = refusal.detail.get("minutes")
        answer.headers["Retry-After"] = str(minutes * 60) if isinstance(minutes, int) else RETRY_AFTER
    return answer


def answer_errors(app: Flask) -> None:
    """Every error has an answer in words; a surprise is logged here and never shown."""
    app.register_error_handler(Refusal, refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _surprise)
    app.after_request(remember_language)


def _http_error(error: HTTPException) -> Response:
    if isinstance(error.get_response(), Response) and error.code and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    return refuse_status(error.code or 500)


def _surprise(error: Exception) -> Response:
    _log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return refuse_status(500)


def refuse_status(status: int) -> Response:
    """A refusal that no rule made: wrong address, wrong method, too big, or a fault of ours."""
    title, detail = _STATUS_WORDS.get(status, _STATUS_WORDS[500])
    told = {"error": f"http_{status}", "title": words(title), "detail": words(detail), "field": "", "limit": {}}
    if wants_json() or request.path.startswith("/sync/"):
        answer = jsonify(told)
        answer.status_code = status
        return answer
    if from_htmx():
        return show("ui/problem.html", status, problem=told)
    return show("problems/refused.html", status, problem=told, sent=_sent_words(), action=request.path, is_staff=_is_staff())


def _is_staff() -> bool:
    return people().staff.is_staff


def _sent_words() -> list[tuple[str, str]]:
    """What the person had written in a plain form, to be shown again with the error."""
    return [(name, value) for name, values in request.form.lists() for value in values] if request.method == "POST" else []


def N_(message: str) -> str:
    return message


_STATUS_WORDS: Final = {
    400: (N_("This request cannot be read."), N_("Go back, reload the page and try again.")),
    404: (N_("There is nothing at this address."), N_("Look at the address or scan the code again.")),
    405: (N_("This is not done this way."), N_("Go back, reload the page and try again.")),
    413: (N_("This is too big."), N_("Make it shorter and send it again.")),
    415: (N_("This kind of data is not read here."), N_("Go back, reload the page and try again.")),
    429: (N_("Too many things at once."), N_("Wait a moment: it is tried again by itself. Nothing is lost.")),
    500: (N_("Something broke here, not at your side."), N_("Nothing of yours was lost. Try again; if it goes on, tell who leads.")),
    503: (N_("The room's computer is busy."), N_("Your words are safe here: they are sent again in a moment.")),
}
