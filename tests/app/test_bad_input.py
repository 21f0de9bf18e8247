"""Walks the table of docs/bad-input.md: every case there is made, and must end as the table says."""

import contextlib
import gc
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ybda_qc.app.run import RunRequest, run
from ybda_qc.cli.main import _run
from ybda_qc.store import lock_output
from ybda_qc.synth import write_page

TABLE = Path(__file__).parents[2] / "docs" / "bad-input.md"
ITEM = "B469-WS·2023-Y-BGS-0001"
NOBODY = 65534


def expected() -> dict[str, str]:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| ([^|]+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


class Scene:
    """A batch, an output folder, and what the command line says of them."""

    def __init__(self, folder: Path) -> None:
        self.batch = folder / "batch"
        self.out = folder / "out"
        self.profile = "base"
        self.batch.mkdir()

    def page(self, name: str | bytes = f"{ITEM}/0001.jpg", seed: int = 0) -> Path:
        rng = np.random.default_rng(seed)
        pixels = np.full((420, 300), 240, np.uint8)
        for top in range(40, 380, 24):
            pixels[top : top + 9, 40 : int(rng.integers(120, 260))] = 40
        plain = write_page(self.batch.parent / "plain.jpg", pixels, dpi=300)
        path = Path(os.fsdecode(os.fsencode(self.batch) + b"/" + os.fsencode(name)))
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(plain, path)
        return path

    def arguments(self) -> list[str]:
        return ["run", str(self.batch), "--out", str(self.out), "-p", self.profile, "--executor", "serial"]

    def run(self) -> int:
        """Run, and assert that the batch is as it was, whatever came of it."""
        before = self.snapshot()
        code = int(_run(self.arguments()))
        assert self.snapshot() == before, "the run changed the batch"
        return code

    def snapshot(self) -> dict[str, tuple[int, int]]:
        return {
            os.fsdecode(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
            for path in (self.batch, *self.batch.rglob("*"))
            if path.exists()
        }

    def codes(self) -> set[str]:
        """Every finding of the run, after asserting that the run came to a decision."""
        code = self.run()
        assert code in (0, 1, 5), f"no decision: exit {code}"
        return self.read_codes()

    def read_codes(self) -> set[str]:
        report = json.loads((self.out / "report.json").read_text(encoding="utf-8"))
        found = {f"{finding['check']}/{finding['code']}" for finding in report["findings"]}
        pages = (self.out / "pages.jsonl").read_text(encoding="utf-8").splitlines()
        assert pages, "no page in the report"
        for line in pages:
            page = json.loads(line)
            assert page["fault"] is None, page
            found |= {f"{finding['check']}/{finding['code']}" for finding in page["findings"]}
        return found


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A folder that other users may enter, so that some cases can be played by one without rights."""
    folder = Path(tempfile.mkdtemp(prefix="ybda-qc-test-"))
    folder.chmod(0o777)
    yield Scene(folder)
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            path.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


@contextlib.contextmanager
def without_rights(scene: Scene) -> Iterator[None]:
    """Root may read everything: play nobody for a while (after every module has been loaded)."""
    if os.geteuid() != 0:
        yield
        return
    with tempfile.TemporaryDirectory() as warm:
        rehearsal = Scene(Path(warm))
        rehearsal.page()
        rehearsal.run()
    scene.out.mkdir(exist_ok=True)
    os.chown(scene.out, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


CASES: dict[str, Callable[[Scene], int | set[str]]] = {}


def case(function: Callable[[Scene], int | set[str]]) -> Callable[[Scene], int | set[str]]:
    CASES[function.__name__.strip("_").replace("_", "-")] = function
    return function


@case
def unknown_option(scene: Scene) -> int:
    scene.page()
    return _run([*scene.arguments(), "--rotate"])


@case
def unknown_command(scene: Scene) -> int:
    return _run(["deskew", str(scene.batch)])


@case
def bad_jobs(scene: Scene) -> int:
    scene.page()
    return _run([*scene.arguments(), "--jobs", "0"])


@case
def unknown_profile(scene: Scene) -> int:
    scene.page()
    scene.profile = "da-t-31-2071"
    return scene.run()


@case
def five_mistakes(scene: Scene) -> int:
    scene.page()
    profile = scene.batch.parent / "mine.toml"
    profile.write_text(
        """
profile = { id = "mine", title = "mine", extends = ["base"] }
[checks.skew.over-limit]
fial = 2.0
[checks.skwe.over-limit]
fail = 2.0
[checks.resolution.below-minimum]
fail = "high"
source = "project-choice"
[checks.blank_page.blank]
verdict = "perhaps"
[acceptance]
scope = "everything"
""",
        encoding="utf-8",
    )
    scene.profile = str(profile)
    return scene.run()


@case
def empty_batch(scene: Scene) -> int:
    return scene.run()


@case
def missing_folder(scene: Scene) -> int:
    scene.batch = scene.batch / "nowhere"
    return scene.run()


@case
def unreadable_folder(scene: Scene) -> int:
    scene.page()
    scene.batch.chmod(0)
    with without_rights(scene):
        return scene.run()


@case
def file_as_batch(scene: Scene) -> int:
    scene.batch = scene.page()
    return scene.run()


@case
def out_inside_batch(scene: Scene) -> int:
    scene.page()
    scene.out = scene.batch / "report"
    return scene.run()


@case
def out_of_another_batch(scene: Scene) -> int:
    scene.page()
    scene.run()
    other = scene.batch.parent / "other"
    scene.batch.rename(other)
    scene.batch = other
    return scene.run()


@case
def out_with_other_files(scene: Scene) -> int:
    scene.page()
    scene.out.mkdir()
    (scene.out / "letter.txt").write_text("not a report", encoding="utf-8")
    return scene.run()


@case
def out_is_a_file(scene: Scene) -> int:
    scene.page()
    scene.out.write_text("not a folder", encoding="utf-8")
    return scene.run()


@case
def busy_output(scene: Scene) -> int:
    scene.page()
    scene.out.mkdir()
    with lock_output(scene.out):
        return scene.run()


@case
def disk_full(scene: Scene) -> int:
    for number in range(1, 60):
        scene.page(f"{ITEM}/{number:04d}.jpg", seed=number)
    scene.out.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(scene.out)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small file system can only be mounted by root")
    try:
        return scene.run()
    finally:
        subprocess.run(["umount", str(scene.out)], check=True)


# XlsxWriter leaves its own ZIP file to the collector when the disk is full.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("size_kb", [300, 420, 560])
def test_a_disk_that_fills_up_while_reports_are_written(
    scene: Scene, size_kb: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Measuring fits, this or that report does not: said plainly, and no half report is left in place."""
    for number in range(1, 25):
        scene.page(f"{ITEM}/{number:04d}.jpg", seed=number)
    scene.out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(scene.out)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can only be mounted by root")
    try:
        code = scene.run()
        shown = capsys.readouterr().err
        assert code in (0, 1, 4, 5), shown
        assert "Traceback" not in shown
        assert (code == 4) == (not (scene.out / "report.xlsx").exists())
    finally:
        gc.collect()
        subprocess.run(["umount", str(scene.out)], check=True)


@case
def rejudge_nothing(scene: Scene) -> int:
    return _run(["rejudge", str(scene.batch)])


@case
def space_in_name(scene: Scene) -> set[str]:
    scene.page(f"{ITEM} copy/page 0001.jpg")
    return scene.codes()


@case
def four_byte_character(scene: Scene) -> set[str]:
    scene.page("𠮷林档案-0001/0001.jpg")
    return scene.codes()


@case
def quotes_in_name(scene: Scene) -> set[str]:
    scene.page("the \"red\" 'file'/0001.jpg")
    return scene.codes()


@case
def newline_in_name(scene: Scene) -> set[str]:
    scene.page("line\nbreak/0001.jpg")
    return scene.codes()


@case
def not_utf8(scene: Scene) -> set[str]:
    scene.page("档案".encode("gb18030") + b"/0001.jpg")
    codes = scene.codes()
    page = json.loads((scene.out / "pages.jsonl").read_text(encoding="utf-8"))
    assert bytes.fromhex(page["path_hex"]) == "档案".encode("gb18030") + b"/0001.jpg"
    return codes


@case
def _250_characters(scene: Scene) -> set[str]:
    scene.page("a" * 246 + ".jpg")
    return scene.codes()


@case
def symlink_loop(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "up").symlink_to(scene.batch, target_is_directory=True)
    return scene.codes()


@case
def folder_named_like_a_page(scene: Scene) -> set[str]:
    scene.page("0001.tif/0001.jpg")
    return scene.codes()


@case
def unreadable_subfolder(scene: Scene) -> set[str]:
    scene.page()
    closed = scene.batch / "closed"
    closed.mkdir()
    closed.chmod(0)
    with without_rights(scene):
        return scene.codes()


@case
def zero_bytes(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "0002.jpg").touch()
    return scene.codes()


@case
def not_an_image(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "0002.jpg").write_text("minutes of the meeting", encoding="utf-8")
    return scene.codes()


@case
def cut_short(scene: Scene) -> set[str]:
    path = scene.page()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    return scene.codes()


@case
def huge(scene: Scene) -> set[str]:
    scene.page()
    wide = np.zeros((64, 64), np.uint8)
    path = write_page(scene.batch / ITEM / "0002.png", wide, dpi=300)
    data = bytearray(path.read_bytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    crc = __import__("zlib").crc32(bytes(data[12:29]))
    data[29:33] = crc.to_bytes(4, "big")
    path.write_bytes(data)
    return scene.codes()


class Meddler:
    """Watches the run and, once so many pages are done, meddles with a file."""

    def __init__(self, after: int, meddle: Callable[[], object]) -> None:
        self._left, self._meddle = after, meddle

    def expect(self, pages: int) -> None:
        pass

    def step(self, name: str) -> None:
        pass

    def advance(self, pages: int = 1) -> None:
        self._left -= pages
        if self._left == 0:
            self._meddle()


def run_meddled(scene: Scene, meddler: Meddler) -> set[str]:
    run(RunRequest(batch=scene.batch, profile="base", out=scene.out, executor="serial"), meddler)
    return scene.read_codes()


@case
def vanishes(scene: Scene) -> set[str]:
    scene.page(f"{ITEM}/0001.jpg")
    last = scene.page(f"{ITEM}/0002.jpg", seed=1)
    return run_meddled(scene, Meddler(1, last.unlink))


@case
def changes(scene: Scene) -> set[str]:
    first = scene.page(f"{ITEM}/0001.jpg")
    scene.page(f"{ITEM}/0002.jpg", seed=1)
    return run_meddled(scene, Meddler(2, lambda: first.write_bytes(first.read_bytes() + b"more")))


def test_table_and_cases_agree() -> None:
    assert set(expected()) == set(CASES)
    assert len(CASES) >= 30


@pytest.mark.parametrize("name", sorted(CASES))
def test_case(name: str, scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = CASES[name](scene)
    wanted = expected()[name]
    shown = capsys.readouterr()
    if wanted.startswith("exit "):
        assert outcome == int(wanted.removeprefix("exit ")), shown.err
        assert shown.err.strip(), "not a word of explanation"
        assert "Traceback" not in shown.err
    else:
        assert isinstance(outcome, set)
        troubles = {code for code in outcome if code.startswith(("file_name/", "layout/", "readable/"))}
        assert troubles == ({wanted} if wanted != "no finding" else set())
    if name == "five-mistakes":
        for word in ("fial", "skwe", "high", "perhaps", "everything"):
            assert word in shown.err
