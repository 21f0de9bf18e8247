"""The pages that were found are drawn from files that are still the same; nothing else is written."""

from pathlib import Path

import pytest

from tests.app.text_runs import ITEM, write_run
from ybda_qc.app import search_page
from ybda_qc.app.search import search
from ybda_qc.app.search_page import write_search_page
from ybda_qc.errors import InputError

PAGES = {f"{ITEM}/0001.tif": "国务院的通知", f"{ITEM}/0002.tif": "国务院的批复"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path, PAGES)


def write(run: Path) -> str:
    (answer,) = search("国务院", [run], item=None, limit=20)
    path = write_search_page("国务院", answer, lang="zh")
    assert path == run / "search.html"
    return path.read_text(encoding="utf-8")


def test_each_page_is_shown_with_its_words_marked(run: Path) -> None:
    page = write(run)

    assert page.count("data:image/jpeg") == 2
    assert page.count('class="word"') == 2
    assert "<mark>国务院</mark>的通知" in page


def test_only_the_page_is_written(run: Path) -> None:
    before = {path: path.read_bytes() for path in run.parent.rglob("*") if path.is_file()}

    write(run)

    after = {path for path in run.parent.rglob("*") if path.is_file() and "-wal" not in path.name}
    assert {path for path in after if "-shm" not in path.name} == {*before, run / "search.html"}
    assert all(path.read_bytes() == content for path, content in before.items())


def test_a_file_that_has_changed_or_is_gone_has_no_picture_and_says_why(run: Path) -> None:
    batch = run.parent / "batch"
    (batch / ITEM / "0001.tif").write_bytes((batch / ITEM / "0002.tif").read_bytes())
    (batch / ITEM / "0002.tif").unlink()

    page = write(run)

    assert "data:image/jpeg" not in page
    assert "the file has changed since its text was read" in page
    assert "the file cannot be opened" in page
    assert "<mark>国务院</mark>" in page


def test_so_many_pages_are_drawn_at_most(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_page, "MOST_PAGES", 1)

    assert write(run).count("data:image/jpeg") == 1


def test_a_page_that_cannot_be_written_is_said(run: Path) -> None:
    (run / "search.html").mkdir()

    with pytest.raises(InputError, match="cannot be written"):
        write(run)
    assert not list(run.glob(".search.html*"))
