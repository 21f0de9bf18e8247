"""The live view at a scan station, on a terminal: readable from two metres.

The last page fills the upper half in the colour of its verdict; below stand the pages that are still to be
scanned again, what happened last, and the files that are waited for.
"""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.text import Text

from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _
from ybda_qc.watch.board import Board, Sight
from ybda_qc.watch.news import News
from ybda_qc.watch.screen_area import page_area
from ybda_qc.watch.screen_lists import (
    HEADING,
    bad_pages,
    counts,
    last_lines,
    standing,
    trouble_lines,
    waiting_lines,
)
from ybda_qc.watch.screen_text import row

_LEAST_PAUSE: Final = 0.15  # seconds between two pictures
_LONGEST_PAUSE: Final = 1.0  # the clock goes on
_PATIENCE: Final = 2.0  # seconds for the last picture at the end
_TWO_COLUMNS: Final = 76  # cells from which on lists stand side by side
_ROOMY: Final = 20  # lines
_WIDE_CODE_PAGES: Final = frozenset({932, 936, 949, 950})  # Japanese, Chinese, Korean
_CLOCK: Final = 30  # cells from which on there is room for a clock
_IDLE: Final = "bold #ffffff on #303030"


def compose(
    sight: Sight, width: int, height: int, now: datetime, say: Translator, *, is_big: bool = True
) -> list[Text]:
    """The whole picture.

    Parameters
    ----------
    sight
        What is to be told.
    width, height
        Of the terminal, in cells and lines; any size is taken.
    now
        For the clock.
    say
        Language of the texts.
    is_big
        Whether the terminal can show half blocks.

    Returns
    -------
    list of Text
        Exactly ``height`` lines of ``width`` cells.
    """
    lines = [_head(sight, width, now, say)]
    lines += trouble_lines(sight.troubles, width, min(3, height // 12), say)
    if sight.troubles and height >= _ROOMY:
        lines.append(row("", width))  # else two reds would run into one another
    area = round((height - len(lines)) * (0.56 if height >= _ROOMY else 0.5))
    if sight.last is None:
        lines += _idle(width, area, say)
    else:
        lines += page_area(sight.last, width, area, say, is_big=is_big)
    waiting = [file for station in sight.stations for file in station.waiting]
    waiting.sort(key=lambda file: -file.seconds)
    waits = waiting_lines(waiting, width, max(1, (height - 10) // 7), say)
    lines += _lists(sight, width, height - len(lines) - len(waits) - 1, say)
    lines += waits
    lines = lines[: max(0, height - 1)]
    lines += [row("", width)] * (height - 1 - len(lines))
    return [*lines, row(f" {standing(sight, say)}", width, HEADING)][:height]


def _head(sight: Sight, width: int, now: datetime, say: Translator) -> Text:
    names = ", ".join(visible(station.inbox) for station in sight.stations)
    clock = now.astimezone().strftime("%H:%M:%S ")
    right = f"{counts(sight, say)}   {clock}"
    if width < _TWO_COLUMNS:
        right = clock if width >= _CLOCK else ""
    return row(f" {names}", width, HEADING, right)


def _idle(width: int, height: int, say: Translator) -> list[Text]:
    text = say(_("No page yet. Scan: the verdict on each page appears here."))
    lines = [row("", width, _IDLE)] * height
    if height:
        lines[height // 2] = row(f"  {text}", width, _IDLE)
    return lines


def _lists(sight: Sight, width: int, height: int, say: Translator) -> list[Text]:
    if height <= 0:
        return []
    if not sight.bad_count:
        return _filled(last_lines(sight, width, height, say), width, height)
    if width < _TWO_COLUMNS:
        upper = bad_pages(sight, width, min(height, max(3, height * 2 // 3)), say)
        return _filled([*upper, *last_lines(sight, width, height - len(upper), say)], width, height)
    left = width // 2
    one = _filled(bad_pages(sight, left, height, say), left, height)
    other = _filled(last_lines(sight, width - left - 1, height, say), width - left - 1, height)
    return [Text.assemble(a, row("", 1), b, no_wrap=True, end="") for a, b in zip(one, other, strict=True)]


def _filled(lines: list[Text], width: int, height: int) -> list[Text]:
    return [*lines[:height], *[row("", width)] * (height - len(lines))]


class Screen:
    """A listener that shows the news on the whole terminal, and gives it back when left.

    What it hears it only notes; a thread of its own draws, at most some times a second, so that a terminal
    that is slow, stopped or gone keeps nobody waiting.

    Parameters
    ----------
    say
        Language of the texts.
    bell
        Whether to ring the terminal's bell for a page that is to be scanned again.
    console
        Where to draw; standard output by default. Nothing is drawn where that is no terminal.
    clock
        Tells the time.
    """

    def __init__(
        self,
        say: Translator,
        *,
        bell: bool = False,
        console: Console | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._say = say
        self._has_bell = bell
        self._console = console or Console()
        self._clock = clock
        self._board = Board()
        self._lock = threading.Lock()  # of the board and the bell
        self._rings = False
        self._is_over = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._live = Live(
            _Picture(self._lines),
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def hear(self, news: News) -> None:
        """Take in a piece of news."""
        with self._lock:
            is_bad = self._board.hear(news, self._clock())
            self._rings = self._rings or (is_bad and self._has_bell)
        self._wake.set()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._thread = threading.Thread(target=self._draw_on, name="screen", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        self._wake.set()
        if self._thread is not None:
            _let_go(self._console)
            self._thread.join(_PATIENCE)
            self._thread = None

    def _draw_on(self) -> None:
        """Draw until it is over; a terminal that has gone is the end of drawing and of nothing else."""
        with contextlib.suppress(OSError, SystemExit, ValueError), self._live:
            while not self._is_over:
                self._wake.clear()
                self._live.refresh()
                self._ring()
                time.sleep(_LEAST_PAUSE)
                self._wake.wait(_LONGEST_PAUSE)

    def _ring(self) -> None:
        with self._lock:
            rings, self._rings = self._rings, False
        if rings:
            self._console.bell()

    def _lines(self, width: int, height: int) -> list[Text]:
        now = self._clock()
        with self._lock:
            sight = self._board.sight(now)
        is_big = self._console.encoding.lower().startswith("utf") and not _draws_blocks_wide()
        try:
            return compose(sight, width, height, now, self._say, is_big=is_big)
        except Exception as error:  # noqa: BLE001  a text that cannot be drawn must not end the view
            text = self._say(_("This view cannot be drawn: {error}"), {"error": repr(error)})
            return [row(visible(text), width)]


def _draws_blocks_wide() -> bool:
    """Whether this is the old console of an East Asian Windows, where a block is as wide as two letters."""
    if sys.platform != "win32":
        return False
    import ctypes  # noqa: PLC0415 - only here

    code_page = int(ctypes.windll.kernel32.GetConsoleOutputCP())
    return code_page in _WIDE_CODE_PAGES and "WT_SESSION" not in os.environ


class _Picture:
    """What rich asks for the lines at each refresh, at the size that the terminal has then."""

    def __init__(self, lines: Callable[[int, int], list[Text]]) -> None:
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or options.max_height
        for place, line in enumerate(self._lines(width, height)):
            if place:
                yield Segment.line()
            yield line


def _let_go(console: Console) -> None:
    """Let a terminal that was stopped by Ctrl-S go on, so that it can be given back."""
    if sys.platform == "win32":
        return
    import termios  # noqa: PLC0415  absent on Windows

    with contextlib.suppress(OSError, ValueError, termios.error):
        termios.tcflow(console.file.fileno(), termios.TCOON)
