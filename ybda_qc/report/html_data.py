"""The findings as compact JSON inside the HTML page; its script draws from it what is asked for.

Texts repeat from finding to finding, so each kind of finding (check, code, verdict, message template) is
stored once in both languages, each page once, each folder once; a finding is then a short array of numbers.
"""

import base64
import json
from collections.abc import Iterator
from string import Formatter
from typing import Any

from ybda_qc.model import Finding, Verdict
from ybda_qc.report.digest import Digest
from ybda_qc.report.display import visible
from ybda_qc.report.figures import figure
from ybda_qc.report.labels import SOURCES
from ybda_qc.report.rows import Row
from ybda_qc.report.translate import Lang, translator

MAX_ROWS = 200_000
"""Findings held in the page; rework before notes. The other files hold all."""

_LANGS: tuple[Lang, Lang] = ("en", "zh")
_MAX_PAGES_NAMED = 12  # pages of a batch finding named in the page
Parts = list[str | int]
Field = str | list[str]


def dump_script(document: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").encode("utf-8", "backslashreplace").decode()


class Interned:
    """Numbers for values that repeat."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self.values: list[Any] = []

    def number(self, key: Any, value: Any) -> int:
        """The number of `key`; `value` is kept the first time it is seen."""
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self.values)
            self.values.append(value)
        return known

    def find(self, key: Any) -> int | None:
        """The number of `key` if it was seen."""
        return self._numbers.get(key)


class Kinds:
    """The kinds of findings, each with its message in both languages cut at the fields."""

    def __init__(self) -> None:
        self._kinds = Interned()
        self._tokens: list[list[str]] = []

    @property
    def values(self) -> list[Any]:
        """``[check, code, verdict, parts in English, parts in Chinese, clauses, source]`` of each kind."""
        return self._kinds.values

    def of(self, finding: Finding) -> tuple[int, list[Field]]:
        """The number of the finding's kind, and its fields as they are printed.

        A field is a text, or a pair of texts where it reads otherwise in English and in Chinese.
        """
        key = (finding.key, finding.verdict, finding.template, finding.clause, finding.source)
        number = self._kinds.find(key)
        if number is None:
            tokens: list[str] = []
            english, chinese = (
                _parts(translator(lang).template(finding.template), tokens) for lang in _LANGS
            )
            number = self._add(key, finding, english, chinese, tokens)
        try:
            return number, [_field(token, finding) for token in self._tokens[number]]
        except (KeyError, IndexError, ValueError, TypeError, AttributeError):
            # the template of a plug-in does not fit its fields: the whole message is its only field
            number = self._kinds.find((*key, "whole"))
            if number is None:
                number = self._add((*key, "whole"), finding, [0], [0], [])
            return number, [visible(translator("en")(finding.template, finding.values))]

    def _add(self, key: Any, finding: Finding, english: Parts, chinese: Parts, tokens: list[str]) -> int:
        self._tokens.append(tokens)
        clauses = [translator("en")(finding.clause), translator("zh")(finding.clause)]
        return self._kinds.number(
            key,
            [
                finding.check,
                finding.code,
                finding.verdict.word,
                english,
                chinese,
                clauses,
                None if finding.source is None else str(finding.source),
            ],
        )


def _parts(template: str, tokens: list[str]) -> Parts:
    """Literal texts and numbers of fields; new fields are added to `tokens`."""
    parts: Parts = []
    try:
        parsed = list(Formatter().parse(template))
    except ValueError:
        return [template]
    for literal, name, spec, conversion in parsed:
        if literal:
            parts.append(literal)
        if name is not None:
            token = "{" + name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
            if token not in tokens:
                tokens.append(token)
            parts.append(tokens.index(token))
    return parts


def _field(token: str, finding: Finding) -> Field:
    texts = [visible(token.format_map(translator(lang).values(finding.values))) for lang in _LANGS]
    return texts[0] if texts[0] == texts[1] else texts


def _subject(finding: Finding) -> Field:
    subject = (finding.subject or "").removeprefix("/")
    texts = [visible(translator(lang).place(subject)) for lang in _LANGS]
    return texts[0] if texts[0] == texts[1] else texts


class FindingsData:
    """The rows and the tables they point into.

    Iterate over `rows` to the end before asking for `tables`.
    """

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._kinds = Kinds()
        self._folders = Interned()
        self._pages = Interned()
        self._items = Interned()
        self.shown = 0
        self.total = digest.rework.count + digest.notes.count

    def rows(self) -> Iterator[str]:
        """The rows as pieces of one JSON array, to be written as they come."""
        for row in self._digest.rows():
            if self.shown == MAX_ROWS:
                break
            yield ("[" if self.shown == 0 else ",\n") + dump_script(self._row(row))
            self.shown += 1
        yield "[]" if self.shown == 0 else "]"

    def _row(self, row: Row) -> list[Any]:
        finding = row.finding
        kind, fields = self._kinds.of(finding)
        measured = [
            (figure(finding, "value", translator(lang)), figure(finding, "limit", translator(lang)))
            for lang in _LANGS
        ]
        values: list[str] = list(measured[0]) if measured[0] == measured[1] else [*measured[0], *measured[1]]
        packed = [self._item(row), self._page(row), kind, fields, values, row.evidence or 0]
        if finding.subject is not None or finding.pages:
            pages = [visible(page) for page in finding.pages[:_MAX_PAGES_NAMED]]
            packed += [_subject(finding), pages, len(finding.pages)]
        return packed

    def _item(self, row: Row) -> int:
        code = self._digest.item_of(row)
        tally = self._digest.items.get(code) if row.path is not None or code is not None else None
        if tally is None:
            return self._items.number("batch", [None, 0, 0, 0, 0])
        shown = "" if code is None else visible(code)
        return self._items.number(
            ("item", code), [shown, tally.pages, tally.rework, tally.notes, tally.media]
        )

    def _page(self, row: Row) -> int:
        if row.path is None:
            return -1
        folder, slash, name = row.path.rpartition("/")
        number = self._folders.number(folder + slash, visible(folder + slash))
        frame = row.frame or 1
        return self._pages.number((row.path, frame), [number, visible(name), frame])

    def tables(self) -> dict[str, Any]:
        """What the numbers in the rows point to."""
        return {
            "folders": self._folders.values,
            "pages": self._pages.values,
            "items": self._items.values,
            "kinds": self._kinds.values,
            "sources": {
                str(key): [translator(lang)(word) for lang in _LANGS] for key, word in SOURCES.items()
            },
        }


def data_uri(picture: bytes) -> str:
    """A picture inside the page."""
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode()


def severity_words() -> list[str]:
    """Verdicts a finding can have, worst first, as in the report files."""
    return [verdict.word for verdict in (Verdict.ERROR, Verdict.FAIL, Verdict.REVIEW, Verdict.NOTE)]
