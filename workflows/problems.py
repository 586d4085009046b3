"""What the linter finds: a problem names the element, a code, and the values of its text (see texts.json)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from workflows import texts
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Registered

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a diagram or form from being used (or, a warning, that its author should know)."""

    element: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    file: str = ""

    def message(self, locale: str) -> str:
        """What is wrong, in this language."""
        return texts.text("problem", self.code, locale=locale, values=self._all())

    def remedy(self, locale: str) -> str:
        """What to do about it, in this language."""
        return texts.remedy(self.code, locale=locale, values=self._all())

    def _all(self) -> dict[str, Any]:
        return {**self.values, "element": self.element, "file": self.file}


@dataclass(frozen=True, slots=True)
class Known:
    """What a diagram may refer to: the registered handlers and the roles of the office; None leaves that unchecked.
    Problems of the codes in `lenient` are told as warnings: who only tries a diagram out needs no office. `begun` are
    the processes that the application begins by their ids, each with whether it asks at which start event.
    """

    handlers: Mapping[str, Registered] | None = None
    roles: frozenset[str] | None = None
    lenient: frozenset[str] = frozenset()
    begun: Mapping[str, bool] = field(default_factory=dict)


class DefinitionInvalid(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The diagrams cannot be used; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.file}#{problem.element}: {problem.code}" for problem in problems[:20]))
        self.problems = problems
