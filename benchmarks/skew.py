"""Errors of the skew estimate beside the PyPI packages `deskew` and `jdeskew`, on the same pages.

    python benchmarks/skew.py [--pages 200] [--seed 1] [--corpus DIR] [--alone] [--cost]

Pages are drawn with known angles, 0 to 15 degrees to both sides, in all layouts, colour modes and common
resolutions, a part of them noisy, faint, on a black bed, with streaks, lying on their side. All estimators
get the same grey plane of about 150 dpi. `--corpus` adds real scans with a MANIFEST.csv (columns file,
skew_deg_ccw, skew_tolerance), and the same scans turned by known angles: turned by x more, the estimate has
to rise by x. `--alone` leaves the other packages out, `--cost` adds the cost beside `cv2.imread`.
"""

import argparse
import csv
import dataclasses
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.ops.skew import estimate_skew
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView, reduce
from ybda_qc.synth import LAYOUTS, PageSpec, Speckle, Streak, draw_page, write_page

Plane = NDArray[np.uint8]
Estimator = Callable[[Plane], float | None]
GOOD_DEGREES = 0.2
EXTRA_DEGREES = (-9.3, -3.62, -1.1, 0.37, 2.13, 5.87, 13.4)


@dataclass
class Errors:
    """Errors in degrees of the answers to one kind of page, and how often no answer was given."""

    values: list[float] = field(default_factory=list)
    abstained: int = 0

    def add(self, measured: float | None, true: float) -> None:
        """Count one page; angles are those of the nearer axis."""
        if measured is None:
            self.abstained += 1
        else:
            self.values.append(abs((measured - true + 45) % 90 - 45))

    def row(self) -> str:
        """The figures as cells of a table."""
        pages = len(self.values) + self.abstained
        if not self.values:
            return f"{pages} | {self.abstained} | | | | | | "
        errors = np.array(self.values)
        at = np.quantile(errors, [0.5, 0.95, 0.99])
        good = float(np.mean(errors <= GOOD_DEGREES))
        figures = " | ".join(f"{value:.3f}" for value in (errors.mean(), *at, errors.max()))
        return f"{pages} | {self.abstained} | {figures} | {good:.1%}"


def ours(plane: Plane) -> float | None:
    """The product's estimate, None where it abstains."""
    estimate = estimate_skew(plane)
    return estimate.angle_degrees if estimate is not None and estimate.is_sure else None


def rivals() -> dict[str, Estimator]:
    """The packages, at their defaults, and `deskew` at a tenth of a degree as its manual advises."""
    from deskew import determine_skew  # noqa: PLC0415 - not needed with --alone
    from jdeskew.estimator import get_angle  # type: ignore[import-untyped]  # noqa: PLC0415

    def coarse(plane: Plane) -> float | None:
        angle = determine_skew(plane)
        return None if angle is None else float(angle)

    def fine(plane: Plane) -> float | None:
        angle = determine_skew(plane, min_deviation=0.1)
        return None if angle is None else float(angle)

    return {"deskew": coarse, "deskew 0.1": fine, "jdeskew": lambda plane: float(get_angle(plane))}


def specifications(pages: int, seed: int) -> Iterator[tuple[PageSpec, set[str]]]:
    """Descriptions of pages in turn over all layouts, and the kinds each of them belongs to."""
    rng = np.random.default_rng(seed)
    layouts = [name for name in LAYOUTS if name != "blank"]
    for index in range(pages):
        kinds = {layouts[index % len(layouts)]}
        spec = PageSpec(
            layout=layouts[index % len(layouts)],
            seed=seed * 1_000_000 + index,
            mode=("colour", "grey", "bitonal")[int(rng.integers(3))],
            dpi=float(rng.choice([150, 200, 300])),
            angle_degrees=float(rng.choice([-1, 1]) * rng.uniform(0, 15 if rng.random() < 0.5 else 3)),
            language="en" if rng.random() < 0.15 else "zh",
            texture=float(rng.uniform(0, 6)),
            page_number=bool(rng.random() < 0.3),
            seal=bool(rng.random() < 0.2),
        )
        if rng.random() < 0.3:
            kinds.add("bordered")
            left, top, right, bottom = (float(side) for side in rng.uniform(0, 12, 4))
            straight = bool(rng.random() < 0.3)
            spec = dataclasses.replace(
                spec, bed="black", border_mm=(left, top, right, bottom), border_turns=not straight
            )
        if rng.random() < 0.3:
            kinds.add("noisy")
            spec = dataclasses.replace(spec, noise=float(rng.uniform(4, 16)), defects=(Speckle(per_cm2=0.5),))
        if rng.random() < 0.15:
            kinds.add("faint")
            spec = dataclasses.replace(spec, ink=float(rng.uniform(0.3, 0.6)), show_through=0.1)
        if rng.random() < 0.1:
            kinds.add("streak")
            spec = dataclasses.replace(
                spec, defects=(*spec.defects, Streak(place=float(rng.uniform(0.1, 0.9))))
            )
        if rng.random() < 0.1:
            kinds.add("lying")
            spec = dataclasses.replace(spec, quarter_turns=int(rng.integers(1, 4)))
        yield spec, kinds | {spec.mode, f"{spec.dpi:.0f} dpi"}


def grey_plane(spec: PageSpec) -> Plane:
    """Draw the page and reduce it as the product does."""
    pixels = draw_page(spec).pixels
    if pixels.ndim == 3:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return reduce(pixels, max(1, round(spec.dpi / 150)))


def compare_drawn(pages: int, seed: int, estimators: dict[str, Estimator]) -> None:
    """Print the errors on drawn pages, by kind of page for the product."""
    errors = {name: Errors() for name in estimators}
    without = {name: Errors() for name in estimators}
    by_kind: dict[str, Errors] = defaultdict(Errors)
    for spec, kinds in specifications(pages, seed):
        plane = grey_plane(spec)
        has_lines = LAYOUTS[spec.layout].has_text_lines
        for name, estimator in estimators.items():
            measured = estimator(plane)
            (errors if has_lines else without)[name].add(measured, spec.angle_degrees)
            if name == "ybda-qc":
                for kind in kinds if has_lines else {spec.layout}:
                    by_kind[kind].add(measured, spec.angle_degrees)
    print_table("Drawn pages with lines", errors)
    print_table("Drawn pages without lines (pictures, drawings, handwriting)", without)
    print_table("The same, ybda-qc by kind of page", dict(sorted(by_kind.items())))


def print_table(title: str, rows: dict[str, Errors]) -> None:
    """Print figures as a Markdown table."""
    print(f"\n{title}; errors in degrees\n")
    print("| | pages | abstained | mean | median | 95 % | 99 % | worst | within 0.2 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, errors in rows.items():
        print(f"| {name} | {errors.row()} |")


def real_planes(corpus: Path) -> Iterator[tuple[dict[str, str], Plane]]:
    """Grey planes of the first page of each scan that can be decoded, with its row of the manifest."""
    with (corpus / "MANIFEST.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            try:
                with open_source(corpus / row["file"]) as source:
                    plane = PageView(source).grey.pixels
            except (ImageFault, OSError):
                continue
            yield row, plane


@dataclass
class Score:
    """Answers for scans whose skew is known within a tolerance."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)

    def add(self, measured: float | None, row: dict[str, str]) -> None:
        """Count one scan; the manifest counts counter-clockwise as positive."""
        true = -float(row["skew_deg_ccw"])
        if measured is None:
            self.unsure.append(row["file"])
        elif abs((measured - true + 45) % 90 - 45) <= float(row["skew_tolerance"]):
            self.right += 1
        else:
            self.wrong.append(f"{row['file']} {measured:.2f} for {true:.2f}")


def compare_real(corpus: Path, estimators: dict[str, Estimator]) -> None:
    """Print right, wrong and unsure for scans with known skew, then the errors after turning scans."""
    scores = {name: Score() for name in estimators}
    turned = {name: Errors() for name in estimators}
    for row, plane in real_planes(corpus):
        first = {name: estimator(plane) for name, estimator in estimators.items()}
        if row["skew_deg_ccw"]:
            for name, measured in first.items():
                scores[name].add(measured, row)
        if first["ybda-qc"] is None or min(plane.shape) <= 300:
            continue
        for extra in EXTRA_DEGREES:
            further = turn(plane, extra)
            for name, start in first.items():
                if start is not None:
                    turned[name].add(estimators[name](further), start + extra)
    print("\nReal scans with known skew\n\n| | right | wrong | unsure |\n|---|---|---|---|")
    for name, score in scores.items():
        print(f"| {name} | {score.right} | {len(score.wrong)} | {len(score.unsure)} |")
    print("\nybda-qc wrong:", "; ".join(scores["ybda-qc"].wrong) or "none")
    print("ybda-qc unsure:", "; ".join(scores["ybda-qc"].unsure) or "none")
    print_table("Real scans turned further by known angles, against the own estimate before", turned)


def turn(plane: Plane, degrees: float) -> Plane:
    """Turn a plane clockwise; what comes in from outside is the plane's middle grey."""
    height, width = plane.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    fill = float(np.median(plane))
    turned = cv2.warpAffine(plane, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=fill)
    return np.asarray(turned, np.uint8)


def compare_cost(estimators: dict[str, Estimator]) -> None:
    """Print the processor time of each estimator as a share of reading one A4 300 dpi colour JPEG."""
    spec = PageSpec(layout="document", mode="colour", angle_degrees=1.3, noise=5, texture=3)
    plane = grey_plane(spec)
    with tempfile.TemporaryDirectory() as folder:
        path = write_page(Path(folder) / "page.jpg", draw_page(spec).pixels, dpi=300)
        reading = cpu_seconds(lambda: cv2.imread(str(path)))
    print("\nProcessor time beside cv2.imread of an A4 colour JPEG at 300 dpi (one thread)\n")
    for name, estimator in estimators.items():
        print(f"  {name}: {cpu_seconds(partial(estimator, plane)) / reading:.2f}")


def cpu_seconds(run: Callable[[], object], repeats: int = 9) -> float:
    """Median processor time of a call, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return float(np.median(times))


def main() -> None:
    """Parse the command line and print what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--cost", action="store_true")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    estimators: dict[str, Estimator] = {"ybda-qc": ours}
    if not options.alone:
        estimators |= rivals()
    compare_drawn(options.pages, options.seed, estimators)
    if options.corpus is not None:
        compare_real(options.corpus, estimators)
    if options.cost:
        compare_cost(estimators)


if __name__ == "__main__":
    main()
