"""Parallel processes that all hold the same plan."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from _accuracy.examine import Outcome, make_plan
from ybda_qc.engine.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all jobs have in common: profile, checks (None: all), folder for examples, number of processes."""

    profile: str
    checks: tuple[str, ...] | None = None
    keep: Path | None = None
    workers: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a job is given."""

    plan: Plan
    checks: tuple[str, ...] | None
    keep: Path | None


Work = Callable[[Any, Bench], list[Outcome]]
_bench: Bench


def run_pool(work: Work, jobs: Sequence[Any], settings: Settings) -> Iterator[Outcome]:
    """Do all jobs, in no certain order; what they tell, one by one."""
    with multiprocessing.get_context("fork").Pool(settings.workers, _start, (settings,)) as pool:
        for outcomes in pool.imap_unordered(_Bound(work), jobs, chunksize=1):
            yield from outcomes


def _start(settings: Settings) -> None:
    global _bench  # noqa: PLW0603 - the state of a worker process
    cv2.setNumThreads(1)
    _bench = Bench(plan=make_plan(settings.profile), checks=settings.checks, keep=settings.keep)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A picklable call of the work with the bench of the process."""

    work: Work

    def __call__(self, job: Any) -> list[Outcome]:
        return self.work(job, _bench)
