"""The rule book as it stands, to be read by everybody: tables in words with legal basis, parameters and validity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app import security
from app.casework import rulebook
from app.office import dates
from app.pages import processes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("rulebook", __name__)


@blueprint.get("/rules")
@security.access(*processes.ROLES)
def index() -> ResponseReturnValue:
    """The rules of today."""
    return render_template("library/rules.html", book=rulebook.sheet(security.session(), dates.day_of(security.now())))
