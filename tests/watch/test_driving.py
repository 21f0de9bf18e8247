"""Stations whose disk hangs, each on a thread of its own."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.watch.hanging import HangingDisk
from tests.watch.share import Share
from tests.watch.test_service import Listening, config, running, until
from tests.watch.watched import PATIENCE, scan
from ybda_qc.model.watching import EventKind
from ybda_qc.report import translator
from ybda_qc.watch import driving, presence
from ybda_qc.watch import service as service_module
from ybda_qc.watch.config import ServiceConfig
from ybda_qc.watch.news import ReportNews, StationNews
from ybda_qc.watch.notify import Supervisor
from ybda_qc.watch.service import Service
from ybda_qc.watch.sightings import Sightings

UNFINISHED = b"II*\0\x08\0\0\0"
"""The start of a TIFF: whoever waits for the rest looks at it again and again."""


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HangingDisk]:
    for module in (driving, presence, service_module):
        monkeypatch.setattr(module, "SILENT_SECONDS", 2.0)
    disk = HangingDisk(tmp_path / "share", monkeypatch)
    yield disk
    disk.answer()


def service_of(configuration: ServiceConfig, heard: Listening) -> Service:
    return Service(
        lambda: configuration, say=translator("en"), listeners=(heard,), supervisor=Supervisor(environ={})
    )


def trouble_of(heard: Listening, inbox: str) -> str:
    """What keeps a folder from being worked on now."""
    news = [news for news in heard.news if isinstance(news, StationNews) and news.inbox == inbox]
    return news[-1].trouble.template if news and news[-1].trouble else ""


def test_a_folder_that_hangs_at_the_start_is_watched_when_it_answers(
    tmp_path: Path, disk: HangingDisk
) -> None:
    configuration, heard = config(tmp_path, "share", "desk"), Listening()
    scan(tmp_path / "share" / "1" / "0001.tif", 1)
    scan(tmp_path / "desk" / "1" / "0001.tif", 2)
    disk.hang()
    with running(service_of(configuration, heard), configuration) as codes:
        until(lambda: "desk/1/0001.tif" in heard.pages())
        assert "still being opened" in trouble_of(heard, "share")
        disk.answer()
        until(lambda: "share/1/0001.tif" in heard.pages())
        until(lambda: not trouble_of(heard, "share"))
    assert codes == [0]


def test_a_service_that_is_told_to_end_just_as_its_disk_hangs_ends(tmp_path: Path, disk: HangingDisk) -> None:
    configuration, heard = config(tmp_path, "share"), Listening()
    scan(tmp_path / "share" / "1" / "0001.tif", 1)
    with running(service_of(configuration, heard), configuration) as codes:
        until(heard.pages)
        disk.hang()  # before the reports
    assert not any(isinstance(news, ReportNews) for news in heard.news)
    assert codes == [0]


def test_nothing_is_read_anew_while_a_disk_hangs(tmp_path: Path, disk: HangingDisk) -> None:
    configuration, heard = config(tmp_path, "share", "desk"), Listening()
    service = service_of(configuration, heard)
    scan(tmp_path / "share" / "1" / "0001.tif", 1)
    with running(service, configuration) as codes:
        until(heard.pages)
        disk.hang()
        service.reload()
        until(lambda: EventKind.TROUBLE in heard.kinds())
        assert EventKind.RELOADED not in heard.kinds()
        scan(tmp_path / "desk" / "1" / "0001.tif", 2)
        until(lambda: "desk/1/0001.tif" in heard.pages())
        disk.answer()
        until(lambda: not trouble_of(heard, "share"))
        service.reload()
        until(lambda: EventKind.RELOADED in heard.kinds())
    assert codes == [0]


def test_a_folder_that_cannot_be_used_by_the_time_it_answers_is_said(
    tmp_path: Path, disk: HangingDisk
) -> None:
    configuration, heard = config(tmp_path, "share", "desk"), Listening()
    disk.hang()
    with running(service_of(configuration, heard), configuration) as codes:
        until(lambda: EventKind.STARTED in heard.kinds())
        (tmp_path / "share").rmdir()
        disk.answer()
        until(lambda: "does not exist" in trouble_of(heard, "share"))
        scan(tmp_path / "desk" / "1" / "0001.tif", 2)
        until(lambda: "desk/1/0001.tif" in heard.pages())
    assert codes == [0]


def test_an_output_folder_that_hangs_is_named(tmp_path: Path, disk: HangingDisk) -> None:
    configuration, heard = config(tmp_path, "desk", "other"), Listening()
    for name in ("disk", "desk-qc"):
        (tmp_path / name).mkdir()
    share = Share(tmp_path / "disk", tmp_path / "desk-qc")
    share.connect()
    try:
        with running(service_of(configuration, heard), configuration) as codes:
            scan(tmp_path / "desk" / "1" / "0001.tif", 1)
            until(heard.pages)
            share.hang()
            scan(tmp_path / "desk" / "1" / "0002.tif", 2)
            until(lambda: "output folder" in trouble_of(heard, "desk"))
            scan(tmp_path / "other" / "1" / "0001.tif", 3)
            until(lambda: "other/1/0001.tif" in heard.pages())
            share.answer()
            until(lambda: "desk/1/0002.tif" in heard.pages())
            until(lambda: not trouble_of(heard, "desk"))
        assert codes == [0]
    finally:
        share.answer()
        share.disconnect()


def test_many_folders_without_files_are_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        (tmp_path / f"{number:02d}").mkdir()
    waited: list[float] = []
    sightings = Sightings(tmp_path, polls=True, poll_seconds=60.0, wake=lambda: None)
    scandir = os.scandir

    def slow(path: Any) -> Any:
        waited.append(sightings.asking.seconds)
        time.sleep(0.05)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", slow)
    sightings.start()
    try:
        end = time.monotonic() + PATIENCE
        while not list(sightings.take()):
            assert time.monotonic() < end
            time.sleep(0.05)
    finally:
        sightings.stop()
    assert len(waited) == 41
    # Each folder is a question of its own; as one they would add up.
    assert sum(waited) < 41 * 40 / 2 * 0.05 / 4
