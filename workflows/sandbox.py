"""A bounded child process for what strangers drew: little time, little memory, no writing, none of our secrets."""

from __future__ import annotations

import base64
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 30
WALL_SECONDS = 60
OUTPUT_BYTES = 20_000_000
_ROOT = Path(__file__).resolve().parent.parent
_START = "import sys; sys.path[:0] = [sys.argv[1]]; from workflows import sandbox; sandbox.serve(sys.argv[2])"

# The functions that may be asked for; each takes and gives what JSON can hold.
FUNCTIONS: Mapping[str, tuple[str, str]] = MappingProxyType({"lint": ("workflows.linter", "check_payload")})


class ChildFailed(WorkflowError):  # noqa: N818  the house names errors by what is the case
    """The check did not come to an end within its bounds; `code` says how it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def encode(files: Mapping[str, bytes]) -> dict[str, str]:
    """Files as JSON can carry them."""
    return {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}


def decode(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files again."""
    return {name: base64.b64decode(content) for name, content in files.items()}


def _environment() -> dict[str, str]:
    """The child gets no address of a database and no key."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if name in os.environ}


def start(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A child that runs this code of ours with pipes to us and none of our secrets; it bounds itself."""
    return subprocess.Popen(  # noqa: S603  our own interpreter with our own module
        [sys.executable, "-c", code, str(_ROOT), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )


def run(function: str, payload: Any, *, seconds: float = WALL_SECONDS) -> Any:  # noqa: ANN401  any JSON
    """What the function says about the payload; raises ChildFailed("timeout" | "crashed" | "too_much")."""
    with start(_START, function) as child:
        try:
            answer, _ = child.communicate(json.dumps(payload).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise ChildFailed("timeout") from None
    if child.returncode == -signal.SIGXCPU:
        raise ChildFailed("timeout")
    if child.returncode != 0:
        raise ChildFailed("crashed")
    if len(answer) > OUTPUT_BYTES:
        raise ChildFailed("too_much")
    try:
        return json.loads(answer)
    except ValueError:
        raise ChildFailed("crashed") from None


_LIMITS = {
    resource.RLIMIT_AS: MEMORY_BYTES,
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def _bound() -> None:
    for kind, limit in _LIMITS.items():
        _limit(kind, limit)


def _limit(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (bound, hard))


def bound_but_for_time() -> None:
    """Binds this process as all children are, but for its time, which it measures out itself, question by question."""
    for kind in _LIMITS.keys() - {resource.RLIMIT_CPU}:
        _limit(kind, _LIMITS[kind])


def serve(name: str) -> None:
    """What the child does: binds itself, reads one question, answers it."""
    module, function = FUNCTIONS[name]
    asked: Callable[[Any], Any] = getattr(importlib.import_module(module), function)
    # Only now: the imports may write their caches, what comes after may write nothing.
    _bound()
    answer = asked(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()
