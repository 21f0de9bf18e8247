"""Results: what the checks measured on a page, how it was judged, and what went wrong with us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ybda_qc.model.finding import Finding
from ybda_qc.model.measurement import Box, Measured, Measurement, NotApplicable, Observation, Unit
from ybda_qc.model.page import PageId
from ybda_qc.model.verdict import Verdict


class State(StrEnum):
    """What became of a planned check on a page."""

    MEASURED = "measured"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"  # there were no pixels or no text to look at
    FAULT = "fault"  # our own breakage; never cached


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check measured on one page.

    ``key`` names check version, method and decoder; a stored result is used again only under the same key.
    ``reason`` says why a check is not applicable.
    """

    state: State
    key: str = ""
    measured: tuple[Measured, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, measured: "Sequence[Measured] | NotApplicable", key: str) -> "CheckResult":
        """Wrap what a check's ``measure`` returned.

        Raises
        ------
        TypeError
            If that is nothing a check may return: a plug-in's mistake must show on the page where it happens.
        """
        if isinstance(measured, NotApplicable):
            if not isinstance(measured.reason, str):
                raise TypeError(f"the reason {measured.reason!r} is no text")
            return cls(state=State.NOT_APPLICABLE, key=key, reason=measured.reason)
        entries = tuple(measured)
        for entry in entries:
            _require_sound(entry)
        return cls(state=State.MEASURED, key=key, measured=entries)

    def number(self, quantity: str) -> Measurement | None:
        """The measurement of that quantity, or None."""
        for entry in self.measured:
            if isinstance(entry, Measurement) and entry.quantity == quantity:
                return entry
        return None

    def text(self, quantity: str) -> str | None:
        """The text of the observation of that quantity, or None."""
        for entry in self.measured:
            if isinstance(entry, Observation) and entry.quantity == quantity:
                return entry.text
        return None

    def texts(self, quantity: str) -> tuple[str, ...]:
        """The texts of all observations of that quantity, in the order they were made."""
        return tuple(
            entry.text
            for entry in self.measured
            if isinstance(entry, Observation) and entry.quantity == quantity
        )


def _require_sound(entry: object) -> None:
    """Refuse what is no measured value, or holds anything but plain numbers, texts and boxes."""
    match entry:
        case Measurement(quantity=str(), value=int() | float(), unit=Unit(), confidence=int() | float()):
            pass
        case Observation(quantity=str(), text=str()):
            pass
        case _:
            raise TypeError(f"a check measured {entry!r:.200}, which is no sound measurement or observation")
    if not all(_is_sound_box(box) for box in entry.boxes):
        raise TypeError(f"{entry.quantity}: {entry.boxes!r:.200} are no boxes of whole pixels")


def _is_sound_box(box: object) -> bool:
    return isinstance(box, Box) and all(isinstance(side, int) for side in box.as_list())


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOutcome:
    """What became of a planned batch check.

    ``verdict`` is the heaviest of its findings, PASS without any, NOT_APPLICABLE with the ``reason``, ERROR
    where the check broke.
    """

    verdict: Verdict
    reason: str = ""


class Stage(StrEnum):
    """What is being done with a page; a worker publishes it before it starts."""

    IDLE = "idle"
    OPEN = "open"  # reading and hashing the file
    HEADER = "header"
    DECODE = "decode"
    MEASURE = "measure"
    READ = "read"  # the text of the page
    EVIDENCE = "evidence"
    JUDGE = "judge"  # by the parent, from stored measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFault:
    """Our own breakage on a page: shown, held, never cached.

    ``cause`` is ``exception``, ``crashed``, ``timeout`` or ``memory``.
    """

    cause: str
    stage: Stage
    detail: str
    check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """All that is known about a page from measuring it.

    Parameters
    ----------
    page
        Which page.
    path_hex
        Bytes of the path in hexadecimal where it is not UTF-8.
    item
        Item code or folder, None outside items.
    sha256
        Of the whole file, hexadecimal; None where it could not be read.
    size_bytes
        Of the whole file.
    width_px, height_px
        Of the stored pixels; None where the header could not be read.
    checks
        One entry for each planned page check.
    fault
        Our own breakage, if any.
    """

    page: PageId
    path_hex: str | None = None
    item: str | None = None
    sha256: str | None
    size_bytes: int
    width_px: int | None = None
    height_px: int | None = None
    checks: Mapping[str, CheckResult] = field(default_factory=dict)
    fault: PageFault | None = None

    def number(self, check: str, quantity: str) -> float | None:
        """The value of a measured quantity, or None."""
        result = self.checks.get(check)
        measured = result.number(quantity) if result else None
        return measured.value if measured else None

    def text(self, check: str, quantity: str) -> str | None:
        """The text of an observation, or None."""
        result = self.checks.get(check)
        return result.text(quantity) if result else None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPage:
    """A page with its verdicts: one for each planned page check, and the findings behind them."""

    result: PageResult
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)  # finding key -> path below the run folder

    @property
    def is_damaged(self) -> bool:
        """Whether ``readable`` looked at the page and found that its pixels cannot be had."""
        judged = self.verdicts.get("readable") in (Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)
        return judged and self.result.text("readable", "damage") is not None

    @property
    def verdict(self) -> Verdict:
        """The heaviest verdict on the page; NOT_RUN counts as ERROR unless the page is damaged."""
        if self.result.fault is not None or not self.verdicts:
            return Verdict.ERROR
        ran = [verdict for verdict in self.verdicts.values() if verdict is not Verdict.NOT_RUN]
        if len(ran) < len(self.verdicts) and not self.is_damaged:
            return Verdict.ERROR
        return max(ran)
