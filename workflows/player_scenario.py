"""Scenarios of the player: what somebody would do, as JSON, checked before anything runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from workflows import player_texts, timers, values
from workflows.errors import ExpressionInvalid, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Value

Kind = Literal["complete", "advance", "message", "signal", "fail"]
_KINDS: tuple[Kind, ...] = ("complete", "advance", "message", "signal", "fail")
_KEYS = ("process", "start", "data", "now", "auto_complete", "steps", "answers", "expect", "description")
_EXPECTED = ("outcome", "passed")
_BESIDE = {"complete": ("values",), "advance": (), "message": ("payload",), "signal": ("payload",), "fail": ("error",)}
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "type_bool"),
    (dict, "type_object"),
    (list, "type_list"),
    (str, "type_text"),
    (type(None), "type_null"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `name` is the element, message, signal or duration; `values` is what is typed or comes along."""

    kind: Kind
    name: str
    place: str
    values: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A checked scenario. `answers` says what the handler of an element gives back: always the same, or in turn."""

    process: str | None = None
    # The start event at which it begins, where a process has several that wait for nothing.
    start: str = ""
    data: Mapping[str, Value] = field(default_factory=dict)
    now: datetime | None = None
    auto_complete: bool = False
    steps: tuple[Step, ...] = ()
    answers: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)
    expected_outcome: str | None = None
    expected_passed: tuple[str, ...] = ()
    # Elements that wait for their step though no step names them yet: for who plays step by step.
    waits: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        """The names of all values that the scenario brings in."""
        given = [self.data, *(step.values for step in self.steps)]
        given += [answer for answers in self.answers.values() for answer in answers]
        return frozenset(name for values_ in given for name in values_)

    def held(self) -> frozenset[str]:
        """The elements that wait for their step: those that steps name, and those of `waits`."""
        return self.waits | frozenset(step.name for step in self.steps if step.kind in {"complete", "fail"})


class ScenarioInvalid(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The scenario cannot be played; `place` and `message` say where and how to mend it."""

    def __init__(self, code: str, place: str = "", **given: Any) -> None:  # noqa: ANN401  what the text shows
        super().__init__(code, place)
        self.code = code
        self.place = place
        self.given = given

    def message(self, locale: str) -> str:
        """What is wrong, where, and what would be right, in this language."""
        given = dict(self.given)
        for name in ("expected", "found"):
            if name in given:
                given[name] = player_texts.text(given[name], locale)
        if "near" in given:
            near = ", ".join(given.pop("near"))
            given["hint"] = player_texts.text("hint", locale, known=near) if near else ""
        return player_texts.text(self.code, locale, place=self.place, **given)


def read(raw: bytes) -> Scenario:
    """The scenario in these bytes. Raises ScenarioInvalid with the place of the first mistake."""
    given = _typed(_json(raw), dict, "scenario")
    _known(given, _KEYS, "scenario")
    steps = _typed(given.get("steps", []), list, "steps")
    expected = _typed(given.get("expect", {}), dict, "expect")
    _known(expected, _EXPECTED, "expect")
    passed = _typed(expected.get("passed", []), list, "expect.passed")
    return Scenario(
        process=_typed(given["process"], str, "process") if given.get("process") is not None else None,
        start=_typed(given.get("start", ""), str, "start"),
        data=_values(given.get("data", {}), "data"),
        now=_instant(given["now"], "now") if given.get("now") is not None else None,
        auto_complete=_typed(given.get("auto_complete", False), bool, "auto_complete"),
        steps=tuple(_step(step, f"steps[{number}]") for number, step in enumerate(steps)),
        answers=_answers(given.get("answers", {})),
        expected_outcome=_typed(expected["outcome"], str, "expect.outcome") if "outcome" in expected else None,
        expected_passed=tuple(_typed(name, str, "expect.passed") for name in passed),
    )


def _json(raw: bytes) -> Any:  # noqa: ANN401  any JSON
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as broken:
        raise ScenarioInvalid("not_json", line=broken.lineno, column=broken.colno) from broken
    except RecursionError as deep:
        raise ScenarioInvalid("not_json", line=1, column=1) from deep
    except UnicodeDecodeError as broken:
        raise ScenarioInvalid("not_text") from broken
    except ValueError as odd:  # a number of more digits than Python reads
        raise ScenarioInvalid("value", "scenario", name=str(odd)[:40]) from odd


def _typed(value: Any, expected: type, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, expected):
        raise ScenarioInvalid("type", place, expected=_type(expected()), found=_type(value))
    return value


def _type(value: object) -> str:
    return next((code for kind, code in _TYPES if isinstance(value, kind)), "type_number")


def _known(given: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in given:
        if key not in known:
            raise ScenarioInvalid("key_unknown", place, key=key[:60], known=", ".join(known))


def _values(given: Any, place: str) -> Mapping[str, Value]:  # noqa: ANN401
    found: Mapping[str, Value] = _typed(given, dict, place)
    refused = values.refusal(found)
    if refused is not None:
        raise ScenarioInvalid("value", place, name=refused[:60])
    return found


def _instant(given: Any, place: str) -> datetime:  # noqa: ANN401
    try:
        found = datetime.fromisoformat(_typed(given, str, place))
    except ValueError:
        raise ScenarioInvalid("time", place, value=given[:60]) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _step(given: Any, place: str) -> Step:  # noqa: ANN401
    _typed(given, dict, place)
    kinds = [kind for kind in _KINDS if kind in given]
    if len(kinds) != 1:
        raise ScenarioInvalid("step_unclear", place, known=", ".join(_KINDS))
    kind = kinds[0]
    _known(given, (kind, *_BESIDE[kind], "comment"), place)
    name = _typed(given[kind], str, f"{place}.{kind}")
    if kind == "advance":
        _duration(name, f"{place}.advance")
    if kind == "fail" and not isinstance(given.get("error"), str):
        raise ScenarioInvalid("error_missing", place)
    beside = next((key for key in ("values", "payload") if key in given), "values")
    brought = _values(given.get(beside, {}), f"{place}.{beside}")
    return Step(kind, name, f"{place}.{kind}", brought, given.get("error", ""))


def _duration(text: str, place: str) -> None:
    try:
        timer = timers.compile_timer(text)
    except ExpressionInvalid:
        raise ScenarioInvalid("duration", place, value=text[:60]) from None
    if timer.cycle or timer.names:
        raise ScenarioInvalid("duration", place, value=text[:60])


def _answers(given: Any) -> Mapping[str, tuple[Mapping[str, Value], ...]]:  # noqa: ANN401
    found = {}
    for element, answer in _typed(given, dict, "answers").items():
        place = f"answers.{element}"
        turns = answer if isinstance(answer, list) else [answer]
        if not turns:
            raise ScenarioInvalid("type", place, expected="type_object", found="type_list")
        found[element] = tuple(_values(turn, f"{place}[{number}]") for number, turn in enumerate(turns))
    return found
