"""The codes that are stored and the words that people read for them, one table for each noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

ROUTES = {
    "VOLL_U25": _("Volle Betreuung unter 25"),
    "INTENSIV_25_30": _("Intensive Betreuung von 25 bis 30"),
    "GRUND_P4": _("Grundangebote"),
    "REGEL_UE30": _("Regelangebot für über 30-Jährige"),
    "VERWEIS_ORT": _("Verweis an das Amt am Wohnort"),
    "VERWEIS_KEIN_BEZUG": _("Verweisberatung: kein Leistungsbezug"),
    "VERWEIS_NICHT_ARBEITSFAEHIG": _("Verweisberatung: zurzeit nicht arbeitsfähig"),
    "AUSSERHALB_U15": _("Außerhalb des Angebots: unter 15"),
    "KLAERUNG_DATEN": _("Klärung: Angaben fehlen"),
    "KLAERUNG_ARBEITSFAEHIGKEIT": _("Klärung: Arbeitsfähigkeit"),
    "KLAERUNG_DAUER": _("Klärung: Dauer der Arbeitslosigkeit"),
    "KLAERUNG_VERFUEGBARKEIT": _("Klärung: Verfügbarkeit"),
    "REGELUNGSLUECKE": _("Regelungslücke: beide Leitungen entscheiden"),
}
GROUPS = {
    "full": _("alles aus einer Hand, auch die Sozialhilfe"),
    "intensive": _("Vermittlung und Fallmanagement gemeinsam"),
    "basic": _("Grundangebote"),
    "clarification": _("erst klären"),
    "gap": _("beide Leitungen entscheiden"),
    "referral": _("an die zuständige Stelle"),
}
BENEFITS = {
    "HLU": _("Hilfe zum Lebensunterhalt"),
    "ALHI": _("Arbeitslosenhilfe"),
    "ALG": _("Arbeitslosengeld"),
    "GSIG": _("Grundsicherung im Alter und bei Erwerbsminderung"),
    "OTHER": _("andere Leistung"),
}
BENEFIT_STATES = {
    "applied": _("beantragt"),
    "running": _("laufend"),
    "suspended": _("ruhend"),
    "refused": _("abgelehnt"),
    "ended": _("beendet"),
}
PAYERS = {
    "SB": _("Servicebüro"),
    "FB5": _("Fachbereich 5"),
    "AA": _("Arbeitsamt"),
    "Wohnort": _("Amt am Wohnort"),
}
PAYER_STATES = {
    "planned": _("vorgesehen"),
    "offered": _("angeboten"),
    "active": _("gültig"),
    "superseded": _("ersetzt"),
}
YES_NO = {
    "yes": _("ja"),
    "no": _("nein"),
    "limited": _("eingeschränkt"),
    "unknown": _("nicht bekannt"),
    "unclear": _("unklar"),
}
CASE_STATES = {"open": _("offen"), "closed": _("abgeschlossen")}
PRECISIONS = {
    "day": "",
    "month": _("Tag nicht bekannt"),
    "year": _("Tag und Monat nicht bekannt"),
    "unknown": _("nicht bekannt"),
}
SEXES = {"female": _("weiblich"), "male": _("männlich"), "diverse": _("divers")}
PLAN_STATES = {
    "draft": _("Entwurf"),
    "consented": _("abgestimmt"),
    "active": _("gültig"),
    "replaced": _("ersetzt"),
    "ended": _("beendet"),
}
ITEM_KINDS = {
    "goal": _("Ziele"),
    "service": _("Leistungen der Ämter"),
    "duty": _("Pflichten der Kundin oder des Kunden"),
}
NOTICES = {
    "start": _("Beginn der Betreuung"),
    "change": _("Änderung"),
    "end": _("Ende der Betreuung"),
    "hand_over": _("Übergabe der Zahlung"),
    "handover": _("Übergabe der Zahlung"),
    "income": _("Einkommen aus Arbeit"),
}
MATCHES = {
    "pending": _("noch nicht entschieden"),
    "same": _("dieselbe Person"),
    "different": _("verschiedene Personen"),
    "open": _("offen"),
}
MATCH_REASONS = {
    "birth_same": _("gleiches Geburtsdatum"),
    "birth_swapped": _("Tag und Monat der Geburt vertauscht"),
    "birth_near": _("ähnliches Geburtsdatum"),
    "family_same": _("gleicher Nachname"),
    "family_shared": _("gemeinsamer Namensteil"),
    "family_sound": _("ähnlich klingender Nachname"),
    "given_same": _("gleicher Vorname"),
    "given_sound": _("ähnlich klingender Vorname"),
    "address_same": _("gleiche Anschrift"),
    "by_hand": _("von Hand verknüpft"),
}
PURPOSES = {
    "counselling": _("Beratung"),
    "placement": _("Vermittlung"),
    "benefit": _("Leistungsgewährung"),
    "misuse": _("Missbrauchsprüfung"),
    "supervision": _("Aufsicht"),
    "statistics": _("Statistik"),
    "information": _("Auskunft an Betroffene"),
}
LOG_PURPOSES = PURPOSES | {"break_glass": _("Freigabe mit Begründung")}
CATEGORIES = {
    "core": _("Stammdaten"),
    "benefit_status": _("Leistungsbezug"),
    "benefit_account": _("Berechnung und Konto"),
    "alg_details": _("Angaben zu Arbeitslosengeld und Arbeitslosenhilfe"),
    "fitness": _("Arbeitsfähigkeit"),
    "medical": _("ärztliche Unterlagen"),
    "profile": _("Profil"),
    "anamnesis": _("Sozialanamnese"),
    "plan": _("Hilfeplan"),
    "referral": _("Weiterleitung"),
    "placement": _("Vermittlung"),
    "breach": _("Pflichtverletzung"),
    "contact": _("Kontakte"),
    "route": _("Route"),
    "task": _("Aufgaben"),
    "log": _("Zugriffe"),
}
WAITS = {
    "own": _("die Bearbeitung"),
    "client": _("die Kundin oder den Kunden"),
    "partner": _("das andere Amt"),
    "third": _("eine andere Stelle"),
}
RESULTS = {
    "hired": _("eingestellt"),
    "refused": _("abgelehnt"),
    "no_answer": _("keine Antwort"),
    "not_suitable": _("nicht geeignet"),
    "open": _("offen"),
    "applied": _("beantragt"),
    "running": _("läuft"),
    "planned": _("geplant"),
    "waiting": _("Warteliste"),
    "ended": _("beendet"),
    "integrated": _("in Arbeit"),
}
POSITIONS = {"work": _("Arbeit"), "job": _("Arbeit"), "training": _("Ausbildung"), "internship": _("Praktikum")}
CONTACTS = {
    "talk": _("Gespräch"),
    "office": _("Gespräch im Büro"),
    "visit": _("Hausbesuch"),
    "phone": _("Telefonat"),
    "call": _("Telefonat"),
    "letter": _("Brief"),
    "mail": _("E-Mail"),
    "email": _("E-Mail"),
    "appointment": _("Termin"),
    "no_show": _("nicht erschienen"),
    "closing": _("Abschlussgespräch"),
}
FITNESS_BASES = {
    "SELF": _("eigene Auskunft"),
    "CERTIFICATE": _("ärztliches Attest"),
    "HEALTH_OFFICE": _("Gesundheitsamt"),
    "MEDICAL_SERVICE": _("Ärztlicher Dienst der Agentur"),
}
PROGRAMMES = {
    "JUMP+": _("JUMP Plus"),
    "AfL": _("Arbeit für Langzeitarbeitslose"),
    "(JUMP+)": _("JUMP Plus (freiwillig)"),
    "(AfL)": _("Arbeit für Langzeitarbeitslose (freiwillig oder über die Regelstruktur)"),
    "qualification": _("Qualifizierung"),
    "application": _("Bewerbungshilfe"),
    "internship": _("Betriebspraktikum"),
    "counselling": _("Beratung durch Dritte"),
    "other": _("andere Hilfe"),
}
BREAK_REASONS = {
    "danger": _("Gefahr für die Person oder andere"),
    "complaint": _("Beschwerde oder Widerspruch"),
    "request": _("Auskunftsersuchen der Person"),
    "oversight": _("Fachaufsicht aus besonderem Anlass"),
    "audit": _("Prüfung der Zugriffe"),
}
SECTIONS = {
    "person": _("Person, Anschrift und Erreichbarkeit"),
    "benefits": _("Leistungen"),
    "fitness": _("Arbeitsfähigkeit"),
    "work": _("Arbeitslosigkeit und Verfügbarkeit"),
}
EVALUATORS = {
    "durable+plain": _("zwei voneinander unabhängige Auswertungen, gleiches Ergebnis"),
    "plain": _("eine Auswertung (die zweite ist hier nicht eingerichtet)"),
}
BOOKS = {"bergisch_gladbach_2004": _("Zuordnung im Servicebüro, Bergisch Gladbach 2004")}
WHY_NOT = {
    "conditions": _("Bedingungen nicht erfüllt"),
    "later": _("träfe zu, eine frühere Regel geht vor"),
    "void": _("außer Kraft"),
}
AGREEMENT_STATES = {
    "draft": _("Entwurf"),
    "ready": _("fertig"),
    "signed": _("unterschrieben"),
    "in_force": _("in Kraft"),
    "terminated": _("gekündigt"),
    "ended": _("beendet"),
}
RUN_STATES = {
    "queued": _("wartet auf den Beginn"),
    "running": _("läuft"),
    "done": _("fertig"),
    "cancelled": _("abgebrochen"),
    "failed": _("fehlgeschlagen"),
}
ROLES = {
    "client": _("Kundin oder Kunde"),
    "CLIENT": _("Kundin oder Kunde"),
    "K": _("Kundin oder Kunde"),
}
FACTS = {
    "birth_date": _("Geburtsdatum"),
    "reference_date": _("Stichtag"),
    "residence": _("wohnt im Gebiet"),
    "benefits": _("Leistungen"),
    "benefits_known": _("Leistungsbezug bekannt"),
    "fit_for_work": _("arbeitsfähig"),
    "fitness_basis": _("Grundlage der Feststellung"),
    "fitness_date": _("festgestellt am"),
    "available": _("verfügbar"),
    "not_available_reason": _("Grund, wenn nicht verfügbar"),
    "unemployed_since": _("arbeitslos seit"),
    "household_payer": _("Zahlstelle der Familie"),
    "current_payer": _("zahlt zurzeit"),
    "applied": _("beantragt"),
    "on": _("entschieden für den"),
    "age": _("Alter"),
}
CLOSINGS = {
    "integration": _("Integration"),
    "integrated": _("Integration in Arbeit"),
    "job_unsubsidised": _("Arbeit, ungefördert"),
    "job_subsidised": _("Arbeit, gefördert"),
    "first_market": _("Arbeit auf dem ersten Arbeitsmarkt"),
    "training": _("Ausbildung"),
    "second_market": _("zweiter Arbeitsmarkt oder Programm"),
    "own_means": _("eigene Mittel"),
    "moved": _("weggezogen"),
    "not_fit": _("nicht arbeitsfähig"),
    "age": _("Alter"),
    "no_contact": _("kein Kontakt"),
    "death": _("verstorben"),
    "transfer": _("an eine andere Stelle übergeben"),
    "referral": _("an die zuständige Stelle verwiesen"),
    "reservation": _("Vormerkung, nicht aufgenommen"),
    "cancelled": _("Ablauf von Hand beendet"),
    "other": _("anderer Grund"),
}
PROCESSES = {
    "case": _("Fall"),
    "intake": _("Eingang"),
    "routing": _("Zuordnung"),
    "clarification": _("Klärung"),
    "gap": _("Regelungslücke"),
    "profiling": _("Profiling"),
    "anamnesis": _("Sozialanamnese"),
    "plan": _("Hilfeplan"),
    "placement": _("Vermittlung"),
    "follow_up": _("Folgeberatung"),
    "benefit": _("Leistung"),
    "age_transition": _("Altersübergang"),
    "closing": _("Abschluss"),
    "urgent": _("Dringende Notlage"),
    "reminder": _("Wiedervorlage mit 15"),
    "conference": _("Fallbesprechung"),
}
NOUNS: Mapping[str, Mapping[str, LazyString | str]] = {
    "route": ROUTES, "group": GROUPS, "benefit": BENEFITS, "benefit_state": BENEFIT_STATES, "payer": PAYERS,
    "payer_state": PAYER_STATES, "yes_no": YES_NO, "case_state": CASE_STATES, "precision": PRECISIONS, "sex": SEXES,
    "plan_state": PLAN_STATES, "item_kind": ITEM_KINDS, "notice": NOTICES, "match": MATCHES,
    "match_reason": MATCH_REASONS, "purpose": PURPOSES, "category": CATEGORIES, "waits": WAITS, "result": RESULTS,
    "position": POSITIONS, "contact": CONTACTS, "evaluator": EVALUATORS, "why_not": WHY_NOT,
    "agreement": AGREEMENT_STATES, "run": RUN_STATES, "fact": FACTS, "closing": CLOSINGS, "process": PROCESSES,
    "role": ROLES, "book": BOOKS, "fitness_basis": FITNESS_BASES, "programme": PROGRAMMES, "section": SECTIONS,
    "break_reason": BREAK_REASONS, "log_purpose": LOG_PURPOSES,
}  # fmt: skip
