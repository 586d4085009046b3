"""What a form is made of, as values: fields, options, errors; the places of fields; and which of them show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from decimal import Decimal

    from workflows.expressions import Expression

FILE = "filepicker"
INPUTS = frozenset({"textfield", "textarea", "number", "datetime", "select", "radio", "checklist", "checkbox", FILE})
CHOICES = frozenset({"select", "radio", "checklist"})
DISPLAY = frozenset({"text", "separator", "spacer"})
ROUNDS = 10

Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that a field offers."""

    value: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field: a code and the values for its text (see forms.message)."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A part of a form. What it is tells `type`; texts, separators and groups carry the component's id as their key."""

    key: str
    type: str
    label: str = ""
    label_en: str = ""
    description: str = ""
    description_en: str = ""
    required: bool = False
    readonly: bool = False
    target: str = "none"
    category: str = ""
    options: tuple[Option, ...] = ()
    options_key: str | None = None
    condition: Expression | None = None
    # What a field that is only read shows, made of other fields and process values.
    compute: Expression | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    earliest: str = ""
    latest: str = ""
    min_length: int = 0
    max_length: int = 0
    pattern: str = ""
    format: str = ""
    min_rows: int = 0
    max_rows: int = 0
    default: Any = None
    text: str = ""
    text_en: str = ""
    prefix: str = ""
    suffix: str = ""
    # The media types that a file may have, and whether it can be drawn on the page: a signature.
    accept: tuple[str, ...] = ()
    drawn: bool = False
    fields: tuple[Field, ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether people type or choose something in it."""
        return self.type in INPUTS


def files(form: Sequence[Field]) -> Iterator[Field]:
    """The fields that take a file."""
    return (item for item in flat(form) if item.type == FILE)


def flat(parts: Sequence[Field]) -> Iterator[Field]:
    """The inputs and dynamic lists among these and in their groups, not those inside dynamic lists."""
    for part in parts:
        if part.type == "group":
            yield from flat(part.fields)
        elif part.type not in DISPLAY:
            yield part


def rows(part: Field, paths: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers of the rows of a dynamic list that these paths mention, in their order."""
    keys = {item.key for item in flat(part.fields)}
    found: set[int] = set()
    for path in paths:
        pieces = path.split("-")
        if len(pieces) == 3 and pieces[0] == part.key and pieces[2] in keys and _is_row(pieces[1]):  # noqa: PLR2004
            found.add(int(pieces[1]))
    # One more than allowed is enough to tell that there are too many.
    return tuple(sorted(found))[: part.max_rows + 1]


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and str(int(text)) == text  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Part:
    """A field at its place: the path under which it is typed, the row that it stands in, and the parts around it."""

    field: Field
    path: str
    prefix: str = ""
    around: tuple[str, ...] = ()


def parts(fields: Sequence[Field], typed: Typed, prefix: str = "", around: tuple[str, ...] = ()) -> Iterator[Part]:
    """All parts with their paths, those of a dynamic list once for each row."""
    for item in fields:
        path = prefix + item.key
        yield Part(item, path, prefix, around)
        if item.type == "group":
            yield from parts(item.fields, typed, prefix, (*around, path))
        elif item.type == "dynamiclist":
            for row in rows(item, typed):
                yield from parts(item.fields, typed, f"{path}-{row}-", (*around, path))


def _hides(part: Part, names: Mapping[str, Any]) -> bool:
    condition = part.field.condition
    if condition is None:
        return False
    seen = {name: names.get(part.prefix + name, names.get(name)) for name in condition.names}
    try:
        return bool(condition.evaluate(seen))
    except ExpressionInvalid:
        # An answer that is still missing decides nothing: better one field too many than one that nobody can reach.
        return False


def visible(fields: Sequence[Field], values: Mapping[str, Any], answers: Typed) -> frozenset[str]:
    """The paths that show; what hides inside a hidden part hides too, and a hidden answer counts as none."""
    all_parts = list(parts(fields, answers))
    inputs = {part.path for part in all_parts if part.field.is_input}
    shown = frozenset(part.path for part in all_parts)
    for _ in range(ROUNDS):
        names = {**values, **{path: answers.get(path) if path in shown else None for path in inputs}}
        hidden = {part.path for part in all_parts if _hides(part, names)}
        now = frozenset(p.path for p in all_parts if p.path not in hidden and not hidden.intersection(p.around))
        if now == shown:
            break
        shown = now
    return shown
