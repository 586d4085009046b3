# ruff: noqa: E501  diagrams in shorthand read best unbroken
"""Activities several times, in free order, and with data: diagrams and the walks that show them."""

from __future__ import annotations

from tests.workflows.conformance.drawing import Case
from tests.workflows.conformance.flow_cases import ERROR, INNER, MESSAGE

MANY = '<user id="a"><multiInstanceLoopCharacteristics id="mi" isSequential="{}">{}</multiInstanceLoopCharacteristics></user>'
OVER = '<start id="s"/>{}<user id="b"/><end id="e"/>{{s a b e}}'
LIST = '<loopDataInputRef>people</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef><inputDataItem id="di" name="person"/><outputDataItem id="do" name="answer"/>'
INSTANCES = (
    Case(
        "an activity is done for each of a list at once; the answers stand in the order of the list",
        "multiInstanceLoopCharacteristics, loopDataInputRef, loopDataOutputRef, inputDataItem, outputDataItem",
        OVER.format(MANY.format("false", LIST)),
        steps=(("a", {"answer": 1}), ("a", {"answer": 2}), "b"),
        seen=("a a", "a", "b", ""),
        given={"people": ["x", "y"]},
        data={"people": ["x", "y"], "answers": [1, 2]},
        values="people answer",
    ),
    Case(
        "an activity is done for each of a list in turn, seeing its item",
        "multiInstanceLoopCharacteristics.isSequential, inputDataItem",
        OVER.format(
            '<sub id="a"><multiInstanceLoopCharacteristics id="mi" isSequential="true">'
            + LIST
            + '</multiInstanceLoopCharacteristics><start id="is"/>'
            '<scriptTask id="x"><script>answer = person + 1\nlast = loopCounter * 10 + numberOfInstances</script></scriptTask><user id="i"/><end id="ie"/>{is x i ie}</sub>'
        ),
        steps=("i", "i", "b"),
        seen=("i", "i", "b", ""),
        given={"people": [1, 5]},
        data={"people": [1, 5], "answers": [2, 6], "last": 22},
        values="people",
    ),
    Case(
        "an activity is done so many times",
        "loopCardinality",
        OVER.format(MANY.format("false", "<loopCardinality>n + 1</loopCardinality>")),
        steps=("a", "a", "a", "b"),
        seen=("a a a", "a a", "a", "b", ""),
        given={"n": 2},
        values="n",
    ),
    Case(
        "an empty list is passed by",
        "multiInstanceLoopCharacteristics",
        OVER.format(MANY.format("false", LIST)),
        steps=("b",),
        seen=("b", ""),
        given={"people": []},
        data={"people": [], "answers": []},
        values="people",
    ),
    Case(
        "enough instances end the others: at once",
        "completionCondition",
        OVER.format(
            MANY.format(
                "false",
                "<loopCardinality>4</loopCardinality><completionCondition>numberOfCompletedInstances >= 2 or yes</completionCondition>",
            )
        ),
        steps=(("a", {"yes": False}), ("a", {"yes": False}), "b"),
        seen=("a a a a", "a a a", "b", ""),
        given={"yes": False},
        data={"yes": False},
        values="yes",
    ),
    Case(
        "enough instances end the others: in turn",
        "completionCondition",
        OVER.format(
            MANY.format("true", "<loopCardinality>4</loopCardinality><completionCondition>yes</completionCondition>")
        ),
        steps=(("a", {"yes": False}), ("a", {"yes": True}), "b"),
        seen=("a", "a", "b", ""),
        values="yes",
    ),
    Case(
        "a called process runs for each of a list",
        "multiInstanceLoopCharacteristics, callActivity",
        OVER.format(
            '<call id="a" calledElement="q"><multiInstanceLoopCharacteristics id="mi">'
            + LIST
            + "</multiInstanceLoopCharacteristics></call>"
        ),
        steps=("i", "i", "b"),
        seen=("i i", "i", "b", ""),
        given={"people": [1, 2]},
        data={"people": [1, 2], "answers": [None, None]},
        values="people",
        called={"q": INNER},
    ),
    Case(
        "an event at the border ends all instances",
        "multiInstanceLoopCharacteristics, boundaryEvent",
        '<start id="s"/><sub id="a"><multiInstanceLoopCharacteristics id="mi"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'
        '<start id="is"/><user id="i"/><catch id="c"><message id="d1" messageRef="msg"/></catch><end id="ie"><error id="d3" errorRef="err"/></end>{is i c ie}</sub>'
        '<border id="w" attachedToRef="a"><error id="d2" errorRef="err"/></border><user id="b"/><end id="e"/>{s a e}{w b e}',
        steps=("i", "!Brief", "b"),
        seen=("i i", "i", "b", ""),
        root=ERROR + MESSAGE,
    ),
    Case(
        "a list that stands in a data object",
        "loopDataInputRef, dataObject.isCollection, dataObjectReference",
        OVER.format(MANY.format("false", "<loopDataInputRef>r</loopDataInputRef>"))
        + '<dataObject id="o" name="people" isCollection="true"/><dataObjectReference id="r" dataObjectRef="o"/>',
        steps=("a", "b"),
        seen=("a", "b", ""),
        given={"people": [1]},
    ),
)
LOOP = '<user id="a"><standardLoopCharacteristics id="lo"{}</standardLoopCharacteristics></user>'
LOOPS = (
    Case(
        "an activity is repeated as long as its condition holds, at least once",
        "standardLoopCharacteristics, loopCondition",
        OVER.format(LOOP.format("><loopCondition>again</loopCondition>")),
        steps=(("a", {"again": True}), ("a", {"again": False}), "b"),
        seen=("a", "a", "b", ""),
        given={"again": False},
        values="again",
    ),
    Case(
        "a loop that tests before may not begin at all",
        "standardLoopCharacteristics.testBefore",
        OVER.format(LOOP.format(' testBefore="true"><loopCondition>again</loopCondition>')),
        steps=("b",),
        seen=("b", ""),
        given={"again": False},
        values="again",
    ),
    Case(
        "a loop ends after its greatest number",
        "standardLoopCharacteristics.loopMaximum",
        OVER.format(LOOP.format(' loopMaximum="3"><loopCondition>loopCounter != 7</loopCondition>')),
        steps=("a", "a", "a", "b"),
        seen=("a", "a", "a", "b", ""),
    ),
)
ADHOC = (
    '<start id="s"/><adHocSubProcess id="h" d:role="KS"{}>{}</adHocSubProcess><user id="z"/><end id="e"/>{{s h z e}}'
)
AD_HOC = (
    Case(
        "the steps of an ad-hoc subprocess are chosen freely, each as often as wanted, until it is complete",
        "adHocSubProcess, adHocSubProcess.ordering, adHocSubProcess.cancelRemainingInstances, completionCondition",
        ADHOC.format(
            "", '<user id="a"/><user id="b"/><user id="c"/>{b c}<completionCondition>done</completionCondition>'
        ),
        steps=(("a", {"done": False}), ("a", {"n": 2}), "b", ("c", {"done": True}), "z"),
        seen=("a b", "a b", "a b", "a b c", "z", ""),
        data={"done": True, "n": 2},
        values="done n",
    ),
    Case(
        "steps that have begun are ended first where remaining ones are not cancelled",
        "adHocSubProcess.cancelRemainingInstances",
        ADHOC.format(
            ' cancelRemainingInstances="false"',
            '<user id="a"/><user id="b"/><user id="c"/>{b c}<completionCondition>done</completionCondition>',
        ),
        steps=("b", ("a", {"done": True}), ("c", {"k": 1}), "z"),
        seen=("a b", "a b c", "c", "z", ""),
        data={"done": True, "k": 1},
        values="done",
    ),
    Case(
        "one step at a time in a sequential ad-hoc subprocess",
        "adHocSubProcess.ordering",
        ADHOC.format(
            ' ordering="Sequential"',
            '<user id="a"/><user id="b"/><user id="c"/>{b c}<completionCondition>done</completionCondition>',
        ),
        steps=("b", "c", ("a", {"done": True}), "z"),
        seen=("a b", "c", "a b", "z", ""),
        values="done",
    ),
    Case(
        "an ad-hoc subprocess without a condition is closed by a task of its own",
        "adHocSubProcess",
        ADHOC.format("", '<user id="a"/><scriptTask id="x" d:role="KS"><script>n = 1</script></scriptTask>'),
        steps=("x", "a", "h", "z"),
        seen=("a h x", "a h x", "a h x", "z", ""),
        data={"n": 1},
    ),
    Case(
        "a step that may be over at once is offered first",
        "adHocSubProcess",
        ADHOC.format(
            "",
            '<user id="a"><multiInstanceLoopCharacteristics id="mi"><loopCardinality>n</loopCardinality></multiInstanceLoopCharacteristics></user>'
            '<catch id="c" ><message id="d1" messageRef="msg"/></catch><user id="b"/>{c b}',
        ),
        steps=("a", "!Brief", "b", "h", "z"),
        seen=("a h", "a h", "a b h", "a h", "z", ""),
        given={"n": 0},
        values="n",
        root=MESSAGE,
    ),
)
DATA = (
    Case(
        "data associations copy before and after an activity",
        "dataObject, dataObjectReference.dataObjectRef, dataInputAssociation.sourceRef, dataOutputAssociation.targetRef, ioSpecification, dataInput, dataOutput",
        '<dataObject id="o1" name="income"/><dataObjectReference id="r1" dataObjectRef="o1"/><dataObject id="o2" name="result"/><dataObjectReference id="r2" dataObjectRef="o2"/>'
        '<start id="s"/><scriptTask id="x"><ioSpecification><dataInput id="di" name="amount"/><dataOutput id="do" name="total"/>'
        "<inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet></ioSpecification>"
        "<dataInputAssociation><sourceRef>r1</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>do</sourceRef><targetRef>r2</targetRef></dataOutputAssociation>"
        '<script>total = amount + 1</script></scriptTask><user id="a"/><end id="e"/>{s x a e}',
        steps=("a",),
        seen=("a", ""),
        given={"income": 4},
        data={"income": 4, "amount": 4, "total": 5, "result": 5},
    ),
    Case(
        "an activity waits for the data that its input set requires",
        "inputSet, dataInputRefs, dataInputAssociation.sourceRef, ioSpecification, dataInput",
        '<dataObject id="o1" name="income"/><start id="s"/><and id="g"/><scriptTask id="x"><ioSpecification><dataInput id="di" name="amount"/>'
        "<inputSet><dataInputRefs>di</dataInputRefs></inputSet></ioSpecification>"
        "<dataInputAssociation><sourceRef>o1</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
        '<script>doubled = amount * 2</script></scriptTask><user id="a"/><user id="b"/><end id="e"/>{s g x b e}{g a e}',
        steps=(("a", {"income": 4}), "b"),
        seen=("a", "b", ""),
        data={"income": 4, "amount": 4, "doubled": 8},
        passed="x",
    ),
    Case(
        "an activity begins with the input set that is there first",
        "inputSet, dataInputRefs, optionalInputRefs",
        '<dataObject id="o1" name="income"/><dataObject id="o2" name="rent"/><dataObject id="o3" name="note"/><start id="s"/><and id="g"/>'
        '<user id="x"><ioSpecification><dataInput id="d1" name="p"/><dataInput id="d2" name="q"/><dataInput id="d3" name="r"/>'
        "<inputSet><dataInputRefs>d1</dataInputRefs><dataInputRefs>d2</dataInputRefs></inputSet>"
        "<inputSet><dataInputRefs>d2</dataInputRefs><optionalInputRefs>d3</optionalInputRefs></inputSet></ioSpecification>"
        "<dataInputAssociation><sourceRef>o1</sourceRef><targetRef>d1</targetRef></dataInputAssociation>"
        "<dataInputAssociation><sourceRef>o2</sourceRef><targetRef>d2</targetRef></dataInputAssociation>"
        "<dataInputAssociation><sourceRef>o3</sourceRef><targetRef>d3</targetRef></dataInputAssociation></user>"
        '<user id="a"/><user id="b"/><end id="e"/>{s g x e}{g a b e}',
        steps=(("a", {"income": 4}), ("b", {"rent": 5}), "x"),
        seen=("a", "b", "x", ""),
        data={"income": 4, "rent": 5, "p": 4, "q": 5, "r": None},
    ),
    Case(
        "an activity does not wait for data that no input set requires",
        "dataInputAssociation.sourceRef, ioSpecification, dataInput",
        '<dataObject id="o1" name="income"/><start id="s"/><scriptTask id="x"><ioSpecification><dataInput id="di" name="amount"/>'
        "<inputSet/></ioSpecification>"
        "<dataInputAssociation><sourceRef>o1</sourceRef><targetRef>di</targetRef></dataInputAssociation>"
        '<script>known = amount != None</script></scriptTask><user id="a"/><end id="e"/>{s x a e}',
        steps=("a",),
        seen=("a", ""),
        data={"amount": None, "known": False},
    ),
    Case(
        "the ways out of an activity are chosen with what it gives",
        "dataOutputAssociation, sequenceFlow.conditionExpression",
        '<dataObject id="o1"/><dataObject id="o2"/><start id="s"/><user id="a" default="p_a_c"><dataOutputAssociation id="da"><sourceRef>o1</sourceRef>'
        '<targetRef>o2</targetRef></dataOutputAssociation></user><user id="b"/><user id="c"/><end id="e"/>{s a b[o2 == 1] e}{a c e}',
        steps=(("a", {"o1": 1}), "b"),
        seen=("a", "b", ""),
    ),
    Case(
        "an association may transform and assign",
        "dataInputAssociation.transformation, dataInputAssociation.assignment, assignment.from, assignment.to, property",
        '<property id="pr" name="income"/><start id="s"/><user id="a"><dataInputAssociation><sourceRef>pr</sourceRef><targetRef>pr</targetRef>'
        "<transformation>income * 2</transformation><assignment><from>income + 1</from><to>pr</to></assignment></dataInputAssociation></user>"
        '<end id="e"/>{s a e}',
        steps=("a",),
        seen=("a", ""),
        given={"income": 4},
        data={"income": 9},
    ),
)
