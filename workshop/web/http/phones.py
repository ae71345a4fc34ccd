"""Being written."""

from flask import Blueprint

blueprint = Blueprint("phones", __name__)
