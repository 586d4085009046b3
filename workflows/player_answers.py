"""The services of a play: each is answered by the scenario, else by the empty values that its handler declares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from workflows.handlers import Mode, Registered, Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Call, Value
    from workflows.player_scenario import Scenario

_BETWEEN = "|"


def name_of(element: str, handler: str | None) -> str:
    """The name under which the service of an element is asked for here."""
    return f"{element}{_BETWEEN}{handler or ''}"


class Answers(Registry):
    """A registry that knows every service of a play. Those that steps name wait for their step."""

    def __init__(self, scenario: Scenario, declared: Mapping[str, Registered]) -> None:
        super().__init__()
        self._scenario = scenario
        self._declared = declared
        self._held = scenario.held()
        self._asked: Counter[str] = Counter()

    def get(self, name: str) -> Registered:
        """The service of this name; there is always one."""
        element, _, handler = name.partition(_BETWEEN)
        known = self._declared.get(handler)
        empty = dict(known.outputs) if known is not None else {}
        key = element if element in self._scenario.answers else handler
        answers = self._scenario.answers.get(key, ())
        names = {name for answer in answers for name in answer}
        mode = Mode.OUTSIDE if element in self._held else Mode.INSIDE

        def answer(_call: Call) -> Mapping[str, Value]:
            return self._next(key, answers) if answers else empty

        outputs = {**dict.fromkeys(names), **empty}
        return Registered(handler or element, answer, known.inputs if known else (), outputs, mode)

    def _next(self, key: str, answers: tuple[Mapping[str, Value], ...]) -> Mapping[str, Value]:
        """The answers in turn; the last one is given again and again."""
        number = min(self._asked[key], len(answers) - 1)
        self._asked[key] += 1
        return answers[number]
