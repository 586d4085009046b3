"""The commands that bring an office into a database: tables, profile, diagrams, client records."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import bootstrap, config, schema
from app.casework import begun, rulebooks
from app.casework import service as casework
from app.cli import connected, texts
from app.design import errors as design_errors
from app.design import files, releases, scenarios
from app.design import queries as design
from app.office import clock, dates
from app.office import profile as profiles
from app.office import queries as offices
from app.office import service as office_service
from workflows import definitions
from workflows.handlers import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session, sessionmaker

    from app.casework.arrivals import service as arrivals
    from workflows.handlers import Registered

DIAGRAMS = ("*.bpmn", "forms/*.json")


@click.command(cls=texts.Command, help="help_migrate")
def migrate() -> None:
    """Brings the tables to the version of the program."""
    settings = connected.settings()
    done = connected.upgrade(settings)
    texts.say("migrated" if done else "migrated_before", version=schema.head())


@click.command(cls=texts.Command, help="help_load")
@click.argument("profile", required=False)
def load(profile: str | None) -> None:
    """Loads an office profile: a shipped one by name, or a folder."""
    with connected.office() as office, office.sessions.begin() as session:
        loaded = office_service.load(session, profile or config.load().profile, datetime.now(UTC))
    texts.say("loaded", title=loaded.title)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The diagrams and forms of a folder by their names in it. Raises Refusal when there are none."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for pattern in DIAGRAMS
        for path in sorted(folder.glob(pattern))
    }
    if not found:
        raise texts.Refusal("no_diagrams", folder=folder)
    return found


def deploy_folder(session: Session, folder: Path, handlers: Mapping[str, Registered], now: datetime) -> list[str]:
    """Deploys a folder and returns the processes with their versions. Raises Refusal with every problem found."""
    return _deploy(session, read_folder(folder), handlers, now)


def _deploy(
    session: Session, found: Mapping[str, bytes], handlers: Mapping[str, Registered], now: datetime
) -> list[str]:
    known = definitions.Known(handlers=handlers, roles=frozenset(offices.roles(session)), begun=begun.ASKED)
    try:
        deployed = definitions.deploy(session, found, known=known, now=now, by=SYSTEM.name)
    except definitions.DefinitionInvalid as invalid:
        report(invalid.problems)
        raise texts.Refusal("diagrams_refused", number=len(invalid.problems)) from invalid
    return [f"{definition.process} {definition.version}" for definition in deployed]


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is in force after the shipped files were put: processes with versions, and files that stayed as released."""

    deployed: list[str]
    kept: list[str]


def put_shipped(session: Session, folder: Path, handlers: Mapping[str, Registered], now: datetime) -> Shipped:
    """Deploys what is shipped, but for the files that both agencies have released since: those stay in force.

    Raises Refusal with every problem found.
    """
    held = releases.holding(session)
    contents = design.sources(session, held.values())
    drawn = {name: contents[digest] for name, digest in held.items() if files.kind(name) in {"bpmn", "form"}}
    deployed = _deploy(session, read_folder(folder) | drawn, handlers, now)
    if rulebooks.file() not in held:
        put_book(session, folder, now)
    put_scenarios(session, folder, now, but=held)
    shipped = {name: (folder / name).read_bytes() for name in held if (folder / name).is_file()}
    return Shipped(deployed, sorted(name for name, content in shipped.items() if content != contents[held[name]]))


def put_book(session: Session, folder: Path, now: datetime) -> None:
    """Lets the rule book of a folder decide from today on, if it says anything new. Raises Refusal with every fault."""
    path = folder / rulebooks.file()
    if not path.is_file():
        return
    content = path.read_bytes()
    if rulebooks.digest(content) == rulebooks.newest(session).digest:
        return
    try:
        made = rulebooks.put(session, content, now=now, by=SYSTEM.name, valid_from=dates.day_of(now))
    except rulebooks.BookInvalid as invalid:
        for fault in invalid.problems:
            click.echo(fault.sentence(texts.locale()))
        raise texts.Refusal("book_refused", number=len(invalid.problems)) from invalid
    texts.say("book_put", version=made.version)


def put_scenarios(session: Session, folder: Path, now: datetime, *, but: Collection[str] = ()) -> int:
    """Lets the scenarios of a folder hold, as far as they are new, but not these; how many did. Raises Refusal."""
    known = design.in_force(session).hashes
    found = {f"{scenarios.FOLDER}{path.name}": path.read_bytes() for path in (folder / scenarios.FOLDER).glob("*.json")}
    for name, content in sorted(found.items()):
        try:
            files.checked(content, file=name)
        except design_errors.FileUnusable as unusable:
            raise texts.Refusal("scenario_refused", file=folder / name, reason=unusable.detail) from unusable
    new = {
        name: content
        for name, content in found.items()
        if name not in but and scenarios.is_new(content, known.get(name, ""))
    }
    scenarios.put(session, new, now=now)
    return len(new)


def report(problems: Iterable[definitions.Problem]) -> None:
    """Prints each problem of a diagram with its way out."""
    language = texts.locale()
    for problem in problems:
        click.echo(f"{problem.severity}: {problem.element}: {problem.message(language)} {problem.remedy(language)}")


@click.command(cls=texts.Command, help="help_deploy")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def deploy(folder: Path | None) -> None:
    """Deploys the diagrams, forms, rule book and scenarios of a folder; unchanged ones keep their version. Without a
    folder it is what is shipped, and what both agencies have released since stays in force.
    """
    with connected.office() as office, office.sessions.begin() as session:
        now, handlers = clock.now(session), bootstrap.registered(office.handlers)
        if folder is None:
            done = put_shipped(session, config.load().bpmn, handlers, now)
        else:
            done = Shipped(deploy_folder(session, folder, handlers, now), [])
            put_book(session, folder, now)
            put_scenarios(session, folder, now)
    texts.say("deployed", processes=", ".join(done.deployed))
    if done.kept:
        texts.say("deploy_kept", files=", ".join(done.kept))


def profile_roles(profile: str) -> frozenset[str]:
    """The codes of the roles of a profile, read from its files."""
    return frozenset(row["code"] for row in profiles.read(profile).rows("roles"))


def stage(sessions: sessionmaker[Session], file: Path) -> arrivals.Report:
    """Notes the records of a file as expected; what was noted before stays as it is."""
    with file.open(encoding="utf-8-sig", newline="") as lines, sessions.begin() as session:
        return casework.stage(session, csv.DictReader(lines, delimiter=";"), now=clock.now(session))


def arrive(sessions: sessionmaker[Session]) -> Iterator[None]:
    """Makes a case of each record whose day has come, one transaction each, and yields after each.

    An interruption loses nothing: the next import goes on where this one stopped.
    """
    while _one_arrives(sessions):
        yield


def _one_arrives(sessions: sessionmaker[Session]) -> bool:
    with sessions.begin() as session:
        return casework.arrive(session, actor=SYSTEM, now=clock.now(session)) is not None


@click.command("import", cls=texts.Command, help="help_import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def import_records(context: click.Context, file: Path) -> None:
    """Makes cases of client records; safe to run twice. Exit code 1 when lines were left out."""
    with connected.office() as office:
        staged = stage(office.sessions, file)
        with click.progressbar(arrive(office.sessions), length=staged.waiting, label=texts.of("importing")) as bar:
            imported = sum(1 for _ in bar)
        with office.sessions() as session:
            failed = casework.failures(session, texts.locale())
    texts.say("imported", imported=imported, waiting=max(staged.waiting - imported, 0), known=staged.known)
    for line in staged.bad:
        texts.say("bad_line", number=line.number, reason=line.reason)
    for number, reason in failed:
        texts.say("bad_record", number=number, reason=reason)
    context.exit(1 if staged.bad or failed else 0)
