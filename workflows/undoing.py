"""Steps that the normal form puts in for compensation: what is done is noted with its scope, and taken from there."""

from __future__ import annotations

from typing import Any

from workflows import catching, markup, offers

_KEPT = "~undo"


class NoteDone(offers.Piece):
    """Notes that an activity was done."""

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401  here and below: tasks of the library
        _kept(my_task)["done"].append(self.text)
        return True


class UndoDone(offers.Chooser):
    """Leads to what undoes the activity that was done last, and on when nothing is left to undo."""

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        targets = dict(pair.split("=") for pair in self.text.split())
        kept = _kept(my_task)
        found = [place for place, activity in enumerate(kept["done"]) if activity in targets]
        if found:
            border = targets[kept["done"].pop(found[-1])]
            kept["back"].append([border, self.name])
            offers.choose(my_task, [output for output in self.outputs if output.name == border])
        else:
            offers.choose(my_task, [output for output in self.outputs if output.name not in targets.values()])
        return True


class AfterUndoing(offers.Chooser):
    """Leads back to who has let the activity be undone."""

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        names, back = {output.name for output in self.outputs}, _kept(my_task)["back"]
        place = next(
            (place for place, (border, undo) in enumerate(back) if border == self.text and undo in names), None
        )
        # A step that people set here by hand leads nowhere.
        name = back.pop(place)[1] if place is not None else ""
        offers.choose(my_task, [output for output in self.outputs if output.name == name])
        return True


class CancelOthers(offers.Piece):
    """Takes all other tokens of a transaction away, which is cancelled."""

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ANN401
        catching.withdraw(my_task.workflow, {my_task.id})
        return True


def _kept(my_task: Any) -> dict[str, list[Any]]:  # noqa: ANN401
    kept: dict[str, list[Any]] = my_task.workflow.data.setdefault(_KEPT, {"done": [], "back": []})
    return kept


def forget(frame: Any) -> None:  # noqa: ANN401
    """With the end of its scope nothing is left to undo."""
    frame.data.pop(_KEPT, None)


KINDS = {
    markup.NOTE_DONE: NoteDone,
    markup.UNDO_DONE: UndoDone,
    markup.AFTER_UNDOING: AfterUndoing,
    markup.CANCEL_OTHERS: CancelOthers,
}
