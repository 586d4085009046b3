from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.clients import birthdates
from app.casework.clients.models import Precision

TODAY = date(2004, 1, 5)


def code(text):
    with pytest.raises(birthdates.DateRefused) as refused:
        birthdates.parse_birth(text, today=TODAY)
    return refused.value.code


def outcome(text):
    try:
        return birthdates.parse_birth(text, today=TODAY).precision
    except birthdates.DateRefused as refused:
        return refused.code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31.02.1980", "no_such_date"),
        ("29.02.1981", "no_such_date"),
        ("00.13.1980", "no_such_date"),
        ("14.03.2082", "future"),
        ("06.01.2004", "future"),
        ("14.3.82", "two_digit_year"),
        ("14.03.882", "two_digit_year"),
        ("14.03.1882", "too_old"),
        ("04.01.1894", "too_old"),
        ("gestern", "not_a_date"),
        ("14/03/1982", "not_a_date"),
        ("1982-02-30", "no_such_date"),
    ],
)
def test_an_impossible_birth_date_is_refused_with_its_reason(text, reason):
    assert code(text) == reason


@pytest.mark.parametrize("text", ["14.03.1982", "14.3.1982", " 14.03.1982 ", "1982-03-14"])
def test_a_birth_date_is_taken_as_people_write_it(text):
    assert birthdates.parse_birth(text, today=TODAY) == birthdates.BirthDate(date(1982, 3, 14), Precision.DAY)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("03.1982", date(1982, 3, 1), Precision.MONTH),
        ("00.03.1982", date(1982, 3, 1), Precision.MONTH),
        ("1982", date(1982, 1, 1), Precision.YEAR),
        ("00.00.1982", date(1982, 1, 1), Precision.YEAR),
        ("", None, Precision.UNKNOWN),
        ("05.01.1894", date(1894, 1, 5), Precision.DAY),
        ("05.01.2004", TODAY, Precision.DAY),
        ("29.02.1980", date(1980, 2, 29), Precision.DAY),
    ],
)
def test_an_unknown_day_is_noted_as_unknown(text, day, precision):
    assert birthdates.parse_birth(text, today=TODAY) == birthdates.BirthDate(day, precision)


@given(st.dates(TODAY - timedelta(40000), TODAY))
def test_every_day_of_a_long_life_can_be_written_both_ways(day):
    written = f"{day.day}.{day.month}.{day.year}"
    assert birthdates.parse_birth(written, today=TODAY) == birthdates.parse_birth(day.isoformat(), today=TODAY)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_is_refused_with_a_code(text):
    known = {"not_a_date", "no_such_date", "two_digit_year", "future", "too_old"}
    assert outcome(text) in known | set(Precision)
