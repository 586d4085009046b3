"""The drafts: their list, a new one, the page to draw on, and everything that the page asks of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.exceptions import NotFound

from app import failures, security
from app.casework import rulebooks
from app.casework import words as office_words
from app.design import checking, errors, files, purposes, queries, service, texts, words
from app.office import dates
from app.office import queries as offices

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


DESIGNERS = ("PD",)
READERS = ("PD", "LTG_STADT", "LTG_AA")
blueprint = Blueprint("design", __name__, url_prefix="/design")


def _english() -> bool:
    return str(get_locale()) == "en"


def may_draw() -> bool:
    """Whether the reader may change drafts; the others look."""
    return bool(security.actor().roles & set(DESIGNERS))


@blueprint.get("")
@security.access(*READERS)
def index() -> ResponseReturnValue:
    """All drafts, and the ways to begin one."""
    return _index({})


def _index(faults: dict[str, str], status: int = 200) -> ResponseReturnValue:
    session = security.session()
    released = sorted(name for name in queries.in_force(session).hashes if name.endswith(".bpmn"))
    named = [(name, str(office_words.word(name.removesuffix(".bpmn"), "process"))) for name in released]
    page = render_template(
        "design/index.html", drafts=queries.drafts(session), released=named, origins=words.ORIGINS,
        faults=faults, may_draw=may_draw(), book=rulebooks.file(),
    )  # fmt: skip
    return page, status


@blueprint.post("")
@security.access(*DESIGNERS)
def begin() -> ResponseReturnValue:
    """Begins a draft: from what is in force, from nothing, or from a file."""
    session, actor, now = security.session(), security.actor(), security.now()
    kind = request.form.get("kind", "")
    if kind == "released":
        saved = service.begin_released(session, request.form.get("file", ""), actor=actor, now=now)
    elif kind == "empty":
        title = request.form.get("title", "").strip()[:120]
        if not title:
            return _index({"title": gettext("Bitte geben Sie dem Prozess einen Namen.")}, 422)
        saved = service.begin_empty(session, title, actor=actor, now=now)
    else:
        try:
            saved = _imported()
        except errors.FileUnusable as unusable:
            return _index({"upload": str(words.UNUSABLE.get(unusable.code, words.UNUSABLE["not_bpmn"]))}, 422)
    return redirect(url_for("design.draft", draft_id=saved.draft_id), 303)


def _imported() -> service.Saved:
    """A draft of the file that was sent. Raises FileUnusable."""
    given = request.files.get("upload")
    content = given.read() if given is not None else b""
    if given is None or not content:
        raise errors.FileUnusable("missing")
    name = (given.filename or "").removesuffix(".bpmn")[:120]
    return service.begin_imported(security.session(), content, name=name, actor=security.actor(), now=security.now())


@blueprint.get("/<int:draft_id>")
@security.access(*READERS)
def draft(draft_id: int) -> ResponseReturnValue:
    """The page to draw on; for a part of a process the page where it is edited."""
    row = queries.draft(security.session(), draft_id)
    if row.part_of is not None or files.kind(row.file) in PAGES:
        return redirect(page_of(row))
    return render_template(
        "design/draft.html", draft=row, may_draw=may_draw() and not row.discarded, origins=words.ORIGINS,
        account=security.actor().id, texts=texts.drawing(),
    )  # fmt: skip


@blueprint.get("/<int:draft_id>/file.bpmn")
@security.access(*READERS)
def file(draft_id: int) -> ResponseReturnValue:
    """The file byte for byte as it was saved; `revision` asks for an earlier state."""
    session = security.session()
    content = queries.content(session, draft_id, request.args.get("revision", type=int))
    name = queries.draft(session, draft_id).file
    media = "application/xml" if files.kind(name) == "bpmn" else "application/json"
    plain = name.rpartition("/")[2]
    return Response(content, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{plain}"'})


@blueprint.get("/<int:draft_id>/state")
@security.access(*READERS)
def state(draft_id: int) -> ResponseReturnValue:
    """The newest state with its number, as the page that draws wants it."""
    session = security.session()
    row = queries.process(session, draft_id)
    return jsonify(
        revision=row.revision, name=row.changed_name, at=_clock(row.changed_at),
        content=files.as_text(queries.content(session, draft_id)),
    )  # fmt: skip


# Where forms, rule books and scenarios are edited, by the kind of their files; takes the draft and the file's name.
PAGES: dict[str, str] = {}


def page_of(row: queries.DraftRow) -> str:
    """The address of the page where a draft, of a process or of a part of one, is worked on."""
    endpoint = PAGES.get(files.kind(row.file), "")
    if not endpoint:
        return url_for("design.draft", draft_id=row.part_of or row.id)
    name = row.file.partition("/")[2].removesuffix(".json")
    return url_for(endpoint, draft_id=row.part_of or row.id, name=name)


def _clock(at: object) -> str:
    return f"{dates.local(at):%H:%M}"  # type: ignore[arg-type]  # an instant of a row


@blueprint.post("/<int:draft_id>/save")
@security.access(*DESIGNERS)
def save(draft_id: int) -> ResponseReturnValue:
    """Saves what was drawn from the state of this number; 409 with who was faster when that is not the newest."""
    content = request.form.get("content", "").encode()
    known = request.form.get("revision", 0, type=int)
    try:
        saved = service.save(
            security.session(), draft_id, content, known=known, actor=security.actor(), now=security.now()
        )
    except errors.DraftChanged as changed:
        told = {"name": changed.saved_name, "at": _clock(changed.saved_at), "revision": changed.number}
        return jsonify(told), 409
    except errors.FileUnusable as unusable:
        return jsonify(message=str(words.UNUSABLE.get(unusable.code, ""))), 422
    return jsonify(revision=saved.number, at=_clock(saved.saved_at))


@blueprint.post("/<int:draft_id>/copy")
@security.access(*DESIGNERS)
def copy(draft_id: int) -> ResponseReturnValue:
    """Keeps what could not be saved as a draft of one's own."""
    content = request.form.get("content", "").encode()
    known = request.form.get("revision", 0, type=int)
    try:
        saved = service.begin_copy(
            security.session(), draft_id, content, known=known, actor=security.actor(), now=security.now()
        )
    except errors.FileUnusable as unusable:
        return jsonify(message=str(words.UNUSABLE.get(unusable.code, ""))), 422
    return jsonify(url=url_for("design.draft", draft_id=saved.draft_id))


@blueprint.post("/<int:draft_id>/check")
@security.access(*READERS)
def check(draft_id: int) -> ResponseReturnValue:
    """The problems of what is drawn at this moment, saved or not, and the names that conditions may read."""
    session = security.session()
    row = queries.process(session, draft_id)
    report = checking.check(
        session, request.form.get("content", ""), file=row.file, now=security.now(),
        beside=queries.bundle(session, draft_id),
    )  # fmt: skip
    return jsonify(problems=[told(problem) for problem in report.problems], names=report.names)


def told(problem: checking.Told) -> dict[str, str]:
    """A problem in the reader's language, with its way out."""
    language = str(get_locale())
    return {
        "element": problem.element,
        "severity": problem.severity,
        "message": problem.message(language),
        "remedy": problem.remedy(language),
        "code": problem.code,
        "file": problem.file,
    }


@blueprint.post("/check")
@security.access(*READERS)
def check_field() -> ResponseReturnValue:
    """What is wrong with a condition, deadline or script as it was typed; an empty message when nothing is."""
    kind, source = request.form.get("kind", ""), request.form.get("source", "")[:4000]
    if kind not in {"condition", "timer", "script"}:
        raise NotFound
    names = request.form.get("names", "")
    found = checking.fault(kind, source, frozenset(names.split()) if names else None)
    return jsonify(message="" if found is None else fault_in_words(found.code, found.detail))


def fault_in_words(code: str, detail: str) -> str:
    """Why an expression cannot be used, for people."""
    text = str(words.FAULTS.get(code, words.FAULT))
    return f"{text} {detail}" if text.endswith(":") else text


@blueprint.get("/<int:draft_id>/office")
@security.access(*READERS)
def office(draft_id: int) -> ResponseReturnValue:
    """What may be chosen while drawing: roles, forms, functions with inputs and outputs, processes, deadlines."""
    session, now = security.session(), security.now()
    row = queries.process(session, draft_id)
    answer = jsonify(choices(row))
    answer.headers["X-Office-Time"] = _clock(now)
    return answer


def choices(draft: queries.DraftRow) -> dict[str, list[dict[str, object]]]:
    """The same as a value, for the list of steps."""
    session, now = security.session(), security.now()
    shared = checking.shared(session, now)
    return {
        "roles": [
            {"id": row.code, "name": row.name_en if _english() else row.name, "staffed": row.code in shared.staffed}
            for row in offices.roles(session).values()
        ],
        "forms": [
            {
                "id": name,
                "name": (form.title_en if _english() else "") or form.title or name,
                "data": purposes.of_form(form),
            }
            for name, form in sorted(checking.forms(session, now, queries.bundle(session, draft.id)).items())
        ],
        "data": [{"id": code, "name": name} for code, name in purposes.named(purposes.CATEGORIES)],
        "handlers": [
            {"id": name, "name": name, "inputs": one["inputs"], "outputs": one["outputs"]}
            for name, one in shared.handlers.items()
        ],
        "processes": [
            {"id": name.removesuffix(".bpmn"), "name": str(office_words.word(name.removesuffix(".bpmn"), "process"))}
            for name in sorted(shared.files)
            if name.endswith(".bpmn") and name != draft.file
        ],
    }


@blueprint.get("/<int:draft_id>/history")
@security.access(*READERS)
def history(draft_id: int) -> ResponseReturnValue:
    """All states of a draft with who saved them; each can be fetched and made the newest again."""
    session = security.session()
    rows = queries.revisions(session, draft_id, before=request.args.get("before", type=int))
    return render_template(
        "design/history.html", draft=queries.draft(session, draft_id), revisions=rows, acts=words.ACTS,
        may_draw=may_draw(), more=rows[-1].number if len(rows) == 100 else 0,  # noqa: PLR2004  a full page
    )  # fmt: skip


@blueprint.post("/<int:draft_id>/restore")
@security.access(*DESIGNERS)
def restore(draft_id: int) -> ResponseReturnValue:
    """Makes an earlier state the newest."""
    number, known = (request.form.get(name, 0, type=int) for name in ("number", "revision"))
    service.restore(security.session(), draft_id, number, known=known, actor=security.actor(), now=security.now())
    return redirect(url_for("design.draft", draft_id=draft_id), 303)


@blueprint.post("/<int:draft_id>/rename")
@security.access(*DESIGNERS)
def rename(draft_id: int) -> ResponseReturnValue:
    """Gives the draft another name."""
    title = request.form.get("title", "").strip()[:200]
    if title:
        service.rename(security.session(), draft_id, title)
    return redirect(url_for("design.draft", draft_id=draft_id), 303)


@blueprint.post("/<int:draft_id>/discard")
@security.access(*DESIGNERS)
def discard(draft_id: int) -> ResponseReturnValue:
    """Puts the draft aside; nothing is deleted."""
    service.discard(security.session(), draft_id, now=security.now())
    return redirect(url_for("design.index"), 303)


REFUSALS = (
    (errors.UnknownDraft, 404), (errors.DraftDiscarded, 409), (errors.DraftChanged, 409),
    (errors.FileUnusable, 422), (errors.StepRefused, 422),
)  # fmt: skip
for refusal, status_code in REFUSALS:
    failures.refuse(refusal, status_code)
