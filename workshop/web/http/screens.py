"""Being written."""

from flask import Blueprint

blueprint = Blueprint("screens", __name__)
