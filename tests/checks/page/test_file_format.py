import shutil
from pathlib import Path

import numpy as np
import pytest

from ybda_qc.checks.page.file_format import FileFormatCheck
from ybda_qc.model import Facts
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

PAGE = np.full((60, 40, 3), 230, np.uint8)
ALL = {"allowed": ("JPEG", "TIFF", "JPEG2000", "PNG", "BMP", "PDF")}


@pytest.mark.parametrize(
    ("suffix", "format_name"),
    [
        (".jpg", "JPEG"),
        (".JPEG", "JPEG"),
        (".tif", "TIFF"),
        (".TIFF", "TIFF"),
        (".jp2", "JPEG2000"),
        (".png", "PNG"),
        (".bmp", "BMP"),
        (".pdf", "PDF"),
    ],
)
def test_the_content_tells_the_format_and_the_name_agrees(
    tmp_path: Path, suffix: str, format_name: str
) -> None:
    result, findings = run_check(
        FileFormatCheck, write_page(tmp_path / f"0001{suffix}", PAGE, dpi=300), not_allowed=ALL
    )

    assert result.text("format") == format_name
    assert_no_finding(findings)


def test_not_allowed(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.bmp", PAGE, dpi=300)

    _, findings = run_check(
        FileFormatCheck, path, not_allowed={"allowed": ("JPEG", "TIFF"), "verdict": "fail"}
    )

    finding = assert_finding(findings, "file_format/not-allowed", verdict="fail")
    assert finding.message == "BMP is not among the formats allowed: JPEG, TIFF"


@pytest.mark.parametrize("name", ["0001.tif", "0001.jpg.png", "0001", "jpg"])
def test_extension_mismatch(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    shutil.copy(write_page(tmp_path / "true.jpg", PAGE, dpi=300), path)

    _, findings = run_check(FileFormatCheck, path, not_allowed=ALL)

    assert name in assert_finding(findings, "file_format/extension-mismatch").message


def test_measuring_does_not_depend_on_the_name(tmp_path: Path) -> None:
    one = write_page(tmp_path / "0001.jpg", PAGE, dpi=300)
    other = tmp_path / "0001.tif"
    shutil.copy(one, other)

    first, _ = run_check(FileFormatCheck, one, not_allowed=ALL)
    second, _ = run_check(FileFormatCheck, other, not_allowed=ALL)

    assert first == second


def test_multi_page_is_said_once_a_file(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", PAGE, PAGE, PAGE, dpi=300)

    _, first = run_check(FileFormatCheck, path, frame=1, not_allowed=ALL, multi_page={"verdict": "note"})
    _, second = run_check(FileFormatCheck, path, frame=2, not_allowed=ALL, multi_page={"verdict": "note"})

    assert assert_finding(first, "file_format/multi-page", verdict="note").message == "the file holds 3 pages"
    assert_no_finding(second)


def test_a_name_with_odd_characters_is_shown_as_it_is(tmp_path: Path) -> None:
    result, _ = run_check(FileFormatCheck, write_page(tmp_path / "0001.jpg", PAGE, dpi=300), not_allowed=ALL)

    findings = judge(FileFormatCheck, result, facts=Facts(path="卷{1}/页 {x}.tif", frame=1), not_allowed=ALL)

    assert "页 {x}.tif" in assert_finding(findings, "file_format/extension-mismatch").message
