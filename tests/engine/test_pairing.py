"""Pairs in worker processes: a death costs the pair, and is told."""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.engine.tools import Silence, executors, make_plan, measure
from ybda_qc.checks._base import Method, PairCheck
from ybda_qc.checks._limits import Limits
from ybda_qc.engine.comparing import Comparer
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.pairing import PairStage
from ybda_qc.engine.plan import PlannedBatchCheck
from ybda_qc.engine.tasks import PairTask
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.model import (
    Batch,
    BatchFile,
    Candidates,
    FileRole,
    Observation,
    PagePair,
    PairedPage,
    Stage,
    State,
)
from ybda_qc.store import open_ledger
from ybda_qc.synth import PageSpec, draw_page, write_page


class Fragile(PairCheck):
    """Compare each page with the next; die over pages of a certain width."""

    id = "fragile"
    title = "Fragile"
    version = 1
    method = Method
    codes = ()

    def candidates(self, view, method):
        pages = [PairedPage.of(page) for page in view.pages()]
        pairs = [PagePair(one=one, other=other) for one, other in pairwise(pages)]
        return Candidates(pairs=tuple(pairs))

    def compare(self, one, other):
        if 97 in (one.grey.pixels.shape[1], other.grey.pixels.shape[1]):
            os._exit(3)
        return (Observation(quantity="outcome", text="seen"),)

    def alike(self, result, limits):
        return True

    def inspect(self, view, method, limits):
        return ()


class Frugal(Fragile):
    """Tell whether the stored pixels of either page are still held."""

    id = "frugal"

    def compare(self, one, other):
        return (Observation(quantity="outcome", text=f"{one.has_pixels} {other.has_pixels}"),)


class Undecided(Fragile):
    """Break while candidates are chosen."""

    id = "undecided"

    def candidates(self, view, method):
        raise ZeroDivisionError("a planted mistake")


WIDTHS = (90, 91, 97, 92, 93)


def stage(
    tmp_path: Path, check: type[PairCheck], widths: tuple[int, ...] = WIDTHS, executor: str = "serial"
) -> tuple[LedgerView, Callable[[], None]]:
    """A measured batch, and what compares its pairs; nothing dies while it is measured."""
    batch = tmp_path / "batch"
    batch.mkdir()
    for number, width in enumerate(widths):
        pixels = draw_page(PageSpec(seed=number, dpi=20)).pixels[:, :width]
        write_page(batch / f"{number}.png", pixels, dpi=20)
    planned = PlannedBatchCheck(check=check(), method=Method(), limits=Limits(check.id, (), {}), key="1-x")
    plan = replace(make_plan(), page_checks=(), batch_checks=(planned,))
    out = tmp_path / "out"
    ledger = open_ledger(out, create=True)
    measure(batch, plan, ledger, "serial")
    files = tuple(
        BatchFile(path=path.name, size_bytes=1, role=FileRole.PAGE) for path in sorted(batch.iterdir())
    )
    run = ledger.latest_run().id
    view = LedgerView(
        catalogue=None,
        batch=Batch(root=str(batch), files=files, items=(), strays=()),
        ledger=ledger,
        run=run,
        plan=plan,
    )
    setup = WorkerSetup(root=batch, out=out, plan=plan)

    def compare() -> None:
        first, alone = executors(executor, setup)
        PairStage(view=view, out=out, progress=Silence()).compare("comparing", lambda: first, alone)

    return view, compare


def test_a_death_costs_the_pair_and_is_told(tmp_path: Path) -> None:
    view, compare = stage(tmp_path, Fragile, executor="process")
    compare()
    results = [compared.result for compared in view.pairing("fragile").compared]
    states = [result.state for result in results]
    assert states == [State.MEASURED, State.FAULT, State.FAULT, State.MEASURED]
    assert results[1].reason.startswith("the worker ")
    pictures = [(tmp_path / "out" / entry.picture).is_file() for entry in view.pairing("fragile").compared]
    assert pictures == [True, False, False, True]
    view.ledger.close()


def test_a_pair_takes_no_more_memory_than_a_page(tmp_path: Path) -> None:
    view, compare = stage(tmp_path, Frugal, widths=(90, 91))
    compare()
    (compared,) = view.pairing("frugal").compared
    assert compared.result.text("outcome") == "False False"
    view.ledger.close()


def test_a_page_of_the_last_pair_is_not_decoded_again(tmp_path: Path) -> None:
    view, _ = stage(tmp_path, Frugal, widths=(90, 91, 92))
    pairs = [compared.pair for compared in view.compared("frugal", _each_with_each(view))]
    steps: list[tuple[Stage, int]] = []
    comparer = Comparer(
        tmp_path / "batch", view.plan, None, lambda step, _check, _count: steps.append((step, held(comparer)))
    )
    for pair in pairs:
        comparer.compare(PairTask(check="frugal", pair=pair, picture="-"))

    assert [(pair.one.page.path, pair.other.page.path) for pair in pairs] == [
        ("0.png", "1.png"),
        ("0.png", "2.png"),
        ("1.png", "2.png"),
    ]
    decodes = [kept for step, kept in steps if step is Stage.DECODE]
    assert decodes == [
        0,
        1,
        1,
        1,
    ]  # the last pair lacks page 1, which had made room; never more than one is kept
    view.ledger.close()


def _each_with_each(view: LedgerView) -> tuple[PagePair, ...]:
    pages = [PairedPage.of(page) for page in view.pages()]
    return tuple(PagePair(one=one, other=other) for one, other in combinations(pages, 2))


def held(comparer: Comparer) -> int:
    return len(comparer._known)


def test_a_check_that_breaks_over_its_candidates_is_broken_when_it_inspects(tmp_path: Path) -> None:
    view, compare = stage(tmp_path, Undecided)
    compare()
    with pytest.raises(RuntimeError, match="a planted mistake"):
        view.pairing("undecided")
    view.ledger.close()


def test_a_search_by_another_method_counts_for_nothing(tmp_path: Path) -> None:
    view, _ = stage(tmp_path, Fragile)
    view.ledger.put_candidates(view.run, "fragile", Candidates(key="0-other"))
    assert view.pairing("fragile") is None
    view.ledger.close()
