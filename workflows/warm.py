"""A bounded child process that stays: for questions that come while somebody draws and cannot wait for a start.

The child holds what all questions share (the files that are in force, the words of the office) under its digest, so
that a question carries only what has changed. One that takes too long, or takes too much, costs the child its life;
the next question gets a new one.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import selectors
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

from workflows import sandbox

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

QUESTION_SECONDS = 15.0
START_SECONDS = 30.0
CPU_SECONDS = 12
QUESTIONS = 500
_START = "import sys; sys.path[:0] = [sys.argv[1]]; from workflows import warm; warm.serve(sys.argv[2])"
_PIECE = 1 << 16


class Shared(Protocol):
    """What all questions share: its digest, and the thing itself where the child does not hold it."""

    @property
    def digest(self) -> str:
        """Changes whenever the thing does."""

    def payload(self) -> Any:  # noqa: ANN401  any JSON
        """The thing as JSON can carry it."""


class Child:
    """A warm child for one function, named as "module:function": (what is shared, the question) -> answer, all of it
    what JSON can hold. Threads take turns. Started by the first question, ended by `close`.
    """

    def __init__(self, function: str) -> None:
        self._function = function
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._held = ""
        self._asked = 0
        self._rest = b""

    def ask(self, question: Any, *, shared: Shared, seconds: float = QUESTION_SECONDS) -> Any:  # noqa: ANN401  any JSON
        """The answer; raises sandbox.ChildFailed("timeout" | "crashed" | "too_much")."""
        with self._lock:
            if self._asked >= QUESTIONS:
                self._end()
            try:
                return self._answer(question, shared, seconds)
            except (sandbox.ChildFailed, OSError) as failed:
                self._end()
                code = failed.code if isinstance(failed, sandbox.ChildFailed) else "crashed"
                raise sandbox.ChildFailed(code) from None

    def close(self) -> None:
        """Ends the child, if there is one."""
        with self._lock:
            self._end()

    def _answer(self, question: Any, shared: Shared, seconds: float) -> Any:  # noqa: ANN401
        process = self._process if self._process is not None and self._process.poll() is None else self._begin()
        until = time.monotonic() + seconds
        if self._held != shared.digest:
            self._write(process, {"shared": shared.payload()}, until)
            self._held = shared.digest
        self._asked += 1
        self._write(process, {"question": question}, until)
        return json.loads(self._line(process, until))

    def _begin(self) -> subprocess.Popen[bytes]:
        self._end()
        self._process = process = sandbox.start(_START, self._function)
        assert process.stdin is not None
        # Whoever writes waits for the child no longer than for its answer.
        os.set_blocking(process.stdin.fileno(), False)
        self._line(process, time.monotonic() + START_SECONDS)
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        self._held, self._asked, self._rest = "", 0, b""
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    # What nobody read any more is of no use to anybody.
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _write(self, process: subprocess.Popen[bytes], message: Any, until: float) -> None:  # noqa: ANN401
        """Hands the message over, piece by piece as the child takes it."""
        assert process.stdin is not None
        rest = memoryview(json.dumps(message).encode() + b"\n")
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            while rest:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise sandbox.ChildFailed("timeout")
                rest = rest[os.write(process.stdin.fileno(), rest[:_PIECE]) :]

    def _line(self, process: subprocess.Popen[bytes], until: float) -> bytes:
        """The next line of the child, however many pieces it comes in."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise sandbox.ChildFailed("timeout")
                piece = process.stdout.read1(_PIECE)  # type: ignore[attr-defined]  # a buffered reader
                if not piece:
                    raise sandbox.ChildFailed("crashed")
                self._rest += piece
                if len(self._rest) > sandbox.OUTPUT_BYTES:
                    raise sandbox.ChildFailed("too_much")
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def serve(name: str) -> None:
    """What the child does: binds itself, then answers line by line until nobody asks any more."""
    module, function = name.split(":")
    asked: Callable[[Any, Any], Any] = getattr(importlib.import_module(module), function)
    sandbox.bound_but_for_time()
    _say("ready")
    shared: Any = None
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "shared" in message:
            shared = message["shared"]
            continue
        _allow_time()
        _say(asked(shared, message["question"]))


def _say(answer: Any) -> None:  # noqa: ANN401
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _allow_time() -> None:
    """Each question has its own seconds: the limit of a process counts those of all questions before."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
