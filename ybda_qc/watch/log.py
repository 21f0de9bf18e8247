"""The log of the service: a line an event, as text for people or as JSON for programs.

A log that cannot be written keeps nobody from working: its lines are lost, and the next one is tried again.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from ybda_qc.model import Outcome
from ybda_qc.model.watching import EventKind
from ybda_qc.report import VERDICTS, Translator, translator
from ybda_qc.report import mark as _
from ybda_qc.report.documents import dump_line
from ybda_qc.report.labels import MACHINE_PASSED, OUTCOMES
from ybda_qc.report.vocabulary import COLON
from ybda_qc.watch.documents import event_of
from ybda_qc.watch.news import Message, News, ServiceNews, StationNews
from ybda_qc.watch.screen_lists import WORDS_OF_EVENTS
from ybda_qc.watch.screen_text import duration, sentence

WAITING: Final = "waiting"
"""Kind of a line about a file that is waited for; no event of the ledger."""
_TELL_AFTER: Final = (30.0, 5 * 60.0, 30 * 60.0, 2 * 3600.0)  # seconds
_SHOWN_FINDINGS: Final = 3
_SENTENCES: Final = ("machine/", "coverage/")  # reasons that tell by themselves how many they are about
_LINE_BREAKS: Final = re.compile("[\x7f-\x9f\u2028\u2029]")  # that JSON lets stand

_WORDS: Final[Mapping[str, str]] = {
    **{str(kind): words for kind, words in WORDS_OF_EVENTS.items()},
    **{verdict.word: words for verdict, words in VERDICTS.items()},
    **{str(outcome): words for outcome, words in OUTCOMES.items()},
    str(Outcome.ACCEPT): MACHINE_PASSED,
    WAITING: _("waiting"),
}

_Line = dict[str, Any]
_Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class JsonLog:
    r"""A listener that writes a JSON document a line.

    Every line has ``at`` (ISO 8601 with zone), ``kind`` (an `EventKind` word, or ``waiting``), ``inbox`` and
    ``subject`` (page, file or item), then what `ybda_qc.watch.documents` lists for that kind; of a page for
    example ``verdict``, ``seconds`` and ``findings`` with ``check``, ``code``, ``verdict``, ``message``.
    ``waiting`` has ``seconds`` and ``message``, and is written when a file has waited for 30 seconds, 5
    minutes, 30 minutes and 2 hours. ``trouble`` and ``recovered`` are written when that changes.

    Parameters
    ----------
    stream
        Where the lines go. Where its encoding is not UTF-8, other characters than ASCII are escaped.
    say
        Language of the sentences, English by default.
    clock
        Tells the time of lines that are no events.
    """

    def __init__(self, stream: TextIO, say: Translator | None = None, *, clock: _Clock = _now) -> None:
        self._stream = stream
        self._lines = _LogLines(say or translator("en"), clock)

    def hear(self, news: News) -> None:
        """Write what is worth a line."""
        for line in self._lines.of(news):
            if _is_unicode(self._stream):
                text = dump_line(line).decode().rstrip("\n")
                text = _LINE_BREAKS.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
            else:
                text = json.dumps(line, allow_nan=False, separators=(",", ":"))
            _write(self._stream, text)


class TextLog:
    """A listener that writes a line of text an event: time, kind, subject, then what happened.

    Parameters
    ----------
    stream
        Where the lines go.
    say
        Language of the sentences.
    clock
        Tells the time of lines that are no events.
    """

    def __init__(self, stream: TextIO, say: Translator, *, clock: _Clock = _now) -> None:
        self._stream = stream
        self._say = say
        self._lines = _LogLines(say, clock)

    def hear(self, news: News) -> None:
        """Write what is worth a line."""
        for line in self._lines.of(news):
            moment = datetime.fromisoformat(line["at"]).astimezone().isoformat(timespec="seconds")
            told = (line["inbox"], line["subject"], *self._told(line))
            parts = [f"{moment} {self._word(line['kind'])}", *(sentence(str(part)) for part in told if part)]
            _write(self._stream, "  ".join(parts))

    def _told(self, line: Mapping[str, Any]) -> Iterator[str]:
        match line["kind"]:
            case EventKind.PAGE:
                yield from self._told_of_page(line)
            case EventKind.ITEM_MOVED:
                yield f"→ {line['moved_to']}"
            case EventKind.FILE_RENAMED:
                yield f"← {line['other']}"
            case EventKind.ITEM_REOPENED:
                pass  # how many pages it has is told when it is closed again
            case "waiting":
                values = {"time": duration(line["seconds"], self._say), "why": line["message"]}
                yield self._say(_("waiting {time}: {why}"), values)
            case _:
                yield self._word(line.get("outcome") or "") or line.get("message") or ""
                if "reasons" in line:
                    yield self._say(_("pages: {count}"), {"count": line["pages"]})
                    shown = line["reasons"][:_SHOWN_FINDINGS]
                    yield self._say(_("; ")).join(map(self._reason, shown))

    def _told_of_page(self, line: Mapping[str, Any]) -> Iterator[str]:
        yield self._word(line["verdict"])
        if line["seconds"] is not None:
            yield self._say(_("{seconds:.1f} s"), {"seconds": line["seconds"]})
        for finding in line["findings"][:_SHOWN_FINDINGS]:
            message, remedy = finding["message"], finding["remedy"]
            yield f"{message.rstrip('.。')}{self._say(COLON)}{remedy}" if remedy else message
        rest = len(line["findings"]) - _SHOWN_FINDINGS + line["more"]
        if rest > 0:
            yield self._say(_("and {count} more"), {"count": rest})
        if line["fault"] is not None:
            yield self._say(_("{cause} ({stage})"), line["fault"])

    def _reason(self, reason: Mapping[str, Any]) -> str:
        text = str(reason["text"])
        if reason["code"].startswith(_SENTENCES):
            return text
        return self._say(_("{text} ({count})"), {"text": text, "count": reason["count"]})

    def _word(self, code: str) -> str:
        """A word of the contract as the reader says it; English readers have the word itself."""
        return code if self._say.lang == "en" else self._say(_WORDS.get(code, code))


class _LogLines:
    """Lines from news; of how stations stand only what is new: trouble, and files that wait long."""

    def __init__(self, say: Translator, clock: _Clock) -> None:
        self._say = say
        self._clock = clock
        self._troubles: dict[str, Message] = {}  # in how a folder stands
        self._told: dict[str, str] = {}  # by the service: inbox -> template
        self._waits: dict[str, dict[str, int]] = {}  # inbox -> path -> how many of the times were told

    def of(self, news: News) -> Iterator[_Line]:
        """The lines that a piece of news is worth."""
        if isinstance(news, StationNews):
            yield from self._trouble_lines(news)
            yield from self._waiting_lines(news)
            return
        if isinstance(news, ServiceNews):
            if news.kind is EventKind.TROUBLE:
                self._told[news.inbox] = news.message.template
                known = self._troubles.get(news.inbox)
                if known is not None and known.template == news.message.template:
                    del self._troubles[news.inbox]
                    return  # told when it began
            elif news.kind is EventKind.RECOVERED:
                self._told.pop(news.inbox, None)
        event = event_of(news, self._say)
        if event is not None:
            document = dict(event.document)
            head = self._head(str(event.kind), str(document.pop("inbox", "")), event.subject, event.at)
            yield head | document

    def _trouble_lines(self, news: StationNews) -> Iterator[_Line]:
        known, trouble = self._troubles.get(news.inbox), news.trouble
        if trouble is None:
            if self._troubles.pop(news.inbox, None) is not None:
                yield self._head(EventKind.RECOVERED, news.inbox) | {"message": ""}
        elif known is None or known.template != trouble.template:
            if self._told.get(news.inbox) == trouble.template:  # the service has told of it
                return
            self._troubles[news.inbox] = trouble
            message = self._say(trouble.template, trouble.values)
            yield self._head(EventKind.TROUBLE, news.inbox) | {"message": message}

    def _waiting_lines(self, news: StationNews) -> Iterator[_Line]:
        known = self._waits.get(news.inbox, {})
        times = {file.path: sum(file.seconds >= after for after in _TELL_AFTER) for file in news.waiting}
        self._waits[news.inbox] = {path: count for path, count in times.items() if count}
        for file in news.waiting:
            if times[file.path] > known.get(file.path, 0):
                why = self._say(file.why.template, file.why.values)
                head = self._head(WAITING, news.inbox, file.path)
                yield head | {"seconds": round(file.seconds, 1), "message": why}

    def _head(self, kind: str, inbox: str, subject: str = "", at: datetime | None = None) -> _Line:
        moment = (at or self._clock()).isoformat(timespec="milliseconds")
        return {"at": moment, "kind": str(kind), "inbox": inbox, "subject": subject}


def _is_unicode(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")


def _write(stream: TextIO, text: str) -> None:
    """A line, or nothing: a full disk, a reader that has gone, a stream that was closed."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    with contextlib.suppress(OSError, ValueError):
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
