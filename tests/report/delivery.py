"""A run as the engine would hand it over, invented, with pictures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from ybda_qc.model import (
    BatchOutcome,
    Box,
    CheckCard,
    CheckResult,
    Coverage,
    Decision,
    Finding,
    JudgedPage,
    LimitCard,
    LimitSource,
    Measurement,
    Observation,
    Outcome,
    PageFault,
    PageId,
    PageResult,
    ProfileIdentity,
    Reason,
    RunInfo,
    Scope,
    Stage,
    State,
    Summary,
    Totals,
    Unit,
    Verdict,
)
from ybda_qc.report import Reports

ITEM = "B469-WS·2023-Y-BGS-{:04d}"
CHECKS = ("readable", "resolution", "paper_size", "skew", "blank_page")
CLAUSE = "DA/T 31-2017 10.2 gives no angle, only 'not noticeable to the eye'"
SKEW = "skew {angle:+.2f} degrees is over {limit:g}"
HOSTILE = (
    "<script>alert(1)</script>.jpg",
    '"><img src=x onerror=alert(1)>.jpg',
    "=cmd|' /C calc'!A0.jpg",
    "+1.jpg",
    "-1.jpg",
    "@sum.jpg",
    "\ttab.jpg",
    "two\nlines.jpg",
    "\u202egpj.exe",
    "</script><!--.jpg",
    "quote'\"&amp;.jpg",
    "𠮷𝄞.jpg",
    "页" * 250 + ".jpg",
)


def skew_finding(value: float, boxes: tuple[Box, ...] = ()) -> Finding:
    verdict, limit = (Verdict.FAIL, 3.0) if value > 3 else (Verdict.REVIEW, 1.0)
    return Finding(
        check="skew",
        code="over-limit",
        verdict=verdict,
        template=SKEW,
        values={"angle": value, "limit": limit},
        value=value,
        limit=limit,
        unit=Unit.DEGREE,
        clause=CLAUSE,
        source=LimitSource.PROJECT_CHOICE,
        boxes=boxes,
    )


def resolution_finding(value: float) -> Finding:
    return Finding(
        check="resolution",
        code="below-minimum",
        verdict=Verdict.FAIL,
        template="resolution {value:g} dpi is below the minimum of {limit:g} dpi",
        values={"value": value, "limit": 200},
        value=value,
        limit=200,
        unit=Unit.DPI,
        clause="DA/T 31-2017 8.3.2",
        source=LimitSource.RULE,
    )


def advised_finding(value: float) -> Finding:
    return replace(
        resolution_finding(value),
        code="below-advised",
        verdict=Verdict.NOTE,
        template="resolution {value:g} dpi is below the advised {limit:g} dpi",
        limit=300,
        values={"value": value, "limit": 300},
    )


def measured(skew: float, dpi: float) -> dict[str, CheckResult]:
    def of(*entries: Measurement | Observation) -> CheckResult:
        return CheckResult(state=State.MEASURED, key="1-abc", measured=entries)

    return {
        "readable": of(Observation(quantity="format", text="JPEG")),
        "resolution": of(
            Measurement(quantity="resolution_x", value=dpi, unit=Unit.DPI),
            Measurement(quantity="resolution_y", value=dpi, unit=Unit.DPI),
        ),
        "paper_size": CheckResult(
            state=State.NOT_APPLICABLE, key="1-abc", reason="the file declares no resolution"
        ),
        "skew": of(Measurement(quantity="skew", value=skew, unit=Unit.DEGREE, confidence=0.9)),
        "blank_page": of(Measurement(quantity="ink", value=0.0425, unit=Unit.RATIO)),
    }


def page(
    path: str,
    *,
    item: str | None = None,
    findings: tuple[Finding, ...] = (),
    evidence: dict[str, str] | None = None,
    skew: float = 0.1,
    dpi: float = 300,
    frame: int = 1,
) -> JudgedPage:
    verdicts = dict.fromkeys(CHECKS, Verdict.PASS) | {"paper_size": Verdict.NOT_APPLICABLE}
    for finding in findings:
        verdicts[finding.check] = max(finding.verdict, verdicts[finding.check])
    result = PageResult(
        page=PageId(path=path, frame=frame),
        item=item,
        sha256=(path.encode().hex() + "0" * 64)[:64],
        size_bytes=1_234_567,
        width_px=2480,
        height_px=3508,
        checks=measured(skew, dpi),
    )
    return JudgedPage(result=result, verdicts=verdicts, findings=findings, evidence=evidence or {})


def draw_picture(folder: Path, name: str, seed: int = 0) -> str:
    """A little picture of a page with lines of text and a box."""
    picture = np.full((720, 510, 3), 243, np.uint8)
    rng = np.random.default_rng(seed)
    for line in range(14):
        top, width = 110 + 38 * line, int(rng.integers(180, 380))
        cv2.rectangle(picture, (65, top), (65 + width, top + 14), (70, 70, 70), -1)
    turned = cv2.warpAffine(
        picture,
        cv2.getRotationMatrix2D((255, 360), -3 - seed % 3, 1),
        (510, 720),
        borderValue=(243, 243, 243),
    )
    cv2.rectangle(turned, (45, 90), (465, 660), (40, 40, 200), 3)
    path = folder / "evidence" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded, data = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert encoded
    path.write_bytes(data.tobytes())
    return f"evidence/{name}"


def fault_page(path: str, item: str) -> JudgedPage:
    good = page(path, item=item)
    result = replace(
        good.result,
        checks={"readable": good.result.checks["readable"]},
        fault=PageFault(
            cause="exception", stage=Stage.MEASURE, detail="ValueError: bad <shape>", check="skew"
        ),
    )
    verdicts = dict.fromkeys(CHECKS, Verdict.NOT_RUN) | {"readable": Verdict.PASS, "skew": Verdict.ERROR}
    return JudgedPage(result=result, verdicts=verdicts)


def unreadable_page(path: str, item: str) -> JudgedPage:
    finding = Finding(
        check="readable",
        code="truncated",
        verdict=Verdict.FAIL,
        template="the file ends before the page is complete: {detail}",
        values={"detail": "The JPEG data end early."},
        clause="damage",
        source=LimitSource.PROJECT_CHOICE,
    )
    good = page(path, item=item)
    damage = CheckResult(
        state=State.MEASURED, key="1-abc", measured=(Observation(quantity="damage", text="truncated"),)
    )
    result = replace(good.result, checks={"readable": damage}, width_px=None, height_px=None)
    verdicts = dict.fromkeys(CHECKS, Verdict.NOT_RUN) | {"readable": Verdict.FAIL}
    return JudgedPage(result=result, verdicts=verdicts, findings=(finding,))


def cards() -> dict[str, CheckCard]:
    limit = LimitCard(
        title="invented defects",
        code="over-limit",
        template=SKEW,
        review=1.0,
        fail=3.0,
        source=LimitSource.PROJECT_CHOICE,
        clause=CLAUSE,
    )
    flag = LimitCard(
        title="invented defects",
        code="missing",
        template="the file declares no resolution",
        verdict=Verdict.REVIEW,
        source=LimitSource.RULE,
        clause="DA/T 31-2017 8.3.2",
    )
    titles = {
        "readable": "Readable",
        "resolution": "Resolution",
        "paper_size": "Paper size",
        "skew": "Skew",
        "blank_page": "Blank page",
        "sequence": "Sequence",
    }
    return {
        check: CheckCard(
            id=check,
            title=title,
            requirement=f"Every page keeps the rule of {title.lower()}.",
            why="without it the original is lost to the reader.",
            remedy="scan the page again.",
            limits={"skew": (limit,), "resolution": (flag,)}.get(check, ()),
        )
        for check, title in titles.items()
    }


def gap(item: str = ITEM.format(2)) -> Finding:
    return Finding(
        check="sequence",
        code="gap",
        verdict=Verdict.REVIEW,
        template="missing page numbers ({count}): {numbers}",
        values={"count": 2, "numbers": "7, 9"},
        source=LimitSource.PROJECT_CHOICE,
        subject=item,
        pages=(f"{item}/0006.jpg#1", f"{item}/0008.jpg#1"),
    )


def make_summary(
    pages: list[JudgedPage] | None = None,
    *,
    outcome: Outcome = Outcome.REJECT,
    findings: tuple[Finding, ...] = (),
    **more: object,
) -> Summary:
    pages = pages or []
    by_verdict: dict[Verdict, int] = {}
    by_check: dict[str, int] = {}
    for judged in pages:
        by_verdict[judged.verdict] = by_verdict.get(judged.verdict, 0) + 1
        for finding in judged.findings:
            by_check[finding.check] = by_check.get(finding.check, 0) + 1
    for finding in findings:
        by_check[finding.check] = by_check.get(finding.check, 0) + 1
    start = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
    reasons = (
        Reason(
            code="skew/over-limit",
            outcome=Outcome.REJECT,
            template="{code}: {count} failed",
            values={"count": 12, "code": "skew/over-limit"},
            count=12,
            clause=CLAUSE,
        ),
        Reason(
            code="sequence/gap",
            outcome=Outcome.HOLD,
            template="{code}: {count} failed",
            values={"count": 1, "code": "sequence/gap"},
            count=1,
        ),
    )
    if outcome is Outcome.ACCEPT:
        reasons = (
            Reason(
                code="machine/passed",
                outcome=Outcome.ACCEPT,
                template="all {pages} pages were looked at and keep every limit that holds or rejects",
                values={"pages": len(pages)},
                count=len(pages),
            ),
        )
    summary = Summary(
        outcomes={"sequence": BatchOutcome(verdict=Verdict.FAIL)},
        run=RunInfo(
            id=3,
            started_at=start,
            finished_at=start.replace(minute=9),
            from_cache=1,
            engine_version="0.1.0",
            profile=ProfileIdentity(
                id="da-t-31-2017", title="纸质档案数字化规范 (machine part)", digest="0123456789abcdef" * 4
            ),
            page_checks=CHECKS,
            batch_checks=("sequence",),
            batch="/data/对口帮扶/B469 第三批",
            executor="process",
            workers=2,
            store="ledger.sqlite3",
            reading="rapidocr 3.10.0",
        ),
        decision=Decision(
            outcome=outcome,
            scope=Scope.MACHINE,
            reasons=reasons,
            decided_at=start.replace(minute=9, second=5),
        ),
        coverage=Coverage(
            pages=len(pages),
            measured=sum(judged.result.fault is None for judged in pages),
            not_run=0,
            faults=sum(judged.result.fault is not None for judged in pages),
        ),
        totals=Totals(
            bytes=sum(judged.result.size_bytes for judged in pages),
            pages_by_verdict=by_verdict,
            findings_by_check=by_check,
            paper_sizes={"A4": 31, "A3": 4, "16开": 3, "no resolution": 1},
            files=len(pages),
            items=len({judged.result.item for judged in pages}),
        ),
        findings=findings,
        cards=cards(),
    )
    return replace(summary, **more)


def stream(count: int, *, bad_every: int = 3, item_pages: int = 25) -> Iterator[JudgedPage]:
    """Pages of a big delivery, in order; one in `bad_every` has two findings."""
    for number in range(count):
        item = ITEM.format(number // item_pages + 1)
        findings = (
            (skew_finding(1.0 + number % 500 / 100), advised_finding(200.0))
            if number % bad_every == 0
            else ()
        )
        evidence = {"skew/over-limit": f"evidence/{number % 256:02x}/{number:016x}-1-skew-over-limit-0.jpg"}
        yield page(
            f"{item}/{number % item_pages + 1:04d}.jpg",
            item=item,
            findings=findings,
            evidence=evidence if findings else None,
        )


def write(folder: Path, summary: Summary, pages: list[JudgedPage], lang: str = "en", **more: object) -> Path:
    with Reports(folder, summary=summary, lang=lang, **more) as reports:
        for judged in pages:
            reports.page(judged)
    return folder
