"""The ledger keeps what can still be asked for, and does not grow with every run."""

import sqlite3
from pathlib import Path

from tests.store import ledger_values as some
from ybda_qc.store import open_ledger


def count(folder: Path, table: str) -> int:
    connection = sqlite3.connect(folder / "ledger.sqlite3")
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()


def results(*names: str):
    return [some.page_result(name, sha256=name.encode().hex().ljust(64, "0")) for name in names]


def contents(*names: str):
    return [result.sha256 for result in results(*names)]


def test_a_killed_run_leaves_its_measurements_to_the_next(ledger):
    ledger.put_pages(some.begin(ledger), [(page, 1) for page in results("a", "b")])

    run = some.begin(ledger)

    assert list(ledger.pages(run)) == []
    assert set(ledger.cached(contents("a", "b", "c"))) == set(contents("a", "b"))


def test_a_hundred_killed_runs_store_each_page_once(ledger, tmp_path):
    for _ in range(100):
        ledger.put_pages(some.begin(ledger), [(page, 1) for page in results("a", "b")])

    assert (count(tmp_path / "out", "measured"), count(tmp_path / "out", "page")) == (2, 2)


def test_killed_runs_leave_the_last_decided_result_whole(ledger):
    run, judgement = some.whole_run(ledger, results("a", "b"))
    before = list(ledger.judged_pages(judgement))
    for _ in range(3):
        ledger.put_pages(some.begin(ledger), [(page, 1) for page in results("a")])

    assert ledger.latest_judgement().id == judgement
    assert list(ledger.pages(run)) == results("a", "b")
    assert list(ledger.judged_pages(judgement)) == before


def test_unchanged_runs_do_not_let_the_ledger_grow(tmp_path):
    pages = results(*[f"{number:04}.jpg" for number in range(300)])
    sizes = []
    for _ in range(6):
        with open_ledger(tmp_path, create=True) as ledger:
            some.whole_run(ledger, pages)
        sizes.append((tmp_path / "ledger.sqlite3").stat().st_size)

    assert count(tmp_path, "measured") == 300
    assert count(tmp_path, "page") <= 600
    assert count(tmp_path, "judged_page") == 300
    assert sizes[5] <= sizes[2] * 1.05
    assert count(tmp_path, "decision") == count(tmp_path, "judgement") == 6


def test_identical_files_share_their_measurements(ledger, tmp_path):
    run = some.begin(ledger)
    twins = [some.page_result("a.jpg"), some.page_result("b.jpg")]
    ledger.put_pages(run, [(page, 1) for page in twins])

    assert list(ledger.pages(run)) == twins
    assert count(tmp_path / "out", "measured") == 1


def test_a_file_that_is_gone_leaves_the_result_and_finds_its_measurements_when_it_is_back(ledger):
    some.whole_run(ledger, results("a", "b"))
    run, judgement = some.whole_run(ledger, results("a"))

    assert [judged.result.page.path for judged in ledger.judged_pages(judgement)] == ["a"]
    assert [page.page.path for page in ledger.pages(run)] == ["a"]
    assert set(ledger.cached(contents("b"))) == set(contents("b"))


def test_after_two_decided_runs_without_it_a_content_is_forgotten(ledger):
    some.whole_run(ledger, results("a", "b"))
    some.whole_run(ledger, results("a"))
    some.whole_run(ledger, results("a"))

    assert ledger.cached(contents("b")) == {}
    assert set(ledger.cached(contents("a"))) == set(contents("a"))


def test_judging_again_replaces_the_details_and_keeps_the_decisions(ledger, tmp_path):
    run, first = some.whole_run(ledger, results("a", "b"))
    second = ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN)
    ledger.put_judged(second, (some.judged_page(page) for page in ledger.pages(run)))
    assert len(list(ledger.judged_pages(first))) == 2, "the old one stands until the new one is decided"

    some.decide(ledger, second)

    assert list(ledger.judged_pages(first)) == []
    assert len(list(ledger.judged_pages(second))) == 2
    assert ledger.summary(first, {}).decision == ledger.summary(second, {}).decision
    assert count(tmp_path / "out", "decision") == 2


def test_judging_an_older_run_again_leaves_the_measurements_of_a_killed_newer_one(ledger):
    run, _ = some.whole_run(ledger, results("a"))
    ledger.put_pages(some.begin(ledger), [(page, 1) for page in results("new")])
    some.begin(ledger)  # killed before its first page

    some.decide(ledger, ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN))

    assert set(ledger.cached(contents("new"))) == set(contents("new"))
