"""Calls to the outside: HTTP and mail, each to an address that is on the installation's list, with a time limit, and
with the key by which the other side can tell a repetition.

What fails raises CallFailed: for a while, so that it is tried again, or for good.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from workflows import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.handlers import Value

LARGEST: Final = 65_536
_PIECE: Final = 8_192
_OK: Final = range(200, 300)
_SERVER: Final = range(500, 600)
# Refusals that another time may overcome: request timeout, too early, too many requests.
_LATER: Final = frozenset({408, 425, 429})
_WEB: Final = {"http": 80, "https": 443}
_MAIL: Final = {"smtp": 25, "smtps": 465}
PORTS: Final = {**_WEB, **_MAIL}


@dataclass(frozen=True, slots=True)
class Place:
    """An address that is on the list; made by `allowed` alone."""

    scheme: str
    host: str
    port: int
    path: str = "/"


def origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; raises CallFailed("host") for anything but a plain http, https, smtp or
    smtps address.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise errors.CallFailed("host", is_final=True) from None
    if not parts.hostname or _is_odd(parts, address):
        raise errors.CallFailed("host", is_final=True)
    return parts.scheme, parts.hostname.rstrip("."), port


def _is_odd(parts: SplitResult, address: str) -> bool:
    """Names and passwords in an address, and signs that clients read differently, lead past a list."""
    return parts.username is not None or any(sign <= " " or sign in "\\\x7f" for sign in address)


def allowed(address: str, hosts: tuple[str, ...]) -> Place:
    """The place of this address if scheme, host and port are on the list; raises CallFailed("host")."""
    found = origin(address)
    if found not in {origin(host) for host in hosts}:
        raise errors.CallFailed("host", is_final=True)
    parts = urlsplit(address)
    return Place(*found, path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def post(place: Place, body: Mapping[str, Value], *, key: str, seconds: float, token: str = "") -> dict[str, Any]:
    """Sends the body as JSON under this key and returns the object that comes back; redirects are not followed."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    until = time.monotonic() + seconds
    secure = place.scheme == "https"
    client = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = client(place.host, place.port, timeout=seconds)
    try:
        connection.request("POST", place.path, json.dumps(dict(body)).encode(), headers)
        with connection.getresponse() as response:
            _require_ok(response.status)
            return _parsed(b"".join(_pieces(response, until)))
    except TimeoutError as late:
        raise errors.CallFailed("timeout") from late
    except (OSError, http.client.HTTPException) as unreachable:
        raise errors.CallFailed("unreachable") from unreachable
    finally:
        connection.close()


def _require_ok(status: int) -> None:
    if status in _SERVER:
        raise errors.CallFailed("server", status)
    if status not in _OK:
        raise errors.CallFailed("refused", status, is_final=status not in _LATER)


def _pieces(response: http.client.HTTPResponse, until: float) -> Iterator[bytes]:
    """The answer as it comes. A time limit of the socket counts each piece alone: one who drips would hold us."""
    size = 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise errors.CallFailed("answer", is_final=True)
        if time.monotonic() > until:
            raise TimeoutError
        yield piece


def _parsed(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer or b"{}")
    except ValueError:
        raise errors.CallFailed("answer", is_final=True) from None
    if not isinstance(found, dict):
        raise errors.CallFailed("answer", is_final=True)
    return found


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it goes out."""

    sender: str
    to: str
    subject: str
    text: str


def mail(place: Place, letter: Letter, *, key: str, seconds: float) -> None:
    """Hands a mail over to the server; its Message-ID comes of the key, so that a mailbox can tell a repetition."""
    try:
        with _server(place, seconds) as server:
            if place.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            server.send_message(_message(letter, key))
    except TimeoutError as late:
        raise errors.CallFailed("timeout") from late
    except smtplib.SMTPRecipientsRefused as refused:
        raise _refused(min(code for code, _text in refused.recipients.values())) from refused
    except smtplib.SMTPResponseException as refused:
        raise _refused(refused.smtp_code) from refused
    except OSError as unreachable:
        raise errors.CallFailed("unreachable") from unreachable


def _server(place: Place, seconds: float) -> smtplib.SMTP:
    if place.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(place.host, place.port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(place.host, place.port, timeout=seconds)
    server.ehlo_or_helo_if_needed()
    return server


def _refused(code: int) -> errors.CallFailed:
    return errors.CallFailed("recipient", code, is_final=code in _SERVER)


def _message(letter: Letter, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = letter.sender, letter.to, letter.subject
    domain = letter.sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    # Machines on the other side shall not answer it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
