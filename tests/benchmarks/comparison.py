"""How long the comparison of two versions of 200 elements takes: python -m tests.benchmarks.comparison."""

from __future__ import annotations

import time

from workflows import comparison

ELEMENTS = 200
ROUNDS = 5


def diagram(marked: str) -> bytes:
    """A chain of tasks, each drawn, each with what the comparison looks at."""
    tasks = "".join(
        f'<userTask id="t{n}" name="Schritt {n}{marked}" d:role="KS" d:deadline="werktage(5)">'
        f"<documentation>Was zu tun ist, {n}{marked}.</documentation></userTask>"
        f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>'
        for n in range(ELEMENTS)
    )
    shapes = "".join(
        f'<di:BPMNShape id="s{n}" bpmnElement="t{n}"><dc:Bounds x="{n}" y="{len(marked)}" width="100" height="80"/>'
        "</di:BPMNShape>"
        for n in range(ELEMENTS)
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1" '
        'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        f'<process id="p">{tasks}</process><di:BPMNDiagram><di:BPMNPlane bpmnElement="p">{shapes}</di:BPMNPlane>'
        "</di:BPMNDiagram></definitions>"
    ).encode()


def main() -> None:
    """Prints the slowest of some rounds, sentences included."""
    old, new = diagram(""), diagram(" neu")
    slowest = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        changes = comparison.compare({"p.bpmn": old}, {"p.bpmn": new})
        said = [change.sentence("de") for change in changes]
        slowest = max(slowest, time.perf_counter() - began)
    print(f"{ELEMENTS} tasks, {len(said)} changes: {slowest * 1000:.0f} ms")


if __name__ == "__main__":
    main()
