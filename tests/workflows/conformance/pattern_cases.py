# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""The twenty workflow patterns of van der Aalst and others, as far as BPMN can express them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.flow_cases import MESSAGE, SIGNAL


def _pattern(number, name, body, **options):
    return Case(f"WP{number} {name}", "", body, pattern=f"WP{number}", **options)


AB = '<user id="a"/><user id="b"/>'
ALL = (
    _pattern(1, "Sequence", f'<start id="s"/>{AB}<end id="e"/>{{s a b e}}', steps=("a", "b"), seen=("a", "b", "")),
    _pattern(
        2,
        "Parallel split",
        f'<start id="s"/><and id="g"/>{AB}<end id="e"/>{{s g a e}}{{g b e}}',
        steps=("b", "a"),
        seen=("a b", "a", ""),
    ),
    _pattern(
        3,
        "Synchronization",
        f'<start id="s"/><and id="g"/>{AB}<and id="j"/><user id="c"/><end id="e"/>{{s g a j c e}}{{g b j}}',
        steps=("b", "a", "c"),
        seen=("a b", "a", "c", ""),
    ),
    _pattern(
        4,
        "Exclusive choice",
        f'<start id="s"/><xor id="g" default="p_g_b"/>{AB}<end id="e"/>{{s g a[x] e}}{{g b e}}',
        given={"x": False},
        values="x",
        steps=("b",),
        seen=("b", ""),
    ),
    _pattern(
        5,
        "Simple merge",
        f'<start id="s"/><xor id="g" default="p_g_b"/>{AB}<xor id="j"/><user id="c"/><end id="e"/>{{s g a[x] j c e}}{{g b j}}',
        given={"x": True},
        values="x",
        steps=("a", "c"),
        seen=("a", "c", ""),
    ),
    _pattern(
        6,
        "Multi-choice",
        f'<start id="s"/><or id="g" default="p_g_c"/>{AB}<user id="c"/><end id="e"/>{{s g a[x] e}}{{g b[y] e}}{{g c e}}',
        given={"x": True, "y": True},
        values="x y",
        steps=("a", "b"),
        seen=("a b", "b", ""),
    ),
    _pattern(
        7,
        "Structured synchronizing merge",
        f'<start id="s"/><or id="g" default="p_g_c"/>{AB}<user id="c"/><or id="j"/><user id="d"/><end id="e"/>{{s g a[x] j d e}}{{g b[y] j}}{{g c j}}',
        given={"x": True, "y": True},
        values="x y",
        steps=("a", "b", "d"),
        seen=("a b", "b", "d", ""),
    ),
    _pattern(
        8,
        "Multi-merge",
        f'<start id="s"/><and id="g"/>{AB}<xor id="j"/><user id="c"/><end id="e"/>{{s g a j c e}}{{g b j}}',
        steps=("a", "b", "c", "c"),
        seen=("a b", "b c", "c c", "c", ""),
    ),
    _pattern(
        9,
        "Structured discriminator",
        '<start id="s"/><sub id="t"><start id="is"/><and id="g"/><user id="a"/><user id="b"/><end id="ie"><terminate id="d1"/></end>{is g a ie}{g b ie}</sub><user id="c"/><end id="e"/>{s t c e}',
        steps=("a", "c"),
        seen=("a b", "c", ""),
    ),
    _pattern(
        10,
        "Arbitrary cycles",
        '<start id="s"/><xor id="m"/><user id="a"/><xor id="n"/><user id="b"/><xor id="q" default="p_q_r"/><xor id="r" default="p_r_e"/><end id="e"/>{s m a n b q r e}{q n[x == 1]}{r m[x == 2]}',
        values="x",
        steps=("a", ("b", {"x": 1}), ("b", {"x": 2}), "a", ("b", {"x": 0})),
        seen=("a", "b", "b", "a", "b", ""),
    ),
    _pattern(
        11,
        "Implicit termination",
        f'<start id="s"/><and id="g"/>{AB}<end id="e"/><end id="f"/>{{s g a e}}{{g b f}}',
        steps=("a", "b"),
        seen=("a b", "b", ""),
    ),
    _pattern(
        12,
        "Multiple instances without synchronization",
        '<start id="s"/><user id="a"><standardLoopCharacteristics id="lo" loopMaximum="2"/></user><border id="w" attachedToRef="a" cancelActivity="false"><message id="d1" messageRef="msg"/></border><user id="b"/><end id="e"/><end id="f"/>{s a e}{w b f}',
        root=MESSAGE,
        steps=("!Brief", "!Brief", "a", "a", "b", "b"),
        seen=("a", "a b", "a b b", "a b b", "b b", "b", ""),
    ),
    _pattern(
        13,
        "Multiple instances with a priori design-time knowledge",
        '<start id="s"/><user id="a"><multiInstanceLoopCharacteristics id="mi"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></user><user id="b"/><end id="e"/>{s a b e}',
        steps=("a", "a", "a", "b"),
        seen=("a a a", "a a", "a", "b", ""),
    ),
    _pattern(
        14,
        "Multiple instances with a priori run-time knowledge",
        '<start id="s"/><user id="a"><multiInstanceLoopCharacteristics id="mi"><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics></user><user id="b"/><end id="e"/>{s a b e}',
        given={"n": 2},
        values="n",
        steps=("a", "a", "b"),
        seen=("a a", "a", "b", ""),
    ),
    _pattern(
        15,
        "Multiple instances without a priori run-time knowledge",
        '<start id="s"/><sub id="t"><start id="is"/><user id="a"/><end id="ie"/>{is a ie}<subProcess id="es" triggeredByEvent="true"><start id="m" isInterrupting="false"><message id="d1" messageRef="msg"/></start><user id="b"/><end id="f"/>{m b f}</subProcess></sub><user id="c"/><end id="e"/>{s t c e}',
        root=MESSAGE,
        steps=("!Brief", "!Brief", "a", "b", "b", "c"),
        seen=("a", "a b", "a b b", "b b", "b", "c", ""),
    ),
    _pattern(
        16,
        "Deferred choice",
        '<start id="s"/><either id="g"/><catch id="m"><message id="d1" messageRef="msg"/></catch><catch id="n"><signal id="d2" signalRef="sig"/></catch><user id="a"/><user id="b"/><end id="e"/>{s g m a e}{g n b e}',
        root=MESSAGE + SIGNAL,
        steps=("?Neues", "b"),
        seen=("", "b", ""),
    ),
    _pattern(
        17,
        "Interleaved parallel routing",
        '<start id="s"/><adHocSubProcess id="h" ordering="Sequential"><user id="a"/><user id="b"/><user id="c"/>{b c}<completionCondition>x and y</completionCondition></adHocSubProcess><user id="z"/><end id="e"/>{s h z e}',
        given={"x": False, "y": False},
        values="x y",
        steps=("b", ("c", {"x": True}), ("a", {"y": True}), "z"),
        seen=("a b", "c", "a b", "z", ""),
    ),
    _pattern(
        18,
        "Milestone",
        '<start id="s"/><and id="g"/><user id="a"/><user id="b"/><catch id="m"><conditional id="d1"><condition>reached and not over</condition></conditional></catch><user id="c"/><end id="e"/>{s g a b e}{g m c e}',
        values="reached over",
        steps=(("a", {"reached": True, "over": False}), "c", "b"),
        seen=("a", "b c", "b", ""),
    ),
    _pattern(
        19,
        "Cancel task",
        '<start id="s"/><user id="a"/><border id="w" attachedToRef="a"><message id="d1" messageRef="msg"/></border><user id="b"/><end id="e"/>{s a e}{w b e}',
        root=MESSAGE,
        steps=("!Brief", "b"),
        seen=("a", "b", ""),
    ),
    _pattern(
        20,
        "Cancel case",
        '<start id="s"/><and id="g"/><user id="a"/><user id="b"/><receiveTask id="r" messageRef="msg"/><end id="t"><terminate id="d1"/></end><end id="e"/>{s g a e}{g b e}{g r t}',
        root=MESSAGE,
        steps=("!Brief",),
        seen=("a b", ""),
    ),
)
