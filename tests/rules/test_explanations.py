from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import explain, routing

DAY = date(2004, 3, 1)
CODE_WORDS = re.compile(r"[A-Z]{2,}_[A-Z0-9_]+|\b[a-z]+_[a-z]+\b|\bNone\b|\{\w+\}")
GERMAN = re.compile(r"\b(und|Sozialhilfe|Arbeitslosen\w+|nicht|Agentur)\b")
OWN_WORDS = "Umschulung {x} 100 %"


def texts(decision, locale):
    for reason in decision.reasons:
        yield reason.client(locale)
        yield reason.clerk(locale)
    for other in (*decision.others, *decision.changes):
        yield other.text(locale)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nobody_reads_a_placeholder_or_a_code(anyone, shipped, data):
    decision = routing.route(data.draw(anyone), DAY, shipped)
    for locale in ("de", "en"):
        for text in texts(decision, locale):
            said = text.replace(OWN_WORDS, "")
            assert not CODE_WORDS.search(said), said
            assert "  " not in said
            assert said == said.strip()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_every_decision_has_a_reason_for_client_and_clerk_in_both_languages(anyone, shipped, data):
    decision = routing.route(data.draw(anyone), DAY, shipped)
    first = decision.reasons[0]
    assert first.rule == decision.rule
    assert first.legal_basis
    assert all((first.client_de, first.client_en, first.clerk_de, first.clerk_en))
    assert not GERMAN.search(first.client_en)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_each_change_leads_where_it_says(anyone, shipped, data):
    client = data.draw(anyone)
    decision = routing.route(client, DAY, shipped)
    for change in decision.changes:
        assert change.outcome != decision.outcome
        if change.on:
            assert routing.foresee(client, change.on, shipped).outcome == change.outcome


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_record_of_a_decision_is_json(anyone, shipped, data):
    decision = routing.route(data.draw(anyone), DAY, shipped)
    assert json.loads(json.dumps(decision.inputs)) == decision.inputs
    assert (decision.book, decision.version) == ("bergisch_gladbach_2004", "1")


@pytest.mark.parametrize(
    ("benefits", "said", "not_said"),
    [
        ({"HLU"}, ["Hilfen in Notlagen"], ["Agentur"]),
        ({"ALHI"}, ["Agentur für Arbeit"], ["Hilfen in Notlagen"]),
        ({"HLU", "ALHI"}, ["Hilfen in Notlagen", "Agentur für Arbeit"], []),
    ],
)
def test_who_cannot_work_reads_only_of_the_own_benefit(benefits, said, not_said, *, person, shipped):
    decision = routing.route(person(fit_for_work="no", benefits=frozenset(benefits)), DAY, shipped)
    assert all(word in decision.reasons[0].client_de for word in said)
    assert not any(word in decision.reasons[0].client_de for word in not_said)


def test_a_finding_is_quoted_with_date_and_basis(person, shipped):
    client = person(fit_for_work="no", fitness_date=date(2004, 2, 20), fitness_basis="HEALTH_OFFICE")
    assert "20.02.2004 (Gesundheitsamt)" in routing.route(client, DAY, shipped).reasons[0].client_de
    own = person(fit_for_work="no", fitness_date=date(2004, 2, 20), fitness_basis="SELF")
    assert "Feststellung" not in routing.route(own, DAY, shipped).reasons[0].client_de


def test_the_employment_office_bears_the_name_of_the_day(person, shipped):
    client = person(benefits=frozenset({"ALHI"}))
    assert "Agentur für Arbeit" in routing.route(client, DAY, shipped).reasons[0].client_de
    assert shipped.parameters(date(2003, 12, 31))["agency_nom"] == "das Arbeitsamt"


def test_who_turns_25_soon_reads_who_pays_from_when(person, shipped):
    decision = routing.route(person(birth_date=date(1979, 3, 15)), DAY, shipped)
    turning = next(reason for reason in decision.reasons if reason.rule == "A15")
    assert "15.03.2004" in turning.client_de
    assert "01.04.2004" in turning.client_de
    assert decision.payer_change_on == date(2004, 4, 1)


def test_a_birthday_on_a_first_moves_the_payment_a_month_later(person, shipped):
    decision = routing.route(person(birth_date=date(1979, 3, 1)), date(2004, 2, 20), shipped)
    assert decision.payer_change_on == date(2004, 4, 1)


def test_a_minor_reads_about_parents_and_school(person, shipped):
    decision = routing.route(person(birth_date=date(1987, 3, 15)), DAY, shipped)
    assert any("Eltern oder Ihren Vormund" in reason.client_de for reason in decision.reasons)


def test_each_other_rule_names_what_is_and_what_is_asked(person, shipped):
    decision = routing.route(person(available="no"), DAY, shipped)
    intensive = next(other for other in decision.others if other.rule == "Z9")
    assert intensive.why == "conditions"
    assert [(each.fact, each.actual, each.expected) for each in intensive.conditions] == [("available", "no", "== yes")]
    assert "Verfügbar: nein (verlangt: ja)" in intensive.text_de
    assert "available for work: no (required: yes)" in intensive.text_en


def test_every_rule_of_the_day_is_accounted_for(person, shipped):
    decision = routing.route(person(), DAY, shipped)
    assert {decision.rule} | {other.rule for other in decision.others} == {row["rule"] for row in shipped.rules}


@pytest.mark.parametrize(
    ("client", "fact", "outcome"),
    [
        ({"birth_date": date(1979, 6, 15)}, "age", "INTENSIV_25_30"),
        ({"unemployed_since": date(2003, 6, 1)}, "lza", "INTENSIV_25_30"),
        ({"benefits": frozenset({"ALHI"})}, "benefits", "INTENSIV_25_30"),
        ({"fit_for_work": "unknown"}, "fit_for_work", "INTENSIV_25_30"),
        ({"available": "no"}, "available", "INTENSIV_25_30"),
        ({"residence": "no"}, "residence", "INTENSIV_25_30"),
        ({"unemployed_since": None}, "unemployed_since", "INTENSIV_25_30"),
        ({"benefits_known": False}, "benefits", "INTENSIV_25_30"),
    ],
)
def test_what_would_change_the_outcome_is_found_by_trying(client, fact, outcome, *, person, shipped):
    changes = routing.route(person(**client), DAY, shipped).changes
    assert outcome in {change.outcome for change in changes if change.fact == fact}


def test_a_change_that_time_brings_bears_its_day(person, shipped):
    changes = routing.route(person(birth_date=date(1979, 6, 15)), DAY, shipped).changes
    assert next(change for change in changes if change.fact == "age").on == date(2004, 6, 15)


def test_the_programme_says_why_or_why_not(person, shipped):
    possible = routing.route(person(), DAY, shipped)
    assert any("ist möglich, weil: Alter 27" in reason.client_de for reason in possible.reasons)
    too_short = routing.route(person(unemployed_since=date(2003, 12, 1)), DAY, shipped)
    reason = next(reason for reason in too_short.reasons if reason.rule == "P4")
    assert "Monate arbeitslos: 3 (verlangt: mindestens 6)" in reason.client_de


@pytest.mark.parametrize("locale", ["de", "en"])
def test_three_voices_tell_more_and_more(locale, person, shipped):
    decision = routing.route(person(), DAY, shipped)
    client, clerk, audit = (voice(decision, locale) for voice in (explain.client, explain.clerk, explain.audit))
    assert "Z9" not in client
    assert "Z9" in clerk
    assert "bergisch_gladbach_2004/1" in clerk
    assert audit.startswith(clerk)
    assert decision.evaluator in audit
    assert '"birth_date": "1976-04-04"' in audit
