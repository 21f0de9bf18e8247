"""What is put into a ledger comes back: equal, in order, and also while more is written."""

import inspect
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import ledger_values as some
from ybda_qc.engine.ports import Ledger
from ybda_qc.errors import ExitCode, InputError
from ybda_qc.model import Batch, BatchFile, CheckResult, FileRole, Item, Outcome, PageId, State, Verdict
from ybda_qc.store import SqlLedger, open_ledger

# A new file for each example is slow on a busy machine; the examples are few and large instead.
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def new_ledger() -> Iterator[SqlLedger]:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder), create=True) as ledger:
        yield ledger


def by_page(pages):
    return {page.page: page for page in pages}


def in_order(pages):
    return sorted(pages, key=lambda page: page.page.sort_key)


def test_it_is_what_the_engine_asks_for(ledger):
    port: Ledger = ledger
    for name, asked in vars(Ledger).items():
        if not name.startswith("_"):
            assert inspect.signature(getattr(SqlLedger, name)) == inspect.signature(asked), name

    assert port.latest_run() is None
    assert port.latest_judgement() is None


# --- pages --------------------------------------------------------------------------------------------------


@few
@given(st.lists(some.page_results, max_size=25, unique_by=lambda page: page.page))
def test_pages_come_back_equal_and_in_the_order_of_their_bytes(results):
    with new_ledger() as ledger:
        run = some.begin(ledger)
        ledger.put_pages(run, [(result, None) for result in results])

        assert list(ledger.pages(run)) == in_order(results)


def test_order_is_that_of_utf8_not_of_utf16(ledger):
    # U+E000 sorts before U+1F5CE in UTF-8, behind it in UTF-16 (surrogates D83D...).
    names = ["\U0001f5ce.jpg", "\ue000.jpg", "\uffee.jpg", "a'\"\n.jpg", "档案.jpg", "A.jpg", "a.jpg"]
    run = some.begin(ledger)
    ledger.put_pages(run, [(some.page_result(name), 1) for name in names])

    assert [page.page.path for page in ledger.pages(run)] == sorted(names, key=str.encode)


def test_frames_are_ordered_by_number_across_chunks(ledger, monkeypatch):
    monkeypatch.setattr("ybda_qc.store.pages.CHUNK", 3)
    run = some.begin(ledger)
    results = [some.page_result("a.tif", frame) for frame in range(1, 14)]
    ledger.put_pages(run, [(result, 13) for result in reversed(results)])

    assert [page.page.frame for page in ledger.pages(run)] == list(range(1, 14))


def test_a_stream_of_more_than_one_chunk_is_complete_while_judgements_are_written(ledger):
    results = [some.page_result(f"{number:05}.jpg", sha256=f"{number:064x}") for number in range(1203)]
    run, judgement = some.whole_run(ledger, results)

    assert [judged.result for judged in ledger.judged_pages(judgement)] == results
    assert list(ledger.pages(run)) == results


def test_streaming_needs_no_more_memory_for_more_pages(ledger):
    peaks = []
    for size in (1000, 4000):
        run = some.begin(ledger)
        ledger.put_pages(run, [(some.page_result(f"{n}.jpg", sha256=f"{n:064x}"), 1) for n in range(size)])
        tracemalloc.start()
        assert sum(len(page.checks) for page in ledger.pages(run)) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.5 * peaks[0]


def test_a_page_put_again_replaces_the_first(ledger):
    run = some.begin(ledger)
    first, second = some.page_result("a.jpg"), some.page_result("a.jpg", checks={}, size_bytes=7)
    ledger.put_pages(run, [(first, 1)])
    ledger.put_pages(run, [(second, 1)])
    ledger.put_pages(run, [(second, 1)])

    assert list(ledger.pages(run)) == [second]


# --- the batch ----------------------------------------------------------------------------------------------


@few
@given(some.batches(), some.batches())
def test_a_batch_comes_back_equal_and_the_last_one_put_counts(first, second):
    with new_ledger() as ledger:
        run = some.begin(ledger)
        ledger.record_batch(run, first)
        ledger.record_batch(run, second)

        assert ledger.load_batch(run) == second


@few
@given(some.batches())
def test_items_come_with_their_pages_in_the_order_of_their_files(batch):
    with new_ledger() as ledger:
        run = some.begin(ledger)
        ledger.record_batch(run, batch)
        files = [file for file in batch.files if file.role is FileRole.PAGE]
        pages = [some.page_result(file.path, frame, item=file.item) for file in files for frame in (1, 2)]
        ledger.put_pages(run, [(page, 2) for page in pages])

        found = {key: list(of_item) for key, of_item in ledger.pages_of_items(run)}
        listed = by_page(pages)
        assert found == {
            (item.code, item.copy): [
                listed[PageId(path=file.path, frame=frame)] for file in item.files for frame in (1, 2)
            ]
            for item in batch.items
            if item.files
        }
        assert sorted(ledger.item_keys(run)) == sorted((item.code, item.copy) for item in batch.items)
        assert ledger.page_counts(run) == Counter(page.item for page in pages)


def test_many_items_come_in_bounded_time_and_memory(tmp_path):
    """A join that multiplies items and files would take hours."""
    files = tuple(
        BatchFile(path=f"{at:05}/1.tif", size_bytes=1, role=FileRole.PAGE, item=f"{at:05}")
        for at in range(20_000)
    )
    items = tuple(Item(code=file.item, files=(file,)) for file in files)
    with open_ledger(tmp_path, create=True) as ledger:
        run = some.begin(ledger)
        ledger.record_batch(run, Batch(root="/batch", files=files, items=items))
        ledger.put_pages(run, [(some.page_result(file.path, item=file.item), 1) for file in files])
        del items
        tracemalloc.start()
        try:
            count = sum(1 for _, pages in ledger.pages_of_items(run) for _ in pages)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert count == 20_000
    assert peak < 8e6


def test_an_item_with_a_file_that_is_not_its_own_is_refused(ledger):
    file = BatchFile(path="a.jpg", size_bytes=1, role=FileRole.PAGE, item="other")
    batch = Batch(root="/batch", files=(file,), items=(Item(code="X", files=(file,)),))

    with pytest.raises(ValueError, match=r"a\.jpg"):
        ledger.record_batch(some.begin(ledger), batch)


def test_a_recording_among_the_pages_of_an_item_is_refused(ledger):
    file = BatchFile(path="a.wav", size_bytes=1, role=FileRole.MEDIA, item="X")
    batch = Batch(root="/batch", files=(file,), items=(Item(code="X", files=(file,)),))

    with pytest.raises(ValueError, match=r"a\.wav"):
        ledger.record_batch(some.begin(ledger), batch)


# --- reuse --------------------------------------------------------------------------------------------------


def test_results_are_found_again_by_content_whatever_the_file_is_called(ledger):
    before = some.page_result("old name.jpg", sha256="aa" * 32)
    ledger.put_pages(some.begin(ledger), [(before, 1)])

    found = ledger.cached(["aa" * 32, "bb" * 32, "aa" * 32])

    assert set(found) == {"aa" * 32}
    cached = found["aa" * 32]
    assert cached.frame_count == 1
    assert cached.frames[1].results == {("skew", "1-a"): before.checks["skew"]}
    assert (cached.frames[1].width_px, cached.frames[1].height_px) == (2480, 3508)


def test_faults_and_checks_not_run_are_never_found_again(ledger):
    checks = {
        "skew": CheckResult(state=State.FAULT, key="1-a"),
        "blank_page": CheckResult(state=State.NOT_RUN, key="1-b"),
        "resolution": CheckResult(state=State.NOT_APPLICABLE, key="1-c", reason="none is declared"),
    }
    ledger.put_pages(some.begin(ledger), [(some.page_result("a.jpg", checks=checks), 1)])

    (cached,) = ledger.cached(["ab" * 32]).values()
    assert set(cached.frames[1].results) == {("resolution", "1-c")}


def test_results_of_several_runs_join_and_each_key_is_kept(ledger):
    first = some.page_result("a.jpg", checks={"skew": some.skew_result(1.0, key="1-a")})
    second = some.page_result(
        "a.jpg", width_px=None, height_px=None, checks={"skew": some.skew_result(2.0, key="2-a")}
    )
    ledger.put_pages(some.begin(ledger), [(first, 1)])
    ledger.put_pages(some.begin(ledger), [(second, None)])

    cached = ledger.cached(["ab" * 32])["ab" * 32]
    assert cached.frame_count == 1
    assert cached.frames[1].width_px == 2480
    assert cached.frames[1].results == {
        ("skew", "1-a"): first.checks["skew"],
        ("skew", "2-a"): second.checks["skew"],
    }


def test_frames_of_a_file_stand_apart_and_their_number_is_known_before_all_are_there(ledger):
    pages = [(some.page_result("a.tif", frame), 5) for frame in (1, 4)]
    ledger.put_pages(some.begin(ledger), pages)

    cached = ledger.cached(["ab" * 32])["ab" * 32]
    assert cached.frame_count == 5
    assert set(cached.frames) == {1, 4}


@pytest.mark.parametrize(("first", "second"), [(None, 5), (5, None)])
def test_the_number_of_frames_may_be_learnt_later_and_is_not_forgotten(ledger, first, second):
    page = some.page_result("a.tif", 2)
    for frame_count in (first, second):
        ledger.put_pages(some.begin(ledger), [(page, frame_count)])

    cached = ledger.cached(["ab" * 32])["ab" * 32]
    assert cached.frame_count == 5
    assert cached.frames[2].results == {("skew", "1-a"): page.checks["skew"]}


def test_a_file_that_could_not_be_read_is_kept_but_serves_nobody(ledger):
    run = some.begin(ledger)
    lost = some.page_result("gone.jpg", sha256=None, width_px=None, height_px=None)
    ledger.put_pages(run, [(lost, None)])

    assert list(ledger.pages(run)) == [lost]
    assert ledger.cached([""]) == {}


def test_more_contents_than_one_query_holds(ledger):
    results = [some.page_result(f"{number}.jpg", sha256=f"{number:064x}") for number in range(1100)]
    ledger.put_pages(some.begin(ledger), [(result, 1) for result in results])

    assert len(ledger.cached(f"{number:064x}" for number in range(1200))) == 1100


# --- judgements ---------------------------------------------------------------------------------------------


@few
@given(
    st.lists(some.judged_pages, max_size=12, unique_by=lambda judged: judged.result.page),
    st.lists(some.findings, max_size=4),
    st.lists(some.findings, max_size=4),
)
def test_judged_pages_and_findings_come_back_equal(judged, batch_findings, later_findings):
    with new_ledger() as ledger:
        run = some.begin(ledger)
        ledger.put_pages(run, [(page.result, 1) for page in judged])
        judgement = ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN)
        ledger.put_judged(judgement, judged)
        ledger.put_batch_findings(judgement, batch_findings)
        ledger.put_batch_findings(judgement, later_findings)

        ordered = sorted(judged, key=lambda page: page.result.page.sort_key)
        back = list(ledger.judged_pages(judgement))
        assert back == ordered
        assert [page.verdict for page in back] == [page.verdict for page in ordered]
        assert ledger.batch_findings(judgement) == (*batch_findings, *later_findings)


def test_a_summary_speaks_of_the_profile_that_judged_not_of_the_one_that_measured(ledger):
    run = some.begin(ledger)
    ledger.finish_run(run, finished_at=some.NOON + timedelta(seconds=9), from_cache=2)
    stricter = replace(some.PLAN, profile=replace(some.PLAN.profile, id="strict"), page_checks=("skew",))
    judgement = ledger.begin_judgement(run, judged_at=some.NOON, plan=stricter)
    decision, coverage, totals = some.decision_parts()
    ledger.put_decision(judgement, decision, coverage, totals)

    summary = ledger.summary(judgement, {})
    assert (summary.decision, summary.coverage, summary.totals) == (decision, coverage, totals)
    assert (summary.run.id, summary.run.seconds, summary.run.from_cache) == (run, 9.0, 2)
    assert (summary.run.profile.id, summary.run.page_checks) == ("strict", ("skew",))
    assert ledger.run(run).plan == some.PLAN


def test_a_later_decision_is_appended_and_the_last_one_counts(ledger):
    judgement = ledger.begin_judgement(some.begin(ledger), judged_at=some.NOON, plan=some.PLAN)
    some.decide(ledger, judgement, Outcome.HOLD)
    some.decide(ledger, judgement, Outcome.ACCEPT)

    assert ledger.latest_judgement().decision.outcome is Outcome.ACCEPT


def test_a_judgement_without_decision_is_not_what_reports_speak_of(ledger):
    run, decided = some.whole_run(ledger, [some.page_result("a.jpg")])
    begun = ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN)
    ledger.put_judged(begun, [some.judged_page(some.page_result("a.jpg"), Verdict.FAIL)])

    assert ledger.latest_judgement().id == decided
    with pytest.raises(ValueError, match="no decision"):
        ledger.summary(begun, {})


def test_what_is_not_there_is_a_key_error(ledger):
    with pytest.raises(KeyError):
        ledger.run(7)
    with pytest.raises(KeyError):
        ledger.summary(7, {})


# --- the folder ---------------------------------------------------------------------------------------------


def test_everything_is_there_when_it_is_opened_again(tmp_path):
    with open_ledger(tmp_path, create=True) as ledger:
        run, judgement = some.whole_run(ledger, [some.page_result("a.jpg")])
        before = ledger.summary(judgement, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.sqlite3"]

    with open_ledger(tmp_path) as ledger:
        assert ledger.latest_run() == ledger.run(run)
        assert ledger.latest_run().finished_at == some.NOON
        assert ledger.summary(judgement, {}) == before


def test_a_folder_of_another_batch_is_refused_and_says_which(ledger):
    some.begin(ledger, "/batches/first")

    with pytest.raises(InputError, match=r"/batches/first.*/batches/second") as refused:
        some.begin(ledger, "/batches/second")
    assert refused.value.exit_code is ExitCode.INPUT
    assert some.begin(ledger, "/batches/first")


def test_a_folder_without_ledger_is_refused_unless_one_is_to_be_made(tmp_path):
    with pytest.raises(InputError, match="holds no results"):
        open_ledger(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["with space", "q?uery#&%20=1", "quo'te\"", "new\nline", "档案\U0001f5ce", "%"]
)
def test_any_folder_name_will_do(tmp_path, name):
    with open_ledger(tmp_path / name, create=True) as ledger:
        some.begin(ledger)
    assert (tmp_path / name / "ledger.sqlite3").is_file()


def test_a_second_reader_sees_what_is_committed_while_the_first_writes(tmp_path):
    with open_ledger(tmp_path, create=True) as writer, open_ledger(tmp_path) as reader:
        run = some.begin(writer)
        seen = []
        for number in range(3):
            writer.put_pages(run, [(some.page_result(f"{number}.jpg"), 1)])
            seen.append(len(list(reader.pages(run))))

    assert seen == [1, 2, 3]
