"""Pictures of findings: which deserve one, what they are called, and how they come to disk."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

from ybda_qc.engine.plan import Plan
from ybda_qc.errors import DISK_TAKES_NOTHING
from ybda_qc.imaging.evidence import draw_evidence
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Drawing, Finding, JudgedPage, PagePair, Verdict

_STYLE = 2  # raised when the same finding is drawn otherwise: pictures on disk are then drawn again


def pictures_of(judged: JudgedPage, plan: Plan) -> dict[str, str]:
    """Finding key -> path below the run folder, for the findings that deserve a picture.

    A picture helps where the finding shows on the page and somebody has to act on it.
    """
    page = judged.result
    if page.sha256 is None:
        return {}
    return {
        finding.key: picture_name(
            page.sha256,
            page.page.frame,
            finding.key,
            (plan.evidence.thumbnail_px, _manner(finding, plan), _drawn(finding)),
        )
        for finding in judged.findings
        if finding.verdict >= Verdict.REVIEW and (finding.boxes or finding.check in plan.pixel_check_ids)
    }


def with_pictures(judged: JudgedPage, plan: Plan, out: Path) -> JudgedPage:
    """The same page; its findings name the pictures of them that lie in the run folder."""
    there = {key: name for key, name in pictures_of(judged, plan).items() if (out / name).exists()}
    return replace(judged, evidence=there)


def _manner(finding: Finding, plan: Plan) -> Drawing:
    """How a finding is drawn; one that today's checks do not know, plainly."""
    return plan.drawings.get(finding.key, Drawing.BOXES)


def _drawn(finding: Finding) -> object:
    """All of a finding that a drawing may use."""
    boxes = [box.as_list() for box in finding.boxes]
    return boxes, dict(finding.values), finding.value, finding.unit


def picture_name(sha256: str, frame: int, key: str, drawn: object) -> str:
    """A function of the page and of what is drawn, so that equal pictures are drawn once.

    Parameters
    ----------
    sha256, frame
        The page; of a pair the first one.
    key
        The finding's key.
    drawn
        All that decides how the picture looks, as values that JSON knows.
    """
    digest = hashlib.sha256(json.dumps([_STYLE, drawn], sort_keys=True).encode()).hexdigest()[:8]
    return f"evidence/{sha256[:2]}/{sha256[:16]}-{frame}-{key.replace('/', '-')}-{digest}.jpg"


def pair_picture_name(check: str, pair: PagePair, plan: Plan) -> str:
    """Path below the run folder of the picture of a pair that a check finds alike."""
    one, other = pair.one.content, pair.other.content
    return picture_name(*one, f"{check}/pair", (plan.evidence.thumbnail_px, *other))


def draw_pictures(view: PageView, judged: JudgedPage, out: Path, plan: Plan) -> str | None:
    """Draw the pictures of a page that are not there yet; returns the system's words if the disk is full."""
    findings = {finding.key: finding for finding in judged.findings}
    for key, name in pictures_of(judged, plan).items():
        path = out / name
        if path.exists():
            continue
        picture = draw_evidence(view, findings[key], _manner(findings[key], plan), plan.evidence.thumbnail_px)
        try:
            write_picture(path, picture)
        except OSError as error:
            if error.errno in DISK_TAKES_NOTHING:
                return error.strerror
            raise
    return None


def write_picture(path: Path, data: bytes) -> None:
    """Write under another name, then rename: a kill leaves no half picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
