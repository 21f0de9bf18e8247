"""The book of a watched folder: what is taken in, forgotten and told comes back."""

import random
import re
import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store import ledger_values as some
from tests.store.ledger_values import NOON
from tests.store.watch_values import event, plain, scan, sha_of, shown, tell
from ybda_qc.errors import InputError
from ybda_qc.model import CheckResult, PageFault, Stage, State
from ybda_qc.model.watching import Event, EventKind, FileState, ItemState, TakenFile
from ybda_qc.store import open_ledger
from ybda_qc.store.schema import ABOUT_ITEM
from ybda_qc.store.watching import _UNTOLD_MOVES

# --- files and their pages ----------------------------------------------------------------------------------


def test_a_file_comes_back_with_its_pages(ledger):
    run = some.begin(ledger)
    file, pages = scan("X1/0001.tif", frames=3)
    ledger.watching.take_in(run, [(file, pages)], [event(subject="X1/0001.tif", verdict="pass")])

    assert ledger.watching.taken_files(run) == {"X1/0001.tif": file}
    assert list(ledger.pages(run)) == list(pages)
    assert ledger.cached([file.sha256])[file.sha256].frame_count == 3
    assert plain(ledger.watching.events()) == [event(subject="X1/0001.tif", verdict="pass")]


def test_a_file_scanned_again_has_only_the_frames_it_has_now(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a.tif", 4, content="old"), scan("a.tif.jpg"), scan("b.tif", 2)])
    ledger.watching.take_in(run, [scan("a.tif", 2, content="new")])

    assert shown(ledger.pages(run)) == [
        ("a.tif", 1, sha_of("new")),
        ("a.tif", 2, sha_of("new")),
        ("a.tif.jpg", 1, sha_of("a.tif.jpg")),
        ("b.tif", 1, sha_of("b.tif")),
        ("b.tif", 2, sha_of("b.tif")),
    ]
    assert ledger.watching.taken_files(run)["a.tif"].sha256 == sha_of("new")


def test_a_file_that_is_no_page_any_more_leaves_none(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a.tif", 2)])
    ledger.watching.take_in(run, [(scan("a.tif")[0], ())])

    assert list(ledger.pages(run)) == []
    assert list(ledger.watching.taken_files(run)) == ["a.tif"]


def test_a_rename_onto_another_file_and_a_swap_are_one_step(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a", content="A"), scan("b", content="B"), scan("c", content="C")])
    ledger.watching.take_in(run, [scan("b", content="A")], gone=["a", "never there"])
    assert shown(ledger.pages(run)) == [("b", 1, sha_of("A")), ("c", 1, sha_of("C"))]

    ledger.watching.take_in(run, [scan("b", content="C"), scan("c", content="A")], gone=["b", "c"])
    assert shown(ledger.pages(run)) == [("b", 1, sha_of("C")), ("c", 1, sha_of("A"))]
    assert {path: file.sha256 for path, file in ledger.watching.taken_files(run).items()} == {
        "b": sha_of("C"),
        "c": sha_of("A"),
    }


def test_of_a_file_named_twice_the_last_counts(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a", 3, content="old"), scan("a", 1, content="new")])

    assert shown(ledger.pages(run)) == [("a", 1, sha_of("new"))]


def test_a_page_of_another_file_is_refused_and_nothing_is_written(ledger):
    run = some.begin(ledger)
    with pytest.raises(ValueError, match=r"b\.jpg is no page of a\.jpg"):
        ledger.watching.take_in(run, [(scan("a.jpg")[0], scan("b.jpg")[1])], [event()])

    assert ledger.watching.taken_files(run) == {}
    assert ledger.watching.last_event() == 0


def test_a_failure_in_the_middle_leaves_everything_as_it_was(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan("a", content="old"), scan("b")])
    with pytest.raises(ValueError, match="JSON"):
        ledger.watching.take_in(run, [scan("a", content="new")], [event(bad=float("nan"))], gone=["b"])

    assert shown(ledger.pages(run)) == [("a", 1, sha_of("old")), ("b", 1, sha_of("b"))]
    assert set(ledger.watching.taken_files(run)) == {"a", "b"}
    assert ledger.watching.events() == []


def test_runs_do_not_see_each_other(ledger):
    first, _ = some.whole_run(ledger, [])
    ledger.watching.take_in(first, [scan("a", content="first")])
    ledger.watching.put_items(first, [ItemState(code="X1", outcome="accept")])
    second = some.begin(ledger)
    ledger.watching.take_in(second, [scan("a", content="second")], gone=["a"])

    assert shown(ledger.pages(first)) == [("a", 1, sha_of("first"))]
    assert ledger.watching.taken_files(first)["a"].sha256 == sha_of("first")
    assert ledger.watching.items(second) == {}


def test_a_file_whose_examination_broke_does_not_tell_others_how_many_frames_it_has(ledger):
    run = some.begin(ledger)
    file, (page,) = scan("a.tif")
    fault = PageFault(cause="crash", stage=Stage.DECODE, detail="", check=None)
    broken = replace(page, fault=fault, checks={"skew": CheckResult(state=State.FAULT)})
    ledger.watching.take_in(run, [(file, [broken])])

    assert list(ledger.pages(run)) == [broken]
    assert ledger.cached([file.sha256])[file.sha256].frame_count is None


def test_numbers_of_any_file_system_are_kept(ledger):
    run = some.begin(ledger)
    state = FileState(size_bytes=2**63, modified_ns=-(10**25), changed_ns=10**25, inode=2**128 - 1)
    file = TakenFile(path="档\\xff.jpg", path_hex="e6a1a3ff", state=state, sha256=None, moved_to="/好")
    ledger.watching.take_in(run, [(file, ())])

    assert ledger.watching.taken_files(run) == {file.path: file}


def test_a_thousand_files_with_five_thousand_pages_are_one_transaction(tmp_path):
    files = [scan(f"X{number % 7}/{number:04}.tif", 5) for number in range(1000)]
    with open_ledger(tmp_path, create=True) as ledger, open_ledger(tmp_path) as reader:
        run = some.begin(ledger)
        seen = set()
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                last_event = reader.watching.last_event()  # asked first: its files must be there then
                seen.add((last_event, len(reader.watching.taken_files(run))))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            ledger.watching.take_in(run, files, [event(number=number) for number in range(3000)])
        finally:
            done.set()
            thread.join()
        everything = [page for _, pages in files for page in pages]
        assert list(ledger.pages(run)) == sorted(everything, key=lambda page: page.page.sort_key)
        assert seen <= {(0, 0), (0, 1000), (3000, 1000)}

        ledger.watching.take_in(run, [], gone=[file.path for file, _ in files])
        assert list(ledger.pages(run)) == []
        assert ledger.watching.taken_files(run) == {}


def test_pages_of_some_files_come_in_order_and_only_theirs(ledger):
    run = some.begin(ledger)
    files = [scan(f"{number:04}.tif", 600 if number % 50 == 10 else 3) for number in range(230)]
    files += [scan("\uffee.tif"), scan("\U00010000.tif")]  # in UTF-16 the other way round
    random.Random(1).shuffle(files)
    ledger.watching.take_in(run, files)
    wanted = [file.path for file, _ in files if file.path[:4] not in ("0010", "0017")]

    found = list(ledger.watching.pages_of(run, [*wanted, wanted[0], "not there"]))

    assert found == [page for page in ledger.pages(run) if page.page.path in set(wanted)]
    assert list(ledger.watching.pages_of(run, [])) == []


def test_between_two_pages_of_a_stream_others_may_write(ledger):
    run = some.begin(ledger)
    ledger.watching.take_in(run, [scan(f"{number:03}") for number in range(150)])
    seen = []
    for page in ledger.watching.pages_of(run, [f"{number:03}" for number in range(150)]):
        seen.append(page.page.path)
        ledger.watching.take_in(run, [], gone=[f"{150 - len(seen):03}"])

    assert len(seen) == 100, "the first hundred were read together; of the others none was left"


# --- items --------------------------------------------------------------------------------------------------


def test_the_last_word_on_an_item_counts(ledger):
    run = some.begin(ledger)
    open_item = ItemState(code="X1")
    closed = ItemState(
        code="X1", closed_at=NOON, closed_by="rest", outcome="hold", digest="d", moved_to="/accepted/X1"
    )
    ledger.watching.put_items(run, [open_item, ItemState(code="W2")])
    assert list(ledger.watching.items(run)) == ["W2", "X1"]

    ledger.watching.put_items(run, [closed], [event(EventKind.ITEM_CLOSED, "X1")])
    assert ledger.watching.items(run) == {"W2": ItemState(code="W2"), "X1": closed}
    assert plain(ledger.watching.events()) == [event(EventKind.ITEM_CLOSED, "X1")]


def test_moves_are_untold_until_the_last_event_of_their_item_tells_of_them(ledger):
    run, book = some.begin(ledger), ledger.watching
    closed = ItemState(code="", closed_at=NOON, closed_by="rest", outcome="accept", digest="d")
    states = [replace(closed, code=code, moved_to="/accepted") for code in ("A", "B", "C")]
    book.put_items(run, [*states, replace(closed, code="D")])
    told = [(EventKind.ITEM_CLOSED, code) for code in "ABCD"]
    told += [(EventKind.ITEM_MOVED, "A"), (EventKind.ITEM_MOVED, "B"), (EventKind.PAGE, "A")]
    tell(book, [event(*words) for words in told])
    assert book.untold_moves(run) == ["C"]

    tell(book, [event(EventKind.ITEM_REOPENED, "B"), event(EventKind.ITEM_CLOSED, "B")])
    assert book.untold_moves(run) == ["B", "C"]
    tell(book, [event(EventKind.ITEM_MOVED, "B"), event(EventKind.ITEM_MOVED, "C")])
    assert book.untold_moves(run) == []


def test_events_about_pages_are_not_gone_through_for_untold_moves(ledger):
    with ledger._database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_UNTOLD_MOVES}", (1,)).all()
    steps = [row[-1] for row in plan if "event" in row[-1]]
    assert len(steps) == 1
    assert "SEARCH event USING COVERING INDEX ix_event_about_item (subject=?" in steps[0]


def test_the_index_of_events_about_items_knows_the_words_of_the_contract():
    words = re.findall("'([a-z-]+)'", ABOUT_ITEM)
    assert words == [kind.value for kind in EventKind if kind.name.startswith("ITEM_")]


# --- events -------------------------------------------------------------------------------------------------


def test_events_are_found_by_place_number_and_kind(ledger):
    kinds = [EventKind.PAGE, EventKind.ITEM_CLOSED, EventKind.PAGE, EventKind.TROUBLE]
    tell(ledger.watching, [event(kind, str(place)) for place, kind in enumerate(kinds)])
    tell(ledger.watching, [])
    book = ledger.watching
    ids = [entry.id for entry in book.events()]

    assert ids == sorted(set(ids))
    assert book.last_event() == ids[-1]
    assert [entry.subject for entry in book.events(after=ids[1])] == ["2", "3"]
    assert [entry.subject for entry in book.events(most=2)] == ["0", "1"]
    assert [entry.subject for entry in book.events(kinds={EventKind.ITEM_CLOSED, EventKind.TROUBLE})] == [
        "1",
        "3",
    ]
    assert book.events(after=book.last_event()) == []


def test_the_last_verdicts_are_found_newest_first_and_no_further_back_than_wished(ledger):
    told = [event(subject=f"{place}#1", verdict="fail" if place % 2 else "pass") for place in range(6)]
    tell(ledger.watching, [*told, event(EventKind.ITEM_CLOSED, "A")])

    found = ledger.watching.last_verdicts(4)
    assert [(one.page, one.verdict) for one in found] == [("5#1", "fail"), ("4#1", "pass"), ("3#1", "fail")]
    assert {one.at for one in found} == {NOON}
    assert len(ledger.watching.last_verdicts(1000)) == 6


def test_moments_and_documents_of_events_come_back_equal(ledger):
    document = {"页": ["a", 1, 2.5, None, True, {"x": []}], "n": 2**70, "lone": "\ud800"}
    told = Event(kind=EventKind.TROUBLE, at=NOON + timedelta(microseconds=1), document=document)
    tell(ledger.watching, [told])

    assert plain(ledger.watching.events()) == [told]


def test_a_cursor_stands_where_it_was_put(tmp_path):
    with open_ledger(tmp_path, create=True) as ledger:
        assert ledger.watching.cursor("webhook") == 0
        ledger.watching.put_cursor("webhook", 9)
        ledger.watching.put_cursor("webhook", 12)
    with open_ledger(tmp_path) as ledger:
        assert ledger.watching.cursor("webhook") == 12
        assert ledger.watching.cursor("other") == 0


def test_events_and_cursors_outlive_the_runs(ledger):
    ledger.watching.take_in(some.begin(ledger), [scan("a")], [event()])  # never decided
    ledger.watching.put_cursor("webhook", 1)
    for _ in range(4):
        some.whole_run(ledger, [])

    assert plain(ledger.watching.events()) == [event()]
    assert ledger.watching.cursor("webhook") == 1


# --- trouble ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "ask"),
    [
        ("UPDATE taken_file SET state = '[1'", "taken_files"),
        ("UPDATE taken_file SET state = '[1]'", "taken_files"),
        ("UPDATE item_state SET closed_at = 'noon'", "items"),
        ("UPDATE event SET kind = 'nothing known'", "events"),
        ("UPDATE event SET document = '{'", "events"),
    ],
)
def test_rows_that_the_disk_has_spoilt_are_told(tmp_path, spoil, ask):
    with open_ledger(tmp_path, create=True) as ledger:
        run = some.begin(ledger)
        ledger.watching.take_in(run, [scan("a")], [event()])
        ledger.watching.put_items(run, [ItemState(code="X1", closed_at=NOON)])
        connection = sqlite3.connect(tmp_path / "ledger.sqlite3")
        with connection:
            connection.execute(spoil)
        connection.close()

        with pytest.raises(InputError, match="damaged"):
            getattr(ledger.watching, ask)(*([] if ask == "events" else [run]))


def test_a_ledger_held_by_another_program_is_told_and_nothing_is_lost(tmp_path):
    with open_ledger(tmp_path, create=True, busy_seconds=0.05) as ledger:
        run = some.begin(ledger)
        holder = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        for write in (
            lambda: ledger.watching.take_in(run, [scan("a")]),
            lambda: ledger.watching.put_items(run, [ItemState(code="X1")]),
            lambda: tell(ledger.watching, [event()]),
            lambda: ledger.watching.put_cursor("webhook", 1),
        ):
            with pytest.raises(InputError, match="held by another program"):
                write()
        assert ledger.watching.taken_files(run) == {}
        holder.execute("ROLLBACK")
        holder.close()

        ledger.watching.take_in(run, [scan("a")])
        assert set(ledger.watching.taken_files(run)) == {"a"}
