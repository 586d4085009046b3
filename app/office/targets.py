"""Targets of the office: how long a step may take, from when on it is yellow and red, and who is told then."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date  # noqa: TC003  the fields of a row are made of it
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app.office import errors, models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

FILE: Final = "targets.toml"
UNITS: Final = ("workdays", "hours", "date")
MEASURES: Final = ("tasks", "review", "contact", "none")
# Who is told, when it is not simply a role.
RELATIVE: Final = ("own", "other", "lead", "both", "steering")


@dataclass(frozen=True, slots=True)
class Target:
    """A target while it is valid. `further`: so many working days after level 1 comes level 2."""

    step: str
    label: str
    unit: str
    measure: str
    valid_from: date
    label_en: str = ""
    target: int | None = None
    amber: int | None = None
    red: int | None = None
    level1: str = ""
    level2: str = ""
    further: int = 0
    elements: tuple[str, ...] = ()
    diagram: tuple[str, ...] = ()
    basis: str = ""
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on this day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def read(rows: Iterable[dict[str, Any]], roles: Collection[str]) -> tuple[Target, ...]:
    """The targets that a file states. Raises ProfileInvalid with the step and what is wrong with it."""
    found = tuple(_target(row) for row in rows)
    for number, one in enumerate(found):
        _check(one, roles)
        if any(one.step == other.step and _overlap(one, other) for other in found[:number]):
            _refuse(one.step, "two targets are valid on the same day")
    return found


def _target(row: dict[str, Any]) -> Target:
    step = str(row.get("step", "?"))
    known = {field.name for field in fields(Target)}
    for name in row:
        if name not in known:
            _refuse(step, f"unknown: {name}")
    for name in ("step", "label", "unit", "measure", "valid_from"):
        if not row.get(name):
            _refuse(step, f"missing: {name}")
    for name in ("target", "amber", "red", "further"):
        if name in row and type(row[name]) is not int:
            _refuse(step, f"no whole number: {name}")
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("elements", "diagram") if name in row}
    return Target(**(row | lists))


def _check(one: Target, roles: Collection[str]) -> None:
    for name, value, allowed in (("unit", one.unit, UNITS), ("measure", one.measure, MEASURES)):
        if value not in allowed:
            _refuse(one.step, f"{name} must be one of {', '.join(allowed)}")
    if one.valid_to is not None and one.valid_to <= one.valid_from:
        _refuse(one.step, "valid_to must be later than valid_from")
    if (one.measure == "tasks") != bool(one.elements):
        _refuse(one.step, "elements belong to measure = tasks, and only to it")
    _check_numbers(one)
    _check_levels(one, roles)


def _check_numbers(one: Target) -> None:
    if one.measure == "none":
        if (one.amber, one.red) != (None, None):
            _refuse(one.step, "what is not measured has no amber and no red")
        return
    if one.amber is None or one.red is None:
        _refuse(one.step, "amber and red must be stated")
    elif one.amber > one.red:
        _refuse(one.step, "amber must not be later than red")
    elif one.unit != "date" and one.amber < 1:
        _refuse(one.step, "amber and red must be at least 1")
    if (one.unit == "date") != (one.measure == "review"):
        _refuse(one.step, "unit = date belongs to measure = review")
    if one.target is not None and one.target < 0:
        _refuse(one.step, "target must not be negative")


def _check_levels(one: Target, roles: Collection[str]) -> None:
    for name, value in (("level1", one.level1), ("level2", one.level2)):
        if value and value not in RELATIVE and value not in roles:
            _refuse(one.step, f"{name} names nobody: {value}")
    if one.level2 and not one.level1:
        _refuse(one.step, "level2 without level1")
    if bool(one.level2) != (one.further > 0):
        _refuse(one.step, "further (working days, at least 1) belongs to level2")


def _overlap(one: Target, other: Target) -> bool:
    late, early = (one, other) if one.valid_from >= other.valid_from else (other, one)
    return early.holds_on(late.valid_from)


def _refuse(step: str, what: str) -> None:
    raise errors.ProfileInvalid(FILE, f"{step}: {what}")


def valid(session: Session, on: date) -> tuple[Target, ...]:
    """The targets that are valid on a day, in the order of the file."""
    table = models.Target.__table__.c
    rows = session.execute(
        select(*[table[field.name] for field in fields(Target)]).order_by(table.place, table.valid_from)
    ).mappings()  # fmt: skip
    known = (
        Target(**(dict(row) | {name: tuple(row[name]) for name in ("elements", "diagram")})) for row in rows
    )  # fmt: skip
    return tuple(one for one in known if one.holds_on(on))
