"""The screen of a scan station in a real terminal."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.terminal
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds, for a machine that is busy with other things


class Terminal:
    """A terminal of its own, with a shell in it."""

    def __init__(self, tmux: str, folder: Path) -> None:
        self._tmux = [tmux, "-u", "-f", "/dev/null", "-S", str(folder / "socket")]
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "PS1": "$ ",
            "COLORTERM": "truecolor",
        }
        environment.pop("NO_COLOR", None)
        environment.pop("TMUX", None)
        self._do("new-session", "-d", "-x", "80", "-y", "24", "sh", environment=environment)

    def _do(self, *words: str, environment: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._tmux, *words], capture_output=True, text=True, env=environment, timeout=60, check=True
        )
        return done.stdout

    def type(self, line: str) -> None:
        self._do("send-keys", "-l", line)
        self.press("Enter")

    def press(self, key: str) -> None:
        self._do("send-keys", key)

    def resize(self, width: int, height: int) -> None:
        self._do("resize-window", "-x", str(width), "-y", str(height))

    def seen(self, *, in_colour: bool = False) -> str:
        return self._do("capture-pane", "-p", *(["-e"] if in_colour else []))

    def is_in_alternate_screen(self) -> bool:
        return self._do("display-message", "-p", "#{alternate_on}").strip() == "1"

    def has_cursor(self) -> bool:
        return self._do("display-message", "-p", "#{cursor_flag}").strip() == "1"

    def until(self, holds: Callable[[str], bool]) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            seen = self.seen()
            if holds(seen):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"not seen in {PATIENCE} s; instead:\n{self.seen()}")

    def close(self) -> None:
        self._do("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("no tmux on this machine")
    made = Terminal(tmux, tmp_path)
    yield made
    made.close()


def play(terminal: Terminal, lang: str, scene: str) -> None:
    terminal.type(f"{sys.executable} {ROOT}/tests/watch/play.py {lang} {scene}")


def test_an_operator_sees_the_last_page_and_gets_the_terminal_back(terminal: Terminal) -> None:
    terminal.type("echo before")
    terminal.until(lambda seen: seen.count("before") == 2)
    play(terminal, "zh", "bad")
    seen = terminal.until(lambda seen: "✘ 重扫  0009.tif" in seen)
    assert "█" in seen
    assert "页面偏斜：偏斜 +4.20 度，超过 3 度" in seen
    assert "→ 将纸张靠齐定位边重新扫描" in seen
    assert "待重扫：3" in seen
    assert "0010.tif  已等待 40 秒" in seen
    assert "before" not in seen
    assert len(seen.rstrip("\n").split("\n")) == 24
    assert "48;2;184;20;20" in terminal.seen(in_colour=True), "the red of a page to be scanned again"
    assert terminal.is_in_alternate_screen()

    terminal.press("C-c")
    seen = terminal.until(lambda seen: "interrupted, and back" in seen)
    assert "before" in seen
    assert "重扫" not in seen
    assert not terminal.is_in_alternate_screen()
    assert terminal.has_cursor()
    terminal.type("echo after")
    terminal.until(lambda seen: seen.count("after") == 2)


def test_the_picture_follows_the_size_of_the_terminal(terminal: Terminal) -> None:
    play(terminal, "en", "trouble")
    terminal.until(lambda seen: "RESCAN  0009.tif" in seen)
    for width, height, expected in (
        (40, 12, "RESCAN  0009.tif"),
        (150, 50, "scan these again: 3"),
        (12, 3, "scans"),
        (80, 24, "last pages"),
    ):
        terminal.resize(width, height)
        seen = terminal.until(
            lambda seen, height=height, expected=expected: (  # type: ignore[misc]
                expected in seen and len(seen.rstrip("\n").split("\n")) == height
            )
        )
        assert max(map(len, seen.split("\n"))) <= width
    assert "less than 500 MB are free" in seen
    terminal.press("C-c")
    terminal.until(lambda seen: "interrupted, and back" in seen)


def test_a_crash_gives_the_terminal_back_and_is_seen(terminal: Terminal) -> None:
    play(terminal, "en", "crash")
    terminal.until(lambda seen: "RuntimeError: on purpose" in seen)
    assert not terminal.is_in_alternate_screen()
    assert terminal.has_cursor()


def test_a_terminal_stopped_by_the_operator_is_given_back_too(terminal: Terminal) -> None:
    play(terminal, "en", "good")
    terminal.until(lambda seen: "PASSED  0008.tif" in seen)
    terminal.press("C-s")
    time.sleep(2)
    terminal.press("C-c")
    terminal.until(lambda seen: "interrupted, and back" in seen)
    assert not terminal.is_in_alternate_screen()
