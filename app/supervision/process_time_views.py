"""How long the steps of a process took in a period, as a diagram, in words, as a table, and as a file (R41)."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import views as casework_views
from app.casework import vocabulary
from app.office import dates
from app.office import queries as office
from app.supervision import desk, process_times, process_views, process_words
from app.supervision import process_board as boards

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.supervision.process_board import Asked, Board, Line
    from workflows.specs import Specs

blueprint = Blueprint("process_times", __name__)
ALL = "all"
DEFAULT_ORDER = "share"
# Over more months than these all processes together would take too long.
TOGETHER = 12
YEARS = range(1950, 2200)
AGENCIES = ("STADT", "AA")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII)
for _filter in (process_words.span, process_words.month, process_words.percent):
    blueprint.add_app_template_filter(_filter, f"waiting_{_filter.__name__}")


@blueprint.get("/supervision/process/<name>/times")
@security.access(*desk.LEADERS)
def show(name: str) -> ResponseReturnValue:
    """The times of a process in a period, beside those of another one, and the cases that wait at a step now."""
    reader = _reader()
    known = _known(reader, name)
    offered = boards.months(reader, _processes(known, name))
    versions = process_times.versions(reader.session, desk.PROCESS)
    asked, trouble = _asked(offered, versions, _processes(known, name))
    board = boards.board(reader, known, asked)
    order = _order()
    names = {line.element: line.name for line in board.lines}
    chosen = next((line for line in board.lines if line.element == request.args.get("element")), None)
    element, process = (chosen.element, chosen.process) if chosen else ("", name)
    return render_template(
        "supervision/process_times.html", process=name, board=board, months=offered, trouble=trouble, order=order,
        lines=boards.ordered(board.lines, order), names=names, element=element, query=_query(asked, order),
        findings=process_words.findings(board), words=process_words, badges=_badges(name, board, order),
        heat=[(line.element, line.heat) for line in board.lines if line.heat],
        partners=office.partners(reader.session, dates.day_of(reader.now)), fewest=process_times.FEWEST,
        processes={ALL: gettext("Alle"), **process_views.processes(known)}, versions=versions,
        slow=_slow(reader, board), **process_views.waiting(reader, process, element),
    )  # fmt: skip


@blueprint.get("/supervision/process/<name>/times.csv")
@security.access(*desk.LEADERS)
def export(name: str) -> ResponseReturnValue:
    """The same table for a spreadsheet."""
    reader = _reader()
    known = _known(reader, name)
    chosen = _processes(known, name)
    versions = process_times.versions(reader.session, desk.PROCESS)
    asked, _trouble = _asked(boards.months(reader, chosen), versions, chosen)
    board = boards.board(reader, known, asked)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow(_head(asked))
    table.writerows(_cells(line, asked) for line in boards.ordered(board.lines, _order()))
    sent = {"Content-Disposition": f"attachment; filename={gettext('wartezeiten')}-{name}.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=sent)


def _reader() -> desk.Reader:
    return desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))


def _known(reader: desk.Reader, process: str) -> Specs:
    known = process_views.specs(reader)
    if known is None or process not in {ALL, *process_views.processes(known)}:
        abort(404)
    return known


def _processes(known: Specs, name: str) -> tuple[str, ...]:
    """The processes behind a name."""
    return tuple(process_views.processes(known)) if name == ALL else (name,)


def _slow(reader: desk.Reader, board: Board) -> dict[str, datetime]:
    """Since when a task has waited at each step that has waited as long as nine of ten did."""
    return {line.element: reader.now - line.told.slow for line in board.lines if line.told is not None}


def _month(name: str) -> date | None:
    found = _MONTH.match(request.args.get(name, ""))
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) in YEARS else None


def _asked(
    offered: tuple[date, ...], versions: tuple[process_times.Version, ...], processes: tuple[str, ...]
) -> tuple[Asked, str]:
    """The periods that the address names, and what is wrong with it; nothing named is the last full month."""
    usual = offered[1] if len(offered) > 1 else offered[0]
    first, last = _month("from") or _month("to") or usual, _month("to") or _month("from") or usual
    within, other = process_times.period(first, last), None
    trouble = _trouble()
    compare = request.args.get("compare", "before")
    compare = compare if compare in boards.COMPARED else "before"
    other = {"before": within.back(within.months), "year": within.back(12), "none": None}.get(compare)
    if compare == "own":
        own = _month("from2") or _month("to2")
        end = _month("to2") or _month("from2")
        other = process_times.period(own, end) if own and end else None
    if len(processes) > 1 and max(within.months, other.months if other else 0) > TOGETHER:
        trouble = str(gettext("Für alle zusammen gehen höchstens zwölf Monate; gezeigt sind die letzten zwölf."))
        within, other = within.clipped(TOGETHER), other.clipped(TOGETHER) if other else None
    agency = request.args.get("agency", "")
    agency = agency if agency in AGENCIES else ""
    version = next((one for one in versions if str(one.number) == request.args.get("version")), None)
    return boards.Asked(processes, within, other, compare, agency, version), trouble


def _trouble() -> str:
    given = [name for name in ("from", "to", "from2", "to2") if request.args.get(name)]
    if any(_month(name) is None for name in given):
        return str(gettext("Einen der Monate gibt es nicht. Gezeigt wird, was sich lesen ließ."))
    pairs = ((_month("from"), _month("to")), (_month("from2"), _month("to2")))
    if any(first and last and first > last for first, last in pairs):
        return str(gettext("Der Anfang lag nach dem Ende; beide sind getauscht."))
    return ""


def _order() -> str:
    asked = request.args.get("order", "")
    return asked if asked.removeprefix("-") in boards.ORDERS else DEFAULT_ORDER


def _query(asked: Asked, order: str) -> dict[str, str]:
    """The address of this view without the step."""
    found = {"from": f"{asked.within.first:%Y-%m}", "to": f"{asked.within.last:%Y-%m}", "compare": asked.compare}
    if asked.compare == "own" and asked.other:
        found |= {"from2": f"{asked.other.first:%Y-%m}", "to2": f"{asked.other.last:%Y-%m}"}
    version = str(asked.version.number) if asked.version else ""
    return found | {"agency": asked.agency, "version": version, "order": order}


def _badges(process: str, board: Board, order: str) -> list[tuple[str, str, str, str]]:
    """What the diagram shows at a step: half up to, nine of ten up to, share; and where a click leads."""
    query: dict[str, Any] = {**_query(board.asked, order), "_anchor": "h-cases"}
    found = []
    for line in board.lines:
        if line.told is not None:
            times = f"{process_words.short(line.told.median)} / {process_words.short(line.told.slow)}"
            href = url_for("process_times.show", name=process, element=line.element, **query)
            found.append((line.element, f"{times} · {process_words.percent(line.share)} %", f"heat{line.heat}", href))
    return found


def _head(asked: Asked) -> list[str]:
    named = [
        gettext("Abschnitt"), gettext("Schritt"), gettext("Am Zug"), gettext("Beendet"), gettext("Davon hinfällig"),
        gettext("Hälfte bis (Tage)"), gettext("Neun von zehn bis (Tage)"),
        gettext("Hälfte bis ohne Zurückgestelltes (Tage)"), gettext("Anteil in %"),
    ]  # fmt: skip
    if asked.other is not None:
        other = process_words.period(asked.other)
        named += [
            f"{gettext('Beendet')} ({other})", f"{gettext('Hälfte bis (Tage)')} ({other})",
            f"{gettext('Neun von zehn bis (Tage)')} ({other})",
        ]  # fmt: skip
    return [*named, gettext("Gerade offen")]


def _cells(line: Line, asked: Asked) -> list[str]:
    cells = [vocabulary.NOUNS["process"].get(line.process, line.process), line.name]
    cells += ["" if line.role.startswith("=") else casework_views.role_name(line.role)]
    now, other = line.now, line.other
    cells += [*_count(now), _days(now, "median"), _days(now, "slow"), _days(now, "net")]
    cells.append(str(process_words.percent(line.share)) if line.told else "")
    if asked.other is not None:
        cells += [_count(other)[0], _days(other, "median"), _days(other, "slow")]
    # No cell can be taken for a formula: designers name the steps.
    return [
        f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell for cell in (*cells, str(line.running))
    ]


def _count(measure: process_times.Measure | None) -> list[str]:
    if measure is None:
        return ["0", "0"]
    few = gettext("unter %(fewest)s", fewest=process_times.FEWEST)
    return [str(measure.number), str(measure.withdrawn)] if measure.told else [few, ""]


def _days(measure: process_times.Measure | None, column: str) -> str:
    return process_words.short(getattr(measure, column)) if measure is not None and measure.told else ""
