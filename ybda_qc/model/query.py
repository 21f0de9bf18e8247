"""What is asked of a text 检索式: words and phrases, joined by and 与, or 或, not 非 and brackets.

A word is anything without blanks; it stands on a page if the folded page has it, wherever its lines end.
Words side by side must all stand on the page. ``"…"`` holds blanks, brackets and the words and, or, not
together as one word; ``-word`` is ``NOT word``. And binds closer than or. A query of one word is that word,
even if it is an operator.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from ybda_qc.errors import UsageError
from ybda_qc.model.folding import fold

MAX_LENGTH = 1000
"""Characters of a query."""
MAX_DEPTH = 20
"""Brackets within brackets."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded text, at least one character, that a page has or has not."""

    text: str

    def matches(self, folded: str) -> bool:
        """Whether it stands in a folded text."""
        return self.text in folded

    @property
    def words(self) -> Iterator["Word"]:
        """The words that make a page a hit."""
        yield self


@dataclass(frozen=True, slots=True)
class All:
    """All of `wanted`, at least one, and none of `unwanted`."""

    wanted: tuple["Query", ...]
    unwanted: tuple["Query", ...] = ()

    def matches(self, folded: str) -> bool:
        """Whether it is true of a folded text."""
        return all(part.matches(folded) for part in self.wanted) and not any(
            part.matches(folded) for part in self.unwanted
        )

    @property
    def words(self) -> Iterator["Word"]:
        """The words that make a page a hit."""
        return (word for part in self.wanted for word in part.words)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of at least two."""

    parts: tuple["Query", ...]

    def matches(self, folded: str) -> bool:
        """Whether it is true of a folded text."""
        return any(part.matches(folded) for part in self.parts)

    @property
    def words(self) -> Iterator["Word"]:
        """The words that make a page a hit."""
        return (word for part in self.parts for word in part.words)


Query = Word | All | Any


def parse_query(text: str) -> Query:
    """Read a query.

    Raises
    ------
    UsageError
        If it is empty, too long, asks only for what is not there, or its quotation marks, brackets or
        operators do not add up.
    """
    if len(text) > MAX_LENGTH:
        raise UsageError(
            "the query has {count} characters; at most {most} can be searched for",
            count=len(text),
            most=MAX_LENGTH,
        )
    tokens = list(_tokens(text))
    if len(tokens) == 1 and tokens[0].source:
        tokens = [_word(tokens[0].source)]
    if not tokens:
        raise UsageError("the query is empty: there is no word in it to search for")
    return _Parser(tokens).parse()


class _Kind(Enum):
    WORD = "word"
    AND = "and"
    OR = "or"
    NOT = "not"
    OPEN = "("
    CLOSE = ")"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    source: str  # as it was written; empty for the minus sign and brackets
    folded: str = ""


_OPERATORS = {
    "and": _Kind.AND,
    "or": _Kind.OR,
    "not": _Kind.NOT,
    "与": _Kind.AND,
    "或": _Kind.OR,
    "非": _Kind.NOT,
}
_QUOTES = '"“”„‟＂'
_TOKEN = re.compile(
    rf"\s+|(?P<open>[(（])|(?P<close>[)）])|[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}])?"
    rf"|(?P<minus>(?:(?<=[\s(（])|(?<![\s\S]))[-−－](?=[^\s)）]))|(?P<word>[^\s()（）{_QUOTES}]+)"
)


def _tokens(text: str) -> Iterator[_Token]:
    """The words, operators and brackets of a query; what folds to nothing is left out."""
    for match in _TOKEN.finditer(text):
        if match["open"]:
            yield _Token(_Kind.OPEN, "")
        elif match["close"]:
            yield _Token(_Kind.CLOSE, "")
        elif match["minus"]:
            yield _Token(_Kind.NOT, "")
        elif match["word"]:
            token = _word(match["word"])
            kind = _OPERATORS.get(token.folded)
            if token.folded:
                yield token if kind is None else _Token(kind, token.source)
        elif match["phrase"] is not None:
            if not match["end"]:
                raise UsageError("a quotation mark in the query is not closed")
            if fold(match["phrase"]):
                yield _Token(_Kind.WORD, "", fold(match["phrase"]))


def _word(source: str) -> _Token:
    return _Token(_Kind.WORD, source, fold(source))


class _Parser:
    """Recursive descent: or, and, not, then words and brackets."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def parse(self) -> Query:
        query = self._any()
        if self._at < len(self._tokens):
            raise UsageError("a bracket is closed in the query that was never opened")
        return query

    def _any(self) -> Query:
        parts = [self._all()]
        while self._take(_Kind.OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self) -> Query:
        wanted: list[Query] = []
        unwanted: list[Query] = []
        while True:
            negated, part = self._negated()
            (unwanted if negated else wanted).append(part)
            if not self._take(_Kind.AND) and self._next in (None, _Kind.OR, _Kind.CLOSE):
                break
        if not wanted:
            raise UsageError("the query says only what is not wanted; say beside it what is wanted")
        return wanted[0] if len(wanted) == 1 and not unwanted else All(tuple(wanted), tuple(unwanted))

    def _negated(self) -> tuple[bool, Query]:
        negated = False
        while self._take(_Kind.NOT):
            negated = not negated
        return negated, self._primary()

    def _primary(self) -> Query:
        if self._next is _Kind.WORD:
            self._at += 1
            return Word(self._tokens[self._at - 1].folded)
        if self._take(_Kind.OPEN):
            return self._bracketed()
        if self._next in (_Kind.AND, _Kind.OR):
            raise _stands_alone(self._tokens[self._at])
        if self._at and self._tokens[self._at - 1].source:
            raise _stands_alone(self._tokens[self._at - 1])
        raise UsageError("there is no word between the brackets of the query, or after its minus sign")

    def _bracketed(self) -> Query:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UsageError("the query has more than {most} brackets within each other", most=MAX_DEPTH)
        query = self._any()
        if not self._take(_Kind.CLOSE):
            raise UsageError("a bracket in the query is not closed")
        self._depth -= 1
        return query

    @property
    def _next(self) -> _Kind | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None

    def _take(self, kind: _Kind) -> bool:
        if self._next is not kind:
            return False
        self._at += 1
        return True


def _stands_alone(token: _Token) -> UsageError:
    return UsageError(
        "{operator} has no word beside it in the query; put it in quotation marks to search for it",
        operator=token.source,
    )
