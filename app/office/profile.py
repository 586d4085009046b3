"""Office profiles: folders of TOML, JSON and CSV files that describe an office. One profile may build on another."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.office import calendar, errors, targets

FOLDER = Path(__file__).resolve().parent / "profiles"
NOUNS = (
    "agreement", "calendar", "deadlines", "partners", "places", "posts", "programmes", "roles", "rooms", "settings",
    "staff", "substitutions", "targets",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """All files of an office profile, read and checked against each other."""

    id: str
    title: str
    training: bool
    office_day: Any
    nouns: dict[str, Any]
    access: dict[str, Any]
    clients: Path | None

    def rows(self, noun: str) -> list[dict[str, Any]]:
        """Copies of the rows of a noun's file."""
        return [dict(row) for row in self.nouns[noun].get(noun, [])]


def path_of(name: str | Path) -> Path:
    """The folder of a profile that is shipped, or of any other when a path is given."""
    folder = Path(name)
    return folder if folder.is_dir() else FOLDER / folder.name


def read(name: str | Path) -> Profile:
    """The profile in this folder, on top of the one it builds on. Raises ProfileInvalid."""
    folder = path_of(name)
    layers = _layers(folder)
    head = _toml(folder / "profile.toml")
    nouns = {noun: _noun(layers, noun) for noun in NOUNS}
    clients = next((path / "clients.csv" for path in layers if (path / "clients.csv").is_file()), None)
    access = next((path / "access.json" for path in layers if (path / "access.json").is_file()), None)
    if access is None:
        raise errors.ProfileInvalid("access.json", "missing")
    profile = Profile(
        folder.name,
        head["title"],
        head["training"],
        head["office_day"],
        nouns,
        json.loads(access.read_bytes()),
        clients,
    )
    _check(profile)
    return profile


def _layers(folder: Path) -> list[Path]:
    """The folder, then the one it builds on, and so on."""
    found = [folder]
    while (base := _toml(found[-1] / "profile.toml").get("based_on")) is not None:
        if any(path.name == base for path in found):
            raise errors.ProfileInvalid("profile.toml", f"circle: {base}")
        found.append(FOLDER / base)
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise errors.ProfileInvalid(path.name, "missing") from None
    except tomllib.TOMLDecodeError as broken:
        raise errors.ProfileInvalid(path.name, str(broken)) from None


def _noun(layers: list[Path], noun: str) -> dict[str, Any]:
    for folder in layers:
        path = folder / f"{noun}.toml"
        if path.is_file():
            return _toml(path)
    raise errors.ProfileInvalid(f"{noun}.toml", "missing")


def _check(profile: Profile) -> None:
    """Every name that a file uses must be defined by another."""
    roles = {row["code"] for row in profile.rows("roles")}
    people = {row["login"] for row in profile.rows("staff")}
    partners = {row["id"] for row in profile.rows("partners")}
    for row in profile.rows("posts"):
        _known("posts.toml", row["login"], people)
        _known("posts.toml", row["role"], roles)
    for row in profile.rows("substitutions"):
        _known("substitutions.toml", row["role"], roles)
        _known("substitutions.toml", row["by_role"], roles)
    for row in [*profile.rows("staff"), *profile.rows("roles")]:
        if row.get("partner"):
            _known("staff.toml", row["partner"], partners)
    for grants in profile.access["matrix"].values():
        for role in grants:
            _known("access.json", role, roles)
    targets.read(profile.rows("targets"), roles)


def _known(file: str, name: str, names: set[str]) -> None:
    if name not in names:
        raise errors.ProfileInvalid(file, f"unknown: {name}")


def snapshot(profile: Profile) -> calendar.Snapshot:
    """The calendar that this profile describes, without a database."""
    days = profile.nouns["calendar"]
    return calendar.Snapshot(
        weekdays=frozenset(row["weekday"] for row in days["opening_hours"]),
        closed=frozenset(row["day"] for row in days["closing_days"]),
        terms=tuple(
            calendar.Term(row["name"], row["expression"], row["valid_from"], row.get("valid_to"))
            for row in profile.rows("deadlines")
        ),
    )
