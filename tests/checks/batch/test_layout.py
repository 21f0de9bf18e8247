from pathlib import Path

import pytest

from tests.checks.batch.memory import ANY, NATIONAL, OWN, inspect_batch, make_batch, summary
from ybda_qc.checks._limits import Flag
from ybda_qc.checks._listing import LISTED
from ybda_qc.checks.batch.layout import LayoutCheck
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk
from ybda_qc.model import Batch, Stray
from ybda_qc.report import translator

CHECK = LayoutCheck()
ANY_CODE = LayoutOptions.model_validate(
    {
        "parts": {"item": ".[^/]+[0-9]{4}"},
        "patterns": [{"title": "f", "path": "{folders}{item}/{number}", "examples": ["A-0001/0001.jpg"]}],
    }
)


def walked(root: Path, *paths: str) -> Batch:
    """The batch of a real folder, after putting more files into it."""
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return walk(root, NATIONAL)


def test_pages_in_the_folders_of_their_items_are_sound() -> None:
    assert inspect_batch(CHECK, make_batch(["a/1.jpg", "b/c/1.jpg", "b/d/1.jpg"], ANY)) == []
    assert inspect_batch(CHECK, make_batch(["1.jpg", "2.jpg"], ANY)) == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("unknown", "stray-file"),
        ("system", "system-file"),
        ("hidden", "hidden-file"),
        ("executable", "executable"),
        ("empty-folder", "empty-folder"),
        ("page-name-folder", "page-name-folder"),
        ("symlink", "symlink"),
        ("symlink-loop", "symlink"),
        ("unreadable-folder", "unreadable-folder"),
        ("special", "special-file"),
        ("too-deep", "too-deep"),
        ("a kind nobody has thought of", "stray-file"),
    ],
)
def test_every_stray_is_reported(kind: str, code: str) -> None:
    stray = Stray(path="a/{odd} name", kind=kind, detail="detail")
    (finding,) = inspect_batch(CHECK, make_batch(["1.jpg"], ANY, [stray]))
    assert (finding.code, finding.subject) == (code, "a/{odd} name")
    assert "a/{odd} name" in finding.message


def test_pages_beside_folders_of_pages() -> None:
    batch = make_batch(["a/1.jpg", "a/b/1.jpg", "a/b/c/d/1.jpg", "e/1.jpg"], ANY)
    assert summary(inspect_batch(CHECK, batch)) == [("mixed-folder", "a"), ("mixed-folder", "a/b")]


def test_the_batch_folder_is_named_in_words() -> None:
    (finding,) = inspect_batch(CHECK, make_batch(["1.jpg", "a/b/1.jpg"], ANY))
    assert (finding.code, finding.subject) == ("mixed-folder", ".")
    assert "in the batch folder itself" in finding.message
    assert "批次文件夹" in translator("zh")(finding.template, finding.values)


def test_an_item_in_two_folders() -> None:
    code = "A1-WS·2022-Y-0001"
    batch = make_batch([f"x/{code}/0001.jpg", f"y/{code}/0001.jpg", f"y/{code}/0002.jpg"], NATIONAL)
    (finding,) = inspect_batch(CHECK, batch)
    assert (finding.code, finding.subject) == ("split-item", code)
    assert finding.pages == (f"x/{code}/0001.jpg#1", f"y/{code}/0001.jpg#1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A182-WS·2022-Y-0001", "A182-ws·2022-Y-0001"),
        ("A182-WS·2022-Y-0001", "A182-WS.2022-Y-0001"),
        ("A182-WS·2022-Y-0001", "A182–WS·2022–Y–0001"),
        ("A182-WS·2022-Y-0001", "Ａ182-WS·2022-Y-0001"),
        ("A182-WS·2022-Y-0001", "A182-WS\u200b·2022-Y-0001"),
    ],
)
def test_items_whose_codes_read_the_same_wherever_they_lie(one: str, other: str) -> None:
    batch = make_batch([f"2022/{one}/0001.jpg", f"more/deeper/{other}/0001.jpg"], ANY_CODE)
    (finding,) = inspect_batch(CHECK, batch)
    assert finding.code == "split-item"
    assert finding.subject in (one, other)
    assert one in finding.message
    assert other in finding.message
    assert finding.message.count("one item") == 1
    assert "形近字符" in translator("zh")(finding.template, finding.values)


def test_codes_that_differ_in_a_figure_are_different_items() -> None:
    codes = ["A182-WS·2022-Y-0001", "A182-WS·2022-Y-0011", "A182-WS·2021-Y-0001", "A182-WS2022-Y-0001"]
    assert inspect_batch(CHECK, make_batch([f"x/{code}/0001.jpg" for code in codes], ANY_CODE)) == []


def test_recordings_of_an_item_may_lie_apart_from_its_pages_but_not_in_two_folders(tmp_path: Path) -> None:
    code = "A1-LY·2022-Y-0001"
    apart = [f"x/{code}/0001.jpg", f"audio/{code}-001.wav"]
    assert inspect_batch(CHECK, walked(tmp_path, *apart)) == []
    (finding,) = inspect_batch(CHECK, walked(tmp_path, f"video/{code}-002.mp4"))
    assert (finding.code, finding.subject, finding.pages) == ("split-item", code, ())
    assert "audio, video" in finding.message


def test_what_the_profile_turns_off_is_not_said() -> None:
    batch = make_batch(["1.jpg"], ANY, [Stray(path="x", kind="system")])
    changed = {"system_file": Flag(verdict="off", source=OWN)}
    assert inspect_batch(CHECK, batch, **changed) == []


def test_a_great_many_strays_make_a_short_list() -> None:
    strays = [Stray(path=f"{n}/Thumbs.db", kind="system") for n in range(LISTED + 7)]
    findings = inspect_batch(CHECK, make_batch(["1.jpg"], ANY, [*strays, Stray(path="x", kind="unknown")]))
    codes = [finding.code for finding in findings]
    assert (codes.count("system-file"), codes.count("stray-file"), codes.count("unlisted")) == (LISTED, 1, 1)
