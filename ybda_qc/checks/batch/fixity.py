"""Fixity 固化信息: files against the checksum lists that were delivered with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, first_pages, listed
from ybda_qc.model import ChecksumList, FileFacts, FileRole, Finding, NotApplicable, stored

_COVERED = frozenset({FileRole.PAGE, FileRole.MEDIA, FileRole.CATALOGUE})  # what a list is expected to name


class FixityCheck(BatchCheck):
    """Every file has the digest 校验值 that the checksum lists of the delivery give for it.

    Why: a page may decode without fault and still not be the page that left the scanner; one changed byte is
    seen by nothing but a checksum. That what arrived is what was sent is part of authenticity 真实性. A list
    that is delivered and does not fit its files says that something happened on the way.

    Remedy: copy or fetch the files named again and compare once more. Where the files are right, because they
    were corrected after the list was made, ask for a new list. Never write a list anew only to make it fit.
    """

    id = "fixity"
    title = "Checksums"
    version = 1
    reads_files = frozenset({FileRole.CHECKSUM})
    codes = (
        Code(
            name="mismatch",
            title="files that are not what their checksum says",
            template="{path} is not the file that {list} names: {algorithm} is {found}, not {expected}",
            limits=Flag,
        ),
        Code(
            name="missing-file",
            title="files in a checksum list that are not there",
            template="{path} stands in {list}, line {line}, but there is no such file",
            limits=Flag,
        ),
        Code(
            name="contradiction",
            title="checksum lists that contradict each other",
            template="{path} has two {algorithm} digests: in {list} and in {other}",
            limits=Flag,
        ),
        Code(
            name="outside",
            title="checksums of files outside the batch",
            template="line {line} of {list} leads out of the batch and was not followed: {text}",
            limits=Flag,
        ),
        Code(
            name="bad-line",
            title="lines of checksum lists that cannot be read",
            template="line {line} of {list} gives no path and checksum that can be read: {text}",
            limits=Flag,
        ),
        Code(
            name="more-bad-lines",
            title="many lines of checksum lists that cannot be read",
            template="{count} more lines of {list} give no path and checksum that can be read",
            limits=Flag,
        ),
        Code(
            name="other-algorithm",
            title="checksum lists named for another algorithm",
            template="the name of {list} tells another algorithm than its digests, first in line {line}: "
            "{text}",
            limits=Flag,
        ),
        Code(
            name="empty-list",
            title="checksum lists without a checksum",
            template="{list} gives no checksum of any file",
            limits=Flag,
        ),
        Code(
            name="not-read",
            title="checksum lists that could not be read",
            template="the checksum list {list} could not be read: {detail}",
            limits=Flag,
        ),
        Code(
            name="cut-list",
            title="checksum lists that are too long",
            template="{list} goes on after line {line}, up to which it was read",
            limits=Flag,
        ),
        Code(
            name="not-verified",
            title="files whose checksum could not be verified",
            template="{path} could not be compared with {list}: {detail}",
            limits=Flag,
        ),
        Code(
            name="no-algorithm",
            title="checksums that this machine cannot compute",
            template="{path} could not be compared with {list}: this machine cannot compute {algorithm}",
            limits=Flag,
        ),
        Code(
            name="unlisted-file",
            title="files in no checksum list",
            template="{path} stands in none of the checksum lists of the delivery",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterable[Finding] | NotApplicable:  # noqa: ARG002
        """Compare what the lists say with what was read; lists speak first, then files in order."""
        lists = [file.path for file in view.batch.files if file.role is FileRole.CHECKSUM]
        if not lists:
            return NotApplicable(reason="no checksum list was delivered")
        return listed(_findings(view, lists, limits), limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What a list says of a file."""

    list: str
    line: int
    digest: str


_Claims = Mapping[str, list[_Claim]]
"""Of one file: algorithm -> what the lists say."""


def _findings(view: BatchView, lists: list[str], limits: Limits) -> Iterator[Finding]:
    claims: defaultdict[str, defaultdict[str, list[_Claim]]] = defaultdict(lambda: defaultdict(list))
    are_whole = True
    for path in lists:
        checksums = _content(view.file_facts(path))
        are_whole &= checksums is not None and not checksums.is_cut
        yield from about(_of_list(path, view.file_facts(path), limits), path)
        for entry in checksums.entries if checksums else ():
            claims[entry.path][entry.algorithm].append(
                _Claim(list=path, line=entry.line, digest=entry.digest)
            )
    known = {page.page.path: page.sha256 for page in view.pages() if page.sha256 and page.page.path in claims}
    for file in view.batch.files:
        pages = first_pages([file.path]) if file.role is FileRole.PAGE else ()
        claimed = claims.pop(file.path, None)
        if claimed is not None:
            found = _of_file(file.path, claimed, view.file_facts(file.path), known.get(file.path), limits)
            yield from about(found, file.path, pages)
        elif file.role in _COVERED and are_whole:
            yield from about(limits.flag("unlisted-file", path=file.path), file.path, pages)
    for path in sorted(claims, key=str.encode):
        claim = next(iter(claims[path].values()))[0]
        yield from about(limits.flag("missing-file", path=path, list=claim.list, line=claim.line), path)


def _content(facts: FileFacts | None) -> ChecksumList | None:
    return facts.checksums if facts is not None and not facts.problem else None


def _of_list(path: str, facts: FileFacts | None, limits: Limits) -> Iterator[Finding]:
    checksums = _content(facts)
    if checksums is None:
        yield from limits.flag("not-read", list=path, detail=_reason(facts))
        return
    for problem in checksums.problems:
        yield from limits.flag(problem.kind, list=path, line=problem.line, text=problem.text)
    if checksums.more_problems:
        yield from limits.flag("more-bad-lines", list=path, count=checksums.more_problems)
    if checksums.is_cut:
        yield from limits.flag("cut-list", list=path, line=checksums.entries[-1].line)
    if not checksums.entries and not checksums.problems:
        yield from limits.flag("empty-list", list=path)


def _of_file(
    path: str, claimed: _Claims, facts: FileFacts | None, sha256: str | None, limits: Limits
) -> Iterator[Finding]:
    """What is worst about a file: at most one finding, however many lists and algorithms there are."""
    digests = dict(facts.digests) if facts is not None else {}
    if sha256 is not None:
        digests["sha256"] = sha256
    for algorithm, claims in claimed.items():
        found = digests.get(algorithm)
        if found is not None and all(claim.digest != found for claim in claims):
            yield from limits.flag(
                "mismatch",
                path=path,
                list=claims[0].list,
                algorithm=algorithm.upper(),
                found=found,
                expected=claims[0].digest,
            )
            return
    for algorithm, (claim, *others) in claimed.items():
        other = next((other for other in others if other.digest != claim.digest), None)
        if other is not None:
            yield from limits.flag(
                "contradiction", path=path, algorithm=algorithm.upper(), list=claim.list, other=other.list
            )
            return
    for algorithm, (claim, *_) in claimed.items():
        if algorithm not in digests:
            yield from _not_verified(path, algorithm, claim, facts, limits)
            return


def _not_verified(
    path: str, algorithm: str, claim: _Claim, facts: FileFacts | None, limits: Limits
) -> Iterator[Finding]:
    if facts is None or facts.problem:
        yield from limits.flag("not-verified", path=path, list=claim.list, detail=_reason(facts))
    else:
        yield from limits.flag("no-algorithm", path=path, list=claim.list, algorithm=algorithm.upper())


def _reason(facts: FileFacts | None) -> str:
    return facts.problem if facts is not None and facts.problem else stored("it was not read in this run")
