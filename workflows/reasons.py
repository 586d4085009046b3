"""Why a step failed: a code with its values, kept as one text, and told in the reader's language (see texts.json)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflows import errors, texts

if TYPE_CHECKING:
    from workflows.errors import ExpressionInvalid

_KEPT = '{"code": '


def kept(code: str, **values: Any) -> str:  # noqa: ANN401  any JSON
    """The reason as an incident and the history keep it."""
    return json.dumps({"code": code, **values}, ensure_ascii=False)


def told(text: str, locale: str) -> str:
    """A kept reason as a sentence in this language; what people wrote stays as it is."""
    given = _read(text)
    return text if given is None else texts.text("reason", given["code"], locale=locale, values=given)


def code_of(text: str) -> str:
    """The code of a kept reason; "" for what people wrote."""
    given = _read(text)
    return "" if given is None else given["code"]


def _read(text: str) -> dict[str, Any] | None:
    if not text.startswith(_KEPT):
        return None
    try:
        given: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return given if texts.knows("reason", given["code"]) else None


def of(error: BaseException) -> str:
    """What went wrong, without values of the case: for our own errors their data, for others type and place."""
    if isinstance(error, errors.ExpressionInvalid):
        return of_expression(error)
    if isinstance(error, errors.HandlerMissing):
        return kept("handler_missing", handler=error.name)
    if isinstance(error, errors.NoWay):
        return kept("no_way")
    if error.__cause__ is not None and not isinstance(error, errors.WorkflowError):
        return of(error.__cause__)
    if str(error).startswith("No conditions satisfied"):
        # The library's exclusive gateway tells only by its text what it has come upon.
        return kept("no_way")
    return kept("internal", type=type(error).__name__, place=_place(error))


def of_expression(error: ExpressionInvalid) -> str:
    """Why an expression of a diagram could not be evaluated."""
    return kept("expression", source=error.source[:200], reason=error.code, detail=error.detail[:200])


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
