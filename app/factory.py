"""The web application, assembled: one transaction per request, committed here and nowhere below."""

from __future__ import annotations

import io
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from flask import Flask, Request, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import failures, schema, security, texts
from app.casework import views as casework_views
from app.design import (
    comment_views,
    compare_views,
    form_preview,
    form_views,
    play_views,
    purpose_views,
    release_views,
    rule_row_views,
    rule_value_views,
    rule_views,
    scenario_views,
    step_views,
    whatif_views,
)
from app.design import views as design_views
from app.identity import guard
from app.identity import views as identity_views
from app.inbox import views as inbox_views
from app.meetings import meeting_views
from app.meetings import task_views as meeting_task_views
from app.meetings import views as meetings_views
from app.notices import views as notice_views
from app.office import clock
from app.office import errors as office_errors
from app.office import queries as office
from app.office import views as office_views
from app.operations import views as operations_views
from app.pages import measures, processes, rulebook, versions
from app.pages import views as pages_views
from app.supervision import (
    absence_views,
    act_views,
    bulk_views,
    conference_views,
    distribution_views,
    foresight_views,
    process_time_views,
    process_views,
    target_views,
    workload_views,
)
from app.supervision import views as supervision_views
from workflows.handlers import Actor

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session, sessionmaker

    from app.identity.queries import SignedIn

log = logging.getLogger("app.web")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY = 2_000_000
MEGABYTE = 1_000_000
YEAR = 31_536_000


class Settings(Protocol):
    """What the web asks of the settings."""

    @property
    def secret_key(self) -> str:
        """Signs the cookie of forms and messages."""

    @property
    def idle_minutes(self) -> int:
        """After so many minutes without activity the screen is locked."""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over TLS only."""

    @property
    def metrics_token(self) -> str:
        """Opens /metrics to others than this machine; empty: to nobody else."""

    @property
    def upload_megabytes(self) -> int:
        """How large a file may be that somebody attaches to a form."""

    @property
    def mail_server(self) -> str:
        """Whether e-mails can leave: the address of the server, or nothing."""

    @property
    def trusted_proxies(self) -> int:
        """How many proxies stand before us, each adding its X-Forwarded headers."""


class UnspooledRequest(Request):
    """A request whose files stay in memory, which its size limits: what people hand in is never written to a disk."""

    def _get_file_stream(self, *_about: object, **_more: object) -> io.BytesIO:
        return io.BytesIO()


class Office(Flask):
    """Flask with one transaction per request: committed when the view answers below 400, undone otherwise."""

    request_class = UnspooledRequest

    def dispatch_request(self) -> ResponseReturnValue:
        """The view's answer, after its transaction has ended: an error while committing is an error of the request."""
        if "session" not in g:
            return super().dispatch_request()
        try:
            response = self.make_response(super().dispatch_request())
            _settle(response)
        except BaseException:
            g.session.rollback()
            raise
        return response


def _settle(response: Response) -> None:
    if response.status_code >= 400:  # noqa: PLR2004  the first status that tells of an error
        g.session.rollback()
    else:
        if request.method in SAFE:
            # The transaction could only read. It is not rolled back, because after that the driver prepares all
            # statements anew.
            g.session.expunge_all()
        g.session.commit()
    acts, g.afterwards = g.afterwards, []
    if acts:
        with security.at_once() as session:
            for act in acts:
                act(session)


def create_app(settings: Settings, *, sessions: sessionmaker[Session]) -> Flask:
    """The application of this office. Raises security.Undeclared when an endpoint does not say who may call it."""
    app = Office("app", static_folder="static", template_folder="templates")
    _configure(app, settings)
    app.extensions["sessions"] = sessions
    app.extensions["actor_of"] = _actor
    app.extensions["schema"] = _schema
    app.before_request(_begin)
    CSRFProtect(app)
    texts.set_up(app)
    failures.set_up(app)
    app.after_request(security.add_headers)
    app.after_request(_tell)
    app.teardown_request(_end)
    _add_features(app)
    measures.set_up(app)
    security.bare(app.view_functions["static"])
    security.check(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # the way that Flask documents
    return app


def _schema(session: Session) -> tuple[str, str]:
    """The version of the tables that are there, and of those that this program needs."""
    return schema.version(session.connection()) or "", schema.head()


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAIL_SERVER=settings.mail_server,
        UPLOAD_MEGABYTES=settings.upload_megabytes,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,
        # The token lives as long as the session's cookie: a form that lay open over lunch is still a good form.
        WTF_CSRF_TIME_LIMIT=None,
        # Browsers name the sender of POSTs in Sec-Fetch-Site; the Referer is missing behind some proxies.
        WTF_CSRF_SSL_STRICT=False,
        IDLE_SECONDS=settings.idle_minutes * 60,
        METRICS_TOKEN=settings.metrics_token,
    )


def _add_features(app: Flask) -> None:
    for module in (
        *(pages_views, identity_views, inbox_views, casework_views, office_views, processes, rulebook),
        *(design_views, step_views, form_views, form_preview, release_views, versions),
        *(comment_views, compare_views, play_views, purpose_views, scenario_views, whatif_views),
        *(rule_views, rule_row_views, rule_value_views),
        *(supervision_views, foresight_views, workload_views, absence_views, act_views),
        *(distribution_views, bulk_views, conference_views, process_views, process_time_views, target_views),
        *(meetings_views, meeting_views, meeting_task_views),
        *(notice_views, operations_views),
    ):
        app.register_blueprint(module.blueprint)


def _begin() -> ResponseReturnValue | None:
    """Opens the request's session, finds out who asks and what time it is in the office, and turns away who may not."""
    g.started = time.monotonic()
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, "bare"):
        return None
    if hasattr(view, "takes_files"):
        # Twice the limit, so that a file that is a little too large is refused at its field, with all that was typed.
        request.max_content_length = MAX_BODY + 2 * MEGABYTE * current_app.config["UPLOAD_MEGABYTES"]
    g.afterwards = []
    g.system_now = datetime.now(UTC)
    sessions: sessionmaker[Session] = current_app.extensions["sessions"]
    g.session = sessions()
    if request.method in SAFE:
        g.session.connection(execution_options={"postgresql_readonly": True})
    g.who = guard.signed_in()
    g.now = clock.reading(g.session, g.system_now)
    g.actor = None if g.who is None or guard.is_locked(g.who) else _actor(g.who)
    g.account_id = None if g.actor is None else g.actor.id
    return guard.turn_away()


def _actor(who: SignedIn) -> Actor:
    """The person with its roles; an account without a post may sign in and read the help, nothing else."""
    try:
        return office.actor(g.session, who.account_id, g.now)
    except office_errors.UnknownAccount:
        return Actor(id=who.account_id, name=who.name)


def _tell(response: Response) -> Response:
    """One line per request: endpoint and status, nobody's name."""
    seconds = time.monotonic() - g.started if "started" in g else 0.0
    endpoint = request.endpoint or "unknown"
    measures.observe(endpoint, request.method, response.status_code, seconds)
    if endpoint != "static":
        line = {"endpoint": endpoint, "method": request.method, "status": response.status_code}
        log.info("request", extra=line | {"milliseconds": round(seconds * 1000)})
    return response


def _end(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
