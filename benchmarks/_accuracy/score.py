"""From outcomes to rates with their intervals, and errors of measured quantities."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from _accuracy.cases import CASES, Case, is_justified, scale_of
from _accuracy.drawn import is_found
from _accuracy.examine import Outcome

_Z = 1.96


@dataclass(slots=True)
class Rate:
    """So many of so many, with the Wilson score interval at 95 %."""

    hits: int = 0
    total: int = 0

    def add(self, is_hit: bool) -> None:
        """Count one."""
        self.hits += is_hit
        self.total += 1

    @property
    def share(self) -> float | None:
        """Hits by total, None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson (1927): where the true share lies in 95 of 100 cases."""
        if not self.total:
            return 0.0, 1.0
        n, p = self.total, self.hits / self.total
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        """For a table: percentage, counts, interval."""
        if self.share is None:
            return "-"
        low, high = (100 * end for end in self.interval)
        return f"{100 * self.share:.1f} % ({self.hits}/{self.total}; {low:.1f}-{high:.1f})"

    def document(self) -> dict[str, float | int | None]:
        """For a machine."""
        low, high = self.interval
        return {"hits": self.hits, "total": self.total, "low": round(low, 4), "high": round(high, 4)}


@dataclass(slots=True)
class CaseScore:
    """One defect before its check."""

    case: Case
    by_strength: dict[float, Rate] = field(default_factory=lambda: defaultdict(Rate))
    abstained: Rate = field(default_factory=Rate)

    @property
    def recall(self) -> Rate:
        """At the strength at which a person would send the page back."""
        return self.by_strength[scale_of(self.case.defect).returnable]


@dataclass(slots=True)
class CheckScore:
    """One check over all pages."""

    sound: Rate = field(default_factory=Rate)  # held though sound
    noted: Rate = field(default_factory=Rate)
    abstained: Rate = field(default_factory=Rate)  # on sound pages
    precision: Rate = field(default_factory=Rate)  # of the pages it held, those with its defect
    cases: list[CaseScore] = field(default_factory=list)
    alarms: Counter[str] = field(default_factory=Counter)  # false ones, by code and layout
    astray: Counter[str] = field(default_factory=Counter)  # held on pages with another defect

    @property
    def recall(self) -> Rate:
        """At the returnable strength, all its defects together."""
        return Rate(
            sum(case.recall.hits for case in self.cases), sum(case.recall.total for case in self.cases)
        )


def score(outcomes: Sequence[Outcome], checks: Iterable[str]) -> tuple[dict[str, CheckScore], Rate]:
    """Scores by check, and the share of sound pages that any check held."""
    scores = {check: CheckScore() for check in checks}
    by_case = {(case.defect, case.check): CaseScore(case=case) for case in CASES if case.check in scores}
    for (_, check), found in by_case.items():
        scores[check].cases.append(found)
    together = Rate()
    for outcome in outcomes:
        if outcome.defect is None:
            together.add(_count_sound(outcome, scores))
        elif not outcome.defect.startswith("blank"):
            _count_defect(outcome, scores, by_case)
    return scores, together


def _count_sound(outcome: Outcome, scores: Mapping[str, CheckScore]) -> bool:
    for check, answer in outcome.answers.items():
        counted = scores[check]
        counted.sound.add(answer.holds)
        counted.noted.add(answer.verdict.word == "note")
        counted.abstained.add(answer.abstains)
        if answer.holds:
            counted.precision.add(False)
            counted.alarms.update(f"{code} ({outcome.kind.split()[0]})" for code in answer.codes)
    return any(answer.holds for answer in outcome.answers.values())


def _count_defect(
    outcome: Outcome, scores: Mapping[str, CheckScore], by_case: Mapping[tuple[str, str], CaseScore]
) -> None:
    assert outcome.defect is not None
    scale = scale_of(outcome.defect)
    is_strong = scale.steps.index(outcome.strength) >= scale.steps.index(scale.returnable)
    for check, answer in outcome.answers.items():
        found = by_case.get((outcome.defect, check))
        if found is not None:
            hit = is_found(found.case, answer)
            found.by_strength[outcome.strength].add(hit)
            found.abstained.add(answer.abstains)
            if is_strong and hit:
                scores[check].precision.add(True)
        elif _is_astray(outcome, check) and is_strong:
            scores[check].precision.add(False)
            scores[check].astray[outcome.defect] += 1


def _is_astray(outcome: Outcome, check: str) -> bool:
    """Whether the check holds the page for something that is not there, and only since the defect is."""
    answer = outcome.answers[check]
    held = answer.holds and not answer.abstains and check not in outcome.flagged_before
    return held and not is_justified(check, outcome.defect)


@dataclass(slots=True)
class Errors:
    """Errors of a measured quantity."""

    values: list[float] = field(default_factory=list)
    none: int = 0
    within: float = 0.2

    def add(self, measured: float | None, true: float) -> None:
        """Count one page; None is no answer."""
        if measured is None:
            self.none += 1
        else:
            self.values.append(measured - true)

    @property
    def mean(self) -> float:
        """Mean of the errors, sign left off."""
        return float(np.abs(self.values).mean())

    @property
    def share_within(self) -> float:
        """Of the answers, the share whose error is small."""
        return float((np.abs(self.values) <= self.within).mean())

    def row(self) -> list[str]:
        """Pages, no answer, mean, median, 95 %, 99 %, worst, share within."""
        if not self.values:
            return [str(self.none), str(self.none), *["-"] * 6]
        errors = np.abs(self.values)
        figures = [self.mean, *np.quantile(errors, [0.5, 0.95, 0.99]), errors.max()]
        cells = [f"{figure:.3g}" for figure in figures]
        return [str(len(errors) + self.none), str(self.none), *cells, f"{100 * self.share_within:.1f} %"]


def quantities(outcomes: Sequence[Outcome]) -> dict[str, Errors]:
    """Errors of skew, border, resolution, orientation and streak position."""
    errors = {
        "skew, degrees": Errors(within=0.2),
        "orientation, degrees": Errors(within=0.5),
        "dark border at its deepest, mm": Errors(within=0.5),
        "effective resolution, share of the truth": Errors(within=0.15),
        "place of a streak, pixels": Errors(within=3),
    }
    skew, orientation, border, resolution, streak = errors.values()
    for outcome in outcomes:
        truth, answers = outcome.truth, outcome.answers
        if "skew" in answers and "skew" in truth and (outcome.defect or truth.get("has_lines")):
            skew.add(_number(outcome, "skew", "skew"), truth["skew"])
        if "orientation" in answers and "orientation" in truth and (outcome.defect or truth.get("has_lines")):
            orientation.add(_number(outcome, "orientation", "orientation"), truth["orientation"])
        if "dark_border" in answers and "left" in truth:
            sides = {side: value for side, value in truth.items() if value > 0}
            measured = [answers["dark_border"].numbers.get(f"dark_border_{side}") for side in sides]
            known = [value for value in measured if value is not None]
            border.add(max(known) if known else None, max(sides.values()))
        if "true_resolution" in answers and "effective_resolution" in truth:
            value = _number(outcome, "true_resolution", "effective_resolution")
            resolution.add(None if value is None else value / truth["effective_resolution"], 1.0)
        if "scanner_line" in answers and "streak_x" in truth:
            streak.add(_distance(outcome), 0.0)
    return errors


def _number(outcome: Outcome, check: str, quantity: str) -> float | None:
    return outcome.answers[check].numbers.get(quantity)


def _distance(outcome: Outcome) -> float | None:
    """From the streak to the nearest box that the check drew, in pixels; None without a box."""
    x, y = outcome.truth["streak_x"], outcome.truth["streak_y"]
    away = [
        max(left - x, x - left - width, 0.0) if math.isnan(y) else max(top - y, y - top - height, 0.0)
        for left, top, width, height in outcome.answers["scanner_line"].boxes
    ]
    return min(away) if away else None


def blank_scores(outcomes: Sequence[Outcome]) -> dict[str, tuple[Rate, Rate]]:
    """By kind of sheet: called blank, called nearly blank."""
    rows: dict[str, tuple[Rate, Rate]] = {}
    for outcome in outcomes:
        if outcome.defect and outcome.defect.startswith("blank") and "blank_page" in outcome.answers:
            blank, nearly = rows.setdefault(outcome.defect[7:], (Rate(), Rate()))
            codes = outcome.answers["blank_page"].codes
            blank.add("blank" in codes)
            nearly.add("nearly-blank" in codes)
    return rows
