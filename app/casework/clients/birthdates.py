"""Dates as people write them: what is no date is refused with a code, a two-digit year is asked back, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.casework.clients.models import Precision
from app.office import dates

OLDEST_YEARS = 110
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{1,4})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
MONTH = re.compile(r"(?:0{1,2}\.)?(\d{1,2})[./](\d{4})")
YEAR = re.compile(r"(?:0{1,2}\.0{1,2}\.)?(\d{4})")
FULL_YEAR = 4


class DateRefused(ValueError):  # noqa: N818  the house names errors by what is the case
    """The text is no date that can be taken; the argument is the code of the reason."""

    @property
    def code(self) -> str:
        """The reason: not_a_date, no_such_date, two_digit_year, future, too_old."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A date of birth as far as it is known; the first day of the known period stands for an unknown day."""

    day: date | None
    precision: Precision


def parse_day(text: str) -> date:
    """The day that a text like 14.03.1982 or 1982-03-14 names; raises DateRefused."""
    text = text.strip()
    german, iso = DAY.fullmatch(text), ISO.fullmatch(text)
    if german is not None:
        day, month, year = german.groups()
        if len(year) != FULL_YEAR:
            raise DateRefused("two_digit_year")
    elif iso is not None:
        year, month, day = iso.groups()
    else:
        raise DateRefused("not_a_date")
    return _existing(int(year), int(month), int(day))


def parse_birth(text: str, *, today: date) -> BirthDate:
    """The date of birth that a text names, exactly or by month or year; empty means not known. Raises DateRefused."""
    text = text.strip()
    if not text:
        return BirthDate(None, Precision.UNKNOWN)
    month, year = MONTH.fullmatch(text), YEAR.fullmatch(text)
    if year is not None:
        return _plausible(BirthDate(_existing(int(year[1]), 1, 1), Precision.YEAR), today)
    if month is not None:
        return _plausible(BirthDate(_existing(int(month[2]), int(month[1]), 1), Precision.MONTH), today)
    return _plausible(BirthDate(parse_day(text), Precision.DAY), today)


def written(day: date | None, precision: str) -> str:
    """A date of birth as far as it is known: 14.03.1982, 03.1982 or 1982; empty where nothing is."""
    form = {Precision.MONTH: "%m.%Y", Precision.YEAR: "%Y"}.get(Precision(precision), "%d.%m.%Y")
    return day.strftime(form) if day else ""


def parse_past(text: str, *, today: date) -> date:
    """A day that is not after today; raises DateRefused."""
    day = parse_day(text)
    if day > today:
        raise DateRefused("future")
    return day


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateRefused("no_such_date") from None


def _plausible(birth: BirthDate, today: date) -> BirthDate:
    assert birth.day is not None
    if birth.day > today:
        raise DateRefused("future")
    if birth.day < dates.add_months(today, -12 * OLDEST_YEARS):
        raise DateRefused("too_old")
    return birth
