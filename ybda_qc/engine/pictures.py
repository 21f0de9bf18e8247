"""Pictures of findings: which deserve one, what they are called, and how they come to disk."""

import errno
import hashlib
import os
from pathlib import Path

from ybda_qc.engine.plan import Plan
from ybda_qc.imaging.evidence import draw_evidence
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Finding, JudgedPage, Verdict


def pictures_of(judged: JudgedPage, plan: Plan) -> dict[str, str]:
    """Finding key -> path below the run folder, for the findings that deserve a picture.

    A picture helps where the finding shows on the page and somebody has to act on it.
    """
    sha256, frame = judged.result.sha256, judged.result.page.frame
    if sha256 is None:
        return {}
    return {
        finding.key: _name(sha256, frame, finding, plan.evidence.thumbnail_px)
        for finding in judged.findings
        if finding.verdict >= Verdict.REVIEW and (finding.boxes or finding.check in plan.pixel_check_ids)
    }


def _name(sha256: str, frame: int, finding: Finding, long_side: int) -> str:
    """A function of the page and of what is drawn, so that equal pictures are drawn once."""
    content = repr((long_side, [box.as_list() for box in finding.boxes]))
    drawn = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"evidence/{sha256[:2]}/{sha256[:16]}-{frame}-{finding.check}-{finding.code}-{drawn}.jpg"


def draw_pictures(view: PageView, judged: JudgedPage, out: Path, plan: Plan) -> str | None:
    """Draw the pictures of a page that are not there yet; returns the system's words if the disk is full."""
    boxes = {finding.key: finding.boxes for finding in judged.findings}
    for key, name in pictures_of(judged, plan).items():
        path = out / name
        if path.exists():
            continue
        try:
            _write_whole(path, draw_evidence(view, boxes[key], plan.evidence.thumbnail_px))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return error.strerror
            raise
    return None


def _write_whole(path: Path, data: bytes) -> None:
    """Write under another name, then rename: a kill leaves no half picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
