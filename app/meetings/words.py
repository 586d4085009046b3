"""How meetings speak: titles of topics, states, refusals, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app.casework import words as casework_words
from app.meetings.models import OWN, SeriesKind, State, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.meetings.models import MeetingEntry, Topic

KINDS: Final[Mapping[str, Any]] = {
    SeriesKind.STEERING: _("Steuerung: Wo steht das Büro, was entscheiden wir?"),
    SeriesKind.REFLECTION: _("Reflexion: Wie arbeiten wir, was lernen wir daraus?"),
}
SHORT: Final[Mapping[str, Any]] = {SeriesKind.STEERING: _("Steuerung"), SeriesKind.REFLECTION: _("Reflexion")}
STATES: Final[Mapping[str, Any]] = {
    State.PLANNED: _("geplant"), State.RUNNING: _("Protokoll wird geschrieben"),
    State.PRESENTED: _("Protokoll wartet auf Zustimmung"), State.CLOSED: _("Protokoll beschlossen"),
    State.CANCELLED: _("ausgefallen"),
}  # fmt: skip
BADGES: Final = {
    State.PLANNED: "info", State.RUNNING: "warning", State.PRESENTED: "warning", State.CLOSED: "success",
    State.CANCELLED: "",
}  # fmt: skip
TASK_STATES: Final[Mapping[str, Any]] = {
    TaskState.OPEN: _("offen"), TaskState.DONE: _("erledigt"), TaskState.DROPPED: _("fallen gelassen"),
}  # fmt: skip
TITLES: Final[Mapping[str, Any]] = {
    "tasks": _("Offene Aufgaben aus früheren Besprechungen"), "stuck": _("Was steht still?"),
    "pleas": _("Bitten der Leitungen aneinander"), "targets": _("Fristen"), "coming": _("Was kommt in 90 Tagen?"),
    "bottlenecks": _("Wo wurde gewartet?"), "load": _("Auslastung und offene Stellen"),
    "releases": _("Änderungen an Abläufen und Regeln, die auf beide Unterschriften warten"),
    "agreement": _("Ende der Vereinbarung"), "routes": _("Entscheidungen und Ergebnisse"),
    "asked_good": _("Was lief gut?"), "asked_bad": _("Was lief schlecht?"), "asked_change": _("Was ändern wir?"),
    "present": _("Anwesend"),
}  # fmt: skip
RHYTHMS: Final[Mapping[int, Any]] = {
    1: _("jede Woche"), 2: _("alle zwei Wochen"), 4: _("alle vier Wochen"), 6: _("alle sechs Wochen"),
    8: _("alle acht Wochen"), 13: _("jedes Vierteljahr"), 26: _("jedes halbe Jahr"),
}  # fmt: skip
SAID: Final[Mapping[str, Any]] = {
    "required": _("Bitte füllen Sie dieses Feld aus."),
    "roles": _("Bitte laden Sie mindestens eine Rolle ein."),
    "past": _("Bitte wählen Sie heute oder einen späteren Tag."),
    "closed_day": _("An diesem Tag ist das Büro geschlossen. Bitte wählen Sie einen anderen."),
    "many": _("Mehr Punkte passen nicht auf eine Tagesordnung."),
    "state": _("Das geht nicht mehr: Jemand war schneller. Hier steht, was jetzt gilt."),
    "ended": _("Diese Reihe ist beendet."),
    "unfinished": _(
        "Das Protokoll der letzten Besprechung ist noch nicht beschlossen. Erst dann kann die Reihe enden."
    ),
    "not_yours": _("Diesen Punkt kann nur streichen, wer ihn vorgeschlagen hat, oder eine Leitung."),
    "empty": _("Das Protokoll ist noch leer. Bitte halten Sie zu mindestens einem Punkt etwas fest."),
    "changed": _("Das Protokoll hat sich inzwischen geändert. Bitte lesen Sie es noch einmal."),
    "agreed": _("Für Ihre Behörde ist schon zugestimmt."),
    "own_staff": _("Personen kann nur die Leitung der eigenen Behörde benennen."),
    "over": _("Diese Aufgabe ist schon beendet."),
}
ACTS: Final[Mapping[str, Any]] = {
    "started": _("Reihe begonnen"), "changed": _("Reihe geändert"), "ended": _("Reihe beendet"),
    "topic": _("Punkt vorgeschlagen"), "topic_dropped": _("Punkt gestrichen"), "moved": _("verschoben"),
    "called_off": _("ausgefallen"), "begun": _("begonnen, Tagesordnung mit Zahlen festgehalten"),
    "decided": _("Beschluss aufgeschrieben"), "struck": _("Beschluss gestrichen"), "task": _("Aufgabe vergeben"),
    "task_struck": _("Aufgabe gestrichen"), "task_handed": _("Aufgabe weitergegeben"),
    "task_done": _("Aufgabe erledigt"), "task_dropped": _("Aufgabe fallen gelassen"),
    "presented": _("Protokoll vorgelegt"), "agreed": _("zugestimmt"), "sent_back": _("zur Bearbeitung zurückgegeben"),
    "closed": _("Protokoll beschlossen"),
}  # fmt: skip


def title(topic: Topic) -> str:
    """What a topic is called."""
    return topic.title if topic.source == OWN else str(TITLES[topic.source])


def said(line: Mapping[str, Any]) -> str:
    """A figure as it was kept, in the reader's language."""
    return str(line["en" if str(get_locale()) == "en" else "de"])


def refusal(code: str) -> str:
    """Why something cannot be done."""
    return str(SAID[code])


def happened(entry: MeetingEntry) -> dict[str, Any]:
    """A line of history for a timeline: what happened, who did it, and its words."""
    known = entry.detail
    parts = [known[name] for name in ("title", "text", "outcome", "reason") if known.get(name)]
    if entry.act == "moved":
        parts.insert(0, gettext("von %(first)s auf %(last)s", first=_day(known["from"]), last=_day(known["to"])))
    if entry.act == "task_handed":
        parts.append(gettext("an %(name)s", name=known["to"]))
    return {"at": entry.at, "title": str(ACTS[entry.act]), "actor": entry.actor, "detail": " – ".join(parts)}


def _day(text: str) -> str:
    return casework_words.day(text)
