"""Being written."""

from flask import Blueprint

blueprint = Blueprint("setup", __name__)
