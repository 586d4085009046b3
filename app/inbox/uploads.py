"""Files that come with a task's form: staged at once, so that they are there whatever becomes of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request

from app import security
from app.casework import service as casework
from app.inbox import service
from workflows import fields
from workflows.fields import FieldError

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

    from app.inbox.service import Desk
    from workflows.fields import Field
    from workflows.forms import Form
    from workflows.queries import TaskRow

MEGABYTE = 1_000_000
# The input for the file itself stands beside the field's own name.
PART = ".file"


def received(desk: Desk, task_id: int) -> dict[str, FieldError]:
    """Keeps what was attached to this form, in transactions of their own; what is wrong with the others, by field.

    Raises TaskNotOpen, TaskTaken, NotAllowed when the form could not be handed in anyway.
    """
    if not any(given.filename for given in request.files.values()) and "_drop" not in request.form:
        return {}
    row = service.task(desk, task_id)
    service.require_own(desk, row)
    form = service.form_of(desk, row)
    wrong: dict[str, FieldError] = {}
    for item in fields.files(form.fields) if form else ():
        given = [one for one in request.files.getlist(item.key + PART) if one.filename]
        if form is not None and given:
            wrong |= _one(desk, row, form, item=item, given=given)
        elif request.form.get("_drop") == item.key:
            with security.at_once() as own:
                casework.drop_attachment(own, task_id, item.key, account_id=desk.actor.id)
    return wrong


def _one(desk: Desk, row: TaskRow, form: Form, *, item: Field, given: list[FileStorage]) -> dict[str, FieldError]:
    if len(given) > 1:
        return {item.key: FieldError("file_several")}
    place = casework.Place(int(row.subject), row.id, form.id, item.key, item.category or form.category or "task")
    limit = current_app.config["UPLOAD_MEGABYTES"] * MEGABYTE
    # One more than allowed is enough to tell that there is too much.
    upload = casework.Upload(given[0].filename or "", given[0].stream.read(limit + 1), item.accept, limit)
    try:
        with security.at_once() as own:
            casework.stage_attachment(own, place, upload, actor=desk.actor, now=desk.now)
    except casework.FileRefused as refused:
        return {item.key: FieldError(refused.code, refused.values)}
    return {}
