"""Files in forms that are only tried out: checked as in a task, shown by name, never kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.casework.attachments import kinds
from app.casework.sheets import Attached
from workflows import fields
from workflows.fields import FieldError

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage, MultiDict

    from workflows.forms import Form

# Stands for a number under which nothing is kept.
STAND_IN = "1"


@dataclass(frozen=True, slots=True)
class Trial:
    """What was sent, with a number for each file that a task would take; these files; and what is wrong with others."""

    data: dict[str, list[str]]
    files: dict[str, Attached] = field(default_factory=dict)
    wrong: dict[str, FieldError] = field(default_factory=dict)


def tried(form: Form, sent: MultiDict[str, str], given: MultiDict[str, FileStorage], limit: int) -> Trial:
    """What was sent, as a task would see it; a file that was tried before goes on as its size and name."""
    trial = Trial(dict(sent.lists()))
    for item in fields.files(form.fields):
        trial.data.pop(item.key, None)
        files = [one for one in given.getlist(f"{item.key}.file") if one.filename]
        size, _slash, name = sent.get(f"{item.key}.tried", "").partition("/")
        if len(files) > 1:
            trial.wrong[item.key] = FieldError("file_several")
        elif files:
            _take(trial, item, files[0], limit)
        elif name and size.isdigit() and sent.get("_drop") != item.key:
            trial.files[item.key] = Attached(name[: kinds.LONGEST_NAME], int(size[:12]))
    trial.data.update({key: [STAND_IN] for key in trial.files})
    return trial


def _take(trial: Trial, item: fields.Field, file: FileStorage, limit: int) -> None:
    content = file.stream.read(limit + 1)
    try:
        name, _media = kinds.checked(file.filename or "", content, accept=item.accept, limit=limit)
    except kinds.FileRefused as refused:
        trial.wrong[item.key] = FieldError(refused.code, refused.values)
    else:
        trial.files[item.key] = Attached(name, len(content))
