"""The layouts that docs/profiles.md shows, as real folders in which they are read."""

import re
import tomllib
from pathlib import Path

import pytest

from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.catalogue.columns import HEADERS
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk
from ybda_qc.model import Batch

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text(encoding="utf-8")
LAYOUTS = {
    heading: LayoutOptions.model_validate(tomllib.loads(block)["layout"])
    for heading, block in re.findall(
        r"^### ([^\n]+)\n(?:(?!^#).)*?^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
    )
}

FOLDERS, NESTED, FLAT, WHOLE, COPIES = (
    "One folder an item, numbered pages",
    "Folders by fonds, year and retention",
    "Flat files, named by code and page number",
    "One file of many pages an item",
    "Masters and access copies",
)
ONE, TWO = "B469-WS·2022-Y-0001", "B469-WS·2022-Y-0002"


def walked(root: Path, layout: str, *paths: str) -> Batch:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return walk(root, LAYOUTS[layout])


@pytest.mark.parametrize(
    "block", re.findall(r"^```toml\n(\[profile\]\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
def test_every_whole_profile_that_is_shown_can_be_used(block: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(block, encoding="utf-8")
    assert load_profile(path, registered_checks()).id == tomllib.loads(block)["profile"]["id"]


def test_every_field_of_a_record_is_named() -> None:
    assert [name for name in HEADERS if f"`{name}`" not in PAGE] == []


def test_every_layout_that_is_shown_is_tried_here() -> None:
    assert set(LAYOUTS) == {FOLDERS, NESTED, FLAT, WHOLE, COPIES}


def test_each_copy_is_read_below_its_folder(tmp_path: Path) -> None:
    paths = [f"保存件/{ONE}/001.tif", f"保存件/{ONE}/002.tif", f"Access_2022/{ONE}.pdf"]
    batch = walked(tmp_path, COPIES, *paths)
    assert [(item.code, item.copy, len(item.files)) for item in batch.items] == [
        (ONE, "access", 1),
        (ONE, "master", 2),
    ]
    assert all(file.name_matches for file in batch.files)


@pytest.mark.parametrize(
    ("layout", "paths"),
    [
        (FOLDERS, (f"{ONE}/001.jpg", f"{ONE}/002.jpg", f"2022/{TWO}/001.tif")),
        (NESTED, ("B469/2022/Y/0001/001.jpg", "B469/2022/Y/0001/002.jpg", "in/B469/2022/Y/0002/001.jpg")),
        (FLAT, (f"{ONE}-001.jpg", f"{ONE}_002.jpg", f"more/{TWO}-001.jpg")),
    ],
)
def test_items_and_numbers_are_read_off_the_path(tmp_path: Path, layout: str, paths: tuple[str, ...]) -> None:
    batch = walked(tmp_path, layout, *paths)
    assert {item.code: [file.number for file in item.files] for item in batch.items} == {
        ONE: [1, 2],
        TWO: [1],
    }
    assert all(file.name_matches for file in batch.files)


def test_a_file_of_many_pages_is_an_item(tmp_path: Path) -> None:
    batch = walked(tmp_path, WHOLE, f"{ONE}.pdf", f"2022/{TWO}.tif")
    assert [(item.code, len(item.files)) for item in batch.items] == [(ONE, 1), (TWO, 1)]
    assert [(file.number, file.name_matches) for file in batch.files] == [(None, True), (None, True)]
    single = walked(tmp_path, WHOLE, "jpeg/B469-WS·2022-Y-0003.jpg")
    assert [file.name_matches for file in single.files if file.path.endswith("jpg")] == [False]


def test_folders_that_are_no_code_give_no_item(tmp_path: Path) -> None:
    batch = walked(tmp_path, NESTED, "B469/2022/D15/0001/001.jpg", "B469/22/Y/0001/001.jpg")
    assert {file.name_matches for file in batch.files} == {False}
    assert [item.code for item in batch.items] == ["B469/2022/D15/0001", "B469/22/Y/0001"]


def test_an_odd_name_belongs_to_the_item_that_the_folders_tell(tmp_path: Path) -> None:
    batch = walked(tmp_path, NESTED, "B469/2022/Y/0001/cover.jpg", "B469/2022/Y/0002/001.jpg")
    assert [(item.code, len(item.files)) for item in batch.items] == [(ONE, 1), (TWO, 1)]
