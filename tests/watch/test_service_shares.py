"""A share that does not answer, breaks off, and comes back."""

import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.watch.conftest import MakeService
from tests.watch.share import Share
from tests.watch.station import Service as Process
from tests.watch.station import scan
from tests.watch.test_service import Listening, config, running, until
from tests.watch.watched import Watched
from ybda_qc.errors import InputError
from ybda_qc.model.watching import EventKind
from ybda_qc.report import translator
from ybda_qc.store import lock_output
from ybda_qc.watch.news import StationNews
from ybda_qc.watch.notify import Supervisor
from ybda_qc.watch.service import Service

UNFINISHED = b"II*\0\x08\0\0\0"
"""The start of a TIFF: whoever waits for the rest looks at it again and again."""


@pytest.fixture
def share(tmp_path: Path, inbox: Path) -> Iterator[Share]:
    disk = tmp_path / "disk"
    disk.mkdir()
    share = Share(disk, inbox)
    share.connect()
    yield share
    share.disconnect()


def troubles(heard: Listening, inbox: str) -> list[str]:
    return [
        str(news.trouble.template)
        for news in heard.news
        if isinstance(news, StationNews) and news.inbox == inbox and news.trouble
    ]


def test_a_share_that_hangs_holds_up_no_other_folder(tmp_path: Path) -> None:
    configuration = config(tmp_path, "share", "desk")
    (tmp_path / "disk").mkdir()
    share = Share(tmp_path / "disk", tmp_path / "share")
    share.connect()
    heard = Listening()
    service = Service(
        lambda: configuration, say=translator("en"), listeners=(heard,), supervisor=Supervisor(environ={})
    )
    try:
        with running(service, configuration) as codes:
            until(lambda: EventKind.STARTED in heard.kinds())
            scan(tmp_path / "share" / "1" / "0001.tif", 1)
            (tmp_path / "share" / "1" / "0002.tif").write_bytes(UNFINISHED)
            until(heard.pages)
            share.hang()
            until(lambda: any("not answered" in trouble for trouble in troubles(heard, "share")))
            scan(tmp_path / "desk" / "1" / "0001.tif", 2)
            until(lambda: "desk/1/0001.tif" in heard.pages())
            assert not troubles(heard, "desk")
            share.answer()
            scan(tmp_path / "share" / "1" / "0003.tif", 3)
            until(lambda: "share/1/0003.tif" in heard.pages())
    finally:
        share.answer()
        share.disconnect()
    assert codes == [0]


def test_a_service_ends_in_time_though_its_share_hangs_and_goes_on_later(
    serve: MakeService, share: Share
) -> None:
    service = serve()
    scan(share.place / "1" / "0001.tif", 1)
    (share.place / "1" / "0002.tif").write_bytes(UNFINISHED)
    service.until_answered("1/0001.tif")
    share.hang()
    service.until(lambda: "not answered" in service.messages())
    assert service.stop(signal.SIGTERM) == 0
    share.answer()
    scan(share.place / "1" / "0002.tif", 2)
    service.start()
    service.until_answered("1/0001.tif", "1/0002.tif")
    service.until_reported()
    assert service.stop() == 0


def test_pages_that_took_too_long_are_tried_again_when_the_share_answers(tmp_path: Path) -> None:
    watched = Watched(tmp_path, polls=True, limits="cpu_seconds = 0.01\nwall_seconds = 0.01")
    (tmp_path / "disk").mkdir()
    share = Share(tmp_path / "disk", watched.inbox)
    share.connect()
    try:
        watched.start()
        big = np.random.default_rng(1).integers(0, 255, (6000, 5000), dtype=np.uint8)
        folder = watched.inbox / "1"
        folder.mkdir()
        Image.fromarray(big).save(folder / "0001.tif", dpi=(300, 300))
        watched.until(watched.pages)
        watched.turn(1.0)
        assert watched.pages() == ["1/0001.tif"]  # as nothing has changed
        share.hang()
        watched.until(lambda: watched.station.presence.is_silent)
        share.answer()
        watched.until(lambda: len(watched.pages()) > 1)
    finally:
        share.answer()
        watched.stop(in_order=False)
        share.disconnect()


def test_a_share_that_breaks_off_loses_nothing(serve: MakeService, share: Share) -> None:
    service = serve()
    scan(share.place / "1" / "0001.tif", 1)
    service.until_answered("1/0001.tif")
    before = service.current()
    share.break_off()
    service.until(lambda: "cannot be read" in service.messages())
    assert service.current() == before
    said = len(service.lines("trouble"))
    service.send(signal.SIGHUP)
    service.until(lambda: len(service.lines("trouble")) > said)
    assert not service.lines("reloaded")
    share.disconnect()
    share.connect()
    scan(share.place / "1" / "0002.tif", 2)
    service.until_answered("1/0001.tif", "1/0002.tif")
    assert not service.lines("file-removed")
    assert service.stop() == 0


@pytest.mark.parametrize("is_inbox_away", [False, True])
def test_an_output_folder_on_a_share_that_breaks_off_is_gone_on_with(
    inbox: Path, profile: Path, tmp_path: Path, *, is_inbox_away: bool
) -> None:
    place = tmp_path / "share"
    (tmp_path / "disk").mkdir()
    place.mkdir()
    share = Share(tmp_path / "disk", place)
    share.connect()
    service = Process(inbox, place / "out", "--profile", str(profile))
    try:
        service.start()
        scan(inbox / "1" / "0001.tif", 1)
        service.until_answered("1/0001.tif")
        service.until_reported()
        share.break_off()
        service.until(lambda: "is away" in service.messages())
        share.disconnect()
        scan(inbox / "1" / "0002.tif", 2)
        if is_inbox_away:
            inbox.rename(tmp_path / "away")
        share.connect()
        if is_inbox_away:
            service.until(
                lambda: "does not exist" in service.messages(), "not opened anew, or the end of all"
            )
            (tmp_path / "away").rename(inbox)
        service.until_answered("1/0001.tif", "1/0002.tif")
        service.until_reported()
        service.until(lambda: "is away" in service.messages("recovered"))
        assert "delete" not in service.messages()
        assert "taken out" not in service.messages()
        assert sorted(service.subjects("page")) == ["1/0001.tif#1", "1/0002.tif#1"]
        with pytest.raises(InputError, match="in use"), lock_output(service.out):
            pass
        assert service.stop() == 0
        assert service.errors == ""
    finally:
        service.end()
        share.disconnect()
    assert list(place.iterdir()) == []
