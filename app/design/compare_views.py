"""Any two: what is in force, states of drafts, earlier versions, compared in words and side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound

from app import security
from app.casework import rulebooks
from app.casework import words as office_words
from app.design import errors, queries, release_views, releases, views
from workflows import comparison, versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("comparing", __name__, url_prefix="/design")


@blueprint.get("/compare")
@security.access(*views.READERS)
def index() -> ResponseReturnValue:
    """Two that are chosen: every change in words, and the diagrams that both have and that differ."""
    old, new = request.args.get("old", ""), request.args.get("new", "")
    lines: list[release_views.Line] | None = None
    diagrams: list[release_views.Pair] = []
    fault = ""
    if old and new:
        try:
            before, after = _matched(old, new)
        except (errors.DesignError, ValueError):
            fault = gettext("Das gibt es nicht (mehr). Bitte wählen Sie neu.")
        else:
            lines, diagrams = release_views.told(before, after), _diagrams(old, new, before, after)
    return render_template(
        "design/compare.html", choices=[*_released_choices(), *_draft_choices()], old=old, new=new, lines=lines,
        kinds=release_views.KINDS, fault=fault, diagrams=diagrams,
    )  # fmt: skip


def _diagrams(old: str, new: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[release_views.Pair]:
    """The diagrams that both have and that differ."""
    changes = comparison.compare(before, after)
    names = [name for name in after if name.endswith(".bpmn") and before.get(name, after[name]) != after[name]]
    return [
        (name, release_views.marked(changes, name), [url_for("comparing.file", of=of, name=name) for of in (old, new)])
        for name in names
    ]


@blueprint.get("/compare/<of>/<path:name>")
@security.access(*views.READERS)
def file(of: str, name: str) -> ResponseReturnValue:
    """A diagram of one of the two."""
    try:
        found = _held(of).get(name)
    except (errors.DesignError, ValueError):
        found = None
    if found is None or not name.endswith(".bpmn"):
        raise NotFound
    return Response(found, mimetype="application/xml")


def _released_choices() -> list[tuple[str, str]]:
    rows = versions.all_of(security.session())
    return [
        (f"version:{row.process}:{row.version}", gettext("%(process)s, Fassung %(version)s",
         process=office_words.word(row.process, "process"), version=row.version))
        for row in rows
    ] + [
        (f"book:{row.id}", gettext("Regelwerk, Fassung %(version)s, gilt ab %(day)s", version=row.version,
         day=f"{row.valid_from:%d.%m.%Y}"))
        for row in rulebooks.history(security.session())
    ]  # fmt: skip


def _draft_choices() -> list[tuple[str, str]]:
    rows = queries.drafts(security.session())
    return [(f"draft:{row.id}", gettext("Entwurf: %(title)s", title=row.title)) for row in rows]


def _held(reference: str) -> dict[str, bytes]:
    """The files behind a choice. Raises UnknownDraft, ValueError."""
    kind, name, number = [*reference.split(":"), "", ""][:3]
    session = security.session()
    if kind == "draft":
        if number:
            return {queries.draft(session, int(name)).file: queries.content(session, int(name), int(number))}
        return queries.bundle(session, int(name))
    if kind == "book":
        hashes = {rulebooks.file(): row.digest for row in rulebooks.history(session) if row.id == int(name)}
    else:
        hashes = versions.files(session, name, int(number)) if kind == "version" else {}
    if not hashes:
        raise errors.UnknownDraft(0)
    return releases.before(session, hashes)


def _matched(old: str, new: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A draft is a part of what it will belong to: of a version beside it only the same files are compared.

    Raises UnknownDraft, ValueError.
    """
    before, after = _held(old), _held(new)
    if old.startswith("draft:") == new.startswith("draft:"):
        return before, after
    names = (before if old.startswith("draft:") else after).keys()
    return {name: before[name] for name in before if name in names}, {
        name: after[name] for name in after if name in names
    }
