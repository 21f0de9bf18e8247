"""Items of a watched folder: the same as those of a finished batch, and closed when they are done."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.intake.copies import CopyOptions
from ybda_qc.intake.grouping import group
from ybda_qc.intake.layout import ROOT_ITEM, Layout, LayoutOptions
from ybda_qc.intake.pattern import LayoutPattern
from ybda_qc.intake.walk import role_of
from ybda_qc.model import BatchFile, FileRole
from ybda_qc.profile.options import WatchOptions
from ybda_qc.watch.items import ItemTracker


def pattern(path: str, *examples: str, item: str | None = None) -> LayoutPattern:
    return LayoutPattern(title="as agreed", path=path, examples=examples, item=item)


ANY = LayoutOptions()
BY_FOLDER = LayoutOptions(
    parts={"item": "[A-Z]·[0-9]{4}"},
    patterns=(pattern("{folders}{item}/{number}", "A·0001/0001"),),
)
FLAT = LayoutOptions(
    parts={"item": "[A-Z]·[0-9]{4}"},
    patterns=(pattern("{folders}{item}-{number}", "A·0001-0001"),),
)
MIXED = LayoutOptions(
    parts={"item": "[A-Z]·[0-9]{4}"},
    number_widths=(4,),
    patterns=(
        pattern("{folders}{item}/{number}", "A·0001/0001"),
        pattern("{folders}{item}-{number}", "A·0001-0001"),
    ),
    media_items=("B*",),
)
COPIES = LayoutOptions(
    parts={"item": "[A-Z]·[0-9]{4}"},
    patterns=(pattern("{folders}{item}-{number}", "A·0001-0001"),),
    copies=(
        CopyOptions(name="master", title="masters", folders=("保存件",)),
        CopyOptions(name="access", title="access copies", folders=("*/利用件",), required=False),
    ),
)
LAYOUTS = {"any": ANY, "by folder": BY_FOLDER, "flat": FLAT, "mixed": MIXED, "copies": COPIES}
OF_ITEMS = frozenset({FileRole.PAGE, FileRole.MEDIA})

folders = st.sampled_from(
    ["", "A·0001", "B·0002", "x", "x/A·0001", "保存件", "保存件/A·0001", "卷/利用件", "."]
)
names = st.sampled_from(
    ["0001", "2", "A·0001-0001", "A·0001-0002", "B·0002-0001", "B·0002-1", "cover", "封面", "A·0001", "00001"]
)
paths = st.builds(
    lambda folder, name, suffix: (
        f"{folder}/{name}.{suffix}" if folder not in ("", ".") else f"{name}.{suffix}"
    ),
    folders,
    names,
    st.sampled_from(["tif", "jpg", "pdf", "wav", "heic"]),
)


def grouped(files: Iterable[str], layout: Layout) -> dict[str, set[str]]:
    batch = [
        BatchFile(path=path, path_hex=None, size_bytes=1, role=role_of(path, layout)[0]) for path in files
    ]
    placed, _ = group(batch, layout)
    items: dict[str, set[str]] = {}
    for file in placed:
        items.setdefault(file.item or "", set()).add(file.path)
    return items


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_items_are_those_of_a_finished_batch(name: str, data: st.DataObject) -> None:
    layout = Layout(LAYOUTS[name])
    tracker = ItemTracker(layout, WatchOptions())
    present: set[str] = set()
    for number, path in enumerate(data.draw(st.lists(paths, max_size=14))):
        if path in present and data.draw(st.booleans()):
            tracker.remove(path, float(number))
            present.discard(path)
        else:
            tracker.add(path, float(number))
            present.add(path)
        expected = grouped(present, layout)
        assert {path: tracker.item_of(path) for path in present} == {
            path: code for code, files in expected.items() for path in files
        }
        for code, files in expected.items():
            assert set(tracker.files(code)) == files


def tracker_of(**options: object) -> ItemTracker:
    return ItemTracker(Layout(ANY), WatchOptions.model_validate(options))


def nobody(code: str) -> bool:
    return False


def busy(*codes: str) -> Callable[[str], bool]:
    return lambda code: code in codes


def test_an_item_is_closed_by_rest() -> None:
    tracker = tracker_of(rest_seconds=60)
    tracker.add("A/1.tif", 0.0)
    tracker.add("A/2.tif", 30.0)
    assert tracker.due(89.9, nobody) == []
    assert tracker.due(90.0, nobody) == [("A", "rest")]
    tracker.close("A")
    assert tracker.is_closed("A")
    assert tracker.open_count == 0
    assert tracker.due(1000.0, nobody) == []


def test_an_item_with_files_that_still_come_is_not_closed() -> None:
    tracker = tracker_of(rest_seconds=60)
    tracker.add("A/1.tif", 0.0)
    tracker.add("B/1.tif", 0.0)
    assert tracker.due(90.0, busy("A")) == [("B", "rest")]
    tracker.mark("A/ok.done")
    assert tracker.due(90.0, busy("A", "B")) == []


def test_the_next_item_closes_the_one_before_it() -> None:
    tracker = tracker_of(next_item_closes=True)
    tracker.add("A/1.tif", 0.0)
    tracker.add("A/2.tif", 5.0)
    tracker.add("B/1.tif", 6.0)
    assert tracker.due(6.5, nobody) == [], "a page of A may be on its way"
    assert tracker.due(8.0, nobody) == [("A", "next")]
    tracker.add("A/3.tif", 8.5)
    assert tracker.due(20.0, nobody) == [], "A goes on"


def test_without_the_wish_the_next_item_closes_nothing() -> None:
    tracker = tracker_of(next_item_closes=False)
    tracker.add("A/1.tif", 0.0)
    tracker.add("B/1.tif", 1.0)
    assert tracker.due(60.0, nobody) == []


@pytest.mark.parametrize("name", ["ok.done", "_COMPLETE", "完成.txt", "x.ok"])
def test_a_marker_closes_the_item_in_whose_folder_it_lies(name: str) -> None:
    tracker = tracker_of()
    tracker.add("2023/A/1.tif", 0.0)
    tracker.add("2023/AB/1.tif", 0.0)
    assert tracker.is_marker(f"2023/A/{name}")
    assert tracker.mark(f"2023/A/{name}") == ("2023/A",)
    assert tracker.due(0.0, nobody) == [("2023/A", "marker")]
    tracker.close("2023/A")
    tracker.add("2023/A/2.tif", 1.0)
    assert tracker.due(1.0, nobody) == [], "its word was used up when the item was closed"


def test_a_marker_beside_the_folder_is_named_for_its_item() -> None:
    tracker = tracker_of()
    for path in ("A/1.tif", "B/1.tif", "2023/A/1.tif", "2023/B/1.tif"):
        tracker.add(path, 0.0)
    assert tracker.mark("A.done") == ("A",)
    assert tracker.mark("2023/B.done") == ("2023/B",), "not all that lies in 2023"
    assert [code for code, _ in tracker.due(0.0, nobody)] == ["A", "2023/B"]


def test_a_marker_names_items_of_flat_folders() -> None:
    tracker = ItemTracker(Layout(FLAT), WatchOptions())
    tracker.add("in/A·0001-0001.tif", 0.0)
    tracker.add("in/A·0002-0001.tif", 0.0)
    assert tracker.mark("in/A·0002.done") == ("A·0002",)
    assert tracker.mark("in/all.done") == ("A·0001", "A·0002")


def test_a_marker_in_the_watched_folder_speaks_of_all() -> None:
    tracker = tracker_of()
    tracker.add("1.tif", 0.0)
    tracker.add("A/1.tif", 0.0)
    assert set(tracker.mark("_COMPLETE")) == {ROOT_ITEM, "A"}


def test_a_marker_says_nothing_of_items_that_are_closed() -> None:
    tracker = tracker_of()
    tracker.add("A/1.tif", 0.0)
    tracker.close("A")
    assert tracker.mark("A/ok.done") == ()
    assert tracker.add("A/2.tif", 1.0) == ("A",)
    assert tracker.due(2.0, nobody) == [], "what came later was not spoken of"


def test_marker_names_that_the_profile_does_not_know() -> None:
    tracker = tracker_of(markers=("*.end",))
    assert not tracker.is_marker("A/ok.done")
    assert tracker.is_marker("A/x.end")
    assert not tracker_of(markers=()).is_marker("A/ok.done")


def test_a_change_opens_a_closed_item() -> None:
    tracker = tracker_of(rest_seconds=60)
    assert tracker.add("A/1.tif", 0.0) == ()
    tracker.close("A")
    assert tracker.add("A/1.tif", 10.0) == ("A",), "scanned again"
    assert tracker.add("A/2.tif", 11.0) == ()
    tracker.close("A")
    assert tracker.remove("A/2.tif", 20.0) == ("A",)
    assert tracker.remove("A/never.tif", 20.0) == ()
    assert tracker.due(70.0, nobody) == []
    assert tracker.due(80.0, nobody) == [("A", "rest")]


def test_pages_without_a_name_follow_the_item_of_their_folder() -> None:
    tracker = ItemTracker(Layout(FLAT), WatchOptions())
    tracker.add("in/cover.tif", 0.0)
    assert tracker.files("in") == ("in/cover.tif",)
    tracker.close("in")
    assert tracker.add("in/A·0001-0001.tif", 1.0) == ("in",)
    assert tracker.files("in") == ()
    assert set(tracker.files("A·0001")) == {"in/cover.tif", "in/A·0001-0001.tif"}
    tracker.close("A·0001")
    assert tracker.add("in/A·0002-0001.tif", 2.0) == ("A·0001",), "the cover is nobody's again"
    assert tracker.files("in") == ("in/cover.tif",)


def test_closed_items_of_the_last_life() -> None:
    tracker = tracker_of()
    tracker.add("A/1.tif", 0.0)
    tracker.add("B/1.tif", 0.0)
    tracker.restore_closed(["A", "gone"])
    assert tracker.is_closed("A")
    assert not tracker.is_closed("B")
    assert not tracker.is_closed("gone")
    tracker.forget("A")
    assert tracker.files("A") == ()


def test_the_word_of_a_marker_is_restored_before_the_files_are_seen_and_holds_until_the_item_is_closed() -> (
    None
):
    tracker = tracker_of(rest_seconds=600)
    tracker.restore_marked(["A"])
    assert tracker.due(0.0, nobody) == []
    tracker.add("A/0001.tif", 1.0)
    assert tracker.due(1.0, busy("A")) == []
    assert tracker.due(1.0, nobody) == [("A", "marker")]
    tracker.close("A")
    assert tracker.add("A/0002.tif", 2.0) == ("A",)
    assert tracker.due(2.0, nobody) == []
