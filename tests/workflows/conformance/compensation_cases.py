# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Compensation: diagrams and the walks that show it."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.flow_cases import ERROR

UNDONE = '<border id="w{0}" attachedToRef="{0}"><compensate id="c{0}"/></border><user id="u{0}" isForCompensation="true"/><association id="as{0}" sourceRef="w{0}" targetRef="u{0}"/>'
THROW = '<throw id="t"><compensate id="ct"/></throw>'
BOTH = UNDONE.format("a") + UNDONE.format("b")
COMPENSATION = (
    Case(
        "what is done is undone in reverse order before the process goes on",
        "compensateEventDefinition, boundaryEvent, intermediateThrowEvent, association, userTask.isForCompensation",
        f'<start id="s"/><user id="a"/><user id="b"/>{THROW}<user id="z"/><end id="e"/>{{s a b t z e}}{BOTH}',
        steps=("a", "b", ("ub", {"x": 1}), "ua", "z"),
        seen=("a", "b", "ub", "ua", "z", ""),
        data={"x": 1},
        passed="wa wb t",
    ),
    Case(
        "what is done in parallel is undone in reverse order of its end",
        "compensateEventDefinition",
        f'<start id="s"/><and id="g"/><user id="a"/><user id="b"/><and id="j"/>{THROW}<end id="e"/>{{s g a j t e}}{{g b j}}{BOTH}',
        steps=("b", "a", "ua", "ub"),
        seen=("a b", "a", "ua", "ub", ""),
    ),
    Case(
        "only the activity that the event names is undone",
        "compensateEventDefinition.activityRef",
        f'<start id="s"/><user id="a"/><user id="b"/><end id="e"><compensate id="ct" activityRef="a"/></end>{{s a b e}}{BOTH}',
        steps=("a", "b", "ua"),
        seen=("a", "b", "ua", ""),
    ),
    Case(
        "an activity that was done several times is undone as often, and only once each",
        "compensateEventDefinition",
        f'<start id="s"/><xor id="m"/><user id="a"/><xor id="g" default="p_g_m"/>{THROW}<user id="z"/><end id="e"><compensate id="ce"/></end>{{s m a g t[n > 1] z e}}{{g m}}{UNDONE.format("a")}',
        steps=(("a", {"n": 1}), ("a", {"n": 2}), "ua", "ua", "z"),
        seen=("a", "a", "ua", "ua", "z", ""),
        values="n",
    ),
    Case(
        "what was not done, or was interrupted, is not undone",
        "compensateEventDefinition, endEvent",
        '<start id="s"/><user id="a"/><border id="k" attachedToRef="a"><timer id="d1"><timeDuration>P1D</timeDuration></timer></border>'
        f'<user id="b"/><end id="e"><compensate id="ct"/></end>{{s a b e}}{{k e}}{BOTH}',
        steps=("+2",),
        seen=("a", ""),
    ),
    Case(
        "a subprocess is undone as a whole, by a subprocess",
        "compensateEventDefinition, subProcess.isForCompensation",
        '<start id="s"/><sub id="a"><start id="is"/><user id="i"/><end id="ie"/>{is i ie}</sub>'
        '<end id="e"><compensate id="ct"/></end>{s a e}'
        + UNDONE.format("a").replace(
            '<user id="ua" isForCompensation="true"/>',
            '<sub id="ua" isForCompensation="true"><start id="us"/><user id="u"/><end id="ue"/>{us u ue}</sub>',
        ),
        steps=("i", "u"),
        seen=("i", "u", ""),
    ),
)
TRANSACTION = (
    '<start id="s"/><transaction id="t"><start id="is"/><and id="g"/><user id="a"/><user id="b"/><user id="k"/><xor id="x" default="p_x_ie"/><end id="ie"/>'
    f'<end id="ic"><cancel id="cc"/></end><end id="ik"/>{{is g a b x ie}}{{x ic[n == 1]}}{{g k ik}}{BOTH}</transaction>'
    '<border id="w" attachedToRef="t"><cancel id="cw"/></border><user id="z"/><user id="y"/><end id="e"/><end id="f"/>{s t z e}{w y f}'
)
TRANSACTIONS = (
    Case(
        "a transaction that is cancelled ends what runs in it, undoes what was done, and goes on at its border",
        "transaction, cancelEventDefinition, endEvent, boundaryEvent",
        TRANSACTION,
        steps=("a", ("b", {"n": 1}), "ub", "ua", "y"),
        seen=("a k", "b k", "ub", "ua", "y", ""),
        values="n",
        passed="ic w wa wb",
    ),
    Case(
        "a transaction that is not cancelled ends like a subprocess",
        "transaction",
        TRANSACTION,
        steps=("k", "a", ("b", {"n": 0}), "z"),
        seen=("a k", "a", "b", "z", ""),
        values="n",
    ),
    Case(
        "an error leaves a transaction without undoing anything",
        "transaction, errorEventDefinition",
        TRANSACTION.replace(
            '<end id="ic"><cancel id="cc"/></end>',
            '<end id="ic"><error id="de" errorRef="err"/></end><end id="id"><cancel id="cd"/></end>{x id[n == 2]}',
        )
        + '<border id="v" attachedToRef="t"><error id="dv"/></border><end id="h"/>{v h}',
        steps=("a", ("b", {"n": 1})),
        seen=("a k", "b k", ""),
        values="n",
        root=ERROR,
    ),
)
