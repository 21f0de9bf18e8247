"""Results of pairs and candidates come back as they were put, and go when their contents go."""

import sqlite3

import pytest

from tests.store import ledger_values as some
from ybda_qc.model import (
    Candidates,
    CheckResult,
    Measurement,
    PageContent,
    PageId,
    PagePair,
    PairedPage,
    PairKey,
    State,
    Unit,
)


def key(one: str, other: str, frame: int = 1) -> PairKey:
    return PairKey.of(PageContent(other * 64, frame), PageContent(one * 64, 1))


def result(value: float = 0.5) -> CheckResult:
    measured = (Measurement(quantity="difference", value=value, unit=Unit.SCORE),)
    return CheckResult(state=State.MEASURED, key="1-x", measured=measured)


def test_what_was_put_is_found_by_both_contents_in_either_order(ledger):
    ledger.put_pairs("duplicate_page", {key("a", "b"): result()})

    assert ledger.pairs("duplicate_page", [key("b", "a"), key("a", "c")]) == {key("a", "b"): result()}
    assert ledger.pairs("another", [key("a", "b")]) == {}


def test_frames_are_told_apart(ledger):
    ledger.put_pairs("c", {key("a", "b", 1): result(1.0), key("a", "b", 2): result(2.0)})

    assert ledger.pairs("c", [key("a", "b", 2)]) == {key("a", "b", 2): result(2.0)}


def test_a_later_result_replaces_a_fault(ledger):
    ledger.put_pairs("c", {key("a", "b"): CheckResult(state=State.FAULT, key="1-x", reason="crashed")})
    ledger.put_pairs("c", {key("a", "b"): result()})

    assert ledger.pairs("c", [key("a", "b")]) == {key("a", "b"): result()}


def test_hundreds_of_pairs_are_found_at_once(ledger):
    many = {key("a", "b", frame): result(frame) for frame in range(1, 351)}
    ledger.put_pairs("c", many)

    assert ledger.pairs("c", many) == many


def test_what_the_disk_has_spoilt_is_not_known(ledger, tmp_path):
    ledger.put_pairs("c", {key("a", "b"): result()})
    connection = sqlite3.connect(tmp_path / "out" / "ledger.sqlite3")
    with connection:
        connection.execute("UPDATE pair SET document = replace(document, '0.5', '0.1')")
    connection.close()

    assert ledger.pairs("c", [key("a", "b")]) == {}


@pytest.mark.parametrize("fault", ["", "ValueError: broke"])
def test_candidates_of_a_run_come_back(ledger, fault):
    run = some.begin(ledger)
    pages = [
        PairedPage(page=PageId(path=path, frame=2), path_hex=None, size_bytes=9, sha256=path * 64)
        for path in ("a", "b")
    ]
    pair = PagePair(one=pages[0], other=pages[1])
    kept = Candidates(key="1-m", fault=fault, pairs=(pair,), passed_over=3)
    ledger.put_candidates(run, "c", Candidates())
    ledger.put_candidates(run, "c", kept)

    assert ledger.candidates(run, "c") == kept
    assert ledger.candidates(run, "other") is None


def test_pairs_go_when_a_content_is_gone_for_good(ledger):
    one, other, gone = (some.page_result(name, sha256=name * 64) for name in "abc")
    pairs = {key("a", "b"): result(), key("a", "c"): result()}
    some.whole_run(ledger, [one, other, gone])
    ledger.put_pairs("x", pairs)
    some.whole_run(ledger, [one, other])
    assert ledger.pairs("x", pairs) == pairs

    some.whole_run(ledger, [one, other])
    assert set(ledger.pairs("x", pairs)) == {key("a", "b")}
