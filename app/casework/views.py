"""Cases: finding them, the page of one, its diagrams, the text of a decision for the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from app import failures, security
from app.casework import (
    access,
    act_views,
    attachment_views,
    correct_forms,
    correct_views,
    dossier,
    errors,
    glass_views,
    intervene_views,
    intervene_words,
    queries,
    register_views,
    service,
    vault,
    words,
)
from app.casework.attachments import kinds
from app.casework.clients import birthdates
from app.office import queries as office
from workflows import definitions
from workflows import queries as host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue

    from app.casework.cases.queries import Card
    from app.casework.clients.queries import Duplicate
    from app.casework.page import CasePage, Core
    from workflows.handlers import Actor

FILE = "/cases/<int:case_id>/files/<int:attachment_id>"
STAFF = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA")
READERS = (*STAFF, "DSB_STADT", "DSB_AA")
HITS = 30
WORDS_LONGEST = 80
# These run beside a case: its own diagram does not hold them.
BESIDE = frozenset({"urgent", "reminder", "conference"})
blueprint = Blueprint("casework", __name__)
blueprint.add_url_rule("/clients/new", "register_form", register_views.form)
blueprint.add_url_rule("/clients/new", "register", register_views.register, methods=["POST"])
CORRECT, GLASS = "/cases/<int:case_id>/correct/<section>", "/cases/<int:case_id>/open/<category>"
blueprint.add_url_rule(CORRECT, "correct_form", correct_views.form)
blueprint.add_url_rule(CORRECT, "correct", correct_views.correct, methods=["POST"])
blueprint.add_url_rule(GLASS, "glass_form", glass_views.form)
blueprint.add_url_rule(GLASS, "break_glass", glass_views.break_glass, methods=["POST"])
blueprint.add_url_rule("/openings", "openings", glass_views.index)
blueprint.add_url_rule("/openings/<int:opening_id>/review", "review", glass_views.review, methods=["POST"])
blueprint.add_url_rule("/cases/<int:case_id>/pause", "pause", act_views.pause, methods=["POST"])
blueprint.add_url_rule("/cases/<int:case_id>/continue", "resume", act_views.resume, methods=["POST"])
blueprint.add_url_rule("/cases/<int:case_id>/reopen", "reopen", act_views.reopen, methods=["POST"])
blueprint.add_url_rule(FILE, "attachment", attachment_views.attachment)
INTERVENTION, INTERVENTIONS = "/interventions/<int:request_id>", "/cases/<int:case_id>/interventions"
blueprint.add_url_rule("/interventions", "interventions", intervene_views.index)
blueprint.add_url_rule(INTERVENTION, "intervention", intervene_views.show)
blueprint.add_url_rule(f"{INTERVENTION}/confirm", "confirm_intervention", intervene_views.confirm, methods=["POST"])
blueprint.add_url_rule(f"{INTERVENTION}/refuse", "refuse_intervention", intervene_views.refuse, methods=["POST"])
blueprint.add_url_rule(f"{INTERVENTION}/withdraw", "withdraw_intervention", intervene_views.withdraw, methods=["POST"])
blueprint.add_url_rule(INTERVENTIONS, "interventions_of", intervene_views.case)
blueprint.add_url_rule(f"{INTERVENTIONS}/<act>", "intervene_form", intervene_views.form)
blueprint.add_url_rule(f"{INTERVENTIONS}/<act>", "intervene", intervene_views.intervene, methods=["POST"])
blueprint.add_url_rule(f"{INTERVENTIONS}/<act>/look", "look", intervene_views.look, methods=["POST"])
RETRY = "/cases/<int:case_id>/incidents/<int:incident_id>/retry"
blueprint.add_url_rule(RETRY, "retry_incident", intervene_views.retry, methods=["POST"])
for refusal, status in {
    errors.AccessDenied: 403, errors.UnknownCase: 404, errors.UnknownClient: 404, errors.CaseOpenAlready: 409,
    errors.CaseReopenable: 409, errors.PayerRefused: 409, errors.ValuesRefused: 422, errors.UnknownRequest: 404,
    errors.UnknownAttachment: 404, errors.RequestOver: 409, errors.ConsequenceChanged: 409,
}.items():  # fmt: skip
    failures.refuse(refusal, status)


@blueprint.get("/cases")
@security.access(*READERS)
def index() -> ResponseReturnValue:
    """Finds cases by name in any spelling, number or birth date; only those of which the reader may see the person."""
    session = security.session()
    text = vault.of(session).reveal(request.args.get("q", "").strip())[:WORDS_LONGEST]
    found = [
        case_id
        for case_id in queries.find(session, text, limit=HITS)
        if queries.may_read(session, case_id, "core", security.actor(), now=security.now())
    ]
    cards = queries.cards(session, found)
    return render_template("casework/cases.html", text=text, hits=[cards[case_id] for case_id in found])


@blueprint.post("/cases")
@security.access(*READERS)
def search() -> ResponseReturnValue:
    """Goes to what is found for the words that were typed; they are handed in, because an address is no place for a
    name or a birth date.
    """
    words_ = request.form.get("q", "").strip()[:WORDS_LONGEST]
    return redirect(url_for("casework.index", q=vault.of(security.session()).conceal(words_) or None), 303)


@blueprint.get("/cases/<int:case_id>")
@security.access(*READERS)
def case(case_id: int) -> ResponseReturnValue:
    """The page of a case, as far as the reader may see it; every read is noted with its purpose."""
    session, actor, now = security.session(), security.actor(), security.now()
    page = queries.case_page(session, case_id, actor, now)
    purpose = _purpose(actor)
    log(page, purpose)
    process, locale, subject = request.args.get("process", "case"), str(get_locale()), str(case_id)
    return render_template(
        "casework/case.html", page=page, purpose=purpose, purposes=words.choices("purpose"), process=process,
        records=dossier.records(session, page, locale), files=dossier.files(session, page, locale),
        case_id=case_id, processes=_diagrams(),
        tasks=dossier.named(session, host.open_tasks(session, subject), subject=subject, locale=locale),
        waiting=dossier.waits(session, subject, locale),
        entries=dossier.named(session, host.timeline(session, subject), subject=subject, locale=locale),
        acts=act_views.acts(page), pause_reasons=act_views.reasons(),
        position=host.position(session, page.head.instance_id) if page.head.instance_id else None,
    )  # fmt: skip


def _diagrams() -> list[tuple[str, str]]:
    return [(code, text) for code, text in words.choices("process") if code not in BESIDE]


def _purpose(actor: Actor) -> str:
    asked = request.args.get("purpose", "")
    return asked if asked in words.PURPOSES else access.matrix(security.session()).purpose(actor.roles)


def log(page: CasePage, purpose: str = "") -> None:
    """Has the read written into the log before the page leaves."""
    actor, now = security.actor(), security.now()
    security.afterwards(
        lambda own: service.log_read(
            own, page.case_id, categories=page.shown, actor=actor, now=now, purpose=purpose
        )
    )  # fmt: skip


@blueprint.get("/cases/<int:case_id>/diagram.bpmn")
@security.access(*STAFF)
def diagram(case_id: int) -> ResponseReturnValue:
    """The diagram of a step of the case, as it stood when the case began."""
    session = security.session()
    if not queries.may_read(session, case_id, "task", security.actor(), now=security.now()):
        raise errors.AccessDenied("no_access")
    started = host.instances(session, str(case_id))
    # A reminder about the case is an instance of its own, with a diagram of its own.
    own = [row for row in started if row.process == "case"] or started
    if not own:
        raise NotFound
    try:
        content = definitions.diagram(session, own[-1].definition_id, request.args.get("process", "case"))
    except definitions.UnknownDefinition:
        raise NotFound from None
    return Response(content, mimetype="application/xml")


@blueprint.get("/cases/<int:case_id>/decisions/<int:decision_id>/letter")
@security.access(*STAFF)
def decision_letter(case_id: int, decision_id: int) -> ResponseReturnValue:
    """The decision in the client's words, to be printed and handed out."""
    session = security.session()
    page = queries.case_page(session, case_id, security.actor(), security.now())
    found = [row for row in (page.route.decisions if page.route else ()) if row.id == decision_id]
    if not found:
        raise NotFound
    log(page)
    name = office.setting(session, "office_name") or ""
    return render_template("casework/decision_letter.html", page=page, decision=found[0], office_name=name)


@blueprint.app_template_filter()
def word(code: object, noun: str) -> str:
    """The word that people read for a code."""
    return words.word(code, noun)


@blueprint.app_template_filter()
def word_list(codes: Iterable[str], noun: str) -> str:
    """The words of several codes."""
    return ", ".join(words.word(code, noun) for code in codes)


@blueprint.app_template_filter()
def media_names(accept: Iterable[str]) -> str:
    """The kinds of files that a field takes."""
    return kinds.kinds(accept)


@blueprint.app_template_filter()
def kilobytes(size: int) -> str:
    """The size of a file as people read it."""
    return f"{max(1, round(size / 1000)):n} kB"


@blueprint.app_template_filter()
def field_label(name: str) -> str:
    """What people call a field that was put right."""
    return correct_forms.label(name)


@blueprint.app_template_filter()
def field_value(text: str, name: str) -> str:
    """What stood or stands in such a field, in words."""
    return correct_forms.value(name, text)


@blueprint.app_template_filter()
def birth(person: Card | Duplicate | Core) -> str:
    """A date of birth as far as it is known; empty where nothing is."""
    return birthdates.written(person.birth_date, person.birth_precision)


@blueprint.app_template_filter()
def flag_text(code: str) -> str:
    """A flag of a decision as a sentence."""
    return words.flag(code)


@blueprint.app_template_filter()
def fact_rows(inputs: Mapping[str, object]) -> list[tuple[str, str]]:
    """What the rules saw, in words and in the order of the form."""
    return words.facts(inputs)


@blueprint.app_template_filter()
def act_name(code: str) -> str:
    """The name of an intervention."""
    return intervene_words.act(code)


@blueprint.app_template_filter()
def request_state(code: str) -> str:
    """How a request for an intervention stands."""
    return intervene_words.state(code)


@blueprint.app_template_filter()
def not_possible(code: str) -> str:
    """Why an intervention cannot be done."""
    return intervene_words.not_possible(code)


@blueprint.app_template_filter()
def trouble_text(code: str, detail: str) -> str:
    """What went wrong in a step, in a sentence."""
    return intervene_words.trouble(code, detail)


@blueprint.app_template_global()
def stopped_cases(case_ids: Iterable[int]) -> frozenset[int]:
    """Which of these cases are stopped."""
    return queries.stopped(security.session(), tuple(case_ids))


@blueprint.app_template_global()
def waiting_requests() -> int:
    """How many interventions wait for the reader's confirmation."""
    return queries.count_waiting_for(security.session(), security.actor(), now=security.now())


@blueprint.app_template_filter()
def role_name(code: str | None) -> str:
    """The name of a role in the reader's language."""
    if "role_names" not in g:
        g.role_names = office.roles(security.session())
    row = g.role_names.get(code or "")
    if row is None:
        return words.word(code or "", "role")
    return str(row.name_en if str(get_locale()) == "en" else row.name)


@blueprint.app_template_filter()
def plain_markup(text: str) -> Markup:
    """Headings, paragraphs, bold words and lists of a form's text; everything else is shown as it was written."""
    return Markup("").join(_block(block) for block in text.strip().split("\n\n"))


def _block(block: str) -> Markup:
    lines = block.strip().splitlines()
    if lines and lines[0].startswith("#"):
        return Markup("<h3>{}</h3>").format(_bold(lines[0].lstrip("# ")))
    if lines and all(line.lstrip().startswith(("- ", "* ")) for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(_bold(line.lstrip()[2:])) for line in lines)
        return Markup("<ul class='reasons'>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(_bold(" ".join(lines)))


def _bold(text: str) -> Markup:
    parts = [escape(part) for part in text.split("**")]
    return Markup("").join(
        Markup("<strong>{}</strong>").format(part) if at % 2 else part for at, part in enumerate(parts)
    )
