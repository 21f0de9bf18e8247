"""The output folder while a run writes into it."""

import shutil
from pathlib import Path

import pytest

from tests.app.batches import Silence, sheet
from ybda_qc.app.run import RunRequest, run
from ybda_qc.errors import InputError
from ybda_qc.synth import write_page


class Thief(Silence):
    """Takes the output folder away as soon as the first page is done."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def advance(self, pages: int = 1) -> None:
        shutil.rmtree(self._out, ignore_errors=True)


def test_a_run_whose_ledger_was_taken_away_is_no_run(tmp_path: Path) -> None:
    batch, out = tmp_path / "batch", tmp_path / "out"
    batch.mkdir()
    write_page(batch / "0001.jpg", sheet(), dpi=100)

    with pytest.raises(InputError, match="taken out of"):
        run(RunRequest(batch=batch, profile="base", out=out, executor="serial"), Thief(out))

    assert not (out / "report.html").exists()
