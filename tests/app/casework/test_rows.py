import csv
from datetime import date

import pytest

from app.casework.arrivals import rows
from app.office import profile

LINE = {
    "id": "X1",
    "name": "Jana Becker",
    "geburtsdatum": "14.03.1982",
    "stichtag": "05.01.2004",
    "wohnort": "Bergisch Gladbach",
    "leistung": "HLU+ALHI",
    "arbeitsfaehig": "ja",
    "verfuegbar": "",
    "arbeitslos_seit": "",
}


def test_a_line_is_read_with_all_that_it_says():
    line = rows.read(LINE)
    taken = line.registration
    assert (line.external_id, line.reference_date) == ("X1", date(2004, 1, 5))
    assert (taken.family_name, taken.given_names, taken.birth_date) == ("Becker", "Jana", date(1982, 3, 14))
    assert (taken.benefits, taken.fit_for_work, taken.available) == (("HLU", "ALHI"), "yes", "unknown")
    assert taken.unemployed_since is None


@pytest.mark.parametrize(
    ("text", "benefits"), [("", ()), ("unbekannt", None), ("asylblg", ("ASYLBLG",)), ("HLU + ALG", ("HLU", "ALG"))]
)
def test_no_benefit_is_something_else_than_an_unknown_one(text, benefits):
    assert rows.read(LINE | {"leistung": text}).registration.benefits == benefits


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"geburtsdatum": "31.02.1980"}, "birth_date: no_such_date"),
        ({"stichtag": ""}, "stichtag: not_a_date"),
        ({"id": " "}, "id: required"),
        ({"name": ""}, "family_name: required"),
        ({"arbeitsfaehig": "vielleicht"}, "arbeitsfaehig: unknown_choice"),
        ({"wohnort": None}, "wohnort: missing_column"),
        ({"arbeitslos_seit": "1.1.99"}, "unemployed_since: two_digit_year"),
    ],
)
def test_a_line_that_cannot_be_read_says_which_column_and_why(change, reason):
    with pytest.raises(rows.LineRefused, match=reason):
        rows.read(LINE | change)


def test_every_shipped_record_can_be_read():
    with profile.read("bergisch_gladbach_2004").clients.open(encoding="utf-8", newline="") as file:
        lines = [rows.read(row) for row in csv.DictReader(file, delimiter=";")]
    assert len({line.external_id for line in lines}) == len(lines) == 37
