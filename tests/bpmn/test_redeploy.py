"""The diagrams are what runs: a change in a file changes the inbox, with no line of Python touched."""

from __future__ import annotations

from app.office import dates
from tests.bpmn import walking


def edited(name, before, after):
    content = walking.files()[name].decode()
    assert content.count(before) == 1
    return {name: content.replace(before, after).encode()}


def test_moving_a_task_to_another_lane_changes_whose_inbox_it_is_in(walk):
    content = walking.files()["plan.bpmn"].decode()
    reference = "        <bpmn:flowNodeRef>plan_consent</bpmn:flowNodeRef>\n"
    lane = '<bpmn:lane id="plan_lane_lead_leader"'
    start = content.index(lane)
    opening = content[start : content.index("\n", start) + 1]
    moved = content.replace(reference, "").replace(opening, opening + reference)
    walk.deploy({"plan.bpmn": moved.encode()})
    walk.arrive("V01").through_routing()
    for element in ("book_first_talk", "profile_interview", "profile_joint_vm", "profile_joint_fm", "plan_draft"):
        walk.do(element)
    assert walk.tasks()["plan_consent"].role == "LTG_STADT"


def test_changing_a_deadline_changes_the_due_date(walk):
    walk.arrive("V01")
    first = dates.day_of(walk.tasks()["routing_confirm"].due_at)
    quoted = "&quot;" if "&quot;routing&quot;" in walking.files()["routing.bpmn"].decode() else '"'
    deadline = f"frist({quoted}routing{quoted})"
    walk.deploy(edited("routing.bpmn", deadline, "werktage(7)"))
    walk.arrive("V03")
    second = dates.day_of(walk.tasks()["routing_confirm"].due_at)
    assert ((first - walk.today).days, (second - walk.today).days) == (0, 9)


def test_running_cases_stay_on_their_version(walk):
    walk.arrive("V01")
    before = walk._form(walk.tasks()["routing_confirm"]).title
    changed = walking.files()["forms/route_decision.json"].replace(b"Zuordnung entscheiden", b"Neu")
    walk.deploy({"forms/route_decision.json": changed})
    assert walk._form(walk.tasks()["routing_confirm"]).title == before
