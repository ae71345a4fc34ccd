"""The address of the centre itself: whoever organises goes to work, everybody else to the way in."""

from flask import Blueprint, Response

from workshop.web.answers import back_to
from workshop.web.homes import home_of
from workshop.web.identity import staff

blueprint = Blueprint("central_home", __name__)


@blueprint.get("/")
def home() -> Response:
    return back_to(home_of(staff()) if staff().is_staff else "/sign-in")
