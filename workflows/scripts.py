"""The script engine of every run: the language of diagrams, with a stamp on each value that a script sets."""

from __future__ import annotations

from typing import Any

from workflows import expressions, specs, values


class ScriptEngine(specs.Language):
    """Evaluates conditions and carries out scripts; what a script assigns counts as written at that moment."""

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ANN401, ARG002
        """Sets what the script assigns; raises ExpressionInvalid."""
        values.write(task, expressions.compile_script(script).execute(task.data))
        return True
