"""Plays news on the screen of a scan station, for a test in a real terminal: ``play.py LANG SCENE``.

Runs until it is interrupted, then says so on the terminal as it was before.
"""

import sys
import threading

from tests.watch.scenes import a_morning, page, skew, trouble
from ybda_qc.report import translator
from ybda_qc.watch.news import News
from ybda_qc.watch.screen import Screen

SCENES: dict[str, list[News]] = {
    "good": a_morning(),
    "bad": [*a_morning(), page(9, skew())],
    "crash": [],
    "trouble": [*a_morning(), page(9, skew()), trouble()],
}


def main() -> None:
    """Play until Ctrl-C."""
    lang, scene = sys.argv[1:]
    try:
        with Screen(translator("zh" if lang == "zh" else "en"), bell=True) as screen:
            for news in SCENES[scene]:
                screen.hear(news)
            if scene == "crash":
                raise RuntimeError("on purpose")
            threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("interrupted, and back\n")


if __name__ == "__main__":
    main()
