"""Troubles are said when they begin and when they are over, and tried again with growing pauses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ybda_qc.errors import InputError
from ybda_qc.model.watching import EventKind
from ybda_qc.store import LEDGER_NAME, LOCK_NAME
from ybda_qc.watch.news import Message, ServiceNews
from ybda_qc.watch.room import Room
from ybda_qc.watch.troubles import AWAY, LEDGER, MOVING, ROOM, Troubles

FULL = Message(template="only {free} MB are left", values={"free": 12})


@dataclass
class Heard:
    """What was told, by a clock that the test turns."""

    now: float = 0.0
    news: list[ServiceNews] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.troubles = Troubles("in", self.news.append, clock=lambda: self.now)

    @property
    def told(self) -> list[tuple[EventKind, str]]:
        return [(news.kind, news.message.template) for news in self.news]


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_trouble_is_said_once_and_its_end_once(heard: Heard) -> None:
    for _ in range(3):
        heard.troubles.begin(ROOM, FULL)
    assert ROOM in heard.troubles
    heard.troubles.end(ROOM)
    heard.troubles.end(ROOM)
    assert ROOM not in heard.troubles
    assert heard.told == [(EventKind.TROUBLE, FULL.template), (EventKind.RECOVERED, FULL.template)]
    assert {news.inbox for news in heard.news} == {"in"}


def test_numbers_that_change_are_shown_but_not_said_again(heard: Heard) -> None:
    heard.troubles.begin(ROOM, FULL)
    fuller = Message(template=FULL.template, values={"free": 11})
    heard.troubles.begin(ROOM, fuller)
    assert len(heard.news) == 1
    assert heard.troubles.worst == fuller


def test_another_reason_is_said(heard: Heard) -> None:
    for item in ("A", "B"):
        message = Message(template="{item} cannot be moved", values={"item": item})
        heard.troubles.begin(MOVING, message)
    assert len(heard.news) == 2


def test_what_began_first_is_the_worst(heard: Heard) -> None:
    assert heard.troubles.worst is None
    heard.troubles.begin(AWAY, Message(template="away"))
    heard.troubles.begin(ROOM, FULL)
    assert heard.troubles.worst == Message(template="away")
    heard.troubles.end(AWAY)
    assert heard.troubles.worst == FULL


def test_an_error_of_ours_is_a_message(heard: Heard) -> None:
    heard.troubles.begin(LEDGER, InputError("{path} is held by another program", path=Path("/out/l.sqlite3")))
    assert heard.troubles.worst == Message(
        template="{path} is held by another program", values={"path": "/out/l.sqlite3"}
    )


def test_pauses_grow_up_to_half_a_minute(heard: Heard) -> None:
    assert heard.troubles.may_try(LEDGER)
    for pause in (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0):
        heard.troubles.begin(LEDGER, FULL)
        heard.now += pause - 0.01
        assert not heard.troubles.may_try(LEDGER)
        assert heard.troubles.may_try(ROOM), "another kind waits for nothing"
        heard.now += 0.01
        assert heard.troubles.may_try(LEDGER)
    heard.troubles.end(LEDGER)
    heard.troubles.begin(LEDGER, FULL)
    heard.now += 1.0
    assert heard.troubles.may_try(LEDGER)


def test_the_end_of_a_trouble_ends_its_pause(heard: Heard) -> None:
    heard.troubles.begin(LEDGER, FULL)
    heard.troubles.end(LEDGER)
    assert heard.troubles.may_try(LEDGER)


def room(heard: Heard, folder: Path, min_free_mb: int) -> Room:
    """What comes to lie there may look as if it were ours: on the same disk that is not believed."""
    return Room(folder, min_free_mb, heard.troubles, is_ours=lambda: True, clock=lambda: heard.now)


def test_there_is_room(heard: Heard, tmp_path: Path) -> None:
    assert room(heard, tmp_path, 0).is_left()
    assert heard.news == []


def test_a_disk_with_less_than_is_wanted(heard: Heard, tmp_path: Path) -> None:
    wanted = room(heard, tmp_path, 10**12)
    for _ in range(20):
        assert not wanted.is_left()
        heard.now += 1.0
    ((kind, template),) = heard.told
    assert kind is EventKind.TROUBLE
    assert "MB are left on the disk of {folder}" in template
    assert heard.news[0].message.values["needed"] == 10**12


def test_an_output_folder_that_is_away_and_comes_back(heard: Heard, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    watched = room(heard, folder, 1)
    assert not watched.is_left()
    folder.mkdir()
    assert not watched.is_left(), "the disk is asked now and then"
    heard.now += 2.0
    assert watched.is_left()
    assert [kind for kind, _ in heard.told] == [EventKind.TROUBLE, EventKind.RECOVERED]


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_ledger_that_is_taken_away_or_replaced_and_put_back(
    heard: Heard, tmp_path: Path, *, is_replaced: bool
) -> None:
    ledger = tmp_path / LEDGER_NAME
    ledger.touch()
    (tmp_path / LOCK_NAME).touch()
    watched = room(heard, tmp_path, 0)
    assert watched.is_left()
    ledger.rename(tmp_path / "elsewhere")
    if is_replaced:
        ledger.touch()
    heard.now += 2.0
    assert not watched.is_left()
    ((kind, template),) = heard.told
    assert kind is EventKind.TROUBLE
    assert "taken out of {folder}" in template
    (tmp_path / "elsewhere").replace(ledger)
    heard.now += 2.0
    assert watched.is_left()


def test_an_output_folder_that_is_away_is_not_told_as_a_ledger_that_was_taken(
    heard: Heard, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / LEDGER_NAME).touch()
    (folder / LOCK_NAME).touch()
    watched = room(heard, folder, 0)
    folder.rename(tmp_path / "away")
    for is_mount_point in (False, True):
        if is_mount_point:
            folder.mkdir()
        heard.now += 2.0
        assert not watched.is_left()
        assert not watched.is_there
    ((kind, template),) = heard.told
    assert kind is EventKind.TROUBLE
    assert "is away" in template
    assert "delete" not in template
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    heard.now += 2.0
    assert watched.is_left()
    assert heard.told[-1][0] is EventKind.RECOVERED


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk only")
    with TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_a_ledger_of_ours_on_another_disk_is_no_trouble_and_opened_anew(
    heard: Heard, tmp_path: Path, other_disk: Path
) -> None:
    out, disk = tmp_path / "out", tmp_path / "disk"
    disk.mkdir()
    for folder in (disk, other_disk):
        (folder / LEDGER_NAME).touch()
    out.symlink_to(disk)
    watched = Room(out, 0, heard.troubles, is_ours=lambda: True, clock=lambda: heard.now)
    assert watched.is_left()
    out.unlink()
    heard.now += 2.0
    assert not watched.is_left()
    assert not watched.is_elsewhere
    out.symlink_to(other_disk)
    heard.now += 2.0
    assert not watched.is_left(), "not by what is open"
    assert watched.is_elsewhere
    assert [kind for kind, _ in heard.told] == [EventKind.TROUBLE, EventKind.RECOVERED]
