"""Errors to pages.

What the packages below refuse is mapped here, once, to a status and to words; what nobody expected gets a number that
stands in the log, without a word of what was typed.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from typing import TYPE_CHECKING

from flask import current_app, g, jsonify, redirect, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from app import security
from app.casework import errors as casework_errors
from app.identity import errors as identity_errors
from app.office import errors as office_errors
from workflows import engine
from workflows import errors as workflow_errors

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger("app.web")
METHOD_NOT_ALLOWED = 405
RETRY_SECONDS = 10
# SQLSTATE classes that tell of the server, not of a statement: connection, resources, shut down or starting up.
AWAY = ("08", "53", "57P")
# Never shown again, never carried along.
SECRETS = frozenset({"csrf_token", "password", "old_password", "new_password", "repeated_password", "unlock_password"})

STATUS: dict[type[Exception], int] = {
    workflow_errors.TaskNotOpen: 409,
    workflow_errors.TaskTaken: 409,
    workflow_errors.InstanceClosed: 409,
    workflow_errors.InterventionRefused: 409,
    workflow_errors.NotAllowed: 403,
    workflow_errors.UnknownInstance: 404,
    workflow_errors.HandlerMissing: 409,
    casework_errors.AccessDenied: 403,
    casework_errors.UnknownCase: 404,
    casework_errors.UnknownClient: 404,
    casework_errors.CaseOpenAlready: 409,
    casework_errors.PayerRefused: 409,
    casework_errors.ValuesRefused: 422,
    office_errors.OfficeClosed: 409,
    office_errors.ClockRefused: 409,
    office_errors.UnknownAccount: 403,
    identity_errors.TooManyAttempts: 429,
}


def set_up(app: Flask) -> None:
    """Registers the pages for errors."""
    for kind in STATUS:
        app.register_error_handler(kind, _refused)
    app.register_error_handler(workflow_errors.StepFailed, _step_failed)
    app.register_error_handler(CSRFError, _unproven)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(exc.OperationalError, _database_failed)
    app.register_error_handler(exc.TimeoutError, _away)
    app.register_error_handler(Exception, _unexpected)


def refuse(kind: type[Exception], status: int) -> None:
    """Adds a refusal of a feature to the map; its words stand in errors/refused.html under the class's name."""
    STATUS[kind] = status


def typed() -> list[tuple[str, str]]:
    """What was typed into the form of this request, without secrets; for pages that must lose nothing."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]


def keep(told: list[tuple[str, str]]) -> None:
    """Lets the error page of this request show what was typed in these words."""
    g.typed_in_words = told


def _readable() -> list[tuple[str, str]]:
    """What was typed, in the words of its form where somebody knew them; without what people do not see."""
    told: list[tuple[str, str]] = g.get("typed_in_words") or []
    return told or [(name.replace("_", " "), value) for name, value in typed() if not name.startswith("_")]


def page(status: int, template: str, **values: object) -> ResponseReturnValue:
    """An error page; for htmx a piece that fits where the answer was wanted."""
    wants_json = request.accept_mimetypes.best == "application/json"
    if wants_json:
        return jsonify(status=status), status
    fragment = security.is_fragment()
    return render_template(f"errors/{template}.html", status=status, fragment=fragment, **values), status


def _refused(refusal: Exception) -> ResponseReturnValue:
    status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    return page(status, "refused", kind=type(refusal).__name__, refusal=refusal, typed=_readable())


def _step_failed(failed: workflow_errors.StepFailed) -> ResponseReturnValue:
    """The act is already rolled back; the incident gets its own transaction; what was typed goes back."""
    log.warning("step failed", extra={"element": failed.element, "instance": failed.instance_id})
    if failed.instance_id is not None:
        with security.at_once() as session:
            engine.record_incident(session, failed, now=security.now())
    view = current_app.view_functions.get(request.endpoint or "")
    renderer = getattr(view, "renders_again", None)
    if renderer is not None:
        answer: ResponseReturnValue = renderer(failed, **(request.view_args or {}))
        return answer
    return page(409, "step_failed", failed=failed, typed=_readable())


def _unproven(_error: CSRFError) -> ResponseReturnValue:
    """The page was older than the session. What was typed may be sent again, unless a foreign site sent it."""
    keep = typed() if security.same_origin() else []
    return page(400, "csrf", typed=keep, action=request.full_path.rstrip("?"))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004  redirects are answers, not errors
        return error.get_response()
    if error.code == METHOD_NOT_ALLOWED and request.method == "GET" and not security.is_fragment():
        # The address of an act, asked for again by a reload or after the lock: the page above it is meant.
        return redirect(_page_above(request.path), 303)
    answer = page(error.code, "http", title=_title(error.code))
    response = current_app.make_response(answer)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _page_above(path: str) -> str:
    """The next address above this one that shows a page."""
    known = current_app.create_url_adapter(request)
    while path != "/" and known is not None:
        path = path.rpartition("/")[0] or "/"
        if known.test(path, method="GET"):
            break
    return path


def _title(status: int) -> str:
    titles = {
        400: gettext("Diese Anfrage ist nicht verständlich"),
        401: gettext("Bitte melden Sie sich an"),
        403: gettext("Das dürfen Sie nicht"),
        404: gettext("Diese Seite gibt es nicht"),
        405: gettext("So lässt sich diese Seite nicht aufrufen"),
        413: gettext("Das ist zu viel auf einmal"),
        429: gettext("Zu viele Versuche"),
    }
    title: str = titles.get(status, gettext("Das hat nicht geklappt"))
    return title


def _database_failed(error: exc.OperationalError) -> ResponseReturnValue:
    state = getattr(error.orig, "sqlstate", None)
    return _away(error) if state is None or state.startswith(AWAY) else _unexpected(error)


def _away(error: Exception) -> ResponseReturnValue:
    """The database does not answer: a page that needs none, and what was typed may be sent again."""
    log.error("database away", extra={"type": type(error).__name__, "endpoint": request.endpoint})
    g.who = g.actor = None
    g.pop("now", None)
    if g.get("bare") or security.is_background():
        answer = current_app.make_response(("", 503))
    else:
        again = typed() if security.same_origin() else []
        answer = current_app.make_response(page(503, "away", typed=again, action=request.full_path.rstrip("?")))
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    """The process boundary: logged with type and place, never with the message, for it may hold personal data."""
    number = secrets.token_hex(4)
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error(
        "unexpected error",
        extra={"incident": number, "type": type(error).__name__, "place": frames, "endpoint": request.endpoint},
    )
    if current_app.testing and current_app.config.get("RAISE_UNEXPECTED"):
        raise error
    if request.endpoint == "static" or "csrf_token" not in current_app.jinja_env.globals or g.get("bare"):
        return "", 500
    return page(500, "unexpected", number=number, typed=_readable())
