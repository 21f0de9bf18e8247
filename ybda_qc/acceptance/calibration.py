"""How good a check is on labelled pages, and which limit would keep its false alarms as rare as wanted."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_DEFECTIVE = 10
"""Pages labelled yes below which no limit is proposed."""

_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % confidence (Wilson 1927); 0 to 1 of nothing."""
        if not self.of:
            return 0.0, 1.0
        share, count, square = self.hits / self.of, self.of, _Z * _Z
        middle = (share + square / (2 * count)) / (1 + square / count)
        half = _Z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Labels against findings.

    Parameters
    ----------
    hits, misses
        Of the pages labelled yes: those that the check found, and did not find.
    alarms, quiet
        Of the pages labelled no: likewise.
    """

    hits: int
    misses: int
    alarms: int
    quiet: int

    @property
    def recall(self) -> Share:
        """Of the defective pages, those found."""
        return Share(hits=self.hits, of=self.hits + self.misses)

    @property
    def precision(self) -> Share:
        """Of the pages found, those that are defective; depends on how many labels say yes."""
        return Share(hits=self.hits, of=self.hits + self.alarms)

    @property
    def false_alarms(self) -> Share:
        """Of the pages without the defect, those found."""
        return Share(hits=self.alarms, of=self.alarms + self.quiet)


def score(pairs: Sequence[tuple[bool, bool]]) -> Score:
    """Count pairs of (labelled defective, found)."""
    return Score(
        hits=pairs.count((True, True)),
        misses=pairs.count((True, False)),
        alarms=pairs.count((False, True)),
        quiet=pairs.count((False, False)),
    )


def least_sound(rate: float) -> int:
    """Pages labelled no below which a rate of false alarms cannot be told: one alarm must not exceed it."""
    return math.ceil(1 / rate - 1e-9)


def propose_limit(
    defective: Sequence[float | None], sound: Sequence[float | None], *, rate: float, above: bool
) -> float | None:
    """The limit that finds most while few enough sound pages breach it; among such, the fewest.

    Parameters
    ----------
    defective, sound
        The value of each page, None where the check has none: such a page breaches no limit.
    rate
        Wanted share of false alarms, 0..1.
    above
        Whether values above the limit breach it; else those below.

    Returns
    -------
    float or None
        The roundest number between the last value that must keep within the limit and the next one; None if
        no limit finds anything at that rate.
    """
    sign = 1.0 if above else -1.0
    worst = sorted((sign * value for value in sound if value is not None), reverse=True)
    allowed = math.floor(rate * len(sound) + 1e-9)
    heavy = [sign * value for value in defective if value is not None]
    bound = worst[allowed] if allowed < len(worst) else None
    if bound is not None:
        heavy = [value for value in heavy if value > bound]
    if not heavy:
        return None
    following = min(heavy)
    kept_within = [value for value in worst if value < following]
    bound = max(kept_within, default=following - max(abs(following) * 0.1, 1e-6))
    return sign * _roundest(bound, following) + 0.0


def _roundest(low: float, high: float) -> float:
    """A number of few digits that is at least `low` and less than `high`, near the middle."""
    middle = (low + high) / 2
    place = math.ceil(math.log10(high - low)) + 1
    for digits in range(-place, -place + 12):
        candidate = round(middle, digits)
        if low <= candidate < high:
            return candidate
    return low
