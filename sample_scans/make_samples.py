"""Draws the two sample batches again: ``passing`` and ``planted``.

    python sample_scans/make_samples.py

Everything is generated: the words are invented, the pages are drawn, and every defect is planted with exact
truth, which is written to ``truth.toml`` beside each batch. The same program draws the same files.
"""

from pathlib import Path

from _samples.batch import Truth, write_batch
from _samples.passing import passing
from _samples.planted import planted
from _samples.spoiled import spoil

HERE = Path(__file__).parent


def main() -> None:
    """Draw both batches."""
    for name in ("passing", "planted"):
        (HERE / name).mkdir(exist_ok=True)
    write_batch(HERE / "passing" / "batch", passing(), Truth(decision="accept"))
    write_batch(HERE / "planted" / "batch", planted(), Truth(decision="reject"), spoil)


if __name__ == "__main__":
    main()
