"""Draws the sample batches again: ``passing``, ``planted`` and ``assistance``.

    python sample_scans/make_samples.py [NAME ...]

Everything is generated: the words are invented, the pages are drawn, and every defect is planted with exact
truth, which is written to ``truth.toml`` beside each batch. The same program draws the same files.
"""

import sys
from pathlib import Path

from _samples.assistance import add_media_and_checksums, assistance
from _samples.batch import Truth, write_batch
from _samples.passing import passing
from _samples.planted import planted
from _samples.spoiled import spoil

HERE = Path(__file__).parent
SAMPLES = {
    "passing": (passing, Truth(decision="accept"), None),
    "planted": (planted, Truth(decision="reject"), spoil),
    "assistance": (
        assistance,
        Truth(decision="reject", profile="shanghai-paired-assistance"),
        add_media_and_checksums,
    ),
}


def main() -> None:
    """Draw the batches that are named, or all."""
    for name in sys.argv[1:] or SAMPLES:
        (HERE / name).mkdir(exist_ok=True)
        items, truth, spoiling = SAMPLES[name]
        write_batch(HERE / name / "batch", items(), truth, spoiling)


if __name__ == "__main__":
    main()
