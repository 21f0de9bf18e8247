"""A catalogue and the outcomes of batch checks come back as they were put."""

from datetime import UTC, datetime

from ybda_qc.model import (
    BatchOutcome,
    Catalogue,
    CatalogueIdentity,
    CatalogueTable,
    Coverage,
    Decision,
    Outcome,
    ProfileIdentity,
    Record,
    Scope,
    Totals,
    Verdict,
)
from ybda_qc.model.ledger import PlanRecord

WHEN = datetime(2026, 1, 5, tzinfo=UTC)
PLAN = PlanRecord(
    profile=ProfileIdentity(id="base", title="Base", digest="0" * 64), page_checks=(), batch_checks=()
)
TABLE = CatalogueTable(
    sheet="目录", encoding="", header_row=2, columns={"code": "档号"}, unknown=("柜号",), records=2
)
CATALOGUE = Catalogue(
    identity=CatalogueIdentity(path="目录.xlsx", sha256="a" * 64, tables=(TABLE,)),
    records=(
        Record(sheet="目录", row=3, values={"code": "A182-1 ", "title": "通知"}),
        Record(sheet="目录", row=5, values={"title": "=1+1"}),
    ),
)


def begin(ledger) -> int:
    return ledger.begin_run(
        batch_root="/batch", started_at=WHEN, engine_version="0", plan=PLAN, executor="serial", workers=1
    )


def test_a_catalogue_comes_back_and_a_second_one_takes_its_place(ledger):
    run = begin(ledger)
    assert ledger.load_catalogue(run) is None

    ledger.record_catalogue(run, CATALOGUE)
    assert ledger.load_catalogue(run) == CATALOGUE

    ledger.record_catalogue(run, None)
    assert ledger.load_catalogue(run) is None


def test_outcomes_of_batch_checks_stand_in_the_summary(ledger):
    run = begin(ledger)
    judgement = ledger.begin_judgement(run, judged_at=WHEN, plan=PLAN)
    outcomes = {
        "fixity": BatchOutcome(verdict=Verdict.NOT_APPLICABLE, reason="no list"),
        "layout": BatchOutcome(verdict=Verdict.FAIL),
    }
    for check, outcome in outcomes.items():
        ledger.put_batch_outcome(judgement, check, outcome)
    decision = Decision(outcome=Outcome.HOLD, scope=Scope.MACHINE, reasons=(), decided_at=WHEN)
    totals = Totals(bytes=0, pages_by_verdict={}, findings_by_check={}, paper_sizes={})
    ledger.put_decision(judgement, decision, Coverage(pages=0, measured=0, not_run=0, faults=0), totals)

    assert ledger.summary(judgement, {}).outcomes == outcomes
