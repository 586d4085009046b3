"""The page of targets: numbers of both agencies, lists of the own staff's cases only (R41)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from flask_babel import get_locale, gettext

from app import security
from app.supervision import desk, target_escalation, target_pace, target_queries, target_words, targets
from app.supervision import queries as stuck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("targets", __name__)
TOLD = 50


@blueprint.get("/supervision/targets")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """The table of targets, and the cases behind one step of it."""
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    found = targets.table(reader)
    step, colour = request.args.get("step", ""), request.args.get("colour", "")
    fast = {one.target.step: one.speed for one in found if one.speed is not None}
    chosen = next((one for one in found if one.target.step == step), None)
    lines, following = _lines(reader, step, colour, fast) if chosen else ((), "")
    return render_template(
        "supervision/targets.html", table=found, chosen=chosen, lines=lines, following=following,
        amount=target_words.amount, limit=target_words.limit, told_to=target_words.told_to,
        colour=colour if colour in target_queries.COLOURS else "", days=target_queries.RECENT.days,
        colours={"red": gettext("rot"), "amber": gettext("gelb"), "green": gettext("grün")},
        told=target_escalation.listing(reader.session, sorted(reader.actor.roles), limit=TOLD),
        breaks=_days(), names={one.target.step: one.name for one in found},
    )  # fmt: skip


def _lines(reader: desk.Reader, step: str, colour: str, fast: Mapping[str, target_queries.Speed]) -> Any:  # noqa: ANN401  lines and a token
    given = colour if colour in target_queries.COLOURS else ""
    after, days = stuck.key(request.args.get("after", "")), _days()
    breaking = target_pace.breaking(reader, days, fast).get(step) if days else None
    if days and breaking is None:
        return (), ""
    return targets.page(reader, target_queries.Wanted(reader.led(), step, given, after, breaking))


def _days() -> int:
    """Within how many days the cases shown will break; 0 when all are shown."""
    asked = request.args.get("breaks", "")
    return int(asked) if asked in {str(target_pace.SOON), str(target_pace.LATER)} else 0
