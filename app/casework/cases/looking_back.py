"""What happened in a period, in numbers: for those who look back on how the office works (R72), never on people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, text

from app.office import dates
from app.office.columns import Instant

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class LookedBack:
    """Routes decided, those of them that deviated from the proposal or that no rule fitted; cases closed and taken up
    again; work or training begun, and how much of it on the first labour market.
    """

    decided: int
    deviated: int
    gaps: int
    closed: int
    reopened: int
    integrated: int
    first_market: int


_COUNTS: Final = text("""
SELECT decision.*, (SELECT count(*) FROM case_file WHERE closed_at >= :since AND closed_at < :until) AS closed,
    (SELECT count(*) FROM case_reopening WHERE reopened_at >= :since AND reopened_at < :until) AS reopened,
    begun.*
FROM (
    SELECT count(*) AS decided, count(*) FILTER (WHERE deviation_reason <> '') AS deviated,
        count(*) FILTER (WHERE proposal_group = 'gap') AS gaps
    FROM route_decision WHERE decided_at >= :since AND decided_at < :until
) AS decision CROSS JOIN (
    SELECT count(*) AS integrated, count(*) FILTER (WHERE market = 1) AS first_market
    FROM integration WHERE started_on BETWEEN :first AND :last
) AS begun
""").bindparams(bindparam("since", type_=Instant), bindparam("until", type_=Instant))


def looked_back(session: Session, *, since: datetime, until: datetime) -> LookedBack:
    """The numbers from one instant to another."""
    values = {"since": since, "until": until, "first": dates.day_of(since), "last": dates.day_of(until)}
    return LookedBack(*session.execute(_COUNTS, values).one())
