"""Who writes what forms ask for the office: the name of a form's writer leads to its function.

A writer is called inside the completion of its task, after all checks of the host. It raises ValuesRefused with a code
for each field (texts in `refusals`), and then nothing happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from app.casework import writers_benefit, writers_care, writers_client, writers_placement, writers_plan, writers_routing
from app.casework.submitted import NO_ANSWERS, Submitted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor


class Writer(Protocol):
    """Writes the values of a form."""

    def __call__(
        self,
        session: Session,
        *,
        case_id: int,
        values: Mapping[str, Any],
        actor: Actor,
        now: datetime,
        element: str,
        process: Mapping[str, Any] = NO_ANSWERS,
    ) -> None:
        """Raises ValuesRefused."""
        ...


def _writer(run: Callable[[Submitted], None]) -> Writer:
    def write(
        session: Session,
        *,
        case_id: int,
        values: Mapping[str, Any],
        actor: Actor,
        now: datetime,
        element: str,
        process: Mapping[str, Any] = NO_ANSWERS,
    ) -> None:
        run(Submitted(session, case_id, values, actor, now, element, process))

    return write


WRITERS: Final[dict[str, Writer]] = {
    name: _writer(run)
    for module in (
        writers_client, writers_routing, writers_care, writers_plan, writers_placement, writers_benefit,
    )
    for name, run in module.WRITERS.items()
}  # fmt: skip
