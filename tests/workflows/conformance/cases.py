"""What behaves: a diagram for each element and attribute, and the walk that shows it."""

from __future__ import annotations

from tests.workflows.conformance import (
    activity_cases,
    compensation_cases,
    element_cases,
    event_cases,
    flow_cases,
    pattern_cases,
    trigger_cases,
)

ALL = (
    *element_cases.ALL,
    *(flow_cases.FLOWS + flow_cases.LINKS + flow_cases.SIGNALS + flow_cases.ERRORS + flow_cases.IMPLIED),
    *(event_cases.EVENT_SUBPROCESSES + event_cases.CONDITIONS),
    *(activity_cases.INSTANCES + activity_cases.LOOPS + activity_cases.AD_HOC + activity_cases.DATA),
    *(compensation_cases.COMPENSATION + compensation_cases.TRANSACTIONS),
    *trigger_cases.TRIGGERS,
    *pattern_cases.ALL,
)
