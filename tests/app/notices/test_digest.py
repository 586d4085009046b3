"""The daily e-mail: once a working day to who wants it, through a real mail server, without a word about clients."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import config, worker
from app.identity.models import Account
from app.notices import digest, queries, service
from app.notices.models import Kind
from app.office import clock
from app.office.models import Clock
from tests.app.inbox.conftest import PERSON
from tests.outside_world import mail_server

ADDRESS = "r.vogt@stadt.example"
# By the system's clock: ten in the morning in Germany.
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def box():
    """A running mail server."""
    with mail_server() as made:
        yield made


@pytest.fixture
def post(box):
    """How e-mails leave to it."""
    return digest.Post(box.address, "drehscheibe@stadt.example", "https://buero.example/messages")


@pytest.fixture
def sending(post, box):
    """How e-mails leave, and the server that takes them."""
    return post, box


@pytest.fixture
def reminded(at, register):
    """The reception wants e-mail and was reminded of a task."""
    at("ks").post("/messages/settings", mailed="yes", address=ADDRESS, kinds=[kind.value for kind in Kind])
    task = register()
    at("leitung.aa").post(f"/stuck/tasks/{task}/remind", text="Sommerfeld, Pia wartet")
    return task


def later(sessions, *, days: int) -> None:
    """Moves the date of the office on."""
    with sessions.begin() as session:
        session.scalar(select(Clock)).day += timedelta(days)


def letters(box):
    """The e-mails that the server took."""
    return [email.message_from_bytes(text.encode(), policy=email.policy.default) for text in box.letters]


def sent(sessions, post, minutes: int = 0) -> bool:
    """One turn of the worker, so many minutes later."""
    return worker.mail(sessions, post, MORNING + timedelta(minutes=minutes))


def test_one_email_a_day_tells_kinds_and_case_numbers_and_nothing_else(at, reminded, office_sessions, sending):
    post, box = sending
    assert sent(office_sessions, post)
    assert not sent(office_sessions, post, 60)
    [letter] = letters(box)
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Drehscheibe: 1 neue Mitteilung"
    text = letter.get_content()
    assert "- Erinnerung an eine Aufgabe: 1" in text
    assert "Fälle: 2004-00001" in text
    assert "https://buero.example/messages" in text
    for word in (PERSON["family_name"], PERSON["given_names"], PERSON["birth_date"], "wartet", "Klaus Wehner"):
        assert word not in f"{letter['Subject']} {text}"

    at("leitung.aa").post(f"/stuck/tasks/{reminded}/remind", text="Bitte")
    assert not sent(office_sessions, post, 120)
    later(office_sessions, days=1)
    assert sent(office_sessions, post, 180)
    assert "- Erinnerung an eine Aufgabe: 1" in letters(box)[1].get_content()
    assert len({letter["Message-ID"] for letter in letters(box)}) == 2


@pytest.mark.usefixtures("reminded")
def test_none_goes_out_for_what_was_read_or_not_chosen_or_switched_off(at, office_sessions, post, box):
    at("ks").post("/messages/settings", mailed="yes", address=ADDRESS, kinds=["bulk"])
    assert not sent(office_sessions, post)
    at("ks").post("/messages/settings", address=ADDRESS, kinds=["reminded"])
    later(office_sessions, days=1)
    assert not sent(office_sessions, post)
    assert box.letters == []


@pytest.mark.usefixtures("reminded")
def test_none_goes_out_on_a_day_on_which_the_office_is_closed(office_sessions, post, box):
    with office_sessions() as session:
        day = session.scalar(select(Clock.day))
    later(office_sessions, days=5 - day.weekday())
    assert not sent(office_sessions, post)
    assert box.letters == []


@pytest.mark.usefixtures("reminded")
def test_a_worker_that_dies_before_noting_it_sends_the_same_email_again_later(office_sessions, post, box):
    def died(minutes: int) -> bool:
        with office_sessions.begin() as session:
            at = MORNING + timedelta(minutes=minutes)
            due = digest.take(session, now=clock.reading(session, at), system_now=at, link=post.link)
        return due is not None and not digest.send(due, post)

    assert died(0)
    assert not sent(office_sessions, post, 9)
    assert sent(office_sessions, post, 11)
    assert len(box.letters) == 2
    assert len({letter["Message-ID"] for letter in letters(box)}) == 1


@pytest.mark.usefixtures("reminded")
def test_a_server_that_cannot_be_reached_is_tried_again_and_the_person_is_told(at, office_sessions, post, box):
    assert sent(office_sessions, digest.Post("smtp://127.0.0.1:9", post.sender, post.link))
    assert "Die letzte E-Mail kam nicht an" in at("ks").page("/messages/settings")
    assert not sent(office_sessions, post, 15)
    assert sent(office_sessions, post, 21)
    assert len(box.letters) == 1
    assert "Die letzte E-Mail kam nicht an" not in at("ks").page("/messages/settings")


@pytest.mark.parametrize("typed", ["", "frau vogt", "a@b", "a@b.de, c@d.de", "a@b.de\nBcc: x@y.de"])
def test_an_address_that_is_none_is_told_and_nothing_typed_is_lost(at, typed, office_sessions):
    answer = at("ks").post("/messages/settings", mailed="yes", address=typed, kinds=["asked"])
    assert answer.status_code == 422
    assert "Bitte geben Sie eine E-Mail-Adresse an" in answer.text
    assert 'name="mailed" value="yes" checked' in " ".join(answer.text.split())
    with office_sessions() as session:
        number = session.scalar(select(Account.id).where(Account.login == "ks"))
        assert queries.choice(session, number) is None


@given(
    kinds=st.dictionaries(st.sampled_from(list(Kind)), st.integers(1, 9), min_size=1),
    language=st.sampled_from(["de", "en"]),
)
def test_every_kind_has_words_in_both_languages(kinds, language):
    subject, text = digest.worded(kinds, ["2004-00001"], language, "https://buero.example/messages")
    assert str(sum(kinds.values())) in subject
    assert text.count("\n- ") == len(kinds)


def test_a_mail_server_without_sender_or_address_of_the_pages_is_refused_at_the_start():
    given_settings = config.Settings(mail_server="smtp://mail.example", mail_sender="a@b.de")
    with pytest.raises(config.SettingMissing, match="DREHSCHEIBE_PUBLIC_URL"):
        worker.post_of(given_settings)
    assert worker.post_of(config.Settings()) is None
    assert service.KEPT.days == 90
