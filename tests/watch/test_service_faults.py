"""What goes wrong around the service: said plainly, tried again, nothing lost.

Jumps of the clock cannot be made here without the right to set it; the service counts by the monotonic clock.
"""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.faults import citizens
from tests.watch.conftest import MakeService
from tests.watch.station import STATION, digest, files_of, scan
from ybda_qc.checks._registry import load_checks
from ybda_qc.synth import write_page

Mount = Callable[..., Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts small disks; the test is skipped where that is not allowed."""
    mounted: list[Path] = []

    def make(name: str, options: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no disk can be mounted: {error}")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=60)


def test_a_share_that_goes_away_and_comes_back(serve: MakeService, inbox: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        scan(inbox / "A" / f"{number:04d}.tif", number)
    service = serve()
    service.until_reported()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    before = (service.out / "pages.jsonl").read_bytes()
    away = tmp_path / "away"

    inbox.rename(away)
    service.until(lambda: "cannot be read" in service.messages(), "not said")
    inbox.mkdir()
    service.until(lambda: "is empty, though files were taken in" in service.messages(), "not said")
    inbox.rmdir()
    scan(away / "A" / "0003.tif", 3)
    away.rename(inbox)
    service.until(lambda: service.lines("recovered"), "not recovered")
    service.until_answered("A/0003.tif")
    assert service.subjects("file-removed") == []
    answered = sorted(line["path"] for line in service.lines("page"))
    assert answered == ["A/0001.tif", "A/0002.tif", "A/0003.tif"]
    service.until_reported()
    assert (service.out / "pages.jsonl").read_bytes().startswith(before)

    # emptied on purpose: the next page shows that the folder is there
    for path in files_of(inbox):
        (inbox / path).unlink()
    scan(inbox / "B" / "0001.tif", 4)
    service.until_answered("B/0001.tif")
    service.until_reported()
    assert service.stop() == 0
    assert service.errors == ""


def test_a_ledger_that_is_held_by_another_program(serve: MakeService, inbox: Path) -> None:
    scan(inbox / "A" / "0001.tif", 1)
    service = serve()
    service.until_reported()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    with closing(sqlite3.connect(service.out / "ledger.sqlite3", isolation_level=None, timeout=60)) as other:
        other.execute("BEGIN EXCLUSIVE")
        scan(inbox / "A" / "0001.tif", 11)
        scan(inbox / "A" / "0002.tif", 2)
        (inbox / "A" / "ok.done").touch()
        service.until(lambda: service.lines("trouble"), "not said")
        service.until(lambda: len(service.lines("page")) == 3, "a verdict is told all the same")
        other.execute("ROLLBACK")
    service.until_answered("A/0001.tif", "A/0002.tif")
    service.until(lambda: service.lines("recovered"), "not recovered")
    service.until(lambda: len(service.item("A")["pages"]) == 2, "not closed again")
    kinds = [kind for (kind,) in service.query("SELECT kind FROM event ORDER BY id")]
    assert kinds.count("page") == 3
    assert kinds.count("item-reopened") == 1
    assert service.stop() == 0
    assert service.errors == ""


def test_a_disk_that_is_full(serve: MakeService, inbox: Path, tmp_path: Path, mount: Mount) -> None:
    out = mount("disk", "size=12m")
    config = tmp_path / "service.toml"
    config.write_text("[service]\nmin_free_mb = 0\n", encoding="utf-8")
    scan(inbox / "A" / "0001.tif", 1)
    service = serve("--config", str(config), out=out / "qc")
    service.until_reported()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")

    filler = out / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4096):
                pass
        except OSError:
            pass
    for number in range(2, 12):
        scan(inbox / "A" / f"{number:04d}.tif", number, turned=5)  # a finding, and its picture
    (inbox / "A" / "ok.done").touch()
    service.until(lambda: service.lines("trouble"), "not said")
    assert service.process.poll() is None
    filler.unlink()
    service.until_answered(*files_of(inbox))
    service.until(lambda: len(service.item("A")["pages"]) == 11, "the item is not decided")
    service.until_reported()
    assert {page["verdict"] for page in service.pages() if page["path"] != "A/0001.tif"} == {"fail"}
    for page in service.pages():
        for finding in page["findings"]:
            assert finding["evidence"] is None or (service.out / finding["evidence"]).is_file()
    service.until(lambda: len(service.lines("recovered")) >= 1, "not recovered")
    assert service.stop() == 0
    assert service.errors == ""


@pytest.fixture
def read_only() -> Iterator[Callable[[Path, bool], None]]:
    """Makes a folder read-only for what is opened from then on, and writable again."""
    bound: list[Path] = []

    def turn(folder: Path, is_read_only: bool) -> None:
        try:
            if folder not in bound:
                subprocess.run(["mount", "--bind", folder, folder], check=True, timeout=60)
                bound.append(folder)
            way = "ro" if is_read_only else "rw"
            subprocess.run(["mount", "-o", f"remount,{way},bind", folder], check=True, timeout=60)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no folder can be mounted: {error}")

    yield turn
    for folder in bound:
        subprocess.run(["umount", "-l", folder], check=True, timeout=60)


def test_an_output_folder_that_is_read_only_for_a_while(
    serve: MakeService, inbox: Path, read_only: Callable[[Path, bool], None]
) -> None:
    scan(inbox / "A" / "0001.tif", 1)
    service = serve()
    service.until_reported()
    read_only(service.out, True)
    for number in range(2, 6):
        scan(inbox / "A" / f"{number:04d}.tif", number, turned=5)  # a finding, and its picture
    service.until(lambda: "is read-only" in service.messages(), "not said")
    read_only(service.out, False)
    service.until_answered(*files_of(inbox))
    service.until_reported()
    (inbox / "A" / "ok.done").touch()
    service.until(lambda: (service.out / "A.qc.json").exists() and len(service.item("A")["pages"]) == 5)
    service.until(lambda: service.lines("trouble", "recovered")[-1]["kind"] == "recovered", "not recovered")
    assert {page["verdict"] for page in service.pages() if page["path"] != "A/0001.tif"} == {"fail"}
    assert service.stop() == 0
    assert service.errors == ""


def test_an_output_folder_that_cannot_be_written(serve: MakeService, inbox: Path, mount: Mount) -> None:
    out = mount("readonly", "ro,size=1m")
    service = serve(out=out / "qc", wait=False)
    assert service.process.wait(timeout=120) == 4
    assert str(out / "qc") in service.errors
    assert "Traceback" not in service.errors
    assert len(service.errors.strip()) > len(str(out)) + 20, "with a word of advice"


def test_what_is_no_file_of_ours(serve: MakeService, inbox: Path, tmp_path: Path) -> None:
    elsewhere = scan(tmp_path / "elsewhere" / "0001.tif", 9)
    (inbox / "A" / "0002.tif").mkdir(parents=True)
    (inbox / "A" / "0003.tif").symlink_to(elsewhere)
    (inbox / "A" / "0004.tif").symlink_to(tmp_path / "nowhere")
    (inbox / "B").symlink_to(elsewhere.parent)
    os.mkfifo(inbox / "A" / "0005.tif")
    scan(inbox / "A" / "0001.tif", 1)
    service = serve()
    scan(inbox / "A" / "0006.tif", 2)
    service.until_answered("A/0001.tif", "A/0006.tif")
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    service.until(lambda: len(service.pages()) == 2, "not reported")
    assert {line["path"] for line in service.lines("page")} == {"A/0001.tif", "A/0006.tif"}
    assert service.stop() == 0
    assert service.errors == ""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(serve: MakeService, inbox: Path) -> None:
    locked = scan(inbox / "A" / "0001.tif", 1)
    locked.chmod(0)
    service = serve()
    service.until(lambda: service.lines("page"), "not answered")
    (line,) = service.lines("page")
    assert (line["verdict"], line["sha256"]) == ("fail", None)
    locked.chmod(0o600)
    service.until_answered("A/0001.tif")
    assert service.stop() == 0


def test_three_thousand_files_that_are_there_already(serve: MakeService, inbox: Path, profile: Path) -> None:
    checks = sorted({check.id for kind in load_checks() for check in kind} - {"readable"})
    off = "".join(f"[checks.{check}]\nenabled = false\n" for check in checks)
    profile.write_text(STATION + off, encoding="utf-8")
    page = write_page(inbox / "first.png", np.full((60, 40), 230, np.uint8), dpi=300)
    data = page.read_bytes()
    page.unlink()
    for number in range(3000):
        folder = inbox / f"{number // 500}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:04d}.png").write_bytes(data)
    service = serve()
    service.until(lambda: len(service.lines("page")) > 20, "nothing is answered")
    scan(inbox / "new" / "0001.tif", 1)
    service.until_answered("new/0001.tif")
    assert len(service.lines("page")) < 3001, "who comes now is not kept waiting by what was there"
    service.until(lambda: len(service.lines("page")) == 3001, "not all are answered")
    service.until(lambda: [line["pages"] for line in service.lines("reports")][-1:] == [3001], "not reported")
    assert len(service.pages()) == 3001
    assert service.stop() == 0
    assert service.errors == ""


def test_a_page_over_which_a_worker_dies(
    serve: MakeService, inbox: Path, profile: Path, tmp_path: Path
) -> None:
    info = tmp_path / "site" / "citizens-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: citizens\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[ybda_qc.checks]\ncitizen = tests.faults.citizens:CitizenCheck\n", encoding="utf-8"
    )
    profile.write_text(
        STATION + '[checks.citizen.wide]\nverdict = "note"\nsource = "project-choice"\nclause = "a test"\n',
        encoding="utf-8",
    )
    service = serve(plugins=tmp_path / "site")
    bad = inbox / "A" / "0002.tif"
    scan(inbox / "A" / "0001.tif", 1)
    write_page(bad, np.full((300, citizens.CRASH_WIDTH), 230, np.uint8), dpi=300)
    scan(inbox / "A" / "0003.tif", 3)
    service.until(lambda: len(service.lines("page")) == 3, "not all are answered")
    lines = {line["path"]: line for line in service.lines("page")}
    assert lines["A/0002.tif"]["verdict"] == "error"
    assert lines["A/0002.tif"]["fault"] == {"cause": "crashed", "stage": "measure"}
    assert {lines[f"A/{name}.tif"]["fault"] for name in ("0001", "0003")} == {None}
    scan(bad, 2)
    service.until_answered("A/0002.tif")
    service.until(lambda: len(service.lines("page")) == 4, "scanned again")
    assert service.lines("page")[-1]["fault"] is None
    assert service.lines("page")[-1]["was"] is not None
    service.until_reported()
    assert service.stop() == 0
    assert {page["sha256"] for page in service.pages()} == {digest(inbox / path) for path in files_of(inbox)}
