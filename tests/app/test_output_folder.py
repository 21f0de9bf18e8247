"""The output folder: what may lie in it when a run begins."""

from pathlib import Path

import pytest

from ybda_qc.app.output import output_folder
from ybda_qc.errors import InputError
from ybda_qc.store import LEDGER_NAME, open_ledger


def begin(tmp_path: Path) -> None:
    """A run that measures nothing."""
    with output_folder(tmp_path / "batch", tmp_path / "out") as out, open_ledger(out, create=True):
        (out / "report.json").write_text("{}", encoding="utf-8")


def test_a_folder_whose_ledger_was_taken_away_is_told_from_one_of_somebody_else(tmp_path: Path) -> None:
    begin(tmp_path)
    begin(tmp_path)
    ledger = tmp_path / "out" / LEDGER_NAME
    ledger.rename(tmp_path / LEDGER_NAME)
    with pytest.raises(InputError, match=f"{LEDGER_NAME} was taken away.*put it back"):
        begin(tmp_path)
    (tmp_path / LEDGER_NAME).rename(ledger)
    begin(tmp_path)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").touch()
    with pytest.raises(InputError, match="holds other files and no earlier run"):
        begin(tmp_path)
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == ["letter.txt"]
