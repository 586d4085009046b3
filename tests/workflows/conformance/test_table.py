"""The accounts are complete: each element of the standard behaves, is carried along, or is refused with a reason."""

from __future__ import annotations

import pytest

from tests.workflows.conformance import cases, standard, table
from tests.workflows.drawings import TASK, chain, lint
from workflows import lint_vocabulary

WORDS = lint_vocabulary.WORDS
SHOWN = {item for case in cases.ALL for item in case.shows.replace(",", " ").split()} | standard.ELSEWHERE.keys()
ELEMENTS_SHOWN = {part for item in SHOWN for part in item.split(".")}


def test_the_table_is_current():
    assert table.FILE.read_text(encoding="utf-8") == table.text(), "python -m tests.workflows.conformance.table"


@pytest.mark.parametrize("name", sorted(WORDS))
def test_each_word_is_shown_by_a_case_or_has_no_effect_by_the_standard(name):
    assert name in ELEMENTS_SHOWN or name in standard.NO_EFFECT


def test_each_attribute_is_shown_by_a_case_or_has_no_effect_or_one_value():
    open_ = {
        f"{name}.{attribute}"
        for name, word in WORDS.items()
        if name not in standard.NO_EFFECT
        for attribute, allowed in word.attributes.items()
        if len({{"0": "false", "1": "true"}.get(value, value) for value in allowed}) != 1
        if attribute not in standard.ALIKE
        if attribute not in standard.NO_EFFECT_ATTRIBUTES
    }
    assert sorted(open_ - SHOWN) == []


def test_cases_show_only_what_there_is():
    known = {f"{name}.{part}" for name, word in WORDS.items() for part in (*word.attributes, *word.children)}
    assert sorted(item for item in SHOWN if item not in known and item not in WORDS) == []


@pytest.mark.parametrize("name", sorted(standard.ELEMENTS - standard.NO_EFFECT - WORDS.keys()))
@pytest.mark.parametrize("place", ["root", "process", "task"])
def test_what_does_not_behave_is_refused_wherever_it_stands(name, place):
    word = f'<{name} id="odd"/>'
    if place == "root":
        problems = lint(chain(TASK), root=word)
    elif place == "process":
        problems = lint(chain(TASK, after=word))
    else:
        problems = lint(chain(TASK.replace("/>", f">{word}</userTask>")))
    errors = [problem for problem in problems if problem.severity == "error"]
    assert errors
    assert all(problem.message(locale) and problem.remedy(locale) for problem in errors for locale in ("de", "en"))


def test_the_twenty_patterns_are_there():
    assert {case.pattern for case in cases.ALL if case.pattern} == {f"WP{number}" for number in range(1, 21)}
