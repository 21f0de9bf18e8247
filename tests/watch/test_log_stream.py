"""The stream of the log: nobody waits for whoever reads it."""

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ybda_qc.watch.log_stream import patient


@pytest.fixture
def pipe() -> Iterator[tuple[int, io.TextIOWrapper]]:
    """A pipe: the handle to read, and a stream to write."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield reader, stream
    os.close(reader)


def test_all_lines_arrive_in_their_order(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as stream, patient(stream) as log:
        for number in range(1000):
            log.write(f"行 {number}\n")
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines == [f"行 {number}" for number in range(1000)]


def test_a_pipe_that_nobody_reads_holds_nobody_up(pipe: tuple[int, io.TextIOWrapper]) -> None:
    reader, stream = pipe
    with patient(stream, most_lines=50) as log:
        for _ in range(5000):
            log.write("x" * 100 + "\n")
        before = time.process_time()
    assert time.process_time() - before < 1.0  # waits, and does not spin
    assert os.read(reader, 101) == b"x" * 100 + b"\n"


def test_lines_that_nobody_can_write_are_lost_and_the_next_ones_tried(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such device")
    with open("/dev/full", "w", encoding="utf-8") as stream, patient(stream) as log:  # noqa: PTH123
        log.write("lost\n")
        log.write("lost, too\n")


def test_a_stream_that_is_no_file_and_none_at_all() -> None:
    stream = io.StringIO()
    with patient(stream) as log:
        log.write("here\n")
    assert stream.getvalue() == "here\n"
    with patient(None) as log:
        log.write("nowhere\n")
