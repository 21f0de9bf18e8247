"""Writes docs/accuracy.md, keeping what was written by hand in it, and docs/accuracy.json."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _accuracy import prose
from _accuracy.batches import is_wanted
from _accuracy.cases import scale_of
from _accuracy.drawn import BLANKS
from _accuracy.real import Real
from _accuracy.score import CheckScore, Errors, Rate

RECALL, ALARMS, TOGETHER, BLANK = 0.98, 0.005, 0.02, 0.995
QUANTITY_TARGETS = {  # check, mean error at most, share that is close at least
    "skew, degrees": ("skew", 0.05, 0.99),
    "orientation, degrees": ("orientation", float("inf"), 0.99),
}
_BY_HAND = re.compile(r"<!-- (?:by hand|made by) .*?<!-- end of what .*?-->\n", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that was measured."""

    command: str
    profile: str
    checks: Mapping[str, CheckScore]
    together: Rate
    quantities: Mapping[str, Errors]
    blanks: Mapping[str, tuple[Rate, Rate]]
    batches: Mapping[str, tuple[str, Rate]]
    real: Real | None
    real_checks: Mapping[str, CheckScore]


def write_document(results: Results, folder: Path, remarks: Path) -> None:
    """Write both files into a folder."""
    path = folder / "accuracy.md"
    by_hand = _BY_HAND.findall(path.read_text(encoding="utf-8")) if path.exists() else []
    why = tomllib.loads(remarks.read_text(encoding="utf-8"))["why"]
    blocks = [*_blocks(results, why), *(block.strip() for block in by_hand)]
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    text = json.dumps(document(results), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "accuracy.json").write_text(text + "\n", encoding="utf-8")


def console(results: Results, remarks: Path) -> str:
    """The same as Markdown, for the terminal."""
    return "\n\n".join(_blocks(results, tomllib.loads(remarks.read_text(encoding="utf-8"))["why"]))


def document(results: Results) -> dict[str, Any]:
    """The figures for a machine."""
    return {
        "schema": "ybda-qc/accuracy/1",
        "command": results.command,
        "profile": results.profile,
        "targets": {"recall": RECALL, "false_alarms": ALARMS, "false_alarms_together": TOGETHER},
        "false_alarms_together": results.together.document(),
        "checks": {
            check: {
                "false_alarms": score.sound.document(),
                "notes_on_sound_pages": score.noted.document(),
                "abstained": score.abstained.document(),
                "precision": score.precision.document(),
                "recall": score.recall.document() if score.cases else None,
                "defects": {
                    case.case.defect: {
                        "returnable": scale_of(case.case.defect).returnable,
                        "recall": case.recall.document(),
                        "by_strength": {
                            f"{step:g}": rate.document() for step, rate in sorted(case.by_strength.items())
                        },
                    }
                    for case in score.cases
                },
            }
            for check, score in results.checks.items()
        },
        "batch_cases": {
            label: {"check": check, "wanted": is_wanted(label), "spoke": rate.document()}
            for label, (check, rate) in results.batches.items()
        },
    }


def _blocks(results: Results, why: Mapping[str, str]) -> Iterator[str]:
    yield prose.HEAD.format(command=results.command, profile=results.profile, sound=results.together.total)
    yield from _targets(results, why)
    yield "## Checks of pages\n\n" + _table(
        (
            "Check",
            "False alarms on sound pages",
            "Notes",
            "No answer",
            "Recall at bold strength",
            "Precision",
        ),
        _check_rows(results.checks),
    )
    yield prose.PAGES
    yield "## Recall by strength\n\nFound / pages, in per cent.\n\n" + "\n\n".join(_recall(results.checks))
    yield (
        "## Measured quantities\n\n"
        + _table(
            ("Quantity", "pages", "no answer", "mean error", "median", "95 %", "99 %", "worst", "close"),
            ((name, *errors.row()) for name, errors in results.quantities.items()),
        )
        + f"\n\n{prose.CLOSE}"
    )
    if results.blanks:
        yield "## Blank pages 空白页\n\n" + _table(
            ("Sheet", "called blank", "called nearly blank"),
            ((name, str(blank), str(nearly)) for name, (blank, nearly) in results.blanks.items()),
        )
    if results.batches:
        yield "## Checks of the batch\n\nMade-up deliveries through a real run.\n\n" + _table(
            ("Case", "Check", "ought to speak", "spoke"),
            (
                (label, f"`{check}`", "yes" if is_wanted(label) else "no", str(rate))
                for label, (check, rate) in results.batches.items()
            ),
        )
    yield "## Where false alarms come from\n\n" + (_alarms(results.checks) or "None.")
    if results.real is not None:
        yield from _real(results.real, results.real_checks)


def _targets(results: Results, why: Mapping[str, str]) -> Iterator[str]:
    """The targets, and each one that is missed: by how much and why."""
    yield prose.TARGETS.format(together=results.together)
    missed = [*_missed_by_checks(results, why), *_missed_by_quantities(results, why)]
    yield "Missed:\n\n" + "\n".join(missed) if missed else "All are met."


def _missed_by_checks(results: Results, why: Mapping[str, str]) -> Iterator[str]:
    if (results.together.share or 0) > TOGETHER:
        yield f"- **False alarms over all checks together:** {results.together}; {_reason('together', why)}"
    for check, score in results.checks.items():
        if (score.sound.share or 0) > ALARMS:
            yield f"- **`{check}`, false alarms:** {score.sound}; {_reason(check, why)}"
        for case in score.cases:
            recall, defect = case.recall, case.case.defect
            if recall.share is not None and recall.share < RECALL:
                figures = f"{recall}, {100 * (RECALL - recall.share):.1f} points short"
                reason = _reason(f"{check}.{defect}", why, check)
                yield f"- **`{check}`, recall of {_words(defect)}:** {figures}; {reason}"
    for label, (check, rate) in results.batches.items():
        if rate.share is not None and (rate.share < RECALL if is_wanted(label) else rate.share > ALARMS):
            yield f"- **`{check}`, {label}:** spoke on {rate}; {_reason(check, why)}"


def _missed_by_quantities(results: Results, why: Mapping[str, str]) -> Iterator[str]:
    for name, (check, mean, share) in QUANTITY_TARGETS.items():
        errors = results.quantities[name]
        if errors.values and (errors.mean > mean or errors.share_within < share):
            figures = f"mean error {errors.mean:.3g}, {100 * errors.share_within:.1f} % close"
            yield f"- **`{check}`, {name}:** {figures}; {_reason(check, why)}"
    for kind, (blank, nearly) in results.blanks.items():
        is_blank = BLANKS[kind][0]
        if (blank.share or 0) < BLANK if is_blank else blank.hits:
            figures = f"{blank} called blank, {nearly} nearly blank"
            yield f"- **`blank_page`, {kind}:** {figures}; {_reason('blank_page', why)}"


def _reason(key: str, why: Mapping[str, str], fallback: str = "") -> str:
    return why.get(key) or why.get(fallback) or "not explained yet"


def _check_rows(checks: Mapping[str, CheckScore]) -> Iterator[Sequence[str]]:
    for check, score in checks.items():
        recall = str(score.recall) if score.cases else "-"
        precision = str(score.precision) if score.cases else "-"
        notes = f"{score.noted.hits}/{score.noted.total}"
        abstained = f"{100 * (score.abstained.share or 0):.1f} %"
        yield f"[`{check}`](checks/{check}.md)", str(score.sound), notes, abstained, recall, precision


def _recall(checks: Mapping[str, CheckScore]) -> Iterator[str]:
    for check, score in checks.items():
        for case in score.cases:
            scale = scale_of(case.case.defect)
            head = [f"{scale.quantity}, {scale.unit}".rstrip(", ")]
            row = [f"`{check}` finds {_words(case.case.defect)}"]
            for step in scale.steps:
                rate = case.by_strength[step]
                figure = "-" if rate.share is None else f"{100 * rate.share:.0f} ({rate.hits}/{rate.total})"
                is_mark = step == scale.returnable
                head.append(f"**{step:g}**" if is_mark else f"{step:g}")
                row.append(f"**{figure}**" if is_mark else figure)
            reason = f"Sent back from {scale.returnable:g} on: {scale.reason}."
            notes = " A note counts as found: the original may be so." if case.case.note_counts else ""
            yield _table(head, [row]) + f"\n\n{reason}{notes}"


def _alarms(checks: Mapping[str, CheckScore]) -> str:
    lines = []
    for check, score in checks.items():
        if score.alarms:
            kinds = ", ".join(f"{kind} {count}" for kind, count in score.alarms.most_common(6))
            lines.append(f"- `{check}` on sound pages, by code and layout: {kinds}")
        if score.astray:
            kinds = ", ".join(f"{_words(kind)} {count}" for kind, count in score.astray.most_common(6))
            lines.append(f"- `{check}` on pages with another defect: {kinds}")
    return "\n".join(lines)


def _real(real: Real, checks: Mapping[str, CheckScore]) -> Iterator[str]:
    yield prose.REAL.format(files=real.files, pages=real.pages, faults=real.faults)
    yield _table(
        ("Question", "right", "wrong", "unsure"),
        (
            (name, str(found.right), str(len(found.wrong)), str(len(found.unsure)))
            for name, found in real.questions.items()
        ),
    )
    wrong = [f"- {name}: {note}" for name, found in real.questions.items() for note in found.wrong]
    yield "What is wrong:\n\n" + ("\n".join(wrong) or "nothing.")
    yield prose.ALARMS.format(sound=real.sound)
    yield _table(
        ("Finding", "scans", "for example"),
        (
            (f"`{code}`", str(len(files)), ", ".join(files[:3]))
            for code, files in sorted(real.alarms.items(), key=lambda entry: -len(entry[1]))
        ),
    )
    yield prose.LAID
    yield _table(("Check", "Defect", "found at the strength to send back", "at the next"), _real_rows(checks))


def _real_rows(checks: Mapping[str, CheckScore]) -> Iterator[Sequence[str]]:
    for check, score in checks.items():
        for case in score.cases:
            scale = scale_of(case.case.defect)
            at = scale.steps.index(scale.returnable)
            rates = [case.by_strength[step] for step in scale.steps[at : at + 2]]
            if rates[0].total:
                yield f"`{check}`", _words(case.case.defect), *map(str, [*rates, Rate()][:2])


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
