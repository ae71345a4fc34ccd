"""Being written."""

from flask import Blueprint

blueprint = Blueprint("syntheses", __name__)
