"""A batch with something wrong, and what the command line says of it; how the cases of a subject are kept."""

import contextlib
import gc
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ybda_qc.cli.main import _run
from ybda_qc.synth import write_page

ITEM = "B469-WS·2023-Y-BGS-0001"
NOBODY = 65534


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


@contextlib.contextmanager
def small_disk(folder: Path, size_kb: int) -> Iterator[None]:
    """A small file system of its own for a folder, for a while."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can only be mounted by root")
    try:
        yield
    finally:
        gc.collect()  # a file that nobody has closed keeps it mounted
        subprocess.run(["umount", str(folder)], check=True)


Case = Callable[[Scene], int | set[str]]


class Cases(dict[str, Case]):
    """The cases of a subject, by the names that docs/bad-input.md gives them."""

    def add(self, function: Case) -> Case:
        self[function.__name__.strip("_").replace("_", "-")] = function
        return function
