"""A book that was damaged anywhere is refused, or decides for everybody: nothing in between."""

from __future__ import annotations

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import book, evaluator, explain, facts, routing, samples
from rules.derivation import derive

DAY = date(2004, 3, 1)
SHIPPED = json.loads(book.content("bergisch_gladbach_2004"))
SHIPPED["tests"] = [
    {"id": "P1", "title": "x", "on": "2004-03-01", "facts": {"birth_date": "1980-01-01"}, "outcome": "GRUND_P4"},
]
JUNK = [
    None, True, 0, -1, 10**12, 1.5, "", "x", "$x", "$age_min", "$programme_routes", "{x}", "{", "}", "{0}", "{age.x}",
    [], ["x"], [[]], {}, {"any": []}, {"any": [[]]}, {"any": [[{"any": []}]]}, ["age", "<", 3], ["age", "<", True],
    ["residence", "==", 1], ["age", "in", ["$age_min"]], "2004-13-01", "9999-12-31", {"de": "x", "en": "y"}, {"de": 1},
    "a/b", SHIPPED["rules"][0], SHIPPED["rules"][3]["when"],
]  # fmt: skip
PEOPLE = [
    facts.Facts(
        date(1979, 5, 5), DAY, residence="yes", benefits=frozenset({"HLU"}), fit_for_work="yes", available="no",
        unemployed_since=date(2003, 6, 1), not_available_reason="childcare",
    ),
    facts.Facts(
        date(1986, 5, 5), DAY, residence="yes", benefits=frozenset({"HLU", "ALHI"}), fit_for_work="limited",
        available="yes", applied=frozenset({"HLU"}), household_payer="FB5",
    ),
    facts.Facts(None, DAY),
    facts.Facts(date(1940, 1, 1), DAY, residence="yes", benefits=frozenset({"ASYLBLG"}), fit_for_work="no"),
    facts.Facts(
        date(1973, 3, 20), DAY, residence="yes", benefits=frozenset({"ALG"}), fit_for_work="yes",
        unemployed_since=date(2003, 4, 1),
    ),
]  # fmt: skip


def places(value, path=()):
    """The way to each part of the book."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


@pytest.fixture(scope="module")
def all_places():
    return list(places(SHIPPED))


def damaged(path, junk):
    """The shipped book with this part replaced, or without it."""
    raw = json.loads(json.dumps(SHIPPED))
    *way, last = path
    held = raw
    for key in way:
        held = held[key]
    if junk == "gone":
        del held[last]
    else:
        held[last] = junk
    return json.dumps(raw).encode()


def use(found: book.Book) -> None:
    """Everything that a decision does with a book, but durable-rules."""
    assert found.settings is not None
    for person in PEOPLE:
        decided = routing.foresee(person, DAY, found)
        edition = found.edition(DAY)
        derived = derive(person, DAY, edition.parameters)
        case = explain.Case(person, DAY, found, derived, decided)
        for reason in explain.reasons(case):
            assert reason.client("de") is not None
            assert reason.clerk("en") is not None
        assert explain.others(case) is not None
        assert explain.changes(case, routing.foresee) is not None
        assert all(found.flag_text(flag, "de") for flag in decided.flags)
        assert evaluator.matches(edition.rows, derived.subject) is not None
    samples.run(found)


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_a_damaged_book_is_refused_or_decides_for_everybody(data, all_places):
    content = damaged(data.draw(st.sampled_from(all_places)), data.draw(st.sampled_from(["gone", *JUNK])))
    with contextlib.suppress(book.BookInvalid):
        use(book.read(content))
