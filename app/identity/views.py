"""Signing in and out, the lock, the language, one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext, ngettext

from app import security
from app.identity import errors, forms, guard, service

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("identity", __name__)
LANGUAGES = ("de", "en")
YEAR = 31_536_000


@blueprint.get("/login")
@security.public
def login() -> ResponseReturnValue:
    """The login page; who is signed in already goes on."""
    target = security.safe_path(request.args.get("next"))
    if g.actor is not None:
        return redirect(target, 303)
    return render_template("identity/login.html", next=target, login="", error="", expired=False)


@blueprint.post("/login")
@security.public
def sign_in() -> ResponseReturnValue:
    """Opens a session, or says that login and password do not fit, never which of them."""
    typed, target = forms.Login.of(request.form), security.safe_path(request.form.get("next"))
    error, account_id = _authenticated(typed)
    if account_id is None:
        return render_template("identity/login.html", next=target, login=typed.login, error=error, expired=False), 401
    if g.who is not None:
        service.close_session(security.session(), g.who.session_id)
    session.clear()
    response = make_response(redirect(target, 303))
    token = service.open_session(security.session(), account_id, now=security.system_now())
    _set_cookie(response, guard.COOKIE, token)
    return response


def _authenticated(typed: forms.Login) -> tuple[str, int | None]:
    """The account's id, or a sentence why not. The attempt is counted before the password is looked at."""
    if not typed.login or not typed.password:
        return gettext("Bitte geben Sie Benutzername und Passwort ein."), None
    try:
        with security.at_once() as own:
            service.admit(own, typed.login, request.remote_addr or "", now=security.system_now())
    except errors.TooManyAttempts as many:
        return too_many(many.minutes), None
    account_id = service.authenticate(security.session(), typed.login, typed.password)
    if account_id is None:
        return gettext("Benutzername oder Passwort stimmt nicht."), None
    service.forget_failures(security.session(), typed.login)
    return "", account_id


def too_many(minutes: int) -> str:
    """The sentence for those who tried too often."""
    sentence: str = ngettext(
        "Zu viele Versuche. Bitte warten Sie %(num)d Minute.",
        "Zu viele Versuche. Bitte warten Sie %(num)d Minuten.",
        minutes,
    )
    return sentence


def _set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="Lax", secure=secure)


@blueprint.post("/logout")
@security.signed_in
@security.when_locked
def logout() -> ResponseReturnValue:
    """Ends the session."""
    service.close_session(security.session(), security.who().session_id)
    session.clear()
    response = make_response(redirect(url_for("identity.login"), 303))
    response.delete_cookie(guard.COOKIE, httponly=True, samesite="Lax")
    return response


@blueprint.get("/lock")
@security.signed_in
@security.when_locked
def lock_page() -> ResponseReturnValue:
    """The locked screen; who is not locked goes on where one was."""
    target = security.safe_path(request.args.get("next"))
    if g.actor is not None:
        return redirect(target, 303)
    return _lock_page(target, error="")


def _lock_page(target: str, error: str) -> str:
    return render_template(
        "identity/lock.html", next=target, error=error, carried=[], action=url_for("identity.unlock")
    )


@blueprint.post("/lock")
@security.signed_in
@security.when_locked
def lock() -> ResponseReturnValue:
    """Locks the screen and remembers the page."""
    service.lock(security.session(), security.who().session_id, now=security.system_now())
    return redirect(url_for("identity.lock_page", next=security.safe_path(request.form.get("next"))), 303)


@blueprint.post("/unlock")
@security.signed_in
@security.when_locked
def unlock() -> ResponseReturnValue:
    """Goes on where one was when the password is right."""
    target = security.safe_path(request.form.get("next"))
    error = guard.try_unlock(request.form.get("unlock_password", "")[: forms.LONGEST])
    if error:
        return _lock_page(target, error), 401
    return redirect(target, 303)


@blueprint.post("/alive")
@security.signed_in
def alive() -> ResponseReturnValue:
    """The page says that somebody is reading or typing; the guard has noted it."""
    return "", 204


@blueprint.post("/language")
@security.public
def language() -> ResponseReturnValue:
    """Changes the language, for the account and for this browser."""
    response = make_response(redirect(security.safe_path(request.form.get("next")), 303))
    locale = request.form.get("locale", "")
    if locale in LANGUAGES:
        _set_cookie(response, "language", locale, YEAR)
        if g.actor is not None:
            service.set_locale(security.session(), g.actor.id, locale)
    return response


@blueprint.get("/account")
@security.signed_in
def account() -> ResponseReturnValue:
    """One's own account."""
    return render_template("identity/account.html", errors={})


@blueprint.post("/account")
@security.signed_in
def change_password() -> ResponseReturnValue:
    """Changes one's own password and ends one's other sessions."""
    typed = forms.PasswordChange.of(request.form)
    found = typed.errors() or _changed(typed)
    if found:
        return render_template("identity/account.html", errors=found), 422
    flash(gettext("Ihr Passwort ist geändert. Andere Sitzungen sind beendet."), "success")
    return redirect(url_for("identity.account"), 303)


def _changed(typed: forms.PasswordChange) -> dict[str, str]:
    who, now = security.who(), security.system_now()
    try:
        with security.at_once() as own:
            service.admit(own, who.login, request.remote_addr or "", now=now)
        service.change_password(security.session(), who, old=typed.old, new=typed.new, now=now)
    except errors.TooManyAttempts as many:
        return {"old_password": too_many(many.minutes)}
    except errors.WrongPassword:
        return {"old_password": gettext("Das bisherige Passwort stimmt nicht.")}
    except errors.PasswordRefused as refused:
        short = gettext("Bitte nehmen Sie mindestens %(count)d Zeichen.", count=service.PASSWORD_LENGTH)
        return {
            "new_password": short
            if refused.code == "short"
            else gettext("Das Passwort darf nicht der Benutzername sein.")
        }
    service.forget_failures(security.session(), who.login)
    return {}
