"""A batch of masters and access copies, from the disk to the report, and judged again."""

import shutil
from pathlib import Path

from tests.app.batches import ITEM, OTHER_ITEM, do_run, read_report, sheet, write_profile
from ybda_qc.app.judgement import RunResult
from ybda_qc.app.rejudge import rejudge
from ybda_qc.synth import write_page

COPIES = """
[[layout.copies]]
name = "master"
title = "masters 保存件"
folders = ["保存件"]
[[layout.copies]]
name = "access"
title = "access copies 利用件"
folders = ["利用件"]
"""


def found(result: RunResult) -> set[tuple[str, str | None]]:
    return {(made.code, made.subject) for made in result.summary.findings if made.check == "layout"}


def test_copies_are_compared_and_counted_once(tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    for folder, extension, dpi in (("保存件", "tif", 300), ("利用件", "jpg", 150)):
        for item, numbers in ((ITEM, (1, 2, 3)), (OTHER_ITEM, (1, 2))):
            (batch / folder / item).mkdir(parents=True)
            for number in numbers:
                page = sheet(number + len(numbers) * 10)
                write_page(batch / folder / item / f"{number:04d}.{extension}", page, dpi=dpi)
    (batch / "利用件" / ITEM / "0002.jpg").unlink()
    shutil.rmtree(batch / "利用件" / OTHER_ITEM)
    write_page(batch / "利用件" / f"{OTHER_ITEM}.pdf", sheet(21), sheet(22), dpi=150)
    folder = "(?P<item>[^/]+)"
    patterns = f"""
[[layout.patterns]]
title = "numbered"
path = '{folder}/{{number}}'
examples = ["a/1.jpg"]
[[layout.patterns]]
title = "whole"
path = '{folder}'
extensions = ["pdf"]
examples = ["a.pdf"]
"""
    profile = write_profile(tmp_path / "copies.toml", COPIES + patterns)
    result = do_run(batch, tmp_path / "out", profile=profile)
    assert found(result) == {("copies-differ", ITEM), ("mixed-folder", "利用件")}
    assert read_report(tmp_path / "out")["totals"]["items"] == 2
    codes = {finding.key for finding in result.summary.findings}
    assert not codes & {"uniformity/mixed-dpi", "duplicate_page/near-identical", "duplicate_page/identical"}

    plain = rejudge(tmp_path / "out", profile="base", lang="en")
    assert found(plain) == {("mixed-folder", "利用件")}
    again = rejudge(tmp_path / "out", profile=profile, lang="zh")
    assert found(again) == found(result)


def test_dates_due_count_an_item_once_however_many_copies_there_are(tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    for folder in ("保存件", "利用件"):
        for item in (ITEM, OTHER_ITEM):
            (batch / folder / item).mkdir(parents=True)
            write_page(batch / folder / item / "0001.jpg", sheet(1), dpi=150)
    tables = """
[layout]
parts = { item = "[^/]+" }
[[layout.patterns]]
title = "numbered"
path = '{item}/{number}'
examples = ["a/1.jpg"]
[codes.parts]
fonds = { pattern = "B469" }
kind = { pattern = "WS" }
year = { pattern = "2023" }
rest = { pattern = ".+" }
[[codes.structures]]
title = "documents"
form = "{fonds}-{kind}·{year}-{rest}"
[handover]
documents_due = "06-30"
clause = "a notice"
bodies = [{ fonds = "B469", name = "联络组", archive = "市档案馆" }]
"""
    result = do_run(batch, tmp_path / "out", profile=write_profile(tmp_path / "due.toml", COPIES + tables))
    assert [(due.what, due.items) for due in result.summary.due_dates] == [("2023", 2)]
