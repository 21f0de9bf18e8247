"""A watched folder over its life: judged again and again, started anew, by several threads."""

import tempfile
import threading
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import ledger_values as some
from tests.store.watch_values import event, plain, refresh, resume, scan, sha_of, shown
from ybda_qc.model.watching import Event, EventKind, FileState, ItemState
from ybda_qc.store import SqlLedger, open_ledger

# --- judging while it goes on -------------------------------------------------------------------------------


def test_each_judgement_of_a_growing_folder_has_exactly_its_current_pages(tmp_path):
    steps = [
        ([scan("a", content="A1"), scan("b", 3, content="B1")], []),
        ([scan("c", content="C1")], []),
        ([scan("b", 2, content="B2")], []),
        ([scan("d", content="A1")], ["a"]),
        ([], ["c"]),
    ]
    now: dict[str, list] = {}
    judgements = []
    for number, (files, gone) in enumerate(steps):
        with open_ledger(tmp_path, create=True) as ledger:
            run = resume(ledger)
            assert (run is None) == (number == 0)
            run = run or some.begin(ledger)
            ledger.watching.take_in(run, files, gone=gone)
            now = {path: pages for path, pages in now.items() if path not in gone}
            now |= {file.path: shown(pages) for file, pages in files}
            judgements.append(refresh(ledger, run))

            current = [page for path in sorted(now) for page in now[path]]
            assert shown(ledger.pages(run)) == current
            assert shown(page.result for page in ledger.judged_pages(judgements[-1])) == current
            assert ledger.latest_judgement().id == judgements[-1]
            assert set(ledger.watching.taken_files(run)) == set(now)
            assert all(not list(ledger.judged_pages(older)) for older in judgements[:-1])
    assert len(set(judgements)) == 5


def test_what_was_measured_on_a_file_that_is_gone_is_found_until_the_next_decision(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a"), scan("b")])
    refresh(ledger, run)
    ledger.watching.take_in(run, [], gone=["a"])
    assert set(ledger.cached([sha_of("a"), sha_of("b")])) == {sha_of("a"), sha_of("b")}

    refresh(ledger, run)
    assert set(ledger.cached([sha_of("a"), sha_of("b")])) == {sha_of("b")}


def test_an_older_run_keeps_the_measurements_it_has(ledger):
    some.whole_run(ledger, list(scan("a")[1]))
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("b")])
    for _ in range(3):
        refresh(ledger, run)

    assert set(ledger.cached([sha_of("a")])) == {sha_of("a")}


def test_files_and_items_of_superseded_runs_are_forgotten(ledger):
    runs = []
    for _ in range(3):
        run, _ = some.whole_run(ledger, [])
        ledger.watching.take_in(run, [scan("a")])
        ledger.watching.put_items(run, [ItemState(code="X1")])
        refresh(ledger, run)
        runs.append(run)
    kept = [bool(ledger.watching.taken_files(run)) and bool(ledger.watching.items(run)) for run in runs]

    assert kept == [False, True, True]
    assert ledger.watching.items(runs[0]) == {}


# --- going on -----------------------------------------------------------------------------------------------


def test_a_service_goes_on_with_the_last_run_of_the_same_folder_version_and_plan(ledger):
    assert resume(ledger) is None
    run = some.begin(ledger)
    assert resume(ledger) == run, "killed before its first page"
    ledger.watching.take_in(run, [scan("a", 2)])
    refresh(ledger, run)
    ledger.finish_run(run, finished_at=some.NOON, from_cache=0)

    assert resume(ledger) == run
    assert ledger.run(run).finished_at == some.NOON
    assert resume(ledger, batch_root="/other") is None
    assert resume(ledger, engine_version="1.1") is None
    assert resume(ledger, plan=replace(some.PLAN, ocr="off")) is None
    equal = replace(some.PLAN, resolved=dict(reversed(some.PLAN.resolved.items())))
    assert resume(ledger, plan=equal) == run


def test_a_service_does_not_go_on_with_a_run_that_was_not_watched(ledger):
    watched = some.begin(ledger)
    ledger.watching.take_in(watched, [scan("a")])
    some.whole_run(ledger, list(scan("a")[1]))

    assert resume(ledger) is None


# --- any sequence -------------------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "b/1", "c.tif", "页"])
contents = st.sampled_from(["A", "B", "C"])
states = st.builds(FileState, size_bytes=st.integers(0, 2**64), modified_ns=st.integers())
scans = st.builds(
    lambda path, frames, content, state: (
        replace(scan(path, content=content)[0], state=state),
        scan(path, frames, content=content)[1],
    ),
    names,
    st.integers(0, 3),
    contents,
    states,
)
moments = st.none() | st.datetimes(timezones=st.just(UTC))
item_states = st.builds(
    ItemState,
    code=st.sampled_from(["X1", "X2", ""]),
    closed_at=moments,
    closed_by=some.words,
    outcome=some.words,
    digest=some.words,
    moved_to=some.words,
)
happened = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(EventKind),
        at=st.datetimes(timezones=st.just(UTC)),
        subject=some.words,
        document=st.dictionaries(some.words, some.scalars, max_size=2),
    ),
    max_size=2,
)
steps = st.one_of(
    st.tuples(st.just("take"), st.lists(scans, max_size=3), st.lists(names, max_size=2), happened),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("items"), st.lists(item_states, max_size=3), happened),
    st.tuples(st.just("judge")),
    st.tuples(st.just("reopen")),
)


class Model:
    """What the book should hold, in dictionaries."""

    def __init__(self) -> None:
        self.files: dict[str, tuple] = {}
        self.items: dict[str, ItemState] = {}
        self.events: list[Event] = []

    def take_in(self, files, events=(), gone=()) -> None:
        for path in gone:
            self.files.pop(path, None)
        self.files |= {file.path: (file, pages) for file, pages in files}
        self.events += events

    def assert_equal_to(self, ledger: SqlLedger, run: int) -> None:
        pages = [page for path in sorted(self.files, key=str.encode) for page in self.files[path][1]]
        book = ledger.watching
        assert book.taken_files(run) == {path: file for path, (file, _) in self.files.items()}
        assert list(ledger.pages(run)) == pages
        assert list(book.pages_of(run, list(self.files)[::2])) == [
            page for page in pages if page.page.path in list(self.files)[::2]
        ]
        assert book.items(run) == self.items
        assert plain(book.events()) == self.events
        assert book.last_event() == len(self.events)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=1, max_size=12))
def test_any_sequence_leaves_what_dictionaries_would(sequence):
    model = Model()
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder), create=True)
        try:
            run = some.begin(ledger)
            for step in sequence:
                match step:
                    case ("take", files, gone, events):
                        ledger.watching.take_in(run, files, events, gone=gone)
                        model.take_in(files, events, gone)
                    case ("rename", old, new) if old in model.files:
                        file, pages = model.files[old]
                        moved = (
                            replace(file, path=new),
                            tuple(replace(page, page=replace(page.page, path=new)) for page in pages),
                        )
                        ledger.watching.take_in(run, [moved], gone=[old])
                        model.take_in([moved], gone=[old])
                    case ("items", items, events):
                        ledger.watching.put_items(run, items, events)
                        model.items |= {item.code: item for item in items}
                        model.events += events
                    case ("judge",):
                        refresh(ledger, run)
                    case ("reopen",):
                        ledger.close()
                        ledger = open_ledger(Path(folder))
                        assert resume(ledger) == run
                model.assert_equal_to(ledger, run)
        finally:
            ledger.close()


# --- threads ------------------------------------------------------------------------------------------------


def test_one_thread_takes_in_while_another_judges_and_reads(ledger):
    run = some.begin(ledger)
    book = ledger.watching
    book.take_in(run, [scan(f"{number:04}", content="first") for number in range(1200)])
    errors: list[BaseException] = []
    judged: list[int] = []
    taking = threading.Event()
    taking.set()

    def judge() -> None:
        try:
            while taking.is_set() or len(judged) < 3:
                judgement = refresh(ledger, run)
                assert sum(1 for _ in ledger.judged_pages(judgement)) >= 1200
                assert len({page.page for page in book.pages_of(run, book.taken_files(run))}) >= 1200
                judged.append(judgement)
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            errors.append(error)

    thread = threading.Thread(target=judge)
    thread.start()
    try:
        for number in range(1500):
            path = f"{number % 1250:04}"  # most are scanned again, some are new
            book.take_in(run, [scan(path, content=f"second {number}")], [event(subject=path)])
            if number % 50 == 0:
                book.put_items(run, [ItemState(code=f"X{number}")], [event(EventKind.ITEM_CLOSED)])
                book.put_cursor("webhook", book.last_event())
    finally:
        taking.clear()
        thread.join(timeout=300)

    assert not thread.is_alive()
    assert errors == []
    assert len(judged) >= 3
    assert book.last_event() == 1530
    assert len(book.taken_files(run)) == 1250
    last = refresh(ledger, run)
    assert [page.result for page in ledger.judged_pages(last)] == list(ledger.pages(run))
    assert {page.sha256 for page in ledger.pages(run)} == {
        sha_of(f"second {number}") for number in range(250, 1500)
    }
