"""Checksum lists from strangers, through the main job and through judging again without the files."""

import hashlib
import shutil
from pathlib import Path

from tests.app.batches import ITEM, do_run, read_report, sheet
from ybda_qc.app.rejudge import rejudge
from ybda_qc.synth import write_page


def found(out: Path) -> list[tuple[str, str]]:
    findings = read_report(out)["findings"]
    return sorted((entry["code"], entry["subject"]) for entry in findings if entry["check"] == "fixity")


def write_batch(root: Path) -> None:
    for number in (1, 2, 3):
        write_page(root / ITEM / f"000{number}.jpg", sheet(number), dpi=300)
    lines = [
        f"{hashlib.md5(path.read_bytes()).hexdigest().upper()} *{ITEM}\\{path.name}"
        for path in sorted((root / ITEM).iterdir())
    ]
    lines[1] = "0" * 32 + lines[1][32:]
    lines += ["0" * 32 + "  ../secret.txt", "0" * 32 + "  \0\x01\ufffe=1+1", "rubbish\0\x02"]
    (root / "list.md5").write_bytes("\r\n".join(lines).encode())


def test_a_delivered_list_is_verified_and_judged_again_without_the_files(tmp_path: Path) -> None:
    batch, out = tmp_path / "batch", tmp_path / "out"
    (batch / ITEM).mkdir(parents=True)
    write_batch(batch)
    expected = [
        ("bad-line", "list.md5"),
        ("mismatch", f"{ITEM}/0002.jpg"),
        ("missing-file", "\0\x01\ufffe=1+1"),
        ("outside", "list.md5"),
    ]

    do_run(batch, out)
    assert found(out) == expected

    shutil.rmtree(batch)
    rejudge(out, profile=None, lang="zh")
    assert found(out) == expected
