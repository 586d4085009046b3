"""Random input for everything that takes what strangers drew: by hand for as long as wanted, where CI has ten seconds.

Run by hand: python tests/benchmarks/fuzz.py [--minutes 60] [--seed 1] [--only NAME]; prints JSON. A target fails when
it crashes, takes longer than --patience seconds for one input, or says what is not true (a process that is over and
still has a token, two runs that should be equal and are not). The smallest input that fails is printed with it.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import faulthandler
import json
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests import factories
from tests.benchmarks import engine as house
from tests.workflows import models, test_tokens, walks
from tests.workflows import test_by_the_book as book
from tests.workflows import test_compaction as compaction
from tests.workflows import test_expressions as expressions
from tests.workflows import test_forms as forms_
from tests.workflows import test_linter_mutations as mutations
from tests.workflows import test_player_random as player
from tests.workflows import test_timers as timers
from workflows import (
    closures,
    database,
    definitions,
    embedded,
    engine,
    errors,
    forms,
    interventions,
    linter,
    parser,
    queries,
)
from workflows import player as player_
from workflows.problems import DefinitionInvalid, Known

if TYPE_CHECKING:
    from collections.abc import Callable

LENIENT = player_.LENIENT
MEMORY = 4_000_000_000
SHIPPED = [path.read_bytes() for path in sorted((mutations.ROOT / "bpmn" / "forms").glob("*.json"))]
JSON = st.sampled_from(
    [None, True, -1, 0, 10**9, 1.5, "", "x", "=x", "=", "[a-z]+", "((a+)+)+$", "today", [], {}, [[]]]
)
TEXT = st.text(max_size=30) | st.sampled_from(["9" * 500, "(" * 100, "{}", "-1", "on", "31.02.2004", "\x00", "ﷺ" * 50])


accepted: Counter[str] = Counter()


class HungError(Exception):
    """An input took longer than it may."""


@dataclass(frozen=True)
class Target:
    """What is tried, on which input; `examples` a round."""

    name: str
    strategies: tuple[Any, ...]
    body: Callable[..., None]
    examples: int = 200


@dataclass
class Found:
    """What is known of a target so far."""

    inputs: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    failures: dict[str, str] = field(default_factory=dict)


def inner(test):
    """The body of a test of the suite."""
    return test.hypothesis.inner_test


def bytewise(source, cuts):
    """A file with bytes changed, cut out and doubled is read or refused."""
    content = bytearray(mutations.REAL[source % len(mutations.REAL)])
    for kind, place, value in cuts:
        at = place % max(len(content), 1)
        if kind == "set" and content:
            content[at] = value
        elif kind == "cut":
            del content[at : at + value]
        else:
            content[at:at] = content[at : at + value]
    problems = linter.check({"p.bpmn": bytes(content)}, lenient=LENIENT)
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)
    if not any(problem.severity == "error" for problem in problems):
        accepted["linter: changed bytes"] += 1
        mutations.begin(bytes(content))


def drawn(source, changes):
    """A changed drawing is judged, and begins when it is accepted."""
    content = mutations.changed(mutations.SOURCES[source], changes)
    problems = linter.check({"p.bpmn": content}, lenient=LENIENT)
    assert all(problem.message("de") and problem.remedy("en") for problem in problems)
    if not any(problem.severity == "error" for problem in problems):
        accepted["linter, parser and steps: changed drawings"] += 1
        mutations.begin(content)


def form_of_designer(source, changes, typed):
    """A shipped form with values replaced is refused, or answers whatever is typed."""
    document = json.loads(SHIPPED[source % len(SHIPPED)])
    for place, name, value in changes:
        spots = list(_spots(document))
        holder, key = spots[place % len(spots)]
        if name and isinstance(holder, dict):
            holder[name] = copy.deepcopy(value)
        else:
            holder[key] = copy.deepcopy(value)
    try:
        compiled = forms.compile_form(json.dumps(document).encode())
    except forms.FormInvalid as invalid:
        if not invalid.faults:
            raise AssertionError from invalid
        return
    accepted["forms: shipped ones, changed"] += 1
    keys = [item.key for item in compiled.inputs()]
    data = {keys[number % len(keys)] if keys else "x": [text] for number, text in typed}
    sent = forms.submit(compiled, data, values={}, options={}, today=forms_.TODAY)
    json.dumps([sent.case, sent.process])


def _spots(holder):
    items = list(holder.items() if isinstance(holder, dict) else enumerate(holder))
    for key, value in items:
        yield holder, key
        if isinstance(value, dict | list):
            yield from _spots(value)


def moved(process, steps, changes):
    """A case in the middle of a random process is set into a changed drawing of it, or refused with a known code."""
    drawn = models.Drawing().process(*process)
    files = {name: walks.diagram(body, name) for name, body in drawn.items()}
    other = files | {"p": mutations.changed(mutations.etree.fromstring(files["p"]), changes)}
    if any(
        problem.severity == "error"
        for problem in linter.check({f"{n}.bpmn": one for n, one in other.items()}, lenient=LENIENT)
    ):
        return
    parsed = parser.parse({f"{name}.bpmn": one for name, one in other.items()})
    with contextlib.suppress(errors.StepFailed):
        walk = walks.Walk(walks.parsed(*files.values()), compacted=True, given=compaction.START)
        for number, kind, values in steps:
            compaction.act(walk, number, kind, values)
        if "p" not in parsed or walk.workflow.completed:
            return
        accepted["migration: set into a changed drawing"] += 1
        before = test_tokens.keys(walk)
        if test_tokens.refusal(walk, parsed["p"]):
            assert test_tokens.keys(walk) == before
            return
        assert test_tokens.keys(walk) >= before
        for number, kind, values in steps:
            compaction.act(walk, number, kind, values)


class Deployed:
    """Changed drawings through the database: deployed, started, worked on, tokens moved about, to an end or a stop."""

    def __init__(self, url):
        registered = mutations.handlers().get("h.run")
        house.prepare(url).kw["bind"].dispose()
        self.sessions = database.sessions(database.engine_for(url), factories.environment(registered))
        self.known = Known(
            {registered.name: registered}, frozenset({"KS"}), LENIENT - {"role_missing", "handler_unknown"}
        )

    def __call__(self, source, changes, choices):
        content = mutations.changed(mutations.SOURCES[source], changes)
        with self.sessions() as session, contextlib.suppress(DefinitionInvalid, errors.WorkflowError):
            made = definitions.deploy(session, {"p.bpmn": content}, known=self.known, now=walks.NOW, by="Fuzz")
            accepted["deployed, started and worked on"] += 1
            assert set(closures.of({"p.bpmn": content})) == {one.process for one in made}
            instance = engine.start(
                session, made[0].process, subject="1", values=mutations.GIVEN, actor=house.WHO, now=walks.NOW
            )
            self.work(session, instance, choices)
            self.check(session, instance)

    def work(self, session, instance, choices):
        for number, kind in choices:
            tasks = queries.open_tasks(session, "1")
            if kind == "wake" or not tasks:
                engine.wake(session, instance, now=walks.NOW + walks.timedelta(number))
            elif kind == "skip":
                task = tasks[number % len(tasks)]
                order = interventions.Order(house.WHO, "weil", walks.NOW)
                interventions.skip(session, instance, order, task.key, values={})
            else:
                task = tasks[number % len(tasks)]
                engine.complete(session, task.id, actor=house.WHO, values={"x": number}, now=walks.NOW)

    def check(self, session, instance):
        status = session.execute(house.text("SELECT status FROM workflow_instance WHERE id = :id"), {"id": instance})
        left = house.text(
            "SELECT (SELECT count(*) FROM workflow_task WHERE instance_id = :id)"
            " + (SELECT count(*) FROM workflow_waiting WHERE instance_id = :id)"
        )
        number = session.execute(left, {"id": instance}).scalar_one()
        assert (status.scalar_one() == "running") == bool(number)


cuts = st.lists(
    st.tuples(st.sampled_from(["set", "cut", "double"]), st.integers(0, 10**6), st.integers(0, 255)),
    min_size=1,
    max_size=8,
)
replaced = st.lists(
    st.tuples(st.integers(0, 10**4), st.sampled_from(["", "", "", "validate", "conditional", "type"]), JSON | TEXT),
    min_size=1,
    max_size=5,
)
typed = st.lists(st.tuples(st.integers(0, 50), TEXT), max_size=8)
choices = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["complete", "complete", "wake", "skip"])), max_size=8)
few = st.lists(mutations._change, max_size=2) | mutations.several
shown = st.integers(len(mutations.REAL), len(mutations.SOURCES) - 1)
_expression = st.recursive(expressions._atoms, expressions._grow, max_leaves=25)
_source = st.text(alphabet="abx_()[]{}.,:'\"=<>!+-*/% \n0123456789#lenforinandor", max_size=200)
_due = st.text(max_size=40) | st.from_regex(r"R?\d{0,2}/?P[0-9YMWDTHS]{0,12}", fullmatch=True)
_fields = st.dictionaries(forms_._paths | st.text(max_size=5), forms_._typed)
_values = st.dictionaries(st.sampled_from("abc"), forms_._json)
TARGETS = (
    Target(
        "linter, parser and steps: changed drawings",
        (mutations.sources, few),
        drawn,
        400,
    ),
    Target("linter: changed bytes", (st.integers(0, 10**4), cuts), bytewise, 300),
    Target(
        "player: random processes and scenarios",
        (models.processes, player.acts, st.booleans()),
        inner(player.test_a_play_ends_with_an_outcome_that_is_true),
        100,
    ),
    Target(
        "engine: drawings of any shape, by the book",
        (st.integers(0, 2**32),),
        inner(book.test_what_is_seen_of_any_drawing_is_what_the_standard_allows),
        150,
    ),
    Target(
        "compaction: equal to a run that never forgets",
        (models.processes, compaction.choices),
        inner(compaction.test_walks_are_equal_step_by_step),
        100,
    ),
    Target(
        "migration: set into the same version at every step",
        (models.processes, compaction.choices),
        inner(test_tokens.test_a_walk_that_is_replanted_at_every_step_is_equal_to_one_that_is_not),
        100,
    ),
    Target("migration: set into a changed drawing", (models.processes, compaction.choices, few), moved, 150),
    Target(
        "expressions: as Python means them",
        (_expression,),
        inner(expressions.test_allowed_sources_mean_what_they_mean_in_python),
        1000,
    ),
    Target(
        "expressions: any text",
        (st.text(max_size=300),),
        inner(expressions.test_any_text_is_an_expression_or_refused),
        1000,
    ),
    Target("scripts: any text", (_source,), inner(expressions.test_any_python_like_text_is_a_script_or_refused), 1000),
    Target("timers: any text", (_due,), inner(timers.test_any_text_is_a_timer_or_refused), 1000),
    Target(
        "forms: any JSON",
        (st.lists(forms_._component, max_size=6),),
        inner(forms_.test_any_json_is_a_form_or_refused),
        300,
    ),
    Target("forms: shipped ones, changed", (st.integers(0, 10**4), replaced, typed), form_of_designer, 300),
    Target(
        "forms: whatever is sent",
        (_fields, _values),
        inner(forms_.test_whatever_is_sent_is_answered_with_values_or_errors),
        300,
    ),
)


def turn(target, found, number, *, patience):
    """One round of a target; a failure is kept once for each place."""

    def body(arguments):
        begun = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, patience)
        # What hangs inside the interpreter hears no signal: then the run ends, and says where it hung.
        faulthandler.dump_traceback_later(patience * 4, exit=True)
        try:
            target.body(*arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
            found.inputs += 1
            found.slowest = max(found.slowest, time.perf_counter() - begun)

    checked = settings(
        max_examples=target.examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )(given(st.tuples(*target.strategies))(body))
    begun = time.perf_counter()
    try:
        seed(number)(checked)()
    except Exception as failure:  # noqa: BLE001  whatever it is, it is what is looked for
        place = traceback.extract_tb(failure.__traceback__)[-1]
        said = "\n".join([*traceback.format_exception(failure)[-6:], *getattr(failure, "__notes__", ())])
        found.failures.setdefault(f"{type(failure).__name__} {Path(place.filename).name}:{place.lineno}", said)
        print(f"{target.name}: {said}", file=sys.stderr, flush=True)
    found.seconds += time.perf_counter() - begun


def hung(*_):
    raise HungError


def report(known, *, minutes, chosen):
    """The figures as JSON holds them."""
    return {
        "seed": chosen,
        "minutes": round(minutes, 1),
        "inputs": sum(found.inputs for found in known.values()),
        "failures": sum(len(found.failures) for found in known.values()),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "targets": {
            name: {
                "inputs": found.inputs,
                "accepted": accepted.get(name),
                "seconds": round(found.seconds, 1),
                "slowest_seconds": round(found.slowest, 2),
                "failures": found.failures,
            }
            for name, found in known.items()
        },
    }


def main():
    """Rounds over all targets until the time is over."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--patience", type=float, default=30)
    arguments.add_argument("--only", default="")
    chosen = arguments.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, hung)
    chance, begun = random.Random(chosen.seed), time.monotonic()
    with embedded.temporary() as server:
        embedded.ensure_database(server, "fuzz")
        deployed = Deployed(server.url("fuzz", embedded.OWNER))
        through = Target("deployed, started and worked on", (shown, few, choices), deployed, 15)
        targets = [target for target in (*TARGETS, through) if chosen.only in target.name]
        known = {target.name: Found() for target in targets}
        while time.monotonic() - begun < chosen.minutes * 60:
            for target in targets:
                turn(target, known[target.name], chance.randrange(2**32), patience=chosen.patience)
            minutes = (time.monotonic() - begun) / 60
            inputs = sum(found.inputs for found in known.values())
            print(f"{minutes:.1f} minutes, {inputs} inputs", file=sys.stderr, flush=True)
    print(json.dumps(report(known, minutes=(time.monotonic() - begun) / 60, chosen=chosen.seed), indent=1))
    sys.exit(any(found.failures for found in known.values()))


if __name__ == "__main__":
    main()
