"""The texts of the host for people, German and English: problems of diagrams and their remedies, errors of fields."""

from __future__ import annotations

import functools
import json
import string
from collections.abc import Mapping
from importlib import resources
from typing import Any

Catalogue = Mapping[str, Mapping[str, Mapping[str, str]]]


class _Lenient(string.Formatter):
    """Leaves out what a text names and nobody gave, and looks neither into attributes nor items."""

    def get_field(self, field_name: str, _args: Any, kwargs: Any) -> Any:  # noqa: ANN401  the library's types
        """The value of a placeholder."""
        return kwargs.get(field_name, ""), field_name


_FORMATTER = _Lenient()


@functools.cache
def catalogue() -> Catalogue:
    """All texts: kind -> code -> language (and, for problems, `remedy` beside each)."""
    found = _read("texts.json")
    return {**found, **_read("comparison.json"), "problem": {**found["problem"], **_read("hints.json")["problem"]}}


def _read(name: str) -> Catalogue:
    found: Catalogue = json.loads(resources.files("workflows").joinpath(name).read_bytes())
    return found


def knows(kind: str, code: str) -> bool:
    """Whether there is a text of this code."""
    return code in catalogue()[kind]


def text(kind: str, code: str, *, locale: str, values: Mapping[str, Any]) -> str:
    """The text of a code in this language (German for any but English) with its values; bare where it has none."""
    language = "en" if locale.startswith("en") else "de"
    entry = catalogue()[kind].get(code)
    return _FORMATTER.vformat(entry[language], (), _in_words(values, language)) if entry else code


def _in_words(values: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """The reason why an expression, script or time is not possible is a code of its own; what we say of a step beside
    the standard has a name, as the designer shows it.
    """
    entry = catalogue()["expression"].get(str(values.get("reason", "")))
    found = {**values, "reason": _FORMATTER.vformat(entry[language], (), values)} if entry else dict(values)
    if "own" in found:
        found["own"] = catalogue()["own"].get(found["own"], {}).get(language, f"d:{found['own']}")
    return found


def remedy(code: str, *, locale: str, values: Mapping[str, Any]) -> str:
    """The way out of a problem of a diagram or form."""
    language = "en" if locale.startswith("en") else "de"
    entry = catalogue()["problem"].get(code)
    return _FORMATTER.vformat(entry[f"remedy_{language}"], (), values) if entry else ""
