from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import places, records

ORDINARY = {
    "id": "K1",
    "name": "Jürgen Öztürk-Weiß",
    "geburtsdatum": "14.03.1982",
    "stichtag": "05.01.2004",
    "wohnort": "Bergisch Gladbach",
    "leistung": "HLU",
    "arbeitsfaehig": "ja",
    "verfuegbar": "ja",
    "arbeitslos_seit": "01.09.2003",
}


def parsed(**differences):
    return records.parse(ORDINARY | differences, places.load())


def refused(**differences):
    with pytest.raises(records.RecordRefused) as caught:
        parsed(**differences)
    return caught.value.flaws


def test_a_line_becomes_typed_values():
    record = parsed()
    assert (record.birth_date, record.reference_date) == (date(1982, 3, 14), date(2004, 1, 5))
    assert (record.residence, record.benefits, record.fit_for_work) == ("yes", frozenset({"HLU"}), "yes")
    assert record.name == "Jürgen Öztürk-Weiß"
    assert record.facts().birth_date == date(1982, 3, 14)
    assert record.facts(on=date(2004, 7, 1)).reference_date == date(2004, 7, 1)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("31.02.1980", "date_none"),
        ("29.02.2003", "date_none"),
        ("00.01.1980", "date_none"),
        ("01.01.0000", "date_none"),
        ("14.3.82", "date_year"),
        ("14.03.82", "date_year"),
        ("14.3.1982", "date_form"),
        ("1982-03-14", "date_form"),
        ("14/03/1982", "date_form"),
        ("١٤.٠٣.١٩٨٢", "date_form"),
        ("14.03.1982 ?", "date_form"),
        ("morgen", "date_form"),
    ],
)
@pytest.mark.parametrize("column", ["geburtsdatum", "stichtag", "arbeitslos_seit"])
def test_a_date_that_cannot_be_read_is_refused_and_never_guessed(column, written, code):
    assert [(flaw.column, flaw.code) for flaw in refused(**{column: written})] == [(column, code)]


def test_a_day_that_does_not_exist_is_said_plainly():
    flaw = refused(geburtsdatum="31.02.1980")[0]
    assert flaw.text("de") == "geburtsdatum: „31.02.1980“: Dieses Datum gibt es nicht."
    assert flaw.text("en") == 'geburtsdatum: "31.02.1980": this date does not exist.'


def test_all_flaws_of_a_line_are_told_at_once():
    flaws = refused(geburtsdatum="x", leistung="HLU+", arbeitsfaehig="vielleicht", verfuegbar="?")
    assert [flaw.column for flaw in flaws] == ["geburtsdatum", "leistung", "arbeitsfaehig", "verfuegbar"]


def test_a_missing_column_is_refused():
    row = {name: value for name, value in ORDINARY.items() if name != "wohnort"}
    with pytest.raises(records.RecordRefused):
        records.parse(row, places.load())


@pytest.mark.parametrize(
    ("written", "known", "codes"),
    [
        ("", True, set()),
        ("keine", True, set()),
        ("unbekannt", False, set()),
        ("HLU+unbekannt", False, set()),
        ("hlu + Alhi", True, {"HLU", "ALHI"}),
        ("AsylbLG", True, {"ASYLBLG"}),
    ],
)
def test_benefits_are_none_or_known_or_unknown(written, known, codes):
    record = parsed(leistung=written)
    assert (record.benefits_known, record.benefits) == (known, frozenset(codes))


@pytest.mark.parametrize(
    ("written", "value"),
    [("ja", "yes"), ("Nein", "no"), ("eingeschränkt", "limited"), ("ungeklaert", "unknown"), (" ", "")],
)
def test_fitness_is_understood_in_the_words_of_the_table(written, value):
    assert parsed(arbeitsfaehig=written).fit_for_work == value


def test_missing_values_can_be_read_and_are_left_to_the_rules():
    record = parsed(geburtsdatum="", stichtag="", arbeitslos_seit="ungeklärt", verfuegbar="")
    assert (record.birth_date, record.reference_date, record.unemployed_since) == (None, None, None)
    assert record.available == "unknown"


@pytest.mark.parametrize(
    ("birth", "code"), [("06.01.2004", "future"), ("14.03.2082", "future"), ("14.03.1882", "too_old")]
)
def test_impossible_births_are_doubted(birth, code):
    assert [flaw.code for flaw in parsed(geburtsdatum=birth).doubts()] == [code]


def test_an_ordinary_birth_is_not_doubted():
    assert parsed().doubts() == ()
    assert parsed(geburtsdatum="05.01.2004").doubts() == ()


@given(st.sampled_from(records.COLUMNS), st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(column, text):
    try:
        record = parsed(**{column: text})
    except records.RecordRefused as error:
        for flaw in error.flaws:
            assert flaw.text("de").isprintable()
            assert flaw.text("en").isprintable()
    else:
        assert record.facts()
