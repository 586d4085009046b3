"""The language of conditions and scripts in diagrams: a small, harmless part of Python's expressions.

A source is compiled once, checked against an allow-list, and evaluated often. Whatever is not named here does
not exist: no attributes, no calls but a few functions, no way to build something large out of something small.
"""

from __future__ import annotations

import ast
import functools
import keyword
import math
import re
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any

from workflows import guards
from workflows.errors import ExpressionInvalid

if TYPE_CHECKING:
    from workflows.handlers import Value

MAX_LENGTH = 2000
MAX_DEPTH = 60
MAX_LINES = 100
_CACHE = 4096

Values = Mapping[str, Any]
_compiling = threading.Lock()


_ALLOWED = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.IfExp),
    *(ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot),
    *(ast.Name, ast.Load, ast.Constant, ast.BinOp, *guards.OPERATIONS, ast.List, ast.Tuple, ast.Subscript, ast.Call),
)
_CODES: Mapping[type[ast.AST], str] = MappingProxyType(
    {
        ast.Attribute: "attribute",
        ast.Lambda: "function",
        ast.ListComp: "comprehension",
        ast.SetComp: "comprehension",
        ast.DictComp: "comprehension",
        ast.GeneratorExp: "comprehension",
        ast.JoinedStr: "format",
        ast.Pow: "power",
    }
)
# Other languages of diagrams write these small.
_WORDS: Mapping[str, bool | None] = MappingProxyType({"true": True, "false": False, "null": None})
_FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Expression:
    """A checked expression: its source, the process values it reads, and how to evaluate it."""

    source: str
    names: frozenset[str]
    _code: CodeType = field(repr=False, compare=False)

    def evaluate(self, values: Values) -> Any:  # noqa: ANN401  whatever the expression yields
        """The result for these values; raises ExpressionInvalid when a name is missing or the values do not fit."""
        missing = self.names - values.keys()
        if missing:
            raise ExpressionInvalid(self.source, "unknown_name", ", ".join(sorted(missing)))
        try:
            # The code consists of allowed nodes only; it sees no builtins and exactly the values that it names.
            result = eval(self._code, guards.NAMESPACE, {name: values[name] for name in self.names})  # noqa: S307
            if isinstance(result, list | tuple | dict):
                guards.require_small(result)
        except guards.RefusedError as refused:
            raise ExpressionInvalid(self.source, refused.code, refused.detail) from None
        except _FAILURES as error:
            raise ExpressionInvalid(self.source, "does_not_fit", type(error).__name__) from error
        return list(result) if isinstance(result, tuple) else result


@dataclass(frozen=True)
class Script:
    """The assignments of a script task in their order."""

    source: str
    assignments: tuple[tuple[str, Expression], ...]

    @property
    def targets(self) -> frozenset[str]:
        """The process values that the script sets."""
        return frozenset(name for name, _ in self.assignments)

    @property
    def names(self) -> frozenset[str]:
        """The process values that must exist before it runs."""
        known: set[str] = set()
        read: set[str] = set()
        for target, expression in self.assignments:
            read |= expression.names - known
            known.add(target)
        return frozenset(read)

    def execute(self, values: Values) -> dict[str, Value]:
        """The values that it sets, each line seeing those above; `values` stay as they are."""
        seen = dict(values)
        changed: dict[str, Value] = {}
        for target, expression in self.assignments:
            seen[target] = changed[target] = expression.evaluate(seen)
        return changed


class _Words(ast.NodeTransformer):
    """Takes the words of other languages for what they mean."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Constant(_WORDS[node.id]), node) if node.id in _WORDS else node


class _Guards(ast.NodeTransformer):
    """Replaces operators and functions by their guarded forms, whose names no source can spell."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = guards.OPERATIONS[type(node.op)][0]
        call = ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], [])
        return ast.copy_location(call, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(argument) for argument in node.args]
        assert isinstance(node.func, ast.Name)
        node.func.id = f"_call_{node.func.id}"
        return node


def _constant(node: ast.Constant) -> str | None:
    value = node.value
    if value is None or isinstance(value, bool | str):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else "too_large"
    if isinstance(value, int):
        return None if abs(value) <= guards.MAX_NUMBER else "too_large"
    return "not_allowed"


def _call(node: ast.Call) -> str | None:
    if not (isinstance(node.func, ast.Name) and node.func.id in guards.FUNCTIONS):
        return "call"
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        return "call"
    return None


def _compare(node: ast.Compare) -> str | None:
    """`is` compares with None only: of texts and numbers it would tell how Python stores them."""
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.Is | ast.IsNot) and not (isinstance(right, ast.Constant) and right.value is None):
            return "is"
    return None


def _name(node: ast.Name) -> str | None:
    return "private_name" if node.id.startswith("_") else None


_CHECKS: Mapping[type[ast.AST], Callable[[Any], str | None]] = MappingProxyType(
    {ast.Constant: _constant, ast.Call: _call, ast.Compare: _compare, ast.Name: _name}
)


def _check(tree: ast.AST, source: str) -> frozenset[str]:
    """The names that the tree reads; raises ExpressionInvalid at the first node that is not allowed."""
    names: set[str] = set()
    functions: set[int] = set()
    pending = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ExpressionInvalid(source, "too_deep")
        if not isinstance(node, _ALLOWED):
            raise ExpressionInvalid(source, _CODES.get(type(node), "not_allowed"), type(node).__name__)
        problem = _CHECKS[type(node)](node) if type(node) in _CHECKS else None
        if problem is not None:
            raise ExpressionInvalid(source, problem, getattr(node, "id", ""))
        if isinstance(node, ast.Call):
            functions.add(id(node.func))
        elif isinstance(node, ast.Name) and id(node) not in functions:
            names.add(node.id)
        pending += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    if clash := names & guards.FUNCTIONS.keys():
        raise ExpressionInvalid(source, "function", ", ".join(sorted(clash)))
    return frozenset(names)


def _parsed(source: str) -> ast.Expression:
    if len(source) > MAX_LENGTH:
        raise ExpressionInvalid(source[:MAX_LENGTH], "too_long")
    try:
        # Python warns about odd sources on the channel of the whole process; here they are simply right or wrong.
        with _compiling, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.strip(), mode="eval")
            return _Words().visit(tree)  # type: ignore[no-any-return]  # the same kind of tree
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionInvalid(source, _language(source)) from error


def _language(source: str) -> str:
    """Whose language a source is that is none of ours."""
    text = source.strip()
    if text.startswith(("${", "#{")):
        return "juel"
    return "feel" if text.startswith("=") else "syntax"


@functools.lru_cache(_CACHE)
def _compiled(source: str) -> Expression:
    tree = _parsed(source)
    names = _check(tree, source)
    guarded = ast.fix_missing_locations(_Guards().visit(tree))
    try:
        with _compiling, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(guarded, "<expression>", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionInvalid(source, "syntax") from error
    return Expression(source, names, code)


def _require(names: frozenset[str], known: frozenset[str] | None, source: str) -> None:
    if known is not None and (unknown := names - known):
        raise ExpressionInvalid(source, "unknown_name", ", ".join(sorted(unknown)))


def compile_expression(source: str, names: frozenset[str] | None = None) -> Expression:
    """The expression, checked; with `names`, it may read nothing else. Raises ExpressionInvalid(code)."""
    expression = _compiled(source)
    _require(expression.names, names, source)
    return expression


def is_name(text: str) -> bool:
    """Whether a process value may bear this name."""
    reserved = text.startswith("_") or keyword.iskeyword(text) or text in guards.FUNCTIONS or text in _WORDS
    return text.isidentifier() and not reserved


_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)")


@functools.lru_cache(_CACHE)
def _compiled_script(source: str) -> Script:
    if len(source) > MAX_LENGTH * 10 or source.count("\n") > MAX_LINES:
        raise ExpressionInvalid(source[:MAX_LENGTH], "too_long")
    assignments = []
    for line in source.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(line)
        if match is None:
            raise ExpressionInvalid(line, "assignment")
        if not is_name(match[1]):
            raise ExpressionInvalid(line, "private_name", match[1])
        assignments.append((match[1], compile_expression(match[2])))
    if not assignments:
        raise ExpressionInvalid(source, "assignment")
    return Script(source, tuple(assignments))


def compile_script(source: str, names: frozenset[str] | None = None) -> Script:
    """The assignments of a script task; with `names`, it may read nothing else before setting it."""
    script = _compiled_script(source)
    _require(script.names, names, source)
    return script
