"""What the page that draws says to people; its script is given them, so that it holds none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

_SAVING: Mapping[str, LazyString] = {
    "save_unsaved": _("noch nicht gesichert …"),
    "save_saved": _("gesichert {time}"),
    "save_offline": _(
        "Keine Verbindung. Der Stand liegt in diesem Browser und wird gesichert, sobald sie wieder da ist."
    ),
    "save_signed_out": _(
        "Abgemeldet. Der Stand liegt in diesem Browser; sobald Sie angemeldet sind, wird er gesichert."
    ),
    "save_refused": _(
        "Der Server nimmt diesen Stand nicht an, er ist zu groß oder beschädigt. Er liegt in diesem Browser."
    ),
    "save_taken_up": _("Der ungesicherte Stand aus diesem Browser ist wieder da und wird gesichert …"),
    "conflict": _(
        "{name} hat diesen Entwurf um {at} gesichert, während Sie zeichneten. Nichts wurde überschrieben: "
        "Ihr Stand ist jetzt ein eigener Entwurf, an dem Sie weiterarbeiten."
    ),
    "conflict_other": _("Den Stand von {name} öffnen"),
    "conflict_theirs": _("Was {name} geändert hat"),
    "conflict_both": _("Worin sich beide Stände unterscheiden"),
    "import_warnings": _(
        "Die Datei ist geöffnet; {number} Angaben lassen sich nicht zeichnen. Sie bleiben in der Datei."
    ),
    "import_failed": _("Das Diagramm lässt sich nicht zeichnen. Die Schrittliste zeigt, was darin steht."),
}
_ACTS: Mapping[str, LazyString] = {
    "undone": _("Rückgängig gemacht: {what}"),
    "redone": _("Wiederholt: {what}"),
    "undo_what": _("Rückgängig: {what}"),
    "act_other": _("eine Änderung"),
    "act_shape_create": _("Element gezeichnet"),
    "act_shape_append": _("Element angefügt"),
    "act_shape_delete": _("Element gelöscht"),
    "act_shape_replace": _("Art des Elements geändert"),
    "act_elements_create": _("Elemente gezeichnet"),
    "act_elements_move": _("Elemente verschoben"),
    "act_elements_delete": _("Elemente gelöscht"),
    "act_shape_resize": _("Größe geändert"),
    "act_shape_toggleCollapse": _("auf- oder zugeklappt"),
    "act_connection_create": _("Weg gezeichnet"),
    "act_connection_delete": _("Weg gelöscht"),
    "act_connection_reconnect": _("Weg umgehängt"),
    "act_connection_updateWaypoints": _("Weg verlegt"),
    "act_element_updateProperties": _("Eigenschaft geändert"),
    "act_element_updateModdleProperties": _("Eigenschaft geändert"),
    "act_element_updateLabel": _("Name geändert"),
    "act_lane_add": _("Bahn hinzugefügt"),
    "act_lane_split": _("Bahn geteilt"),
    "act_lane_resize": _("Bahn verändert"),
    "act_spaceTool": _("Platz geschaffen"),
    "act_elements_align": _("ausgerichtet"),
    "act_elements_distribute": _("verteilt"),
    "act_elements_paste": _("eingefügt"),
}
_PROBLEMS: Mapping[str, LazyString] = {
    "problems_count": _("{errors} Fehler, {hints} Hinweise"),
    "problems_none": _("nichts gefunden"),
    "problems_unknown": _("Die Prüfung ist gerade nicht erreichbar."),
    "error": _("Fehler"),
    "hint": _("Hinweis"),
}
_TRIALS: Mapping[str, LazyString] = {
    "trials_passed": _("Szenarien: {number} von {number} wie aufgenommen"),
    "comments_count": _("Kommentare ({number})"),
    "comments_at": _("Kommentare zu diesem Schritt: {number}"),
    "trials_failed": _("Szenarien: {failing} von {number} anders"),
}
PANEL: Mapping[str, LazyString] = {
    "properties": _("Eigenschaften"),
    "section_general": _("Allgemein"),
    "section_who": _("Zuständigkeit"),
    "section_form": _("Formular und Frist"),
    "section_function": _("Ausführung"),
    "section_way": _("Weg"),
    "section_event": _("Ereignis"),
    "section_repetition": _("Wiederholung"),
    "section_process": _("Prozess"),
    "name": _("Name"),
    "name_hint": _("Gegenstand und Verb, zum Beispiel „Antrag prüfen“"),
    "name_en": _("Englischer Name"),
    "documentation": _("Beschreibung"),
    "role": _("Rolle"),
    "role_of_lane": _("die der Bahn ({lane})"),
    "role_by_value": _("je nach Wert „{name}“"),
    "unstaffed": _("nicht besetzt"),
    "none": _("keine Angabe"),
    "unknown": _("unbekannt"),
    "waits_for": _("Wartet auf"),
    "waits_own": _("die eigene Stelle"),
    "waits_client": _("die Kundin oder den Kunden"),
    "waits_partner": _("die andere Behörde"),
    "waits_third": _("Dritte"),
    "priority": _("Dringlichkeit"),
    "priority_hint": _("0 bis 100; ohne Angabe 50"),
    "distinct": _("Andere Person als bei"),
    "distinct_hint": _("Vier Augen: Wer jenen Schritt erledigt hat, darf diesen nicht erledigen."),
    "four_eyes": _("Entscheidet über"),
    "four_eyes_hint": _("Beim Eingriff in einen Fall wird hier eine zweite Person gebraucht."),
    "eyes_money": _("Geld"),
    "eyes_rights": _("Rechte"),
    "eyes_money_rights": _("Geld und Rechte"),
    "form": _("Formular"),
    "section_data": _("Daten und Zweck"),
    "data_proposed": _("Nach dem Formular: {names}"),
    "data_none": _("Festgehalten: keine Daten der Person."),
    "data_anew": _("Doch den Vorschlag des Formulars nehmen"),
    "purpose": _("Zweck und Rechtsgrundlage"),
    "purpose_hint": _("Wozu die Daten gebraucht werden, und nach welcher Vorschrift"),
    "deadline": _("Frist"),
    "deadline_hint": _('werktage(5), wochen(2), frist("papers"), P14D oder ein Wert des Prozesses'),
    "handler": _("Funktion"),
    "rule": _("Regel"),
    "handler_inputs": _("liest: {names}"),
    "handler_outputs": _("setzt: {names}"),
    "script": _("Zuweisungen"),
    "script_hint": _("Eine je Zeile: name = Ausdruck"),
    "called": _("Aufgerufener Prozess"),
    "called_start": _("Kennung des Startereignisses im aufgerufenen Prozess"),
    "called_start_hint": _("nur nötig, wenn er mehrere Startereignisse ohne Auslöser hat"),
    "condition": _("Bedingung"),
    "condition_hint": _("zum Beispiel complete oder age < 25 and not hlu"),
    "default_way": _("Standardweg: wenn keine andere Bedingung zutrifft"),
    "names": _("Namen, die passen"),
    "message": _("Nachricht"),
    "signal": _("Signal"),
    "error_code": _("Fehlercode"),
    "escalation_code": _("Code der Eskalation"),
    "link": _("Name des Links"),
    "known_names": _("im Diagramm bekannt: {names}"),
    "timer_kind": _("Art der Zeitangabe"),
    "timeDuration": _("Dauer"),
    "timeDate": _("Zeitpunkt"),
    "timeCycle": _("Wiederholung"),
    "time": _("Zeit"),
    "repetition": _("Wird ausgeführt"),
    "once": _("einmal"),
    "repeat_loop": _("in einer Schleife"),
    "repeat_parallel": _("mehrfach, alle zugleich"),
    "repeat_sequential": _("mehrfach, nacheinander"),
    "how_often": _("Wie oft"),
    "how_often_hint": _("eine Zahl oder ein Ausdruck, zum Beispiel len(goals)"),
    "list": _("Oder für jeden Eintrag der Liste"),
    "list_hint": _("ein Wert des Prozesses"),
    "item": _("Der Eintrag heißt"),
    "results": _("Ergebnisse sammeln in der Liste"),
    "result": _("Das Ergebnis heißt"),
    "enough_when": _("Genug, wenn"),
    "again_while": _("Noch einmal, solange"),
    "at_most": _("Höchstens so oft"),
    "test_before": _("schon vor dem ersten Mal prüfen"),
    "executable": _("wird ausgeführt"),
    "values": _("Werte, mit denen der Prozess beginnt"),
    "values_hint": _("Namen, durch Leerzeichen getrennt"),
}
# What an event waits for or does.
TRIGGERS: Mapping[str, LazyString] = {
    "": _("ohne Auslöser"),
    "timer": _("Zeit"),
    "message": _("Nachricht"),
    "signal": _("Signal"),
    "conditional": _("Bedingung"),
    "error": _("Fehler"),
    "escalation": _("Eskalation"),
    "link": _("Link"),
    "terminate": _("beendet alles sofort"),
}
KINDS: Mapping[str, LazyString] = {
    "kind_Process": _("Prozess"),
    "kind_Collaboration": _("Zusammenarbeit"),
    "kind_Participant": _("Pool"),
    "kind_Lane": _("Bahn"),
    "kind_Task": _("Schritt ohne Art"),
    "kind_UserTask": _("Aufgabe mit Formular"),
    "kind_ManualTask": _("Aufgabe"),
    "kind_ServiceTask": _("automatischer Schritt"),
    "kind_SendTask": _("Nachricht geht hinaus"),
    "kind_ReceiveTask": _("Nachricht kommt herein"),
    "kind_BusinessRuleTask": _("die Regeln entscheiden"),
    "kind_ScriptTask": _("Zwischenrechnung"),
    "kind_CallActivity": _("eigener Prozess"),
    "kind_SubProcess": _("Teilprozess"),
    "kind_AdHocSubProcess": _("frei wählbare Schritte"),
    "kind_StartEvent": _("Beginn"),
    "kind_EndEvent": _("Ende"),
    "kind_IntermediateCatchEvent": _("Warten"),
    "kind_IntermediateThrowEvent": _("Ereignis"),
    "kind_BoundaryEvent": _("Frist oder Nachricht an einer Aufgabe"),
    "kind_ExclusiveGateway": _("Entscheidung"),
    "kind_ParallelGateway": _("nebeneinander"),
    "kind_InclusiveGateway": _("eines oder mehrere"),
    "kind_EventBasedGateway": _("was zuerst geschieht"),
    "kind_SequenceFlow": _("Weg"),
    "kind_MessageFlow": _("Nachrichtenfluss"),
    "kind_TextAnnotation": _("Anmerkung"),
    "kind_DataObjectReference": _("Datenobjekt"),
}


def drawing() -> dict[str, str]:
    """All of them in the reader's language."""
    return {key: str(text) for part in (_SAVING, _ACTS, _PROBLEMS, _TRIALS, PANEL, KINDS) for key, text in part.items()}


def named(name: str, kind_name: str, ways: int) -> str:
    """What a step is called in a list; one without a name by what it does."""
    if not name and kind_name.endswith("Gateway") and ways <= 1:
        return str(_("Zusammenführung"))
    return name or kind(kind_name)


def kind(name: str) -> str:
    """The words for a kind of element."""
    return str(KINDS.get(f"kind_{name[:1].upper()}{name[1:]}", name))
