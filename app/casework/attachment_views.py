"""Handing out a file of a case; the look at it is noted like every other."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import send_file

from app import security
from app.casework import queries, service

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# Whatever is in the file: opened on its own it may load, run and send nothing.
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
READERS = ("KS", "BFK", "FM", "VM", "FB5", "LTG_STADT", "LTG_AA", "DSB_STADT", "DSB_AA")


@security.access(*READERS)
def attachment(case_id: int, attachment_id: int) -> ResponseReturnValue:
    """The file, to be saved; only for those who read everything of the section that it stands in."""
    session, actor, now = security.session(), security.actor(), security.now()
    readings = queries.readings_of(session, case_id, actor, now=now)
    found = queries.attachment(session, case_id, attachment_id, readings=readings, actor=actor)
    security.afterwards(
        lambda own: service.log_read(own, case_id, categories=[found.category], actor=actor, now=now)
    )  # fmt: skip
    answer = send_file(
        io.BytesIO(found.content), mimetype=found.media, as_attachment=True, download_name=found.name,
        conditional=False, etag=False, max_age=0,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
