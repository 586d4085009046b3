"""How operations speak: the kinds of jobs, and for each problem what it is and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

JOBS: Mapping[str, LazyString] = {
    "workflows.call_handler": _("Abfrage bei einer anderen Stelle"),
    "workflows.deliver": _("Nachricht an einen Fall"),
    "workflows.migrate": _("Umstellung laufender Fälle"),
    "workflows.start": _("Beginn eines Prozesses"),
    "workflows.wake": _("Wecken eines Falls"),
    "workflows.expire": _("Verfallene Nachrichten löschen"),
    "workflows.bring_letters": _("Aufgehobene Nachrichten bringen"),
    "workflows.rescue": _("Verwaiste Aufträge retten"),
}
OTHER = _("Sonstiger Auftrag")
# What is wrong, and what to do.
PROBLEMS: Mapping[str, tuple[LazyString, LazyString]] = {
    "no_worker": (
        _("Kein Hintergrunddienst läuft."),
        _(
            "Fristen wirken nicht, Aufträge bleiben liegen. "
            "Starten Sie „drehscheibe worker“ und sehen Sie ins Protokoll."
        ),
    ),
    "silent_worker": (
        _("Ein Hintergrunddienst meldet sich nicht (%(number)s)."),
        _("Die anderen übernehmen seine Aufträge. Prüfen Sie, ob der Dienst noch läuft, und starten Sie ihn neu."),
    ),
    "failed_jobs": (
        _("Gescheiterte Aufträge: %(number)s."),
        _("Beheben Sie die Ursache und lassen Sie die Aufträge unten mit einer Begründung wiederholen."),
    ),
    "slow_queue": (
        _("Der älteste Auftrag wartet seit %(number)s Minuten."),
        _("Starten Sie einen weiteren Hintergrunddienst oder erhöhen Sie DREHSCHEIBE_WORKER_JOBS."),
    ),
    "late_timers": (
        _("Überfällige Fristen: %(number)s."),
        _(
            "Sie hätten schon wirken müssen. Läuft ein Hintergrunddienst? "
            "Störungen einzelner Fälle stehen auf der Seite „Eingriffe“."
        ),
    ),
    "incidents": (
        _("Offene Störungen in Fällen: %(number)s."),
        _("Öffnen Sie die Seite „Eingriffe“: erneut versuchen, überspringen oder einen Wert ändern."),
    ),
    "schema": (
        _("Tabellen und Programm haben verschiedene Fassungen."),
        _("Halten Sie Web und Hintergrunddienst an und führen Sie „drehscheibe migrate“ aus."),
    ),
    "connections": (
        _("Es sind fast alle Verbindungen zur Datenbank belegt (%(number)s)."),
        _("Erhöhen Sie max_connections von PostgreSQL oder verringern Sie die Zahl der Web- und Hintergrunddienste."),
    ),
    "evaluator": (
        _("Nur eines der zwei Regelwerke rechnet."),
        _("Die Bibliothek der zweiten Auswertung fehlt; die Gegenprobe entfällt. Installieren Sie das Programm neu."),
    ),
    "no_backup": (
        _("Es ist keine Sicherung vermerkt."),
        _("Sichern Sie die Datenbank und vermerken Sie es unten oder mit „drehscheibe note-backup“."),
    ),
    "old_backup": (
        _("Die letzte vermerkte Sicherung ist älter als ein Tag (%(number)s volle Tage)."),
        _("Prüfen Sie, ob die nächtliche Sicherung läuft, und vermerken Sie die nächste."),
    ),
}  # fmt: skip


def job(task: str) -> str:
    """The kind of a job in words."""
    return str(JOBS.get(task, OTHER))


def problem(code: str, number: int) -> tuple[str, str]:
    """What is wrong and what to do."""
    what, remedy = PROBLEMS[code]
    return str(what) % {"number": number}, str(remedy)


def size(number: int) -> str:
    """Bytes as people say them."""
    value = float(number)
    for unit in ("B", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004  the next unit begins
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def span(seconds: float) -> str:
    """A duration as people say it, roughly."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
