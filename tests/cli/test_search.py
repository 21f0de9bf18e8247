"""``ybda-qc search`` as scripts and people meet it."""

import json
from pathlib import Path

import pytest

from tests.app.text_runs import ITEM, write_run
from ybda_qc.cli.main import _run

PAGES = {
    f"{ITEM}/0001.tif": "关于國務\n院的通知",
    f"{ITEM}/0002.tif": "国务院批复 The State Council",
    "B/0001.tif": "档案\x1b[31m局",
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path, PAGES)


def ask(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    assert _run(["search", *map(str, arguments)]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_hits_are_printed_with_item_page_and_snippet(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = ask(capsys, "国务院", "--run", run, "--lang", "en")

    assert "pages found: 2" in shown
    assert f"{ITEM}/0001.tif" in shown
    assert "关于國務院的通知" in shown


def test_the_current_folder_is_searched_unless_told(
    run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run)

    assert "找到 1 页" in ask(capsys, "state council", "--lang", "zh")


def test_json_for_programs(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(ask(capsys, "国务院 通知", "--run", run, "--json"))

    (hit,) = document.pop("hits")
    assert document == {"total": 1, "exact": True, "complete": True}
    assert hit["page"] == f"{ITEM}/0001.tif#1"
    assert hit["item"] == ITEM
    assert hit["snippet"] == "关于國務院的通知"
    assert hit["boxes"] == [[40, 0, 40, 20], [0, 20, 20, 20], [40, 20, 40, 20]]
    assert hit["score"] > 0
    assert "run" not in hit


def test_a_run_that_has_not_read_to_its_end_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path, PAGES, is_finished=False)

    assert _run(["search", "没有", "--run", str(run), "--lang", "en"]) == 0
    assert "has not read all its text" in capsys.readouterr().err
    assert json.loads(ask(capsys, "国务院", "--run", run, "--json"))["complete"] is False


def test_hits_of_several_runs_tell_their_run(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_run(tmp_path / "other", {"C/1.tif": "国务院"})

    document = json.loads(ask(capsys, "国务院", "--run", run, "--run", other, "--json"))

    assert document["total"] == 3
    assert {hit["run"] for hit in document["hits"]} == {str(run), str(other)}
    assert str(other) in ask(capsys, "国务院", "--run", run, "--run", other)


def test_limit_and_item(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 are shown" in ask(capsys, "国务院", "--run", run, "--limit", "1", "--lang", "en")
    assert "no page has this" in ask(capsys, "国务院", "--run", run, "--item", "B", "--lang", "en")
    assert "no item C" in ask(capsys, "国务院", "--run", run, "--item", "C", "--lang", "en", code=2)


def test_the_page_with_the_words_marked_is_named(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert str(run / "search.html") in ask(capsys, "国务院", "--run", run, "--html")


def test_control_characters_of_a_page_do_not_reach_the_terminal(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "\x1b" not in ask(capsys, "档案", "--run", run)


@pytest.mark.parametrize(
    "query", ["", " ", '"国务', "(国务", "国务)", "-国务", "国 " * 5000, "国务 AND", "\udcff"]
)
def test_a_query_that_cannot_be_read_is_a_mistake_of_the_user(
    run: Path, capsys: pytest.CaptureFixture[str], query: str
) -> None:
    assert "Traceback" not in ask(capsys, f"--run={run}", "--", query, code=2)


@pytest.mark.parametrize(
    "query", ["。。", "'; DROP TABLE text; --", "rowid:1", 'NEAR("a" "b")', "*", "国*", "%"]
)
def test_what_is_no_word_on_any_page_has_no_hit(
    run: Path, capsys: pytest.CaptureFixture[str], query: str
) -> None:
    assert "no page has this" in ask(capsys, f"--run={run}", "--lang=en", "--", query)


def test_a_run_without_text_says_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = write_run(tmp_path, PAGES, key="")

    assert f"--out {silent} --ocr auto" in ask(capsys, "国务院", "--run", silent, "--lang", "en", code=4)


def test_a_folder_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert str(tmp_path) in ask(capsys, "国务院", "--run", tmp_path, code=4)
