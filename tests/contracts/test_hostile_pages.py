"""All page checks together on pages that nobody would scan: an honest outcome, one decode, and not a word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests.engine.tools import make_plan
from ybda_qc.checks._registry import PAGE_CHECKS
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.plan import Plan
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Measurement, PageId, PageResult, PageText, State, Verdict
from ybda_qc.synth import write_page

Writer = Callable[[Path], Path]
RANDOM = np.random.default_rng(3)
NOISE = RANDOM.integers(0, 256, (700, 500, 3), np.uint8)


def drawn(array: np.ndarray, suffix: str = ".tif", dpi: Any = 300, **options: Any) -> Writer:
    return lambda folder: write_page(folder / f"page{suffix}", array, dpi=dpi, **options)


def by_pillow(image: Image.Image, suffix: str, **options: Any) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / f"page{suffix}"
        image.save(path, **options)
        return path

    return write


def by_tifffile(array: np.ndarray, **options: Any) -> Writer:
    def write(folder: Path) -> Path:
        path = folder / "page.tif"
        tifffile.imwrite(path, array, resolution=(300, 300), resolutionunit="INCH", **options)
        return path

    return write


def lines(height: int = 900, width: int = 640) -> np.ndarray:
    """Grey paper with bars for lines of text."""
    page = np.full((height, width), 236, np.uint8)
    for top in range(80, height - 80, 30):
        page[top : top + 10, 60 : width - 60 - top % 90] = 34
    return page


def transparent_palette() -> Image.Image:
    image = Image.fromarray(lines()).convert("P")
    image.info["transparency"] = bytes(range(256))
    return image


BITS = lines() > 128
HOSTILE: dict[str, Writer] = {
    "one pixel, black": drawn(np.zeros((1, 1), np.uint8)),
    "one pixel, colour": drawn(np.full((1, 1, 3), 200, np.uint8), ".png"),
    "one column": drawn(np.full((3000, 1), 255, np.uint8)),
    "one row": drawn(np.full((1, 3000, 3), 90, np.uint8), ".png"),
    "two rows of noise": drawn(RANDOM.integers(0, 256, (2, 5000), np.uint8)),
    "a ribbon": drawn(np.full((40, 9000), 200, np.uint8)),
    "all black, grey": drawn(np.zeros((1100, 800), np.uint8)),
    "all black, colour": drawn(np.zeros((1100, 800, 3), np.uint8), ".jpg"),
    "all black, bitonal": drawn(np.zeros((1100, 800), np.uint8), compression="g4"),
    "all white, grey": drawn(np.full((1100, 800), 255, np.uint8), ".png"),
    "all white, colour": drawn(np.full((1100, 800, 3), 255, np.uint8), ".jpg"),
    "all white, bitonal": drawn(np.full((1100, 800), 255, np.uint8), compression="g4"),
    "half black, half white": drawn(
        np.repeat([[0], [255]], 600, axis=0).astype(np.uint8).repeat(800, axis=1)
    ),
    "one red": drawn(np.full((900, 700, 3), (200, 0, 0), np.uint8), ".png"),
    "noise, colour": drawn(NOISE, ".png"),
    "noise, grey": drawn(NOISE[..., 0], ".jp2"),
    "noise, bitonal": drawn(NOISE[..., 0], bitonal=True),
    "chequers": drawn((np.indices((800, 600)).sum(axis=0) % 2 * 255).astype(np.uint8)),
    "16 bit grey": by_tifffile(lines().astype(np.uint16) * 257),
    "16 bit noise": by_tifffile(RANDOM.integers(0, 65536, (400, 300, 3), np.uint16), photometric="rgb"),
    "cmyk tiff": by_pillow(Image.fromarray(NOISE).convert("CMYK"), ".tif", dpi=(300, 300)),
    "cmyk jpeg": by_pillow(Image.fromarray(NOISE).convert("CMYK"), ".jpg", dpi=(300, 300)),
    "palette with alpha": by_pillow(transparent_palette(), ".png", dpi=(300, 300)),
    "wholly transparent": by_pillow(Image.new("RGBA", (400, 500)), ".png", dpi=(300, 300)),
    "bitonal, white is zero": by_tifffile(~BITS, photometric="miniswhite"),
    "1 dpi": drawn(lines(), dpi=1),
    "65535 dpi": drawn(lines(), ".jpg", 65535),
    "unequal dpi": drawn(lines(), dpi=(600, 75)),
    "no dpi": drawn(lines(), ".png", None),
    "pdf": drawn(lines(), ".pdf"),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(reading_key="a-reader")


@contextmanager
def opened(path: Path) -> Iterator[PageView]:
    with open_source(path) as source:
        yield PageView(source)


def measure_all(view: PageView, plan: Plan) -> dict[str, CheckResult]:
    view.text = PageText(width_px=view.header.width_px, height_px=view.header.height_px, turn=0, lines=())
    return {
        planned.check.id: CheckResult.of(planned.check.measure(view, planned.method), planned.key)
        for planned in plan.page_checks
    }


def arrays_in(value: object) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from arrays_in(getattr(value, field.name))


def assert_honest(view: PageView, results: dict[str, CheckResult]) -> None:
    height, width = view.pixels.shape[:2]
    for check, result in results.items():
        if result.state is State.NOT_APPLICABLE:
            assert result.reason.strip(), check
            continue
        assert result.state is State.MEASURED
        for entry in result.measured:
            if isinstance(entry, Measurement):
                assert np.isfinite(entry.value), (check, entry)
            for box in entry.boxes:
                assert box.width > 0 and box.height > 0, (check, entry)
                assert box.left >= 0 and box.top >= 0, (check, entry)
                assert box.left + box.width <= width, (check, entry)
                assert box.top + box.height <= height, (check, entry)


def judged(view: PageView, results: dict[str, CheckResult], plan: Plan) -> dict[str, Verdict]:
    page = PageResult(
        page=PageId(path="page"),
        sha256=view.source.sha256(),
        size_bytes=view.source.size_bytes,
        checks=results,
    )
    judgement = judge_page(page, plan)
    assert judgement.result.fault is None, judgement.result.fault
    return dict(judgement.verdicts)


def test_every_check_is_planned(plan: Plan) -> None:
    assert plan.page_check_ids == tuple(check.id for check in PAGE_CHECKS)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_honest_outcome(name: str, tmp_path: Path, plan: Plan, capfd: pytest.CaptureFixture[str]) -> None:
    path = HOSTILE[name](tmp_path)
    capfd.readouterr()

    with opened(path) as view:
        results = measure_all(view, plan)
        assert view.decodes == 1
        assert_honest(view, results)
        verdicts = judged(view, results, plan)
        planes = (view.pixels, view.colour, view.grey, view.paper, view.ink)
        assert not any(array.flags.writeable for plane in planes for array in arrays_in(plane))
    with opened(path) as view:
        assert measure_all(view, plan) == results

    assert capfd.readouterr() == ("", "")
    assert verdicts["readable"] is Verdict.PASS
    assert Verdict.ERROR not in verdicts.values()


def test_a_hundred_megapixels(tmp_path: Path, plan: Plan, capfd: pytest.CaptureFixture[str]) -> None:
    path = drawn(np.tile(lines(1000, 1000), (10, 10)), dpi=600)(tmp_path)
    capfd.readouterr()
    with opened(path) as view:
        results = measure_all(view, plan)
        assert view.decodes == 1
        assert_honest(view, results)
        judged(view, results, plan)
        assert max(view.grey.pixels.shape) <= 4000
    assert capfd.readouterr() == ("", "")


PIXEL_CHECKS = {"blank_page", "dark_border", "exposure", "sharpness", "skew"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (by_tifffile(BITS, photometric="minisblack"), by_tifffile(~BITS, photometric="miniswhite")),
        (by_tifffile(lines()), by_tifffile(lines().astype(np.uint16) * 257)),
        (drawn(lines()), drawn(lines(), ".png")),
        (drawn(lines()), drawn(np.dstack([lines()] * 3))),
    ],
    ids=["photometric", "depth", "format", "grey as colour"],
)
def test_the_way_of_storing_changes_no_number(tmp_path: Path, plan: Plan, one: Writer, other: Writer) -> None:
    numbers = []
    for folder, write in (("one", one), ("other", other)):
        (tmp_path / folder).mkdir()
        with opened(write(tmp_path / folder)) as view:
            results = measure_all(view, plan)
        numbers.append({check: results[check].measured for check in PIXEL_CHECKS & results.keys()})
    assert numbers[0].keys() == PIXEL_CHECKS
    assert numbers[0] == numbers[1]
