"""Begins, saves, restores and puts aside drafts. Each saved state stays; nobody overwrites what another has saved."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import select

from app.design import errors, files, layout, queries
from app.design.models import Act, Draft, Origin, Revision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest state of a draft after it was saved."""

    draft_id: int
    number: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Base:
    """What a draft begins from."""

    title: str
    file: str
    origin: Origin
    version: int | None = None
    copy_of: int | None = None
    copy_of_revision: int | None = None
    part_of: int | None = None


def digest(content: bytes) -> str:
    """The hash by which a state is known."""
    return hashlib.sha256(content).hexdigest()


def digests(found: Mapping[str, bytes]) -> dict[str, str]:
    """The hashes of files by their names."""
    return {name: digest(content) for name, content in found.items()}


def bundle_hash(hashes: Mapping[str, str]) -> str:
    """What is signed: one hash over the names and content hashes of all files."""
    lines = "".join(f"{name}\0{one}\n" for name, one in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def begin_released(session: Session, file: str, *, actor: Actor, now: datetime) -> Saved:
    """A draft of a process or of the rule book as it is in force. Raises UnknownDraft when there is no such file."""
    in_force = queries.in_force(session)
    if file not in in_force.hashes or files.kind(file) not in {"bpmn", "book"}:
        raise errors.UnknownDraft(0)
    found = in_force.hashes[file]
    content = queries.sources(session, [found])[found]
    base = Base(files.title(content, file), file, Origin.RELEASED, in_force.versions.get(file.removesuffix(".bpmn")))
    return _begin(session, base, content, actor=actor, now=now, act=Act.BEGUN)


def begin_empty(session: Session, title: str, *, actor: Actor, now: datetime) -> Saved:
    """A draft that holds nothing but a beginning."""
    base = Base(title, f"{files.stem(title)}.bpmn", Origin.EMPTY)
    return _begin(session, base, files.empty(title), actor=actor, now=now, act=Act.BEGUN)


def begin_imported(session: Session, content: bytes, *, name: str, actor: Actor, now: datetime) -> Saved:
    """A draft of a file that another tool made, byte for byte; one that is not drawn is laid out.

    Raises FileUnusable.
    """
    file = files.checked(content)
    base = Base(files.title(content, name or file), file, Origin.IMPORTED)
    saved = _begin(session, base, content, actor=actor, now=now, act=Act.IMPORTED)
    drawn = layout.drawn(content)
    if drawn == content:
        return saved
    return save(session, saved.draft_id, drawn, known=saved.number, actor=actor, now=now)


def begin_part(
    session: Session, draft_id: int, file: str, content: bytes | None, *, actor: Actor, now: datetime
) -> Saved:
    """Takes a form, rule book or scenario into the draft of a process; without content as it is in force.

    A part that is there already is taken as it is, or saved anew. Raises UnknownDraft, DraftDiscarded, FileUnusable.
    """
    _locked(session, queries.process(session, draft_id).id)
    known = queries.in_force(session).hashes.get(file)
    began = content
    if began is None:
        if known is None:
            raise errors.UnknownDraft(draft_id)
        began = queries.sources(session, [known])[known]
    if files.kind(file) == "bpmn":
        raise errors.FileUnusable("name", file[:60])
    files.checked(began, file=file)
    there = queries.part(session, draft_id, file)
    if there is None:
        base = Base(file, file, Origin.RELEASED if known else Origin.EMPTY, part_of=draft_id)
        return _begin(session, base, began, actor=actor, now=now, act=Act.BEGUN)
    if content is None:
        return Saved(there.id, there.revision, there.changed_at)
    return save(session, there.id, content, known=there.revision, actor=actor, now=now, act=Act.LISTED)


def begin_copy(session: Session, draft_id: int, content: bytes, *, known: int, actor: Actor, now: datetime) -> Saved:
    """A draft of one's own with this content: what could not be saved because somebody else was faster.

    Raises UnknownDraft, FileUnusable.
    """
    files.checked(content)
    found = queries.process(session, draft_id)
    base = Base(found.title, found.file, Origin.COPY, found.base_version, draft_id, known)
    return _begin(session, base, content, actor=actor, now=now, act=Act.DRAWN)


def _begin(session: Session, base: Base, content: bytes, *, actor: Actor, now: datetime, act: Act) -> Saved:
    draft = Draft(
        title=base.title, file=base.file, base_version=base.version, base_digest=digest(content), origin=base.origin,
        copy_of=base.copy_of, copy_of_revision=base.copy_of_revision, part_of=base.part_of,
        revision=0, created_at=now, created_by=actor.id,
        created_name=actor.name, changed_at=now, changed_name=actor.name,
    )  # fmt: skip
    session.add(draft)
    session.flush()  # its states refer to it
    return _add(session, draft, content, actor=actor, now=now, act=act)


def _locked(session: Session, draft_id: int) -> Draft:
    draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
    if draft is None:
        raise errors.UnknownDraft(draft_id)
    session.refresh(draft)
    if draft.discarded_at is not None:
        raise errors.DraftDiscarded(draft_id)
    return draft


def _add(
    session: Session, draft: Draft, content: bytes, *, actor: Actor, now: datetime, act: Act, source: int | None = None
) -> Saved:
    draft.revision += 1
    draft.changed_at, draft.changed_name = now, actor.name
    packed = zstandard.ZstdCompressor(level=6).compress(content)
    state = Revision(
        draft_id=draft.id, number=draft.revision, content=packed, digest=digest(content), act=act, source=source,
        saved_at=now, saved_by=actor.id, saved_name=actor.name,
    )  # fmt: skip
    session.add(state)
    session.flush()
    return Saved(draft.id, draft.revision, now)


def save(
    session: Session,
    draft_id: int,
    content: bytes,
    *,
    known: int,
    actor: Actor,
    now: datetime,
    act: Act = Act.DRAWN,
    source: int | None = None,
) -> Saved:
    """Adds a state that was made from the state of number `known`. The same content again adds nothing.

    Raises DraftChanged when that is not the newest one, DraftDiscarded, FileUnusable, UnknownDraft.
    """
    files.checked(content, file=queries.draft(session, draft_id).file)
    draft = _locked(session, draft_id)
    newest = session.get_one(Revision, (draft_id, draft.revision))
    if newest.digest == digest(content):
        # Also when a first answer was lost on the way: what is asked for has been done.
        return Saved(draft_id, newest.number, newest.saved_at)
    if draft.revision != known:
        raise errors.DraftChanged(draft_id, newest.number, newest.saved_name, newest.saved_at)
    return _add(session, draft, content, actor=actor, now=now, act=act, source=source)


def restore(session: Session, draft_id: int, number: int, *, known: int, actor: Actor, now: datetime) -> Saved:
    """Makes an earlier state the newest one; those between stay. Raises as `save`."""
    content = queries.content(session, draft_id, number)
    return save(session, draft_id, content, known=known, actor=actor, now=now, act=Act.RESTORED, source=number)


def rename(session: Session, draft_id: int, title: str) -> None:
    """Gives the draft another name; the process in it keeps its own."""
    _locked(session, draft_id).title = title


def discard(session: Session, draft_id: int, *, now: datetime) -> None:
    """Puts the draft aside; its states are kept."""
    _locked(session, draft_id).discarded_at = now


def bring_back(session: Session, draft_id: int) -> None:
    """Takes a draft that was put aside into work again. Raises UnknownDraft."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise errors.UnknownDraft(draft_id)
    draft.discarded_at = None
