"""What people read for the codes of this feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

    from app.design.scenarios import Difference

ORIGINS: Mapping[str, LazyString] = {
    "released": _("aus der geltenden Fassung"),
    "empty": _("neu gezeichnet"),
    "imported": _("aus einer Datei"),
    "copy": _("eigene Fassung, die nicht gesichert werden konnte"),
}
ACTS: Mapping[str, LazyString] = {
    "begun": _("begonnen"),
    "drawn": _("gezeichnet"),
    "listed": _("in der Schrittliste geändert"),
    "restored": _("wiederhergestellt"),
    "imported": _("eingelesen"),
}
FAULTS: Mapping[str, LazyString] = {
    "syntax": _('Das ist so nicht lesbar. Beispiele: betrag > 100, art == "neu", a and not b.'),
    "unknown_name": _("Diesen Wert gibt es im Prozess nicht:"),
    "too_long": _("Das ist zu lang."),
    "too_deep": _("Das ist zu tief verschachtelt."),
    "not_a_time": _('Das ist keine Zeitangabe. Beispiele: werktage(5), wochen(2), frist("papers"), P14D, ein Datum.'),
    "cycle": _("Eine Wiederholung sieht so aus: R3/P1D."),
    "attribute": _('Punkte gibt es hier nicht; Teile eines Wertes so: wert["teil"].'),
    "call": _("Erlaubt sind nur die Funktionen len, min, max und ähnliche, ohne Namen vor den Werten."),
    "private_name": _("Dieser Name ist nicht möglich:"),
    "function": _("So heißt schon eine Funktion:"),
    "assignment": _("Jede Zeile setzt einen Wert: name = Ausdruck."),
    "is": _("„is“ vergleicht nur mit None; sonst == benutzen."),
}
FAULT = _("Das ist in Ausdrücken nicht erlaubt.")
UNUSABLE: Mapping[str, LazyString] = {
    "not_xml": _("Die Datei ist kein lesbares XML. Bitte speichern Sie das Diagramm dort noch einmal als BPMN."),
    "not_bpmn": _("Die Datei ist XML, aber kein BPMN-2.0-Diagramm."),
    "no_process": _("In der Datei steht kein Prozess, nur ein Bild oder eine Absprache."),
    "file_too_large": _("Die Datei ist zu groß. Bitte teilen Sie den Prozess auf."),
    "too_many_elements": _("Die Datei enthält zu viele Elemente. Bitte teilen Sie den Prozess auf."),
    "file_too_deep": _("Die Elemente der Datei sind zu tief ineinander verschachtelt."),
    "document_type": _("Die Datei enthält eine Dokumenttyp-Angabe (DOCTYPE). Bitte entfernen Sie diese Zeile."),
    "missing": _("Bitte wählen Sie eine Datei."),
    "name": _("Eine Datei dieses Namens kann nicht zu einem Prozess gehören."),
    "book": _("Das ist kein Regelwerk, nach dem sich entscheiden ließe."),
    "form": _("Das ist kein Formular, das sich anzeigen ließe."),
    "scenario": _("Das ist kein Szenario, das sich abspielen ließe."),
}
REFUSED: Mapping[str, LazyString] = {
    "kind": _("Bitte wählen Sie, was hinzukommen soll."),
    "step_unknown": _("Diesen Schritt gibt es nicht mehr."),
    "choose_way": _("Von hier gehen mehrere Wege ab. Bitte wählen Sie den Weg."),
    "after_end": _("Nach einem Ende kommt nichts mehr."),
    "end_between": _("Ein Ende kann nicht zwischen zwei Schritten stehen. Nehmen Sie zuerst den Weg fort."),
    "other_process": _("Der Weg gehört zu einem anderen Prozess."),
    "no_way": _("Dorthin führt kein Weg: In einen Beginn geht nichts hinein, aus einem Ende nichts hinaus."),
    "several_ways": _("Von diesem Schritt gehen mehrere Wege ab. Nehmen Sie zuerst alle bis auf einen fort."),
    "there_already": _("Der Schritt steht schon an dieser Stelle."),
    "label": _("Bitte geben Sie eine Beschriftung ein."),
    "field_unknown": _("Dieses Feld gibt es nicht mehr."),
    "into_itself": _("Ein Abschnitt kann nicht in sich selbst stehen."),
    "fixed": _("Beginn, Ende und Randereignisse lassen sich hier nicht verschieben."),
    "no_timer": _("Dieses Ereignis wartet auf keine Zeit."),
}

DIFFERENCES: Mapping[str, LazyString | str] = {
    "problem": "{message}",
    "path": _("Erwartet war als Nächstes „{wanted}“, gekommen ist „{found}“."),
    "ends": _("Erwartet war noch „{wanted}“, dazu kam es nicht."),
    "outcome_waiting": _("Der Ablauf sollte zu Ende gehen, er wartet aber noch."),
    "outcome_completed": _("Der Ablauf sollte noch warten, er ist aber zu Ende."),
    "stopped": _("Der Ablauf kam nicht zu einem Ende und wurde abgebrochen."),
}


def difference(found: Difference | None) -> str:
    """Where a play left what was recorded, in a sentence."""
    return "" if found is None else str(DIFFERENCES[found.code]).format(**found.values)
