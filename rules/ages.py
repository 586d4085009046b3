"""The arithmetic of ages and periods by §§ 187, 188 BGB (with § 26 SGB X): days are whole, a period that starts
with a day counts that day, and where a month lacks the day, the month's end or the next month's first stands in.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def after_months(start: date, months: int) -> date:
    """The first day on which a period of so many months, begun with the start of `start`, is over (§ 188 (2) second
    case, (3)).
    """
    year, month = _shifted(start, months)
    if start.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, start.day)
    return first_of_next_month(date(year, month, 1))


def period_end(event: date, months: int) -> date:
    """The last day of a period of so many months that an event on `event` set off (§ 187 (1), § 188 (2) first case,
    (3)).
    """
    year, month = _shifted(event, months)
    return date(year, month, min(event.day, calendar.monthrange(year, month)[1]))


def months_over(start: date, on: date) -> int:
    """How many whole months since `start` are over on the morning of `on`; 0 if `start` lies ahead."""
    months = (on.year - start.year) * 12 + on.month - start.month
    if months > 0 and after_months(start, months) > on:
        months -= 1
    return max(months, 0)


def birthday(birth: date, age: int) -> date:
    """The day on which someone is `age` for the first time; births of 29.02. come to it on 01.03. in common years."""
    return after_months(birth, 12 * age)


def legal_age(birth: date, on: date) -> int:
    """The completed years of life on a day: the birthday itself counts, for the year was over at midnight (§ 187
    (2) BGB).
    """
    years = on.year - birth.year
    return years if birthday(birth, years) <= on else years - 1


def anniversary(start: date, years: int = 1) -> date:
    """The day from which something has lasted so many years."""
    return after_months(start, 12 * years)


def long_term_on(since: date, *, months: int, days: int, count: str) -> date:
    """The day from which someone unemployed since `since` counts as long-term unemployed, by anniversary or by days."""
    if count == "days":
        return since + timedelta(days=days)
    return after_months(since, months)


def first_of_next_month(day: date) -> date:
    """The first day of the month after the one in which `day` lies, also when `day` is itself a first."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _shifted(start: date, months: int) -> tuple[int, int]:
    total = start.year * 12 + start.month - 1 + months
    return total // 12, total % 12 + 1
