"""Who may call what, and what every answer carries.

Each endpoint declares its readers: `@security.public`, `@security.signed_in` or `@security.access("KS", "FM")`. The
application refuses to start with an endpoint that declares nothing, and the guard of each request goes by the same
declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g, request

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from flask import Flask, Response
    from sqlalchemy.orm import Session, sessionmaker

    from app.identity.queries import SignedIn
    from workflows.handlers import Actor

View = TypeVar("View", bound=Callable[..., Any])

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Kind(Enum):
    """The three ways in which an endpoint is open."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint."""

    kind: Kind
    roles: frozenset[str] = frozenset()

    def admits(self, roles: frozenset[str]) -> bool:
        """Whether a signed-in person with these roles may call it."""
        return self.kind is not Kind.ROLES or bool(self.roles & roles)


class Undeclared(Exception):  # noqa: N818  the house names errors by what is the case
    """An endpoint does not say who may call it."""


def _declare(view: View, access: Access) -> View:
    cast("Any", view).access = access
    return view


def public(view: View) -> View:
    """Anybody may call this endpoint, signed in or not."""
    return _declare(view, Access(Kind.PUBLIC))


def signed_in(view: View) -> View:
    """Every account may call this endpoint; what it shows is decided by the feature."""
    return _declare(view, Access(Kind.SIGNED_IN))


def access(*roles: str) -> Callable[[View], View]:
    """Only people who hold one of these roles now, themselves or as a substitute, may call this endpoint."""
    return lambda view: _declare(view, Access(Kind.ROLES, frozenset(roles)))


def bare(view: View) -> View:
    """Answers machines: no session, no reader, no clock is looked up for it."""
    cast("Any", public(view)).bare = True
    return view


def when_locked(view: View) -> View:
    """Answers while the screen is locked: it unlocks, or it leaves."""
    cast("Any", view).when_locked = True
    return view


def takes_files(view: View) -> View:
    """Files may come with what is sent to this endpoint: its requests may be larger than others."""
    cast("Any", view).takes_files = True
    return view


def renders_again(renderer: Callable[..., Any]) -> Callable[[View], View]:
    """When a step behind this endpoint's POST fails, `renderer(failed, **view_args)` answers.

    It has a fresh session for reading and the typed form in `request.form`; so what was typed stays where it was.
    """

    def mark(view: View) -> View:
        cast("Any", view).renders_again = renderer
        return view

    return mark


def declared(app: Flask, endpoint: str) -> Access:
    """Who may call this endpoint. Raises Undeclared."""
    found = getattr(app.view_functions.get(endpoint), "access", None)
    if not isinstance(found, Access):
        raise Undeclared(endpoint)
    return found


def answers_when_locked(app: Flask, endpoint: str) -> bool:
    """Whether a locked screen still reaches this endpoint."""
    return declared(app, endpoint).kind is Kind.PUBLIC or hasattr(app.view_functions[endpoint], "when_locked")


def check(app: Flask) -> None:
    """Raises Undeclared when an endpoint of the assembled application declares nobody."""
    for endpoint in app.view_functions:
        declared(app, endpoint)


def session() -> Session:
    """The session of this request: reads only for GET, one transaction for POST."""
    return cast("Session", g.session)


def actor() -> Actor:
    """Who acts, with the roles held now; only where the endpoint is not public."""
    assert g.actor is not None
    return cast("Actor", g.actor)


def who() -> SignedIn:
    """The browser's session with its account; only where the endpoint is not public."""
    assert g.who is not None
    return cast("SignedIn", g.who)


def now() -> datetime:
    """The office time of this request."""
    return cast("datetime", g.now)


def system_now() -> datetime:
    """The system's time of this request: for sessions, throttling and locks."""
    return cast("datetime", g.system_now)


def at_once() -> AbstractContextManager[Session]:
    """A short transaction of its own, committed when the block ends: what stays although the request is refused."""
    return cast("sessionmaker[Session]", current_app.extensions["sessions"]).begin()


def afterwards(act: Callable[[Session], None]) -> None:
    """Has `act` done in a short transaction of its own before the answer leaves.

    For what a GET must write: a read mark, the log of reads. When it fails, the answer is an error page: what must be
    logged is not shown unlogged.
    """
    g.afterwards.append(act)


def may(endpoint: str) -> bool:
    """Whether the reader may call this endpoint, if it exists at all."""
    if endpoint not in current_app.view_functions:
        return False
    found = declared(current_app, endpoint)
    if found.kind is Kind.PUBLIC:
        return True
    return g.get("actor") is not None and found.admits(g.actor.roles)


def here() -> str:
    """The page to come back to: of this request, or of the page that asked."""
    if request.method in {"GET", "HEAD"} and not is_fragment():
        return request.full_path.rstrip("?")
    return safe_path(urlsplit(request.referrer or "")._replace(scheme="", netloc="").geturl())


def safe_path(path: str | None) -> str:
    """The path if it leads to ourselves, else the start page."""
    path = path or "/"
    clean = path.startswith("/") and not path.startswith(("//", "/\\")) and not any(sign < " " for sign in path)
    parts = urlsplit(path) if clean else None
    return path if parts is not None and not parts.netloc and not parts.scheme else "/"


def is_fragment() -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def is_background() -> bool:
    """Whether the page asks by itself, so that it does not count as somebody's activity."""
    return request.args.get("poll") == "1"


def same_origin() -> bool:
    """Whether the browser says that one of our own pages sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def add_headers(response: Response) -> Response:
    """Puts the protecting headers on every answer; pages with personal data stay out of caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(["Cookie", "HX-Request"])
    elif "v" not in request.args and "/fonts/" not in request.path:
        response.headers["Cache-Control"] = "no-cache"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
