"""The catalogue of a run: found or named, kept for `rejudge`, refused where it cannot be read."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from tests.app.batches import ITEM, OTHER_ITEM, Silence, do_run, read_pages, read_report, sheet, write_profile
from ybda_qc.app.rejudge import rejudge
from ybda_qc.app.run import RunRequest, run
from ybda_qc.errors import InputError
from ybda_qc.model import Outcome
from ybda_qc.synth import write_page

HEADER = ("序号", "档号", "题名", "日期", "页数", "空白页号")
ROWS = (
    (1, ITEM, "关于支援工作的通知", "20230105", 2, ""),
    (2, OTHER_ITEM, "会议纪要", "20230214", 2, "0002, 7"),
)


def write_catalogue(path: Path, rows: Sequence[Sequence[object]] = ROWS) -> Path:
    with xlsxwriter.Workbook(path) as book:
        table = book.add_worksheet("文件目录")
        for at, row in enumerate((("归档文件目录",), HEADER, *rows)):
            table.write_row(at, 0, row)
    return path


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    root = tmp_path / "batch"
    for item in (ITEM, OTHER_ITEM):
        (root / item).mkdir(parents=True)
    write_page(root / ITEM / "0001.jpg", sheet(1), dpi=300)
    write_page(root / ITEM / "0002.jpg", sheet(2), dpi=300)
    write_page(root / OTHER_ITEM / "0001.jpg", sheet(3), dpi=300)
    write_page(root / OTHER_ITEM / "0002.jpg", np.full((700, 500), 240, np.uint8), dpi=300)
    return root


@pytest.mark.parametrize("executor", ["serial", "process"])
def test_the_catalogue_in_the_batch_is_read_and_its_reading_is_shown(
    batch: Path, tmp_path: Path, executor: str
) -> None:
    write_catalogue(batch / "目录.xlsx")
    do_run(batch, tmp_path / "out", executor=executor, jobs=1)
    told = read_report(tmp_path / "out")["catalogue"]
    assert told["path"] == "目录.xlsx"
    [table] = told["tables"]
    assert (table["sheet"], table["header_row"], table["records"]) == ("文件目录", 2, 2)
    assert table["columns"]["code"] == "档号"


def test_pages_that_the_catalogue_calls_blank_are_declared_also_when_judged_again(
    batch: Path, tmp_path: Path
) -> None:
    named = write_catalogue(tmp_path / "elsewhere.xlsx")
    out = tmp_path / "out"
    run(
        RunRequest(batch=batch, profile="base", catalogue=named, out=out, executor="serial", lang="en"),
        Silence(),
    )
    for judged_again in (False, True):
        if judged_again:
            named.unlink()
            rejudge(out, profile=None, lang="en")
        assert read_report(out)["catalogue"]["path"] == str(named)
        blank = read_pages(out)[3]
        assert [finding["code"] for finding in blank["findings"] if finding["check"] == "blank_page"] == [
            "declared-blank"
        ]


def test_without_a_catalogue_the_report_says_so_and_a_profile_may_hold(batch: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path / "asks.toml", '[acceptance]\ncatalogue = "required"\n')
    result = do_run(batch, tmp_path / "out", profile=profile)
    assert result.summary.decision.outcome is Outcome.HOLD
    report = read_report(tmp_path / "out")
    assert report["catalogue"] is None
    assert "coverage/no-catalogue" in [reason["code"] for reason in report["decision"]["reasons"]]


def _two(batch: Path) -> None:
    write_catalogue(batch / "目录.xlsx")
    write_catalogue(batch / "目录 副本.xlsx")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_two, "name the one that counts with --catalogue"),
        (lambda batch: write_catalogue(batch / "目录.xlsx", ()), "holds no records"),
        (lambda batch: (batch / "目录.csv").touch(), "is empty"),
        (
            lambda batch: (batch / "目录.csv").write_text("甲,乙\n1,2\n", "utf-8"),
            "no column of archival codes",
        ),
        (lambda batch: (batch / "目录.xlsx").write_bytes(b"PK\x03\x04 not a workbook"), "cannot be read"),
    ],
)
def test_a_catalogue_that_says_nothing_stops_the_run_before_the_first_page(
    batch: Path, tmp_path: Path, make: object, told: str
) -> None:
    assert callable(make)
    make(batch)
    with pytest.raises(InputError, match=told):
        do_run(batch, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_catalogue_over_which_a_worker_dies_is_told_in_one_sentence(batch: Path, tmp_path: Path) -> None:
    """A cell in the last corner makes a table of gigabytes; what the library then prints is nobody's."""
    with xlsxwriter.Workbook(tmp_path / "corner.xlsx") as book:
        table = book.add_worksheet()
        table.write_row(0, 0, HEADER)
        table.write(1_048_575, 16_383, "x")
    command = [
        sys.executable,
        "-m",
        "ybda_qc",
        "run",
        str(batch),
        "--out",
        str(tmp_path / "out"),
        "--lang",
        "en",
    ]
    done = subprocess.run(
        [*command, "--catalogue", str(tmp_path / "corner.xlsx")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "save it anew with its cells only" in done.stderr
