from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from rules import facts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birth_date", "1980-01-01"),
        ("birth_date", datetime(1980, 1, 1, tzinfo=UTC)),
        ("reference_date", 20040105),
        ("residence", "ja"),
        ("residence", None),
        ("benefits", {"HLU"}),
        ("benefits", "HLU"),
        ("benefits", frozenset({1})),
        ("benefits", frozenset({""})),
        ("benefits_known", 1),
        ("fit_for_work", None),
        ("fit_for_work", 1),
        ("available", ""),
        ("current_payer", "AA"),
        ("household_payer", ["SB"]),
        ("fitness_basis", 3),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_when_the_facts_are_made(name, value):
    ordinary = {"birth_date": date(1980, 1, 1), "reference_date": date(2004, 1, 5)}
    with pytest.raises(facts.FactsInvalid) as refused:
        facts.Facts(**ordinary | {name: value})
    assert refused.value.fact == name


def test_the_refusal_tells_the_kind_and_not_the_value():
    with pytest.raises(facts.FactsInvalid) as refused:
        facts.Facts("14.03.1982", date(2004, 1, 5))
    assert "14.03.1982" not in str(refused.value)


def test_the_snapshot_survives_json(person):
    snapshot = person(fitness_date=date(2004, 1, 1)).snapshot()
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert snapshot["birth_date"] == "1976-04-04"
    assert snapshot["benefits"] == ["HLU"]
