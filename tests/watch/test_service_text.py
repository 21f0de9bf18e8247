"""Text is read behind the answers: an item is held until then, and decided anew."""

from pathlib import Path

import pytest

from tests.watch.conftest import MakeService
from tests.watch.station import STATION, same_as_run, scan


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(STATION + '[ocr]\nengine = "auto"\n', encoding="utf-8")
    return file


def test_an_item_is_decided_anew_when_its_text_was_read(
    serve: MakeService, inbox: Path, profile: Path, tmp_path: Path
) -> None:
    service = serve()
    for number in (1, 2):
        scan(inbox / "A" / f"{number:04d}.tif", number)
    (inbox / "A" / "ok.done").touch()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    (closed,) = service.lines("item-closed")
    assert closed["outcome"] == "hold"
    assert "coverage/text-not-read" in {reason["code"] for reason in closed["reasons"]}
    service.until(lambda: service.subjects("item-updated"), "not decided anew")
    updated = service.lines("item-updated")[-1]
    assert "coverage/text-not-read" not in {reason["code"] for reason in updated["reasons"]}
    service.until(lambda: service.item("A")["pages"] == service.pages(), "the reports lag behind")
    assert service.item("A")["decision"]["outcome"] == updated["outcome"]
    assert service.stop(to_all=True) == 0
    assert service.errors == ""
    same_as_run(service, profile, tmp_path)


def test_a_rejected_item_is_moved_only_when_its_text_was_read(
    serve: MakeService, inbox: Path, profile: Path, tmp_path: Path
) -> None:
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace("[watch]\n", '[watch]\nrejected_folder = "rejected"\n'), encoding="utf-8")
    service = serve()
    scan(inbox / "A" / "0001.tif", 1)
    scan(inbox / "A" / "0002.tif", 2)
    whole = (inbox / "A" / "0002.tif").read_bytes()
    (inbox / "A" / "0002.tif").write_bytes(whole[: len(whole) // 2])
    (inbox / "A" / "ok.done").touch()
    service.until(lambda: service.subjects("item-moved") == ["A"], "not moved")
    kinds = [line["kind"] for line in service.lines("item-closed", "item-updated", "item-moved")]
    assert kinds == ["item-closed", "item-updated", "item-moved"]
    assert "coverage/text-not-read" not in {
        reason["code"] for reason in service.item("A")["decision"]["reasons"]
    }
    assert (tmp_path / "rejected" / "A" / "0001.tif").is_file()
    assert service.stop() == 0
