"""Small batches for the tests of the main job, and what its reports say."""

import json
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np

from ybda_qc.app.run import RunRequest, RunResult, run
from ybda_qc.report.schemas import schema
from ybda_qc.synth import write_page

ITEM = "B469-WS·2023-Y-BGS-0001"
OTHER_ITEM = "B469-WS·2023-Y-BGS-0002"


class Silence:
    """Progress that nobody watches."""

    def expect(self, pages: int) -> None:
        pass

    def advance(self, pages: int = 1) -> None:
        pass

    def step(self, name: str) -> None:
        pass


def sheet(seed: int = 0, *, turned: float = 0.0, height: int = 700, width: int = 500) -> np.ndarray:
    """A page of bars for lines of text, turned clockwise by some degrees."""
    random = np.random.default_rng(seed)
    page = np.full((height, width), 238, np.uint8)
    for top in range(70, height - 70, 22):
        page[top : top + 8, 50 : int(random.integers(width // 2, width - 50))] = 40
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -turned, 1)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=238))


def write_mixed_batch(root: Path) -> Path:
    """Sound pages of all formats, files of several pages, and damaged ones: 17 pages."""
    item, other = root / ITEM, root / OTHER_ITEM
    item.mkdir(parents=True)
    other.mkdir()
    for number, name in enumerate(("0001.jpg", "0002.tif", "0003.png", "0004.jp2", "0005.bmp"), 1):
        write_page(item / name, sheet(number, turned=0.4), dpi=300)
    write_page(item / "0006.tif", sheet(6), sheet(7, turned=4), sheet(8), dpi=300)
    write_page(other / "0001.pdf", sheet(9), sheet(10, turned=-5), dpi=300)
    write_page(other / "0002.tif", sheet(11), dpi=150, compression="g4")
    write_page(other / "0003.png", np.full((700, 500), 255, np.uint8), dpi=None)
    shutil.copyfile(item / "0001.jpg", other / "0004.jpg")
    cut = write_page(other / "0005.jpg", sheet(12), dpi=300)
    cut.write_bytes(cut.read_bytes()[:-4000])
    (other / "0006.tif").touch()
    (other / "0007.jpg").write_text("minutes of the meeting", encoding="utf-8")
    write_page(other / "读我 0008.jpg", sheet(13), dpi=(300, 200))
    return root


MIXED_PAGES = 17


def do_run(
    batch: Path, out: Path, *, profile: str = "base", executor: str = "serial", jobs: int | None = None
) -> RunResult:
    request = RunRequest(batch=batch, profile=profile, out=out, executor=executor, jobs=jobs, lang="en")
    return run(request, Silence())


def read_pages(out: Path) -> list[dict[str, Any]]:
    """The lines of ``pages.jsonl``, after holding them against their schema."""
    pages = [json.loads(line) for line in (out / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    validator = jsonschema.Draft202012Validator(schema("pages"))
    planned = read_report_only(out)["run"]["plan"]["page_checks"]
    for page in pages:
        validator.validate(page)
        assert list(page["checks"]) == planned
    return pages


def read_report_only(out: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return report


def read_report(out: Path) -> dict[str, Any]:
    """``report.json``, after holding it against its schema and against ``pages.jsonl``."""
    report = read_report_only(out)
    jsonschema.Draft202012Validator(schema("report")).validate(report)
    pages = read_pages(out)
    counted = {
        word: sum(page["verdict"] == word for page in pages) for word in report["totals"]["pages_by_verdict"]
    }
    assert report["totals"]["pages_by_verdict"] == counted
    assert report["coverage"]["pages"] == len(pages) == len({page["page"] for page in pages})
    for page in pages:
        for finding in page["findings"]:
            assert finding["evidence"] is None or (out / finding["evidence"]).is_file()
    return report


def codes(pages: Iterable[dict[str, Any]]) -> set[str]:
    return {f"{finding['check']}/{finding['code']}" for page in pages for finding in page["findings"]}


def without_pictures(pages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for page in pages:
        for finding in page["findings"]:
            finding["evidence"] = None
    return pages


def write_profile(path: Path, tables: str) -> str:
    """A profile on the ground of ``base``; returns what ``--profile`` takes."""
    head = f'profile = {{ id = "{path.stem}", title = "{path.stem}", extends = ["base"] }}\n'
    path.write_text(head + tables, encoding="utf-8")
    return str(path)


def query(out: Path, statement: str) -> list[tuple[Any, ...]]:
    """Ask the ledger, also while a run is writing into it."""
    with closing(sqlite3.connect(f"file:{out / 'ledger.sqlite3'}?mode=ro", uri=True, timeout=30)) as ledger:
        return ledger.execute(statement).fetchall()
