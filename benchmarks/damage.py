"""How much damage to page files is found, format by format.

    python benchmarks/damage.py [--files 40] [--seed 0]

Sound pages are drawn and written in every format, then damaged copies are made: cut off at a random place,
or with 1, 5 or 20 bytes changed at random places. A copy counts as found when opening, header or decode
reports it. Whether the pixels differ at all is not asked: a changed byte in a comment counts as missed here.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.synth import PageSpec, draw_page, write_page

KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "JPEG": (".jpg", {}),
    "JPEG 2000": (".jp2", {}),
    "PNG": (".png", {}),
    "BMP": (".bmp", {}),
    "PDF (JPEG)": (".pdf", {}),
    "TIFF LZW": (".tif", {"compression": "lzw"}),
    "TIFF Deflate": (".tif", {"compression": "deflate"}),
    "TIFF PackBits": (".tif", {"compression": "packbits"}),
    "TIFF JPEG": (".tif", {"compression": "jpeg"}),
    "TIFF G3": (".tif", {"compression": "g3"}),
    "TIFF G4": (".tif", {"compression": "g4"}),
    "TIFF none": (".tif", {"compression": "none"}),
}
Mutation = Callable[[bytes, np.random.Generator], bytes]


def cut(data: bytes, rng: np.random.Generator) -> bytes:
    """The first part of the file, at least a tenth, at most all but 1 %."""
    return data[: int(len(data) * rng.uniform(0.1, 0.99))]


def change(count: int) -> Mutation:
    """Other values for that many bytes at random places."""

    def mutate(data: bytes, rng: np.random.Generator) -> bytes:
        changed = bytearray(data)
        for place in rng.integers(0, len(data), count):
            changed[place] ^= int(rng.integers(1, 256))
        return bytes(changed)

    return mutate


MUTATIONS: dict[str, Mutation] = {
    "cut": cut,
    "1 byte": change(1),
    "5 bytes": change(5),
    "20 bytes": change(20),
}


def is_found(path: Path) -> bool:
    """Whether the file is reported as damaged."""
    try:
        with open_source(path) as source:
            _ = PageView(source).pixels
    except ImageFault:
        return True
    return False


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=40, help="damaged copies of each kind")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    spec = PageSpec(layout="document", paper_mm=(105.0, 148.0), dpi=200, mode="colour", noise=1.0)
    pixels = draw_page(spec).pixels
    print(f"{'found, %':16}{'sound accused':>15}" + "".join(f"{name:>10}" for name in MUTATIONS))
    with tempfile.TemporaryDirectory() as folder:
        for kind, (suffix, options) in KINDS.items():
            path = write_page(Path(folder, f"page{suffix}"), pixels, dpi=200, **options)  # type: ignore[arg-type]
            sound = path.read_bytes()
            shares = ["yes" if is_found(path) else "no"]
            for mutate in MUTATIONS.values():
                found = 0
                for _ in range(arguments.files):
                    path.write_bytes(mutate(sound, rng))
                    found += is_found(path)
                shares.append(f"{100 * found / arguments.files:.0f}")
            print(f"{kind:16}{shares[0]:>15}" + "".join(f"{share:>10}" for share in shares[1:]), flush=True)


if __name__ == "__main__":
    main()
