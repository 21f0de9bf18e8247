"""Bad citizens: page checks that crash, hang, fill the memory or raise, each only on pages marked for it.

A page is marked by its width in pixels, so that the same batch holds good pages and bad ones.
"""

import ctypes
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ybda_qc.checks._base import BatchCheck, BatchView, Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Unit

CRASH_WIDTH, HANG_WIDTH, MEMORY_WIDTH, RAISE_WIDTH = 211, 223, 227, 229
EXIT_WIDTH, INTERRUPT_WIDTH, QUIT_WIDTH, TALK_WIDTH = 233, 239, 241, 251
NAN_WIDTH, NONSENSE_WIDTH, UNPICKLABLE_WIDTH, JUDGE_WIDTH, JUDGE_EXIT_WIDTH = 257, 263, 269, 271, 277


def _nothing() -> None:
    """Behave."""


def _crash() -> None:
    ctypes.string_at(0)


def _hang() -> None:
    while True:
        pass


def _hoard() -> None:
    hoard = [np.empty(1 << 24) for _ in range(1 << 20)]  # untouched: no time is spent
    del hoard


def _raise() -> None:
    raise ZeroDivisionError("a planted mistake")


def _interrupt() -> None:
    raise KeyboardInterrupt


def _talk() -> None:
    for _ in range(4096):
        sys.stdout.write("chatter " * 128 + "\n")
        os.write(1, b"native chatter " * 64)


DEEDS: dict[int, Callable[[], object]] = {
    CRASH_WIDTH: _crash,
    HANG_WIDTH: _hang,
    MEMORY_WIDTH: _hoard,
    RAISE_WIDTH: _raise,
    EXIT_WIDTH: lambda: sys.exit(0),
    INTERRUPT_WIDTH: _interrupt,
    QUIT_WIDTH: lambda: os._exit(3),
    TALK_WIDTH: _talk,
}


class CitizenCheck(PageCheck):
    """A page has a width.

    Why: to be a check at all.

    Remedy: none.
    """

    id = "citizen"
    title = "Citizen"
    version = 1
    needs = Needs.PIXELS
    codes = (Code(name="wide", title="wide pages", template="{value:g} px wide", limits=Flag),)

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:
        """Misbehave on the pages marked for it."""
        width = view.pixels.shape[1]
        DEEDS.get(width, _nothing)()
        return (Measurement(quantity="width", value=_odd(float(width)), unit=Unit.PIXEL),)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:
        """Misbehave on some more."""
        width = result.number("width")
        if width is not None and width.value == JUDGE_WIDTH:
            raise LookupError("a planted mistake")
        if width is not None and width.value == JUDGE_EXIT_WIDTH:
            sys.exit(0)
        yield from ()


def _odd(width: float) -> Any:
    """The width, or what no measurement may hold."""
    odd: dict[int, Any] = {NAN_WIDTH: math.nan, NONSENSE_WIDTH: "wide", UNPICKLABLE_WIDTH: np.float32(width)}
    return odd.get(int(width), width)


class BatchCitizenCheck(BatchCheck):
    """A batch is there.

    Why: to be a check at all.

    Remedy: none.
    """

    id = "batch_citizen"
    title = "Batch citizen"
    version = 1
    codes = ()

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:
        """Break in the midst of the pages."""
        for _ in view.pages():
            sys.exit(0)
        yield from ()
