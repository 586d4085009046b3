"""Deployed processes: checked, stored once by content, versioned, and kept ready to run."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from workflows import closures, forms, linter, parser, start_timers
from workflows.errors import WorkflowError
from workflows.models import Definition, Source
from workflows.problems import DefinitionInvalid, Known, Problem
from workflows.specs import ElementInfo, Specs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

Files = Mapping[str, bytes]
_CACHED = 128
_LOCK = 0x6472_6568  # the advisory lock that lets one deployment at a time number the versions


class UnknownDefinition(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """There is no such process, or no such form or diagram in it."""


class _Cache:
    """The least recently used things that a definition is made into; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()

    def get(self, key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever `make` makes
        """What is held under the key, made where it is missing (twice at worst, never half)."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > _CACHED:
                self._held.popitem(last=False)
        return made

    def forget(self, *start: Hashable) -> None:
        """Drops what is held under keys that begin so; without a beginning, everything."""
        with self._lock:
            for key in [key for key in self._held if key[: len(start)] == start]:
                del self._held[key]


_cache = _Cache()
# What a definition is made into depends on its files alone, whatever database counts its id.
_made = _Cache()
# Writing an address out costs more than finding what is kept under it.
_addresses: weakref.WeakKeyDictionary[Engine, str] = weakref.WeakKeyDictionary()


def forget() -> None:
    """Empties this process's cache; for those who replace the database under it."""
    _cache.forget()


def lint(files: Files, known: Known) -> list[Problem]:
    """All problems of these files, found in a bounded child process; a child that hangs or dies is a problem too."""
    return linter.lint(files, known)


def deploy(session: Session, files: Files, *, known: Known, now: datetime, by: Actor | str) -> list[Definition]:
    """The newest definition of each executable process in the files: a new version where its closure changed.

    Raises DefinitionInvalid with all problems; then nothing is stored.
    """
    problems = lint(files, known)
    if any(problem.severity == "error" for problem in problems):
        raise DefinitionInvalid(tuple(problems))
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    name = by if isinstance(by, str) else by.name
    deployed = []
    for process, closure in closures.of(files).items():
        _store(session, {hashes[part]: files[part] for part in closure.files})
        contents = {part: hashes[part] for part in sorted(closure.files)}
        deployed.append(_version(session, process, closure.name, contents, at=now, by=name))
    return deployed


def _store(session: Session, contents: Mapping[str, bytes]) -> None:
    rows = [{"hash": digest, "content": content} for digest, content in contents.items()]
    session.execute(insert(Source).values(rows).on_conflict_do_nothing())


def _version(session: Session, process: str, name: str, files: dict[str, str], *, at: datetime, by: str) -> Definition:
    newest = _newest(session, process)
    if newest is not None and newest.files == files:
        return newest
    number = newest.version + 1 if newest is not None else 1
    digest = hashlib.sha256(json.dumps([process, files], sort_keys=True).encode()).hexdigest()
    if session.scalar(select(Definition.id).where(Definition.process == process, Definition.hash == digest)):
        # An old state has come back: it is a new version all the same, or the newer one would stay in force.
        digest = hashlib.sha256(f"{digest} {number}".encode()).hexdigest()
    row = Definition(
        process=process, version=number, hash=digest, name=name, files=files, deployed_at=at, deployed_by=by
    )
    session.add(row)
    session.flush()  # the caller is given the id
    # An emptied database counts its ids anew: nothing may be held under the id of what was not there before.
    _cache.forget(*_key(session, row.id))
    start_timers.install(session, row.id, specs(session, row.id).starts, at)
    return row


def _newest(session: Session, process: str) -> Definition | None:
    newest = select(Definition).where(Definition.process == process).order_by(Definition.version.desc()).limit(1)
    return session.scalar(newest)


def latest(session: Session, process: str) -> Definition:
    """The definition that a new instance of this process gets; raises UnknownDefinition."""
    newest = _newest(session, process)
    if newest is None:
        raise UnknownDefinition(process)
    return newest


def newest(session: Session) -> list[int]:
    """The definitions that new instances get, one of each process."""
    versions = select(Definition.process, func.max(Definition.version)).group_by(Definition.process)
    query = select(Definition.id).where(tuple_(Definition.process, Definition.version).in_(versions))
    return list(session.scalars(query.order_by(Definition.process)))


def _key(session: Session, definition_id: int, *what: str) -> tuple[Hashable, ...]:
    # One process may speak to several databases (the tests do), and ids say nothing across them.
    engine = session.get_bind().engine
    address = _addresses.get(engine)
    if address is None:
        address = _addresses[engine] = str(engine.url)
    return (address, definition_id, *what)


def _contents(session: Session, definition_id: int, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    definition = session.get(Definition, definition_id)
    if definition is None:
        raise UnknownDefinition(definition_id)
    names = {name: digest for name, digest in definition.files.items() if wanted(name)}
    rows = session.execute(select(Source.hash, Source.content).where(Source.hash.in_(names.values())))
    contents: dict[str, bytes] = {row.hash: row.content for row in rows}
    return {name: contents[digest] for name, digest in names.items()}


def specs(session: Session, definition_id: int) -> Specs:
    """The process ready to run, with all it calls; parsed once in this process. Raises UnknownDefinition."""

    def make() -> Specs:
        files = _contents(session, definition_id, lambda name: name.endswith(".bpmn"))
        definition = session.get_one(Definition, definition_id)
        process = definition.process
        parsed: Specs = _made.get(
            (process, *definition.files.items()), lambda: parser.parse(files, process=process)[process]
        )
        return dataclasses.replace(parsed, definition_id=definition_id)

    found: Specs = _cache.get(_key(session, definition_id, "specs"), make)
    return found


def form(session: Session, definition_id: int, name: str) -> forms.Form:
    """The form of this name as it stood when the definition was deployed; raises UnknownDefinition."""
    path = f"forms/{name}.json"

    def make() -> forms.Form:
        found = _contents(session, definition_id, lambda file: file == path)
        if path not in found:
            raise UnknownDefinition(definition_id, name)
        return forms.compile_form(found[path])

    compiled: forms.Form = _cache.get(_key(session, definition_id, "form", name), make)
    return compiled


def diagram(session: Session, definition_id: int, process: str) -> bytes:
    """The file that draws this process (its own or one that it calls); raises UnknownDefinition."""

    def make() -> bytes:
        files = _contents(session, definition_id, lambda name: name.endswith(".bpmn"))
        drawn = closures.drawn_in(files)
        if process not in drawn:
            raise UnknownDefinition(definition_id, process)
        return files[drawn[process]]

    content: bytes = _cache.get(_key(session, definition_id, "diagram", process), make)
    return content


__all__ = [
    "DefinitionInvalid",
    "ElementInfo",
    "Known",
    "Problem",
    "Specs",
    "UnknownDefinition",
    "deploy",
    "diagram",
    "forget",
    "form",
    "latest",
    "lint",
    "newest",
    "specs",
]
