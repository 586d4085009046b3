"""The script engine of every run: the language of diagrams, with a stamp on each value that a script sets."""

from __future__ import annotations

from typing import Any

from workflows import errors, expressions, specs, values


class ScriptEngine(specs.Language):
    """Evaluates conditions and carries out scripts; what a script assigns counts as written at that moment."""

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ANN401, ARG002
        """Sets what the script assigns; raises ExpressionInvalid."""
        assigned = expressions.compile_script(script).execute(task.data)
        refused = values.refusal(assigned)
        if refused is not None:
            raise errors.ExpressionInvalid(script, "too_large", refused)
        values.write(task, assigned)
        return True
