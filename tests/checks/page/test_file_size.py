from pathlib import Path

import numpy as np
import pytest

from ybda_qc.checks.page.file_size import FileSizeCheck
from ybda_qc.model import Measurement, Unit
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

NOISE = np.random.default_rng(5).integers(0, 255, (200, 150, 3), dtype=np.uint8)
FLAT = np.full((800, 600, 3), 240, np.uint8)


def bytes_a_page(value: float) -> list[Measurement]:
    return [Measurement(quantity="page_bytes", value=value, unit=Unit.BYTE)]


def ratio(value: float) -> list[Measurement]:
    return [Measurement(quantity="compression_ratio", value=value, unit=Unit.RATIO)]


def test_the_size_is_that_of_the_file(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", NOISE, dpi=300)

    result, findings = run_check(FileSizeCheck, path)

    measured = result.number("page_bytes")
    assert measured is not None
    assert measured.value == path.stat().st_size
    assert_no_finding(findings)


def test_of_a_multi_page_file_the_mean_is_taken(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", NOISE, FLAT, NOISE, dpi=300)

    results = [run_check(FileSizeCheck, path, frame=frame)[0].number("page_bytes") for frame in (1, 2, 3)]

    assert {result.value for result in results if result} == {round(path.stat().st_size / 3)}


@pytest.mark.parametrize(("size", "found"), [(10_000, False), (9_999, True)])
def test_below_on_each_side_of_the_limit(size: int, found: bool) -> None:
    findings = judge(FileSizeCheck, bytes_a_page(size), below={"note": 10_000})

    if found:
        finding = assert_finding(findings, "file_size/below", verdict="note")
        assert finding.message == "9,999 bytes a page is less than 10,000"
    else:
        assert_no_finding(findings)


@pytest.mark.parametrize(("size", "found"), [(50_000_000, False), (50_000_001, True)])
def test_above_on_each_side_of_the_limit(size: int, found: bool) -> None:
    findings = judge(FileSizeCheck, bytes_a_page(size), above={"note": 50_000_000})

    assert [finding.key for finding in findings] == (["file_size/above"] if found else [])


@pytest.mark.parametrize(("value", "found"), [(20.0, False), (20.1, True)])
def test_over_compressed_on_each_side_of_the_limit(value: float, found: bool) -> None:
    findings = judge(FileSizeCheck, ratio(value), over_compressed={"note": 20})

    assert [finding.key for finding in findings] == (["file_size/over-compressed"] if found else [])


def test_stronger_compression_raises_the_ratio(tmp_path: Path) -> None:
    values = []
    for quality in (95, 60, 20):
        path = write_page(tmp_path / f"{quality}.jpg", NOISE, dpi=300, quality=quality)
        measured = run_check(FileSizeCheck, path)[0].number("compression_ratio")
        assert measured is not None
        values.append(measured.value)

    assert values == sorted(values)
    assert values[0] < values[-1] / 3


def test_a_flat_page_without_loss_is_not_called_over_compressed(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", FLAT, dpi=300, compression="lzw")

    result, findings = run_check(FileSizeCheck, path, over_compressed={"note": 2})

    assert result.number("compression_ratio") is None
    assert_no_finding(findings)


def test_a_bitonal_page_is_not_called_over_compressed(tmp_path: Path) -> None:
    """Black and white compress by hundreds without any loss of tone, for they have none."""
    path = write_page(tmp_path / "0001.tif", FLAT, dpi=300, compression="g4")

    result, _ = run_check(FileSizeCheck, path)

    assert result.number("compression_ratio") is None
