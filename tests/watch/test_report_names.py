"""Reports of items whose names differ in capitals alone are different files on every disk."""

import json
from pathlib import Path

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
