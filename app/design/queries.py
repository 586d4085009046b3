"""Drafts and their states as rows; the files that are in force, among which a draft is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import select

from app.casework import rulebooks
from app.design import errors
from app.design.models import Draft, Revision
from app.design.release_models import ScenarioEdition
from workflows import definitions
from workflows.models import Definition, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

MAX_FILE = 8_000_000


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft without its content."""

    id: int
    title: str
    file: str
    base_version: int | None
    origin: str
    copy_of: int | None
    copy_of_revision: int | None
    revision: int
    created_at: datetime
    created_name: str
    changed_at: datetime
    changed_name: str
    part_of: int | None
    discarded: bool


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A state of a draft without its content."""

    number: int
    act: str
    source: int | None
    saved_at: datetime
    saved_name: str
    digest: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The files that new instances use, by name and content hash, and the versions of their processes."""

    hashes: dict[str, str]
    versions: dict[str, int]


def _row(draft: Draft) -> DraftRow:
    return DraftRow(
        draft.id, draft.title, draft.file, draft.base_version, draft.origin, draft.copy_of, draft.copy_of_revision,
        draft.revision, draft.created_at, draft.created_name, draft.changed_at, draft.changed_name,
        draft.part_of, discarded=draft.discarded_at is not None,
    )  # fmt: skip


def drafts(session: Session) -> list[DraftRow]:
    """The drafts of processes that are being worked on, the last changed first."""
    working = select(Draft).where(Draft.discarded_at.is_(None), Draft.part_of.is_(None))
    query = working.order_by(Draft.changed_at.desc(), Draft.id.desc())
    return [_row(draft) for draft in session.scalars(query)]


def draft(session: Session, draft_id: int) -> DraftRow:
    """One draft. Raises UnknownDraft."""
    found = session.get(Draft, draft_id)
    if found is None:
        raise errors.UnknownDraft(draft_id)
    return _row(found)


def whole(session: Session, draft_id: int) -> DraftRow:
    """One draft that is released for itself: of a process or of the rule book. Raises UnknownDraft also for a part."""
    found = draft(session, draft_id)
    if found.part_of is not None:
        raise errors.UnknownDraft(draft_id)
    return found


def process(session: Session, draft_id: int) -> DraftRow:
    """One draft of a process. Raises UnknownDraft also for a part of one, and for a rule book."""
    found = whole(session, draft_id)
    if not found.file.endswith(".bpmn"):
        raise errors.UnknownDraft(draft_id)
    return found


def parts(session: Session, draft_id: int) -> list[DraftRow]:
    """The forms, rule books and scenarios that are released with this process, by their files."""
    query = select(Draft).where(Draft.part_of == draft_id, Draft.discarded_at.is_(None)).order_by(Draft.file)
    return [_row(found) for found in session.scalars(query)]


def part(session: Session, draft_id: int, file: str) -> DraftRow | None:
    """The part of this process that holds this file."""
    return next((row for row in parts(session, draft_id) if row.file == file), None)


def bundle(session: Session, draft_id: int) -> dict[str, bytes]:
    """The newest file of a draft and those of its parts: what is checked, played and released together.

    Raises UnknownDraft.
    """
    own = whole(session, draft_id)
    return {row.file: content(session, row.id) for row in (own, *parts(session, draft_id))}


def saved(session: Session, draft_id: int, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """The files of these names and hashes as they once were saved in a draft or its parts, also in one put aside."""
    family = select(Draft.id).where((Draft.id == draft_id) | (Draft.part_of == draft_id))
    query = select(Revision.digest, Revision.content).where(
        Revision.draft_id.in_(family), Revision.digest.in_(set(wanted.values()))
    )
    found = {row.digest: _unpacked(row.content) for row in session.execute(query)}
    return {name: found[digest] for name, digest in wanted.items() if digest in found}


def _unpacked(packed: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_FILE)


def content(session: Session, draft_id: int, number: int | None = None) -> bytes:
    """The file as it was saved in this state (the newest where no number is given). Raises UnknownDraft."""
    newest = select(Draft.revision).where(Draft.id == draft_id).scalar_subquery()
    query = select(Revision.content).where(Revision.draft_id == draft_id)
    packed = session.scalar(query.where(Revision.number == (newest if number is None else number)))
    if packed is None:
        raise errors.UnknownDraft(draft_id)
    return _unpacked(packed)


def revisions(session: Session, draft_id: int, *, before: int | None = None, limit: int = 100) -> list[RevisionRow]:
    """The states of a draft, newest first, a page of them."""
    query = select(Revision).where(Revision.draft_id == draft_id).order_by(Revision.number.desc()).limit(limit)
    if before is not None:
        query = query.where(Revision.number < before)
    return [
        RevisionRow(row.number, row.act, row.source, row.saved_at, row.saved_name, row.digest)
        for row in session.scalars(query)
    ]


def in_force(session: Session) -> InForce:
    """The files of the newest definitions of all processes, the rule book, and the scenarios."""
    rows = session.scalars(select(Definition).where(Definition.id.in_(definitions.newest(session)))).all()
    hashes = {rulebooks.file(): rulebooks.newest(session).digest}
    kept = select(ScenarioEdition.file, ScenarioEdition.digest).order_by(ScenarioEdition.id)
    hashes |= {row.file: row.digest for row in session.execute(kept)}
    for row in sorted(rows, key=lambda row: row.deployed_at):
        hashes |= row.files
    return InForce(hashes, {row.process: row.version for row in rows})


def sources(session: Session, hashes: Iterable[str]) -> dict[str, bytes]:
    """The contents of these hashes."""
    wanted = set(hashes)
    rows = session.execute(select(Source.hash, Source.content).where(Source.hash.in_(wanted)))
    found = {row.hash: row.content for row in rows} | rulebooks.contents(session, wanted)
    kept = select(ScenarioEdition.digest, ScenarioEdition.content).where(ScenarioEdition.digest.in_(wanted))
    return found | {row.digest: row.content for row in session.execute(kept)}
