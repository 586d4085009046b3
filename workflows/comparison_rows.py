"""Takes forms, rule books and scenarios apart for the comparison: every field or row with all that is written in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflows.comparison_parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("key", "path", "id", "code", "name")
_LABELS = ("label", "title", "name", "text", "text_de")


def parts(content: bytes) -> dict[str, Part]:
    """The whole under "", and each row of a list whose rows have names. Raises ValueError for what cannot be read."""
    found: dict[str, Part] = {}
    _take(json.loads(content), "", found)
    return found


def _take(value: Any, path: str, found: dict[str, Part]) -> None:  # noqa: ANN401  whatever JSON holds
    """Adds this row; rows in it come after it as parts of their own, in their order."""
    rows: list[tuple[str, Any]] = []
    values = dict(_flat(value, "", rows))
    element = path.rpartition("/")[2].rpartition(":")[2]
    label = _label(value) or element
    found[path] = Part(element, _type(value, path), label, values)
    for name, row in rows:
        key, number = f"{path}/{name}", 1
        while key in found:
            number += 1
            key = f"{path}/{name} ({number})"
        _take(row, key, found)


def _type(value: Any, path: str) -> str:  # noqa: ANN401
    if not path:
        return "file"
    return "field" if isinstance(value, dict) and "type" in value else "row"


def _label(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, dict):
        return ""
    said = (value.get(name) for name in _LABELS)
    return next((text for text in said if isinstance(text, str) and text), "")


def _name(row: Any) -> str:  # noqa: ANN401
    if not isinstance(row, dict):
        return ""
    said = [row.get(name) for name in _NAMES]
    if "label" in row and "value" in row:
        said = [row["value"]]
    elif "type" in row:
        # Texts, lines and sections of a form have no names: they are known by what they say.
        said += [_label(row)[:60], row["type"]]
    return next((str(text) for text in said if isinstance(text, str | int) and str(text)), "")


def _names(rows: list[Any]) -> list[str]:
    """What the rows are called; parts of a form that say the same are told apart by numbers."""
    found: list[str] = []
    for row in rows:
        name, number = _name(row), 1
        while name and isinstance(row, dict) and "type" in row and name in found:
            number += 1
            name = f"{_name(row)} ({number})"
        found.append(name)
    return found


def _flat(value: Any, path: str, rows: list[tuple[str, Any]]) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if isinstance(value, dict):
        if not value:
            yield path or "text", "{}"
        for name, inner in value.items():
            yield from _flat(inner, f"{path}/{name}".lstrip("/"), rows)
    elif isinstance(value, list):
        named = _names(value)
        if value and all(named) and len(set(named)) == len(named):
            where = path.rpartition("/")[2]
            rows += [(f"{where}:{name}", row) for name, row in zip(named, value, strict=True)]
            yield f"{path}/order".lstrip("/"), "\n".join(named)
        else:
            yield path or "text", f"[{len(value)}]"
            for number, inner in enumerate(value, 1):
                yield from _flat(inner, f"{path}[{number}]", rows)
    else:
        yield path or "text", json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else f"{value}"
