"""The command `user`: accounts of the office, from the shell."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy import select

from app.cli import connected, texts
from app.identity import errors, models, service
from app.office import errors as office_errors
from app.office import queries as offices
from app.office import service as office_service


@click.group(cls=texts.Group, help="help_user")
def user() -> None:
    """Accounts: list, add, password, open, close."""


@user.command("list", help="help_user_list")
def list_accounts() -> None:
    """Prints login, name, roles and whether the account is open."""
    with connected.office() as office, office.sessions() as session:
        roles = {row.account_id: ", ".join(row.roles) for row in offices.logins(session)}
        rows = session.scalars(select(models.Account).order_by(models.Account.login))
        for row in rows:
            state = texts.of("account_open" if row.active else "account_closed")
            click.echo(f"{row.login:<16}{row.name:<28}{roles.get(row.id, ''):<20}{state}")


@user.command("add", help="help_user_add")
@click.argument("login")
@click.option("--name", required=True)
@click.password_option()
def add(login: str, name: str, password: str) -> None:
    """Makes an account and links it to the member of staff with this login, if there is one."""
    with connected.office() as office, office.sessions.begin() as session:
        try:
            account_id = service.create_account(
                session, login=login, name=name, password=password, now=datetime.now(UTC)
            )
        except errors.LoginTaken as taken:
            raise texts.Refusal("login_taken", login=login) from taken
        except errors.PasswordRefused as refused:
            raise texts.Refusal("password_refused", length=service.PASSWORD_LENGTH) from refused
        try:
            office_service.link_account(session, login=login, account_id=account_id)
        except office_errors.UnknownAccount:
            texts.say("account_without_post", login=login)
    texts.say("account_made", login=login)


@user.command("password", help="help_user_password")
@click.argument("login")
@click.password_option()
def password(login: str, password: str) -> None:
    """Gives an account a new password and ends its sessions."""
    with connected.office() as office, office.sessions.begin() as session:
        account = session.scalars(select(models.Account).where(models.Account.login == login)).one_or_none()
        if account is None:
            raise texts.Refusal("login_unknown", login=login)
        try:
            service.set_password(session, account.id, password, now=datetime.now(UTC))
        except errors.PasswordRefused as refused:
            raise texts.Refusal("password_refused", length=service.PASSWORD_LENGTH) from refused
    texts.say("password_set", login=login)


def _switch(login: str, *, active: bool) -> None:
    with connected.office() as office, office.sessions.begin() as session:
        account = session.scalars(select(models.Account).where(models.Account.login == login)).one_or_none()
        if account is None:
            raise texts.Refusal("login_unknown", login=login)
        service.set_active(session, account.id, active=active)


@user.command("open", help="help_user_open")
@click.argument("login")
def open_account(login: str) -> None:
    """Lets the person sign in again."""
    _switch(login, active=True)


@user.command("close", help="help_user_close")
@click.argument("login")
def close_account(login: str) -> None:
    """Closes the account and ends its sessions at once."""
    _switch(login, active=False)
