"""The edge: transactions, headers, errors, health, measures; on the assembled application with views of the test."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from flask import request
from sqlalchemy import event, select, update
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import sessionmaker

from app import factory, security
from app.identity import models
from tests.app.conftest import PASSWORD, TestSettings
from workflows import database, errors

MARKER = "Geheimnis-4711"


@pytest.fixture
def app(office_sessions):
    made = factory.create_app(replace(TestSettings(), metrics_token="let me in"), sessions=office_sessions)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    for rule, view in (
        ("/t/rename", _rename),
        ("/t/fail", _fail),
        ("/t/late", _late),
        ("/t/again", _again),
        ("/t/step", _step),
    ):
        made.add_url_rule(rule, view.__name__, view, methods=["GET", "POST"])
    return made


def _set_name(session, name):
    session.execute(update(models.Account).where(models.Account.login == "ks").values(name=name))


@security.public
def _rename():
    _set_name(security.session(), request.values["name"])
    return "", int(request.values["status"])


@security.public
def _fail():
    raise {
        "open": errors.TaskNotOpen(1, completed_by="Ada Beispiel"),
        "taken": errors.TaskTaken(1, "Ada Beispiel"),
        "allowed": errors.NotAllowed("role"),
        "instance": errors.UnknownInstance(1),
        "other": RuntimeError(MARKER),
    }[request.values["kind"]]


@security.public
def _late():
    security.afterwards(lambda session: _set_name(session, "later"))
    return "seen"


@security.public
def _step():
    _set_name(security.session(), "never")
    raise errors.StepFailed("gateway", "Weiche", "name", None)


@security.public
@security.renders_again(lambda failed: (f"{failed.name}: {request.form['text']}", 409))
def _again():
    raise errors.StepFailed("gateway", "Weiche", "name", None)


def _name(sessions):
    with sessions() as session:
        return session.scalars(select(models.Account.name).where(models.Account.login == "ks")).one()


def test_post_below_400_is_kept(client, office_sessions):
    client.post("/t/rename", data={"name": "new", "status": 303})
    assert _name(office_sessions) == "new"


@pytest.mark.parametrize("status", [400, 409, 422, 500])
def test_post_with_an_error_is_undone(client, office_sessions, status):
    before = _name(office_sessions)
    client.post("/t/rename", data={"name": "new", "status": status})
    assert _name(office_sessions) == before


def test_get_cannot_write(app, client):
    app.config.update(RAISE_UNEXPECTED=True, PROPAGATE_EXCEPTIONS=True)
    with pytest.raises(InternalError):
        client.get("/t/rename?name=new&status=200")


def test_what_a_reading_must_write_is_written_afterwards(client, office_sessions):
    assert client.get("/t/late").text == "seen"
    assert _name(office_sessions) == "later"


@pytest.mark.parametrize(
    ("kind", "status"), [("open", 409), ("taken", 409), ("allowed", 403), ("instance", 404), ("other", 500)]
)
def test_errors_are_pages_in_both_languages(client, kind, status):
    for language in ("de", "en"):
        answer = client.post("/t/fail", data={"kind": kind, "text": MARKER}, headers={"Accept-Language": language})
        assert answer.status_code == status
        assert f'lang="{language}"' in answer.text
        assert MARKER in answer.text  # what was typed is shown again
        assert "Traceback" not in answer.text


def test_piece_of_a_page_gets_a_piece_as_error(client):
    answer = client.post("/t/fail", data={"kind": "taken"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "Ada Beispiel" in answer.text


def test_unexpected_error_has_a_number_and_the_log_has_no_words_of_it(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.post("/t/fail", data={"kind": "other"})
    record = next(record for record in caplog.records if record.message == "unexpected error")
    assert record.incident in answer.text
    assert MARKER not in str(vars(record))


def test_failed_step_changes_nothing_and_keeps_what_was_typed(client, office_sessions):
    before = _name(office_sessions)
    answer = client.post("/t/step", data={"report": MARKER, "csrf_token": "secret"})
    assert answer.status_code == 409
    assert MARKER in answer.text
    assert "secret" not in answer.text
    assert _name(office_sessions) == before


def test_view_may_render_its_form_again_after_a_failed_step(client):
    answer = client.post("/t/again", data={"text": MARKER})
    assert (answer.status_code, answer.text) == (409, f"Weiche: {MARKER}")


def test_every_answer_carries_the_policy(client):
    for path in ("/login", "/nowhere", "/static/app.css", "/healthz"):
        headers = client.get(path, buffered=True).headers
        assert headers["Content-Security-Policy"] == security.POLICY
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_stay_out_of_caches_and_versioned_files_in(client):
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in client.get("/static/app.css?v=1", buffered=True).headers["Cache-Control"]
    assert "no-cache" in client.get("/static/app.css", buffered=True).headers["Cache-Control"]


def test_too_much_at_once_is_refused(client):
    assert client.post("/login", data={"login": "x" * (factory.MAX_BODY + 1)}).status_code == 413


def test_health_tells_no_more_than_it_must(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_measures_are_for_this_machine_or_the_token(client):
    assert b"drehscheibe_open_tasks" in client.get("/metrics").data
    far = {"REMOTE_ADDR": "192.0.2.1"}
    assert client.get("/metrics", environ_base=far).status_code == 404
    assert client.get("/metrics", environ_base=far, headers={"Authorization": "Bearer no"}).status_code == 404
    assert client.get("/metrics", environ_base=far, headers={"Authorization": "Bearer let me in"}).status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_requests_are_measured_by_endpoint(client):
    client.get("/login")
    assert (
        'drehscheibe_requests_total{endpoint="identity.login",method="GET",status="2xx"}' in client.get("/metrics").text
    )


def test_finding_out_who_asks_costs_few_statements(client, engine):
    client.post("/login", data={"login": "ks", "password": PASSWORD})
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/account")
    event.remove(engine, "before_cursor_execute", note)
    # The fourth counts what the person has not read, for the page's header.
    assert len([one for one in statements if "staff_notice" not in one]) <= 3, statements
    assert len(statements) <= 4, statements


@pytest.fixture
def away():
    """The application in front of a database server that is not there."""
    engine = database.engine_for("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    made = factory.create_app(TestSettings(), sessions=sessionmaker(engine))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield made.test_client()
    engine.dispose()


def test_page_without_a_database_says_so_and_when_to_come_back(away):
    answer = away.get("/inbox", headers={"Accept": "text/html", "Accept-Language": "de"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Die Datenbank antwortet gerade nicht" in answer.text
    english = away.get("/inbox", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "The database is not answering at the moment" in english.text


def test_what_was_typed_while_the_database_is_away_can_be_sent_again(away):
    typed = {"family_name": "Müßig", "password": MARKER}
    answer = away.post("/clients/new", data=typed, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 503
    assert '<input type="hidden" name="family_name" value="Müßig">' in answer.text
    assert 'action="/clients/new"' in answer.text
    assert MARKER not in answer.text


def test_health_without_a_database_is_unavailable(away):
    assert away.get("/healthz").status_code == 503
