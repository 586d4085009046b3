"""The page of the workload, for the leaders: posts, cases and tasks of the own staff (R41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.numbers import format_decimal
from flask import Blueprint, render_template
from flask_babel import get_locale

from app import security
from app.supervision import desk, workload

if TYPE_CHECKING:
    from decimal import Decimal

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("workload", __name__)


@blueprint.app_template_filter("decimal")
def decimal(number: Decimal | float | None) -> str:
    """At most two places behind the comma, in the reader's language; a dash for what there is not."""
    return "–" if number is None else format_decimal(number, format="#,##0.##", locale=str(get_locale()))


@blueprint.get("/supervision/workload")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """Posts, and cases and open tasks on them, against 1:75 and 1:150."""
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    return render_template(
        "supervision/workload.html", board=workload.board(reader), young=workload.YOUNG, older=workload.OLDER
    )
