"""The little language of the book's conditions: [fact, comparison, value] all of which must hold, and {"any":
[[...], [...]]} of which one group must. A value "$name" stands for a parameter. A fact that is not there meets no
condition, whichever it is: the other evaluator behaves so, and a rule shall not fire on ignorance.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Subject = Mapping[str, str | int]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DURABLE = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
COMPARISONS = frozenset(_COMPARE) | {"in"}


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a fact with a value."""

    fact: str
    comparison: str
    value: object

    def holds(self, subject: Subject) -> bool:
        """Whether the subject meets it; a fact that is not there does not."""
        actual = subject.get(self.fact)
        if actual is None:
            return False
        if self.comparison == "in":
            return actual in self.value  # type: ignore[operator]  # the parser lets only lists through
        return _COMPARE[self.comparison](actual, self.value)

    def expression(self) -> dict[str, object]:
        """The same in the dictionary form of durable-rules."""
        if self.comparison == "in":
            assert isinstance(self.value, tuple)
            return {"$or": [{self.fact: each} for each in self.value]}
        if self.comparison == "==":
            return {self.fact: self.value}
        return {_DURABLE[self.comparison]: {self.fact: self.value}}

    def terms(self) -> Iterator[Term]:
        """Itself: the smallest parts of a condition."""
        yield self


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Groups of terms, one of which must hold as a whole."""

    groups: tuple[tuple[Term, ...], ...]

    def holds(self, subject: Subject) -> bool:
        """Whether one of the groups is met."""
        return any(all(term.holds(subject) for term in group) for group in self.groups)

    def expression(self) -> dict[str, object]:
        """The same in the dictionary form of durable-rules."""
        return {"$or": [_conjunction(group) for group in self.groups]}

    def terms(self) -> Iterator[Term]:
        """Every term of every group."""
        for group in self.groups:
            yield from group


Part = Term | AnyOf


def parse(rows: Sequence[object], parameters: Mapping[str, object]) -> tuple[Part, ...]:
    """The conditions of a row with their parameters put in. Raises ValueError with the row for anything else."""
    return tuple(_part(row, parameters) for row in rows)


def hold(parts: tuple[Part, ...], subject: Subject) -> bool:
    """Whether all parts are met; no part at all is met by everybody."""
    return all(part.holds(subject) for part in parts)


def _part(row: object, parameters: Mapping[str, object]) -> Part:
    if isinstance(row, Mapping) and set(row) == {"any"}:
        return AnyOf(tuple(tuple(_term(each, parameters) for each in group) for group in row["any"]))
    return _term(row, parameters)


def _term(row: object, parameters: Mapping[str, object]) -> Term:
    if not isinstance(row, list) or len(row) != 3 or row[1] not in COMPARISONS:  # noqa: PLR2004  fact, comparison, value
        raise ValueError(row)
    fact, comparison, value = row
    if isinstance(value, str) and value.startswith("$"):
        value = parameters[value[1:]]
    if isinstance(value, list) != (comparison == "in"):
        raise ValueError(row)
    return Term(fact, comparison, tuple(value) if isinstance(value, list) else value)


def _conjunction(group: tuple[Term, ...]) -> dict[str, object]:
    expressions = [term.expression() for term in group]
    return expressions[0] if len(expressions) == 1 else {"$and": expressions}
