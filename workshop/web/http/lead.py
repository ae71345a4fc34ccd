"""Being written."""

from flask import Blueprint

blueprint = Blueprint("lead", __name__)
