"""Times, periods and what stands out of them, in sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _

from app.supervision import process_board as boards

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.supervision.process_board import Board, Line
    from app.supervision.process_times import Period

WAITS: Mapping[str, Any] = {
    "own": _("die eigene Stelle"), "client": _("Kundin oder Kunde"), "partner": _("die andere Behörde"),
    "third": _("Dritte"),
}  # fmt: skip
FEW = 3
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# What is called half, in percent.
_ABOUT_HALF = range(46, 55)


def _number(number: float, places: str = "#,##0.#") -> str:
    return format_decimal(number, format=places, locale=str(get_locale()))


def span(time: timedelta) -> str:
    """A time as people say it: hours below a day, then days with one place behind the comma."""
    if time < _HOUR:
        return str(gettext("unter 1 Stunde"))
    if time < _DAY:
        hours = round(time / _HOUR)
        return str(ngettext("%(num)s Stunde", "%(num)s Stunden", hours))
    days = round(time / _DAY, 1)
    return str(gettext("1 Tag")) if days == 1 else str(gettext("%(days)s Tage", days=_number(days)))


def short(time: timedelta) -> str:
    """The same in days alone, for the diagram."""
    return _number(round(time / _DAY, 1))


def month(day: date) -> str:
    """A month with its year."""
    return format_date(day, "MMMM y", locale=str(get_locale()))


def period(within: Period) -> str:
    """A period in words."""
    if within.months == 1:
        return month(within.first)
    return str(gettext("%(first)s bis %(last)s", first=month(within.first), last=month(within.last)))


def difference(line: Line) -> str:
    """By how much a step takes longer or shorter than in the other period."""
    if line.compared is None:
        return "–"
    if abs(line.compared) < _HOUR:
        return str(gettext("gleich lang"))
    said = span(abs(line.compared))
    if line.compared > timedelta():
        return str(gettext("%(time)s länger", time=said))
    return str(gettext("%(time)s kürzer", time=said))


def percent(share: float) -> int:
    """A share in whole percent."""
    return round(share * 100)


def findings(board: Board) -> list[tuple[str, str]]:
    """What stands out, the most pressing first: the step it is about, and the sentence."""
    narrow = boards.bottleneck(board.lines)
    found = [(narrow.element, _narrow(narrow, board))] if narrow else _most(board)
    found += [(line.element, _apart(line)) for line in boards.outliers(board.lines)[:FEW]]
    found += [(line.element, _changed(line, board)) for line in boards.changed(board.lines)[:FEW]]
    late = sorted((line for line in board.lines if line.longer), key=lambda line: -line.longer)
    return found + [(line.element, _late(line)) for line in late[:FEW]]


def _narrow(line: Line, board: Board) -> str:
    values = {"step": line.name, "period": period(board.asked.within)}
    if percent(line.share) in _ABOUT_HALF:
        return str(gettext("Engpass: „%(step)s“ – die Hälfte aller Wartezeit (%(period)s).", **values))
    share = percent(line.share)
    return str(gettext("Engpass: „%(step)s“ – %(share)s %% aller Wartezeit (%(period)s).", share=share, **values))


def _most(board: Board) -> list[tuple[str, str]]:
    """Where most was waited, though it is not half of all."""
    first = max(board.lines, key=lambda line: line.share, default=None)
    if first is None or first.told is None or first.told.median < boards.LONG:
        return []
    values = {"step": first.name, "share": percent(first.share), "period": period(board.asked.within)}
    said = gettext("Am meisten gewartet wurde bei „%(step)s“: %(share)s %% aller Wartezeit (%(period)s).", **values)
    return [(first.element, str(said))]


def _apart(line: Line) -> str:
    assert line.told is not None
    return str(gettext(
        "Ausreißer: „%(step)s“ – die Hälfte ist nach %(median)s fertig, eine von zehn dauert %(slow)s oder länger.",
        step=line.name, median=span(line.told.median), slow=span(line.told.slow),
    ))  # fmt: skip


def _changed(line: Line, board: Board) -> str:
    assert line.told is not None
    assert line.other is not None
    assert board.asked.other is not None
    values = {
        "step": line.name, "now": span(line.told.median), "before": span(line.other.median),
        "other": period(board.asked.other),
    }  # fmt: skip
    if line.told.median > line.other.median:
        return str(gettext("Langsamer: „%(step)s“ – %(now)s statt %(before)s (%(other)s).", **values))
    return str(gettext("Schneller: „%(step)s“ – %(now)s statt %(before)s (%(other)s).", **values))


def _late(line: Line) -> str:
    return str(ngettext(
        "Gerade: „%(step)s“ – %(num)s offene Aufgabe wartet schon länger als neun von zehn im Zeitraum.",
        "Gerade: „%(step)s“ – %(num)s offene Aufgaben warten schon länger als neun von zehn im Zeitraum.",
        line.longer, step=line.name,
    ))  # fmt: skip


def waits(board: Board) -> str:
    """On whom the waiting time was spent."""
    parts = [f"{WAITS.get(code, code)} {percent(part)} %" for code, part in board.waits.items()]
    return str(gettext("Worauf gewartet wurde, als Anteil an der Wartezeit: %(parts)s.", parts=", ".join(parts)))
