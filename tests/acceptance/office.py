"""A training office in processes of its own, as `./run demo` starts it, for tests that kill parts of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


def eventually(true, seconds=PATIENCE):
    """Looks again and again until `true()` holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not (result := true()):
        assert time.monotonic() < until, f"waited in vain: {true}"
        time.sleep(0.05)
    return result


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """One call of the demo on a folder of its own; whatever the test does, `end` leaves nothing behind."""

    def __init__(self, var: Path, *options: str, port: int | None = None) -> None:
        self.var = var
        self.port = port or free_port()
        # A log of its own: another call on the same folder is refused and must not wipe out the first one's words.
        self.log = var.with_name(f"{var.name}-{self.port}.log")
        self.environment = {
            name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith("PG")
        } | {"DREHSCHEIBE_VAR": str(var), "DREHSCHEIBE_LANG": "en"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "demo", "--port", str(self.port), *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/login", timeout=2) as page:
                return page.status == 200
        except OSError:
            return False

    def ready(self) -> Demo:
        def told():
            assert self.process.poll() is None, self.said()
            return "Ctrl-C" in self.said() and self.answers()

        eventually(told)
        return self

    def pids(self, *words: str) -> list[int]:
        """The processes of this office whose command line holds all the words."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                mine = str(self.var).encode() in (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                command = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue
            if mine and command and all(word in command for word in words):
                found.append(int(folder.name))
        return sorted(found)

    def postgres(self) -> list[int]:
        data = self.var / "postgres"
        place = data / "place"
        where = place.read_text().strip() if place.exists() else str(data)
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if where in (folder / "cmdline").read_bytes().decode():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another command of drehscheibe, which finds the database of the office that runs."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *command],
            check=False,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def end(self) -> None:
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
