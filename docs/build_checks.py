"""Writes ``docs/checks/``: one page for each check and an index, from the classes and the shipped profiles.

``python docs/build_checks.py`` writes; ``--check`` writes nothing and fails if a page differs.
"""

import argparse
import inspect
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from ybda_qc.app.profiles import Registered, load_profile, registered_checks
from ybda_qc.checks._base import Check, Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, CodeLimits, Flag, Graded
from ybda_qc.profile import Profile, list_profiles

FOLDER = Path(__file__).parent / "checks"
PICTURES = Path(__file__).parent / "images" / "checks"
EXAMPLES = Path(__file__).parent / "check_examples.toml"
ACCURACY = Path(__file__).parent / "accuracy.json"
ACCURACY_OF_TEXT = Path(__file__).parent / "accuracy_text.json"
INDEX = "README.md"
_GENERATED = "<!-- Made by docs/build_checks.py from the class and the profiles; do not edit. -->"
_NEEDS = {
    "file": "every page, whatever its damage",
    "header": "pages whose header can be read; no pixel is decoded",
    "pixels-if-any": "pages whose header can be read; the pixels are measured where they decode",
    "pixels": "pages that decode",
    "text": "pages whose text was read",
}
_EXACT = (
    "Reads what the file says of itself; nothing is estimated, so there is no error rate: a wrong finding "
    "is a fault of the program."
)
_EXACT_BATCH = (
    "Compares names, numbers and digests; nothing is estimated, so there is no error rate: a wrong finding "
    "is a fault of the program."
)
_EXACT_BATCH_CHECKS = (
    "archival_code",
    "catalogue_fields",
    "catalogue_link",
    "declared_blank",
    "file_name",
    "fixity",
    "layout",
    "media_format",
    "page_count",
    "sequence",
    "uniformity",
)
_NO_FINDINGS = "Finds nothing by itself, so there is no error rate."
_NOT_MEASURED = "Not measured yet."
_HOW_MEASURED = (
    "Found: of pages with the defect at the strength at which a person would send them back, or stronger. "
    "How it is measured, the other strengths, and real scans: [How exact the checks are](../accuracy.md)."
)
_HOW_TEXT = "How it is measured: [How exact the checks are](../accuracy.md#checks-of-text)."
_UNDERLINE = re.compile(r"^-{3,}$")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or compare them; 0 if all is well, 1 if a page differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page differs")
    wanted = render_all(registered_checks())
    if parser.parse_args(arguments).check:
        stale = differences(wanted, FOLDER)
        for line in stale:
            sys.stderr.write(f"{line}\n")
        if stale:
            sys.stderr.write("run: python docs/build_checks.py\n")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def differences(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """What is missing, stale or too much in a folder of pages; empty if nothing is."""
    there = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    lines = [f"missing: {name}" for name in wanted if name not in there]
    lines += [f"stale: {name}" for name, text in wanted.items() if name in there and there[name] != text]
    return lines + [f"no such check: {name}" for name in there if name not in wanted]


def render_all(checks: Registered) -> dict[str, str]:
    """File name to text: a page for each of our own checks, and the index."""
    own = [check for check in checks.all if check.__module__.startswith("ybda_qc.")]
    profiles = [load_profile(summary.id, checks) for summary in list_profiles()]
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    accuracy: dict[str, Any] = {}
    for path in (ACCURACY, ACCURACY_OF_TEXT):
        accuracy |= json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    pages = {
        f"{check.id}.md": render_page(check, profiles, examples.get(check.id, ""), accuracy) for check in own
    }
    return {INDEX: _render_index(own, profiles), **pages}


def render_page(
    check: type[Check], profiles: Sequence[Profile], example: str, accuracy: Mapping[str, Any]
) -> str:
    """The page of one check as Markdown.

    Parameters
    ----------
    check, profiles
        The check, and the limits in force.
    example
        Markdown that stands for a picture; empty where there is one.
    accuracy
        What `benchmarks/accuracy.py` and `benchmarks/text_checks.py` wrote; empty if they have not.
    """
    card = check.card()
    blocks = [
        _GENERATED,
        f"# {card.title} (`{card.id}`)",
        card.requirement,
        _picture(check, example),
        f"**Why.** {_capital(card.why)}",
        f"**Remedy.** {_capital(card.remedy)}",
        _scope(check),
        "## What is measured",
        *_measuring(check),
        "## Findings",
        _table(("Code", "Message", "Limits"), (_code_row(check, code) for code in check.codes)),
        *_method(check),
        "## Limits in the shipped profiles",
        *_limits(check, profiles),
        "## Known error rate",
        *_error_rate(check, accuracy),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _render_index(checks: Sequence[type[Check]], profiles: Sequence[Profile]) -> str:
    blocks = [
        _GENERATED,
        "# The checks",
        "What is looked at, page by page and over the whole batch. The weight of a finding is the profile's "
        "choice: note, review, fail, error (we could not tell) or off.",
    ]
    for title, of_pages in (("Checks of pages", True), ("Checks of the batch", False)):
        rows = [
            (f"[`{check.id}`]({check.id}.md)", check.title, check.card().requirement)
            for check in checks
            if issubclass(check, PageCheck) is of_pages
        ]
        if rows:
            blocks += [f"## {title}", _table(("Id", "Title", "Requirement"), rows)]
    blocks += [
        "## The shipped profiles",
        _table(
            ("Profile", "Title", "Checks"), ((f"`{p.id}`", p.title, str(len(p.planned))) for p in profiles)
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _picture(check: type[Check], example: str) -> str:
    """A picture of the defect, or what stands for it where a page has nothing to show."""
    if (PICTURES / f"{check.id}.jpg").exists():
        return f"![{check.title}: the defect as a report shows it](../images/checks/{check.id}.jpg)"
    text = example.strip()
    return f"**For example.** {text}" if text and not text.startswith("```") else text


def _error_rate(check: type[Check], accuracy: Mapping[str, Any]) -> Iterator[str]:
    """What the benchmark measured; an honest word where it measured nothing."""
    scores = accuracy.get("checks", {}).get(check.id)
    cases, texts = (
        {name: case for name, case in accuracy.get(kind, {}).items() if case["check"] == check.id}
        for kind in ("batch_cases", "text_cases")
    )
    if not check.codes:
        yield _NO_FINDINGS
    elif issubclass(check, PageCheck) and check.needs in (Needs.FILE, Needs.HEADER):
        yield _EXACT
    elif not scores and not cases and not texts:
        yield _EXACT_BATCH if check.id in _EXACT_BATCH_CHECKS else _NOT_MEASURED
    if scores and check.codes:
        yield _table(
            ("On generated pages", "Share", "Pages", "95 % interval"),
            [
                *(
                    (
                        f"found: {name.replace('_', ' ')}, from {case['returnable']:g} on",
                        *_rate(case["recall"]),
                    )
                    for name, case in scores["defects"].items()
                ),
                ("false alarms on sound pages", *_rate(scores["false_alarms"])),
                ("no answer on sound pages", *_rate(scores["abstained"])),
            ],
        )
    if cases:
        yield _table(("In generated batches", "Share", "Batches", "95 % interval"), _case_rows(cases))
    if texts:
        yield _table(("On generated text and pages", "Share", "Cases", "95 % interval"), _case_rows(texts))
        yield _HOW_TEXT
    if (scores and check.codes) or cases:
        yield _HOW_MEASURED


def _case_rows(cases: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, case in cases.items():
        yield f"{'found' if case['wanted'] else 'false alarm'}: {name}", *_rate(case["spoke"])


def _found(defect: str, returnable: float) -> str:
    return f"found: {defect.replace('_', ' ')}, from {returnable:g} on"


def _rate(rate: Mapping[str, Any]) -> tuple[str, str, str]:
    if not rate["total"]:
        return "-", "0", "-"
    share, low, high = (100 * part for part in (rate["hits"] / rate["total"], rate["low"], rate["high"]))
    return f"{share:.1f} %", f"{rate['hits']} of {rate['total']}", f"{low:.1f} to {high:.1f} %"


def _scope(check: type[Check]) -> str:
    if issubclass(check, PageCheck):
        return f"Scope: single pages ({_NEEDS[check.needs.value]}). Version of the method: {check.version}."
    return f"Scope: the whole batch. Version of the method: {check.version}."


def _measuring(check: type[Check]) -> Iterator[str]:
    """The docstring of the measuring function, its sections as plain paragraphs."""
    function = check.measure if issubclass(check, PageCheck) else getattr(check, "inspect", None)
    lines = (inspect.getdoc(function) or "").splitlines()
    section, kept = "", []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _UNDERLINE.match(following):
            section = line
        elif section in ("", "Returns", "Notes", "References") and not _UNDERLINE.match(line):
            is_type = section == "Returns" and line and not line.startswith(" ")
            kept.append("" if is_type else line.strip())
    for paragraph in re.split(r"\n{2,}", "\n".join(kept).strip()):
        if paragraph.strip():
            yield " ".join(paragraph.split()).replace("``", "`")


def _code_row(check: type[Check], code: Code) -> tuple[str, str, str]:
    return f"`{check.id}/{code.name}`", f"`{code.template}`", _kind(code.limits)


def _kind(model: type[CodeLimits]) -> str:
    extra = [
        f"`{name}`: {field.description or ''}".rstrip(": ")
        for name, field in model.model_fields.items()
        if name not in {*CodeLimits.model_fields, *Graded.model_fields, "verdict"}
    ]
    if issubclass(model, Above):
        kind = "a value above `note`, `review` or `fail`"
    elif issubclass(model, Below):
        kind = "a value below `note`, `review` or `fail`"
    elif issubclass(model, Flag):
        kind = "there or not; `verdict`"
    else:
        kind = ""
    return "; ".join([kind, *extra] if kind else extra)


def _method(check: type[Check]) -> Iterator[str]:
    fields = check.method.model_fields
    if fields:
        yield "## Settings of the method"
        yield f"In a profile: `[checks.{check.id}.method]`. Another setting measures all pages again."
        yield _table(
            ("Setting", "Default", "Meaning"),
            (
                (
                    f"`{name}`",
                    _value(None if field.is_required() else field.get_default()),
                    field.description or "",
                )
                for name, field in fields.items()
            ),
        )


def _limits(check: type[Check], profiles: Sequence[Profile]) -> Iterator[str]:
    planned = [profile for profile in profiles if check.id in profile.planned]
    idle = [profile.id for profile in profiles if profile not in planned]
    rows: list[tuple[str, ...]] = []
    for code in check.codes:
        alike: dict[tuple[str, str, str], list[str]] = {}
        for profile in planned:
            limits = profile.checks[check.id].limits[code.name]
            alike.setdefault((_setting(limits), limits.source.value, limits.clause), []).append(profile.id)
        for (setting, source, clause), ids in alike.items():
            rows.append((f"`{code.name}`", ", ".join(f"`{id_}`" for id_ in ids), setting, source, clause))
    if rows:
        yield _table(("Code", "Profiles", "Limits", "Source", "Clause or reason"), rows)
    if idle:
        yield f"Not planned by: {', '.join(f'`{id_}`' for id_ in idle)}."


def _setting(limits: BaseModel) -> str:
    names = [name for name in type(limits).model_fields if name not in CodeLimits.model_fields]
    order = sorted(names, key=lambda name: name not in ("verdict", "note", "review", "fail"))
    values = ((name, getattr(limits, name)) for name in order)
    return "; ".join(f"{name} {_value(value)}" for name, value in values if value is not None) or "no limit"


def _value(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return "-"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(f"`{entry}`" for entry in value) or "none"
    return str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
