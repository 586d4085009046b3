"""The scenarios of a draft on the screen: each with what becomes of it now, recorded, taken up again, put aside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.design import errors, files, playing, queries, scenarios, service, views, words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.design.queries import DraftRow

blueprint = Blueprint("design_scenarios", __name__, url_prefix="/design/<int:draft_id>/scenarios")
# The largest scenario that is taken, in bytes.
LARGEST = 500_000
views.PAGES["scenario"] = "design_scenarios.index"


def _run(draft: DraftRow) -> tuple[scenarios.Trial, ...]:
    session = security.session()
    found = queries.bundle(session, draft.id)
    return scenarios.run(session, draft, found, now=security.now(), locale=str(get_locale()))


@blueprint.get("")
@security.access(*views.READERS)
def index(draft_id: int) -> ResponseReturnValue:
    """All scenarios of a process, played on the newest state of the draft."""
    return _index(draft_id, "")


def _index(draft_id: int, fault: str, unreasoned: str = "") -> str:
    session = security.session()
    draft = queries.process(session, draft_id)
    return render_template(
        "design/scenarios.html", draft=draft, trials=_run(draft), differs=words.difference, fault=fault,
        struck=scenarios.struck(session, queries.bundle(session, draft_id), file=draft.file), unreasoned=unreasoned,
        may_draw=views.may_draw() and not draft.discarded,
    )  # fmt: skip


@blueprint.get("/state")
@security.access(*views.READERS)
def state(draft_id: int) -> ResponseReturnValue:
    """How many scenarios pass on the newest state, and the sentences for those that do not."""
    tried = _run(queries.process(security.session(), draft_id))
    failing = [f"{one.title}: {words.difference(one.difference)}" for one in tried if not one.passes]
    return jsonify(number=len(tried), failing=failing)


@blueprint.post("")
@security.access(*views.DESIGNERS)
def record(draft_id: int) -> ResponseReturnValue:
    """Keeps what was played as a scenario, with what came of it."""
    session = security.session()
    draft = queries.process(session, draft_id)
    title = request.form.get("title", "").strip()[:120]
    script = playing.script(session, draft_id, security.actor().id or 0)
    if not title or script is None:
        flash(gettext("Bitte sagen Sie, was das Szenario zeigt."), "danger")
        return redirect(url_for("design_play.show", draft_id=draft_id, _anchor="h-keep"), 303)
    chosen = request.form.get("file", "")
    known = scenarios.of(session, queries.bundle(session, draft_id), file=draft.file)
    file = chosen if chosen in known else scenarios.name_for(session, draft, title)
    try:
        _keep(draft, file, title, script)
    except errors.StepRefused:
        flash(
            gettext(
                "Das wird kein Szenario, weil der Ablauf scheitert. Sagen Sie im Spiel noch, was bei den offenen "
                "Schritten herauskommt."
            ),
            "danger",
        )
        return redirect(url_for("design_play.show", draft_id=draft_id), 303)
    flash(gettext("Gesichert."), "success")
    return redirect(url_for("design_scenarios.index", draft_id=draft_id, _anchor=_anchor(file)), 303)


def _anchor(file: str) -> str:
    return file.removeprefix(scenarios.FOLDER).removesuffix(".json")


def _keep(draft: DraftRow, file: str, title: str, script: dict[str, Any]) -> None:
    """Plays a script once more and keeps it with what comes of it. Raises StepRefused when it fails."""
    session, now = security.session(), security.now()
    bare = {key: value for key, value in script.items() if key != "expect"}
    played = playing.play(
        session, queries.bundle(session, draft.id), {file: json.dumps(bare)}, main=draft.file, now=now,
        locale=str(get_locale()),
    )  # fmt: skip
    content = scenarios.written(bare, title, played.results.get(file, {}))
    scenarios.keep(session, draft, file, content, actor=security.actor(), now=now)


@blueprint.post("/upload")
@security.access(*views.DESIGNERS)
def upload(draft_id: int) -> ResponseReturnValue:
    """Takes a scenario from a file, as the command line knows it."""
    session = security.session()
    draft = queries.process(session, draft_id)
    given = request.files.get("upload")
    content = given.read(LARGEST + 1) if given is not None else b""
    try:
        files.checked(content if len(content) <= LARGEST else b"", file=f"{scenarios.FOLDER}x.json")
        title = str(json.loads(content).get("description") or (given.filename if given else ""))
        file = scenarios.name_for(session, draft, title)
        scenarios.keep(session, draft, file, content, actor=security.actor(), now=security.now())
    except errors.FileUnusable as unusable:
        told = unusable.detail or gettext("Bitte wählen Sie eine Datei mit einem Szenario.")
        return _index(draft_id, told), 422
    return redirect(url_for("design_scenarios.index", draft_id=draft_id, _anchor=_anchor(file)), 303)


def _script(draft: DraftRow, name: str) -> tuple[str, dict[str, Any]]:
    """A scenario of a draft by its name: its file and what stands in it. Raises UnknownDraft."""
    session = security.session()
    file = f"{scenarios.FOLDER}{name}.json"
    found = scenarios.of(session, queries.bundle(session, draft.id), file=draft.file)
    if file not in found:
        raise errors.UnknownDraft(draft.id)
    return file, json.loads(found[file])


@blueprint.post("/<name>/anew")
@security.access(*views.DESIGNERS)
def anew(draft_id: int, name: str) -> ResponseReturnValue:
    """Expects from now on what comes of a scenario now."""
    draft = queries.process(security.session(), draft_id)
    file, script = _script(draft, name)
    try:
        _keep(draft, file, str(script.get("description") or name), script)
        flash(gettext("Gesichert."), "success")
    except errors.StepRefused:
        flash(gettext("So läuft es nicht durch. Bitte spielen Sie es von der Stelle an neu."), "danger")
    return redirect(url_for("design_scenarios.index", draft_id=draft_id, _anchor=name), 303)


@blueprint.post("/<name>/open")
@security.access(*views.READERS)
def take_up(draft_id: int, name: str) -> ResponseReturnValue:
    """Opens a scenario as a play of one's own, to go on from there or back."""
    session = security.session()
    _file, script = _script(queries.process(session, draft_id), name)
    kept: dict[str, Any] = {
        key: script[key] for key in ("description", "process", "now", "data", "steps", "answers") if key in script
    }
    playing.take_up(session, draft_id, security.actor().id or 0, kept, now=security.now())
    return redirect(url_for("design_play.show", draft_id=draft_id), 303)


@blueprint.post("/<name>/strike")
@security.access(*views.DESIGNERS)
def strike(draft_id: int, name: str) -> ResponseReturnValue:
    """Takes a scenario out of force with this draft, with a reason."""
    session = security.session()
    draft, reason = queries.process(session, draft_id), request.form.get("reason", "").strip()[:500]
    file = f"{scenarios.FOLDER}{name}.json"
    try:
        scenarios.strike(session, draft, file, reason, actor=security.actor(), now=security.now())
    except errors.StepRefused:
        return _index(draft_id, "", name), 422
    flash(gettext("Das Szenario gilt mit der Freigabe dieses Entwurfs nicht mehr."), "success")
    return redirect(url_for("design_scenarios.index", draft_id=draft_id, _anchor="h-struck"), 303)


@blueprint.post("/<name>/remove")
@security.access(*views.DESIGNERS)
def remove(draft_id: int, name: str) -> ResponseReturnValue:
    """Puts aside what the draft says about a scenario; one that is in force stays as it was released."""
    session = security.session()
    part = queries.part(session, draft_id, f"{scenarios.FOLDER}{name}.json")
    if part is None:
        raise errors.UnknownDraft(draft_id)
    service.discard(session, part.id, now=security.now())
    return redirect(url_for("design_scenarios.index", draft_id=draft_id), 303)
