from collections.abc import Iterator
from pathlib import Path

import pytest

from ybda_qc.store import SqlLedger, open_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "out", create=True) as opened:
        yield opened
