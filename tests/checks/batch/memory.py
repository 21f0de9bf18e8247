"""Batches in memory: files as a walk would list them, pages as the ledger would stream them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.catalogue.codes import CodeReader
from ybda_qc.checks._base import BatchCheck
from ybda_qc.checks._limits import Above, Below, CodeLimits, Flag, Limits
from ybda_qc.intake.grouping import group
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.walk import role_of
from ybda_qc.model import (
    Batch,
    BatchFile,
    Catalogue,
    CheckResult,
    CodeReading,
    FileFacts,
    Finding,
    LimitSource,
    Measurement,
    NotApplicable,
    Observation,
    PageId,
    PageResult,
    PageText,
    Pairing,
    State,
    Stray,
    Unit,
)

OWN = LimitSource.PROJECT_CHOICE
NO_PAIRS = Pairing()


@dataclass(frozen=True, slots=True)
class MemoryView:
    """A batch and its pages in memory."""

    batch: Batch
    results: tuple[PageResult, ...] = ()
    pairs: Pairing | None = NO_PAIRS
    unmatched: tuple[str, ...] = ()
    catalogue: Catalogue | None = None
    codes: CodeOptions | None = None
    blanks: frozenset[PageId] = frozenset()
    facts: Mapping[str, FileFacts] = field(default_factory=dict)
    texts: Mapping[PageId, PageText] | None = None  # None: no text is read

    def pages(self) -> Iterator[PageResult]:
        return iter(self.results)

    def pairing(self, check: str) -> Pairing | None:
        return self.pairs

    def unmatched_blanks(self) -> tuple[str, ...]:
        return self.unmatched

    def is_declared_blank(self, page: PageId) -> bool:
        return page in self.blanks

    def read_code(self, text: str) -> CodeReading | None:
        return CodeReader(self.codes).read(text) if self.codes else None

    @property
    def reads_text(self) -> bool:
        return self.texts is not None

    def text_of(self, page: PageResult) -> PageText | None:
        return (self.texts or {}).get(page.page)

    def file_facts(self, path: str) -> FileFacts | None:
        return self.facts.get(path)


def make_batch(paths: Iterable[str], options: LayoutOptions, strays: Iterable[Stray] = ()) -> Batch:
    layout = Layout(options)
    files = [BatchFile(path=path, size_bytes=1, role=role_of(path, layout)[0]) for path in paths]
    ordered, items = group(files, layout)
    return Batch(
        root="/batch", files=ordered, items=items, strays=tuple(strays), copies=layout.copies_in(ordered)
    )


def make_page(
    path: str,
    frame: int = 1,
    *,
    sha256: str | None = "0" * 64,
    size_bytes: int = 1,
    numbers: Mapping[tuple[str, str], float] | None = None,
    texts: Mapping[tuple[str, str], str] | None = None,
) -> PageResult:
    checks: dict[str, list[Measurement | Observation]] = {}
    for (check, quantity), value in (numbers or {}).items():
        entry = Measurement(quantity=quantity, value=value, unit=Unit.SCORE)
        checks.setdefault(check, []).append(entry)
    for (check, quantity), text in (texts or {}).items():
        checks.setdefault(check, []).append(Observation(quantity=quantity, text=text))
    return PageResult(
        page=PageId(path=path, frame=frame),
        sha256=sha256,
        size_bytes=size_bytes,
        checks={
            check: CheckResult(state=State.MEASURED, measured=tuple(measured))
            for check, measured in checks.items()
        },
    )


def limits_of(check: BatchCheck, **changed: CodeLimits) -> Limits:
    """Every flag fails, every number is judged at 200, unless changed."""
    limits: dict[str, CodeLimits] = {}
    for code in check.codes:
        if code.name.replace("-", "_") in changed:
            continue
        if issubclass(code.limits, Flag):
            limits[code.name] = code.limits(verdict="fail", source=OWN)
        else:
            assert issubclass(code.limits, Above | Below)
            limits[code.name] = code.limits(fail=200.0, source=OWN)
    limits.update({name.replace("_", "-"): value for name, value in changed.items()})
    return Limits(check.id, check.codes, limits)


def inspect_batch(
    check: BatchCheck,
    view: MemoryView | Batch,
    method: Mapping[str, object] | None = None,
    **changed: CodeLimits,
) -> list[Finding]:
    """Run a batch check; each finding must say what it is about, and its message must come together."""
    if isinstance(view, Batch):
        view = MemoryView(view)
    model = check.method.model_validate(method or {})
    found = check.inspect(view, model, limits_of(check, **changed))
    assert not isinstance(found, NotApplicable), found.reason
    findings = list(found)
    for finding in findings:
        assert finding.message
        assert finding.subject
    return findings


def summary(findings: Iterable[Finding]) -> list[tuple[str, str | None]]:
    """Code and subject of each finding, sorted."""
    return sorted((finding.code, finding.subject) for finding in findings)


ANY = LayoutOptions()
NATIONAL = LayoutOptions.model_validate(
    {
        "number_widths": [3, 4],
        "parts": {"item": r"[\w·]+(?:-[\w·]+)+-[0-9]{2,6}"},
        "patterns": [
            {"title": "f", "path": "{folders}{item}/{number}", "examples": ["A-B-01/001.jpg"]},
            {"title": "n", "path": "{folders}{item}-{number}", "examples": ["A-B-01-001.jpg"]},
            {"title": "w", "path": "{item}", "extensions": ["pdf"], "examples": ["A-B-01.pdf"]},
        ],
    }
)
