"""The answers of form fields that depend on the case: each named source is a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.casework.cases import queries as cases
from app.casework.clients import queries as clients
from workflows import fields, forms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

UNDECIDED = frozenset({"pending", "open"})


def open_matches(session: Session, case_id: int) -> list[fields.Option]:
    """The files that may be of the same person as the client of the case, and about which nobody has decided."""
    client_id = cases.case_file(session, case_id).client_id
    return [
        _person(session, row.id, row.other_id) for row in clients.matches(session, client_id) if row.status in UNDECIDED
    ]


def _person(session: Session, match_id: int, client_id: int) -> fields.Option:
    other = clients.client(session, client_id)
    born = f"{other.birth_date:%d.%m.%Y}" if other.birth_date else "?"
    name = clients.full_name(other.family_name, other.given_names)
    return fields.Option(str(match_id), f"{name}, {born}, {other.number}")


SOURCES: Mapping[str, Callable[[Session, int], list[fields.Option]]] = {"open_matches": open_matches}


def offered(session: Session, form: forms.Form, *, case_id: int) -> dict[str, Sequence[fields.Option]]:
    """The answers of all fields of a form that depend on the case; a source that nobody knows offers nothing."""
    keys = {part.field.options_key for part in fields.parts(form.fields, {})} - {None}
    return {str(key): SOURCES[str(key)](session, case_id) if key in SOURCES else [] for key in keys}
