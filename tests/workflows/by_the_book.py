"""The token game of the standard, played on a drawing and on nothing of ours: which situations may follow.

It knows no normal form, no library and no order: of what can happen at once everything may come first. So it gives
not one run but all that the standard allows. All tokens see the same values.
"""

from __future__ import annotations

from collections import Counter

from tests.workflows.graphs import ENDS

# Tokens on flows, activities and events in which a token stands, subprocesses with what goes on in them.
NOTHING = ((), (), ())
# Stands in a scope that an event subprocess has interrupted: nothing begins it a second time.
INTERRUPTED = "!"
TOO_MANY = 4000


class Unbounded(Exception):  # noqa: N818
    """So many situations follow that nothing can be said."""


def _scope(flows, standing, subs):
    return tuple(sorted(flows)), tuple(sorted(standing)), tuple(sorted(subs))


def _without(items, *gone):
    left = list(items)
    for item in gone:
        left.remove(item)
    return left


def _begun(graph):
    return _scope(graph.out(graph.start), (), ())


def _is_over(scope):
    flows, standing, subs = scope
    return not flows and not subs and set(standing) <= {INTERRUPTED}


def _listens(scope):
    return INTERRUPTED not in scope[1] and not _is_over(scope)


def _fires(graph, scope, node):
    """The incoming flows from which a joining gateway takes a token now; none when it waits."""
    flows, standing, subs = scope
    into = graph.into(node)
    filled = [flow for flow in into if flow in flows]
    if graph.kinds[node] == "and":
        return filled if len(filled) == len(into) else []
    empty = set(into) - set(filled)
    places = [[flow] for flow in set(flows) - set(into)]
    places += [graph.ways(name) for name in {*standing, *(name for name, _ in subs)} if name in graph.kinds]
    for starts in places:
        reached = set().union(*(graph.reach(flow, node) for flow in starts)) if starts else set()
        if reached & empty and not reached & set(filled):
            return []
    return filled


def _entered(graph, scope, flow, values):
    """What follows when the token on this flow enters its node; None when it cannot yet."""
    flows, standing, subs = scope
    node = graph.flows[flow][1]
    kind = graph.kinds[node]
    if kind in {"and", "or"}:
        taken = _fires(graph, scope, node)
        return _scope([*_without(flows, *taken), *graph.chosen(node, values)], standing, subs) if taken else None
    left = _without(flows, flow)
    if kind == "xor":
        return _scope([*left, *graph.chosen(node, values)], standing, subs)
    if kind == "many":
        return _scope(left, standing, [*subs, (node, ((), (node, node), ()))])
    if kind == "sub":
        return _scope(left, standing, [*subs, (node, _begun(graph.inner[node]))])
    if kind in ENDS:
        return {"end": _scope(left, standing, subs), "terminate": NOTHING, "error": None}[kind]
    return _scope(left, [*standing, node], subs)


def _moves(graph, scope, values):
    """The situations that may follow by themselves; "error" where one leaves the scope."""
    flows, standing, subs = scope
    for flow in set(flows):
        if graph.kinds[graph.flows[flow][1]] == "error":
            yield "error"
        elif (after := _entered(graph, scope, flow, values)) is not None:
            yield after
    for name, inside in set(subs):
        others = _without(subs, (name, inside))
        if _is_over(inside):
            ways = graph.chosen(name, values) if name in graph.kinds else []
            yield _scope([*flows, *ways], standing, others)
        for after in _moves(graph.inner[name], inside, values):
            yield (
                _failed(graph, (flows, standing, others), name)
                if after == "error"
                else _scope(flows, standing, [*others, (name, after)])
            )


def _failed(graph, scope, name):
    """What follows when an error leaves a subprocess: its border catches it, else it goes further out."""
    flows, standing, subs = scope
    caught = [event for event, kind in graph.borders.get(name, ()) if kind == "error"]
    return _scope([*flows, *graph.out(caught[0])], standing, subs) if caught else "error"


def settled(graph, scopes, values):
    """All situations in which what has begun in one of these may come to rest. Raises Unbounded."""
    resting, seen, pending = set(), set(), list(scopes)
    while pending:
        scope = pending.pop()
        if scope in seen:
            continue
        seen.add(scope)
        if len(seen) > TOO_MANY or len(repr(scope)) > TOO_MANY:
            raise Unbounded
        after = [NOTHING if found == "error" else found for found in _moves(graph, scope, values)]
        pending += after
        if not after:
            resting.add(scope)
    return resting


def begun(graph, values):
    """The situations after the start."""
    return settled(graph, [_begun(graph)], values)


def _done(graph, scope, task, values):
    flows, standing, subs = scope
    if task in standing:
        yield _scope([*flows, *graph.chosen(task, values)], _without(standing, task), subs)
    for name, inside in set(subs):
        for after in _done(graph.inner[name], inside, task, values):
            yield _scope(flows, standing, [*_without(subs, (name, inside)), (name, after)])


def done(graph, scopes, task, values):
    """The situations after somebody has completed this task."""
    return settled(graph, [after for scope in scopes for after in _done(graph, scope, task, values)], values)


def _come(graph, scope, message):
    flows, standing, subs = scope
    for name, (event, interrupts) in graph.listeners.items():
        if event == message and _listens(scope):
            new = name, _begun(graph.inner[name])
            yield _scope((), (INTERRUPTED,), [new]) if interrupts else _scope(flows, standing, [*subs, new])
    yield from _come_here(graph, scope, message)
    for name, inside in set(subs):
        for after in _come(graph.inner[name], inside, message):
            yield _scope(flows, standing, [*_without(subs, (name, inside)), (name, after)])


def _come_here(graph, scope, message):
    """Who waits in the way of a token or at a border of this scope takes the message."""
    flows, standing, subs = scope
    for node in set(standing) - {INTERRUPTED}:
        ways = [node] if graph.kinds[node] == "catch" else [graph.flows[flow][1] for flow in graph.out(node)]
        if graph.kinds[node] in {"catch", "ebg"} and message in ways:
            yield _scope([*flows, *graph.out(message)], _without(standing, node), subs)
        if kind := dict(graph.borders.get(node, ())).get(message):
            yield _scope(
                [*flows, *graph.out(message)], standing if kind == "beside" else _without(standing, node), subs
            )
    for name, inside in set(subs):
        others = _without(subs, (name, inside))
        if kind := dict(graph.borders.get(name, ())).get(message):
            yield _scope([*flows, *graph.out(message)], standing, subs if kind == "beside" else others)


def come(graph, scopes, message, values):
    """The situations after a message that one of those who wait for it has taken."""
    return settled(graph, [after for scope in scopes for after in _come(graph, scope, message)], values)


def _moved(graph, scope, task, to):
    flows, standing, subs = scope
    if task in standing:
        # By which way a token comes to an activity or event makes no difference.
        yield _scope([*flows, graph.into(to)[0]], _without(standing, task), subs)
    for name, inside in set(subs):
        for after in _moved(graph.inner[name], inside, task, to):
            yield _scope(flows, standing, [*_without(subs, (name, inside)), (name, after)])


def moved(graph, scopes, task, *, to, values):
    """The situations after a token was taken from this task and set down before another node of the same scope."""
    return settled(graph, [after for scope in scopes for after in _moved(graph, scope, task, to)], values)


def seen(graph, scope):
    """What people and senders see of a situation: open tasks, awaited messages, whether it is over."""
    tasks, messages = _seen(graph, scope)
    return tuple(sorted(tasks)), tuple(sorted(Counter(messages).items())), _is_over(scope)


def _seen(graph, scope):
    _, standing, subs = scope
    tasks, messages = [], [event for event, _ in graph.listeners.values() if _listens(scope)]
    for node in standing:
        kind = graph.kinds.get(node)
        tasks += [node] if kind == "task" else []
        messages += [node] if kind == "catch" else []
        messages += [graph.flows[flow][1] for flow in graph.out(node)] if kind == "ebg" else []
    for name, inside in subs:
        more, others = _seen(graph.inner[name], inside)
        tasks, messages = tasks + more, messages + others
    for node in (*standing, *(name for name, _ in subs)):
        messages += [event for event, kind in graph.borders.get(node, ()) if kind != "error"]
    return tasks, messages


def is_stuck(scope):
    """Whether tokens are left and nobody can move any of them."""
    flows, standing, subs = scope
    return bool(flows or subs) and set(standing) <= {INTERRUPTED} and all(is_stuck(inside) for _, inside in subs)
