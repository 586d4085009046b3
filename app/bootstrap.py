"""The composition root: builds from the settings what the host needs from the office. It loads no web framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session, sessionmaker

from app.casework import handlers as casework_handlers
from app.casework import handlers_calls, vault
from app.office import calendar
from app.supervision import service as supervision
from workflows import database
from workflows import handlers as host

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.config import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """A running office: its database, its sessions and the registry of what its diagrams may name."""

    engine: Engine
    sessions: sessionmaker[Session]
    handlers: host.Registry
    calendar_source: calendar.TableSource

    def close(self) -> None:
        """Gives the connections back to the server."""
        self.engine.dispose()


def registry(calls: str = "") -> host.Registry:
    """All handlers of this installation, with the calls to the outside that its list allows. Raises CallsInvalid."""
    made = host.Registry()
    casework_handlers.register(made)
    handlers_calls.register(made, calls)
    return made


def registered(registry: host.Registry) -> dict[str, host.Registered]:
    """The handlers by name, as the linter of diagrams wants them."""
    return {name: registry.get(name) for name in sorted(registry.names())}


def office(settings: Settings, *, connections: int = 10) -> Office:
    """The office on the database of the settings; connects on first use."""
    engine = database.engine_for(settings.database_url, pool_size=connections, max_overflow=connections)
    # The calendar reads its own tables by sessions that know no calendar.
    source = calendar.TableSource(sessionmaker(engine))
    handlers = registry(settings.calls)
    environment = host.Environment(handlers=handlers, calendar=calendar.OfficeCalendar(source))
    info: dict[str, object] = {"environment": environment}
    if settings.record_keys:
        info["vault"] = vault.Vault.from_keys(settings.record_keys)
    sessions = sessionmaker(engine, info=info, expire_on_commit=False)
    supervision.keep_up(sessions)
    return Office(engine=engine, sessions=sessions, handlers=handlers, calendar_source=source)
