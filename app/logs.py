"""The log: one JSON object a line, without personal data. Of an error it tells type and place, never the values."""

from __future__ import annotations

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_PLAIN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}
_TOP = str(Path(__file__).resolve().parent.parent)
# Libraries that put arguments of jobs, addresses or SQL parameters into their messages: only their warnings are kept.
_TALKATIVE = ("procrastinate", "sqlalchemy", "alembic", "spiff", "asyncio", "psycopg", "psycopg.pool")
_SIMPLE = (str, int, float, bool)


class Lines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, name, message, the simple values given as `extra`, and of an exception type and place."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if record.name.startswith(("app", "workflows", "rules")) else _told(record),
            "process": record.process,
        }
        extra = {key: value for key, value in vars(record).items() if key not in _PLAIN and isinstance(value, _SIMPLE)}
        line |= extra if record.name.startswith(("app", "workflows", "rules")) else {}
        if record.exc_info and record.exc_info[1] is not None:
            line |= error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _told(record: logging.LogRecord) -> str:
    """A library's message without what it filled in."""
    if record.name.startswith("gunicorn"):
        return record.getMessage()
    return str(record.msg).splitlines()[0][:200] if record.args else type(record.msg).__name__ + " " + record.funcName


def error(problem: BaseException) -> dict[str, Any]:
    """Type and place of an exception and of what caused it: files, lines and functions, no values and no text."""
    chain: list[str] = []
    current: BaseException | None = problem
    while current is not None and len(chain) < 5:  # noqa: PLR2004  enough to see what led to it
        chain.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or current.__context__
    frames = traceback.extract_tb(problem.__traceback__)
    places = [f"{frame.filename.removeprefix(_TOP + '/')}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": chain[0], "causes": chain[1:], "places": places[-12:]}


def configuration(level: str) -> dict[str, Any]:
    """The configuration for logging.config.dictConfig (gunicorn takes the same)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level, "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "ERROR", "handlers": ["stderr"], "propagate": False},
            **{name: {"level": "WARNING"} for name in _TALKATIVE},
        },
    }


def set_up(level: str) -> None:
    """Sends the log of this process to its standard error."""
    logging.config.dictConfig(configuration(level))
