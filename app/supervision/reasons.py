"""The reasons that the office's rules write into the history, in the reader's language; what people typed stays."""

from __future__ import annotations

import re
from typing import Any, Final

from flask_babel import lazy_gettext as _

from app.supervision import assigning


def _pattern(sentence: str) -> re.Pattern[str]:
    """What fits this sentence, its places by name."""
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile("".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))


_KNOWN: Final[tuple[tuple[re.Pattern[str], Any], ...]] = (
    (_pattern(assigning.AWAY), _("Vertretung vom %(first)s bis %(last)s")),
    (_pattern(assigning.BACK), _("Zurück nach der Vertretung vom %(first)s bis %(last)s")),
    (_pattern(assigning.LEFT), _("Nachfolge: %(name)s scheidet am %(last)s aus")),
    (_pattern(assigning.ONLY), _("sonst ist niemand da")),
    (
        _pattern(assigning.NOBODY),
        _("sonst ist niemand in dieser Rolle da, die Aufgabe geht an die Rolle zurück"),
    ),
    (_pattern(assigning.KNOWS), _("hat zuletzt an diesem Fall gearbeitet")),
    (_pattern(assigning.SPEAKS), _("spricht %(language)s")),
    (_pattern(assigning.LEAST), _("hat am wenigsten offene Aufgaben je voller Stelle (%(number)s)")),
    (_pattern(assigning.EQUAL), _("alle haben gleich viel")),
)


def told(text: str) -> str:
    """A reason as the reader reads it: what was typed stays, each part that a rule wrote is told anew."""
    return assigning.AND.join(_part(part) for part in text.split(assigning.AND))


def _part(text: str) -> str:
    undone = assigning.UNDONE.format(reason="")
    if text.startswith(undone):
        return str(_("Rückgängig gemacht: %(reason)s")) % {"reason": _part(text.removeprefix(undone))}
    if text.startswith(assigning.BY_RULE):
        parts = text.removeprefix(assigning.BY_RULE).split("; ")
        return str(_("Verteilung nach Regel: %(why)s")) % {"why": "; ".join(_one(part) for part in parts)}
    return _one(text)


def _one(text: str) -> str:
    for pattern, sentence in _KNOWN:
        found = pattern.fullmatch(text)
        if found is not None:
            return str(sentence) % found.groupdict()
    return text


def actor(name: str) -> str:
    """Who acted, when it was the office's rule."""
    return str(_("Regel des Büros")) if name == assigning.RULE.name else name
