"""The headless player: runs the processes of a diagram by a scenario, without application and without database.

It is no second engine. Each instance runs by workflows.steps on specs of workflows.parser, is stored by
workflows.serializer and loaded again between any two steps. Only what stands around it is different: the clock is the
scenario's, people and services are answered by the scenario, and messages go to the other instances of the play.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from workflows import closures, linter, markup, parser, player_answers, player_pool, player_stage, reasons
from workflows.errors import ExpressionInvalid, StepFailed
from workflows.handlers import Environment
from workflows.player_scenario import ScenarioInvalid
from workflows.problems import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from workflows.handlers import Calendar, Registered, Value
    from workflows.player_pool import Open, Wait
    from workflows.player_scenario import Scenario, Step
    from workflows.player_stage import Finding, Stage
    from workflows.player_tape import Passed
    from workflows.problems import Problem
    from workflows.specs import Specs

Outcome = Literal["completed", "waiting", "failed", "refused"]
# What only an office can tell: who plays a diagram without one is told of it, and may play.
LENIENT = frozenset(
    {
        "role_missing",
        "role_unknown",
        "handler_missing",
        "handler_unknown",
        "form_missing",
        "name_unknown",
        "start_timer_personal",
    }
)


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a scenario names and the diagram does not have."""

    element: str
    invalid: ScenarioInvalid
    severity: Literal["error", "warning"] = "error"

    @property
    def code(self) -> str:
        """What is the matter."""
        return self.invalid.code

    def message(self, locale: str) -> str:
        """What is wrong, where, and what would be right, in this language."""
        return self.invalid.message(locale)

    def remedy(self, locale: str) -> str:
        """The message says it."""
        del locale
        return ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a play ended."""

    outcome: Outcome
    problems: tuple[Problem | Finding | Misfit, ...]
    trace: tuple[Passed, ...] = ()
    open: tuple[Open, ...] = ()
    waiting: tuple[Wait, ...] = ()
    data: Mapping[str, Value] = field(default_factory=dict)
    # Where the clock of the play stands at its end; None where nothing was played.
    now: datetime | None = None

    @property
    def is_fine(self) -> bool:
        """Whether nothing was refused and nothing failed."""
        return self.outcome in {"completed", "waiting"}


def check(files: Mapping[str, bytes], declared: Mapping[str, Registered]) -> list[Problem]:
    """All problems of these files; what only an office can tell is a warning."""
    return linter.lint(files, Known(handlers=declared, lenient=LENIENT))


def play(
    files: Mapping[str, bytes],
    scenario: Scenario,
    *,
    main: str,
    declared: Mapping[str, Registered],
    calendar: Calendar,
    now: datetime,
    budget: int = player_stage.MAX_ACTS,
    checked: Sequence[Problem] | None = None,
) -> Result:
    """Plays the file `main`; the others are what it calls and shows. `declared` tells what handlers give back, `now`
    counts where the scenario names no time, `checked` is what `check` has found before. A scenario that names what the
    diagram does not have is refused.
    """
    problems = _relevant(check(files, declared) if checked is None else checked, scenario)
    if any(problem.severity == "error" for problem in problems):
        return Result("refused", tuple(problems))
    parsed = {name: player_pool.prepared(specs, scenario.held()) for name, specs in parser.parse(files).items()}
    root = markup.read(files[main])
    mine = [node.get("id") for node in root.iterchildren(markup.BPMN + "process") if node.get("id") in parsed]
    called = {name for process in closures.processes({main: root}).values() for name in closures.calls(process.node)}
    roles = {name: parsed[name] for name in mine if name not in called or name == scenario.process} or parsed
    first = _first(roles, scenario, root)
    misfit = _misfit(scenario, parsed, mine) or _unclear(scenario, roles, first)
    if misfit is not None:
        return Result("refused", (*problems, misfit))
    fitting = _named(scenario, files.values())
    environment = Environment(player_answers.Answers(fitting, declared), calendar)
    stage = player_stage.Stage(roles, fitting, environment=environment, now=scenario.now or now, budget=budget)
    return _played(stage, first, problems)


def _relevant(problems: Iterable[Problem], scenario: Scenario) -> list[Problem]:
    """Names that the scenario brings in are known."""
    given = scenario.names()

    def is_known(problem: Problem) -> bool:
        names = {name.strip() for name in str(problem.values.get("names", "")).split(",")}
        return problem.code == "name_unknown" and names <= given

    return [problem for problem in problems if not is_known(problem)]


def _misfit(scenario: Scenario, parsed: Mapping[str, Specs], mine: list[str]) -> Misfit | None:
    if scenario.process is not None and scenario.process not in mine:
        name = scenario.process[:60]
        return Misfit(name, ScenarioInvalid("process_unknown", "process", name=name, known=", ".join(mine)))
    elements = {info.id for specs in parsed.values() for info in specs.by_spec.values()}
    handlers = {info.handler.rpartition("|")[2] for s in parsed.values() for info in s.by_spec.values() if info.handler}
    named = [(step.place, step.name, elements) for step in scenario.steps if step.kind in {"complete", "fail"}]
    named += [("answers", name, elements | handlers) for name in scenario.answers]
    return next((_unknown(place, name, known) for place, name, known in named if name not in known), None)


def _unclear(scenario: Scenario, parsed: Mapping[str, Specs], first: Iterable[str]) -> Misfit | None:
    """A start event that no process that begins has, or several where none is chosen."""
    choices = {name: [start.element for start in parser.plain(parsed[name].starts)] for name in first}
    known = [element for elements in choices.values() for element in elements]
    if scenario.start and scenario.start not in known:
        name = scenario.start[:60]
        return Misfit(name, ScenarioInvalid("start_unknown", "start", name=name, known=", ".join(known) or "-"))
    for process, elements in choices.items():
        if len(elements) > 1 and scenario.start not in elements:
            return Misfit(process, ScenarioInvalid("start_unclear", "start", name=process, known=", ".join(elements)))
    return None


def _unknown(place: str, name: str, known: Iterable[str]) -> Misfit:
    near = difflib.get_close_matches(name, sorted(known), 3)
    return Misfit(name, ScenarioInvalid("element_unknown", place, name=name[:60], near=near))


def _named(scenario: Scenario, files: Iterable[bytes]) -> Scenario:
    """Messages and signals may be named by their id in the file, too, and errors by their id or name."""
    names: dict[tuple[str, str], str] = {}
    codes: dict[str, str] = {}
    for content in files:
        if content.lstrip()[:1] == b"<":
            root = markup.read(content)
            for kind in ("message", "signal"):
                for node in root.iter(markup.BPMN + kind):
                    names[kind, node.get("id", "")] = node.get("name") or ""
            for node in root.iter(markup.BPMN + "error"):
                codes |= {node.get(key): node.get("errorCode", "") for key in ("id", "name") if node.get(key)}
    known = set(names.values())

    def fitted(step: Step) -> Step:
        name = step.name if step.name in known else names.get((step.kind, step.name), step.name)
        error = step.error if step.error in codes.values() else codes.get(step.error, step.error)
        return replace(step, name=name, error=error)

    return replace(scenario, steps=tuple(map(fitted, scenario.steps)))


def _first(parsed: Mapping[str, Specs], scenario: Scenario, root: object) -> list[str]:
    """The processes that begin at once: the chosen one and the other pools, else all that nobody else starts."""
    plain = [name for name, specs in parsed.items() if parser.plain(specs.starts)]
    if scenario.process is None:
        return plain
    pools = {
        markup.local_name(node.get("processRef", ""))
        for node in root.iter(markup.BPMN + "participant")  # type: ignore[attr-defined]  # an lxml element
    }
    return [name for name in plain if name == scenario.process or {name, scenario.process} <= pools]


def _played(stage: Stage, first: list[str], problems: list[Problem]) -> Result:
    failed: list[Finding] = []
    try:
        stage.begin(first)
        for step in stage.scenario.steps:
            _take(stage, step)
        while stage.scenario.auto_complete and stage.next_timer():
            pass
    except StepFailed as error:
        given = {"name": error.name, "reason": error.reason}
        failed.append(player_stage.Finding(error.element, "step_failed", given))
    except ExpressionInvalid as error:
        given = {"name": error.source, "reason": reasons.of_expression(error)}
        failed.append(player_stage.Finding("", "step_failed", given))
    except player_stage.Stopped as stopped:
        failed.append(stopped.finding)
    return _met(_result(stage, problems, failed), stage.scenario)


def _result(stage: Stage, problems: list[Problem], failed: list[Finding]) -> Result:
    data: dict[str, Value] = {}
    for pool in reversed(stage.pools):
        data |= pool.data
    done = bool(stage.pools) and all(pool.completed for pool in stage.pools)
    return Result(
        outcome="failed" if failed else "completed" if done else "waiting",
        problems=(*problems, *stage.told(), *failed),
        trace=tuple(stage.tape.passed),
        open=tuple(item for pool in stage.pools for item in pool.open),
        waiting=tuple(stage.waits()),
        data=data,
        now=stage.now,
    )


def _met(result: Result, scenario: Scenario) -> Result:
    """The result, failed when it is not what the scenario expects."""
    missed: list[Finding] = []
    if scenario.expected_outcome not in {None, result.outcome}:
        given = {"expected": scenario.expected_outcome, "found": result.outcome}
        missed.append(player_stage.Finding("", "expected_outcome", given))
    passed = iter([item.element for item in result.trace])
    for name in scenario.expected_passed:
        if name not in passed:  # looks on from where the one before was found
            missed.append(player_stage.Finding(name, "expected_passed", {"name": name}))
            break
    return replace(result, outcome="failed", problems=(*result.problems, *missed)) if missed else result


def _take(stage: Stage, step: Step) -> None:
    if step.kind == "complete":
        stage.complete(step)
    elif step.kind == "fail":
        stage.fail(step)
    elif step.kind == "advance":
        stage.advance(step)
    else:
        stage.deliver(step)
