"""Our own breakage as data."""

import traceback
from pathlib import Path

from ybda_qc.model import PageFault, Stage


def fault_of(error: BaseException, stage: Stage, check: str | None = None) -> PageFault:
    """The fault that stands for an exception of ours."""
    cause = "memory" if isinstance(error, MemoryError) else "exception"
    return PageFault(cause=cause, stage=stage, detail=describe(error), check=check)


def describe(error: BaseException) -> str:
    """The exception and the line that raised it."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
