"""Times, limits and addressees of the table of targets in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from app.casework import views as casework_views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.office.targets import Target

ADDRESSED: Mapping[str, Any] = {
    "own": _("Leitung der Rolle am Zug"), "other": _("andere Leitung"), "lead": _("Leitung der Federführung"),
    "both": _("beide Leitungen"), "steering": _("Steuerungskreis"),
}  # fmt: skip


def amount(number: int, unit: str) -> str:
    """So much time, in words."""
    if unit == "hours":
        return str(ngettext("%(num)s Stunde", "%(num)s Stunden", number))
    return str(ngettext("%(num)s Werktag", "%(num)s Werktage", number))


def limit(number: int | None, unit: str) -> str:
    """A limit of a target, in words."""
    if number is None:
        return "–"
    if unit != "date":
        return str(gettext("am selben Tag")) if number == 0 else amount(number, unit)
    if number == 0:
        return str(gettext("am vereinbarten Tag"))
    days = abs(number)
    if number < 0:
        return str(ngettext("%(num)s Tag vorher", "%(num)s Tage vorher", days))
    return str(ngettext("%(num)s Tag danach", "%(num)s Tage danach", days))


def told_to(target: Target) -> str:
    """Who is told when it is red, and who after a further time."""
    first = _addressed(target.level1)
    if not target.level2:
        return str(gettext("dann an: %(first)s", first=first))
    return str(gettext(
        "dann an: %(first)s, nach weiteren %(days)s Werktagen: %(second)s", first=first, days=target.further,
        second=_addressed(target.level2),
    ))  # fmt: skip


def _addressed(code: str) -> str:
    return str(ADDRESSED[code]) if code in ADDRESSED else str(casework_views.role_name(code))
