"""Counts the steps that have ended: by element, month and length, so that a page over years reads a few rows.

The engine leaves a row for each task that is gone; counting it takes it away, in one statement. Until then the page
reads both, so it is never behind.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from app.supervision import models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

LIMIT: Final = 5000
# Lengths of one class differ by at most so much; those below a minute make one class.
WIDTH: Final = 1.05
_KEY: Final = "process, month, element, role, definition_id, net, bucket"
_TAKE: Final = """
DELETE FROM workflow_ended WHERE id IN (SELECT id FROM workflow_ended ORDER BY id LIMIT :number FOR UPDATE SKIP LOCKED)
RETURNING *, 1 AS times
"""
_GIVEN: Final = """
SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given(process text, element text, role text,
    definition_id int, created_at timestamptz, ended_at timestamptz, rested int, withdrawn boolean, times bigint)
"""


def counted(source: str) -> str:
    """The rows of a relation, each of which stands for `times` ended tasks, as rows of the table of counts."""
    return f"""
SELECT process, date_trunc('month', ended_at AT TIME ZONE 'Europe/Berlin')::date AS month, element, role, definition_id,
    net, CASE WHEN length < 60 THEN 0 ELSE 1 + floor(ln(length / 60.0) / ln({WIDTH})) END::smallint AS bucket,
    sum(times * sign)::bigint AS number,
    sum(CASE WHEN withdrawn THEN times * sign ELSE 0 END)::bigint AS withdrawn,
    sum(length * times * sign)::bigint AS seconds
FROM {source} AS gone
CROSS JOIN LATERAL (SELECT floor(extract(epoch FROM ended_at - created_at))::bigint AS gross) AS whole
CROSS JOIN LATERAL (VALUES (false, gross, 1), (true, gross, -1), (true, greatest(0, gross - rested), 1))
    AS measured (net, length, sign)
WHERE NOT net OR rested > 0
GROUP BY {", ".join(str(place) for place in range(1, 8))}
"""  # noqa: S608  only our own words


def _add(source: str) -> Any:  # noqa: ANN401  a statement
    # In the order of the key, so that two who count at once never wait for each other crosswise.
    return text(f"""
WITH taken AS ({source}), added AS (
    INSERT INTO supervision_flow ({_KEY}, number, withdrawn, seconds)
    {counted("taken")} ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT ({_KEY}) DO UPDATE SET number = supervision_flow.number + excluded.number,
        withdrawn = supervision_flow.withdrawn + excluded.withdrawn,
        seconds = supervision_flow.seconds + excluded.seconds
)
SELECT count(*) FROM taken
""")  # noqa: S608  as above


_FOLD: Final = _add(_TAKE)
_FOLD_GIVEN: Final = _add(_GIVEN)


def fold(session: Session, *, limit: int = LIMIT) -> int:
    """Counts so many ended tasks; how many there were."""
    session.flush()
    return int(session.scalar(_FOLD, {"number": limit}) or 0)


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Counts these ended tasks, each `times` times; for histories that come in great number."""
    session.execute(_FOLD_GIVEN, {"rows": json.dumps(list(rows))})


COLUMNS: Final = tuple(column.name for column in models.Flow.__table__.columns)
