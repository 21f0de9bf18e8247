"""Generated pages: sound ones, and the same with defects of every strength laid over them."""

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from _accuracy.cases import CASES, Case, is_justified, scale_of, suits
from _accuracy.examine import Answer, Outcome, examine
from _accuracy.pool import Bench
from ybda_qc.synth import DEFECTS, Box, Defect, DrawnPage, Laid, PageSpec, draw_page, sound_page, write_page
from ybda_qc.synth.defects import Cropped, DarkBand, Turned
from ybda_qc.synth.spec import Pixels

Grading = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A sound page, and the defects to lay over it."""

    seed: int
    gradings: tuple[Grading, ...]
    is_counted: bool = True  # whether the sound page itself is examined too


BLANKS: Mapping[str, tuple[bool, dict[str, object]]] = {
    # name -> (whether it is blank, what is drawn)
    "plain": (True, {}),
    "tinted": (True, {"paper_rgb": (226, 212, 178)}),
    "show-through only": (True, {"show_through": 0.08}),
    "holes only": (True, {"punch_holes": 2}),
    "page number only": (False, {"page_number": True}),
    "seal only": (False, {"seal": True}),
    "pale seal only": (False, {"seal": True, "seal_strength": 0.35}),
    "pencil line only": (False, {"pencil_line": True}),
}


def plan_jobs(sound: int, pages: int, seed: int, checks: Sequence[str] | None) -> list[Job]:
    """Spread the defects over sound pages: each strength of a defect is laid over the same pages."""
    rng = np.random.default_rng(seed)
    count = max(sound, 2 * pages)
    seeds = [seed * 100_000 + index for index in range(count)]
    specs = {one: sound_page(one) for one in seeds}
    work: dict[int, list[Grading]] = defaultdict(list)
    for case in CASES:
        if checks is not None and case.check not in checks:
            continue
        suiting = [one for one in rng.permutation(seeds).tolist() if suits(specs[one], case.on)]
        # pages of 600 dpi cost as much as four: one in ten is enough
        suiting.sort(key=lambda one: specs[one].dpi > 300)
        for one in suiting[:pages]:
            work[one] += [(case.defect, step) for step in scale_of(case.defect).steps]
    jobs = [
        Job(seed=one, gradings=tuple(work[one]), is_counted=index < sound) for index, one in enumerate(seeds)
    ]
    return [job for job in jobs if job.gradings or job.is_counted]


def blank_jobs(pages: int, seed: int) -> list[tuple[str, int]]:
    """Blank sheets and sheets with next to nothing on them: (name, seed)."""
    return [(name, seed * 100_000 + 50_000 + index) for name in BLANKS for index in range(pages)]


def work_drawn(job: Job, bench: Bench) -> list[Outcome]:
    """Examine a sound page, if it is counted, and the same page with each of its defects."""
    spec = sound_page(job.seed)
    page = draw_page(replace(spec, mode="grey") if spec.mode == "bitonal" else spec)
    outcomes, flagged = [], frozenset[str]()
    if job.is_counted:
        truth = {
            "skew": spec.angle_degrees,
            "orientation": 0.0,
            "has_lines": float(page.truth.has_text_lines),
        }
        sound = _examined(Written(job.seed, spec, page.pixels, None, 0.0), truth, bench)
        flagged = frozenset(check for check, answer in sound.answers.items() if answer.holds)
        outcomes.append(sound)
    for defect, strength in job.gradings:
        rng = np.random.default_rng([job.seed, sorted(DEFECTS).index(defect) if defect in DEFECTS else 99])
        pixels, truth = _lay(page, spec, defect, strength, rng)
        found = _examined(Written(job.seed, spec, pixels, defect, strength), truth, bench)
        outcomes.append(replace(found, flagged_before=flagged))
    return outcomes


def work_blank(job: tuple[str, int], bench: Bench) -> list[Outcome]:
    """Examine a blank sheet, or one with next to nothing on it."""
    name, seed = job
    is_blank, drawn = BLANKS[name]
    base = sound_page(seed, layout="blank")
    plain = {"punch_holes": 0, "page_number": False, "seal": False, "show_through": 0.0, **drawn}
    spec = replace(base, **plain)  # type: ignore[arg-type]
    if name in ("pale seal only", "pencil line only") and spec.mode == "bitonal":
        spec = replace(spec, mode="grey")  # one bit a pixel leaves nothing of them
    page = draw_page(spec)
    written = Written(seed, spec, page.pixels, f"blank: {name}", float(is_blank))
    return [_examined(written, {"blank": float(is_blank)}, bench)]


def _lay(
    page: DrawnPage, spec: PageSpec, defect: str, strength: float, rng: np.random.Generator
) -> tuple[Pixels, dict[str, float]]:
    """The page with the defect, and what is known of it."""
    if defect == "low_quality":  # comes when the file is written
        return page.pixels, {}
    fault: Defect
    fault = _cut(page, spec, strength, rng) if defect == "cropped" else DEFECTS[defect].graded(strength, rng)
    laid: Laid = fault.apply(page.pixels.copy(), dpi=spec.dpi, rng=rng)
    truth: dict[str, float] = {}
    if isinstance(fault, Turned):
        truth["skew"] = spec.angle_degrees + fault.angle_degrees
    if isinstance(fault, DarkBand) and fault.taper == 0:
        truth |= dict(zip(("left", "top", "right", "bottom"), fault.depth_mm, strict=True))
    if defect == "quarter_turned":
        truth["orientation"] = (360 - strength) % 360
    if defect == "upsampled":
        truth["effective_resolution"] = spec.dpi / strength
    if defect in ("streak", "bright_streak", "dead_element"):
        box = laid.boxes[0]
        across = box.width > box.height
        truth["streak_x"] = float("nan") if across else box.left + box.width / 2
        truth["streak_y"] = box.top + box.height / 2 if across else float("nan")
    return laid.pixels, truth


def _cut(page: DrawnPage, spec: PageSpec, depth_mm: float, rng: np.random.Generator) -> Cropped:
    """A cut through at least a third of the lines at one side, or through the first or last line."""
    boxes = np.array([tuple(line.box) for line in page.truth.lines] or [(0, 0, *page.pixels.shape[1::-1])])
    # Where a line ends, not between the ends of two: a cut there goes through the gap of two columns.
    left, top = np.quantile(boxes[:, 0], 0.35, method="higher"), boxes[:, 1].min()
    right = np.quantile(boxes[:, 0] + boxes[:, 2], 0.65, method="lower")
    bottom = (boxes[:, 1] + boxes[:, 3]).max()
    side = ("left", "right", "left", "right", "top", "bottom")[int(rng.integers(6))]
    depth = depth_mm * spec.pixels_per_mm
    if side in ("top", "bottom"):
        depth = min(depth, 0.6 * float(np.median(boxes[:, 3])))
    content = Box(float(left), float(top), float(right - left), float(bottom - top))
    return Cropped.through(content, page.pixels.shape, side, depth)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Written:
    """Pixels that become a file."""

    seed: int
    spec: PageSpec
    pixels: Pixels
    defect: str | None
    strength: float

    def to_file(self, folder: Path) -> Path:
        """Write as a scanner would: bitonal G4, else JPEG of fair quality, now and then TIFF."""
        rng, spec = np.random.default_rng([self.seed, 30]), self.spec
        fair, is_tiff = int(rng.integers(80, 96)), rng.random() < 0.1
        if spec.mode == "bitonal":
            cut = cv2.threshold(self.pixels, spec.threshold, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
            return write_page(folder / f"{self.seed}.tif", cut, dpi=spec.dpi, compression="g4")
        if is_tiff and self.defect not in ("low_quality", "recompressed"):
            return write_page(folder / f"{self.seed}.tif", self.pixels, dpi=spec.dpi, compression="lzw")
        quality = round(self.strength) if self.defect == "low_quality" else fair
        return write_page(folder / f"{self.seed}.jpg", self.pixels, dpi=spec.dpi, quality=quality)


def _examined(written: Written, truth: Mapping[str, float], bench: Bench) -> Outcome:
    spec = written.spec
    with tempfile.TemporaryDirectory() as folder:
        path = written.to_file(Path(folder))
        outcome = Outcome(
            page=f"seed {written.seed}",
            kind=f"{spec.layout} {spec.mode} {spec.dpi:.0f} {path.suffix[1:]}",
            defect=written.defect,
            strength=written.strength,
            answers=examine(path, bench.plan, bench.checks),
            truth=dict(truth),
        )
        keep_example(path, outcome, bench.keep)
        return outcome


def is_found(case: Case, answer: Answer | None) -> bool:
    """Whether the check said what it has to say."""
    if answer is None:
        return False
    codes = {code: verdict for code, verdict in answer.codes.items() if not code.startswith("unsure")}
    if case.codes:
        codes = {code: verdict for code, verdict in codes.items() if code in case.codes}
    return any(case.note_counts or verdict.word != "note" for verdict in codes.values())


def keep_example(path: Path, outcome: Outcome, folder: Path | None, most: int = 3) -> None:
    """Keep a copy of a page that was judged wrongly: missed at full strength, or held though sound."""
    if folder is None:
        return
    wrong = []
    for case in CASES:
        if case.defect == outcome.defect and case.check in outcome.answers:
            scale = scale_of(case.defect)
            is_strong = scale.steps.index(outcome.strength) >= scale.steps.index(scale.returnable)
            if is_strong and not is_found(case, outcome.answers[case.check]):
                wrong.append(f"{case.check}_missed_{outcome.defect}_{outcome.strength:g}")
    if outcome.defect is None:
        for check, answer in outcome.answers.items():
            if answer.holds and not is_justified(check, outcome.defect):
                wrong.append(f"{check}_false_{'_'.join(answer.codes)}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in wrong:
        if len(list(folder.glob(f"{name}_*"))) < most:
            (folder / f"{name}_{path.name}").write_bytes(path.read_bytes())
