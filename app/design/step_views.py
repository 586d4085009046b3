"""The list of steps in the browser: what the canvas does, by forms that need neither mouse nor script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.design import (
    changes,
    checking,
    errors,
    files,
    purposes,
    queries,
    repeating,
    service,
    steps,
    texts,
    triggers,
    views,
    words,
)
from app.design.models import Act

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.design.steps import Step

blueprint = Blueprint("design_steps", __name__, url_prefix="/design")
FIELDS = (
    "name", "nameEn", "documentation", "role", "lane", "form", "deadline", "waitsFor", "priority", "distinctFrom",
    "handler", "calledElement", "script", "timer", "purpose", "fourEyes", "start", "trigger", "timerKind", "message",
    "signal", "error", "escalation", "eventCondition", "link", "interrupts", "repetition", *repeating.LOOP,
    *repeating.MANY,
)  # fmt: skip
PRIORITIES = frozenset(map(str, range(101)))
CHECKED = {
    "deadline": "timer", "timer": "timer", "script": "script", "eventCondition": "condition",
    "loopCondition": "condition", "completionCondition": "condition", "loopCardinality": "condition",
}  # fmt: skip


def _named(step: Step) -> str:
    return texts.named(step.name, step.kind, len(step.ways))


@blueprint.get("/<int:draft_id>/steps")
@security.access(*views.READERS)
def index(draft_id: int) -> ResponseReturnValue:
    """All steps in order, each with who does it, by what, until when, and where it goes on; and the problems."""
    session = security.session()
    draft = queries.process(session, draft_id)
    content = queries.content(session, draft_id)
    report = checking.check(
        session, files.as_text(content), file=draft.file, now=security.now(), beside=queries.bundle(session, draft_id)
    )
    listed = steps.outline(content)
    return render_template(
        "design/steps.html", draft=draft, steps=listed, names={step.id: _named(step) for step in listed},
        kind=texts.kind, choices=_words(draft), may_draw=views.may_draw() and not draft.discarded,
        data_names=purposes.names, processes=steps.processes(content), say=texts.PANEL,
        problems=[views.told(problem) for problem in report.problems],
    )  # fmt: skip


def _words(draft: queries.DraftRow) -> dict[str, dict[str, str]]:
    chosen = views.choices(draft)
    return {noun: {str(one["id"]): str(one["name"]) for one in options} for noun, options in chosen.items()}


@blueprint.get("/<int:draft_id>/steps/<element>")
@security.access(*views.READERS)
def step(draft_id: int, element: str) -> ResponseReturnValue:
    """One step with everything that can be said about it."""
    return _page(draft_id, element, {}, {}), 200


def _page(draft_id: int, element: str, typed: dict[str, str], faults: dict[str, str]) -> str:
    session = security.session()
    draft = queries.process(session, draft_id)
    content = queries.content(session, draft_id)
    listed = steps.outline(content)
    shown = next((one for one in listed if one.id == element), None)
    if shown is None:
        raise errors.UnknownDraft(draft_id)
    report = checking.check(
        session, files.as_text(content), file=draft.file, now=security.now(), beside=queries.bundle(session, draft_id)
    )
    mine = {element, *(way.id for way in shown.ways)}
    proposed = _proposed(draft_id, shown)
    return render_template(
        "design/step.html", draft=draft, step=shown, steps=listed, kind=texts.kind, choices=_words(draft),
        names={one.id: _named(one) for one in listed}, values={**shown.values, "lane": shown.lane_id, **typed},
        faults=faults, lanes=steps.lanes(content), addable=[(name, texts.kind(name)) for name in changes.ADDABLE],
        may_draw=views.may_draw() and not draft.discarded, handled=steps.HANDLED, known=report.names, typed=typed,
        problems=[views.told(problem) for problem in report.problems if problem.element in mine],
        categories=purposes.named(purposes.CATEGORIES), proposed=proposed, stating=steps.PERSONAL | steps.HANDLED,
        say=texts.PANEL, trigger_names=texts.TRIGGERS, times=triggers.TIMES, activities=steps.ACTIVITIES,
        triggers=triggers.OFFERED, repetitions=repeating.KINDS,
    )  # fmt: skip


def _proposed(draft_id: int, shown: Step) -> list[str]:
    """The data that the form of a step reads or writes."""
    session = security.session()
    forms = checking.forms(session, security.now(), queries.bundle(session, draft_id))
    return purposes.of_form(forms.get(shown.values["form"]))


def _faults(kind: str, names: frozenset[str]) -> dict[str, str]:
    """What is wrong with the expressions of the form of a step, by field."""
    found = {}
    for field, language in CHECKED.items():
        source = request.form.get(field, "").strip()
        fault = checking.fault(language, source, names if field != "script" else None) if source else None
        if fault is not None:
            found[field] = views.fault_in_words(fault.code, fault.detail)
    priority = request.form.get("priority", "").strip()
    if kind in steps.PERSONAL and priority and priority not in PRIORITIES:
        found["priority"] = gettext("Bitte eine Zahl von 0 bis 100.")
    most = request.form.get("loopMaximum", "").strip()
    if most and not (most.isascii() and most.isdigit() and int(most[:9])):
        found["loopMaximum"] = gettext("Bitte eine ganze Zahl ab 1.")
    return found


def _changed(draft_id: int, change: Callable[[bytes], bytes]) -> None:
    """Saves the changed file as a new state. Raises DraftChanged, StepRefused."""
    session = security.session()
    known = request.form.get("revision", 0, type=int)
    content = queries.content(session, draft_id, known or None)
    service.save(
        session, draft_id, change(content), known=known, actor=security.actor(), now=security.now(), act=Act.LISTED
    )


@blueprint.post("/<int:draft_id>/steps/<element>")
@security.access(*views.DESIGNERS)
def edit(draft_id: int, element: str) -> ResponseReturnValue:
    """Saves the properties of a step; faults in its expressions come back with what was typed."""
    session = security.session()
    draft = queries.process(session, draft_id)
    content = queries.content(session, draft_id)
    shown = steps.step(content, element)
    report = checking.check(
        session, files.as_text(content), file=draft.file, now=security.now(), beside=queries.bundle(session, draft_id)
    )
    values = {name: request.form[name] for name in FIELDS if name in request.form}
    if values.get("trigger") == "none":
        values["trigger"] = ""
    if "loopCondition" in values:
        values.setdefault("testBefore", "")  # a box without a tick is not sent
    if "purpose" in values:
        offered = shown.values["data"] or _proposed(draft_id, shown)
        ticked = request.form.getlist("data")
        anew = "data_anew" in request.form and not ticked
        values["data"] = "" if anew else purposes.written(ticked, offered=offered)
    faults = _faults(shown.kind, frozenset(report.names))
    if faults:
        return _page(draft_id, element, values, faults), 422
    _changed(draft_id, lambda before: changes.edit(before, element, values))
    flash(gettext("Gesichert."), "success")
    return _back(draft_id, element)


def _back(draft_id: int, element: str) -> ResponseReturnValue:
    return redirect(url_for("design_steps.step", draft_id=draft_id, element=element), 303)


@blueprint.post("/<int:draft_id>/ways/<element>")
@security.access(*views.DESIGNERS)
def edit_way(draft_id: int, element: str) -> ResponseReturnValue:
    """Saves the answer and the condition at a way out of a step."""
    source = request.form.get("step", "")
    condition = request.form.get("condition", "").strip()
    session = security.session()
    draft = queries.process(session, draft_id)
    content = queries.content(session, draft_id)
    report = checking.check(
        session, files.as_text(content), file=draft.file, now=security.now(), beside=queries.bundle(session, draft_id)
    )
    known = frozenset(report.names) or None
    fault = checking.fault("condition", condition, known) if condition else None
    if fault is not None:
        typed = {f"condition-{element}": condition, f"name-{element}": request.form.get("name", "")}
        told = {f"condition-{element}": views.fault_in_words(fault.code, fault.detail)}
        return _page(draft_id, source, typed, told), 422
    default = element if request.form.get("default") else ""
    name = request.form.get("name", "")
    _changed(
        draft_id, lambda before: changes.edit_way(before, element, name=name, condition=condition, default=default)
    )
    flash(gettext("Gesichert."), "success")
    return _back(draft_id, source)


@blueprint.post("/<int:draft_id>/steps/<element>/change")
@security.access(*views.DESIGNERS)
def change(draft_id: int, element: str) -> ResponseReturnValue:
    """Adds a step after this one, leads a new way from it, moves or removes it, or takes one of its ways away."""
    act = request.form.get("act", "")
    goal = request.form.get("goal", "")
    target = element
    try:
        if act in {"add", "attach"}:
            made: list[str] = []
            _changed(draft_id, lambda before: _added(before, act, goal or element, made))
            target = made[0] if made else element
        else:
            acts: dict[str, Callable[[bytes], bytes]] = {
                "connect": lambda before: changes.connect(before, element, goal),
                "disconnect": lambda before: changes.disconnect(before, goal),
                "move": lambda before: changes.move(before, element, goal),
                "remove": lambda before: changes.remove(before, element),
            }
            _changed(draft_id, acts.get(act, lambda before: before))
    except errors.StepRefused as refused:
        told = str(words.REFUSED.get(refused.code, words.REFUSED["kind"]))
        return _page(draft_id, element, {}, {act: told}), 422
    if act == "remove":
        return redirect(url_for("design_steps.index", draft_id=draft_id), 303)
    return _back(draft_id, target)


def _added(before: bytes, act: str, place: str, made: list[str]) -> bytes:
    name = request.form.get("name", "")[:200]
    if act == "attach":
        content, identifier = changes.attach(before, place, name=name)
    else:
        content, identifier = changes.add(before, place, kind=request.form.get("kind", ""), name=name)
    made.append(identifier)
    return content


@blueprint.post("/<int:draft_id>/processes/<element>")
@security.access(*views.DESIGNERS)
def edit_process(draft_id: int, element: str) -> ResponseReturnValue:
    """Saves what is said of a process as a whole."""
    queries.process(security.session(), draft_id)
    names = (*steps.PROCESS_VALUES, "documentation")
    values = {name: request.form[name][:2000] for name in names if name in request.form}
    _changed(draft_id, lambda before: changes.edit_process(before, element, values))
    flash(gettext("Gesichert."), "success")
    return redirect(url_for("design_steps.index", draft_id=draft_id), 303)
