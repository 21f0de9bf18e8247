"""A plan of real checks, small pages on disk, and a ledger."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.engine.tools import make_plan
from ybda_qc.engine.plan import Plan
from ybda_qc.store import SqlLedger, open_ledger
from ybda_qc.synth import write_page

WritePage = Callable[..., Path]


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture
def quick_plan(plan: Plan) -> Plan:
    """The same with limits that end a page early."""
    limits = plan.page_limits.model_copy(update={"cpu_seconds": 3.0, "wall_seconds": 20.0, "memory_mb": 1500})
    return replace(plan, page_limits=limits)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "batch"
    folder.mkdir()
    return folder


@pytest.fixture
def page(root: Path) -> WritePage:
    """Writes a small page with some ink into the batch."""

    def write(name: str, width: int = 200, height: int = 300, seed: int = 0) -> Path:
        rng = np.random.default_rng(seed)
        pixels = np.full((height, width), 235, np.uint8)
        for top in range(30, height - 30, 20):
            pixels[top : top + 8, 20 : int(rng.integers(width // 2, width - 20))] = 30
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_page(path, pixels, dpi=300)

    return write


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "out", create=True) as opened:
        yield opened
