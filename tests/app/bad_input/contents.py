"""Files that hold no page, or half a page, or another page than a moment ago."""

import zlib
from collections.abc import Callable

import numpy as np

from tests.app.bad_input.scene import ITEM, Cases, Scene
from ybda_qc.app.run import RunRequest, run
from ybda_qc.synth import write_page

CASES = Cases()


@CASES.add
def zero_bytes(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "0002.jpg").touch()
    return scene.codes()


@CASES.add
def not_an_image(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "0002.jpg").write_text("minutes of the meeting", encoding="utf-8")
    return scene.codes()


@CASES.add
def cut_short(scene: Scene) -> set[str]:
    path = scene.page()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    return scene.codes()


@CASES.add
def huge(scene: Scene) -> set[str]:
    scene.page()
    wide = np.zeros((64, 64), np.uint8)
    path = write_page(scene.batch / ITEM / "0002.png", wide, dpi=300)
    data = bytearray(path.read_bytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    crc = zlib.crc32(bytes(data[12:29]))
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


@CASES.add
def vanishes(scene: Scene) -> set[str]:
    scene.page(f"{ITEM}/0001.jpg")
    last = scene.page(f"{ITEM}/0002.jpg", seed=1)
    return run_meddled(scene, Meddler(1, last.unlink))


@CASES.add
def changes(scene: Scene) -> set[str]:
    first = scene.page(f"{ITEM}/0001.jpg")
    scene.page(f"{ITEM}/0002.jpg", seed=1)
    return run_meddled(scene, Meddler(2, lambda: first.write_bytes(first.read_bytes() + b"more")))
