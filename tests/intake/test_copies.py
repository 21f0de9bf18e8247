"""Masters and access copies in folders of their own."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.intake.test_walk import ANY, put
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.rearrange import rearrange
from ybda_qc.intake.walk import walk
from ybda_qc.model import DeliveryCopy

CODE = "A1-WS·2022-Y-0001"
COPIES = [
    {"name": "master", "title": "masters 保存件", "folders": ["保存件", "master*"]},
    {"name": "access", "title": "access copies 利用件", "folders": ["利用件", "*/access"]},
]
TWO = LayoutOptions.model_validate({"copies": COPIES})
NATIONAL = LayoutOptions.model_validate(
    {
        "copies": COPIES,
        "number_widths": [3, 4],
        "parts": {"item": r"[\w·]+(?:-[\w·]+)+-[0-9]{2,6}"},
        "patterns": [{"title": "f", "path": "{item}/{number}", "examples": ["A-B-01/001.jpg"]}],
    }
)


def test_each_copy_has_its_item_and_the_patterns_count_below_its_folder(tmp_path: Path) -> None:
    put(tmp_path, f"保存件/{CODE}/001.tif", f"保存件/{CODE}/002.tif", f"利用件/{CODE}/001.jpg")
    batch = walk(tmp_path, NATIONAL)
    assert [(item.code, item.copy, len(item.files)) for item in batch.items] == [
        (CODE, "access", 1),
        (CODE, "master", 2),
    ]
    assert all(file.name_matches for file in batch.files)
    assert batch.copies == (
        DeliveryCopy(name="master", title="masters 保存件"),
        DeliveryCopy(name="access", title="access copies 利用件"),
    )


@pytest.mark.parametrize(
    ("path", "copy", "item"),
    [
        ("MASTERS_2022/a/1.tif", "master", "a"),  # in any case, with a star
        ("masters/1.tif", "master", "."),
        ("delivery/Access/a/1.jpg", "access", "a"),
        ("access/a/1.jpg", "", "access/a"),  # the pattern wants one folder before it
        ("deeper/still/access/a/1.jpg", "", "deeper/still/access/a"),  # a star stands for one folder
        ("a/保存件/1.tif", "", "a/保存件"),  # folders count from the batch folder on
        ("master.tif", "", "."),  # a file is no folder
    ],
)
def test_folders_of_copies(tmp_path: Path, path: str, copy: str, item: str) -> None:
    put(tmp_path, path)
    (file,) = walk(tmp_path, TWO).files
    assert (file.copy, file.item) == (copy, item)


def test_odd_names_belong_to_the_item_of_their_own_copy(tmp_path: Path) -> None:
    put(tmp_path, f"master/{CODE}/cover.tif", f"x/access/{CODE}/001.jpg", f"x/access/{CODE}/talk.mp3")
    items = walk(tmp_path, NATIONAL).items
    assert [(item.code, item.copy, len(item.files), len(item.media)) for item in items] == [
        (CODE, "access", 1, 1),
        (CODE, "master", 1, 0),
    ]


def test_without_copies_nothing_is_said_of_them(tmp_path: Path) -> None:
    put(tmp_path, "master/a/1.tif", "说明文件.txt")
    batch = walk(tmp_path, ANY)
    assert {file.copy for file in batch.files} == {""}
    assert batch.copies == ()


def test_a_layout_with_copies_reads_a_batch_anew_and_back(tmp_path: Path) -> None:
    put(tmp_path, f"master/{CODE}/001.tif", f"x/access/{CODE}/001.jpg", "list.md5")
    plain, two = walk(tmp_path, ANY), walk(tmp_path, NATIONAL)
    assert rearrange(plain, NATIONAL) == two
    assert rearrange(two, ANY) == plain


def test_the_path_of_a_copy_may_be_a_whole_run_of_folders() -> None:
    copies = [{**COPIES[0], "folders": ["2022/移交/保存件/"]}, COPIES[1]]
    layout = Layout(LayoutOptions.model_validate({"copies": copies}))
    reading = layout.read("2022/移交/保存件/a/b/7.tif")
    assert (reading.copy, reading.folder, reading.number) == ("master", "a/b", 7)
    assert layout.read("2022/移交/7.tif").copy == ""


@pytest.mark.parametrize(
    ("copies", "message"),
    [
        (COPIES[:1], "two copies or more"),
        ([COPIES[0], COPIES[0]], "another name"),
        ([{**COPIES[0], "folders": []}, COPIES[1]], "folders"),
        ([{**COPIES[0], "folders": ["../x"]}, COPIES[1]], "named from the batch folder on"),
        ([{**COPIES[0], "folders": [""]}, COPIES[1]], "named from the batch folder on"),
        ([{**COPIES[0], "name": "the masters"}, COPIES[1]], "name"),
        ([{**COPIES[0], "title": ""}, COPIES[1]], "title"),
    ],
)
def test_mistakes_of_a_profile(copies: list[object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LayoutOptions.model_validate({"copies": copies})


@pytest.mark.parametrize(("folder", "held"), [("保存件", ["master"]), ("扫描", [])])
def test_a_copy_that_is_not_required_counts_where_it_is_there(
    folder: str, held: list[str], tmp_path: Path
) -> None:
    put(tmp_path, f"{folder}/{CODE}/001.tif")
    copies = [{**COPIES[0], "required": False}, {**COPIES[1], "required": False}]
    options = LayoutOptions.model_validate({"copies": copies})
    batch = walk(tmp_path, options)
    assert [copy.name for copy in batch.copies] == held
    assert rearrange(walk(tmp_path, ANY), options).copies == batch.copies
