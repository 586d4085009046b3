"""The settings: one frozen value, read once at the edge. This is the only module that reads the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet

import workflows

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUE = frozenset({"1", "true", "yes", "on", "ja"})
FALSE = frozenset({"", "0", "false", "no", "off", "nein"})
LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR"})


@dataclass
class SettingInvalid(Exception):  # noqa: N818  the house names errors by what is the case
    """A setting cannot be understood."""

    name: str
    expected: str


@dataclass
class SettingMissing(Exception):  # noqa: N818
    """A setting without which this cannot run is missing."""

    name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    database_url: str = ""
    owner_url: str = ""
    var: Path = Path("var")
    bpmn: Path = Path("bpmn")
    profile: str = "bergisch_gladbach_2004"
    calls: str = ""
    secret_key: str = ""
    record_keys: tuple[str, ...] = ()
    idle_minutes: int = 15
    secure_cookies: bool = False
    metrics_token: str = ""
    trusted_proxies: int = 0
    web_workers: int = 1
    web_threads: int = 8
    worker_jobs: int = 4
    log_level: str = "INFO"
    upload_megabytes: int = 5
    mail_server: str = ""
    mail_sender: str = ""
    public_url: str = ""
    locale: str = "de"

    @property
    def migration_url(self) -> str:
        """The address under which tables are made; that of the application unless the owner has one."""
        return self.owner_url or self.database_url


# The name of each setting in the environment. docs/operations.md explains every one; a test compares.
VARIABLES: Mapping[str, str] = {
    "database_url": "DATABASE_URL",
    **{
        field.name: f"DREHSCHEIBE_{field.name.upper()}"
        for field in fields(Settings)
        if field.name not in {"database_url", "locale"}
    },
    "locale": "DREHSCHEIBE_LANG",
}
_WORDS = frozenset(
    {
        "database_url",
        "owner_url",
        "profile",
        "calls",
        "secret_key",
        "metrics_token",
        "mail_server",
        "mail_sender",
        "public_url",
    },
)
_FOLDERS = frozenset({"var", "bpmn"})
_NUMBERS = frozenset(
    {"idle_minutes", "trusted_proxies", "web_workers", "web_threads", "worker_jobs", "upload_megabytes"}
)


def shipped_bpmn() -> Path:
    """The folder of diagrams that came with the program, found beside the package of the host."""
    return Path(workflows.__path__[0]).resolve().parent / "bpmn"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingInvalid."""
    given = os.environ if environ is None else environ
    values: dict[str, object] = {"bpmn": shipped_bpmn(), "locale": _locale(given)}
    for name, variable in VARIABLES.items():
        if name != "locale" and (text := given.get(variable, "").strip()):
            values[name] = _parsed(name, text)
    return _with_files(Settings(**values))  # type: ignore[arg-type]  # each was parsed for its field


def _parsed(name: str, text: str) -> object:
    if name in _WORDS:
        return text
    if name in _FOLDERS:
        return Path(text)
    if name in _NUMBERS:
        return _number(name, text)
    if name == "secure_cookies":
        return _switch(name, text)
    if name == "record_keys":
        return tuple(key.strip() for key in text.split(",") if key.strip())
    if text.upper() not in LEVELS:
        raise SettingInvalid(VARIABLES[name], ", ".join(sorted(LEVELS)))
    return text.upper()


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingInvalid(VARIABLES[name], "0, 1, 2 ...")
    return int(text)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise SettingInvalid(VARIABLES[name], "yes, no")
    return text.lower() in TRUE


def locale() -> str:
    """The language of this process, known without any other setting."""
    return _locale(os.environ)


def speak(language: str) -> None:
    """Lets libraries that look for their words where the system keeps them (gettext) speak this language."""
    os.environ["LANGUAGE"] = language


def _locale(given: Mapping[str, str]) -> str:
    """German, unless our own variable or the system's language says English."""
    for variable in (VARIABLES["locale"], "LC_ALL", "LC_MESSAGES", "LANG"):
        if text := given.get(variable, ""):
            return "en" if text.lower().startswith("en") else "de"
    return "de"


def _with_files(settings: Settings) -> Settings:
    """Secrets that are not given may lie in the private files that the demo keeps."""
    secret = settings.secret_key or _read(settings.var / "secret_key")
    keys = settings.record_keys or tuple(_read(settings.var / "record_keys").split())
    return replace(settings, secret_key=secret, record_keys=keys)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def with_secrets(settings: Settings) -> Settings:
    """The settings with the secrets that serving needs. Raises SettingMissing."""
    for name in ("secret_key", "record_keys"):
        if not getattr(settings, name):
            raise SettingMissing(VARIABLES[name])
    return settings


def with_database(settings: Settings) -> Settings:
    """The settings with an address of a database. Raises SettingMissing."""
    if not settings.database_url:
        raise SettingMissing(VARIABLES["database_url"])
    return settings


def with_kept_secrets(settings: Settings) -> Settings:
    """The settings with secrets; missing ones are made and kept in private files, so that data stay readable."""
    settings.var.mkdir(parents=True, exist_ok=True)
    if not settings.secret_key:
        settings = replace(settings, secret_key=_keep(settings.var / "secret_key", secrets.token_urlsafe(48)))
    if not settings.record_keys:
        made = _keep(settings.var / "record_keys", Fernet.generate_key().decode("ascii"))
        settings = replace(settings, record_keys=(made,))
    return settings


def _keep(path: Path, secret: str) -> str:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secret}\n")
    return secret


def environment_for(settings: Settings) -> dict[str, str]:
    """The environment that gives a child process these settings."""
    values = {VARIABLES[field.name]: _written(getattr(settings, field.name)) for field in fields(Settings)}
    # Threads would else take memory from many arenas, which give little of it back; and whoever frees something large
    # would keep ever more of it.
    malloc = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}
    return malloc | dict(os.environ) | values


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.resolve()) if isinstance(value, Path) else str(value)
