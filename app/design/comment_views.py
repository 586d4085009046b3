"""Comments on a draft on the screen: a list by element, a new one, done and open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from app import security
from app.design import comments, queries, steps, texts, views

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("design_comments", __name__, url_prefix="/design/<int:draft_id>/comments")


def _elements(draft_id: int) -> list[tuple[str, str]]:
    """The steps of the draft by id, with what they are called."""
    listed = steps.outline(queries.content(security.session(), draft_id))
    return [(one.id, texts.named(one.name, one.kind, len(one.ways))) for one in listed]


@blueprint.get("")
@security.access(*views.READERS)
def index(draft_id: int) -> ResponseReturnValue:
    """All comments on a draft, and a place for another one."""
    session = security.session()
    draft = queries.process(session, draft_id)
    elements = _elements(draft_id)
    return render_template(
        "design/comments.html", draft=draft, rows=comments.of(session, draft_id), elements=elements,
        names=dict(elements), chosen=request.args.get("element", ""), mentions=_people(), longest=comments.LONGEST,
    )  # fmt: skip


def _people() -> dict[str, str]:
    return comments.people(security.session(), frozenset(views.READERS), security.now())


@blueprint.get("/state")
@security.access(*views.READERS)
def state(draft_id: int) -> ResponseReturnValue:
    """How many open comments hang on which element, for the page that draws."""
    queries.process(security.session(), draft_id)
    return jsonify(marks=comments.marks(security.session(), draft_id))


@blueprint.post("")
@security.access(*views.READERS)
def add(draft_id: int) -> ResponseReturnValue:
    """Pins a comment to an element."""
    text, element = request.form.get("text", "").strip(), request.form.get("element", "")
    if not text:
        flash(gettext("Bitte schreiben Sie etwas."), "danger")
        return redirect(url_for("design_comments.index", draft_id=draft_id, element=element), 303)
    known = element if element in dict(_elements(draft_id)) else ""
    made = comments.add(
        security.session(), draft_id, text, element=known, known=_people(), actor=security.actor(), now=security.now()
    )
    return redirect(url_for("design_comments.index", draft_id=draft_id, _anchor=f"comment-{made}"), 303)


@blueprint.post("/<int:comment_id>")
@security.access(*views.READERS)
def turn(draft_id: int, comment_id: int) -> ResponseReturnValue:
    """Marks a comment as done, or as open again."""
    comments.turn(security.session(), draft_id, comment_id, actor=security.actor(), now=security.now())
    return redirect(url_for("design_comments.index", draft_id=draft_id, _anchor=f"comment-{comment_id}"), 303)


@blueprint.app_template_global()
def comments_for_me() -> list[tuple[int, str, int]]:
    """The drafts with open comments that name the reader."""
    return comments.waiting(security.session(), security.who().login)
