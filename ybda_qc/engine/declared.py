"""Pages of which somebody said beforehand that they are blank on purpose."""

import re
from collections.abc import Iterable
from functools import cached_property

from ybda_qc.model import PageId

_WILD = re.compile(r"[*?]")


class DeclaredBlanks:
    """Declared blanks 已申报空白页: a set of pages that is asked whether it holds one.

    Whoever declares blanks - the profile by patterns, a catalogue by the pages of its records - ends up
    here; judging sees only whether a page is among them.

    Parameters
    ----------
    patterns
        Paths of pages in the batch, in which ``*`` stands for any text, slashes too, and ``?`` for one
        character; ``path#frame`` names one page of a multi-page file, a path alone all of them.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        patterns = frozenset(patterns)
        self._named = frozenset(pattern for pattern in patterns if not _WILD.search(pattern))
        self._patterns = tuple(sorted(patterns - self._named))

    def __contains__(self, page: PageId) -> bool:
        """Whether the page was declared."""
        names = (page.path, str(page))
        if not self._named.isdisjoint(names):
            return True
        return bool(self._patterns) and any(map(self._expression.fullmatch, names))

    def unmatched(self, pages: Iterable[PageId]) -> tuple[str, ...]:
        """Declarations that fit none of the pages, sorted; without any, the pages are not even looked at."""
        named = set(self._named)
        patterns = {pattern: re.compile(_as_expression(pattern), re.DOTALL) for pattern in self._patterns}
        if not named and not patterns:
            return ()
        for page in pages:
            names = (page.path, str(page))
            named.difference_update(names)
            fitting = [key for key, pattern in patterns.items() if any(map(pattern.fullmatch, names))]
            for key in fitting:
                del patterns[key]
        return tuple(sorted([*named, *patterns]))

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        # Not `fnmatch`: there brackets have a meaning, and names of archives may hold them.
        return re.compile("|".join(map(_as_expression, self._patterns)), re.DOTALL)


def _as_expression(pattern: str) -> str:
    pieces = (re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", pattern))
    return ".*".join(pieces)
