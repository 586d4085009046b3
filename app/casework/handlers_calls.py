"""Calls to the outside that an installation allows: each entry of its list becomes a handler which diagrams may name.

To the outside goes the number of the case, what the entry lists, and nothing else; a mail holds the number at most.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.casework import queries
from workflows import errors, outside
from workflows.handlers import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflows.handlers import Call, Registry, Value

SECONDS: Final = 10.0
LONGEST: Final = 60.0
_HTTP: Final = frozenset({"url", "sends", "takes", "seconds", "token_file"})
_MAIL: Final = frozenset({"server", "sender", "to", "subject", "text", "seconds"})


@dataclass
class CallsInvalid(Exception):  # noqa: N818  the house names errors by what is the case
    """The list of calls to the outside cannot be understood; `entry` says where."""

    entry: str


@dataclass(frozen=True, slots=True)
class Question:
    """A call by HTTP: the values that it sends and takes, and where to."""

    place: outside.Place
    sends: tuple[str, ...]
    takes: Mapping[str, Value]
    seconds: float
    token: str

    def run(self, call: Call) -> dict[str, Value]:
        """Asks, and gives back what the entry takes of the answer; raises CallFailed."""
        body: dict[str, Value] = {"case": _number(call), "values": {name: call.inputs[name] for name in self.sends}}
        found = outside.post(self.place, body, key=call.key, seconds=self.seconds, token=self.token)
        return {name: _fitting(found.get(name), empty) for name, empty in self.takes.items()}


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that says that something waits, with the number of the case."""

    place: outside.Place
    letter: outside.Letter
    seconds: float

    def run(self, call: Call) -> dict[str, Value]:
        """Sends it; raises CallFailed."""
        number = _number(call)
        subject, text = (part.replace("{number}", number) for part in (self.letter.subject, self.letter.text))
        letter = outside.Letter(self.letter.sender, self.letter.to, subject, text)
        outside.mail(self.place, letter, key=call.key, seconds=self.seconds)
        return {}


def register(registry: Registry, path: str) -> None:
    """Makes the calls of the list at this path known, as `http.name` and `mail.name`; none without a path. Raises
    CallsInvalid.
    """
    listed = _read(path)
    hosts = tuple(listed.get("hosts", ()))
    for name, question in _entries(listed, "http", _HTTP):
        made = _made(f"http.{name}", question, lambda entry: _question(entry, hosts))
        registry.register(f"http.{name}", made.run, inputs=made.sends, outputs=made.takes, mode=Mode.OUTSIDE)
    for name, entry in _entries(listed, "mail", _MAIL):
        notice = _made(f"mail.{name}", entry, lambda entry: _notice(entry, hosts))
        registry.register(f"mail.{name}", notice.run, outputs={}, mode=Mode.OUTSIDE)


def _read(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CallsInvalid(path) from error


def _entries(listed: Mapping[str, Any], kind: str, known: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    found = listed.get(kind, {})
    for name, entry in found.items():
        if not name.isidentifier() or not isinstance(entry, dict) or set(entry) - set(known):
            raise CallsInvalid(f"{kind}.{name}")
    return list(found.items())


def _made(name: str, entry: dict[str, Any], make: Any) -> Any:  # noqa: ANN401  a call of either kind
    try:
        return make(entry)
    except (KeyError, TypeError, ValueError, OSError, errors.CallFailed) as error:
        raise CallsInvalid(name) from error


def _question(entry: Mapping[str, Any], hosts: tuple[str, ...]) -> Question:
    token = Path(entry["token_file"]).read_text(encoding="ascii").strip() if "token_file" in entry else ""
    place = outside.allowed(entry["url"], hosts)
    return Question(
        _of(place, "http"), tuple(entry.get("sends", ())), dict(entry.get("takes", {})), _seconds(entry), token
    )  # fmt: skip


def _notice(entry: Mapping[str, Any], hosts: tuple[str, ...]) -> Notice:
    parts = [entry[name] for name in ("sender", "to", "subject", "text")]
    letter = outside.Letter(*(str(part) for part in parts))
    named = {name for part in (letter.subject, letter.text) for _, name, *_ in string.Formatter().parse(part) if name}
    if named - {"number"} or "\n" in letter.subject + letter.sender + letter.to:
        raise ValueError(letter.subject)
    return Notice(_of(outside.allowed(entry["server"], hosts), "smtp"), letter, _seconds(entry))


def _of(place: outside.Place, scheme: str) -> outside.Place:
    if not place.scheme.startswith(scheme):
        raise ValueError(place.scheme)
    return place


def _seconds(entry: Mapping[str, Any]) -> float:
    seconds = float(entry.get("seconds", SECONDS))
    if not 0 < seconds <= LONGEST:
        raise ValueError(seconds)
    return seconds


def _number(call: Call) -> str:
    """The number of the case; what read it is over before anybody outside is waited for."""
    number = queries.case_file(call.session, int(call.subject)).number if call.subject.isdigit() else ""
    call.session.close()
    return number or ""


def _fitting(value: Any, empty: Value) -> Value:  # noqa: ANN401  whatever the other side says
    """The value, if it is of the kind that was agreed; a text that is too long is none."""
    is_number = isinstance(empty, int | float) and not isinstance(empty, bool)
    wanted: Any = (int, float) if is_number else type(empty)
    if isinstance(value, wanted) and isinstance(value, bool) == isinstance(empty, bool) and len(str(value)) <= 200:  # noqa: PLR2004  values are choices, numbers, dates
        return value  # type: ignore[no-any-return]  # just looked at
    raise errors.CallFailed("answer", is_final=True)
