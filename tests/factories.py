"""What tests make things with: environments, calendars, sessions. Invented people only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from workflows import errors, handlers

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENING = datetime(2004, 1, 5, 8, 0, tzinfo=UTC)

_COUNTED = re.compile(r"(werktage|tage|wochen|monate)\((\d+)\)")
_NAMED = re.compile(r"frist\(\"(\w+)\"\)")
_ISO = re.compile(r"(?:R\d*/)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_DAYS = {"tage": 1, "wochen": 7, "monate": 30}


class SimpleCalendar:
    """A calendar without an office: Monday to Friday, months of 30 days, every named period 14 days."""

    def due(self, expression: str, start: datetime, values: Mapping[str, handlers.Value]) -> datetime:
        """See workflows.handlers.Calendar."""
        if counted := _COUNTED.fullmatch(expression):
            unit, number = counted[1], int(counted[2])
            return _working_days(start, number) if unit == "werktage" else start + timedelta(_DAYS[unit] * number)
        if _NAMED.fullmatch(expression):
            return start + timedelta(14)
        if iso := _ISO.fullmatch(expression):
            days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
            return start + timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
        return _instant(expression, str(values.get(expression, expression)))


def _working_days(start: datetime, number: int) -> datetime:
    day = start
    while number:
        day += timedelta(1)
        number -= day.weekday() < 5
    return day


def _instant(expression: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise errors.ExpressionInvalid(expression, "timer") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def environment(*registered: handlers.Registered) -> handlers.Environment:
    """An environment of these handlers alone, with the simple calendar."""
    registry = handlers.Registry()
    for one in registered:
        registry.register(one.name, one.run, inputs=one.inputs, outputs=one.outputs, mode=one.mode)
    return handlers.Environment(handlers=registry, calendar=SimpleCalendar())


def actor(*roles: str, id: int = 1, name: str = "Ada Beispiel", partner: str = "STADT") -> handlers.Actor:  # noqa: A002
    """A person with these roles."""
    return handlers.Actor(id=id, name=name, roles=frozenset(roles), partner=partner)
