"""Releases on the screen: what changes, what was checked, whom it touches; two leaders sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app import failures, security
from app.casework import rulebooks, rulediff
from app.design import checking, errors, files, queries, releases, scenarios, service, views, words
from app.office import dates
from workflows import comparison, versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

    from app.design.release_models import Release

DESIGNERS, READERS = views.DESIGNERS, views.READERS
LEADERS = ("LTG_STADT", "LTG_AA")
PARTNERS: Mapping[str, LazyString] = {"STADT": _("Stadt"), "AA": _("Arbeitsamt")}
STATES: Mapping[str, LazyString] = {
    "review": _("zur Prüfung bei den Leitungen"),
    "scheduled": _("von beiden freigegeben, gilt ab dem Stichtag"),
    "active": _("in Kraft gesetzt"),
    "rejected": _("abgelehnt"),
    "withdrawn": _("zurückgezogen"),
    "void": _("überholt, Unterschriften ungültig"),
    "failed": _("konnte nicht in Kraft gesetzt werden"),
}
ACTS: Mapping[str, LazyString] = {
    "submitted": _("eingereicht"),
    "signed": _("unterschrieben"),
    "scheduled": _("beide haben unterschrieben"),
    "document": _("Schriftstück hinterlegt"),
    **{name: STATES[name] for name in ("active", "rejected", "withdrawn", "void", "failed")},
}
REFUSED: Mapping[str, LazyString] = {
    "past": _("Der Stichtag liegt in der Vergangenheit."),
    "errors": _("Der Entwurf hat Fehler. Bitte beheben Sie diese zuerst."),
    "scenarios_now": _(
        "Nicht unterschrieben: Ein Szenario läuft heute nicht mehr so, wie es aufgenommen wurde. "
        "Bitte geben Sie den Entwurf der Gestaltung zurück."
    ),
    "meanwhile": _(
        "Nicht unterschrieben: Während die Szenarien liefen, ist etwas anderes in Kraft getreten. "
        "Bitte sehen Sie die Freigabe noch einmal an und unterschreiben Sie dann."
    ),
    "scenarios": _("Ein Szenario läuft nicht mehr so, wie es aufgenommen wurde. Bitte sehen Sie es zuerst an."),
    "warnings": _("Es gibt Hinweise. Bitte bestätigen Sie, dass Sie sie gelesen haben."),
    "same": _("Der Entwurf sagt dasselbe wie die geltende Fassung."),
    "not_yours": _("Hier gibt es für Sie nichts zu unterschreiben."),
    "overtaken": _(
        "Inzwischen wurde etwas geändert. Die Unterschriften gelten nicht mehr; bitte neu einreichen lassen."
    ),
    "own_change": _("Sie haben an diesem Entwurf mitgearbeitet. Unterschreiben muss jemand anderes."),
    "two_people": _("Für die andere Behörde haben Sie schon unterschrieben. Es müssen zwei Personen sein."),
    "document": _("Die Vereinbarung verlangt die Schriftform. Bitte hinterlegen Sie zuerst das Schriftstück."),
    "closed": _("Diese Freigabe ist abgeschlossen."),
    "media": _("Bitte eine Datei als PDF, PNG oder JPEG mit höchstens 1,5 MB."),
    "no_way_back": _("Die vorige Fassung kann nicht mehr zurückgeholt werden."),
    "reason": _("Bitte geben Sie einen Grund an."),
    "day": _("Bitte geben Sie den Stichtag als Datum an."),
}
LONGEST = 1000
blueprint = Blueprint("releases", __name__, url_prefix="/design")
failures.refuse(errors.UnknownRelease, 404)
failures.refuse(errors.ReleaseRefused, 409)


# Two diagrams side by side: their name, the ids to mark by kind, the address of each.
Pair = tuple[str, dict[str, list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A change in words."""

    file: str
    element: str
    kind: str
    text: str


KINDS: Mapping[str, tuple[str, LazyString]] = {
    "added": ("+", _("neu")),
    "removed": ("−", _("entfallen")),
    "changed": ("≠", _("geändert")),
    "renamed": ("✎", _("umbenannt")),
    "moved": ("↔", _("anders platziert")),
}


def told(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Line]:
    """Every difference in words; of rule books rows and values by their names."""
    books = [name for name in new if files.kind(name) == "book" and name in old]
    lines: list[Line] = []
    for name in books:
        before, after = rulebooks.read(old[name]), rulebooks.read(new[name])
        lines += [Line(name, "", one.kind, one.text) for one in rulediff.differences(before, after)]
        old, new = {**old, name: rulediff.rest(before)}, {**new, name: rulediff.rest(after)}
    for name, title, reason in scenarios.struck_in(new):
        said = gettext("Das Szenario „%(title)s“ gilt nicht mehr: %(reason)s", title=title, reason=reason)
        lines.append(Line(name, "", comparison.Kind.REMOVED.value, str(said)))
        old, new = ({one: content for one, content in of.items() if one != name} for of in (old, new))
    return [*_lines(comparison.compare(old, new)), *lines]


def _lines(changes: tuple[comparison.Change, ...]) -> list[Line]:
    language = str(get_locale())
    return [Line(one.file, one.element, one.kind.value, one.sentence(language)) for one in changes]


@blueprint.app_template_global()
def releases_to_sign() -> int:
    """How many releases wait for the reader's signature."""
    session, actor = security.session(), security.actor()
    if not actor.roles & set(LEADERS):
        return 0
    return sum(bool(releases.signs_for(session, row, actor)) for row in releases.releases(session))


@blueprint.get("/releases")
@security.access(*READERS)
def index() -> ResponseReturnValue:
    """All releases; what waits for the reader comes with a mark."""
    session, actor = security.session(), security.actor()
    rows = [(row, releases.signs_for(session, row, actor)) for row in releases.releases(session)]
    return render_template("design/releases.html", rows=rows, states=STATES)


@blueprint.get("/<int:draft_id>/release")
@security.access(*DESIGNERS)
def form(draft_id: int) -> ResponseReturnValue:
    """What a release of this draft would change, what the check says, and the day from which it is to hold."""
    return _form(draft_id, "")


def _form(draft_id: int, fault: str) -> str:
    session, now = security.session(), security.now()
    row = queries.whole(session, draft_id)
    new = queries.bundle(session, draft_id)
    known = queries.in_force(session).hashes
    old = releases.before(session, {name: known.get(name, "") for name in new})
    report = checking.whole(session, new, file=row.file, now=now)
    broken = releases.others(session, new)
    tried = scenarios.run(session, row, new, now=now, locale=str(get_locale()))
    return render_template(
        "design/submit.html", draft=row, lines=told(old, new), kinds=KINDS, fault=fault,
        problems=[views.told(problem) for problem in (*broken, *report.problems)],
        errors=report.errors + len(broken) + sum(not one.passes for one in tried), typed=request.form, tried=tried,
        differs=words.difference, names=list(new),
        today=dates.day_of(now), running=_running(*new), seen=service.bundle_hash(service.digests(new)),
    )  # fmt: skip


def _running(*names: str) -> list[versions.VersionRow]:
    """The versions of all processes that hold these files, as far as something runs in them."""
    session = security.session()
    processes = versions.holding(session, names)
    return [row for row in versions.all_of(session) if row.process in processes and row.running]


@blueprint.post("/<int:draft_id>/release")
@security.access(*DESIGNERS)
def submit(draft_id: int) -> ResponseReturnValue:
    """Puts the draft before both leaders."""
    session = security.session()
    reason, day = request.form.get("reason", "").strip()[:LONGEST], _day(request.form.get("on", ""))
    if not reason or day is None:
        return _form(draft_id, str(REFUSED["day" if reason else "reason"])), 422
    seen = releases.Seen(request.form.get("revision", 0, type=int), request.form.get("seen", ""))
    try:
        made = releases.submit(
            session, draft_id, known=seen, on=day, reason=reason, accepts=bool(request.form.get("accepts")),
            actor=security.actor(), now=security.now(),
        )  # fmt: skip
    except errors.ReleaseRefused as refused:
        return _form(draft_id, str(REFUSED[refused.code])), 422
    return redirect(url_for("releases.show", release_id=made), 303)


def _day(typed: str) -> date | None:
    """A day as it was typed."""
    try:
        return datetime.strptime(typed.strip(), "%d.%m.%Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


@blueprint.get("/releases/<int:release_id>")
@security.access(*READERS)
def show(release_id: int) -> ResponseReturnValue:
    """One release with everything that a signature is about."""
    return _show(release_id, "")


def _show(release_id: int, fault: str) -> str:
    session, actor = security.session(), security.actor()
    row = releases.release(session, release_id)
    old, new = releases.before(session, row.base), releases.contents(session, row)
    changes = comparison.compare(old, new)
    is_open = row.state in releases.OPEN
    return render_template(
        "design/release.html", row=row, fault=fault, states=STATES, acts=ACTS, partners=PARTNERS, kinds=KINDS,
        lines=told(old, new), signed=releases.signatures(session, release_id),
        entries=releases.entries(session, release_id), paper=releases.document(session, release_id),
        needs_paper=releases.needs_document(session) and row.undoes is None, is_open=is_open,
        overtaken=is_open and releases.overtaken(session, row), mine=releases.signs_for(session, row, actor),
        leads=bool(actor.roles & set(LEADERS)), designs=bool(actor.roles & set(DESIGNERS)),
        goes_back=releases.may_go_back(session, row), running=_running(*row.files), diagrams=_diagrams(row, changes),
        moves=sorted(versions.holding(session, row.files)),
    )  # fmt: skip


def _diagrams(row: Release, changes: tuple[comparison.Change, ...]) -> list[Pair]:
    """The diagrams of a release that are drawn side by side."""
    names = [name for name in row.files if name.endswith(".bpmn") and row.base.get(name)]
    return [
        (
            name,
            marked(changes, name),
            [url_for("releases.file", release_id=row.id, side=side, name=name) for side in ("old", "new")],
        )
        for name in names
    ]


def marked(changes: tuple[comparison.Change, ...], name: str) -> dict[str, list[str]]:
    """The ids of a diagram to mark, by kind of change."""
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for element, kind in comparison.marks(changes, name).items():
        found[kind.value].append(element)
    return found


@blueprint.get("/releases/<int:release_id>/<side>/<path:name>")
@security.access(*READERS)
def file(release_id: int, side: str, name: str) -> ResponseReturnValue:
    """A file of the release, or the one that it replaces."""
    session = security.session()
    row = releases.release(session, release_id)
    found = releases.contents(session, row) if side == "new" else releases.before(session, row.base)
    if name not in found:
        raise errors.UnknownRelease(release_id)
    return Response(found[name], mimetype="application/xml" if name.endswith(".bpmn") else "application/json")


@blueprint.post("/releases/<int:release_id>/sign")
@security.access(*LEADERS)
def sign(release_id: int) -> ResponseReturnValue:
    """A leader signs exactly what was shown."""
    session, actor, now = security.session(), security.actor(), security.now()
    seen = request.form.get("seen", "")
    try:
        rehearsal = releases.rehearse(session, release_id, seen=seen, actor=actor, now=now)
        releases.sign(session, release_id, seen=seen, rehearsal=rehearsal, actor=actor, now=now)
    except errors.ReleaseRefused as refused:
        return _show(release_id, str(REFUSED[refused.code])), 409
    return redirect(url_for("releases.show", release_id=release_id), 303)


@blueprint.post("/releases/<int:release_id>/reject")
@security.access(*LEADERS)
def reject(release_id: int) -> ResponseReturnValue:
    """A leader sends it back with a reason."""
    return _with_reason(release_id, "reject")


@blueprint.post("/releases/<int:release_id>/withdraw")
@security.access(*DESIGNERS)
def withdraw(release_id: int) -> ResponseReturnValue:
    """The designers take it back."""
    return _with_reason(release_id, "withdraw")


@blueprint.post("/releases/<int:release_id>/back")
@security.access(*LEADERS)
def back(release_id: int) -> ResponseReturnValue:
    """A leader asks for the version of before."""
    return _with_reason(release_id, "back")


def _with_reason(release_id: int, act: str) -> ResponseReturnValue:
    acts = {"reject": releases.reject, "withdraw": releases.withdraw, "back": releases.go_back}
    reason = request.form.get("reason", "").strip()[:LONGEST]
    if not reason:
        return _show(release_id, str(REFUSED["reason"])), 422
    try:
        made = acts[act](security.session(), release_id, reason=reason, actor=security.actor(), now=security.now())
    except errors.ReleaseRefused as refused:
        return _show(release_id, str(REFUSED[refused.code])), 409
    return redirect(url_for("releases.show", release_id=made or release_id), 303)


@blueprint.post("/releases/<int:release_id>/document")
@security.access(*READERS)
def attach(release_id: int) -> ResponseReturnValue:
    """Keeps the signed paper with the release."""
    given = request.files.get("upload")
    content = given.read(releases.MAX_DOCUMENT + 1) if given is not None else b""
    try:
        releases.attach(security.session(), release_id, content, actor=security.actor(), now=security.now())
    except errors.ReleaseRefused as refused:
        return _show(release_id, str(REFUSED[refused.code])), 422
    return redirect(url_for("releases.show", release_id=release_id), 303)


@blueprint.get("/releases/<int:release_id>/document")
@security.access(*READERS)
def document(release_id: int) -> ResponseReturnValue:
    """The signed paper, to be saved and not to be shown in the office's own pages."""
    paper = releases.document(security.session(), release_id)
    if paper is None:
        raise errors.UnknownRelease(release_id)
    ending = paper.media.rpartition("/")[2]
    name = f'attachment; filename="release-{release_id}.{ending}"'
    return Response(paper.content, mimetype=paper.media, headers={"Content-Disposition": name})
