"""Audio, video and the like: files of items without pages."""

from pathlib import Path

import pytest

from tests.intake.test_walk import ANY, put
from ybda_qc.errors import InputError
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.rearrange import rearrange
from ybda_qc.intake.walk import walk
from ybda_qc.model import Batch, FileRole

CODE = "B469-LY·2022-Y-0001"
NATIONAL = LayoutOptions.model_validate(
    {
        "number_widths": [3, 4],
        "parts": {"item": r"[\w·]+(?:-[\w·]+)+-[0-9]{2,6}"},
        "patterns": [
            {"title": "f", "path": "{folders}{item}/{number}", "examples": ["A-B-01/001.jpg"]},
            {"title": "n", "path": "{folders}{item}-{number}", "examples": ["A-B-01-001.jpg"]},
            {"title": "w", "path": "{folders}{item}", "extensions": ["pdf"], "examples": ["A-B-01.pdf"]},
        ],
    }
)


def walked(root: Path, options: LayoutOptions, *paths: str) -> Batch:
    put(root, *paths)
    return walk(root, options)


@pytest.mark.parametrize("name", ["1.WAV", "1.mxf", "1.Cr2", "1.dng", "1.heic", "1.rmvb", "1.gif", "1.ts"])
def test_media_are_told_by_their_extension(tmp_path: Path, name: str) -> None:
    (file,) = walked(tmp_path, ANY, f"a/{name}").files
    assert (file.role, file.item, file.number) == (FileRole.MEDIA, "a", 1)


@pytest.mark.parametrize(
    ("path", "number", "matches"),
    [
        (f"{CODE}.wav", None, True),  # the pattern of one file an item names other extensions, but of pages
        (f"2022/{CODE}-002.mp4", 2, True),
        (f"2022/{CODE}/003.mp3", 3, True),
        (f"2022/{CODE}/interview with the village head.wav", None, None),
        (f"2022/{CODE}/IMG_0042.nef", 42, None),
        (f"{CODE}/interview with the village head.wav", None, None),
    ],
)
def test_media_belong_to_items_by_the_patterns_of_pages_or_by_their_folder(
    tmp_path: Path, path: str, number: int | None, matches: bool | None
) -> None:
    batch = walked(tmp_path, NATIONAL, path)
    (file,) = batch.files
    assert (file.item, file.number, file.name_matches) == (CODE, number, matches)
    (item,) = batch.items
    assert (item.code, item.files, item.media) == (CODE, (), (file,))


def test_media_outside_the_folders_of_items_must_fit_a_pattern(tmp_path: Path) -> None:
    (file,) = walked(tmp_path, NATIONAL, "audio/interview.wav").files
    assert (file.item, file.name_matches) == ("audio", False)


def test_pages_and_media_of_an_item_stand_apart_each_in_its_order(tmp_path: Path) -> None:
    names = ["0002.jpg", "0001.jpg", "010.wav", "002.wav", "talk.wav"]
    (item,) = walked(tmp_path, NATIONAL, *(f"{CODE}/{name}" for name in names)).items
    assert [file.path.rpartition("/")[2] for file in item.files] == ["0001.jpg", "0002.jpg"]
    assert [file.path.rpartition("/")[2] for file in item.media] == ["002.wav", "010.wav", "talk.wav"]


def test_a_pattern_may_be_for_some_media_only() -> None:
    pattern = {"title": "a", "path": "{number}", "extensions": ["wav"], "examples": ["1.wav"]}
    layout = Layout(LayoutOptions.model_validate({"patterns": [pattern]}))
    assert [layout.read(name).matches for name in ("1.wav", "1.mp3", "1.jpg")] == [True, False, False]


def test_a_batch_of_nothing_but_media_is_a_batch(tmp_path: Path) -> None:
    batch = walked(tmp_path / "good", ANY, "a/1.mp4")
    assert [item.code for item in batch.items] == ["a"]
    assert batch.strays == ()
    with pytest.raises(InputError, match="holds no pages"):
        walked(tmp_path / "bad", ANY, "a/1.txt")


def test_another_layout_reads_media_anew(tmp_path: Path) -> None:
    batch = walked(tmp_path, ANY, f"2022/{CODE}/interview.wav", "1.jpg")
    assert rearrange(batch, NATIONAL) == walk(tmp_path, NATIONAL)
    without = rearrange(batch, LayoutOptions(media=()))
    assert [stray.kind for stray in without.strays] == ["unknown"]
    assert without == walk(tmp_path, LayoutOptions(media=()))


ZP = "B469-ZP·2022-Y-0001"
PHOTOGRAPHS = NATIONAL.model_copy(update={"media_items": ("*-ZP·*",)})


@pytest.mark.parametrize(
    ("path", "number", "matches"),
    [
        (f"{ZP}.jpg", None, True),  # pages may not be named so, photographs may: as all media
        (f"2022/{ZP}-002.tif", 2, True),
        (f"2022/{ZP}/003.png", 3, True),
        (f"2022/{ZP}/DSC_4711.JPG", 4711, None),
        (f"{ZP}/the opening of the school.jpg", None, None),
    ],
)
def test_images_in_items_of_photographs_are_media(
    tmp_path: Path, path: str, number: int | None, matches: bool | None
) -> None:
    batch = walked(tmp_path, PHOTOGRAPHS, path)
    (file,) = batch.files
    assert (file.role, file.item, file.number, file.name_matches) == (FileRole.MEDIA, ZP, number, matches)
    assert [(item.code, item.files, item.media) for item in batch.items] == [(ZP, (), (file,))]


@pytest.mark.parametrize("code", ["B469-ZP•2022-Y-0001", "B469—ZP·2022-Y-0001", "B469-ｚｐ·2022-Y-0001"])
def test_signs_that_look_alike_do_not_make_a_photograph_a_page(tmp_path: Path, code: str) -> None:
    (file,) = walked(tmp_path, ANY.model_copy(update={"media_items": ("*-ZP·*",)}), f"{code}/1.jpg").files
    assert file.role is FileRole.MEDIA


@pytest.mark.parametrize(
    "path",
    [
        "B469-WS·2022-Y-ZP-0001/0001.jpg",  # an office called ZP
        "B469-WS·2022-Y-0001/ZP·1.jpg",
        f"{ZP}/0001.pdf",
        f"{ZP}.pdf",
    ],
)
def test_other_images_and_documents_stay_pages(tmp_path: Path, path: str) -> None:
    (file,) = walked(tmp_path, PHOTOGRAPHS, path).files
    assert file.role is FileRole.PAGE


def test_a_layout_without_items_of_photographs_takes_them_for_pages(tmp_path: Path) -> None:
    batch = walked(tmp_path, NATIONAL, f"{ZP}/0001.jpg", f"{ZP}.jpg", f"{CODE}/0001.jpg")
    assert {file.role for file in batch.files} == {FileRole.PAGE}
    assert rearrange(batch, PHOTOGRAPHS) == walk(tmp_path, PHOTOGRAPHS)
    assert rearrange(walk(tmp_path, PHOTOGRAPHS), NATIONAL) == batch


def test_what_the_profile_calls_a_page_is_none_of_the_media(tmp_path: Path) -> None:
    options = LayoutOptions(extensions=("gif",))
    (file,) = walked(tmp_path, options, "a/1.gif").files
    assert file.role is FileRole.PAGE
