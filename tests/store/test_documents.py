"""Values survive the way through JSON exactly, and equal values make equal documents."""

import json

import pytest
from hypothesis import given

from tests.store import ledger_values as some
from ybda_qc.model import Finding, Verdict
from ybda_qc.store import documents


@given(some.page_results)
def test_results_come_back_equal_whether_read_at_once_or_one_by_one(page):
    text = documents.dump_checks(page.checks)

    assert documents.load_checks(text) == page.checks
    lazy = documents.StoredChecks(text)
    assert lazy == page.checks
    assert page.checks == lazy
    assert {check: lazy[check] for check in page.checks} == page.checks
    assert "no such check" not in lazy


@given(some.page_results)
def test_the_order_in_which_checks_ran_does_not_show(page):
    turned = dict(reversed(page.checks.items()))

    assert documents.dump_checks(turned) == documents.dump_checks(page.checks)


@given(some.findings)
def test_findings_come_back_equal_with_whole_and_broken_numbers_told_apart(finding):
    back = documents.load_finding(
        finding.check, finding.code, finding.verdict.word, finding.subject, documents.dump_finding(finding)
    )

    assert back == finding
    assert repr(back.value) == repr(finding.value)
    assert {k: repr(v) for k, v in back.values.items()} == {k: repr(v) for k, v in finding.values.items()}


@given(some.faults)
def test_faults_come_back_equal(fault):
    assert documents.load_fault(documents.dump_fault(fault)) == fault


def test_documents_are_compact_and_name_their_words():
    text = documents.dump_checks({"skew": some.skew_result(0.5)})

    assert json.loads(text) == {
        "skew": {
            "state": "measured",
            "key": "1-a",
            "measured": [{"quantity": "skew", "value": 0.5, "unit": "deg", "confidence": 0.75}],
        }
    }
    assert " " not in text


def test_a_number_that_is_none_is_refused():
    finding = Finding(check="c", code="x", verdict=Verdict.NOTE, template="t", value=float("nan"))

    with pytest.raises(ValueError, match="not JSON compliant"):
        documents.dump_finding(finding)


def test_plan_and_decision_come_back_equal():
    assert documents.load_plan(documents.dump_plan(some.PLAN)) == some.PLAN
    decision, coverage, totals = some.decision_parts()
    text = documents.dump_decision(decision, coverage, totals)
    moment = decision.decided_at.isoformat()
    assert documents.load_decision("hold", "machine", moment, text) == (decision, coverage, totals)
