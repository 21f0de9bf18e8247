"""A check against the labels of people, as it judges today and by a limit that would suit them better."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ybda_qc.acceptance.calibration import LEAST_DEFECTIVE, Score, least_sound, propose_limit, score
from ybda_qc.engine.other_limits import breaches, is_above, is_graded, value_of
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.model import Finding, JudgedPage, LimitCard, State, Verdict


@dataclass(slots=True)
class Truth:
    """What people say of one check: page -> defective, for the whole check and for its codes."""

    check: dict[str, bool] = field(default_factory=dict)
    codes: dict[str, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))

    def of_check(self) -> dict[str, bool]:
        """For the whole check; a page with one of its defects is defective."""
        some = {page: True for labels in self.codes.values() for page, label in labels.items() if label}
        return {**self.check, **some}

    def of_code(self, code: str) -> dict[str, bool]:
        """For one code; a page with none of the check's defects has not this one."""
        return {page: False for page, label in self.check.items() if not label} | self.codes[code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a check, or one of its codes, does on the labelled pages.

    ``untold`` counts labelled pages of which the check has nothing to say; they count as not found.
    """

    key: str
    score: Score
    untold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The limit from which a finding of a graded code should ask for somebody, and how it does.

    Parameters
    ----------
    key
        ``check/code``.
    now
        The limits in force: note, review, fail.
    above
        Whether values above the limit breach it.
    limit
        None: too few labels, the limit in force does as well, or no limit finds anything at that rate.
    score
        With `limit`; where that is None, with the limits in force.
    least_sound
        Pages labelled no that the wanted rate asks for.
    """

    key: str
    now: LimitCard
    above: bool
    limit: float | None
    score: Score
    least_sound: int

    @property
    def has_enough(self) -> bool:
        """Whether there are labels enough to propose anything."""
        enough = self.score.recall.of >= LEAST_DEFECTIVE
        return enough and self.score.false_alarms.of >= self.least_sound

    def settings(self) -> dict[str, float]:
        """The limits that change in a profile: review, and what would else stand on its wrong side."""
        assert self.limit is not None, "nothing is proposed"
        sign = 1 if self.above else -1
        changed = {"review": self.limit}
        if self.now.fail is not None and sign * self.now.fail < sign * self.limit:
            changed["fail"] = self.limit
        if self.now.note is not None and sign * self.now.note > sign * self.limit:
            changed["note"] = self.limit
        return changed


def score_rows(planned: PlannedPageCheck, truth: Truth, pages: Mapping[str, JudgedPage]) -> Iterator[Row]:
    """The check as a whole where anybody spoke of it, then the codes that somebody named.

    A check that only measures for others finds nothing, and has no row.
    """
    cards = {card.code: card for card in planned.limits.cards()}
    if not cards:
        return
    yield _row(planned, planned.check.id, truth.of_check(), pages, cards)
    for code, card in cards.items():
        if truth.codes.get(code):
            yield _row(planned, f"{planned.check.id}/{code}", truth.of_code(code), pages, {code: card})


def proposals(
    plan: Plan, planned: PlannedPageCheck, truth: Truth, pages: Mapping[str, JudgedPage], rate: float
) -> Iterator[Proposal]:
    """A proposal for each graded code of which somebody says that a page has the defect.

    Where somebody named the check only, a page belongs to the code that has a value for it; where several
    have, nobody said which defect is meant, and the page speaks for none.
    """
    graded = [card for card in planned.limits.cards() if is_graded(planned, card.code)]
    values = {
        card.code: {page: value_of(plan, planned, pages[page].result, card.code) for page in pages}
        for card in graded
    }
    for card in graded:
        others = [of for code, of in values.items() if code != card.code]
        meant = {
            page: True
            for page, label in truth.check.items()
            if label and values[card.code][page] is not None and all(of[page] is None for of in others)
        }
        labels = meant | truth.of_code(card.code)  # what is said of the code itself goes before
        proposal = _proposal(
            plan, planned, card, labels=labels, pages=pages, values=values[card.code], rate=rate
        )
        if proposal.score.recall.of:
            yield proposal


def _row(
    planned: PlannedPageCheck,
    key: str,
    labels: Mapping[str, bool],
    pages: Mapping[str, JudgedPage],
    cards: Mapping[str, LimitCard],
) -> Row:
    least = Verdict.REVIEW if any(_acts(card) for card in cards.values()) else Verdict.NOTE
    pairs = []
    untold = 0
    for page, label in labels.items():
        found = any(
            finding.check == planned.check.id and finding.code in cards and finding.verdict >= least
            for finding in pages[page].findings
        )
        pairs.append((label, found))
        untold += _is_untold(planned, pages[page])
    return Row(key=key, score=score(pairs), untold=untold)


def _acts(card: LimitCard) -> bool:
    """Whether a finding of the code can ask for somebody: more than a note."""
    if card.verdict is not None:
        return card.verdict >= Verdict.REVIEW
    return card.review is not None or card.fail is not None


def _is_untold(planned: PlannedPageCheck, page: JudgedPage) -> bool:
    result = page.result.checks.get(planned.check.id)
    return result is None or result.state is not State.MEASURED


def _proposal(
    plan: Plan,
    planned: PlannedPageCheck,
    card: LimitCard,
    *,
    labels: Mapping[str, bool],
    pages: Mapping[str, JudgedPage],
    values: Mapping[str, float | None],
    rate: float,
) -> Proposal:
    code = card.code
    above = is_above(planned, code)
    now = _score_now(planned, card, labels, pages)
    bare = Proposal(
        key=f"{planned.check.id}/{code}",
        now=card,
        above=above,
        limit=None,
        score=now,
        least_sound=least_sound(rate),
    )
    if not bare.has_enough:
        return bare
    defective = [values[page] for page, label in labels.items() if label]
    sound = [values[page] for page, label in labels.items() if not label]
    limit = propose_limit(defective, sound, rate=rate, above=above)
    if limit is None:
        return bare
    then = score(
        [(label, breaches(plan, planned, pages[page].result, code, limit)) for page, label in labels.items()]
    )
    return (
        bare
        if then == now
        else Proposal(
            key=bare.key, now=card, above=above, limit=limit, score=then, least_sound=bare.least_sound
        )
    )


def _score_now(
    planned: PlannedPageCheck, card: LimitCard, labels: Mapping[str, bool], pages: Mapping[str, JudgedPage]
) -> Score:
    def found(finding: Finding) -> bool:
        return finding.key == f"{planned.check.id}/{card.code}" and finding.verdict >= Verdict.REVIEW

    return score([(label, any(map(found, pages[page].findings))) for page, label in labels.items()])
