from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import derivation, evaluator, facts, host, routing

DAY = date(2004, 3, 1)
IMPORTABLE = sys.version_info < (3, 13)
needs_durable = pytest.mark.skipif(not host.available(), reason="durable-rules is not installed or cannot be imported")


@pytest.mark.skipif(not IMPORTABLE, reason="durable-rules cannot be imported on Python 3.13 and later")
def test_durable_rules_decides_wherever_it_can_be_imported(person, shipped):
    pytest.importorskip("durable.engine", reason="durable-rules is an extra and not installed")
    assert host.available()
    assert routing.route(person(), DAY, shipped).evaluator == "durable+plain"


def test_without_durable_rules_the_plain_evaluator_decides_and_says_so(monkeypatch, person, shipped):
    monkeypatch.setattr(host, "engine", None)
    decision = routing.route(person(), DAY, shipped)
    assert (decision.outcome, decision.evaluator) == ("INTENSIV_25_30", "plain")
    assert routing.serving() == "plain"


@needs_durable
def test_a_disagreement_of_the_evaluators_stops_the_decision(monkeypatch, person, shipped):
    monkeypatch.setattr(evaluator, "matches", lambda *_: ("Z6",))
    with pytest.raises(routing.EvaluatorsDisagree) as stopped:
        routing.route(person(), DAY, shipped)
    assert stopped.value.durable[0] == "Z9"
    assert "1976" not in str(stopped.value)


@needs_durable
@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_both_evaluators_find_the_same_rows_for_everyone(anyone, shipped, data):
    client = data.draw(anyone)
    edition = shipped.edition(DAY)
    subject = derivation.derive(client, DAY, edition.parameters).subject
    assert host.matches(edition, subject) == evaluator.matches(edition.rows, subject)


@needs_durable
def test_both_evaluators_agree_at_every_age_and_kind(person, shipped):
    edition = shipped.edition(DAY)
    for age in range(71):
        for days in (-1, 0, 1):
            birth = date(DAY.year - age, 3, 1) - timedelta(days=days)
            for benefits in ({"HLU"}, {"ALHI"}, {"HLU", "ALG"}, set()):
                for fit in ("yes", "no", "limited", "unknown"):
                    client = person(birth_date=birth, benefits=frozenset(benefits), fit_for_work=fit)
                    subject = derivation.derive(client, DAY, edition.parameters).subject
                    assert host.matches(edition, subject) == evaluator.matches(edition.rows, subject)


@needs_durable
def test_decisions_in_many_threads_do_not_mix(person, shipped):
    clients = [
        (person(birth_date=date(1983, 1, 1)), "VOLL_U25"),
        (person(), "INTENSIV_25_30"),
        (person(available="no"), "GRUND_P4"),
        (person(residence="no"), "VERWEIS_ORT"),
        (person(birth_date=None), "KLAERUNG_DATEN"),
    ]

    def decide(number):
        client, expected = clients[number % len(clients)]
        return routing.find(client, DAY, shipped).outcome == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(decide, range(4000)))


@needs_durable
def test_more_decisions_than_the_library_has_room_for_sessions(person, shipped):
    outcomes = {routing.find(person(), DAY, shipped).outcome for _ in range(2500)}
    assert outcomes == {"INTENSIV_25_30"}


@needs_durable
def test_deciding_starts_no_thread(person, shipped):
    before = set(threading.enumerate())
    routing.route(person(), DAY, shipped)
    assert set(threading.enumerate()) <= before


@needs_durable
@pytest.mark.parametrize("value", [True, 2.5, None, ["yes"], b"yes"])
def test_the_library_never_sees_a_value_it_would_misread(value, shipped):
    with pytest.raises(facts.FactsInvalid):
        host.matches(shipped.edition(DAY), {"age": value})


@needs_durable
def test_a_fact_that_is_missing_meets_no_condition_in_either_evaluator(shipped):
    edition = shipped.edition(DAY)
    assert host.matches(edition, {"residence": "yes"}) == evaluator.matches(edition.rows, {"residence": "yes"})
    assert host.matches(edition, {}) == ("Z99",)
