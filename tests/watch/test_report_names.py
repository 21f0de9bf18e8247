"""Reports of items whose names differ in capitals alone are different files on every disk."""

import json
from pathlib import Path

import pytest

from tests.watch.watched import Watched, scan
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import ItemNews
from ybda_qc.watch.report_names import ReportNames


def write(out: Path, name: str, item: str) -> None:
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text(json.dumps({"item": item}), encoding="utf-8")


def test_the_first_has_the_plain_name_and_none_is_changed_by_a_restart(tmp_path: Path) -> None:
    names = ReportNames(tmp_path, "in", [])
    found = {}
    for item in ("b/X", "B/x", "B/X", "c"):
        found[item] = names.of(item)
        write(tmp_path, found[item], item)
    assert (found["b/X"], found["c"]) == ("b/X.qc.json", "c.qc.json")
    assert found["B/x"].startswith("B/x-")
    assert len({name.casefold() for name in found.values()}) == 4
    assert {item: names.of(item) for item in found} == found
    again = ReportNames(tmp_path, "in", sorted(found))
    assert {item: again.of(item) for item in found} == found


def test_a_name_is_kept_when_the_first_is_gone_which_then_takes_another(tmp_path: Path) -> None:
    names = ReportNames(tmp_path, "in", ["a", "A"])
    write(tmp_path, "A.qc.json", "A")
    marked = names.of("a")
    write(tmp_path, marked, "a")
    (tmp_path / "A.qc.json").unlink()
    assert names.of("a") == marked
    assert names.of("A") == "A.qc.json"


def test_on_a_disk_that_tells_no_capitals_apart_the_report_of_another_is_not_taken_for_ones_own(
    tmp_path: Path,
) -> None:
    names = ReportNames(tmp_path, "in", ["a", "A"])
    for name in ("a.qc.json", "A.qc.json"):  # as such a disk shows the one file
        write(tmp_path, name, "A")
    assert names.of("A") == "A.qc.json"
    assert names.of("a") != "a.qc.json"


def test_a_file_that_is_no_report_is_nobodys(tmp_path: Path) -> None:
    names = ReportNames(tmp_path, "in", ["a", "A"])
    for text in ("{", "[]", "\xff"):
        (tmp_path / "A.qc.json").write_bytes(text.encode("latin-1"))
        assert names.of("a") == "a.qc.json"


def test_a_new_run_changes_no_name_whatever_the_order_of_its_items(tmp_path: Path) -> None:
    first = ReportNames(tmp_path, "in", [])
    found = {}
    for item in ("A", "a", "b/X", "B/x"):
        found[item] = first.of(item)
        write(tmp_path, found[item], item)
    assert [found["A"], found["b/X"]] == ["A.qc.json", "b/X.qc.json"]
    for items in (sorted(found), sorted(found, reverse=True)):
        names = ReportNames(tmp_path, "in", [])
        assert {item: names.of(item) for item in items} == found


@pytest.mark.parametrize("shown", [["A"], ["A", "a"]], ids=["a disk with capitals", "one without"])
def test_an_item_that_is_new_takes_no_name_that_an_earlier_run_gave_to_another(
    tmp_path: Path, shown: list[str]
) -> None:
    for name in shown:
        write(tmp_path, f"{name}.qc.json", "A")
        write(tmp_path, f"2023/{name}.qc.json", "2023/A")
    names = ReportNames(tmp_path, "in", [])
    for folder in ("", "2023/"):
        marked = names.of(f"{folder}a")
        assert marked.startswith(f"{folder}a-")
        write(tmp_path, marked, f"{folder}a")
        assert names.of(f"{folder}A") == f"{folder}A.qc.json"


@pytest.mark.parametrize("literal", ["a-ca978112", "A-CA978112"])
@pytest.mark.parametrize("is_first", [False, True])
def test_an_item_that_is_called_as_the_mark_of_another_shares_no_report_with_it(
    tmp_path: Path, literal: str, *, is_first: bool
) -> None:
    items = ("A", literal, "a") if is_first else ("A", "a", literal)
    names = ReportNames(tmp_path, "in", [])
    found = {}
    for item in items:
        found[item] = names.of(item)
        write(tmp_path, found[item], item)
    assert len({name.casefold() for name in found.values()}) == 3
    assert found[items[1]].casefold() == "a-ca978112.qc.json"
    for again in (names, ReportNames(tmp_path, "in", []), ReportNames(tmp_path, "in", reversed(items))):
        assert {item: again.of(item) for item in found} == found


def closing_times(out: Path) -> dict[tuple[str, str], str]:
    """Of the items whose reports lie in a folder, by name and item."""
    reports = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.qc.json")}
    return {(name, report["item"]): report["closed_at"] for name, report in reports.items()}


def test_a_station_with_another_profile_changes_no_name(tmp_path: Path) -> None:
    watched = Watched(tmp_path, rest=1.0)
    watched.start()
    for number, item in enumerate(("A", "a")):
        scan(watched.inbox / item / "0001.tif", number)
        watched.until(lambda count=number + 1: len(watched.items()) == count)  # type: ignore[misc]
    watched.stop(in_order=False)
    before = closing_times(watched.out)
    assert {item for _, item in before} == {"A", "a"}

    watched = Watched(tmp_path, rest=1.1)
    (watched.inbox / "A").rename(tmp_path / "A")
    watched.start()
    try:
        watched.until(lambda: watched.items() == ["a"])
        (tmp_path / "A").rename(watched.inbox / "A")
        watched.until(lambda: watched.items() == ["a", "A"])
    finally:
        watched.stop(in_order=False)
    after = closing_times(watched.out)
    assert after.keys() == before.keys()
    assert all(after[report] > before[report] for report in before)


def test_a_station_overwrites_no_report_by_that_of_another_item(tmp_path: Path) -> None:
    watched = Watched(tmp_path, rest=1.0)
    watched.start()
    try:
        scan(watched.inbox / "b" / "0001.tif", 1)
        watched.until(lambda: watched.items() == ["b"])
        scan(watched.inbox / "B" / "0001.tif", 2)
        watched.until(lambda: watched.items() == ["b", "B"])
        closed = [
            news for news in watched.news if isinstance(news, ItemNews) and news.kind is EventKind.ITEM_CLOSED
        ]
        names = [news.report for news in closed]
        assert names[0] == "b.qc.json"
        assert names[0].casefold() != names[1].casefold()
        items = [json.loads((watched.out / name).read_text(encoding="utf-8"))["item"] for name in names]
        assert items == ["b", "B"]
        (watched.inbox / "B" / "0001.tif").unlink()
        watched.until(lambda: not (watched.out / names[1]).exists(), "the report of an item that is gone")
        assert (watched.out / names[0]).exists()
    finally:
        watched.stop(in_order=False)
