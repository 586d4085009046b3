"""Start, help, licences; health and measures for machines."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from app import security
from app.office import clock
from app.pages import measures

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@security.signed_in
def home() -> ResponseReturnValue:
    """Leads to the first page that the reader may use."""
    for endpoint in ("inbox.index", "office.index"):
        if security.may(endpoint):
            return redirect(url_for(endpoint), 303)
    return redirect(url_for("identity.account"), 303)


@blueprint.get("/help")
@security.public
def help() -> ResponseReturnValue:  # noqa: A001  the address people type
    """How to work with the keyboard, what the signs mean."""
    return render_template("pages/help.html")


@blueprint.get("/notices")
@security.public
def notices() -> ResponseReturnValue:
    """The licences of what the browser is given."""
    notes = (Path(current_app.static_folder or "") / "NOTICES.txt").read_text(encoding="utf-8")
    return render_template("pages/notices.html", notes=notes)


@blueprint.get("/healthz")
@security.bare
def healthz() -> ResponseReturnValue:
    """Whether web and database answer; no more is told to strangers."""
    try:
        with security.at_once() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("database unreachable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/metrics")
@security.bare
def metrics() -> ResponseReturnValue:
    """Measures in the text format of Prometheus, for this machine or for those who know the token."""
    if not _may_measure():
        raise NotFound
    with security.at_once() as session:
        text_format = measures.exposition(session, clock.now(session))
    return Response(text_format, content_type=measures.CONTENT_TYPE)


def _may_measure() -> bool:
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and secrets.compare_digest(given.encode(), token.encode()):
        return True
    # Behind a proxy on this machine every stranger would come from loopback: then only the token opens.
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  an address that is not loopback
