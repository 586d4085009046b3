"""Every address of the assembled application, asked by everybody: strangers, each role, a locked screen."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask

from app import factory, security
from tests.app.conftest import PASSWORD

LOGINS = {
    "KS": "ks",
    "BFK": "bfk",
    "FM": "fm",
    "VM": "vm",
    "FB5": "fb5",
    "LTG_STADT": "leitung.stadt",
    "LTG_AA": "leitung.aa",
    "PD": "design",
    "DSB_STADT": "dsb.stadt",
    "DSB_AA": "dsb.aa",
    "ADM": "admin",
}
# Asking for these with POST would sign the asker out or lock the screen and so change what the next line asks.
ENDS_SESSION = {"identity.logout", "identity.lock"}


def _requests(app):
    """Each endpoint with an address and a method; numbers in addresses belong to nothing."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?\w+>", "999999", rule.rule)
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule.endpoint, method, path


def test_every_endpoint_declares_who_may_call_it(app):
    security.check(app)


def test_endpoint_without_declaration_stops_the_start(app):
    app.view_functions["forgotten"] = lambda: "open to all"
    with pytest.raises(security.Undeclared):
        security.check(app)


def test_strangers_get_the_login_page_everywhere(app, client):
    for endpoint, method, path in _requests(app):
        if security.declared(app, endpoint).kind is security.Kind.PUBLIC:
            continue
        answer = client.open(path, method=method)
        if method == "GET":
            assert (answer.status_code, answer.location[:11]) == (303, "/login?next"), endpoint
        else:
            assert answer.status_code == 401, endpoint
            assert 'name="password"' in answer.text


def test_locked_screens_show_nothing_but_the_lock(app, sign_in):
    client = sign_in("ks")
    client.post("/lock")
    for endpoint, method, path in _requests(app):
        if security.answers_when_locked(app, endpoint):
            continue
        answer = client.open(path, method=method)
        if method == "GET":
            assert (answer.status_code, answer.location[:5]) == (303, "/lock"), endpoint
        else:
            assert answer.status_code == 401, endpoint
            assert 'name="unlock_password"' in answer.text


@pytest.mark.parametrize("role", LOGINS)
def test_each_role_reaches_what_is_declared_for_it_and_nothing_else(app, sign_in, role):
    client = sign_in(LOGINS[role])
    for endpoint, method, path in _requests(app):
        if endpoint in ENDS_SESSION:
            continue
        answer = client.open(path, method=method)
        admitted = security.declared(app, endpoint).admits(frozenset({role}))
        refused = answer.status_code == 403 and "Ihre Rolle lässt das nicht zu" in answer.text
        assert answer.status_code < 500, (endpoint, method)
        if not admitted:
            assert refused, (endpoint, method, answer.status_code)
        elif method == "GET" and "999999" not in path:
            assert not refused, (endpoint, method)


def test_each_role_holds_exactly_its_post(app, sign_in):
    seen = {}
    asked = app.before_request_funcs[None]
    asked.append(
        lambda: seen.__setitem__(factory.g.actor.name, factory.g.actor.roles) if factory.g.get("actor") else None
    )
    try:
        for login in LOGINS.values():
            sign_in(login).get("/account")
    finally:
        asked.pop()
    assert sorted(role for roles in seen.values() for role in roles) == sorted(LOGINS)


def test_every_form_is_protected_against_forgery(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/login", data={"login": "ks", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get_cookie("drehscheibe") is None


def test_roles_decide_and_substitution_counts():
    access = security.Access(security.Kind.ROLES, frozenset({"KS", "FM"}))
    assert access.admits(frozenset({"VM", "FM"}))
    assert not access.admits(frozenset({"VM"}))
    assert not access.admits(frozenset())


def test_declarations_are_kept_on_the_view_itself():
    app = Flask("small")
    app.add_url_rule("/", "start", security.access("KS")(lambda: ""))
    assert security.declared(app, "start").roles == {"KS"}
    with pytest.raises(security.Undeclared):
        security.declared(SimpleNamespace(view_functions={}), "nothing")
