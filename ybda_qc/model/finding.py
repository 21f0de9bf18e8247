"""Findings: what is wrong with a page, an item or the batch, in numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ybda_qc.model.measurement import Box, Unit
from ybda_qc.model.verdict import Verdict


class LimitSource(StrEnum):
    """Where a limit comes from."""

    RULE = "rule"
    LOCAL_RULE = "local-rule"
    PROJECT_CHOICE = "project-choice"


Scalar = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A row of the correction list 更正表: proposed to people, never applied.

    Parameters
    ----------
    place
        Where the catalogue has it, as `Record.place`; empty where it is about files.
    field
        Field of the record, as in `catalogue`, for example ``code`` or ``pages``.
    stands, found, proposed
        What stands in the catalogue, what was found in the batch, and what is proposed; empty where there is
        nothing, or nothing that is known well enough.
    """

    place: str = ""
    field: str = ""
    stands: str = ""
    found: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fact about a page, an item or the batch that breaches a limit of the profile.

    Parameters
    ----------
    check, code
        The check's id and the defect's stable code, for example ``skew`` and ``over-limit``.
    verdict
        NOTE, REVIEW, FAIL or ERROR, as the profile says.
    template, values
        The message: an English sentence with named fields, and the fields. Translated when shown.
    value, limit, unit
        Measured number, the limit it breaches and their unit, where there are any.
    clause, source
        The clause of the rule the limit comes from and what kind of source that is.
    boxes
        Where on the page, in pixels.
    subject
        For findings about an item or the batch: item code, path or record.
    pages
        For those, the pages concerned, as ``path#frame``.
    evidence
        For those, a picture below the run folder. Pictures of pages stand in `JudgedPage.evidence`.
    correction
        For those, what stands in the catalogue, what was found and what is proposed.
    """

    check: str
    code: str
    verdict: Verdict
    template: str
    values: Mapping[str, Scalar] = field(default_factory=dict)
    value: float | None = None
    limit: float | None = None
    unit: Unit | None = None
    clause: str = ""
    source: LimitSource | None = None
    boxes: tuple[Box, ...] = ()
    subject: str | None = None
    pages: tuple[str, ...] = ()
    evidence: str | None = None
    correction: Correction | None = None

    @property
    def message(self) -> str:
        """The message in English."""
        return self.template.format(**self.values)

    @property
    def key(self) -> str:
        """``check/code``, the name by which profiles, filters and decisions speak of the defect."""
        return f"{self.check}/{self.code}"
