from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import Base

from ybda_qc.checks.page.metadata import MetadataCheck
from ybda_qc.testing import assert_finding, assert_no_finding, run_check

NOTHING: dict[str, object] = {"required": ()}


def scan(path: Path, tags: dict[int, object], **options: object) -> Path:
    exif = Image.Exif()
    exif.update(tags)
    Image.new("RGB", (80, 60), "white").save(path, exif=exif, **options)
    return path


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_embedded_elements_are_told(tmp_path: Path, suffix: str) -> None:
    path = scan(
        tmp_path / f"0001{suffix}",
        {
            Base.Make: "Papyrus",
            Base.Model: "S 300",
            Base.Software: "ScanDesk 2",
            Base.DateTime: "2024:05:06 07:08:09",
        },
    )
    wanted = ("make", "model", "software", "datetime")

    result, findings = run_check(MetadataCheck, path, missing={"required": wanted})

    assert result.text("tag:make") == "Papyrus"
    assert result.text("tag:model") == "S 300"
    assert_no_finding(findings)


def test_missing_names_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    path = scan(tmp_path / "0001.jpg", {Base.Make: "Papyrus"})

    _, findings = run_check(
        MetadataCheck, path, missing={"required": ("make", "model", "software"), "verdict": "note"}
    )

    finding = assert_finding(findings, "metadata/missing", verdict="note")
    assert finding.message == "embedded metadata lack model, software"


def test_an_element_of_blanks_is_missing(tmp_path: Path) -> None:
    path = scan(tmp_path / "0001.jpg", {Base.Make: "   "})

    _, findings = run_check(MetadataCheck, path, missing={"required": ("make",)})

    assert_finding(findings, "metadata/missing")


def test_nothing_is_missing_where_nothing_is_asked(tmp_path: Path) -> None:
    _, findings = run_check(MetadataCheck, scan(tmp_path / "0001.jpg", {}), missing=NOTHING)

    assert_no_finding(findings)


def test_the_colour_profile_counts_as_an_element(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wanted = {"required": ("icc-profile",)}

    _, with_profile = run_check(MetadataCheck, scan(tmp_path / "a.jpg", {}, icc_profile=srgb), missing=wanted)
    _, without = run_check(MetadataCheck, scan(tmp_path / "b.jpg", {}), missing=wanted)

    assert_no_finding(with_profile)
    assert_finding(without, "metadata/missing")


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    path = scan(tmp_path / "0001.jpg", {Base.Software: "x" * 5000})

    result, _ = run_check(MetadataCheck, path, missing=NOTHING)

    assert result.text("tag:software") == "x" * 200


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_by_tag(tmp_path: Path, orientation: int) -> None:
    path = scan(tmp_path / "0001.jpg", {Base.Orientation: orientation})

    _, findings = run_check(MetadataCheck, path, missing=NOTHING, turned_by_tag={"verdict": "note"})

    if orientation == 1:
        assert_no_finding(findings)
    else:
        finding = assert_finding(findings, "metadata/turned-by-tag", verdict="note")
        assert finding.values["orientation"] == orientation
