"""When a file is taken in, by a clock that the test turns."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ybda_qc.intake.complete import Completeness, Wholeness
from ybda_qc.model.watching import FileState
from ybda_qc.profile.options import WatchOptions
from ybda_qc.watch.waiting import WaitingList

OPTIONS = WatchOptions(settle_seconds=0.5, doubtful_seconds=5.0, give_up_seconds=600.0)
PATH = "A/0001.tif"
FIRST = FileState(size_bytes=10, modified_ns=1, changed_ns=1, inode=7)
GROWN = FileState(size_bytes=20, modified_ns=2, changed_ns=2, inode=7)


def told(state: Wholeness, reason: str = "no end") -> Completeness:
    return Completeness(state=state, reason="" if state is Wholeness.COMPLETE else reason)


@dataclass
class Folder:
    """Files as the operating system would tell of them, and a list that waits for them."""

    files: dict[str, FileState] = field(default_factory=dict)
    structure: dict[str, Wholeness] = field(default_factory=dict)
    writer: bool | None = None
    writers: set[str] = field(default_factory=set)
    looks: Counter[str] = field(default_factory=Counter)
    vanished: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.list = WaitingList(
            OPTIONS,
            look=self._look,
            completeness=lambda path: told(self.structure.get(path, Wholeness.COMPLETE)),
            is_written=lambda path: True if path in self.writers else self.writer,
            vanished=self.vanished.append,
        )

    def _look(self, path: str) -> FileState | None:
        self.looks[path] += 1
        return self.files.get(path)

    def put(self, path: str, state: FileState, now: float, *, was_there: bool = False) -> None:
        self.files[path] = state
        self.list.see(path, state, now, was_there=was_there)

    def taken_at(self, *times: float) -> list[tuple[float, str]]:
        return [(now, ready.path) for now in times for ready in self.list.take(now)]

    def why(self, now: float) -> list[str]:
        return [file.why.template for file in self.list.shown(now)]


@pytest.fixture
def folder() -> Folder:
    return Folder()


def steps(start: float, end: float, step: float = 0.1) -> list[float]:
    return [start + step * number for number in range(round((end - start) / step) + 1)]


def first(taken: list[tuple[float, str]]) -> float:
    assert len(taken) == 1, taken
    return taken[0][0]


def test_a_complete_file_is_taken_once_it_has_settled(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0)
    assert PATH in folder.list
    assert folder.taken_at(0.0, 0.3, 0.49) == []
    (ready,) = folder.list.take(0.5)
    assert (ready.path, ready.state, ready.still_since) == (PATH, FIRST, 0.0)
    assert len(folder.list) == 0
    assert folder.list.take(9.0) == []


def test_a_file_from_before_the_start_has_no_time_of_completion(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0, was_there=True)
    (ready,) = folder.list.take(1.0)
    assert ready.still_since is None


def test_a_file_from_before_the_start_that_grows_is_a_new_one(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0, was_there=True)
    folder.put(PATH, GROWN, 0.3)
    (ready,) = folder.list.take(0.8)
    assert (ready.state, ready.still_since) == (GROWN, 0.3)


def test_a_file_from_before_the_start_that_is_still_written_is_a_new_one(folder: Folder) -> None:
    folder.writer = True
    folder.put(PATH, FIRST, 0.0, was_there=True)
    assert folder.list.take(0.5) == []
    folder.writer = False
    (ready,) = folder.list.take(1.0)
    assert ready.still_since == 0.0


@pytest.mark.parametrize("is_reported", [True, False])
def test_growth_starts_the_wait_anew(folder: Folder, is_reported: bool) -> None:
    folder.put(PATH, FIRST, 0.0)
    folder.files[PATH] = GROWN
    if is_reported:
        folder.list.see(PATH, GROWN, 0.5)
    assert folder.taken_at(0.5, 0.9) == []
    assert folder.why(0.9) == ["still growing"]
    (ready,) = folder.list.take(1.0)
    assert (ready.state, ready.still_since) == (GROWN, 0.5)


def test_another_name_or_other_rights_are_no_growth(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0)
    renamed = FileState(size_bytes=10, modified_ns=1, changed_ns=99, inode=7)
    folder.put(PATH, renamed, 0.4)
    (ready,) = folder.list.take(0.5)
    assert ready.state == renamed


def test_nobody_may_be_writing_it(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0)
    folder.writer = True
    assert folder.taken_at(*steps(0.5, 100.0)) == []
    assert folder.why(100.0) == ["another program is still writing it"]
    folder.writer = False
    assert first(folder.taken_at(*steps(100.1, 102.0))) <= 101.2


def test_a_writer_is_waited_for_longer_than_for_an_incomplete_file(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0)
    folder.writer = True
    assert folder.taken_at(599.0, 601.0, 5000.0) == []


@pytest.mark.parametrize(
    ("structure", "writer", "earliest"),
    [
        (Wholeness.COMPLETE, None, 0.5),
        (Wholeness.COMPLETE, False, 0.5),
        (Wholeness.DOUBTFUL, None, 5.0),
        (Wholeness.UNKNOWN, None, 5.0),
        (Wholeness.UNREADABLE, None, 5.0),
        (Wholeness.DOUBTFUL, False, 1.5),
        (Wholeness.UNKNOWN, False, 1.5),
        (Wholeness.INCOMPLETE, None, 600.0),
        (Wholeness.INCOMPLETE, False, 600.0),
    ],
)
def test_the_less_its_structure_tells_the_longer_it_rests(
    folder: Folder, structure: Wholeness, writer: bool | None, earliest: float
) -> None:
    folder.writer = writer
    folder.structure[PATH] = structure
    folder.put(PATH, FIRST, 0.0)
    at = first(folder.taken_at(*steps(0.0, earliest + 2.0)))
    assert earliest - 1e-6 <= at <= earliest + 1.2


def test_an_incomplete_file_says_what_is_missing(folder: Folder) -> None:
    folder.structure[PATH] = Wholeness.INCOMPLETE
    folder.put(PATH, FIRST, 0.0)
    folder.list.take(1.0)
    (waiting,) = folder.list.shown(41.0)
    assert (waiting.path, waiting.seconds, waiting.why.template) == (PATH, 41.0, "no end")


def test_a_temporary_name_is_waited_for_and_left_by_renaming(folder: Folder) -> None:
    temporary = "A/~0001.tif"
    assert folder.list.is_unfinished(temporary)
    assert folder.list.is_unfinished("A/0001.tif.part")
    assert not folder.list.is_unfinished("~A/0001.tif")
    folder.put(temporary, FIRST, 0.0)
    assert folder.taken_at(*steps(0.5, 20.0)) == []
    assert folder.why(20.0) == ["its name is that of an unfinished file"]
    del folder.files[temporary]
    folder.put(PATH, FIRST, 20.0)
    assert folder.taken_at(20.0) == [(20.0, PATH)], "whoever renamed it says that it is complete"
    assert folder.taken_at(21.0) == []
    assert folder.vanished == [temporary]


@pytest.mark.parametrize("structure", [Wholeness.DOUBTFUL, Wholeness.UNKNOWN])
def test_a_renamed_file_is_believed_where_its_structure_leaves_doubt(
    folder: Folder, structure: Wholeness
) -> None:
    folder.structure[PATH] = structure
    folder.list.note_unfinished(FIRST)
    folder.put(PATH, FIRST, 3.0)
    assert folder.taken_at(3.0) == [(3.0, PATH)]


def test_a_renamed_file_that_is_incomplete_or_grows_is_waited_for(folder: Folder) -> None:
    folder.structure[PATH] = Wholeness.INCOMPLETE
    folder.list.note_unfinished(FIRST)
    folder.put(PATH, FIRST, 0.0)
    assert folder.taken_at(0.0, 1.0) == []
    folder.structure[PATH] = Wholeness.DOUBTFUL
    folder.put(PATH, GROWN, 2.0)
    assert folder.taken_at(*steps(2.0, 6.9)) == []
    assert first(folder.taken_at(*steps(7.0, 8.5))) >= 7.0


def test_an_inode_that_is_used_again_is_no_renaming(folder: Folder) -> None:
    folder.list.note_unfinished(FIRST)
    folder.list.forget_unfinished(FIRST)
    folder.put(PATH, FIRST, 0.0)
    assert folder.taken_at(0.0, 0.4) == []


def test_files_without_inodes_are_never_taken_for_renamed(folder: Folder) -> None:
    bare = FileState(size_bytes=10, modified_ns=1)
    folder.list.note_unfinished(bare)
    folder.put(PATH, bare, 0.0)
    assert folder.taken_at(0.0, 0.4) == []


def test_a_delivered_file_waits_for_its_writer_alone(folder: Folder) -> None:
    folder.structure[PATH] = Wholeness.INCOMPLETE
    folder.writer = True
    folder.put(PATH, FIRST, 0.0)
    folder.list.deliver(PATH, 1.0)
    folder.list.deliver("never/seen.tif", 1.0)
    assert folder.taken_at(*steps(1.0, 3.0)) == []
    folder.writer = False
    assert first(folder.taken_at(*steps(3.0, 4.5))) <= 4.2


def test_a_file_that_goes_away_is_forgotten(folder: Folder) -> None:
    folder.put(PATH, FIRST, 0.0)
    folder.put("B/0001.tif", FIRST, 0.0)
    del folder.files[PATH]
    folder.list.drop("B/0001.tif")
    assert folder.taken_at(1.0) == []
    assert len(folder.list) == 0
    assert folder.vanished == [PATH]


def test_looks_are_bounded_and_nobody_starves(folder: Folder) -> None:
    paths = [f"A/{number:05d}.tif" for number in range(2000)]
    for path in paths:
        folder.structure[path] = Wholeness.INCOMPLETE
        folder.put(path, FIRST, 0.0)
    now = 0.5
    for _ in range(5):
        before = folder.looks.total()
        folder.list.take(now)
        assert folder.looks.total() - before <= 400
        now += 30.0  # so slow a share that all are due again at every turn
    assert set(folder.looks.values()) == {1}


def test_very_many_that_stand_still_hold_no_new_one_up(folder: Folder) -> None:
    for number in range(4000):
        path = f"A/{number:05d}.tif"
        folder.structure[path] = Wholeness.INCOMPLETE
        folder.put(path, FIRST, 0.0)
    for now in steps(0.5, 30.0):
        folder.list.take(now)
    before = folder.looks.total()
    folder.put("B/1.tif", GROWN, 30.0)
    assert first([one for one in folder.taken_at(*steps(30.1, 40.0)) if one[1] == "B/1.tif"]) < 31.0
    assert 0.5 < (folder.looks.total() - before) / (10 * 500) < 1.5
    assert min(folder.looks.values()) >= 1


def test_those_that_wait_longest_are_shown_first(folder: Folder) -> None:
    for number, since in enumerate((3.0, 1.0, 2.0)):
        folder.put(f"{number}.tif", FIRST, since)
    assert [file.path for file in folder.list.shown(4.0)] == ["1.tif", "2.tif", "0.tif"]


def test_old_waiters_are_looked_at_about_once_a_second(folder: Folder) -> None:
    folder.structure[PATH] = Wholeness.INCOMPLETE
    folder.put(PATH, FIRST, 0.0)
    folder.taken_at(*steps(0.5, 500.0))
    assert folder.looks[PATH] < 800


NAMES = st.sampled_from(["1.tif", "2.tif", "~3.tif", "4.tif.part"])


class Life(RuleBasedStateMachine):
    """Whatever happens, a file is never taken while it is written, has just changed, or lacks its end."""

    @initialize()
    def begin(self) -> None:
        self.folder = Folder()
        self.now = 0.0
        self.tick = 0
        self.changed: dict[str, float] = {}
        self.delivered: set[str] = set()
        self.folder.writer = False

    def _write(self, path: str, inode: int) -> None:
        self.tick += 1
        state = FileState(size_bytes=self.tick, modified_ns=self.tick, changed_ns=self.tick, inode=inode)
        self.folder.files[path] = state
        self.changed[path] = self.now

    @rule(path=NAMES, structure=st.sampled_from(list(Wholeness)), is_seen=st.booleans())
    def write(self, path: str, structure: Wholeness, is_seen: bool) -> None:
        known = self.folder.files.get(path)
        self._write(path, known.inode if known else 100 + self.tick)
        self.folder.structure[path] = structure
        if is_seen or path not in self.folder.list:
            self.folder.list.see(path, self.folder.files[path], self.now)

    @precondition(lambda self: self.folder.files)
    @rule(data=st.data())
    def open_or_close(self, data: st.DataObject) -> None:
        self.folder.writers ^= {data.draw(st.sampled_from(sorted(self.folder.files)))}

    @precondition(lambda self: self.folder.files)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.folder.files)))
        del self.folder.files[path]
        self.folder.writers.discard(path)

    @rule(path=NAMES)
    def deliver(self, path: str) -> None:
        if path in self.folder.list:
            self.delivered.add(path)
        self.folder.list.deliver(path, self.now)

    @rule(seconds=st.sampled_from([0.05, 0.3, 1.0, 4.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for ready in self.folder.list.take(self.now):
            path = ready.path
            still = self.now - self.changed[path]
            structure = self.folder.structure[path]
            assert ready.state == self.folder.files[path]
            assert path not in self.folder.writers
            assert path not in self.folder.list
            if path not in self.delivered:
                assert still >= OPTIONS.settle_seconds
                assert structure is not Wholeness.INCOMPLETE
                assert structure is Wholeness.COMPLETE or still >= 3 * OPTIONS.settle_seconds
                assert not self.folder.list.is_unfinished(path)
            self.delivered.discard(path)
        self.delivered &= set(self.folder.list)

    @invariant()
    def every_file_is_shown_once(self) -> None:
        shown = [file.path for file in self.folder.list.shown(self.now)]
        assert sorted(shown) == sorted(self.folder.list)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
