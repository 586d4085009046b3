"""What stands still in plain words: the cause, what follows from it, what helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause: its title, what it means, what follows when nobody moves, what to do."""

    title: Any
    meaning: Any
    consequence: Any
    remedy: Any
    place: str


# `place` is where the remedy lies: the task, the case, the page of interventions or of a case conference.
CAUSES: Final[Mapping[str, Cause]] = {
    "incident": Cause(
        _("Technische Störung"), _("Ein automatischer Schritt ist fehlgeschlagen. Der Fall geht nicht weiter."),
        _("Der Fall bleibt stehen, bis jemand den Schritt neu versucht."), _("Schritt neu versuchen"), "intervene",
    ),
    "dead": Cause(
        _("Nichts führt den Fall weiter"), _("Es gibt keine offene Aufgabe und keinen Termin."),
        _("Die Kundin oder der Kunde wartet, ohne dass jemand zuständig ist."), _("Nächsten Schritt anlegen"),
        "intervene",
    ),
    "closed_open": Cause(
        _("Geschlossener Fall mit offener Aufgabe"), _("Der Fall ist beendet, eine Aufgabe ist offen geblieben."),
        _("Es wird an einem beendeten Fall gearbeitet."), _("Ablauf beenden"), "intervene",
    ),
    "gap": Cause(
        _("Keine Regel passt"), _("Für diese Lage sieht die Vereinbarung keinen Weg vor."),
        _("Ohne Entscheidung beider Leitungen erhält die Kundin oder der Kunde keine Hilfe."),
        _("Vorläufig entscheiden"), "case",
    ),
    "clarification": Cause(
        _("Klärung dauert zu lange"), _("Seit mehr als 15 Werktagen fehlt eine Angabe für die Zuordnung."),
        _("Ohne Zuordnung gibt es keine Betreuung."), _("Vorläufig entscheiden"), "case",
    ),
    "escalated": Cause(
        _("Frist rot, an die Leitung gegeben"),
        _("Der Schritt dauert länger, als die Fristen des Büros erlauben. Das hat die Zeit allein ausgelöst."),
        _("Der Fall bleibt liegen, wenn niemand eingreift. Gibt es eine weitere Stufe, geht es später an sie."),
        _("Schritt voranbringen"), "case",
    ),
    "payer": Cause(
        _("Übergabe der Zahlung nicht angenommen"), _("Der Wechsel des Zahlers steht bevor und ist nicht bestätigt."),
        _("Geld: Ab diesem Tag ist die Zahlung nicht gesichert. Bis zur Annahme zahlt der bisherige Zahler."),
        _("Annahme klären"), "case",
    ),
    "confirm": Cause(
        _("Meldung an die Zahlstelle nicht bestätigt"), _("Die Zahlstelle hat eine Meldung noch nicht bestätigt."),
        _("Geld: Die Zahlung kann ausbleiben oder doppelt laufen."), _("Bestätigung anmahnen"), "case",
    ),
    "age": Cause(
        _("Altersgrenze ohne Vorbereitung"), _("Ein Geburtstag ändert bald Zuständigkeit oder Zahler."),
        _("Recht: Am Geburtstag wechseln Zuständigkeit und Hilfen."), _("Übergang vorbereiten"), "intervene",
    ),
    "overdue": Cause(
        _("Frist überschritten"), _("Eine Aufgabe ist nach ihrer Frist noch offen."),
        _("Die folgenden Schritte verzögern sich."), _("Übergeben oder Frist verlängern"), "task",
    ),
    "partner": Cause(
        _("Wartet auf die andere Behörde"), _("Die andere Behörde hat nach drei Werktagen nicht geantwortet."),
        _("Der Fall geht erst weiter, wenn beide zugestimmt haben."), _("Antwort veranlassen"), "task",
    ),
    "client": Cause(
        _("Wartet auf die Kundin oder den Kunden"), _("Die Frist für die Kundin oder den Kunden ist vorbei."),
        _("Ansprüche können ruhen, wenn Unterlagen oder Gespräche fehlen."), _("Noch einmal einladen"), "task",
    ),
    "third": Cause(
        _("Wartet auf Dritte"), _("Ein Dienst oder eine andere Stelle hat nicht fristgerecht geantwortet."),
        _("Der Fall geht erst mit der Antwort weiter."), _("Erinnern"), "task",
    ),
    "no_show": Cause(
        _("Gespräch kommt nicht zustande"), _("Der Schritt ist mindestens zweimal ohne Ergebnis geblieben."),
        _("Die Kundin oder der Kunde geht der Betreuung verloren."), _("Aufsuchen oder pausieren"), "task",
    ),
    "unclaimed": Cause(
        _("Niemand hat die Aufgabe übernommen"), _("Die Aufgabe liegt seit mehr als zwei Werktagen offen."),
        _("Niemand fühlt sich zuständig."), _("Einer Person übergeben"), "task",
    ),
    "absent": Cause(
        _("Bearbeitung abwesend"), _("Wer die Aufgabe übernommen hat, ist abwesend."),
        _("Bis zur Rückkehr geschieht nichts."), _("Vertretung übergeben"), "task",
    ),
    "left": Cause(
        _("Bearbeitung nicht mehr im Dienst"), _("Wer die Aufgabe übernommen hat, arbeitet nicht mehr hier."),
        _("Ohne Übergabe geschieht nichts mehr."), _("Einer Person übergeben"), "task",
    ),
    "vacant": Cause(
        _("Stelle unbesetzt"), _("Niemand hat die Rolle inne, und niemand vertritt sie."),
        _("Die Aufgabe kann von niemandem erledigt werden."), _("Vertretung einsetzen"), "task",
    ),
    "hold_over": Cause(
        _("Wiedervorlage verstrichen"), _("Die Aufgabe war zurückgestellt, der Tag ist vorbei, nichts geschah."),
        _("Die Aufgabe gerät in Vergessenheit."), _("Wieder aufnehmen"), "task",
    ),
    "joint": Cause(
        _("Gemeinsamer Schritt nur halb bestätigt"), _("Eine Seite hat bestätigt, die andere nicht."),
        _("Ohne die zweite Bestätigung gilt der Schritt nicht."), _("An die zweite Bestätigung erinnern"), "task",
    ),
    "loop": Cause(
        _("Derselbe Schritt immer wieder"), _("Der Schritt wurde mehr als dreimal wiederholt."),
        _("Der Fall dreht sich im Kreis."), _("Fallbesprechung ansetzen"), "conference",
    ),
    "duplicate": Cause(
        _("Doppelte Akte möglich"), _("Zwei Akten gehören vielleicht zu einer Person; das ist nicht entschieden."),
        _("Leistungen können doppelt gezahlt werden."), _("Entscheiden"), "case",
    ),
    "no_plan": Cause(
        _("Kein Hilfeplan"), _("Nach 30 Werktagen gibt es keinen gültigen Hilfeplan."),
        _("Ohne Plan fehlen Ziele und Hilfen."), _("Gespräch vereinbaren"), "case",
    ),
    "plan_over": Cause(
        _("Hilfeplan nicht fortgeschrieben"), _("Der Tag der Überprüfung ist vorbei."),
        _("Der Plan gilt bald nicht mehr."), _("Fortschreibung vereinbaren"), "case",
    ),
    "contact": Cause(
        _("Kein Kontakt"), _("Der nächste Kontakt ist seit mehr als dem halben Abstand überfällig."),
        _("Die Verbindung zur Kundin oder zum Kunden reißt ab."), _("Termin vereinbaren"), "case",
    ),
    "stopped": Cause(
        _("Ablauf gestoppt"), _("Eine Leitung hat den Ablauf gestoppt."),
        _("Es geschieht nichts, bis der Ablauf fortgesetzt wird."), _("Ablauf fortsetzen"), "intervene",
    ),
    "held": Cause(
        _("Nur zurückgestellte Aufgaben"), _("Alle Aufgaben des Falls sind zurückgestellt."),
        _("Bis zur Wiedervorlage geschieht nichts."), _("Prüfen, ob der Tag noch passt"), "case",
    ),
    "paused": Cause(
        _("Fall ruht"), _("Der Fall ruht bis zu einem vereinbarten Tag."),
        _("An diesem Tag geht der Fall von selbst weiter."), _("Früher fortsetzen"), "case",
    ),
}  # fmt: skip

# What a leader may do with many tasks at once.
BULKS: Final[Mapping[str, Any]] = {
    "remind": _("Erinnern"),
    "rules": _("Nach Regel verteilen"),
    "assign": _("Einer Person übergeben"),
    "release": _("Der Rolle zurückgeben"),
    "due": _("Frist verlängern"),
    "ask": _("Andere Leitung bitten"),
    "retry": _("Schritt neu versuchen"),
    "pause": _("Fall ruhen lassen"),
}
# Why a task is left where it is.
LEFT: Final[Mapping[str, Any]] = {
    "own_agency": _("gehört zur anderen Behörde"),
    "paused_already": _("ruht schon bis zu einem anderen Tag"),
    "pause_too_long": _("so lange darf ein Fall nicht ruhen"),
    "case_closed": _("der Fall ist beendet"),
    "nobody": _("niemand in dieser Rolle ist da"),
    "role": _("diese Person darf die Aufgabe nicht bearbeiten"),
    "four_eyes": _("eine zweite Person muss sie erledigen"),
    "gone": _("inzwischen erledigt"),
    "kept": _("liegt inzwischen woanders"),
    "closed": _("der Ablauf ist gestoppt oder beendet"),
    "actor": _("wer es begonnen hat, ist nicht mehr im Dienst"),
    "required": _("ohne Text"),
    "own": _("gehört zur eigenen Behörde"),
    "no_incident": _("keine technische Störung"),
    "moved": _("steht nicht mehr still"),
}
