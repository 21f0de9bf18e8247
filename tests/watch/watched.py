"""A station in the process of the test, turned by the test."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from ybda_qc.model.watching import EventKind
from ybda_qc.report import translator
from ybda_qc.watch.config import InboxConfig
from ybda_qc.watch.news import FileNews, ItemNews, News, PageNews
from ybda_qc.watch.opening import Opened, open_inbox
from ybda_qc.watch.station import Station

PATIENCE = 120.0  # seconds, for a machine that is busy with other things

PROFILE = """
profile = {{ id = "quick", title = "quick", extends = ["base"] }}
[watch]
settle_seconds = 0.1
doubtful_seconds = 0.5
rest_seconds = {rest}
accepted_folder = "{accepted}"
rejected_folder = "{rejected}"
[limits]
{limits}
{more}
"""


def profile_text(**values: object) -> str:
    """A profile whose items are closed soon."""
    return PROFILE.format(**{"rest": 1, "accepted": "", "rejected": "", "limits": "", "more": "", **values})


def scan(path: Path, seed: int = 1) -> Path:
    """A small page, other pixels for each seed, with the time of now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(150, 255, (160, 120), dtype=np.uint8)
    Image.fromarray(pixels).save(path, dpi=(300, 300))
    return path


class Watched:
    """A folder, its station, and what that told."""

    def __init__(
        self,
        place: Path,
        *,
        rest: float = 1.0,
        accepted: str = "",
        rejected: str = "",
        polls: bool = False,
        ocr: str | None = None,
        limits: str = "",
        more: str = "",
    ) -> None:
        self.inbox, self.out = place / "in", place / "out"
        self.inbox.mkdir(exist_ok=True)
        profile = place / "quick.toml"
        text = profile_text(rest=rest, accepted=accepted, rejected=rejected, limits=limits, more=more)
        profile.write_text(text, encoding="utf-8")
        self.config = InboxConfig(
            path=self.inbox,
            name="in",
            out=self.out,
            profile=str(profile),
            events="poll" if polls else "native",
            poll_seconds=0.2,
            ocr=ocr,
        )
        self.news: list[News] = []
        self.on_news: Callable[[News], None] = self.news.append
        self.opened: Opened
        self.station: Station

    def start(self) -> None:
        """Open the folder and begin to watch; the test turns."""
        self.opened = open_inbox(self.config, jobs=1, lang="en")
        self.station = Station(
            self.opened,
            jobs=1,
            min_free_mb=0,
            say=translator("en"),
            hear=self._hear,
            wake=lambda: None,
        )
        self.station.start()

    def _hear(self, news: News) -> None:
        self.on_news(news)

    def stop(self, *, in_order: bool = True) -> None:
        """End the station; a test that fails does not."""
        self.station.stop(in_order=in_order)

    def turn(self, seconds: float) -> None:
        """Turn for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.station.turn(0.02)
            time.sleep(0.02)

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Turn until something is so."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"{what}\n" + "\n".join(map(str, self.news[-20:]))
            self.station.turn(0.02)
            time.sleep(0.02)

    def pages(self) -> list[str]:
        """Paths of the pages that were answered, in this order."""
        return [news.judged.result.page.path for news in self.news if isinstance(news, PageNews)]

    def items(self, kind: EventKind = EventKind.ITEM_CLOSED) -> list[str]:
        """Items of which something was told."""
        return [news.item for news in self.news if isinstance(news, ItemNews) and news.kind is kind]

    def files(self, kind: EventKind) -> list[str]:
        """Files of which something was told."""
        return [news.path for news in self.news if isinstance(news, FileNews) and news.kind is kind]
