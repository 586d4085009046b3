"""What people read for the codes of the rule book that the book itself has no names for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

COMPARISONS: Mapping[str, LazyString | str] = {
    "==": "{0}", "!=": _("nicht {0}"), "<": _("unter {0}"), "<=": _("höchstens {0}"), ">": _("über {0}"),
    ">=": _("mindestens {0}"), "in": "{0}",
}  # fmt: skip
DAYS: Mapping[str, LazyString] = {"<": _("vor dem {0}"), "<=": _("bis {0}"), ">": _("nach dem {0}"), ">=": _("ab {0}")}
STATES: Mapping[str, LazyString] = {
    "in_force": _("in Kraft"), "void": _("außer Kraft"), "replaced_by": _("durch eine andere ersetzt"),
}  # fmt: skip
# Parameters that no setting of the agreement explains.
PARAMETERS: Mapping[str, LazyString] = {
    "age_max": _("höchstes glaubhaftes Alter"),
    "adult_from": _("volljährig ab"),
    "upper_age": _("Obergrenze des Alters"),
    "lza_days": _("Tage bis zur Langzeitarbeitslosigkeit, wenn nach Tagen gezählt wird"),
    "law_ends": _("letzter Tag des geltenden Rechts"),
    "handover_prepare_days": _("Tage vor dem 25. Geburtstag, an denen die Übergabe vorbereitet wird"),
    "handover_offer_days": _("Tage vor dem 25. Geburtstag, an denen die Übergabe angeboten wird"),
    "clarification_days": _("Tage, um Unterlagen nachzureichen"),
    "gap_days": _("Tage bis zur Entscheidung über eine Regelungslücke"),
    "jump_age_below": _("JUMP Plus: jünger als"),
    "jump_first_day": _("JUMP Plus: erster Tag"),
    "jump_last_day": _("JUMP Plus: letzter Tag"),
    "afl_age_from": _("Arbeit für Langzeitarbeitslose: ab dem Alter"),
    "afl_first_day": _("Arbeit für Langzeitarbeitslose: erster Tag"),
    "afl_months_alhi": _("Arbeit für Langzeitarbeitslose: Monate ohne Arbeit bei Arbeitslosenhilfe"),
    "afl_months_hlu": _("Arbeit für Langzeitarbeitslose: Monate ohne Arbeit bei Sozialhilfe"),
    "programme_routes": _("Routen mit Programmen"),
    "programme_regular_routes": _("Routen mit Programmen über die Regelstruktur"),
}
# Facts that the book itself has no name for: only few texts and rows ask for them.
FACTS: Mapping[str, LazyString] = {
    "hlu": _("erhält Sozialhilfe"),
    "alhi": _("erhält Arbeitslosenhilfe"),
    "alg": _("erhält Arbeitslosengeld"),
    "provisional": _("Leistung nur beantragt"),
    "household": _("den Haushalt zahlt"),
    "current_payer": _("bisher zahlt"),
    "fitness_dated": _("Arbeitsfähigkeit mit Datum festgestellt"),
    "reasoned": _("Grund genannt, warum nicht verfügbar"),
    "group": _("Art der Route"),
    "minor": _("noch nicht volljährig"),
    "turns_young": _("wird bald zu alt für die Betreuung unter 25"),
    "turns_over": _("überschreitet bald die Obergrenze"),
    "after_law": _("nach dem Ende des geltenden Rechts"),
    "replaced": _("eine Regel außer Kraft träfe zu"),
    "hlu_payer": _("Sozialhilfe zahlt"),
    "programme": _("Programm"),
    "programme_open": _("Programm möglich"),
    "programme_voluntary": _("Programm freiwillig"),
}
FLAGS: Mapping[str, LazyString] = {
    "U18": _("noch nicht 18"),
    "25": _("wird bald 25"),
    "31": _("überschreitet bald die Obergrenze"),
    "FREIWILLIG": _("Angebote sind freiwillig"),
    "LZA": _("bald langzeitarbeitslos"),
}
# Short names for values that a setting explains by a question.
SHORT: Mapping[str, LazyString] = {
    "age_min": _("Mindestalter"),
    "young_below": _("Altersgrenze der Betreuung unter 25"),
    "lza_months": _("Monate bis zur Langzeitarbeitslosigkeit"),
    "fitness_asked_below": _("Alter, bis zu dem nach der Arbeitsfähigkeit gefragt wird"),
    "birthday_notice_days": _("Tage Vorwarnung vor einer Altersgrenze"),
    "plan_run_out_months": _("Monate, die ein Plan noch weiterläuft"),
    "sgb3_route": _("Ergebnis bei Arbeitslosenhilfe oder Arbeitslosengeld allein"),
    "not_intensive_route": _("Ergebnis zwischen den Grenzen ohne intensive Betreuung"),
    "above_route": _("Ergebnis über der Obergrenze"),
    "foreign_route": _("Ergebnis bei unbekannten Leistungen"),
    "void_outcome": _("Ergebnis für Regeln außer Kraft"),
    "intensive_payer": _("wer zwischen den Grenzen zahlt"),
    "payer_unknown": _("wer zahlt, wenn es nicht bekannt ist"),
    "alhi_alg_payer": _("wer Arbeitslosenhilfe und Arbeitslosengeld zahlt"),
    "agency_nom": _("Name des Arbeitsamtes (wer?)"),
    "agency_gen": _("Name des Arbeitsamtes (wessen?)"),
    "agency_dat": _("Name des Arbeitsamtes (wem?)"),
    "agency_en": _("Name des Arbeitsamtes auf Englisch"),
}
DERIVED: Mapping[str, LazyString] = {
    "over_from": _("erstes Alter über der Obergrenze"),
    "upper_last": _("letztes Alter bis zur Obergrenze"),
}
PAYER_WORDS: Mapping[str, LazyString] = {
    "unchanged": _("wie bisher"),
    "household": _("wer den Haushalt zahlt"),
    "": _("entfällt"),
}
COUNTING: Mapping[str, LazyString] = {"anniversary": _("nach dem Jahrestag"), "days": _("nach Tagen")}
