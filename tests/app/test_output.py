"""The output folder while a run writes into it."""

import shutil
from pathlib import Path

import pytest

from tests.app.batches import Silence, sheet
from ybda_qc.app.run import RunRequest, run
from ybda_qc.errors import InputError
from ybda_qc.store import LEDGER_NAME
from ybda_qc.synth import write_page


class Thief(Silence):
    """Takes the output folder, or its ledger, away as soon as the first page is done."""

    def __init__(self, loot: Path) -> None:
        self._loot = loot

    def advance(self, pages: int = 1) -> None:
        if self._loot.is_dir():
            shutil.rmtree(self._loot, ignore_errors=True)
        else:
            self._loot.unlink()


@pytest.mark.parametrize(
    ("loot", "message"),
    [(LEDGER_NAME, "taken out of .*; delete what is left"), (".", "is away .*; if it is on a share")],
)
def test_a_run_whose_ledger_was_taken_away_is_no_run(tmp_path: Path, loot: str, message: str) -> None:
    batch, out = tmp_path / "batch", tmp_path / "out"
    batch.mkdir()
    write_page(batch / "0001.jpg", sheet(), dpi=100)

    with pytest.raises(InputError, match=message):
        run(RunRequest(batch=batch, profile="base", out=out, executor="serial"), Thief(out / loot))

    assert not (out / "report.html").exists()
