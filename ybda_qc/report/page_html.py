"""``report.html``: one file that opens offline, in two languages, with or without JavaScript."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from ybda_qc.model import CheckCard, Finding, LimitCard, Scalar, Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.against import CHANGES, Change, Difference
from ybda_qc.report.digest import MAX_PICTURES, Digest
from ybda_qc.report.display import batch_name, local, local_text, meaning, storage, visible
from ybda_qc.report.figures import LIMIT_UNITS, figure, limit_text
from ybda_qc.report.html_data import MAX_ROWS, FindingsData, data_uri, dump_script, severity_words
from ybda_qc.report.natures import natures_of
from ybda_qc.report.rows import Row
from ybda_qc.report.script_words import SCRIPT_WORDS
from ybda_qc.report.translate import Lang, translator

_LANGS: tuple[Lang, ...] = ("zh", "en")
_REASONS_AT_ONCE = 10
_REASONS_MORE = 3  # so few more are shown at once too
_PAGE_VERDICTS = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.REVIEW,
    Verdict.NOTE,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


def write_html(
    path: Path, *, summary: Summary, digest: Digest, lang: Lang, difference: Difference | None = None
) -> None:
    """Write the page.

    Parameters
    ----------
    path
        Where to write.
    summary
        Head of the report.
    digest
        All pages in brief, finished.
    lang
        The language it opens in; the other is one click away.
    difference
        Difference to an older run, if one was compared.
    """
    data = FindingsData(digest)
    style, script = resource("report.css"), resource("report.js")
    listed = digest.listed()
    listed_rows = [row for _group, rows in listed for row in rows]
    static_pictures = {row.evidence for row in listed_rows if row.evidence in digest.pictures()}
    template = environment().get_template("report.html.j2")
    stream = template.stream(
        lang=lang,
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        s=summary,
        batch_name=batch_name(summary.run.batch),
        title=labels.outcome_title(summary.decision),
        next_step=labels.next_step(summary.decision),
        not_acceptance=labels.NOT_ACCEPTANCE,
        verdicts=_verdict_shares(summary),
        papers=sorted(summary.totals.paper_sizes.items(), key=lambda pair: (-pair[1], pair[0])),
        checks=_check_rows(summary),
        natures=natures_of(summary),
        reasons=_reason_rows(summary),
        reasons_at_once=_reasons_at_once(summary),
        not_examined=labels.not_examined(summary),
        skipped_notes=labels.skipped_notes(summary, digest.damaged),
        damaged=digest.damaged,
        listed=listed,
        listed_count=len(listed_rows),
        rework_count=digest.rework.count,
        picture=_picture_of(digest),
        pictures_embedded=len(digest.pictures()),
        pictures_cap=MAX_PICTURES,
        pictures_total=digest.evidence,
        severities=severity_words(),
        data=data,
        max_rows=MAX_ROWS,
        rows=(Markup(piece) for piece in data.rows()),  # noqa: S704 - escaped by dump_script
        tables=lambda: Markup(dump_script(_tables(data, summary, digest, static_pictures))),  # noqa: S704
        difference=difference,
        difference_date=local_text(difference.older.finished_at) if difference is not None else "",
        changes=CHANGES,
        change_groups=_change_groups(difference),
        card=lambda check: _card(summary, check),
    )
    stream.enable_buffering(64)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(stream)


def resource(name: str) -> str:
    """The text of a template or a style."""
    return (resources.files("ybda_qc.report") / "templates" / name).read_text(encoding="utf-8")


def policy(style: str, script: str = "") -> str:
    """A content security policy: nothing but these blocks of the file is used, nothing is fetched."""
    scripts = f"'sha256-{_sha256(script)}'" if script else "'none'"
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: file: 'self'; "
        f"style-src 'sha256-{_sha256(style)}'; script-src {scripts}"
    )


def _sha256(block: str) -> str:
    return base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()


@cache
def environment() -> Environment:
    """Templates with the words and filters that they use."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(resource),
    )
    environment.globals.update(
        t=both,
        in_lang=lambda text, lang, **values: translator(lang)(text, values or None),
        meaning=lambda template: _in_both(meaning, template),
        figure=_both_figures,
        subject=_both_subjects,
        limit_figure=_both_limits,
        verdict_word=lambda verdict: both(labels.VERDICTS[verdict]),
        source_word=lambda source: both(labels.SOURCES[source]) if source is not None else "",
        Verdict=Verdict,
    )
    environment.filters.update(local=local, visible=visible, storage=storage, thousands=lambda n: f"{n:,}")
    return environment


def both(template: str, values: Mapping[str, Scalar] | None = None, **more: Scalar) -> Markup:
    """A text in both languages; the page shows one of them."""
    fields = {**(values or {}), **more} if values is not None or more else None
    chinese, english = (visible(translator(lang)(template, fields)) for lang in _LANGS)
    return _spans(chinese, english)


def _spans(chinese: str, english: str) -> Markup:
    """One text for each language, or only one where they are equal."""
    if chinese == english:
        return escape(english)
    return Markup('<span class="zh" lang="zh-Hans">{}</span><span class="en" lang="en">{}</span>').format(
        chinese, english
    )


def _in_both(show: Callable[[str], str], template: str) -> Markup:
    english, chinese = (show(translator(lang).template(template)) for lang in ("en", "zh"))
    return _spans(chinese, english)


def _both_subjects(finding: Finding) -> Markup:
    subject = (finding.subject or "").removeprefix("/")
    chinese, english = (visible(translator(lang).place(subject)) for lang in _LANGS)
    return _spans(chinese, english)


def _both_figures(row: Row, which: str) -> Markup:
    chinese, english = (figure(row.finding, which, translator(lang)) for lang in _LANGS)
    return _spans(chinese, english)


def _both_limits(check: str, limit: LimitCard, value: float) -> Markup:
    unit = LIMIT_UNITS.get(f"{check}/{limit.code}")
    chinese, english = (limit_text(value, unit, limit.template, translator(lang)) for lang in _LANGS)
    return _spans(chinese, english)


def _card(summary: Summary, check: str) -> CheckCard:
    """The card of a check; a bare one where there is none."""
    if check == labels.COVERAGE_CARD.id:
        return labels.COVERAGE_CARD
    return summary.cards.get(check) or CheckCard(id=check, title=check, requirement="", why="", remedy="")


def _verdict_shares(summary: Summary) -> list[dict[str, Any]]:
    """Pages by verdict with places in a bar of 1000 units."""
    counts = summary.totals.pages_by_verdict
    total = sum(counts.values()) or 1
    shares, left = [], 0.0
    for verdict in _PAGE_VERDICTS:
        count = counts.get(verdict, 0)
        width = 1000 * count / total
        if count:
            width = max(width, 4)  # a single bad page of a hundred thousand must be seen
        shares.append({"verdict": verdict, "count": count, "left": left, "width": width})
        left += width
    scale = 1000 / max(left, 1)
    for share in shares:
        share["left"], share["width"] = round(share["left"] * scale, 2), round(share["width"] * scale, 2)
    return shares


def _check_rows(summary: Summary) -> list[dict[str, Any]]:
    counts = summary.totals.findings_by_check
    planned = [*summary.run.page_checks, *summary.run.batch_checks]
    others = [check for check in counts if check not in planned]
    return [
        {
            "card": _card(summary, check),
            "count": counts.get(check, 0),
            "batch": check in summary.run.batch_checks,
        }
        for check in [*planned, *others]
    ]


def _reasons_at_once(summary: Summary) -> int:
    """How many reasons stand above the fold: those after them wait for a click, so that findings are near."""
    count = len(summary.decision.reasons)
    return count if count <= _REASONS_AT_ONCE + _REASONS_MORE else _REASONS_AT_ONCE


def _reason_rows(summary: Summary) -> list[dict[str, Any]]:
    """Reasons with their amounts and where their limits come from."""
    return [
        {
            "reason": reason,
            "amount": both(*labels.amount(reason, summary)),
            "source": labels.limit_source(reason, summary),
        }
        for reason in summary.decision.reasons
    ]


def _picture_of(digest: Digest) -> Any:
    used: set[str] = set()

    def picture(row: Row) -> tuple[str, str] | None:
        """Path and data URI of an embedded picture, the first time it is asked for."""
        if row.evidence is None or row.evidence in used or row.evidence not in digest.pictures():
            return None
        used.add(row.evidence)
        return row.evidence, data_uri(digest.pictures()[row.evidence])

    return picture


def _tables(data: FindingsData, summary: Summary, digest: Digest, already: set[str]) -> dict[str, Any]:
    defects = {(kind[0], kind[1]) for kind in data.tables()["kinds"]}
    ids = {check for check, _ in defects}
    cards = {check: _card(summary, check) for check in sorted(ids)}
    return data.tables() | {
        "checks": {
            check: [
                [translator(lang)(text) for lang in ("en", "zh")]
                for text in (card.title, card.requirement, card.why, card.remedy)
            ]
            for check, card in cards.items()
        },
        "defects": {
            f"{check}/{limit.code}": [translator(lang)(limit.title) for lang in ("en", "zh")]
            for check, card in cards.items()
            for limit in card.limits
            if (check, limit.code) in defects
        },
        "verdicts": {
            verdict.word: [translator(lang)(word) for lang in ("en", "zh")]
            for verdict, word in labels.VERDICTS.items()
        },
        "words": {
            name: [translator(lang)(text) for lang in ("en", "zh")] for name, text in SCRIPT_WORDS.items()
        },
        "pictures": {
            name: data_uri(picture) for name, picture in digest.pictures().items() if name not in already
        },
    }


def _change_groups(difference: Difference | None) -> list[tuple[Change, list[Any]]]:
    if difference is None:
        return []
    order = (Change.REMAINING, Change.NEW, Change.UNCLEAR, Change.REMOVED, Change.MENDED)
    groups = [(change, [c for c in difference.listed if c.change is change]) for change in order]
    return [(change, entries) for change, entries in groups if entries]
