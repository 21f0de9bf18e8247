"""Which engine reads, and what is said where one or a language is missing."""

import logging
import os
import pickle
from pathlib import Path

import pytest

from ybda_qc.errors import InputError
from ybda_qc.ocr.choice import choose_engine, open_reader
from ybda_qc.ocr.tesseract_engine import installed_version


def test_rapidocr_is_chosen_and_named_with_its_version_and_networks() -> None:
    choice = choose_engine("rapidocr", ("chi_sim", "eng"))

    assert choice.name == "rapidocr"
    assert "rapidocr 3." in choice.identity
    assert "PP-OCR" in choice.identity
    assert pickle.loads(pickle.dumps(choice)) == choice


def test_a_language_that_the_networks_do_not_read() -> None:
    with pytest.raises(InputError, match="does not read bod"):
        choose_engine("rapidocr", ("chi_sim", "bod"))


def test_an_engine_nobody_knows() -> None:
    with pytest.raises(InputError, match="no engine abbyy"):
        choose_engine("abbyy", ("chi_sim",))


@pytest.mark.skipif(installed_version() is None, reason="tesseract is not installed")
def test_a_missing_language_pack_is_named_with_how_to_get_it() -> None:
    with pytest.raises(InputError, match="apt install tesseract-ocr-xx-yy"):
        choose_engine("tesseract", ("xx_yy",))


def test_tesseract_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(InputError, match="apt install tesseract-ocr"):
        choose_engine("tesseract", ("eng",))


def test_tesseract_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nexit 127\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    with pytest.raises(InputError, match="does not start"):
        choose_engine("tesseract", ("eng",))


def test_opening_an_engine_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("RapidOCR").setLevel(logging.INFO)

    open_reader(choose_engine("rapidocr", ("chi_sim",)))

    assert capfd.readouterr() == ("", "")
