"""What strangers draw to do harm: refused clearly, or stopped within bounds of time and memory."""

from __future__ import annotations

import json

import pytest

from tests.workflows import test_forms as some
from tests.workflows import walks
from tests.workflows.drawings import END, HEAD, START, chain, codes, diagram, flow
from workflows import errors, expressions, forms, linter, parser, player, reasons, steps
from workflows.errors import ExpressionInvalid
from workflows.player_scenario import Scenario


def refused(form):
    with pytest.raises(forms.FormInvalid) as invalid:
        forms.compile_form(form)
    return {fault.code for fault in invalid.value.faults}


def raw(*components):
    return json.dumps({"type": "default", "id": "f", "schemaVersion": 18, "components": components}).encode()


@pytest.mark.parametrize(
    "pattern",
    [
        "a?" * 30 + "a" * 30,
        "a{0,9}" * 30,
        "[a-z]{1,50}" * 15,
        "(a|a)" * 30,
        "(a|)" * 30 + "a" * 30,
        "a??" * 40,
        "a*a*a*b",
        "(a+)+b",
        r"(a)\1",
        "(?=a*)a*",
        "x{99999999999999999999}",
    ],
)
def test_a_pattern_that_would_think_for_ever_is_refused(pattern):
    assert refused(raw(some.field("textfield", validate={"pattern": pattern}))) == {"form_pattern"}


@pytest.mark.parametrize(
    "pattern", ["[0-9]{5}", "[A-Z][a-z]*", r"\d{1,4}/\d{2}", "ja|nein", "[a?*+]{3}", "50-[0-9]+", r"\+?[0-9 ]+"]
)
def test_patterns_that_offices_need_stay(pattern):
    forms.compile_form(raw(some.field("textfield", validate={"pattern": pattern})))


def test_where_a_pattern_counts_the_text_is_short():
    item = some.field("textfield", validate={"pattern": "[a-z]*[a-z]*!", "maxLength": 100_000})
    sent = some.submit(some.form(item), {"x": "a" * 100_000})
    assert sent.errors["x"].code == "too_long"


@pytest.mark.parametrize(
    "more",
    [
        {"validate": {"min": "nan"}},
        {"validate": {"max": "1e999999999"}},
        {"validate": {"min": float("inf")}},
        {"decimalDigits": 10**9},
    ],
)
def test_numbers_out_of_this_world_are_refused(more):
    assert refused(raw(some.field("number", **more))) == {"form_value"}


@pytest.mark.parametrize("own", [{"properties": {"target": "case", "minRows": 10**9}}, {"defaultRepetitions": 10**9}])
def test_a_list_of_a_billion_rows_is_refused(own):
    rows = {"type": "dynamiclist", "path": "goals", "properties": {"target": "case"}, "components": []}
    assert refused(raw(rows | own)) == {"form_value"}


def test_letters_that_cannot_be_written_are_refused():
    for letter in ("\\ud800", "\\u0000"):
        assert refused(raw(some.field("textfield", label="LETTER")).replace(b"LETTER", letter.encode())) == {
            "form_not_json"
        }
    forms.compile_form(raw(some.field("textfield", label="\\u0000")))


def test_groups_do_not_lie_in_each_other_for_ever():
    def nested(depth):
        groups = '[{"type":"group","id":"g","components":' * depth + "[]" + "}]" * depth
        return f'{{"type":"default","id":"f","components":{groups}}}'.encode()

    forms.compile_form(nested(10))
    assert refused(nested(30)) == {"form_too_large"}
    assert refused(nested(5_000)) <= {"form_too_large", "form_not_json"}


@pytest.mark.parametrize(
    "line", ["x = [x, x]", "x = [x]", "x = x + [x, x, x, x]", "x = [x, 'aaaaaaaaaa'] + [x]"], ids=str
)
def test_a_value_that_holds_itself_again_and_again_is_refused(line):
    with pytest.raises(ExpressionInvalid) as invalid:
        expressions.compile_script("x = [1]\n" + f"{line}\n" * 90).execute({})
    assert invalid.value.code == "too_large"


def circle(number):
    """So many tasks, each with a way to each other: whoever is done sends a token to all."""
    names = [f"t{one}" for one in range(number)]
    tasks = "".join(f'<userTask id="{name}" d:role="KS"/>' for name in names)
    ways = "".join(flow(f"{a}{b}", a, b) for a in names for b in names if a != b)
    return diagram(START + tasks + END + flow("x", "s", "t0") + ways + flow("y", names[-1], "e"))


@pytest.fixture
def crowded(monkeypatch):
    """So few places suffice to be too many."""
    monkeypatch.setattr(steps, "MAX_PLACES", 200)


@pytest.mark.usefixtures("crowded")
def test_a_process_that_multiplies_its_tokens_is_stopped():
    walk = walks.Walk(parser.parse({"p.bpmn": circle(20)})["p"], compacted=True)
    while len(walk.open()) < 190:
        walk.complete(0)
    with pytest.raises(errors.StepFailed) as failed:
        walk.complete(0)
    assert "places at once" in reasons.told(failed.value.reason, "en")


@pytest.mark.usefixtures("crowded")
def test_a_play_of_a_process_that_multiplies_its_tokens_comes_to_an_end():
    given = {"declared": {}, "calendar": walks.PlainCalendar(), "now": walks.NOW, "checked": ()}
    result = player.play({"p.bpmn": circle(20)}, Scenario(auto_complete=True), main="p.bpmn", **given)
    assert result.outcome == "failed"


def wide(elements):
    return f'{HEAD}<process id="p" isExecutable="true">{elements}</process></definitions>'.encode()


@pytest.mark.parametrize(
    ("content", "code"),
    {
        "ten megabytes": (wide(f"<!-- {'x' * 10_000_000} -->"), "file_too_large"),
        "a hundred thousand elements": (wide('<task id="t"/>' * 100_000), "too_many_elements"),
        "deep": (wide("<subProcess>" * 5_000 + "</subProcess>" * 5_000), "not_xml"),
        "an archive": (b"PK\x03\x04" + bytes(1000), "not_xml"),
        "compressed": (b"\x1f\x8b\x08" + bytes(1000), "not_xml"),
        "a hundred lines that double": (
            diagram(chain(f'<scriptTask id="t"><script>x = {"(" * 5_000}1{")" * 5_000}</script></scriptTask>')),
            "script_invalid",
        ),
    }.values(),
    ids=["ten megabytes", "a hundred thousand elements", "deep", "an archive", "compressed", "parentheses"],
)
def test_what_is_too_much_is_refused_in_words(content, code):
    problems = linter.check({"p.bpmn": content})
    assert code in codes(problems)
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)
