"""Calls to the outside, made by a real worker to a real web server and a real mail server."""

from __future__ import annotations

import email
import email.policy
import itertools
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from app.casework import handlers_calls, models
from tests import factories, outside_world
from tests.workflows import walks
from workflows import engine, errors, interventions, outside, queries, runner
from workflows.handlers import Registry
from workflows.models import Entry, Incident, Task, Waiting

NOW = walks.NOW
KS, LEAD = factories.actor("KS"), factories.actor("LTG_AA", id=5, name="Lea Leitung")
ASKING = """<start id="s"/><u id="a" d:role="KS"/><s id="ask" name="Nachfragen" d:handler="http.ask"/><u id="b" d:role="KS"/><end id="e"/>
<f a="s" b="a"/><f a="a" b="ask"/><f a="ask" b="b"/><f a="b" b="e"/>"""  # noqa: E501  diagrams read best unbroken
LIST = """
hosts = ["{web}", "{mail}"]
[http.ask]
url = "{web}/ask?x=1"
sends = ["u18"]
takes = {{ known = false, number = 0, note = "" }}
seconds = {seconds}
token_file = "{token}"
[mail.notice]
server = "{mail}"
sender = "drehscheibe@office.example"
to = "payments@office.example"
subject = "Fall {{number}}"
text = "Im Fall {{number}} wartet etwas auf Sie. Grüße"
"""
GOOD = b'{"known": true, "number": 7, "note": "ok", "more": "not asked for"}'


@pytest.fixture
def web():
    with outside_world.web_server() as made:
        made.answer = GOOD
        yield made


@pytest.fixture
def box():
    with outside_world.mail_server() as made:
        yield made


@pytest.fixture
def listed(web, box, tmp_path):
    """Writes the list of calls and returns its path."""

    def written(seconds: float = 5, raw: str = LIST) -> str:
        (tmp_path / "token").write_text("geheim\n", encoding="ascii")
        path = tmp_path / "calls.toml"
        filled = raw.format(web=web.address, mail=box.address, seconds=seconds, token=tmp_path / "token")
        path.write_text(filled, encoding="utf-8")
        return str(path)

    return written


@pytest.fixture
def environment(listed):
    made = factories.environment()
    handlers_calls.register(made.handlers, listed(seconds=0.5))
    return made


@dataclass
class Scene:
    """An office with one case, a worker, and the outside."""

    committed: object
    web: outside_world.Web
    box: outside_world.Mailbox
    queue: object
    owner: str
    url: str

    def at_the_call(self, body: str = ASKING) -> tuple[int, str]:
        """Brings a case before its call to the outside; returns the instance and the key of the call."""
        with self.committed.begin() as session:
            client = models.Client(
                number="K1", family_name="Sommerfeld", given_names="Pia", search_name="", sort_name="", phonetic="",
                birth_precision="unknown", residence="yes", created_by="Kim", created_at=NOW, changed_at=NOW,
            )  # fmt: skip
            session.add(client)
            session.flush()
            case = models.CaseFile(client_id=client.id, reference_date=NOW.date(), opened_at=NOW, number="2004-00001")
            session.add(case)
            session.flush()
            walks.install(session, {"p.bpmn": walks.diagram(body)})
            instance = engine.start(session, "p", subject=str(case.id), values={"u18": False}, actor=KS, now=NOW)
            number = session.execute(select(Task.id)).scalar_one()
            engine.complete(session, number, actor=KS, values={}, now=NOW)
            return instance, session.execute(select(Waiting.key)).scalar_one().hex

    def call(self, instance: int, key: str) -> bool:
        """One attempt, as the worker makes it."""
        return runner.call_handler(self.committed, lambda _: NOW, instance_id=instance, key=key)

    def work_off(self) -> None:
        """Does what a worker does until nothing is due; what waits for its next attempt is due at once."""
        with self.committed.begin() as session:
            session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        with ThreadPoolExecutor(max_workers=1) as threads:
            threads.submit(self._work).result()

    def _work(self) -> None:
        with self.queue.open():
            self.queue.run_worker(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )  # fmt: skip

    def of(self, query) -> list:
        """What the database holds."""
        with self.committed() as session:
            return session.execute(query).scalars().all()

    @property
    def opened(self) -> list[str]:
        """The elements of the open tasks."""
        return self.of(select(Task.element))

    @property
    def incidents(self) -> list[str]:
        """What is wrong."""
        return self.of(select(Incident.detail).where(Incident.resolved_at.is_(None)))

    @property
    def due(self) -> list[int]:
        """In how many seconds the next attempts are due."""
        found = "SELECT round(extract(epoch FROM scheduled_at - now())) FROM procrastinate_jobs WHERE status = 'todo'"
        return [int(seconds) for seconds in self.of(text(found)) if seconds is not None]


@pytest.fixture
def scene(committed, web, box, addresses):
    queue = runner.build(addresses.application, committed, lambda _: NOW)
    return Scene(committed, web, box, queue, addresses.owner, addresses.application)


def test_the_answer_comes_back_and_nothing_but_the_number_and_what_is_listed_goes_out(scene):
    instance, key = scene.at_the_call()
    scene.work_off()
    (call,) = scene.web.came
    assert call["body"] == {"case": "2004-00001", "values": {"u18": False}}
    assert (call["path"], call["token"], call["key"]) == ("/ask?x=1", "Bearer geheim", f"{instance}:{key}")
    assert scene.opened == ["b"]
    with scene.committed() as session:
        values = queries.values(session, session.execute(select(Task.id)).scalar_one())
    assert values == {"u18": False, "known": True, "number": 7, "note": "ok"}


def test_no_transaction_is_open_while_the_other_side_is_waited_for(scene):
    instance, key = scene.at_the_call()
    seen = []

    def look():
        with psycopg.connect(scene.owner) as connection:
            query = """SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                AND datname = current_database() AND xact_start IS NOT NULL AND backend_type = 'client backend'"""
            seen.append(connection.execute(query).fetchone()[0])
            connection.execute("SELECT 1 FROM workflow_instance FOR UPDATE NOWAIT")

    scene.web.meanwhile = look
    assert scene.call(instance, key)
    assert seen == [0]


@pytest.mark.processes
def test_a_worker_killed_between_the_call_and_its_result_repeats_it_under_the_same_key(scene, listed, tmp_path):
    scene.at_the_call()
    given = {"DATABASE_URL": scene.url, "DREHSCHEIBE_CALLS": listed(), "DREHSCHEIBE_VAR": str(tmp_path)}
    given |= {"DREHSCHEIBE_SECRET_KEY": "x", "DREHSCHEIBE_RECORD_KEYS": Fernet.generate_key().decode()}
    worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=os.environ | given)
    killed = threading.Event()

    def kill():
        # The call has come and its answer is on the way; whoever asked is gone.
        worker.kill()
        worker.wait()
        killed.set()

    scene.web.meanwhile = kill
    try:
        assert killed.wait(30)
    finally:
        worker.kill()
        worker.wait()
    scene.web.meanwhile = None
    assert (scene.opened, scene.incidents) == ([], [])
    # What the clock starts may have been under way, too.
    assert runner.rescue(scene.owner) >= 1
    scene.work_off()
    assert scene.opened == ["b"]
    assert len(scene.web.keys) == 2
    assert len(set(scene.web.keys)) == 1


def test_an_answer_that_comes_twice_is_taken_once(scene):
    instance, key = scene.at_the_call()
    assert scene.call(instance, key)
    assert not scene.call(instance, key)
    assert scene.opened == ["b"]
    assert len(scene.web.came) == 1


@pytest.mark.parametrize(("status", "told"), [(500, "call server 500"), (429, "call refused 429"), (0, "call timeout")])
def test_what_may_pass_is_tried_again_ever_later_and_then_becomes_trouble(scene, status, told):
    scene.at_the_call()
    scene.web.statuses = [status]
    due = []
    for _ in range(runner.ATTEMPTS):
        assert scene.incidents == []
        scene.work_off()
        due += scene.due
    assert len(scene.web.came) == runner.ATTEMPTS
    assert len(set(scene.web.keys)) == 1
    assert all(later > before for before, later in itertools.pairwise(due))
    assert scene.incidents == [told]


def test_what_passes_is_no_trouble(scene):
    scene.at_the_call()
    scene.web.statuses = [503, 0, 200]
    for _ in range(3):
        scene.work_off()
    assert (scene.opened, scene.incidents, len(scene.web.came)) == (["b"], [], 3)


@pytest.mark.parametrize("status", [400, 403, 404, 422, 302])
def test_a_refusal_is_trouble_at_once(scene, status):
    scene.at_the_call()
    scene.web.statuses = [status]
    scene.work_off()
    assert scene.incidents == [f"call refused {status}"]
    assert len(scene.web.came) == 1
    assert scene.due == []


@pytest.mark.parametrize(
    "answer",
    [b"<html>", b"[1]", b'{"known": "yes", "number": 1, "note": ""}', b'{"known": true, "number": true, "note": ""}',
     b'{"known": true}', b'{"note": "' + b"x" * 300 + b'"}', b" " * (outside.LARGEST + 1)],
)  # fmt: skip
def test_an_answer_that_was_not_agreed_is_trouble(scene, answer):
    scene.at_the_call()
    scene.web.answer = answer
    scene.work_off()
    assert scene.incidents == ["call answer"]
    assert scene.opened == []


def test_who_is_not_there_is_tried_again(scene):
    instance, key = scene.at_the_call()
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    gone = outside.allowed(f"http://127.0.0.1:{port}", (f"http://127.0.0.1:{port}",))
    with pytest.raises(errors.CallFailed, match="unreachable") as failed:
        outside.post(gone, {}, key="k", seconds=1)
    assert not failed.value.is_final
    assert (instance, len(key), scene.web.came) == (1, 32, [])


class TestWaysOut:
    """An incident is dealt with by trying again, by skipping with a reason, by changing a value and trying again."""

    @pytest.fixture
    def stuck(self, scene):
        scene.at_the_call()
        scene.web.statuses = [404, 200]
        scene.work_off()
        with scene.committed() as session:
            return session.execute(select(Incident.id)).scalar_one()

    def test_tried_again_under_the_same_key(self, scene, stuck):
        with scene.committed.begin() as session:
            engine.retry(session, stuck, actor=LEAD, now=NOW, reason="Freigeschaltet.")
        scene.work_off()
        assert (scene.opened, scene.incidents, len(set(scene.web.keys))) == (["b"], [], 1)

    def test_skipped_with_a_reason(self, scene, stuck):
        with scene.committed.begin() as session:
            (place,) = interventions.places(session, 1, now=NOW)
            order = interventions.Order(LEAD, "Telefonisch erfragt.", NOW)
            interventions.skip(session, 1, order, place.key, values={"known": True})
        scene.work_off()
        assert (stuck, scene.opened, scene.incidents, len(scene.web.came)) == (1, ["b"], [], 1)
        with scene.committed() as session:
            line = session.execute(select(Entry.__table__).where(Entry.kind == "skipped")).one()
        assert (line.actor, line.detail["reason"]) == ("Lea Leitung", "Telefonisch erfragt.")

    def test_tried_again_with_another_value(self, scene, stuck):
        with scene.committed.begin() as session:
            interventions.change(session, 1, interventions.Order(LEAD, "War falsch.", NOW), values={"u18": True})
            engine.retry(session, stuck, actor=LEAD, now=NOW, reason="Berichtigt.")
        scene.work_off()
        assert [call["body"]["values"] for call in scene.web.came] == [{"u18": False}, {"u18": True}]
        assert scene.opened == ["b"]


MAILING = ASKING.replace("http.ask", "mail.notice")


def letter(text: str):
    return email.message_from_bytes(text.encode(), policy=email.policy.default)


def test_a_mail_holds_the_number_of_the_case_and_no_name(scene):
    scene.at_the_call(MAILING)
    scene.work_off()
    (sent,) = map(letter, scene.box.letters)
    assert (sent["Subject"], sent["To"]) == ("Fall 2004-00001", "payments@office.example")
    assert sent.get_content().strip() == "Im Fall 2004-00001 wartet etwas auf Sie. Grüße"
    assert "Sommerfeld" not in scene.box.letters[0]
    assert scene.opened == ["b"]


def test_a_mail_keeps_its_id_when_it_is_sent_again(scene):
    instance, key = scene.at_the_call(MAILING)
    with scene.committed() as session:
        handler, call, _ = runner._prepared(session, lambda _: NOW, instance, key)
    handler.run(call)
    scene.work_off()
    assert len({letter(text)["Message-ID"] for text in scene.box.letters}) == 1
    assert len(scene.box.letters) == 2


def test_a_full_mailbox_is_tried_again_and_an_unknown_one_is_trouble(scene):
    scene.at_the_call(MAILING)
    scene.box.recipient = [b"452 full", b"550 unknown"]
    scene.work_off()
    assert scene.incidents == []
    scene.work_off()
    assert scene.incidents == ["call recipient 550"]
    assert scene.box.letters == []


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1", "https://register.example", "http://register.example:81", "http://register.example@evil.example",
     "http://evil.example\\@register.example", "http://register.example\r\nHost: x", "ftp://register.example", "file:///etc/passwd",
     "gopher://register.example", "http://", "//register.example", "http://register.example:port", "http://[::1]"],
)  # fmt: skip
def test_only_places_on_the_list_are_called(address):
    with pytest.raises(errors.CallFailed, match="host"):
        outside.allowed(address, ("http://register.example",))


def test_a_place_on_the_list_is_found_however_it_is_written():
    found = outside.allowed("http://Register.example:80/a?b=c", ("http://register.example/",))
    assert found == outside.Place("http", "register.example", 80, "/a?b=c")


@pytest.mark.parametrize(
    ("wrong", "entry"),
    [
        (LIST.replace('"{web}", ', ""), "http.ask"),
        (LIST.replace('url = "{web}', 'url = "http://127.0.0.1:1'), "http.ask"),
        (LIST.replace("seconds =", "secs ="), "http.ask"),
        (LIST.replace("seconds = {seconds}", "seconds = 600"), "http.ask"),
        (LIST.replace('token_file = "{token}"', 'token_file = "/nowhere"'), "http.ask"),
        (LIST.replace('server = "{mail}"', 'server = "{web}"'), "mail.notice"),
        (LIST.replace("Fall {{number}}", "Fall {{name}}"), "mail.notice"),
        (LIST.replace('to = "payments@office.example"', ""), "mail.notice"),
        (LIST.replace("http.ask", 'http."a b"'), "http.a b"),
        ("= nothing", None),
    ],
)
def test_a_list_that_is_wrong_stops_the_start_and_says_where(listed, wrong, entry):
    path = listed(raw=wrong)
    with pytest.raises(handlers_calls.CallsInvalid) as refused:
        handlers_calls.register(Registry(), path)
    assert refused.value.entry == (entry or path)


def test_without_a_list_nothing_goes_out():
    registry = Registry()
    handlers_calls.register(registry, "")
    assert registry.names() == frozenset()
