"""What the player says of failures: the element at which it happened, and why."""

from __future__ import annotations

import pytest

from tests import factories
from tests.workflows.conformance import drawing
from tests.workflows.conformance.flow_cases import ERROR, ESCALATION
from tests.workflows.walks import NOW
from workflows import linter, player, player_report, player_scenario

LATE = "<timer id='t'><timeDuration>due</timeDuration></timer>"
MANY = (
    "<multiInstanceLoopCharacteristics id='m'><loopCardinality>due</loopCardinality></multiInstanceLoopCharacteristics>"
)
AGAIN = "<standardLoopCharacteristics id='m'><loopCondition>due > 1</loopCondition></standardLoopCharacteristics>"


def played(body, **scenario):
    files = {"p.bpmn": drawing.diagram(body, values="due", root=ERROR + ESCALATION).encode()}
    given = {"declared": {}, "calendar": factories.SimpleCalendar(), "now": NOW}
    found = linter.check(files, handlers={}, lenient=player.LENIENT)
    scenario = player_scenario.Scenario(auto_complete=True, **scenario)
    return player.play(files, scenario, main="p.bpmn", checked=found, **given)


@pytest.mark.parametrize(
    "node",
    [f'<catch id="n">{LATE}</catch>', f'<user id="n">{MANY}</user>', f'<user id="n">{AGAIN}</user>'],
    ids=["a timer", "instances", "a loop"],
)
def test_an_expression_that_fails_is_told_at_its_own_element(node):
    result = played(f'<start id="s"/><user id="a"/>{node}<end id="e"/>{{s a n e}}', data={"due": "soon"})
    assert result.outcome == "failed"
    assert [problem.element for problem in result.problems if problem.severity == "error"] == ["n"]


@pytest.mark.parametrize("locale", ["de", "en"])
def test_an_error_that_nobody_catches_is_told_with_its_code(locale):
    result = played('<start id="s"/><end id="e"><error id="d" errorRef="err"/></end>{s e}')
    (problem,) = player_report.as_json(result, locale)["problems"]
    assert (problem["element"], problem["code"]) == ("e", "error_uncaught")
    assert "E1" in problem["message"]


def test_what_only_an_instance_sees_does_not_leave_it_with_an_error():
    many = '<multiInstanceLoopCharacteristics id="m"><loopDataInputRef>due</loopDataInputRef><inputDataItem id="di" name="one"/></multiInstanceLoopCharacteristics>'  # noqa: E501
    result = played(
        f'<start id="s"/><sub id="n">{many}<start id="is"/><scriptTask id="x"><script>due = one</script></scriptTask>'
        '<end id="ie"><error id="d1" errorRef="err"/></end>{is x ie}</sub><end id="e"/>{s n e}'
        '<border id="w" attachedToRef="n"><error id="d2"/></border>{w e}',
        data={"due": [7, 8]},
    )
    assert (result.outcome, result.data) == ("completed", {"due": 7})


def test_nor_with_an_event_beside_the_instances():
    many = '<multiInstanceLoopCharacteristics id="m"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'  # noqa: E501
    aside = '<sub id="es" triggeredByEvent="true"><start id="es_s" isInterrupting="false">{}</start><task id="h"/><end id="es_e"/>{{es_s h es_e}}</sub>'  # noqa: E501
    result = played(
        f'<start id="s"/><sub id="n">{many}<start id="is"/><throw id="x"><escalation id="d1" escalationRef="esc"/></throw>'  # noqa: E501
        '<user id="u"/><end id="ie"/>{is x u ie}</sub><end id="e"/>{s n e}'
        + aside.format('<escalation id="d2" escalationRef="esc"/>'),
        data={"due": 1},
    )
    assert (result.outcome, result.data) == ("completed", {"due": 1})


def test_a_data_object_is_known_by_the_name_that_its_references_show():
    result = played(
        '<dataObject id="o"/><dataObjectReference id="r" name="due" dataObjectRef="o"/><start id="s"/><task id="a">'
        '<ioSpecification id="io"><dataInput id="di" name="given"/><inputSet id="is"/><outputSet id="os"/></ioSpecification>'  # noqa: E501
        '<dataInputAssociation id="da"><sourceRef>r</sourceRef><targetRef>di</targetRef></dataInputAssociation>'
        '</task><end id="e"/>{s a e}',
        data={"due": 7},
    )
    assert result.data == {"due": 7, "given": 7}
