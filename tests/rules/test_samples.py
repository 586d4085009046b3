"""Test rows kept with a book: each is run, and says what was expected and what came of it."""

from __future__ import annotations

from dataclasses import replace

from rules import book, facts, samples


def with_tests(shipped, *rows):
    return replace(shipped, raw={**shipped.raw, "tests": list(rows)})


def test_a_book_without_test_rows_has_no_results(shipped):
    assert samples.run(shipped) == ()


def test_each_row_says_what_was_expected_and_what_came(shipped, person):
    kept = {"id": "P1", "title": "Jung", "on": "2004-03-01", "facts": person().snapshot()}
    edited = with_tests(
        shipped,
        {**kept, "outcome": "INTENSIV_25_30", "rule": "Z9"},
        {**kept, "id": "P2", "outcome": "INTENSIV_25_30"},
        {**kept, "id": "P3", "outcome": "INTENSIV_25_30", "rule": "Z10"},
        {**kept, "id": "P4", "outcome": "VOLL_U25"},
    )
    assert not book.checks.problems(edited.raw, comparisons=book.conditions.COMPARISONS)
    results = samples.run(edited)
    assert [result.holds for result in results] == [True, True, False, False]
    assert {(result.found_outcome, result.found_rule) for result in results} == {("INTENSIV_25_30", "Z9")}


def test_facts_come_back_from_their_snapshot(person):
    someone = person(applied=frozenset({"HLU"}), household_payer="FB5", fitness_basis="SELF")
    assert facts.restored(someone.snapshot()) == someone
