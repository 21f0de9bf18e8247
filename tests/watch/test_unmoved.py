"""Items that cannot be moved are told of as one trouble."""

from pathlib import Path

import pytest

from ybda_qc.model.watching import EventKind
from ybda_qc.watch.moving import AstrayError
from ybda_qc.watch.news import ServiceNews
from ybda_qc.watch.troubles import MOVING, Troubles
from ybda_qc.watch.unmoved import Unmoved

OTHER_DISK = OSError(18, "Invalid cross-device link")
TARGET = Path("/rejected")
ITEMS = [f"i{number}" for number in range(40)]


class Clock:
    """Turned by the test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def news() -> list[ServiceNews]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def troubles(news: list[ServiceNews], clock: Clock) -> Troubles:
    return Troubles("in", news.append, clock=clock)


def told(news: list[ServiceNews]) -> list[tuple[EventKind, object]]:
    return [(each.kind, each.message.values["item"]) for each in news]


def test_many_items_are_told_of_once_and_tried_again_together(
    troubles: Troubles, clock: Clock, news: list[ServiceNews]
) -> None:
    unmoved = Unmoved(troubles)
    for pause in (1.0, 2.0, 4.0):
        for item in ITEMS:
            unmoved.refuse(item, TARGET, OTHER_DISK)
        assert unmoved.due == ()
        clock.now += pause - 0.01
        assert unmoved.due == ()
        clock.now += 0.01
        assert list(unmoved.due) == ITEMS
    assert told(news) == [(EventKind.TROUBLE, "i0")] * 2, "of one, then of several"
    assert troubles.worst is not None
    assert troubles.worst.values["count"] == len(ITEMS)
    for item in ITEMS:
        unmoved.discard(item)
    assert told(news)[2:] == [(EventKind.RECOVERED, "i0")]
    assert MOVING not in troubles


def test_another_reason_of_the_item_that_is_named_is_told(
    troubles: Troubles, news: list[ServiceNews]
) -> None:
    unmoved = Unmoved(troubles)
    for item in ITEMS:
        unmoved.refuse(item, TARGET, OTHER_DISK)
    unmoved.refuse("i0", TARGET, OSError(17, "File exists"))
    assert [each.message.values["reason"] for each in news[1:]] == [OTHER_DISK.strerror, "File exists"]


def test_a_file_that_is_gone_from_where_it_was_moved_is_named(
    troubles: Troubles, news: list[ServiceNews]
) -> None:
    unmoved = Unmoved(troubles)
    unmoved.refuse("i0", TARGET, AstrayError(2, "No such file or directory", "/accepted/i0/1.tif"))
    unmoved.refuse("i1", TARGET, OTHER_DISK)
    one, several = (each.message.template.format(**each.message.values) for each in news)
    assert one.startswith("i0 cannot be moved to /rejected: /accepted/i0/1.tif is gone or has changed;")
    assert several.startswith("2 items cannot be moved, i0 among them, to /rejected: /accepted/i0/1.tif ")


def test_what_is_only_to_be_moved_is_no_trouble_and_due_at_once(
    troubles: Troubles, news: list[ServiceNews]
) -> None:
    unmoved = Unmoved(troubles)
    unmoved.add("a")
    assert unmoved.due == ("a",)
    assert "a" in unmoved
    unmoved.discard("a")
    assert "a" not in unmoved
    assert news == []
