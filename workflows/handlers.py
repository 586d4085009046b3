"""The registry of handlers: the functions of the application that service and business rule tasks of a diagram may
name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from workflows import errors

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

Value = bool | int | float | str | None | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the roles held at this moment, or the system itself."""

    id: int
    name: str
    roles: frozenset[str] = frozenset()
    partner: str = ""


SYSTEM = Actor(id=0, name="System")


class Mode(Enum):
    """Where a handler runs: inside the transaction of the act, or outside it by a worker."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler is given: the case it acts on, the values it declared, who acts, and the office time."""

    session: Session
    instance_id: int
    subject: str
    element: str
    inputs: Mapping[str, Value]
    actor: Actor
    now: datetime
    # The same for each attempt of one call: an outside system can tell a repetition by it.
    key: str = ""


Handler = Callable[[Call], Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler with the process values that it reads and writes; `outputs` maps each name to its empty value."""

    name: str
    run: Handler
    inputs: tuple[str, ...] = ()
    outputs: Mapping[str, Value] = field(default_factory=dict)
    mode: Mode = Mode.INSIDE


class Registry:
    """Names to handlers. A name is given once; an unknown one raises HandlerMissing."""

    def __init__(self) -> None:
        self._handlers: dict[str, Registered] = {}

    def register(
        self,
        name: str,
        run: Handler,
        *,
        inputs: tuple[str, ...] = (),
        outputs: Mapping[str, Value],
        mode: Mode = Mode.INSIDE,
    ) -> None:
        """Makes `run` known under `name`; raises ValueError when the name is taken."""
        if name in self._handlers:
            raise ValueError(name)
        self._handlers[name] = Registered(name, run, inputs, outputs, mode)

    def get(self, name: str) -> Registered:
        """The handler of this name; raises HandlerMissing."""
        try:
            return self._handlers[name]
        except KeyError:
            raise errors.HandlerMissing(name) from None

    def names(self) -> frozenset[str]:
        """All names that a diagram may use."""
        return frozenset(self._handlers)


class Calendar(Protocol):
    """What the host asks the office about time. All instants are aware UTC."""

    def due(self, expression: str, start: datetime, values: Mapping[str, Value]) -> datetime:
        """The instant that a deadline or timer expression means, counted from `start`.

        Raises ExpressionInvalid when the expression means nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Environment:
    """What the application gives to the host; carried by each session as `session.info["environment"]`."""

    handlers: Registry
    calendar: Calendar


def environment_of(session: Session) -> Environment:
    """The environment that bootstrap put into this session's factory."""
    environment = session.info["environment"]
    assert isinstance(environment, Environment)
    return environment
