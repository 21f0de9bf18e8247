"""The largest sheet an archive scans, A0 at 400 dpi in colour (250 megapixels): what a worker needs for it.

    python benchmarks/huge_page.py [--kinds jpeg,lzw,g4] [--keep DIR]

The sheet is made of sixteen drawn A4 pages, so that every check has something to look at. The file is
examined by the command itself, with one worker; peaks of memory are those of the system.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from large_batch import watch

from ybda_qc.synth import PageSpec, draw_page, write_page

DPI = 400
KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "jpeg": (".jpg", {"quality": 85}),
    "lzw": (".tif", {"compression": "lzw"}),
    "g4": (".tif", {"compression": "g4"}),
}
LAYOUTS = ("document", "text", "table", "drawing")


def write_sheet(path: Path, kind: str) -> int:
    """Write the sheet; returns its pixels."""
    _, options = KINDS[kind]
    mode = "bitonal" if kind == "g4" else "colour"
    rows = []
    for row in range(4):
        specs = (
            PageSpec(layout=layout, seed=4 * row + place, dpi=DPI, mode=mode, noise=1.0, texture=0.5)  # type: ignore[arg-type]
            for place, layout in enumerate(LAYOUTS)
        )
        rows.append(np.concatenate([draw_page(spec).pixels for spec in specs], axis=1))
    sheet = np.concatenate(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_page(path, sheet, dpi=DPI, **options)  # type: ignore[arg-type]
    return int(sheet.shape[0]) * int(sheet.shape[1])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kinds", default="jpeg,lzw,g4")
    parser.add_argument("--keep", type=Path, help="leave sheets and reports in this folder")
    options = parser.parse_args()
    print("| sheet | megapixels | exit | parent MB | worker MB | seconds |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="ybda-qc-huge-") as scratch:
        for kind in options.kinds.split(","):
            folder = (options.keep or Path(scratch)) / kind
            path = folder / "batch" / "B469-WS·2023-Y-BGS-0001" / f"0001{KINDS[kind][0]}"
            pixels = write_sheet(path, kind)
            command = [sys.executable, "-m", "ybda_qc", "run", str(folder / "batch"), "--jobs", "1"]
            cost = watch(kind, [*command, "--out", str(folder / "out")])
            memory = f"{cost.parent_mb:.0f} | {cost.worker_mb:.0f}"
            row = f"| {kind} | {pixels / 1e6:.0f} | {cost.exit_code} | {memory} | {cost.seconds:.0f} |"
            print(row, flush=True)


if __name__ == "__main__":
    main()
