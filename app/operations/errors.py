"""What operations refuse."""

from __future__ import annotations


class RetryRefused(Exception):  # noqa: N818  says what is wrong
    """The job cannot be begun again: `code` is "reason" (none was given) or "gone" (it failed no longer)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
