from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from ybda_qc.checks.page.active_content import ActiveContentCheck
from ybda_qc.model import Observation, State
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

PAGE = np.full((60, 40, 3), 230, np.uint8)
NONE = {"tolerated": ()}


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return write_page(tmp_path / "0001.pdf", PAGE, dpi=300)


def test_a_scanned_pdf_carries_nothing(pdf: Path) -> None:
    result, findings = run_check(ActiveContentCheck, pdf, found=NONE)

    assert result.state is State.MEASURED
    assert_no_finding(findings)


def test_a_script_is_found(pdf: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(pdf))
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.alert('hello')"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    writer.write(pdf)

    _, findings = run_check(ActiveContentCheck, pdf, found=NONE)

    assert "javascript" in assert_finding(findings, "active_content/found").values["kinds"]


def test_an_attachment_is_found(pdf: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(pdf))
    writer.add_attachment("list.xls", b"1;2;3")
    writer.write(pdf)

    _, findings = run_check(ActiveContentCheck, pdf, found={**NONE, "verdict": "fail"})

    assert "embedded-file" in assert_finding(findings, "active_content/found", verdict="fail").values["kinds"]


def test_what_is_tolerated_is_not_named() -> None:
    kinds = [Observation(quantity="kind", text=text) for text in ("launch", "uri")]

    both = judge(ActiveContentCheck, kinds, found={"tolerated": ("uri",)})
    none = judge(ActiveContentCheck, kinds, found={"tolerated": ("uri", "launch")})

    assert assert_finding(both, "active_content/found").message == "the PDF file carries launch"
    assert_no_finding(none)


def test_not_applicable_to_pictures(tmp_path: Path) -> None:
    result, findings = run_check(
        ActiveContentCheck, write_page(tmp_path / "0001.tif", PAGE, dpi=300), found=NONE
    )

    assert result.state is State.NOT_APPLICABLE
    assert result.reason
    assert_no_finding(findings)
