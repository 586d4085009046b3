"""The stage of a play: all instances that take part, the clock, and what they say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition

from workflows import clock, errors, parser, player_texts, reasons, start_timers, values
from workflows.player_pool import Pool, Wait
from workflows.player_tape import Tape
from workflows.specs import occurrence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.handlers import Environment, Value
    from workflows.player_scenario import Scenario, Step
    from workflows.specs import Specs, Start

# What happens by itself: completions, messages, timers. A play that needs more has no end in sight.
MAX_ACTS = 5_000
_LATEST = timedelta(days=366 * 200)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the play found: a failure, or (a warning) what the designer should know."""

    element: str
    code: str
    given: Mapping[str, Any]
    severity: Literal["error", "warning"] = "error"

    def message(self, locale: str) -> str:
        """What happened, in this language."""
        given = dict(self.given)
        if "reason" in given:
            given["reason"] = reasons.told(given["reason"], locale)
        if "known" in given:
            given["known"] = ", ".join(given["known"]) or player_texts.text("nothing", locale)
        return player_texts.text(self.code, locale, **given)

    def remedy(self, locale: str) -> str:
        """What happened while playing has no general way out."""
        del locale
        return ""


class Stopped(errors.WorkflowError):
    """The play cannot go on; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class _Kept:
    """A message that nobody has awaited so far, and what is to be said when nobody ever does."""

    name: str
    payload: Mapping[str, Value]
    processes: frozenset[str] | None
    finding: Finding


@dataclass(slots=True)
class _Timer:
    """A start event that waits for an instant, and its next occurrence."""

    specs: Specs
    start: Start
    began_at: datetime
    number: int
    due_at: datetime | None


class Stage:
    """Instances, clock and messages of one play. Every method may raise StepFailed or Stopped."""

    def __init__(
        self,
        specs: Mapping[str, Specs],
        scenario: Scenario,
        *,
        environment: Environment,
        now: datetime,
        budget: int = MAX_ACTS,
    ) -> None:
        self.specs = specs
        self.scenario = scenario
        self.environment = environment
        self.now = now
        self.tape = Tape()
        self.pools: list[Pool] = []
        self.findings: list[Finding] = []
        self._letters: list[tuple[Pool, Any]] = []
        self._kept: list[_Kept] = []
        self._offered: set[tuple[int, Any]] = set()
        self._acts, self._budget = 0, budget
        self._triggers = [(process, start) for process in specs.values() for start in process.starts if start.kind]
        self._timers = [
            self._timer(process, start)
            for process, start in self._triggers
            if start.kind == "timer" and scenario.process in {None, process.process}
        ]

    def begin(self, processes: list[str]) -> None:
        """Starts an instance of each of these processes, and lets all of them run as far as they come."""
        for process in processes:
            plain = parser.plain(self.specs[process].starts)
            at = next((start.name for start in plain if start.element == self.scenario.start), "")
            self._start(self.specs[process], at, self.scenario.data)
        self.settle()

    def _timer(self, specs: Specs, start: Start) -> _Timer:
        with clock.at(self.now, self.environment.calendar):
            number = start_timers.first(start.event, self.now)
            return _Timer(specs, start, self.now, number, occurrence(start.event, number, self.now))

    def _start(self, specs: Specs, at: str, given: Mapping[str, Value]) -> None:
        pool = Pool(len(self.pools) + 1, specs, environment=self.environment, tape=self.tape)
        self.pools.append(pool)
        pool.start(given, at=at, now=self.now)
        self._collect(pool)

    def _collect(self, pool: Pool) -> None:
        self._letters += [(pool, event) for event in pool.said]
        pool.said = []
        if pool.broken is not None:
            element, code = pool.broken
            raise Stopped(Finding(element, "error_uncaught", {"code": code}))

    def _count(self) -> None:
        """An act costs the more the more places there are to look at."""
        self._acts += 1 + sum(len(pool.open) for pool in self.pools) // 50
        if self._acts > self._budget:
            last = self.tape.passed[-1].element if self.tape.passed else ""
            raise Stopped(Finding(last, "budget", {"number": self._budget}))

    def settle(self) -> None:
        """Completes what nobody waits for and brings what was said to who hears it, until nothing is left."""
        while (self.scenario.auto_complete and self._complete_one()) or self._bring_one() or self._bring_kept():
            self._count()

    def _complete_one(self) -> bool:
        held = self.scenario.held()
        for pool in self.pools:
            for item in pool.open:
                if item.element in held or (item.once is not None and (pool.number, item.once) in self._offered):
                    continue
                if item.once is not None:
                    self._offered.add((pool.number, item.once))
                pool.complete(item.key, {}, self.now)
                self._collect(pool)
                return True
        return False

    def _bring_one(self) -> bool:
        if not self._letters:
            return False
        sender, event = self._letters.pop(0)
        definition = event.event_definition
        kind = "message" if isinstance(definition, MessageEventDefinition) else "signal"
        payload = values.visible(event.payload or {}) if kind == "message" else {}
        if kind == "message" and event.receivers == frozenset():
            # To a pool that shows no process: out of the house.
            return True
        if (
            not self._deliver(kind, definition.name, payload, sender=sender, processes=event.receivers)
            and kind == "message"
        ):
            finding = Finding("", "message_unheard", {"name": definition.name}, "warning")
            self._kept.append(_Kept(definition.name, payload, event.receivers, finding))
        return True

    def _bring_kept(self) -> bool:
        """Brings a message that came too early to who awaits it now."""
        for letter in self._kept:
            if self._deliver("message", letter.name, letter.payload, processes=letter.processes):
                self._kept.remove(letter)
                return True
        return False

    def _deliver(
        self,
        kind: str,
        name: str,
        payload: Mapping[str, Value],
        *,
        sender: Pool | None = None,
        processes: frozenset[str] | None = None,
    ) -> bool:
        """To each instance that waits; a message that none awaits starts a process, a signal starts them anyway. Only
        to these processes, if any are named.
        """
        heard = False
        for pool in [pool for pool in self.pools if pool is not sender]:
            if (processes is None or pool.specs.processes & processes) and pool.take(kind, name, payload, self.now):
                heard = True
                self._collect(pool)
        if kind == "message" and heard:
            return True
        for process, start in self._triggers:
            fits = processes is None or process.process in processes
            if fits and (start.kind, start.event) == (kind, name):
                heard = True
                self._start(process, start.name, {**self.scenario.data, **payload})
        return heard

    def deliver(self, step: Step) -> None:
        """Brings the message or signal of a step; nobody who waits for it is worth a word."""
        if not self._deliver(step.kind, step.name, step.values):
            given = {"place": step.place, "name": step.name}
            finding = Finding("", "nobody_waits" if step.kind == "signal" else "message_unawaited", given, "warning")
            if step.kind == "signal":
                self.findings.append(finding)
            else:
                self._kept.append(_Kept(step.name, step.values, None, finding))
        self.settle()

    def told(self) -> list[Finding]:
        """What the designer should know at the end of the play."""
        return [*self.findings, *(letter.finding for letter in self._kept)]

    def complete(self, step: Step) -> None:
        """Completes the element of a step; with auto_complete the clock first moves until it is open."""
        while True:
            for pool in self.pools:
                item = next((item for item in pool.open if item.element == step.name), None)
                if item is not None:
                    pool.complete(item.key, step.values, self.now)
                    self._collect(pool)
                    self.settle()
                    return
            self._wait_for(step)

    def fail(self, step: Step) -> None:
        """Lets the element of a step fail; with auto_complete the clock first moves until it is under way."""
        while True:
            for pool in self.pools:
                if pool.fail(step.name, step.error, self.now):
                    self._collect(pool)
                    self.settle()
                    return
            self._wait_for(step)

    def _wait_for(self, step: Step) -> None:
        if not (self.scenario.auto_complete and self.next_timer()):
            known = [item.element for pool in self.pools for item in pool.open]
            raise Stopped(Finding(step.name, "step_not_open", {"place": step.place, "name": step.name, "known": known}))

    def advance(self, step: Step) -> None:
        """Moves the clock by the duration of a step; what becomes due on the way fires at its own instant."""
        with clock.at(self.now, self.environment.calendar):
            target = clock.due(step.name, {})
        while (due := self._next_due(self._timers)) is not None and due <= target:
            self._fire(due)
        self.now = max(self.now, target).astimezone(UTC)

    def next_timer(self) -> bool:
        """Moves the clock to the next timer and fires it; False when there is none.

        A process that the clock starts is started once: else a cycle would have no end.
        """
        begun = {pool.specs.process for pool in self.pools}
        due = self._next_due([timer for timer in self._timers if timer.specs.process not in begun])
        if due is None or due - self.now > _LATEST:
            return False
        self._fire(due)
        return True

    def _next_due(self, starts: list[_Timer]) -> datetime | None:
        waits = [wait.due_at for pool in self.pools for wait in pool.waits]
        due = (at for at in (*waits, *(timer.due_at for timer in starts)) if at is not None)
        return min(due, default=None)

    def _fire(self, due: datetime) -> None:
        self._count()
        self.now = max(self.now, due).astimezone(UTC)
        for timer in self._timers:
            if timer.due_at is not None and timer.due_at <= self.now:
                timer.number += 1
                with clock.at(self.now, self.environment.calendar):
                    timer.due_at = occurrence(timer.start.event, timer.number, timer.began_at)
                self._start(timer.specs, timer.start.name, self.scenario.data)
        for pool in list(self.pools):
            if any(wait.due_at is not None and wait.due_at <= self.now for wait in pool.waits):
                pool.fire(self.now)
                self._collect(pool)
        self.settle()

    def waits(self) -> list[Wait]:
        """What is waited for; before anything has begun, what would start it."""
        if self.pools:
            return [wait for pool in self.pools for wait in pool.waits]
        due = {(timer.specs.process, timer.start.name): timer.due_at for timer in self._timers}
        return [
            Wait(start.kind, start.event, start.element, process.process, due.get((process.process, start.name)))
            for process, start in self._triggers
        ]
