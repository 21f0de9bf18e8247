"""What a second delivery mended, what is new and what remains.

Both runs list their pages in the same order, so they are compared as two sorted streams, in constant memory.
Only findings somebody has to act on (review or worse) are compared; notes come and go without consequence.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ybda_qc.model import Finding, JudgedPage, Summary, Verdict
from ybda_qc.report.older import OldFinding, OldPage, OldRun, read_old_pages, read_old_run, sort_key
from ybda_qc.report.rows import page_rows
from ybda_qc.report.streams import cell
from ybda_qc.report.translate import Translator
from ybda_qc.report.translate import mark as _

MAX_LISTED_CHANGES = 300
"""Changes a state listed in the HTML report; ``difference.csv`` holds all."""

_COLUMNS = ("state", "page", "item", "subject", "check", "code", "old_verdict", "new_verdict", "message")


NOTHING_IN_COMMON = _("The two runs have no page in common: is this the right older run?")


class Change(StrEnum):
    """What became of a finding between two runs."""

    NEW = "new"
    REMAINING = "remaining"
    UNCLEAR = "unclear"  # the check did not look this time: not a mend
    MENDED = "mended"
    REMOVED = "removed"  # the page itself is gone


CHANGES: dict[Change, str] = {
    Change.MENDED: _("mended"),
    Change.REMAINING: _("remaining"),
    Change.NEW: _("new"),
    Change.UNCLEAR: _("not judged again"),
    Change.REMOVED: _("page removed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One finding that is in the older run, in this one, or in both."""

    change: Change
    page: str | None
    item: str | None
    subject: str | None
    check: str
    code: str
    old_verdict: Verdict | None
    new_verdict: Verdict | None
    message: str

    @property
    def key(self) -> str:
        """``check/code``."""
        return f"{self.check}/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChanges:
    """Pages of the two runs. ``replaced`` pages have the same name and other bytes."""

    older: int
    newer: int
    added: int
    removed: int
    replaced: int

    @property
    def are_disjoint(self) -> bool:
        """Whether there are pages, and none of them in both runs."""
        return self.added + self.removed > 0 and self.older == self.removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The difference between an older run and this one."""

    older: OldRun
    same_limits: bool
    pages: PageChanges
    counts: dict[Change, int]
    by_defect: dict[str, dict[Change, int]]  # check/code -> counts
    listed: tuple[Changed, ...]

    def document(self) -> dict[str, Any]:
        """The part of ``report.json`` about the difference."""
        pages = self.pages
        return {
            "against": str(self.older.folder),
            "run": self.older.run,
            "finished_at": self.older.finished_at,
            "outcome": self.older.outcome,
            "profile": {"id": self.older.profile, "digest": self.older.digest},
            "same_limits": self.same_limits,
            "pages": {
                "older": pages.older,
                "newer": pages.newer,
                "added": pages.added,
                "removed": pages.removed,
                "replaced": pages.replaced,
            },
            "findings": _words(self.counts),
            "findings_by_defect": {key: _words(counts) for key, counts in sorted(self.by_defect.items())},
        }


def _words(counts: dict[Change, int]) -> dict[str, int]:
    return {str(change): counts.get(change, 0) for change in CHANGES}


class Comparison:
    """Compares this run with an older one while the pages go by, and writes ``difference.csv``.

    Parameters
    ----------
    folder
        Folder of the older run.
    summary
        Head of this run.
    output
        Where to write the list of all changes.
    translate
        Language of the messages.

    Raises
    ------
    InputError
        If `folder` holds no report of this program.
    """

    def __init__(self, folder: Path, *, summary: Summary, output: Path, translate: Translator) -> None:
        self._older = read_old_run(folder)
        self._summary = summary
        self._translate = translate
        self._old_pages = read_old_pages(folder)
        self._old = next(self._old_pages, None)
        self._file = output.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(_COLUMNS)
        self._pages: Counter[str] = Counter()
        self._counts: Counter[Change] = Counter()
        self._by_defect: dict[str, Counter[Change]] = {}
        self._listed: list[Changed] = []
        self._compare_batch()

    def page(self, judged: JudgedPage) -> None:
        """Take in the next page."""
        key = sort_key(judged.result.page.path, judged.result.page.frame)
        self._pages["newer"] += 1
        self._pass_removed(key)
        old = self._old
        found = [row.finding for row in page_rows(judged) if row.is_rework]
        if old is not None and old.sort_key == key:
            self._pages["older"] += 1
            self._pages["replaced"] += old.sha256 != judged.result.sha256
            looked = {
                check
                for check, verdict in judged.verdicts.items()
                if verdict not in (Verdict.NOT_RUN, Verdict.ERROR)
            }
            place = (str(judged.result.page), judged.result.item)
            self._write_all(self._match(old.findings, found, place, looked))
            self._old = next(self._old_pages, None)
        else:
            self._pages["added"] += 1
            place = (str(judged.result.page), judged.result.item)
            self._write_all(self._match((), found, place, set()))

    def finish(self) -> Difference:
        """The difference, once all pages have gone by."""
        self._pass_removed(None)
        self._file.close()
        pages = self._pages
        return Difference(
            older=self._older,
            same_limits=self._older.digest == self._summary.run.profile.digest,
            pages=PageChanges(
                older=pages["older"],
                newer=pages["newer"],
                added=pages["added"],
                removed=pages["removed"],
                replaced=pages["replaced"],
            ),
            counts={change: self._counts[change] for change in CHANGES},
            by_defect={key: dict(counts) for key, counts in self._by_defect.items()},
            listed=tuple(self._listed),
        )

    def close(self) -> None:
        """Close the files."""
        self._file.close()
        generator_close = getattr(self._old_pages, "close", None)
        if generator_close is not None:
            generator_close()

    def _pass_removed(self, until: tuple[bytes, int] | None) -> None:
        """Pages of the older run that stand before `until` are not in this one."""
        while self._old is not None and (until is None or self._old.sort_key < until):
            self._pages["older"] += 1
            self._pages["removed"] += 1
            self._write_all(_gone(self._old))
            self._old = next(self._old_pages, None)

    def _compare_batch(self) -> None:
        found = [finding for finding in self._summary.findings if finding.verdict >= Verdict.REVIEW]
        looked = set(self._summary.run.batch_checks)
        self._write_all(self._match(self._older.findings, found, (None, None), looked))

    def _match(
        self,
        old: Iterable[OldFinding],
        found: Iterable[Finding],
        place: tuple[str | None, str | None],
        looked: set[str],
    ) -> Iterator[Changed]:
        """Pair old and new findings of one place by defect and subject."""
        waiting: dict[tuple[str, str | None], list[OldFinding]] = {}
        for before in old:
            waiting.setdefault((before.key, before.subject), []).append(before)
        for finding in found:
            partners = waiting.get((finding.key, finding.subject))
            partner = partners.pop(0) if partners else None
            message = self._translate(finding.template, finding.values)
            change = Change.REMAINING if partner is not None else Change.NEW
            old_verdict = partner.verdict if partner is not None else None
            yield _changed(change, place, finding, old_verdict, finding.verdict, message)
        for left in (finding for findings in waiting.values() for finding in findings):
            change = Change.MENDED if left.check in looked else Change.UNCLEAR
            yield _changed(change, place, left, left.verdict, None, left.message)

    def _write_all(self, changes: Iterable[Changed]) -> None:
        for entry in changes:
            self._counts[entry.change] += 1
            self._by_defect.setdefault(entry.key, Counter())[entry.change] += 1
            if self._counts[entry.change] <= MAX_LISTED_CHANGES:
                self._listed.append(entry)
            self._writer.writerow(
                cell(value)
                for value in (
                    str(entry.change),
                    entry.page,
                    entry.item,
                    entry.subject,
                    entry.check,
                    entry.code,
                    entry.old_verdict.word if entry.old_verdict is not None else None,
                    entry.new_verdict.word if entry.new_verdict is not None else None,
                    entry.message,
                )
            )


def _gone(page: OldPage) -> Iterator[Changed]:
    place = (f"{page.path}#{page.frame}", page.item)
    for finding in page.findings:
        yield _changed(Change.REMOVED, place, finding, finding.verdict, None, finding.message)


def _changed(  # noqa: PLR0917 - one line of a table, always in this order
    change: Change,
    place: tuple[str | None, str | None],
    finding: Finding | OldFinding,
    old_verdict: Verdict | None,
    new_verdict: Verdict | None,
    message: str,
) -> Changed:
    page, item = place
    return Changed(
        change=change,
        page=page,
        item=item,
        subject=finding.subject,
        check=finding.check,
        code=finding.code,
        old_verdict=old_verdict,
        new_verdict=new_verdict,
        message=message,
    )
