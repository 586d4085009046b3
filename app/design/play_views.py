"""A draft tried out in the browser with made-up data: where it waits, its tasks as they will look, what was done."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import NotFound

from app import security
from app.casework import sheets
from app.design import checking, files, form_views, play_rules, playing, queries, views
from app.office import dates
from workflows import fields, forms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

    from app.casework.sheets import Attached, Sheet
    from app.casework.trial_files import Trial
    from app.design.playing import Played
    from app.design.queries import DraftRow
    from workflows.fields import Option
    from workflows.forms import Form, Submission

blueprint = Blueprint("design_play", __name__, url_prefix="/design/<int:draft_id>/play")
NAME = "play"
OUTCOMES: Mapping[str, LazyString] = {
    "completed": _("Der Ablauf ist zu Ende."),
    "waiting": _("Der Ablauf wartet."),
    "failed": _("Der Ablauf ist gescheitert."),
    "refused": _("So kann der Ablauf nicht gespielt werden."),
}
KINDS: Mapping[str, LazyString] = {
    "timer": _("auf einen Termin"),
    "message": _("auf eine Nachricht"),
    "signal": _("auf ein Signal"),
    "condition": _("auf eine Bedingung"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is seen: the result of the steps so far, and the files that were played."""

    draft: DraftRow
    bundle: Mapping[str, bytes]
    script: Mapping[str, Any] | None
    played: Played
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """Where the clock of the play stands."""
        told = self.result.get("now") or (self.script or {}).get("now")
        return datetime.fromisoformat(told) if told else security.now()

    def start_text(self) -> str:
        """The values at the start as somebody types them, a line each."""
        given = (self.script or {}).get("data", {})
        return "\n".join(f"{name} = {_typed(value)}" for name, value in given.items())

    @property
    def open(self) -> list[dict[str, Any]]:
        """The steps that somebody or a service has to complete; after a failure there is only the way back."""
        return list(self.result["open"]) if self.result.get("outcome") == "waiting" else []

    def opened(self, element: str) -> dict[str, Any]:
        """The open step of this element. Raises NotFound."""
        found = next((item for item in self.open if item["element"] == element), None)
        if found is None:
            raise NotFound
        return found

    def form(self, item: Mapping[str, Any]) -> Form | None:
        """The form that an open step shows, as this draft has it."""
        file = f"forms/{item['form']}.json"
        content = self.bundle.get(file) or checking.shared(security.session(), security.now()).files.get(file)
        return forms.compile_form(content) if item["form"] and content else None


def _stage(draft_id: int) -> Stage:
    session, now = security.session(), security.now()
    draft = queries.process(session, draft_id)
    bundle = queries.bundle(session, draft_id)
    script = playing.script(session, draft_id, security.actor().id or 0)
    if script is None:
        return Stage(draft, bundle, None, playing.Played({}, {}))
    played = playing.play(
        session, bundle, {NAME: json.dumps(script)}, main=draft.file, now=now, locale=str(get_locale()),
        stepwise=(NAME,),
    )  # fmt: skip
    return Stage(draft, bundle, script, played, played.results.get(NAME, {}))


@blueprint.get("")
@security.access(*views.READERS)
def show(draft_id: int) -> ResponseReturnValue:
    """Where the play stands and what can be done next."""
    return _page(_stage(draft_id), request.args.get("task", ""), None)


def _page(stage: Stage, element: str, sheet: Sheet | None, *, more: str = "") -> str:
    open_ = stage.open
    chosen = next((item for item in open_ if item["element"] == element), open_[0] if open_ else None)
    form = stage.form(chosen) if chosen else None
    if sheet is None and form is not None and chosen is not None:
        sheet = _sheet(stage, form, {}, {}, files={})
    outputs = _outputs(stage, chosen)
    rule = _rule(stage, chosen)
    return render_template(
        "design/play.html", draft=stage.draft, stage=stage, result=stage.result, elements=stage.played.elements,
        chosen=chosen, sheet=sheet, more=more, rule=rule, outputs=rule.outputs(outputs) if rule else outputs,
        outcomes=OUTCOMES, kinds=KINDS,
        diagrams=_diagrams(stage), calls=_calls(stage), next_due=_next_due(stage), language=str(get_locale()),
        may_draw=views.may_draw() and not stage.draft.discarded,
        keep_title=(stage.script or {}).get("description", ""), kept=_kept(stage),
    )  # fmt: skip


def _rule(stage: Stage, chosen: Mapping[str, Any] | None) -> play_rules.Question | None:
    """The question to the rule book, where the chosen step asks it."""
    handler = stage.played.elements.get(chosen["element"], {}).get("handler") if chosen else ""
    return play_rules.question(stage.bundle, stage.now) if handler == play_rules.ASKS else None


def _kept(stage: Stage) -> list[tuple[str, str]]:
    """The scenarios of the draft that may be recorded anew: file and title."""
    found = {
        name: content
        for name, content in stage.bundle.items()
        if files.kind(name) == "scenario" and not files.struck(content)
    }
    return [(name, str(json.loads(content).get("description") or name)) for name, content in sorted(found.items())]


def _sheet(
    stage: Stage, form: Form, typed: Mapping[str, Any], wrong: Mapping[str, str], *, files: Mapping[str, Attached]
) -> Sheet:
    language = str(get_locale())
    known = stage.result["data"]
    return sheets.sheet(
        form, typed=typed, values=known, options=_options(form), locale=language, errors=wrong,
        files=files,
    )  # fmt: skip


def _options(form: Form) -> dict[str, list[Option]]:
    """Made-up choices for fields whose choices come from a case."""
    made = [
        fields.Option(f"{number}", gettext("Beispiel %(number)s", number=number), f"Example {number}")
        for number in (1, 2, 3)
    ]
    return {item.options_key: made for item in form.inputs() if item.options_key}


def _outputs(stage: Stage, chosen: Mapping[str, Any] | None) -> dict[str, str]:
    """What a service would give back, by name, with its empty values as people type them."""
    if chosen is None or not stage.played.elements.get(chosen["element"], {}).get("served"):
        return {}
    handler = stage.played.elements[chosen["element"]]["handler"]
    declared = playing.stock(security.session(), security.now()).handlers.get(handler, {}).get("outputs", {})
    return {name: _typed(value) for name, value in declared.items()}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@blueprint.app_template_filter("played_value")
def shown(value: object) -> str:
    """A process value for people."""
    if value is None or value == "":
        return str(gettext("leer"))
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nein"))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _calls(stage: Stage) -> dict[str, str]:
    """Which process an element calls."""
    return {name: one["calls"] for name, one in stage.played.elements.items() if one["calls"]}


def _diagrams(stage: Stage) -> list[tuple[str, list[str], list[str]]]:
    """The diagrams with something in them, the draft's own first: file, where it waits, what is done."""
    elements = stage.played.elements
    at = {item["element"]: item["process"] for item in (*stage.open, *stage.result.get("waiting", ()))}
    active = dict.fromkeys(at)
    inside = set(at.values())
    while callers := [
        name for name, process in _calls(stage).items() if process in inside and name not in active
    ]:  # fmt: skip
        active |= dict.fromkeys(callers)
        inside |= {elements[name]["file"].removesuffix(".bpmn") for name in callers}
    done = list(dict.fromkeys(item["element"] for item in stage.result.get("trace", ())))
    files = [
        stage.draft.file,
        *sorted({elements[name]["file"] for name in at if name in elements} - {stage.draft.file}),
    ]
    return [
        (
            file,
            [name for name in active if elements.get(name, {}).get("file") == file],
            [name for name in done if elements.get(name, {}).get("file") == file and name not in active],
        )
        for file in files
    ]


def _next_due(stage: Stage) -> datetime | None:
    due = [datetime.fromisoformat(one["due"]) for one in stage.result.get("waiting", ()) if one["due"]]
    return min(due, default=None)


@blueprint.get("/diagrams/<name>")
@security.access(*views.READERS)
def diagram(draft_id: int, name: str) -> ResponseReturnValue:
    """A diagram of the play: of the draft, or of what it calls."""
    session = security.session()
    found = {**checking.shared(session, security.now()).files, **queries.bundle(session, draft_id)}
    if not name.endswith(".bpmn") or name not in found:
        raise NotFound
    return Response(found[name], mimetype="application/xml")


@blueprint.post("")
@security.access(*views.READERS)
@security.takes_files
def act(draft_id: int) -> ResponseReturnValue:
    """One step more, one back, or all from the beginning."""
    session, account, now = security.session(), security.actor().id or 0, security.now()
    kind = request.form.get("act", "")
    if kind == "begin":
        given = playing.pairs(request.form.get("data", ""))
        playing.begin(session, draft_id, account, data=given, now=now)
    elif kind == "back":
        playing.back(session, draft_id, account, now=now)
    elif kind == "complete":
        return _complete(draft_id)
    elif kind == "decide":
        return _page(_stage(draft_id), request.form.get("element", ""), None)
    else:
        playing.add(session, draft_id, account, _step(draft_id, kind), now=now)
    return _again(draft_id)


def _again(draft_id: int) -> ResponseReturnValue:
    return redirect(url_for("design_play.show", draft_id=draft_id, _anchor="here"), 303)


def _step(draft_id: int, kind: str) -> dict[str, Any]:
    """A step that is no task. Raises NotFound for anything else."""
    name = request.form.get("name", "")[:200]
    given = playing.pairs(request.form.get("values", ""))
    if kind in {"message", "signal"} and name:
        return {kind: name, "payload": given}
    if kind == "fail" and name:
        return {"fail": name, "error": request.form.get("error", "").strip()[:100]}
    if kind == "advance":
        stage = _stage(draft_id)
        due = _next_due(stage)
        if due is not None:
            seconds = max(0, int((due - stage.now).total_seconds() + 0.999))
            return {"advance": f"PT{seconds}S"}
    raise NotFound


def _complete(draft_id: int) -> ResponseReturnValue:
    """Completes a task with what was typed into its form, or answers a service."""
    stage = _stage(draft_id)
    item = stage.opened(request.form.get("element", ""))
    element, form = item["element"], stage.form(item)
    values_ = playing.pairs(request.form.get("values", ""))
    if form is not None and "skip" not in request.form:
        typed, trial = sheets.typed_again(form, request.form), form_views.tried(form)
        if "_drop" in request.form or "_attach" in request.form:
            wrong = sheets.messages(forms.Submission(errors=trial.wrong), str(get_locale()))
            return _page(stage, element, _sheet(stage, form, typed, wrong, files=trial.files))
        if "_add" in request.form or "_remove" in request.form:
            act_, row = ("_add", sheets.with_row) if "_add" in request.form else ("_remove", sheets.without_row)
            return _page(
                stage, element, _sheet(stage, form, row(form, typed, request.form[act_]), {}, files=trial.files)
            )
        taken = _read(stage, form, trial)
        more = sheets.came_up(taken, form, request.form.get("_shown"))
        if taken.errors or more:
            wrong = {} if more else sheets.messages(taken, str(get_locale()))
            return _page(
                stage, element, _sheet(stage, form, typed, wrong, files=trial.files), more="more" if more else ""
            ), 422
        values_ |= taken.process
    outputs = _outputs(stage, item)
    answered = {name: playing.meant(request.form.get(f"out.{name}", empty)) for name, empty in outputs.items()}
    step = {"complete": element, "values": {**answered, **values_}}
    session, account = security.session(), security.actor().id or 0
    playing.add(session, draft_id, account, step, now=security.now())
    return _again(draft_id)


def _read(stage: Stage, form: Form, trial: Trial) -> Submission:
    day = dates.day_of(stage.now)
    found = forms.submit(form, trial.data, values=stage.result["data"], options=_options(form), today=day)
    found.errors.update({path: error for path, error in trial.wrong.items() if path in found.visible})
    return found


@blueprint.post("/shown/<element>")
@security.access(*views.READERS)
def visible(draft_id: int, element: str) -> ResponseReturnValue:
    """Which parts of the form of an open task show for what is typed at the moment."""
    stage = _stage(draft_id)
    form = stage.form(stage.opened(element))
    if form is None:
        raise NotFound
    return jsonify(visible=sorted(_read(stage, form, form_views.tried(form)).visible))
