"""One task: its form, what is known about the case, what led here; handing in, drafts, and who was faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from app import failures, security
from app.casework import dossier, sheets, words
from app.casework import queries as casework
from app.casework import service as casework_service
from app.inbox import forms, panes, queries, service, told, uploads
from workflows import errors
from workflows import forms as host_forms
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue

    from app.inbox.service import Desk
    from workflows.engine import Completed
    from workflows.fields import FieldError
    from workflows.queries import EntryRow, TaskRow

blueprint = Blueprint("task", __name__, url_prefix="/inbox/tasks/<int:task_id>")
TABS = ("form", "dossier", "history", "diagram", "path", "comments")
# Above these forms stands what they decide about.
DECIDES_ROUTE = frozenset({"route_decision", "second_decision", "gap_city", "gap_agency"})
SHOWS_PLAN = frozenset({"plan_consent", "plan_signature", "plan_refusal", "plan_representative", "follow_up"})


@blueprint.get("")
@security.access(*queries.STAFF)
def show(task_id: int) -> ResponseReturnValue:
    """The task with its form, or another of its tabs; opening it marks it as read."""
    desk = panes.desk()
    row = service.task(desk, task_id)
    tab = request.args.get("tab", "form")
    _mark_seen(desk, task_id)
    return _page(desk, row, tab if tab in TABS else "form")


def _mark_seen(desk: Desk, task_id: int) -> None:
    """A GET writes only afterwards, in a transaction of its own."""
    security.afterwards(lambda own: casework_service.mark_seen(own, task_id, desk.actor.id, now=desk.now))


def _page(desk: Desk, row: TaskRow, tab: str, **changes: Any) -> str:  # noqa: ANN401  what the template is given
    """The three panes with this task; for those who do not hold its role only where it stands."""
    frame = panes.frame(panes.wanted())
    sees = queries.may_see(desk.session, row, desk.actor)
    shown = changes | {"error": changes.get("error", "")}
    tab = tab if sees else "status"
    content = _TAB[tab](desk, row, **({"taken": changes["taken"]} if "taken" in changes else {}))
    return render_template(
        "inbox/page.html", **frame, task=row, tab=tab, following=queries.following(frame["listing"], row.id),
        **around(desk, row), **content, **shown,
    )  # fmt: skip


def around(desk: Desk, row: TaskRow) -> dict[str, Any]:
    """What stands around every tab of a task."""
    names = queries.names(desk.session, desk.locale)
    works = row.role in desk.actor.roles and row.excluded_id != desk.actor.id
    return {
        "name": names.task(row),
        "process": names.process(row),
        "role": names.role(row.role),
        "card": casework.cards(desk.session, [int(row.subject)])[int(row.subject)],
        "case_id": int(row.subject),
        "mine": row.assignee_id == desk.actor.id,
        "works": works,
        "may_act": works and row.assignee_id in {None, desk.actor.id},
        "excluded": row.role in desk.actor.roles and row.excluded_id == desk.actor.id,
        "leads": queries.leads(desk.session, row, desk.actor),
        "colleagues": queries.colleagues(desk.session, row, actor=desk.actor, now=desk.now),
        "priorities": forms.PRIORITIES,
        "usual_priority": forms.usual_priority(row.priority),
        "sign": sign(row),
        "told": told.of(desk.session, row),
        "words": words,
    }


def sign(row: TaskRow) -> str:
    """By this the page sees whether the task has changed since."""
    return f"{row.changed_at.isoformat()}/{row.assignee_id or 0}"


def _form_tab(desk: Desk, row: TaskRow, taken: Mapping[str, Any] | None = None) -> dict[str, Any]:
    form = service.form_of(desk, row)
    draft = None
    if taken is None and form is not None:
        draft = casework.draft(desk.session, row.id, desk.actor.id)
    given = taken or {}
    typed = given.get("typed", draft.values if draft else {})
    sheet = service.sheet(desk, row, form, typed=typed, messages=given.get("messages")) if form else None
    return {
        "sheet": sheet,
        "draft_at": draft.saved_at if draft else None,
        "came_up": given.get("came_up", False),
        **_panels(desk, row),
    }


def _panels(desk: Desk, row: TaskRow) -> dict[str, Any]:
    """What the task decides about: the proposal of the rules, the plan, the files that may be of one person."""
    case_id = int(row.subject)
    panels: dict[str, Any] = {"decision": None, "chosen": None, "plan": None}
    if row.form in DECIDES_ROUTE and casework.may_read(desk.session, case_id, "route", desk.actor, now=desk.now):
        panels["decision"] = casework.latest_decision(desk.session, case_id)
        panels["chosen"] = host.values(desk.session, row.id).get("chosen_route")
    if row.form in SHOWS_PLAN:
        plans = casework.case_page(desk.session, case_id, desk.actor, desk.now).plans
        panels["plan"] = plans[0] if plans else None
    return panels


def _dossier_tab(desk: Desk, row: TaskRow) -> dict[str, Any]:
    page = casework.case_page(desk.session, int(row.subject), desk.actor, desk.now)
    security.afterwards(
        lambda own: casework_service.log_read(
            own, page.case_id, categories=page.shown, actor=desk.actor, now=desk.now
        )
    )  # fmt: skip
    return {"page": page, "records": dossier.records(desk.session, page, desk.locale)}


def _history_tab(desk: Desk, row: TaskRow) -> dict[str, Any]:
    return {"entries": _named(desk, row, host.timeline(desk.session, row.subject))}


def _diagram_tab(desk: Desk, row: TaskRow) -> dict[str, Any]:
    position = host.position(desk.session, row.instance_id)
    return {"position": position, **_path_tab(desk, row)}


def _path_tab(desk: Desk, row: TaskRow) -> dict[str, Any]:
    return {"steps": _named(desk, row, host.path(desk.session, row.instance_id, row.element))}


def _named(desk: Desk, row: TaskRow, entries: Iterable[EntryRow]) -> list[EntryRow]:
    return dossier.named(desk.session, entries, subject=row.subject, locale=desk.locale)


def _comments_tab(desk: Desk, row: TaskRow) -> dict[str, Any]:
    rows = casework.comments(desk.session, int(row.subject))
    return {"remarks": [remark for remark in rows if remark.task_id in {row.id, None}]}


def _status_tab(_desk: Desk, _row: TaskRow) -> dict[str, Any]:
    return {}


_TAB = {
    "form": _form_tab, "dossier": _dossier_tab, "history": _history_tab, "diagram": _diagram_tab, "path": _path_tab,
    "comments": _comments_tab, "status": _status_tab,
}  # fmt: skip


def again(failed: errors.StepFailed, task_id: int) -> ResponseReturnValue:
    """The form with everything that was typed, after a step behind it failed and was undone."""
    desk = panes.desk()
    row = service.task(desk, task_id)
    form = service.form_of(desk, row)
    typed = sheets.typed_again(form, request.form) if form else {}
    return _page(desk, row, "form", taken={"typed": typed}, failed=failed), 409


@blueprint.post("/complete")
@security.access(*queries.STAFF)
@security.takes_files
@security.renders_again(again)
def complete(task_id: int) -> ResponseReturnValue:
    """Completes the task and goes on with the next one of the same view."""
    desk = panes.desk()
    following = _following(desk)
    try:
        done = service.hand_in(desk, task_id, request.form, uploads.received(desk, task_id))
    except service.NotTaken as refused:
        return _page(desk, service.task(desk, task_id), "form", taken=vars(refused)), 422
    except errors.TaskTaken as taken:
        return _page(desk, service.task(desk, task_id), "form", taken=_typed(desk, task_id), faster=taken.assignee), 409
    except errors.TaskNotOpen as gone:
        if gone.completed_by != desk.actor.name:
            failures.keep(service.in_words(desk, request.form))
            raise
        # The second click of a double click: what it wanted is done, and the browser shows only its answer.
        flash(gettext("Diese Aufgabe haben Sie schon erledigt."), "success")
        return _next(following)
    return _onward(desk, done, following)


def _typed(desk: Desk, task_id: int, wrong: Mapping[str, FieldError] = service.NOTHING_WRONG) -> dict[str, Any]:
    form = service.form_of(desk, service.task(desk, task_id))
    messages = {path: host_forms.message(error.code, error.values, desk.locale) for path, error in wrong.items()}
    return {"typed": sheets.typed_again(form, request.form) if form else {}, "messages": messages}


def _onward(desk: Desk, done: Completed, following: int | None) -> ResponseReturnValue:
    """The next task of the same view, else the list."""
    client = casework.client_name(desk.session, int(done.subject))
    flash(gettext("Erledigt: %(task)s, %(client)s.", task=done.name, client=client), "success")
    return _next(following)


def _next(following: int | None) -> ResponseReturnValue:
    wanted = panes.wanted().query()
    if following is not None:
        return redirect(url_for("inbox.task.show", task_id=following, **wanted), 303)
    return redirect(url_for("inbox.index", **wanted), 303)


def _following(desk: Desk) -> int | None:
    """The task that the page named as the next one, if it is still open."""
    text = request.form.get("_following", "")
    return int(text) if text.isdigit() and host.task(desk.session, int(text)) is not None else None


@blueprint.post("/draft")
@security.access(*queries.STAFF)
@security.takes_files
def draft(task_id: int) -> ResponseReturnValue:
    """Keeps what was typed so far: in the background, or by the visible button."""
    desk = panes.desk()
    wrong = uploads.received(desk, task_id)
    service.keep_draft(desk, task_id, request.form)
    if security.is_fragment():
        return "", 204
    if wrong:
        return _page(desk, service.task(desk, task_id), "form", taken=_typed(desk, task_id, wrong))
    flash(gettext("Entwurf gesichert. Nur Sie sehen ihn."), "success")
    return redirect(url_for("inbox.task.show", task_id=task_id, **panes.wanted().query()), 303)


@blueprint.post("/rows")
@security.access(*queries.STAFF)
@security.takes_files
def rows(task_id: int) -> ResponseReturnValue:
    """The form with a row more or less in one of its lists, or a file; a file is stored, with the draft around it."""
    desk = panes.desk()
    wrong = uploads.received(desk, task_id)
    row = service.task(desk, task_id)
    form = service.form_of(desk, row)
    if form is None:
        raise errors.TaskNotOpen(task_id)
    if "_attach" in request.form:
        service.keep_draft(desk, task_id, request.form)
    typed = sheets.typed_again(form, request.form)
    if "_add" in request.form:
        typed = sheets.with_row(form, typed, request.form["_add"])
    if "_remove" in request.form:
        typed = sheets.without_row(form, typed, request.form["_remove"])
    return _page(desk, row, "form", taken=_typed(desk, task_id, wrong) | {"typed": typed})


@blueprint.post("/shown")
@security.access(*queries.STAFF)
def shown(task_id: int) -> ResponseReturnValue:
    """Which parts of the form show for what is typed at the moment; the server alone decides."""
    desk = panes.desk()
    row = service.task(desk, task_id)
    form = service.form_of(desk, row)
    if form is None:
        return jsonify(visible=[])
    return jsonify(visible=sorted(service.read(desk, row, form, request.form).visible))


@blueprint.get("/state")
@security.access(*queries.STAFF)
def state(task_id: int) -> ResponseReturnValue:
    """A banner when the task has changed since the page saw it, else nothing; the form stays as it is."""
    desk = panes.desk()
    row = host.task(desk.session, task_id)
    if row is not None and request.args.get("seen") == sign(row):
        return "", 204
    done = host.completion(desk.session, task_id) if row is None else None
    if done is not None and done.actor == desk.actor.name:
        return "", 204
    return render_template(
        "inbox/_state.html", task=row, task_id=task_id, done=done, sign=sign(row) if row else "", wanted=panes.wanted()
    )
