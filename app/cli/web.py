"""What gunicorn loads: the web application on the settings of this process, and its log as JSON lines."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from gunicorn import glogging

from app import bootstrap, config, factory, logs

if TYPE_CHECKING:
    from flask import Flask


def application() -> Flask:
    """The application of one gunicorn worker. Raises SettingMissing."""
    settings = config.with_secrets(config.with_database(config.load()))
    office = bootstrap.office(settings, connections=settings.web_threads)
    app = factory.create_app(settings, sessions=office.sessions)
    # What stands from here on is never garbage: collections need not look at it again.
    gc.collect()
    gc.freeze()
    return app


class Log(glogging.Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's log in the form of ours."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401  gunicorn's configuration
        """Lets our root logger write what gunicorn tells."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True
        logs.set_up(config.load().log_level)
