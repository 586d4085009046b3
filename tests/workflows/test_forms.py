"""Forms: what is compiled, what is refused, and what comes out of what people type."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import forms, texts
from workflows.fields import Option

TODAY = date(2004, 1, 5)
CASE = {"target": "case"}
SHIPPED = Path(__file__).parents[2] / "bpmn" / "forms"


def form(*components, **own):
    document = {"type": "default", "id": "f", "schemaVersion": 18, "components": list(components), "drehscheibe": own}
    return forms.compile_form(json.dumps(document).encode())


def field(kind, key="x", *, validate=None, properties=None, **more):
    return {
        "type": kind,
        "key": key,
        "id": key,
        "label": key,
        "validate": validate or {},
        "properties": CASE | (properties or {}),
        **more,
    }


def submit(compiled, data, values=None, options=None):
    listed = {key: [value] if isinstance(value, str) else value for key, value in data.items()}
    return forms.submit(compiled, listed, values=values or {}, options=options or {}, today=TODAY)


def value_of(kind, typed, **more):
    submission = submit(form(field(kind, **more)), {"x": typed})
    return submission.errors["x"].code if submission.errors else submission.case["x"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("05.01.2004", "2004-01-05"),
        ("5.1.2004", "2004-01-05"),
        (" 05. 01. 2004 ", "2004-01-05"),
        ("2004-01-05", "2004-01-05"),
        ("29.02.2004", "2004-02-29"),
        ("29.02.2003", "date_impossible"),
        ("31.02.2004", "date_impossible"),
        ("00.01.2004", "date_impossible"),
        ("05.01.04", "date_two_digit_year"),
        ("05.01.004", "date_unreadable"),
        ("morgen", "date_unreadable"),
        ("٠٥.٠١.٢٠٠٤", "date_unreadable"),
        ("05.01.1800", "date_out_of_range"),
        ("05.01.2300", "date_out_of_range"),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(typed, expected):
    assert value_of("datetime", typed, subtype="date", dateLabel="Tag") == expected


@pytest.mark.parametrize(
    ("properties", "typed", "expected"),
    [
        ({"maxDate": "today"}, "06.01.2004", "date_in_future"),
        ({"maxDate": "today"}, "05.01.2004", "2004-01-05"),
        ({"minDate": "today"}, "04.01.2004", "date_in_past"),
        ({"minDate": "2004-02-01"}, "31.01.2004", "date_too_early"),
        ({"maxDate": "2004-02-01"}, "02.02.2004", "date_too_late"),
    ],
)
def test_a_date_keeps_its_limits(properties, typed, expected):
    assert value_of("datetime", typed, properties=properties) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("30,50", 30.5),
        ("30.5", 30.5),
        ("1.234,56", 1234.56),
        ("1.234", 1234),
        ("1.234.567", 1234567),
        ("-7", -7),
        (" 12 ", 12),
        ("1 234", 1234),
        ("12,", "number_invalid"),
        ("1,234.56", "number_invalid"),
        ("1e5", "number_invalid"),
        ("NaN", "number_invalid"),
        ("٣", "number_invalid"),
        ("9" * 16, "number_too_long"),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, expected):
    assert value_of("number", typed) == expected


@pytest.mark.parametrize(
    ("more", "typed", "expected"),
    [
        ({"validate": {"min": 1}}, "0", "number_too_small"),
        ({"validate": {"max": "40"}}, "40,5", "number_too_large"),
        ({"decimalDigits": 0}, "1,5", "whole_number"),
        ({"decimalDigits": 2}, "1,555", "too_many_decimals"),
        ({"decimalDigits": 2}, "1,55", 1.55),
    ],
)
def test_a_number_keeps_its_limits(more, typed, expected):
    assert value_of("number", typed, **more) == expected


@pytest.mark.parametrize(
    ("kind", "more", "typed", "expected"),
    [
        ("textfield", {}, "  Müller ", "Müller"),
        ("textfield", {}, "Mu\u0308ller", "Mu\u0308ller"),
        ("textfield", {}, "a\0b", "control_characters"),
        ("textfield", {}, "a\nb", "control_characters"),
        ("textfield", {}, "x" * 201, "too_long"),
        ("textfield", {}, "x" * 200, "x" * 200),
        ("textfield", {"validate": {"minLength": 3}}, "ab", "too_short"),
        ("textfield", {"validate": {"maxLength": 5}}, "abcdef", "too_long"),
        ("textfield", {"validate": {"validationType": "email"}}, "kim.beispiel", "email_invalid"),
        ("textfield", {"validate": {"validationType": "email"}}, "kim@beispiel.de", "kim@beispiel.de"),
        ("textfield", {"validate": {"validationType": "phone"}}, "anrufen", "phone_invalid"),
        ("textfield", {"validate": {"pattern": "[0-9]{5}"}}, "5146", "pattern_mismatch"),
        ("textfield", {"validate": {"required": True}}, "  ", "required"),
        ("textarea", {}, "eins\r\nzwei", "eins\nzwei"),
        ("textarea", {}, "x" * 20_001, "too_long"),
        ("textarea", {}, "\x07", "control_characters"),
        ("checkbox", {}, "on", True),
        ("checkbox", {}, "", False),
        ("checkbox", {"validate": {"required": True}}, "", "must_confirm"),
    ],
)
def test_texts_and_ticks(kind, more, typed, expected):
    assert value_of(kind, typed, **more) == expected


CHOICE = [{"value": "yes", "label": "Ja", "labelEn": "Yes"}, {"value": "no", "label": "Nein"}]


@pytest.mark.parametrize(
    ("kind", "typed", "required", "expected"),
    [
        ("radio", "yes", False, "yes"),
        ("select", "maybe", False, "option_unknown"),
        ("select", "", True, "required"),
        ("checklist", ["no", "yes", "no"], False, ["no", "yes"]),
        ("checklist", ["no", "x"], False, "option_unknown"),
        ("checklist", [], True, "choose_one"),
        ("checklist", [], False, []),
    ],
)
def test_choices_are_those_on_offer(kind, typed, required, expected):
    assert value_of(kind, typed, values=CHOICE, validate={"required": required}) == expected


def test_options_may_come_from_outside():
    compiled = form(field("select", properties={"optionsKey": "open"}))
    assert submit(compiled, {"x": "7"}, options={"open": [Option("7", "Sieben")]}).case == {"x": "7"}
    assert submit(compiled, {"x": "7"}).errors["x"].code == "option_unknown"


def test_values_go_where_their_target_says():
    compiled = form(
        field("textfield", "note"),
        field("checkbox", "done", properties={"target": "process"}),
        field("textfield", "scratch", properties={"target": "none"}),
    )
    submission = submit(compiled, {"note": "n", "done": "on", "scratch": "s", "foreign": "f"})
    assert (submission.case, submission.process) == ({"note": "n"}, {"done": True})
    assert submission.typed["scratch"] == "s"
    assert compiled.names("process") == {"done"}


def hidden(condition, kind="textfield", key="detail", **more):
    return field(kind, key, conditional={"hide": f"={condition}"}, **more)


def test_hidden_fields_are_dropped_and_not_required():
    radio = field("radio", "answer", values=CHOICE)
    compiled = form(radio, hidden('answer != "yes"', validate={"required": True}))
    assert submit(compiled, {"answer": "no", "detail": "typed before"}).case == {"answer": "no"}
    assert submit(compiled, {"answer": "yes"}).errors["detail"].code == "required"
    assert submit(compiled, {"answer": "no"}).errors == {}


def test_what_depends_on_a_hidden_answer_hides_with_it():
    compiled = form(field("checkbox", "a"), hidden("not a", "checkbox", "b"), hidden("not b", "textfield", "c"))
    assert compiled.visible({}, {"a": "", "b": "on", "c": ""}) == {"a"}
    assert compiled.visible({}, {"a": "on", "b": "on", "c": ""}) == {"a", "b", "c"}


def test_a_group_hides_with_all_that_it_contains():
    group = {"type": "group", "id": "g", "label": "G", "components": [field("textfield", "inner")]}
    compiled = form({**group, "conditional": {"hide": "=route == 1"}})
    assert submit(compiled, {"inner": "x"}, values={"route": 1}).case == {}
    assert submit(compiled, {"inner": "x"}, values={"route": 2}).case == {"inner": "x"}


def test_a_condition_that_cannot_be_told_yet_shows_the_field():
    compiled = form(field("number", "age"), hidden("age >= 25"))
    assert "detail" in compiled.visible({}, {})
    assert "detail" not in compiled.visible({}, {"age": "30"})
    assert submit(compiled, {"age": "30", "detail": "x"}).case == {"age": 30}


def test_read_only_fields_take_nothing():
    compiled = form(field("textfield", readonly=True), hidden("x == 1", key="other"))
    assert submit(compiled, {"x": "forged", "other": "o"}, values={"x": 1}).case == {}


def goals(**properties):
    inside = [
        field("textfield", "what", validate={"required": True}),
        field("datetime", "due"),
        field("checkbox", "urgent"),
        hidden("not urgent", key="why", validate={"required": True}),
    ]
    return form(
        {"type": "dynamiclist", "id": "l", "path": "goals", "components": inside, "properties": CASE | properties}
    )


def test_rows_are_read_in_their_order_and_empty_ones_ignored():
    submission = submit(
        goals(),
        {
            "goals-2-what": "B",
            "goals-2-due": "05.01.2004",
            "goals-0-what": "A",
            "goals-1-what": " ",
            "goals-1-urgent": "",
            "goals-x-what": "no row",
            "goals-0-foreign": "x",
        },
    )
    assert submission.errors == {}
    assert submission.case == {
        "goals": [
            {"what": "A", "due": None, "urgent": False},
            {"what": "B", "due": "2004-01-05", "urgent": False},
        ]
    }
    assert submission.rows == {"goals": (0, 1, 2)}


def test_errors_and_conditions_of_rows_keep_to_their_row():
    submission = submit(
        goals(), {"goals-0-what": "A", "goals-0-urgent": "on", "goals-3-what": "", "goals-3-due": "31.02.2004"}
    )
    assert {path: error.code for path, error in submission.errors.items()} == {
        "goals-0-why": "required",
        "goals-3-what": "required",
        "goals-3-due": "date_impossible",
    }


def test_the_number_of_rows_is_bounded():
    assert submit(goals(minRows=1), {}).errors["goals"].code == "rows_too_few"
    many = {f"goals-{row}-what": "x" for row in range(100)}
    submission = submit(goals(maxRows=3), many)
    assert submission.errors["goals"].code == "rows_too_many"
    assert len(submission.rows["goals"]) == 4


INVALID = {
    "form_type": [{"type": "iframe", "id": "i"}],
    "form_key_unknown": [field("textfield", onclick="x")],
    "form_key": [field("textfield", "Größe")],
    "form_key_twice": [field("textfield"), field("textfield")],
    "form_value": [field("textfield", validate={"minLength": "lang"})],
    "form_pattern": [field("textfield", validate={"pattern": "(a+)+$"})],
    "form_options": [field("select")],
    "form_condition": [field("textfield", conditional={"hide": "=x.y"})],
    "form_target": [field("textfield", properties={"target": ""})],
    "form_free_text": [field("textfield", properties={"target": "process"})],
    "form_nested_list": [
        {
            "type": "dynamiclist",
            "path": "a",
            "properties": CASE,
            "components": [{"type": "dynamiclist", "path": "b", "properties": CASE, "components": []}],
        }
    ],
    "form_too_large": [field("textfield", f"x{n}") for n in range(400)],
}


@pytest.mark.parametrize(("code", "components"), INVALID.items(), ids=INVALID)
def test_a_form_that_cannot_be_used_is_refused(code, components):
    with pytest.raises(forms.FormInvalid) as refused:
        form(*components)
    assert code in {fault.code for fault in refused.value.faults}


@pytest.mark.parametrize("key", ["typename", "data_objects", "csrf_token", "len", "class", "a-b", "_x", ""])
def test_names_that_would_do_harm_are_refused(key):
    with pytest.raises(forms.FormInvalid):
        form(field("textfield", key))


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"type": "default", "components": 5}', b" " * 400_000]
)
def test_what_is_no_form_is_refused(raw):
    with pytest.raises(forms.FormInvalid):
        forms.compile_form(raw)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "key", "id", "validate", "properties", "values", "components", "path"]), inner
        )
    ),
    max_leaves=12,
)
_component = st.fixed_dictionaries(
    {"type": st.sampled_from(["textfield", "number", "select", "group", "dynamiclist", "text", "datetime"])},
    optional=dict.fromkeys(["key", "path", "validate", "properties", "values", "components", "conditional"], _json),
)


@given(st.lists(_component, max_size=4))
def test_any_json_is_a_form_or_refused(components):
    try:
        form(*components)
    except forms.FormInvalid as refused:
        known = texts.catalogue()["problem"]
        unknown = [fault.code for fault in refused.faults if fault.code not in known]
        if unknown:
            raise AssertionError(unknown) from refused


EVERYTHING = form(
    field("textfield", "a", validate={"pattern": "[a-z]+", "minLength": 2}),
    field("textarea", "b"),
    field("number", "c", decimalDigits=1),
    field("datetime", "d", properties={"maxDate": "today"}),
    field("select", "e", values=CHOICE),
    field("checklist", "f", values=CHOICE),
    field("checkbox", "g"),
    hidden("g and c > 3", key="h"),
    {
        "type": "dynamiclist",
        "path": "goals",
        "properties": CASE,
        "components": [field("number", "what"), hidden("what == 1")],
    },
)
_paths = st.sampled_from(
    [*"abcdefgh", "goals-0-what", "goals-1-what", "goals-1-detail", "goals-999999-what", "goals--1-what"]
)
_typed = st.lists(st.text(max_size=12) | st.sampled_from(["on", "yes", "1,5", "31.12.2003", "05.01.04"]), max_size=3)


@given(st.dictionaries(_paths | st.text(max_size=5), _typed), st.dictionaries(st.sampled_from("abc"), _json))
def test_whatever_is_sent_is_answered_with_values_or_errors(data, values):
    submission = forms.submit(EVERYTHING, data, values=values, options={}, today=TODAY)
    json.dumps(submission.case)
    for error in submission.errors.values():
        assert forms.message(error.code, error.values, "de") != error.code
        assert "{" not in forms.message(error.code, error.values, "en")


@given(st.dates(date(1880, 1, 1), TODAY))
def test_every_date_comes_back_from_both_spellings(day):
    for typed in (f"{day:%d.%m.}{day.year}", day.isoformat(), f"{day.day}.{day.month}.{day.year}"):
        assert submit(EVERYTHING, {"d": typed}).case["d"] == day.isoformat()


@given(st.integers(-(10**9), 10**9))
def test_every_number_comes_back_from_its_german_spelling(number):
    typed = f"{number:,}".replace(",", ".")
    assert submit(EVERYTHING, {"c": typed}).case["c"] == number
    assert submit(EVERYTHING, {"c": f"{typed},5"}).case["c"] == float(f"{number}.5")


def test_errors_speak_the_reader_s_language():
    assert forms.message("date_impossible", {}, "de") == "Dieses Datum gibt es nicht."
    assert forms.message("date_too_late", {"max": date(2004, 2, 1)}, "de_DE").endswith("01.02.2004 liegen.")
    assert forms.message("number_too_small", {"min": 0.5}, "de") == "Der Wert muss mindestens 0,5 sein."
    assert forms.message("number_too_small", {"min": 0.5}, "en") == "The value must be at least 0.5."


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_forms_compile_and_take_an_empty_submission(path):
    compiled = forms.compile_form(path.read_bytes())
    submit(compiled, {})
