from pathlib import Path

import numpy as np
import pytest

from ybda_qc.checks.page.readable import DAMAGE_KINDS, ReadableCheck, damage
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Observation, State
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check


def noisy_page() -> np.ndarray:
    """Noise: whatever is cut off or changed was needed."""
    return np.random.default_rng(7).integers(0, 255, (300, 200, 3), dtype=np.uint8)


@pytest.fixture
def jpeg(tmp_path: Path) -> Path:
    return write_page(tmp_path / "0001.jpg", noisy_page(), dpi=300)


def test_a_sound_page_is_decoded_and_has_no_finding(jpeg: Path) -> None:
    result, findings = run_check(ReadableCheck, jpeg)

    assert result.text("decoded") == "yes"
    assert result.text("damage") is None
    assert_no_finding(findings)


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".bmp", ".jp2", ".pdf"])
def test_sound_pages_of_every_format_are_readable(tmp_path: Path, suffix: str) -> None:
    _, findings = run_check(ReadableCheck, write_page(tmp_path / f"page{suffix}", noisy_page(), dpi=300))

    assert_no_finding(findings)


def test_truncated(jpeg: Path) -> None:
    jpeg.write_bytes(jpeg.read_bytes()[: jpeg.stat().st_size // 2])

    result, findings = run_check(ReadableCheck, jpeg, truncated={"verdict": "fail"})

    assert result.text("decoded") is None
    assert "{" not in assert_finding(findings, "readable/truncated", verdict="fail").message


def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "0001.tif"
    path.write_bytes(b"this is no picture" * 100)

    _, findings = run_check(ReadableCheck, path)

    assert_finding(findings, "readable/unreadable")


def test_empty(tmp_path: Path) -> None:
    path = tmp_path / "0001.tif"
    path.touch()

    _, findings = run_check(ReadableCheck, path)

    assert_finding(findings, "readable/empty")


def test_vanished(tmp_path: Path) -> None:
    _, findings = run_check(ReadableCheck, tmp_path / "gone.tif", vanished={"verdict": "error"})

    assert_finding(findings, "readable/vanished", verdict="error")


def test_too_large_is_found_before_anything_is_allocated(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.bmp", noisy_page(), dpi=None)
    content = bytearray(path.read_bytes())
    content[18:26] = (60_000).to_bytes(4, "little") * 2
    path.write_bytes(content)

    _, findings = run_check(ReadableCheck, path, too_large={"verdict": "error"})

    assert_finding(findings, "readable/too-large", verdict="error")


def test_encrypted(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = write_page(tmp_path / "plain.pdf", noisy_page(), dpi=300)
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt("a password", algorithm="RC4-128")
    path = tmp_path / "0001.pdf"
    writer.write(path)

    _, findings = run_check(ReadableCheck, path)

    assert_finding(findings, "readable/encrypted")


def test_oddities_of_a_sound_page_are_one_note(jpeg: Path) -> None:
    jpeg.write_bytes(jpeg.read_bytes() + b"rubbish at the end")

    result, findings = run_check(ReadableCheck, jpeg, oddity={"verdict": "note"})

    assert result.text("decoded") == "yes"
    assert result.texts("warning")
    finding = assert_finding(findings, "readable/oddity", verdict="note")
    assert all(warning in finding.message for warning in result.texts("warning"))


@pytest.mark.parametrize("kind", sorted(DAMAGE_KINDS))
def test_each_kind_of_damage_is_the_finding_of_that_name(kind: str) -> None:
    findings = judge(ReadableCheck, damage(kind, "Row 17 is missing."))

    assert [finding.code for finding in findings] == [kind]


def test_damage_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="melted"):
        damage("melted")


def test_several_warnings_are_told_together() -> None:
    observed = [Observation(quantity="warning", text=text) for text in ("One.", "Two.")]

    findings = judge(ReadableCheck, observed)

    assert assert_finding(findings, "readable/oddity").values["oddities"] == "One. Two."


def test_running_out_of_memory_is_no_damage(jpeg: Path) -> None:
    class Starved(PageView):
        @property
        def pixels(self) -> np.ndarray:
            raise MemoryError

    with open_source(jpeg) as source, pytest.raises(MemoryError):
        ReadableCheck().measure(Starved(source), ReadableCheck.method())


def test_damage_leaves_other_checks_not_run(tmp_path: Path) -> None:
    from ybda_qc.checks.page.resolution import ResolutionCheck

    path = tmp_path / "0001.tif"
    path.write_bytes(b"II*\0")
    sides = {"least_side_mm": 0, "most_short_side_mm": 9999, "most_long_side_mm": 9999}
    bounds = {"least_dpi": 1, "most_dpi": 9999, **sides}

    result, findings = run_check(ResolutionCheck, path, implausible=bounds)

    assert result.state is State.NOT_RUN
    assert_no_finding(findings)
