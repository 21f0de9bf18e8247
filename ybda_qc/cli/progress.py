"""Progress on the terminal: pages done, pages a second, time left."""

import sys
from types import TracebackType

from tqdm import tqdm

from ybda_qc.report import Translator
from ybda_qc.report import mark as _


class TerminalProgress:
    """A bar on standard error; silent where that is no terminal, so that logs stay readable.

    Parameters
    ----------
    say
        Translates into the user's language.
    """

    def __init__(self, say: Translator) -> None:
        self._say = say
        self._is_new_part = False
        self._bar: tqdm[None] = tqdm(
            total=0,
            desc=say(_("pages examined")),
            unit=say(_(" pages")),
            disable=not sys.stderr.isatty(),
            dynamic_ncols=True,
            smoothing=0.05,
            bar_format="{desc} {bar} {n_fmt}/{total_fmt}  {rate_fmt}  {elapsed}<{remaining}",
        )

    def expect(self, pages: int) -> None:
        """That many more pages are to come; the first of a part of the work begin a count of their own."""
        if self._is_new_part:
            self._bar.reset(total=0)
            self._is_new_part = False
        self._bar.total = (self._bar.total or 0) + pages
        self._bar.refresh()

    def advance(self, pages: int = 1) -> None:
        """That many pages are done."""
        self._bar.update(pages)

    def step(self, name: str) -> None:
        """Another part of the work begins, with a pace of its own."""
        self._is_new_part = True
        self._bar.set_description_str(self._say(name))

    def __enter__(self) -> "TerminalProgress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
