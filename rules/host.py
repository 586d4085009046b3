"""durable-rules behind one door, the only module that imports it.

The library's own host runs two timer threads that lose results and crash the process, mixes the facts of different
people unless each has a session id of its own, compares strings as numbers and swallows errors of actions. So: a
host without threads, one fact at a time under one lock, a fresh session each, its state deleted in every case,
types checked before, and a witness row that every fact meets: if it did not fire, the library did not look, and
nothing is decided.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rules.facts import FactsInvalid, RulesError

try:
    from durable import engine
except ImportError:  # an extra: it needs a compiler to be installed and Python 3.12 or older to be imported
    engine = None

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules import conditions
    from rules.editions import Edition, Row

_WITNESS = "looked_at"
_LAST = 1_000_000


@dataclass
class HostFailed(RulesError):  # noqa: N818  the house names errors by what is the case
    """durable-rules did not evaluate the facts properly."""

    detail: str

    def __str__(self) -> str:
        return f"durable-rules: {self.detail}"


def available() -> bool:
    """Whether durable-rules can be used here; elsewhere the plain evaluator serves alone."""
    return engine is not None


def matches(edition: Edition, subject: conditions.Subject) -> tuple[str, ...]:
    """The ids of all rows of the edition that durable-rules found met, in the order of the table.
    Raises FactsInvalid before the library sees a value that it would misread, HostFailed if it did not do its work.
    """
    for fact, value in subject.items():
        if type(value) not in {int, str}:
            raise FactsInvalid(fact, value)
    with _LOCK:
        return _HOSTS.ask(edition, subject)


class _Hosts:
    """The one quiet host of the process and the rule sets that it holds. A rule set can neither be replaced nor
    removed, so each bears the name of its edition, content included.
    """

    def __init__(self) -> None:
        self._host: Any = None
        self._known: set[str] = set()
        self._fired: list[str] = []
        self._sessions = itertools.count(1)

    def ask(self, edition: Edition, subject: conditions.Subject) -> tuple[str, ...]:
        self._prepare(edition)
        session = f"s{next(self._sessions)}"
        self._fired = []
        try:
            state = self._host.assert_fact(edition.name, {**subject, "kind": "client", "sid": session, "id": "f"})
        finally:
            self._host.delete_state(edition.name, session)
        if state and state.get("exception"):
            raise HostFailed("an action failed")
        if _WITNESS not in self._fired:
            raise HostFailed("the fact was not looked at")
        fired = set(self._fired)
        return tuple(row.id for row in edition.rows if row.id in fired)

    def _prepare(self, edition: Edition) -> None:
        if self._host is None:
            self._host = _quiet_host()
        if edition.name not in self._known:
            self._host.set_rulesets({edition.name: self._definition(edition.rows)})
            self._known.add(edition.name)

    def _definition(self, rows: tuple[Row, ...]) -> dict[str, object]:
        definition: dict[str, object] = {row.id: self._rule(row.id, row.priority + 1, _all_of(row)) for row in rows}
        definition[_WITNESS] = self._rule(_WITNESS, _LAST, {"kind": "client"})
        return definition

    def _rule(self, name: str, priority: int, match: dict[str, object]) -> dict[str, object]:
        return {"pri": priority, "all": [{"m": match}], "run": self._action(name)}

    def _action(self, name: str) -> Callable[[object], None]:
        # Exactly one parameter: with two the library takes the action for an asynchronous one and waits for it.
        def fire(_closure: object) -> None:
            self._fired.append(name)

        return fire


def _all_of(row: Row) -> dict[str, object]:
    return (
        {"$and": [{"kind": "client"}, *(part.expression() for part in row.parts)]} if row.parts else {"kind": "client"}
    )


def _quiet_host() -> Any:  # noqa: ANN401  the library is untyped
    class QuietHost(engine.Host):  # type: ignore[misc, name-defined, unused-ignore]  # untyped library, absent on some machines
        def _run(self) -> None:
            """Starts no thread: the dispatch and timer threads are what loses results."""

    return QuietHost()


_LOCK = threading.Lock()
_HOSTS = _Hosts()
