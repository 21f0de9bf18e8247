"""News as events of the ledger: what the log, the webhook and station software are told.

The documents are a contract with other programs: keys are added, never renamed or taken away. Sentences are
in the language of the service; what programs decide by are the words and codes.

``page``
    ``page`` (``path#frame``), ``path``, ``frame``, ``item``, ``sha256``, ``verdict`` (``pass``, ``note``,
    ``review``, ``fail``, ``error``), ``seconds`` from the completion of the file, or null, ``was`` (digest of
    the scan that it replaces, or null), ``again`` (whether this scan has had another verdict before: its text
    was read meanwhile), ``findings``, the heaviest first: ``check``, ``code``, ``verdict``,
    ``title``, ``message``, ``remedy``, ``value``, ``limit``, ``unit``; ``more``, how many findings are left
    out; ``fault`` (``cause``, ``stage``) where the program failed on the page, else null. ``path_hex`` only
    where the path is not UTF-8.
``file-replaced``, ``file-renamed``, ``file-removed``
    ``path``, ``other`` (the earlier path of a renamed file, or null).
``item-closed``, ``item-updated``, ``item-reopened``, ``item-moved``
    ``item``, ``outcome`` (``accept``, ``hold``, ``reject``, or null), ``reasons``: ``code``, ``text``,
    ``count``; ``more``; ``pages``, ``by`` (``marker``, ``next``, ``rest``, ``stop``, or null), ``report``
    (path below the output folder, or null), ``moved_to`` (or null).
``reports``
    ``outcome``, ``reasons``, ``more``, ``pages``, ``folder``.
``started``, ``stopped``, ``reloaded``, ``trouble``, ``recovered``
    ``message``.

Every document begins with ``inbox``, the name of the watched folder, empty for the service as a whole.
"""

from collections.abc import Sequence
from typing import Any, Final

from ybda_qc.model import Finding, Reason
from ybda_qc.model.watching import Event, EventKind
from ybda_qc.report import Translator
from ybda_qc.report.documents import plain
from ybda_qc.watch.news import (
    FileNews,
    ItemNews,
    News,
    OpenPages,
    PageNews,
    ReportNews,
    ServiceNews,
    StationNews,
)

MOST_FINDINGS: Final = 20
_MOST_REASONS: Final = 20

Document = dict[str, Any]


def event_of(news: News, say: Translator) -> Event | None:
    """The event that a piece of news is, for ledger, log and webhook.

    Parameters
    ----------
    news
        Of any kind.
    say
        Language of titles, messages and remedies.

    Returns
    -------
    Event or None
        None for how a station stands, or what was told in an earlier life: that is no event.
    """
    match news:
        case StationNews() | OpenPages():
            return None
        case PageNews():
            return Event(
                kind=EventKind.PAGE,
                at=news.at,
                subject=str(news.judged.result.page),
                document=_page(news, say),
            )
        case FileNews():
            document: Document = {"inbox": news.inbox, "path": news.path, "other": news.other or None}
            return Event(kind=news.kind, at=news.at, subject=news.path, document=document)
        case ItemNews():
            return Event(kind=news.kind, at=news.at, subject=news.item, document=_item(news, say))
        case ReportNews():
            return Event(kind=EventKind.REPORTS, at=news.at, document=_reports(news, say))
        case ServiceNews():
            document = {"inbox": news.inbox, "message": say(news.message.template, news.message.values)}
            return Event(kind=news.kind, at=news.at, document=document)


def _page(news: PageNews, say: Translator) -> Document:
    result = news.judged.result
    findings = sorted(news.judged.findings, key=lambda finding: -finding.verdict)
    fault = result.fault
    document: Document = {"inbox": news.inbox, "page": str(result.page), "path": result.page.path}
    if result.path_hex is not None:
        document["path_hex"] = result.path_hex
    return document | {
        "frame": result.page.frame,
        "item": news.item,
        "sha256": result.sha256,
        "verdict": news.judged.verdict.word,
        "seconds": None if news.seconds is None else round(news.seconds, 3),
        "was": news.was or None,
        "again": news.is_told_again,
        "findings": [_finding(finding, news, say) for finding in findings[:MOST_FINDINGS]],
        "more": max(0, len(findings) - MOST_FINDINGS),
        "fault": None if fault is None else {"cause": fault.cause, "stage": str(fault.stage)},
    }


def _finding(finding: Finding, news: PageNews, say: Translator) -> Document:
    return {
        "check": finding.check,
        "code": finding.code,
        "verdict": finding.verdict.word,
        "title": say(news.titles.get(finding.key, finding.key)),
        "message": say(finding.template, finding.values),
        "remedy": say(news.remedies.get(finding.check, "")),
        "value": plain(finding.value),
        "limit": plain(finding.limit),
        "unit": None if finding.unit is None else str(finding.unit),
    }


def _item(news: ItemNews, say: Translator) -> Document:
    return {
        "inbox": news.inbox,
        "item": news.item,
        "outcome": None if news.outcome is None else str(news.outcome),
        **_reasons(news.reasons, say),
        "pages": news.pages,
        "by": news.by or None,
        "report": news.report or None,
        "moved_to": news.moved_to or None,
    }


def _reports(news: ReportNews, say: Translator) -> Document:
    return {
        "inbox": news.inbox,
        "outcome": str(news.outcome),
        **_reasons(news.reasons, say),
        "pages": news.pages,
        "folder": news.folder,
    }


def _reasons(reasons: Sequence[Reason], say: Translator) -> Document:
    shown = [
        {"code": reason.code, "text": say(reason.template, reason.values), "count": reason.count}
        for reason in reasons[:_MOST_REASONS]
    ]
    return {"reasons": shown, "more": max(0, len(reasons) - _MOST_REASONS)}
