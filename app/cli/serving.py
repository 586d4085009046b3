"""The commands that run for long: the web server and the worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import config
from app import worker as work
from app.cli import texts

if TYPE_CHECKING:
    from app.config import Settings

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  gunicorn's heartbeat files should not touch a disk


def web_command(settings: Settings, address: str) -> list[str]:
    """The command line of the web server on this address."""
    memory = ["--worker-tmp-dir", str(SHARED_MEMORY)] if os.access(SHARED_MEMORY, os.W_OK) else []
    return [
        *(sys.executable, "-m", "gunicorn", "app.cli.web:application()"),
        *("--bind", address),
        *("--workers", str(settings.web_workers)),
        *("--worker-class", "gthread", "--threads", str(settings.web_threads)),
        *("--timeout", "60", "--graceful-timeout", "8"),
        *("--logger-class", "app.cli.web.Log"),
        # Its default is one path in the home folder, shared by all servers of a user.
        "--no-control-socket",
        *memory,
    ]


def worker_command() -> list[str]:
    """The command line of a worker."""
    return [sys.executable, "-m", "app.cli", "worker"]


@click.command(cls=texts.Command, help="help_serve")
@click.option("--bind", default="127.0.0.1:8000", show_default=True)
def serve(bind: str) -> None:
    """Becomes the web server."""
    settings = config.with_secrets(config.with_database(config.load()))
    os.execve(sys.executable, web_command(settings, bind), config.environment_for(settings))  # noqa: S606  becomes it


@click.command(cls=texts.Command, help="help_worker")
def worker() -> None:
    """Works off jobs, timers and moves of the clock until it is asked to stop."""
    work.run(config.with_secrets(config.with_database(config.load())))
