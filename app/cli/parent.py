"""The one parent of the demo's processes: starts them, restarts what ends, stops all of them, leaves none."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflows import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

POLL_SECONDS = 0.1
STOP_SECONDS = 10.0
FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
# A child that lived so long is well again: the next delay is the first one.
WELL_AFTER = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether somebody asked to stop. The signal handler sets a flag and does nothing else."""

    def __init__(self) -> None:
        self.requested = False

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal set the flag."""
        for number in SIGNALS:
            signal.signal(number, self._set)

    def _set(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True


@dataclass(slots=True)
class Child:
    """A process of the office: what is started, where it writes, what the parent does when it has ended."""

    name: str
    command: Sequence[str]
    log: Path
    # What the child gets when the parent is gone without a word.
    farewell: signal.Signals = signal.SIGTERM
    on_death: Callable[[], object] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    next_start: float = field(default=0.0, init=False)
    delay: float = field(default=FIRST_DELAY, init=False)

    def start(self, environment: Mapping[str, str]) -> None:
        """Starts the process in a session of its own, so that the terminal's Ctrl-C reaches the parent alone."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  our own commands
                self.command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=embedded.dies_with_parent(self.farewell),  # noqa: PLW1509  the parent has one thread
            )
        self.started = time.monotonic()

    def ended(self) -> bool:
        """Whether the process was started and is gone; then it is time to wait a while before the next start."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started
        self.delay = FIRST_DELAY if lived > WELL_AFTER else min(self.delay * 2, LONGEST_DELAY)
        self.next_start = time.monotonic() + self.delay
        self.kill_group()
        self.process = None
        return True

    def kill_group(self) -> None:
        """Kills what is left of the process's session."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Parent:
    """Keeps the children running until it is asked to stop or the database is gone."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str], stop: Stop) -> None:
        self.children = children
        self.environment = environment
        self.stop = stop

    def start(self) -> None:
        """Starts every child."""
        for child in self.children:
            child.start(self.environment)

    def watch(self, *, database: Callable[[], bool], heard: Callable[[str], None]) -> bool:
        """Restarts what ends until somebody asks to stop; False when the database is gone and nothing can go on.

        `heard` is told the name of each child that ended.
        """
        while not self.stop.requested:
            if not database():
                return False
            for child in self.children:
                self._tend(child, heard)
            time.sleep(POLL_SECONDS)
        return True

    def _tend(self, child: Child, heard: Callable[[str], None]) -> None:
        if child.ended():
            heard(child.name)
            if child.on_death is not None:
                child.on_death()
        if child.process is None and time.monotonic() >= child.next_start:
            child.start(self.environment)

    def end(self) -> None:
        """Asks all children to end at once, waits, and kills the sessions of those that do not."""
        running = [child for child in self.children if child.process is not None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(until - time.monotonic(), POLL_SECONDS))
            except subprocess.TimeoutExpired:
                child.kill_group()
                child.process.wait()
            child.kill_group()
            child.process = None
