"""The view of a process for the leaders: numbers over the whole process, cases by name of the own line only (R41)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import get_locale

from app import security
from app.casework import queries as casework
from app.casework import vocabulary
from app.supervision import desk
from app.supervision import process_queries as queries
from workflows import definitions
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflows.specs import Specs

blueprint = Blueprint("process_view", __name__)
FIRST = "intake"
SHOWN = 50
# A step is said to be a bottleneck from this share of all waiting time on, if half of its tasks wait this long.
MUCH, LONG = 0.5, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A step of a process; without open tasks `load` is None. `share` is its part of all waiting time here."""

    element: str
    name: str
    role: str
    load: queries.Load | None
    incidents: int
    share: float


@blueprint.app_template_filter("in_days")
def in_days(span: timedelta) -> float:
    """A span in days with one place behind the comma."""
    return round(span.total_seconds() / 86400, 1)


@blueprint.get("/supervision/process")
@security.access(*desk.LEADERS)
def index() -> ResponseReturnValue:
    """The process with which each case begins."""
    return _page(FIRST)


@blueprint.get("/supervision/process/<name>")
@security.access(*desk.LEADERS)
def show(name: str) -> ResponseReturnValue:
    """How a process stands now: as a diagram with numbers, as a table, and the cases that wait there."""
    return _page(name)


def _page(process: str) -> ResponseReturnValue:
    reader = desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))
    known = specs(reader)
    if known is None or process not in known.processes:
        abort(404)
    lines = _lines(reader, known, process)
    names = {line.element: line.name for line in lines}
    element = request.args.get("element", "")
    element = element if element in names else ""
    return render_template(
        "supervision/process.html", process=process, lines=lines, element=element, names=names,
        processes=processes(known), badges=_badges(process, lines), **waiting(reader, process, element),
        bottleneck=next((line for line in lines if _narrow(line)), None),
    )  # fmt: skip


def processes(known: Specs) -> dict[str, Any]:
    """The processes that can be looked at, with their names."""
    return {name: said for name, said in vocabulary.NOUNS["process"].items() if name in known.processes}


def waiting(reader: desk.Reader, process: str, element: str) -> dict[str, Any]:
    """The cases that wait in a process (or at a step of it) for the own agency, as the page lists them."""
    led = reader.led()
    rows = queries.listing(reader.session, process, element, roles=led, limit=SHOWN)
    return {
        "rows": rows, "cards": casework.cards(reader.session, {int(row.subject) for row in rows}), "now": reader.now,
        "shown": SHOWN, "others": queries.others(reader.session, process, element, roles=led),
    }  # fmt: skip


def _narrow(line: Line) -> bool:
    return line.load is not None and line.share >= MUCH and line.load.median >= LONG


def specs(reader: desk.Reader) -> Specs | None:
    """The processes of a case as they are drawn today; None when nothing is deployed."""
    try:
        return definitions.specs(reader.session, definitions.latest(reader.session, desk.PROCESS).id)
    except WorkflowError:
        return None


def _lines(reader: desk.Reader, known: Specs, process: str) -> list[Line]:
    """The steps of people, and whatever else has failed; what takes most of the waiting time stands first."""
    found = {one.id: one for one in known.elements.values() if one.process == process}
    loads = queries.loads(reader.session, process, now=reader.now)
    failed = queries.incidents(reader.session, found)
    whole = sum(load.total.total_seconds() for load in loads.values())
    lines = []
    for id_, one in found.items():
        load, incidents = loads.get(id_), failed.get(id_, 0)
        if load is None and not incidents and one.kind not in {"userTask", "manualTask"}:
            continue
        share = load.total.total_seconds() / whole if load and whole else 0.0
        name = one.name_en if reader.locale == "en" and one.name_en else one.name
        lines.append(Line(id_, name or id_, one.role, load, incidents, share))
    return sorted(lines, key=lambda line: -line.share)


def _badges(process: str, lines: list[Line]) -> list[tuple[str, str, str, str]]:
    """What the diagram shows at an element: open tasks, those overdue behind a mark of exclamation, failed steps; and
    where a click leads.
    """
    found = []
    for line in lines:
        running, overdue = (line.load.running, line.load.overdue) if line.load else (0, 0)
        said = [str(running)] if running else []
        said += [f"! {overdue}"] if overdue else []
        said += [f"✗ {line.incidents}"] if line.incidents else []
        if said:
            href = url_for("process_view.show", name=process, element=line.element, _anchor="h-cases")
            found.append((line.element, " · ".join(said), "late" if overdue or line.incidents else "open", href))
    return found
