"""Reading the report files of an older run, page by page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ybda_qc.errors import InputError
from ybda_qc.model import Verdict
from ybda_qc.report.documents import SCHEMA

_NO_REPORT = "{folder} holds no report of ybda-qc to compare with: {problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFinding:
    """What a finding of an older report is compared by."""

    check: str
    code: str
    verdict: Verdict
    message: str
    subject: str | None = None

    @property
    def key(self) -> str:
        """``check/code``."""
        return f"{self.check}/{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPage:
    """A page of an older report; only findings of review or worse."""

    path: str
    frame: int
    item: str | None
    sha256: str | None
    findings: tuple[OldFinding, ...]

    @property
    def sort_key(self) -> tuple[bytes, int]:
        """The order of pages in every report."""
        return sort_key(self.path, self.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class OldRun:
    """The head of an older report."""

    folder: Path
    run: int
    finished_at: str
    profile: str
    digest: str
    outcome: str
    findings: tuple[OldFinding, ...]


def sort_key(path: str, frame: int) -> tuple[bytes, int]:
    """Path as UTF-8 bytes, then frame."""
    return path.encode("utf-8", "surrogatepass"), frame


def read_old_run(folder: Path) -> OldRun:
    """Read ``report.json`` of an older run.

    Raises
    ------
    InputError
        If there is none, or another program wrote it.
    """
    path = folder / "report.json"
    try:
        document = json.loads(path.read_bytes())
        if document["schema"] != SCHEMA:
            raise ValueError(f"schema {document['schema']!r}")
        run = document["run"]
        return OldRun(
            folder=folder,
            run=run["id"],
            finished_at=run["finished_at"],
            profile=run["profile"]["id"],
            digest=run["profile"]["digest"],
            outcome=document["decision"]["outcome"],
            findings=_findings(document["findings"]),
        )
    except OSError as error:
        raise InputError(_NO_REPORT, folder=str(folder), problem=f"report.json: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(_NO_REPORT, folder=str(folder), problem=f"report.json: {error}") from error


def read_old_pages(folder: Path) -> Iterator[OldPage]:
    """Stream ``pages.jsonl`` of an older run.

    Raises
    ------
    InputError
        If it is missing, damaged or not sorted.
    """
    try:
        with (folder / "pages.jsonl").open("rb") as file:
            last: tuple[bytes, int] | None = None
            for number, line in enumerate(file, start=1):
                page = _page(line, folder, number)
                if last is not None and page.sort_key <= last:
                    raise InputError(
                        _NO_REPORT, folder=str(folder), problem=f"pages.jsonl, line {number}: not sorted"
                    )
                last = page.sort_key
                yield page
    except OSError as error:
        raise InputError(_NO_REPORT, folder=str(folder), problem=f"pages.jsonl: {error.strerror}") from error


def _page(line: bytes, folder: Path, number: int) -> OldPage:
    try:
        document = json.loads(line)
        return OldPage(
            path=document["path"],
            frame=document["frame"],
            item=document["item"],
            sha256=document["sha256"],
            findings=_findings(document["findings"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            _NO_REPORT, folder=str(folder), problem=f"pages.jsonl, line {number}: {error}"
        ) from error


def _findings(documents: list[dict[str, Any]]) -> tuple[OldFinding, ...]:
    findings = (
        OldFinding(
            check=document["check"],
            code=document["code"],
            verdict=Verdict.from_word(document["verdict"]),
            message=document["message"],
            subject=document.get("subject"),
        )
        for document in documents
    )
    return tuple(finding for finding in findings if finding.verdict >= Verdict.REVIEW)
