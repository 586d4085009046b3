"""Which personal data the steps of a process read or write, and why: proposed from forms, and listed as a register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from app.casework import access, vocabulary
from app.design import steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflows.fields import Field
    from workflows.form_schema import Form

CATEGORIES = access.CATEGORIES
# Somebody has said that a step uses no data of a person: that is not the same as having said nothing.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one step of a process uses of somebody's data, and what for."""

    process: str
    step: str
    performer: str
    data: tuple[str, ...]
    purpose: str


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """The categories among these, each with its name."""
    return [(code, str(vocabulary.CATEGORIES[code])) for code in codes if code in vocabulary.CATEGORIES]


def names(written: str) -> list[str]:
    """The names of the categories in an attribute; what is no category of ours stays as it is."""
    known = {NONE: gettext("keine Daten der Person"), **dict(named(written.split()))}
    return [known.get(code, code) for code in written.split()]


def written(codes: Iterable[str], *, offered: Iterable[str] = ()) -> str:
    """The categories as an attribute says them, each once, in their order.

    Where some were `offered` and all of them declined, it says that there are none.
    """
    chosen = set(codes)
    return " ".join(code for code in CATEGORIES if code in chosen) or (NONE if set(offered) else "")


def of_form(form: Form | None) -> list[str]:
    """The categories that a form reads or writes, as far as it tells."""
    found = set() if form is None else {form.category, *(one.category for one in _all(form.fields))}
    return [code for code in CATEGORIES if code in found]


def _all(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all(field.fields)


def register(files: Mapping[str, bytes]) -> list[Entry]:
    """Every step of these diagrams that says which data it uses, or why, or that shows a form."""
    drawn = [(name.removesuffix(".bpmn"), files[name]) for name in sorted(files) if name.endswith(".bpmn")]
    return [
        _entry(process, step)
        for process, content in drawn
        for step in steps.outline(content)
        if any(step.values[name] for name in ("data", "purpose", "form"))
    ]


def _entry(process: str, step: steps.Step) -> Entry:
    return Entry(process, step.name, step.lane, tuple(names(step.values["data"])), step.values["purpose"])
