"""The assembled application with the shipped office; its desks are those of the inbox's tests."""

from __future__ import annotations

from tests.app.inbox.conftest import at, environment, office_sessions, register  # noqa: F401  fixtures
