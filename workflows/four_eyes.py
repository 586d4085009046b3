"""Which interventions one person alone may not do: those on steps that the diagram marks with `d:fourEyes`, because
money or rights hang on them.

A task that another person must do (`d:distinctFrom`) and the task it must differ from count as marked: passing either
would leave one pair of eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workflows.specs import ElementInfo, Specs

RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Guard:
    """A marked step that an intervention touches, and what hangs on it: "money" or "rights"."""

    kind: str
    process: str
    element: str
    name: str


def of_step(specs: Specs, step: ElementInfo) -> tuple[Guard, ...]:
    """What hangs on passing this step: on itself, and on all that it calls or embeds."""
    holders = {inner for holder, info in _held(specs) if info == step for inner in _inside(specs, holder, info.id)}
    return _guards(specs, lambda holder, info: info == step or holder in holders)


def of_process(specs: Specs, process: str) -> tuple[Guard, ...]:
    """What hangs on moving a token about in this process: it may jump over any step, and over all that these call."""
    places = [(holder, info) for holder, info in _held(specs) if info.process == process]
    holders = {inner for holder, info in places for inner in _inside(specs, holder, info.id)}
    return _guards(specs, lambda holder, info: info.process == process or holder in holders)


def of_all(specs: Specs) -> tuple[Guard, ...]:
    """What hangs on the instance as a whole."""
    return _guards(specs, lambda _holder, _info: True)


def _guards(specs: Specs, touches: Any) -> tuple[Guard, ...]:  # noqa: ANN401  a predicate
    watched = {(info.process, info.distinct_from) for _, info in _held(specs) if info.distinct_from}
    found = {
        Guard(kind, info.process, info.id, info.name): None
        for holder, info in _held(specs)
        if touches(holder, info)
        for kind in sorted(info.four_eyes or _implied(info, watched))
    }
    return tuple(found)


def _implied(info: ElementInfo, watched: Collection[tuple[str, str]]) -> frozenset[str]:
    is_pair = info.distinct_from or any(info.id == element for _, element in watched)
    return frozenset({RIGHTS}) if is_pair else frozenset()


def _held(specs: Specs) -> Iterator[tuple[str, ElementInfo]]:
    """Each element with the process or subprocess that holds it."""
    for (holder, _), info in specs.by_spec.items():
        yield holder, info


def _inside(specs: Specs, holder: str, element: str) -> Iterator[str]:
    """The processes and subprocesses that this element calls or embeds, at any depth."""
    processes = {specs.top.name: specs.top, **specs.subprocesses}
    open_, seen = [(holder, element)], set()
    while open_:
        place = open_.pop()
        spec = processes[place[0]].task_specs.get(place[1]) if place[0] in processes else None
        called = getattr(spec, "spec", None)
        if isinstance(called, str) and called not in seen:
            seen.add(called)
            yield called
            open_.extend((called, info.id) for inner, info in _held(specs) if inner == called)
