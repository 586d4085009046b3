"""Releases: a draft comes into force when both agencies have signed the same content, on its day, and never before.

Whoever has worked on a draft does not sign it. What was signed is a hash: an edit of the draft, or another release of
the same files, makes the signatures void. The way back needs both agencies as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.casework import begun, rulebooks
from app.design import checking, errors, files, queries, scenarios, service
from app.design.models import Draft, Revision
from app.design.release_models import Document, Release, ReleaseEntry, Signature, State
from app.notices import service as notices
from app.notices.models import Kind
from app.office import dates
from app.office import queries as offices
from workflows import definitions, handlers
from workflows.handlers import SYSTEM, Actor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from workflows.problems import Problem


SIGNERS = {"LTG_STADT": "STADT", "LTG_AA": "AA"}
OPEN = (State.REVIEW, State.SCHEDULED)
MAX_DOCUMENT = 1_500_000
MEDIA = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
NEEDS_DOCUMENT = "release_needs_document"


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody looked at: the number of the state of the process, and the hash of it with its parts."""

    revision: int
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """That the scenarios of a release ran as recorded: their titles, and the hash of everything that they ran on."""

    basis: str
    scenarios: tuple[str, ...] = ()


def before(session: Session, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """The files of these names and hashes; a hash that is empty has none."""
    found = queries.sources(session, wanted.values())
    return {name: found[digest] for name, digest in wanted.items() if digest in found}


def contents(session: Session, release: Release) -> dict[str, bytes]:
    """The files of a release."""
    if release.draft_id is None or release.undoes is not None:
        return before(session, release.files)
    return queries.saved(session, release.draft_id, release.files)


def holding(session: Session) -> dict[str, str]:
    """The files in force that both agencies have released, by name, with their hashes."""
    known = queries.in_force(session).hashes
    brought = session.scalars(select(Release.files).where(Release.state == State.ACTIVE))
    return {name: digest for found in brought for name, digest in found.items() if known.get(name) == digest}


def releases(session: Session, *, limit: int = 100) -> Sequence[Release]:
    """The releases, those that are open first, then the newest."""
    query = select(Release).order_by(Release.state.in_(OPEN).desc(), Release.id.desc()).limit(limit)
    return session.scalars(query).all()


def release(session: Session, release_id: int) -> Release:
    """One release. Raises UnknownRelease."""
    found = session.get(Release, release_id)
    if found is None:
        raise errors.UnknownRelease(release_id)
    return found


def signatures(session: Session, release_id: int) -> Sequence[Signature]:
    """Who has signed so far."""
    return session.scalars(
        select(Signature).where(Signature.release_id == release_id).order_by(Signature.signed_at)
    ).all()


def entries(session: Session, release_id: int) -> Sequence[ReleaseEntry]:
    """The history of a release, the newest line first."""
    query = select(ReleaseEntry).where(ReleaseEntry.release_id == release_id).order_by(ReleaseEntry.id.desc())
    return session.scalars(query).all()


def document(session: Session, release_id: int) -> Document | None:
    """The signed paper, where there is one."""
    return session.get(Document, release_id)


def needs_document(session: Session) -> bool:
    """Whether the agreement demands the written form, as the settings of the office say."""
    return bool(offices.setting(session, NEEDS_DOCUMENT))


def _locked(session: Session, release_id: int) -> Release:
    query = select(Release).where(Release.id == release_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise errors.UnknownRelease(release_id)
    return found


def _note(session: Session, release: Release, act: str, *, actor: Actor, now: datetime, detail: str = "") -> None:
    session.add(ReleaseEntry(release_id=release.id, at=now, name=actor.name, act=act, detail=detail))
    session.flush()


def submit(
    session: Session,
    draft_id: int,
    *,
    known: Seen,
    on: date,
    reason: str,
    accepts: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Puts the newest state of a draft and its parts before both leaders; warnings must have been accepted.

    What was changed since it was looked at is not put before anybody.
    Raises ReleaseRefused, DraftChanged, UnknownDraft.
    """
    row = queries.whole(session, draft_id)
    found = queries.bundle(session, draft_id)
    hashes = service.digests(found)
    if row.revision != known.revision or known.hash not in {"", service.bundle_hash(hashes)}:
        raise errors.DraftChanged(draft_id, row.revision, row.changed_name, row.changed_at)
    if on < dates.day_of(now):
        raise errors.ReleaseRefused("past")
    report = checking.whole(session, found, file=row.file, now=now)
    if report.errors or others(session, found):
        raise errors.ReleaseRefused("errors")
    if report.problems and not accepts:
        raise errors.ReleaseRefused("warnings")
    tried = scenarios.run(session, row, found, now=now, locale="de")
    if not all(one.passes for one in tried):
        raise errors.ReleaseRefused("scenarios")
    base = _base(session, hashes)
    if base == hashes:
        raise errors.ReleaseRefused("same")
    for earlier in session.scalars(select(Release).where(Release.draft_id == draft_id, Release.state.in_(OPEN))):
        earlier.state = State.VOID
        _note(session, earlier, "void", actor=actor, now=now)
    made = Release(
        title=row.title, draft_id=draft_id, revision=row.revision, files=hashes, base=base,
        warnings=len(report.problems), effective_on=on, scenarios=[one.title for one in tried],
    )  # fmt: skip
    return _submitted(session, made, reason, actor=actor, now=now)


def _submitted(session: Session, made: Release, reason: str, *, actor: Actor, now: datetime) -> int:
    made.state, made.hash, made.reason = State.REVIEW, service.bundle_hash(made.files), reason
    made.submitted_at, made.submitted_by, made.submitted_name = now, actor.id, actor.name
    session.add(made)
    session.flush()  # the caller is given the id
    _note(session, made, "submitted", actor=actor, now=now, detail=reason)
    leaders = [
        one.account_id for role in offices.LEADERS.values() for one in offices.people_in_role(session, role, now)
    ]
    notices.tell(session, leaders, Kind.SIGNATURE, target=made.id, actor=actor, now=now)
    return made.id


def _base(session: Session, hashes: Mapping[str, str]) -> dict[str, str]:
    known = queries.in_force(session).hashes
    return {name: known.get(name, "") for name in hashes}


def overtaken(session: Session, release: Release) -> bool:
    """Whether something else was edited or released since: then nobody has seen what would come into force."""
    if _base(session, release.files) != release.base:
        return True
    if release.draft_id is None or release.undoes is not None:
        return False
    return service.digests(queries.bundle(session, release.draft_id)) != release.files


def signs_for(session: Session, release: Release, actor: Actor) -> str:
    """The agency for which this person may sign now, or "" with nothing to sign."""
    signed = signatures(session, release.id)
    done = {one.partner for one in signed}
    for role, partner in SIGNERS.items():
        if role in actor.roles and partner not in done and release.state == State.REVIEW:
            return partner
    return ""


def has_worked_on(session: Session, release: Release, actor: Actor) -> bool:
    """Whether this person has submitted the release or saved a state of its draft or of a part of it."""
    if release.undoes is not None:
        return False
    family = select(Draft.id).where((Draft.id == release.draft_id) | (Draft.part_of == release.draft_id))
    saved = select(Revision.number).where(Revision.draft_id.in_(family), Revision.saved_by == actor.id).limit(1)
    return release.submitted_by == actor.id or session.scalar(saved) is not None


def rehearse(session: Session, release_id: int, *, seen: str, actor: Actor, now: datetime) -> Rehearsal:
    """Plays the scenarios once more on exactly the files of a release, for who may sign them; nobody waits meanwhile.

    What they call may have changed since they were handed in. Raises ReleaseRefused, UnknownRelease.
    """
    found = release(session, release_id)
    _may_sign(session, found, actor, seen)
    basis = _basis(session, found)
    if found.draft_id is None or found.undoes is not None:
        return Rehearsal(basis)
    row = queries.whole(session, found.draft_id)
    tried = scenarios.run(session, row, contents(session, found), now=now, locale="de")
    if not all(one.passes for one in tried):
        raise errors.ReleaseRefused("scenarios_now")
    return Rehearsal(basis, tuple(one.title for one in tried))


def _basis(session: Session, found: Release) -> str:
    return service.bundle_hash({**queries.in_force(session).hashes, "": found.hash})


def _may_sign(session: Session, found: Release, actor: Actor, seen: str) -> str:
    partner = signs_for(session, found, actor)
    refused = why_not(session, found, actor, partner=partner, seen=seen)
    if refused:
        raise errors.ReleaseRefused(refused)
    return partner


def sign(session: Session, release_id: int, *, seen: str, rehearsal: Rehearsal, actor: Actor, now: datetime) -> State:
    """One agency's consent to what hashes to `seen`; with the second the release waits for its day.

    What was rehearsed must still be what is there, now that nobody else can sign or withdraw.
    Raises ReleaseRefused, UnknownRelease.
    """
    found = _locked(session, release_id)
    partner = _may_sign(session, found, actor, seen)
    if rehearsal.basis != _basis(session, found):
        raise errors.ReleaseRefused("meanwhile")
    if rehearsal.scenarios:
        found.scenarios = list(rehearsal.scenarios)
    session.add(
        Signature(
            release_id=found.id, partner=partner, hash=found.hash, signed_at=now, signed_by=actor.id,
            signed_name=actor.name,
        )
    )  # fmt: skip
    _note(session, found, "signed", actor=actor, now=now, detail=partner)
    if {one.partner for one in signatures(session, found.id)} == set(SIGNERS.values()):
        found.state = State.SCHEDULED
        _note(session, found, "scheduled", actor=actor, now=now)
    return State(found.state)


def why_not(session: Session, release: Release, actor: Actor, *, partner: str, seen: str) -> str:
    """The code of what forbids this signature; empty when nothing does."""
    if not partner:
        return "not_yours"
    if seen != release.hash or overtaken(session, release):
        return "overtaken"
    if has_worked_on(session, release, actor):
        return "own_change"
    # With a substitution one person may hold both offices; two agencies are still two people.
    if any(one.signed_by == actor.id for one in signatures(session, release.id)):
        return "two_people"
    if release.undoes is None and needs_document(session) and document(session, release.id) is None:
        return "document"
    return ""


def reject(session: Session, release_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """A leader sends the draft back with a reason. Raises ReleaseRefused."""
    _end(session, release_id, State.REJECTED, reason, actor=actor, now=now)


def withdraw(session: Session, release_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """The designers take it back. Raises ReleaseRefused."""
    _end(session, release_id, State.WITHDRAWN, reason, actor=actor, now=now)


def _end(session: Session, release_id: int, state: State, reason: str, *, actor: Actor, now: datetime) -> None:
    found = _locked(session, release_id)
    if found.state not in OPEN:
        raise errors.ReleaseRefused("closed")
    found.state = state
    _note(session, found, state.value, actor=actor, now=now, detail=reason)


def attach(session: Session, release_id: int, content: bytes, *, actor: Actor, now: datetime) -> None:
    """Keeps the signed paper: PDF, PNG or JPEG, once. Raises ReleaseRefused."""
    found = _locked(session, release_id)
    media = next((kind for start, kind in MEDIA.items() if content.startswith(start)), "")
    if found.state != State.REVIEW or document(session, release_id) is not None:
        raise errors.ReleaseRefused("closed")
    if not media or len(content) > MAX_DOCUMENT:
        raise errors.ReleaseRefused("media")
    digest = hashlib.sha256(content).hexdigest()
    session.add(
        Document(
            release_id=release_id, media=media, content=content, digest=digest, added_at=now, added_name=actor.name
        )
    )
    _note(session, found, "document", actor=actor, now=now, detail=digest)


def may_go_back(session: Session, release: Release) -> bool:
    """Whether what this release replaced can come back: it is still what is in force, and there was something."""
    return (
        release.state == State.ACTIVE
        and all(digest for name, digest in release.base.items() if name.endswith(".bpmn"))
        and _base(session, release.files) == release.files
        and session.scalar(select(Release.id).where(Release.undoes == release.id, Release.state.in_(OPEN))) is None
    )


def go_back(session: Session, release_id: int, *, reason: str, actor: Actor, now: datetime) -> int:
    """Asks both leaders to bring back what this release replaced, at once. Raises ReleaseRefused."""
    found = _locked(session, release_id)
    if not may_go_back(session, found):
        raise errors.ReleaseRefused("no_way_back")
    # A form that came with the release stays without being asked for.
    there = {name: digest for name, digest in found.base.items() if digest}
    made = Release(
        title=found.title, draft_id=found.draft_id, undoes=found.id, files=there,
        base={name: found.files[name] for name in there},
        warnings=0, effective_on=dates.day_of(now),
    )  # fmt: skip
    return _submitted(session, made, reason, actor=actor, now=now)


def next_day(session: Session) -> date | None:
    """The day on which the next signed release comes into force."""
    query = select(Release.effective_on).where(Release.state == State.SCHEDULED).order_by(Release.effective_on).limit(1)
    return session.scalar(query)


def activate_due(session: Session, now: datetime) -> bool:
    """Brings the earliest signed release whose day has come into force, once; whether there was one."""
    query = (
        select(Release)
        .where(Release.state == State.SCHEDULED, Release.effective_on <= dates.day_of(now))
        .order_by(Release.effective_on, Release.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    due = session.scalar(query)
    if due is None:
        return False
    if overtaken(session, due):
        due.state = State.VOID
        _note(session, due, "void", actor=SYSTEM, now=now)
        return True
    try:
        _put(session, due, now)
    except (definitions.DefinitionInvalid, rulebooks.BookInvalid) as invalid:
        due.state = State.FAILED
        told = _reason(invalid)
        _note(session, due, "failed", actor=SYSTEM, now=now, detail=told[:1000])
        return True
    due.state, due.activated_at = State.ACTIVE, now
    _note(session, due, "active", actor=SYSTEM, now=now)
    return True


def _put(session: Session, due: Release, now: datetime) -> None:
    """Lets the files of a release hold, all or none. Raises DefinitionInvalid, BookInvalid."""
    found = contents(session, due)
    books = {name: content for name, content in found.items() if files.kind(name) == "book"}
    for content in books.values():
        rulebooks.read(content)
    if any(files.kind(name) in checking.LINTED for name in found):
        definitions.deploy(session, _everything(session, found), known=_known(session), now=now, by=due.submitted_name)
    # Whoever signs late does not change what has been decided since.
    since = max(due.effective_on, dates.day_of(now))
    scenarios.put(session, found, now=now)
    for content in books.values():
        rulebooks.put(session, content, now=now, by=due.submitted_name, valid_from=since)


def _reason(invalid: definitions.DefinitionInvalid | rulebooks.BookInvalid) -> str:
    if isinstance(invalid, rulebooks.BookInvalid):
        return " ".join(one.sentence("de") for one in invalid.problems)
    return "; ".join(one.message("de") for one in invalid.problems if one.severity == "error")


def _known(session: Session) -> definitions.Known:
    return definitions.Known(
        handlers=_registered(session), roles=frozenset(offices.roles(session)), begun=begun.ASKED
    )  # fmt: skip


def _everything(session: Session, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """What would be in force with these files: diagrams and forms."""
    files_ = before(session, queries.in_force(session).hashes) | dict(found)
    return {name: content for name, content in files_.items() if files.kind(name) in checking.LINTED}


def others(session: Session, found: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """The errors that these files would bring to other processes, which show the same forms."""
    if len(found) == 1:
        return ()
    problems = definitions.lint(_everything(session, found), _known(session))
    return tuple(one for one in problems if one.severity == "error" and one.file not in found)


def _registered(session: Session) -> dict[str, handlers.Registered]:
    registry = handlers.environment_of(session).handlers
    return {name: registry.get(name) for name in sorted(registry.names())}


class ReleaseSource:
    """Signed releases as events of the office clock: each at the beginning of its day."""

    def next_at(self, session: Session, until: datetime, skipped: Sequence[int]) -> datetime | None:  # noqa: ARG002
        """The instant of the next one."""
        day = next_day(session)
        at = None if day is None else dates.at(day, time())
        return at if at is not None and at <= until else None

    def play(self, session: Session, at: datetime, skipped: Sequence[int]) -> int | None:  # noqa: ARG002
        """Brings it into force."""
        activate_due(session, at.astimezone(UTC))
        return None
