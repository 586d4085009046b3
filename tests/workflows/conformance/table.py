"""The table of docs/bpmn.md; `python -m tests.workflows.conformance.table` makes it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.workflows.conformance import cases, standard
from workflows import lint_vocabulary, texts

FILE = Path(__file__).parents[3] / "docs" / "bpmn.md"
_HEAD = """# BPMN: what behaves, what is refused

Made from the linter's words and the conformance suite by `python -m tests.workflows.conformance.table`; a test fails
when it is stale. Whatever stands in no row, and each value that a row does not allow, is refused at upload with the id
of the element, the reason and a way out. A step that fails at run time is rolled back and becomes an incident.

Some choices where the standard leaves one:

* A task without a kind (`task`) is done at once. `userTask` and `manualTask` are done by people of the role of their
  lane.
* Several ways out of an activity are taken at once; conditional ones where their condition holds, the default where
  none does.
* Tokens carry copies of the process values; where they meet, the value written last wins. Data objects, data inputs
  and outputs and properties are process values under their names; associations copy between differently named ones.
  An activity waits until the data that one of its input sets requires have values; then they are copied. Inputs that
  are optional, that no association fills or that stand in no input set hold nothing back and are empty (None) there;
  so are those of throwing events and of the steps of an ad-hoc subprocess, which people begin.
* An error that nobody catches ends the process, and its history says so. An escalation that nobody catches has no
  effect.
* A message is about the case of who sends it, or about the case that a process value names (`d:to="other_case"` at a
  send task, throw or end event). Where message flows are drawn from who sends, it goes to the processes to which they
  lead and to no others; to a pool that shows no process it leaves the house. Within an instance the first that waits
  takes it; else all instances about that case that wait, each once; else it begins the processes that it starts; else
  it is kept for 90 days until somebody waits. Correlation keys are not used. A signal reaches all who wait, in all
  cases, and starts processes; it is not kept.
* A catching event with several triggers goes on with the first of them, and with `parallelMultiple` in the flow when
  all have come; at a border and before an event subprocess each trigger listens by itself: a timer there comes once, a
  message as often as it is sent. A throwing event throws all, in the order of the file, and what ends last. Each
  message, signal and instant of a start event begins an instance of its own. `parallelMultiple` is refused where
  something begins or interrupts: the first triggers would have to be kept for an instance or activity that may be
  another when the last one comes. An event has at most 24 triggers, in an ad-hoc subprocess one.
* A conditional event happens when its condition becomes true; it is asked after each step of its case and whenever its
  values are changed, and sees what any token of its process has written last.
* Each start event of a process is a way of its own to begin an instance; only the one that begins gets a token. Who
  begins a process with several start events without a trigger names one, a call activity by `d:start="element id"`;
  unnamed it is refused. A subprocess has one start event.
* A start event that waits for an instant counts from the deployment; what was over by then begins nothing, what is
  missed later is caught up, and a newer version takes the place of the older. Such a process has no case: it may hold
  no tasks for people, but may send signals, and messages to cases. Conditions start no process.
* Compensation stays within one process or subprocess: what is thrown there undoes what was done there, one after the
  other, what ended last first, each once; who undoes sees the values as they are now. Across subprocesses, for loops
  and by event subprocesses nothing is undone; that is refused. A transaction that is cancelled ends what runs in it,
  undoes what was done in it, and goes on at its border; an error leaves it without undoing.
* A loop in which nothing waits must be able to end: something in it sets values and a choice reads them.
* Each instance of a multi-instance activity sees `loopCounter` (from 1), `numberOfInstances`,
  `numberOfActiveInstances`, `numberOfCompletedInstances` and its item. Results stand in the order of the list; an
  instance that did not end gives nothing (None).
* The steps of an ad-hoc subprocess are offered as tasks, each as often as people want; what is no task for people is
  begun by a task that bears its name. Without a completion condition a task that bears the name of the subprocess
  closes it.
* Where neither start nor end events are drawn, both are implied.
"""


def _shown() -> dict[str, list[str]]:
    """For each element and "element.attribute" the names of the cases that show it."""
    found: dict[str, list[str]] = {}
    for case in cases.ALL:
        for item in case.shows.replace(",", " ").split():
            found.setdefault(item, []).append(case.name)
            for element in item.split("."):
                if case.name not in found.setdefault(element, []):
                    found[element].append(case.name)
    for item, place in standard.ELSEWHERE.items():
        found.setdefault(item, []).append(place)
    return found


def _attributes(name: str, shown: dict[str, list[str]]) -> str:
    word = lint_vocabulary.WORDS[name]
    parts = []
    for attribute, values in sorted(word.attributes.items()):
        allowed = {{"0": "false", "1": "true"}.get(value, value) for value in values}
        if attribute in standard.NO_EFFECT_ATTRIBUTES - {part.partition(".")[2] for part in shown}:
            continue
        if f"{name}.{attribute}" in shown or len(allowed) > 1:
            parts.append(f"`{attribute}`")
        elif allowed:
            parts.append(f"`{attribute}` only {'/'.join(sorted(allowed))}")
    return ", ".join(parts)


def _behaves(shown: dict[str, list[str]]) -> list[str]:
    lines = ["## Behaves", "", "| element | attributes | shown by |", "|---|---|---|"]
    for name in sorted(lint_vocabulary.WORDS.keys() - standard.NO_EFFECT, key=str.lower):
        proofs = "; ".join(shown.get(name, ()))
        lines.append(f"| `{name}` | {_attributes(name, shown)} | {proofs} |")
    return lines


def _inert() -> list[str]:
    names = ", ".join(f"`{name}`" for name in sorted(standard.NO_EFFECT, key=str.lower))
    head = "For people and other tools; the standard gives them no effect on a run, and here they have none:"
    return ["", "## Carried along", "", head, "", names + ".", ""]


def _refused() -> list[str]:
    lines = ["## Refused", "", "| element | reason | way out |", "|---|---|---|"]
    for name in sorted(standard.ELEMENTS - standard.NO_EFFECT - lint_vocabulary.WORDS.keys(), key=str.lower):
        code = lint_vocabulary.REFUSED.get(name, "element_unknown")
        values = {"name": name, "label": "", "element": "", "file": "", "parent": "", "value": "", "attribute": ""}
        reason = texts.text("problem", code, locale="en", values=values)
        lines.append(f"| `{name}` | {reason} | {texts.remedy(code, locale='en', values=values)} |")
    return lines


def _patterns() -> list[str]:
    told = "BPMN can express all of the twenty original control-flow patterns; each has a case of its own:"
    lines = ["", "## Workflow patterns", "", told, ""]
    lines += [f"* {case.name}" for case in cases.ALL if case.pattern]
    return lines


def text() -> str:
    """The whole file."""
    shown = _shown()
    return _HEAD + "\n" + "\n".join([*_behaves(shown), *_inert(), *_refused(), *_patterns()]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(f"{FILE}\n")
    FILE.write_text(text(), encoding="utf-8")
