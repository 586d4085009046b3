"""The door: who asks, whether the screen is locked, and whether this endpoint is open to the asker."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, g, make_response, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import Forbidden
from werkzeug.utils import redirect

from app import failures, security
from app.identity import errors, queries, service

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

COOKIE = "drehscheibe"
# Activity is written down at most so often: reading a page must not cost a write each time.
TOUCH = timedelta(seconds=30)


def signed_in() -> queries.SignedIn | None:
    """Who holds the cookie of this request."""
    token = request.cookies.get(COOKIE, "")
    return queries.signed_in(security.session(), token) if token else None


def is_locked(who: queries.SignedIn) -> bool:
    """Whether this person has to enter the password again: locked by hand, or idle for too long."""
    idle = timedelta(seconds=current_app.config["IDLE_SECONDS"])
    return who.locked_at is not None or security.system_now() - who.seen_at > idle


def turn_away() -> ResponseReturnValue | None:
    """The answer for those who may not go on; None lets the request through."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if g.actor is None:
        return _stranger(endpoint)
    if not security.declared(current_app, endpoint).admits(g.actor.roles):
        raise Forbidden
    _touch(g.who)
    return None


def _stranger(endpoint: str) -> ResponseReturnValue | None:
    if security.declared(current_app, endpoint).kind is security.Kind.PUBLIC:
        return None
    if g.who is None:
        return _to_login()
    if security.answers_when_locked(current_app, endpoint):
        return None
    return _unlocked_by_form(endpoint)


def _to_login() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"} or security.is_fragment():
        return send_to(url_for("identity.login", next=security.here()))
    return render_template("identity/login.html", next=security.here(), login="", error="", expired=True), 401


def send_to(address: str) -> Response:
    """Leads the whole page there, also when htmx asked for a piece of it."""
    if security.is_fragment():
        return make_response("", 200, {"HX-Redirect": address})
    return make_response(redirect(address, 303))


def _unlocked_by_form(endpoint: str) -> ResponseReturnValue | None:
    """A locked screen keeps what was sent: the lock page carries it on until the password is right."""
    if request.method in {"GET", "HEAD"} or security.is_fragment():
        return send_to(url_for("identity.lock_page", next=security.here()))
    password = request.form.get("unlock_password")
    error = ""
    if password is not None and security.same_origin():
        error = try_unlock(password)
        if not error:
            return _go_on(endpoint)
    carried = failures.typed() if security.same_origin() else []
    action = request.full_path.rstrip("?")
    return render_template("identity/lock.html", next=security.here(), error=error, carried=carried, action=action), 401


def _go_on(endpoint: str) -> ResponseReturnValue | None:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "unlock_password"]
    request.form = ImmutableMultiDict(fields)
    g.actor = current_app.extensions["actor_of"](g.who)
    g.account_id = g.actor.id
    if not security.declared(current_app, endpoint).admits(g.actor.roles):
        raise Forbidden
    return None


def try_unlock(password: str) -> str:
    """Unlocks this browser's session; the code of what hindered it, or nothing. Committed on its own."""
    who, now = security.who(), security.system_now()
    try:
        with security.at_once() as session:
            service.admit(session, who.login, request.remote_addr or "", now=now)
        with security.at_once() as session:
            service.unlock(session, who, password, now=now)
            service.forget_failures(session, who.login)
    except errors.WrongPassword:
        return "wrong"
    except errors.TooManyAttempts as many:
        return f"wait {many.minutes}"
    return ""


def _touch(who: queries.SignedIn) -> None:
    now = security.system_now()
    if now - who.seen_at > TOUCH and not security.is_background():
        with security.at_once() as session:
            service.touch(session, who.session_id, now=now)
