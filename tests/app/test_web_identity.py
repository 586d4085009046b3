"""Signing in, the lock, the account: what a browser is answered."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, update

from app.identity import models, service
from tests.app.conftest import PASSWORD


def _age_sessions(sessions, minutes):
    with sessions.begin() as session:
        seen_at = models.LoginSession.seen_at
        session.execute(update(models.LoginSession).values(seen_at=seen_at - timedelta(minutes=minutes)))


def test_stranger_is_led_to_login_and_back(client):
    answer = client.get("/account?x=1")
    assert (answer.status_code, answer.location) == (303, "/login?next=/account?x%3D1")
    answer = client.post("/login", data={"login": "KS ", "password": PASSWORD, "next": "/account?x=1"})
    assert (answer.status_code, answer.location) == (303, "/account?x=1")
    assert client.get("/account").status_code == 200


def test_foreign_address_is_no_way_back(client):
    for target in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "account"):
        answer = client.post("/login", data={"login": "ks", "password": PASSWORD, "next": target})
        assert answer.location == "/"


def test_wrong_password_and_unknown_login_read_the_same(client):
    wrong = client.post("/login", data={"login": "ks", "password": "no"})
    unknown = client.post("/login", data={"login": "kk", "password": "no"})
    assert wrong.status_code == unknown.status_code == 401
    # The token against forged forms carries the second in which it was made.
    read = [re.sub(r'name="csrf-token" content="[^"]*"', "", answer.text) for answer in (wrong, unknown)]
    assert read[0].replace('value="ks"', "") == read[1].replace('value="kk"', "")


def test_fifth_wrong_password_closes_the_login_for_a_while(client):
    for _ in range(service.PER_LOGIN):
        client.post("/login", data={"login": "ks", "password": "no"})
    answer = client.post("/login", data={"login": "ks", "password": PASSWORD})
    assert answer.status_code == 401
    assert "Zu viele Versuche. Bitte warten Sie 15 Minuten." in answer.text
    assert client.post("/login", data={"login": "bfk", "password": PASSWORD}).status_code == 303


def test_one_address_cannot_try_all_logins(client):
    for number in range(service.PER_ADDRESS):
        client.post("/login", data={"login": f"nobody{number}", "password": "no"})
    answer = client.post("/login", data={"login": "bfk", "password": PASSWORD})
    assert answer.status_code == 401


def test_right_password_forgives_the_wrong_ones(client, office_sessions):
    for _ in range(service.PER_LOGIN - 1):
        client.post("/login", data={"login": "ks", "password": "no"})
    client.post("/login", data={"login": "ks", "password": PASSWORD})
    with office_sessions() as session:
        assert session.scalars(select(models.LoginAttempt)).all() == []


def test_token_is_not_in_the_database(sign_in, office_sessions):
    client = sign_in("ks")
    token = client.get_cookie("drehscheibe").value
    with office_sessions() as session:
        assert token not in session.scalars(select(models.LoginSession.token_digest)).all()


def test_logout_ends_the_session_on_the_server(sign_in, app):
    client = sign_in("ks")
    token = client.get_cookie("drehscheibe").value
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("drehscheibe", token)
    assert thief.get("/account").status_code == 303


def test_cookies_are_closed_to_scripts_and_foreign_sites(client):
    answer = client.post("/login", data={"login": "ks", "password": PASSWORD})
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_cookies_are_secure_over_tls(client):
    answer = client.post("/login", data={"login": "ks", "password": PASSWORD}, base_url="https://localhost")
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("drehscheibe="))
    assert "Secure" in cookie


def test_idle_screen_locks_and_goes_on_where_one_was(sign_in, office_sessions):
    client = sign_in("ks")
    _age_sessions(office_sessions, 16)
    answer = client.get("/account?x=1")
    assert answer.location == "/lock?next=/account?x%3D1"
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Bildschirm gesperrt" in page.text
    answer = client.post("/unlock", data={"unlock_password": PASSWORD, "next": "/account?x=1"})
    assert answer.location == "/account?x=1"
    assert client.get("/account").status_code == 200


def test_what_was_sent_to_a_locked_screen_is_carried_on(sign_in, office_sessions):
    client = sign_in("ks")
    _age_sessions(office_sessions, 16)
    same = {"Sec-Fetch-Site": "same-origin"}
    page = client.post("/language", data={"locale": "en"}, headers=same)
    assert page.status_code == 303  # a public endpoint answers strangers too
    new = {
        "old_password": PASSWORD,
        "new_password": "ein ganz neues",
        "repeated_password": "ein ganz neues",
        "extra": "Ä 1",
    }
    page = client.post("/account", data=new, headers=same)
    assert page.status_code == 401
    assert 'name="extra" value="Ä 1"' in page.text
    assert "ein ganz neues" not in page.text  # passwords are never written into a page
    answer = client.post("/account", data={"extra": "Ä 1", "unlock_password": PASSWORD}, headers=same)
    assert answer.status_code == 422
    assert client.get("/account").status_code == 200


def test_wrong_password_does_not_unlock(sign_in):
    client = sign_in("ks")
    client.post("/lock", data={"next": "/help"})
    answer = client.post("/unlock", data={"unlock_password": "no", "next": "/help"})
    assert answer.status_code == 401
    assert client.get("/account").location.startswith("/lock")


def test_locked_piece_leads_the_whole_page_to_the_lock(sign_in):
    client = sign_in("ks")
    client.post("/lock", data={"next": "/"})
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/lock")
    assert answer.text == ""


def test_pages_that_ask_by_themselves_are_no_activity(sign_in, office_sessions):
    client = sign_in("ks")
    _age_sessions(office_sessions, 10)
    client.get("/account?poll=1")
    _age_sessions(office_sessions, 6)
    assert client.get("/account").location.startswith("/lock")


def test_reading_is_activity(sign_in, office_sessions):
    client = sign_in("ks")
    _age_sessions(office_sessions, 10)
    client.get("/account")
    _age_sessions(office_sessions, 10)
    assert client.get("/account").status_code == 200


def test_own_password_is_changed_and_other_sessions_end(sign_in, client):
    one, other = sign_in("ks"), sign_in("ks")
    new = {"old_password": PASSWORD, "new_password": "ein ganz neues", "repeated_password": "ein ganz neues"}
    assert one.post("/account", data=new).status_code == 303
    assert one.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert client.post("/login", data={"login": "ks", "password": "ein ganz neues"}).status_code == 303


def test_refused_passwords_say_what_is_wrong(sign_in):
    client = sign_in("ks")
    short = client.post(
        "/account", data={"old_password": PASSWORD, "new_password": "kurz", "repeated_password": "kurz"}
    )
    assert short.status_code == 422
    assert "Bitte nehmen Sie mindestens 12 Zeichen." in short.text
    other = client.post(
        "/account", data={"old_password": "no", "new_password": "x" * 12, "repeated_password": "x" * 12}
    )
    assert "Das bisherige Passwort stimmt nicht." in other.text


def test_language_follows_account_then_cookie_then_browser(client, sign_in):
    assert "Sign in" in client.get("/login", headers={"Accept-Language": "en-GB,en"}).text
    assert "Anmelden" in client.get("/login", headers={"Accept-Language": "fr"}).text
    client.post("/language", data={"locale": "en", "next": "/login"})
    assert "Sign in" in client.get("/login", headers={"Accept-Language": "de"}).text
    reader = sign_in("ks")
    reader.post("/language", data={"locale": "en"})
    assert "My account" in sign_in("ks").get("/account", headers={"Accept-Language": "de"}).text


def test_closed_account_is_out_at_once(sign_in, office_sessions):
    client = sign_in("ks")
    with office_sessions.begin() as session:
        account_id = session.scalars(select(models.Account.id).where(models.Account.login == "ks")).one()
        service.set_active(session, account_id, active=False)
    assert client.get("/account").status_code == 303
