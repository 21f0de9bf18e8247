"""What is read back from a ledger about runs, judgements and earlier measurements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ybda_qc.model.report import Coverage, Decision, ProfileIdentity, Totals
from ybda_qc.model.result import CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """What was planned: by which profile, with which checks.

    ``resolved`` is the resolved profile as a JSON document (words, numbers, lists and mappings only);
    ``ocr`` is the engine that the command line asked for, if it did; ``reading_key`` names all that the text
    of its pages depends on, empty where none is read.
    """

    profile: ProfileIdentity
    page_checks: tuple[str, ...]
    batch_checks: tuple[str, ...]
    resolved: Mapping[str, object] = field(default_factory=dict)
    ocr: str | None = None
    reading_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as it stands in the ledger; ``finished_at`` is None while it goes on or after it was killed."""

    id: int
    batch_root: str
    started_at: datetime
    finished_at: datetime | None
    from_cache: int
    engine_version: str
    plan: PlanRecord
    executor: str
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRecord:
    """A judgement with the last decision on it; the parts of a decision are None until there is one."""

    id: int
    run: int
    judged_at: datetime
    plan: PlanRecord
    decision: Decision | None
    coverage: Coverage | None
    totals: Totals | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedPage:
    """Earlier results of one frame of a content, by (check id, key); never faults or checks not run."""

    width_px: int | None
    height_px: int | None
    results: Mapping[tuple[str, str], CheckResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedFile:
    """Earlier results of a content, by frame from 1.

    ``frame_count`` is None where the content could not be opened.
    """

    frame_count: int | None
    frames: Mapping[int, CachedPage]
