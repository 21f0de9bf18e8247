"""Hits of several runs are one list; the words are marked with boxes."""

from pathlib import Path

import pytest

from tests.app.text_runs import ITEM, write_run
from tests.store.text_values import SIDE
from ybda_qc.app.search import Answer, best_hits, search
from ybda_qc.errors import InputError, UsageError


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path, {f"{ITEM}/0001.tif": "关于国务\n院的通知", f"{ITEM}/0002.tif": "批复"})


def ask(query: str, *runs: Path, item: str | None = None, limit: int = 20) -> list[Answer]:
    return search(query, runs, item=item, limit=limit)


def test_a_word_over_two_lines_has_a_box_on_each(run: Path) -> None:
    (answer,) = ask("国务院", run)

    (marked,) = answer.hits
    assert [box.as_list() for box in marked.boxes] == [
        [2 * SIDE, 0, 2 * SIDE, SIDE],
        [0, SIDE, SIDE, SIDE],
    ]
    assert marked.marked.plain == "关于国务院的通知"
    assert answer.batch_root == run.parent / "batch"


def test_the_hits_of_several_runs_are_ranked_together(run: Path, tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", {"B/1.tif": "国务院国务院", "B/2.tif": "国务院" + "他" * 40})

    answers = ask("国务院", run, other, run)

    assert [answer.run for answer in answers] == [run, other]
    assert sum(answer.total for answer in answers) == 3
    best = best_hits(answers, 2)
    assert len(best) == 2
    assert best[0].hit.score >= best[1].hit.score
    assert {marked.run for marked in best_hits(answers, 3)} == {run, other}


def test_an_item_is_searched_in_the_runs_that_have_it(run: Path, tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", {"B/1.tif": "国务院"})

    assert [answer.run for answer in ask("国务院", run, other, item="B")] == [other]
    with pytest.raises(UsageError, match="no item C"):
        ask("国务院", run, other, item="C")


def test_a_run_without_text_ends_the_search(run: Path, tmp_path: Path) -> None:
    silent = write_run(tmp_path / "silent", {"B/1.tif": "国务院"}, key="")

    with pytest.raises(InputError, match="has read no text"):
        ask("国务院", run, silent)
