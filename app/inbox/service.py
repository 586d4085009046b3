"""What the inbox does: hands in a task's form, keeps what was typed, hands work over."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.casework import errors as casework_errors
from app.casework import options, sheets, writers
from app.casework import queries as casework_queries
from app.casework import service as casework
from app.inbox import forms, queries
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from workflows import definitions, engine, errors, fields
from workflows import forms as host_forms
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.casework.attachments.queries import AttachmentRow
    from workflows.engine import Completed
    from workflows.fields import FieldError, Option
    from workflows.forms import Form, Submission
    from workflows.handlers import Actor
    from workflows.queries import TaskRow


NOTHING_WRONG: Mapping[str, FieldError] = MappingProxyType({})


@dataclass
class NotTaken(Exception):  # noqa: N818  the house names errors by what is the case
    """The form cannot be taken as it is; `came_up` tells that an answer brought up new questions."""

    typed: Mapping[str, Any]
    messages: Mapping[str, str]
    came_up: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on a task, when, and in which language."""

    session: Session
    actor: Actor
    now: datetime
    locale: str


def task(desk: Desk, task_id: int) -> TaskRow:
    """The open task, for those who may see it; raises TaskNotOpen, NotAllowed."""
    row = host.task(desk.session, task_id)
    if row is None:
        done = host.completion(desk.session, task_id)
        raise errors.TaskNotOpen(task_id, done.actor if done else None, done.at.isoformat() if done else None)
    return row


def form_of(desk: Desk, row: TaskRow) -> Form | None:
    """The task's form; None for a task that is only to be ticked off."""
    return definitions.form(desk.session, row.definition_id, row.form) if row.form else None


def sheet(
    desk: Desk, row: TaskRow, form: Form, *, typed: Mapping[str, Any], messages: Mapping[str, str] | None = None
) -> sheets.Sheet:
    """The task's form as it is to be shown."""
    return sheets.sheet(
        form, typed=typed, values=host.values(desk.session, row.id), options=_options(desk, row, form),
        locale=desk.locale, errors=messages, files=_attached(desk, row, form),
    )  # fmt: skip


def _attached(desk: Desk, row: TaskRow, form: Form) -> dict[str, sheets.Attached]:
    found = _staged(desk, row, form)
    return {key: sheets.Attached(one.name or "", one.size, str(one.id), one.staged_until) for key, one in found.items()}


def _staged(desk: Desk, row: TaskRow, form: Form) -> Mapping[str, AttachmentRow]:
    """What this person has attached to the task; forms without files cost nothing."""
    if not any(fields.files(form.fields)) or desk.actor.id is None:
        return {}
    return casework_queries.staged(desk.session, row.id, desk.actor.id)


def _options(desk: Desk, row: TaskRow, form: Form) -> dict[str, Sequence[Option]]:
    return options.offered(desk.session, form, case_id=int(row.subject))


def read(desk: Desk, row: TaskRow, form: Form, sent: MultiDict[str, str]) -> Submission:
    """What was sent, with the files that were attached, checked against the form."""
    # Opening the process only to read a form is dear; most forms ask nothing of it.
    values = host.values(desk.session, row.id) if forms.asks_process(form) else {}
    data = {key: texts for key, texts in sent.lists() if key not in {item.key for item in fields.files(form.fields)}}
    data |= {key: [str(one.id)] for key, one in _staged(desk, row, form).items()}
    return host_forms.submit(form, data, values=values, options=_options(desk, row, form), today=dates.day_of(desk.now))


def hand_in(
    desk: Desk, task_id: int, sent: MultiDict[str, str], wrong: Mapping[str, FieldError] = NOTHING_WRONG
) -> Completed:
    """Completes a task with its form; `wrong` are files that could not be taken.

    Raises NotTaken with what is wrong, and what engine.complete raises.
    """
    row = task(desk, task_id)
    require_own(desk, row)
    form = form_of(desk, row)
    if form is None:
        return engine.complete(desk.session, task_id, actor=desk.actor, values={}, now=desk.now, store=_forget(task_id))
    submission = read(desk, row, form, sent)
    submission.errors.update({path: error for path, error in wrong.items() if path in submission.visible})
    typed = sheets.typed_again(form, sent)
    if submission.errors:
        raise NotTaken(typed, sheets.messages(submission, desk.locale))
    if sheets.came_up(submission, form, sent.get("_shown")):
        raise NotTaken(typed, {}, came_up=True)

    def store(session: Session) -> None:
        _write(session, desk, row, form=form, submission=submission)

    # Before the lock, which others may wait for; undone with everything else when the task is not taken.
    casework.discard_drafts(desk.session, task_id)
    values = submission.process
    try:
        _keep_files(desk, row, form, submission)
        return engine.complete(desk.session, task_id, actor=desk.actor, values=values, now=desk.now, store=store)
    except casework_errors.ValuesRefused as refused:
        raise NotTaken(typed, forms.refusals(refused.fields)) from refused


def in_words(desk: Desk, sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What was typed into the form of a task that is gone; empty when the form is unknown."""
    definition, _, name = sent.get("_form", "").partition("/")
    if not definition.isdigit():
        return []
    try:
        form = definitions.form(desk.session, int(definition), name)
    except definitions.UnknownDefinition:
        return []
    return forms.in_words(form, sent, desk.locale)


def require_own(desk: Desk, row: TaskRow) -> None:
    """Whoever could not hand in anyway is told so before the form is read; the engine looks again after the lock."""
    if row.role not in desk.actor.roles:
        raise errors.NotAllowed("role")
    if row.assignee_id not in {None, desk.actor.id}:
        raise errors.TaskTaken(row.id, row.assignee or "")


def _forget(task_id: int) -> Any:  # noqa: ANN401  a function for engine.complete
    return lambda session: casework.discard_drafts(session, task_id)


def _write(session: Session, desk: Desk, row: TaskRow, *, form: Form, submission: Submission) -> None:
    """Case values go to the form's writer, or are kept as a record, each under its category of sensitivity."""
    case_id, values = int(row.subject), submission.case
    if form.writer:
        writers.WRITERS[form.writer](
            session, case_id=case_id, values=values, actor=desk.actor, now=desk.now, element=row.element,
            process=submission.process,
        )  # fmt: skip
        return
    sorted_out: dict[str, dict[str, Any]] = {}
    for item in form.inputs():
        if item.key in values:
            sorted_out.setdefault(item.category or form.category, {})[item.key] = values[item.key]
    if sorted_out:
        casework.record(session, case_id, kind=form.id, values=sorted_out, actor=desk.actor, now=desk.now)


def _keep_files(desk: Desk, row: TaskRow, form: Form, submission: Submission) -> None:
    if _staged(desk, row, form):
        values = submission.case
        ids = {item.key: int(values[item.key]) for item in fields.files(form.fields) if values.get(item.key)}
        try:
            casework.keep_attachments(desk.session, row.id, ids, actor=desk.actor, now=desk.now)
        except casework_errors.ValuesRefused:
            # A second click finds the file kept already, because the first one has completed the task.
            task(desk, row.id)
            raise


def keep_draft(desk: Desk, task_id: int, sent: MultiDict[str, str]) -> None:
    """Keeps what was typed so far; raises TaskNotOpen, TaskTaken, NotAllowed when it could not be handed in anyway."""
    row = task(desk, task_id)
    require_own(desk, row)
    form = form_of(desk, row)
    if form is not None:
        typed = sheets.typed_again(form, sent)
        casework.save_draft(desk.session, task_id, desk.actor.id, values=typed, now=desk.now)


def hand_over(desk: Desk, task_id: int, account_id: int, reason: str) -> None:
    """Gives a task to somebody of the leader's own agency (R41); raises NotAllowed for anybody else."""
    row = task(desk, task_id)
    people = queries.colleagues(desk.session, row, actor=desk.actor, now=desk.now)
    chosen = [person for person in people if person.account_id == account_id]
    if not chosen:
        raise errors.NotAllowed("own_agency")
    engine.assign(
        desk.session, task_id, assignee_id=account_id, assignee=chosen[0].name, actor=desk.actor, now=desk.now,
        reason=reason,
    )  # fmt: skip
    notices.tell(
        desk.session, [account_id], Kind.ASSIGNED, target=task_id, actor=desk.actor, now=desk.now,
        case_id=int(row.subject),
    )  # fmt: skip


def give_back(desk: Desk, task_id: int, reason: str) -> None:
    """Returns a task of the own agency to its role, whoever has it, by its leader; raises NotAllowed."""
    row = task(desk, task_id)
    if not queries.leads(desk.session, row, desk.actor):
        raise errors.NotAllowed("own_agency")
    engine.assign(
        desk.session, task_id, assignee_id=None, assignee=None, actor=desk.actor, now=desk.now, reason=reason
    )  # fmt: skip


def require_handling(desk: Desk, task_id: int) -> TaskRow:
    """The task, for those who may move its due date and priority: its worker and the leader; raises NotAllowed."""
    row = task(desk, task_id)
    works = row.role in desk.actor.roles and row.assignee_id in {None, desk.actor.id}
    if not works and not queries.leads(desk.session, row, desk.actor):
        raise errors.NotAllowed("role")
    return row


def remark(desk: Desk, task_id: int, text: str) -> None:
    """Keeps a remark beside a task, and notes in the history that one was made; raises ValuesRefused, NotAllowed."""
    row = task(desk, task_id)
    if not queries.may_see(desk.session, row, desk.actor):
        raise errors.NotAllowed("role")
    casework.comment(desk.session, int(row.subject), text, actor=desk.actor, now=desk.now, task_id=task_id)
    engine.note(
        desk.session, row.instance_id, actor=desk.actor, now=desk.now, kind="comment", name=row.name, detail={}
    )  # fmt: skip
