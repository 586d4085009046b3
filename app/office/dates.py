"""Days and instants of the office: its time zone, the ends of months and days as the law counts them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
LAST_SECOND = time(23, 59, 59)


def local(instant: datetime) -> datetime:
    """The instant as the clock on the office's wall shows it."""
    return instant.astimezone(ZONE)


def day_of(instant: datetime) -> date:
    """The office's calendar day at this instant."""
    return local(instant).date()


def at(day: date, moment: time) -> datetime:
    """The instant (UTC) at which the wall clock shows `moment` on `day`."""
    return datetime.combine(day, moment, ZONE).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first instant of a day."""
    return at(day, time(0))


def end_of(day: date) -> datetime:
    """The last second of a day: a period that ends on the day ends then (§ 188 BGB)."""
    return at(day, LAST_SECOND)


def add_months(day: date, months: int) -> date:
    """The day with the same number `months` later; the month's last day where it is missing (§ 188 (3) BGB)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_of_next_month(day: date) -> date:
    """The first day of the month after `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
