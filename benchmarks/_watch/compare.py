"""Whether what the service left behind is what lies in the folder, and what a plain run says of it."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from _watch.heard import NO_BYTES, Heard
from _watch.history import Content, History
from _watch.journal import NOT_A_PAGE, UNKNOWN_PAGES

_CLOCK_STEP_SECONDS = 0.01  # of the times in the log
_EXAMPLES = 3


@dataclass(slots=True)
class Problems:
    """What is not as it should be, by kind, with examples."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, example: str) -> None:
        """Count one."""
        self.counts[kind] += 1
        if len(self.examples[kind]) < _EXAMPLES:
            self.examples[kind].append(example)

    def print(self) -> None:
        """Print all kinds, or that there are none."""
        if not self.counts:
            print("  no difference")
        for kind, count in sorted(self.counts.items()):
            print(f"  {kind}: {count}, for example {'; '.join(self.examples[kind])}")


def compare_with_folder(final: Mapping[str, Content], folder: Path, problems: Problems) -> None:
    """Whether the writers know what they have written; otherwise the benchmark itself is wrong."""
    there = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    for path in sorted(there.keys() | final.keys()):
        if path not in final or there.get(path) != final[path].sha256:
            problems.add("the writers do not know their own folder", path)


def compare_with_results(final: Mapping[str, Content], out: Path, problems: Problems) -> int:
    """Whether each page of each file has exactly one result, for the content that lies there; how many."""
    frames: dict[str, list[int]] = defaultdict(list)
    for line in read_pages(out):
        path = line["path"]
        frames[path].append(line["frame"])
        if path not in final or final[path].pages == NOT_A_PAGE:
            problems.add("result of a file that is not there", path)
        elif (line["sha256"] or NO_BYTES) != final[path].sha256:
            problems.add(f"result of another content ({final[path].way})", path)
    for path, content in final.items():
        if content.pages == NOT_A_PAGE:
            continue
        found = sorted(frames.get(path, ()))
        wanted = list(range(1, content.pages + 1))
        if not found:
            problems.add(f"no result ({content.way})", path)
        elif len(found) != len(set(found)):
            problems.add(f"several results ({content.way})", path)
        elif content.pages != UNKNOWN_PAGES and found != wanted:
            problems.add(f"results of {len(found)} pages instead of {content.pages} ({content.way})", path)
    return sum(map(len, frames.values()))


def read_too_early(history: History, heard: Heard, problems: Problems) -> int:
    """Verdicts on a content that was not complete at that place by then; how many."""
    count = 0
    for verdict in heard.verdicts:
        complete = (
            content.sha256 == verdict.sha256 and content.since <= verdict.at + _CLOCK_STEP_SECONDS
            for content in history.contents.get(verdict.place, ())
        )
        if not any(complete):
            count += 1
            way = history.way_at(verdict.place, verdict.at)
            problems.add(f"read before it was complete ({way})", "/".join(verdict.place))
    return count


def compare_with_run(out: Path, run_out: Path, problems: Problems) -> bool:
    """Whether the service's results are those of `run`, byte for byte."""
    same = (out / "pages.jsonl").read_bytes() == (run_out / "pages.jsonl").read_bytes()
    if not same:
        _compare_pages(out, run_out, problems)
    _compare_reports(out, run_out, problems)
    _compare_evidence(out, run_out, problems)
    return same


def compare_items(out: Path, problems: Problems) -> int:
    """Whether each item has its report, with the pages that stand in ``pages.jsonl``; how many have."""
    items: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in read_pages(out):
        items[line["item"]].append(line)
    reports = {
        path.relative_to(out).as_posix().removesuffix(".qc.json"): path for path in out.rglob("*.qc.json")
    }
    for item in sorted(items.keys() | reports.keys()):
        if item not in reports:
            problems.add("item without a report", item)
        elif item not in items:
            problems.add("report of an item that is not there", item)
        else:
            _compare_item(json.loads(reports[item].read_bytes()), item, items[item], problems)
    return len(reports)


def _compare_item(report: dict[str, Any], item: str, pages: list[dict[str, Any]], problems: Problems) -> None:
    if report["item"] != item:
        problems.add("item report under the name of another", f"{item}: {report['item']}")
    if report["pages"] != pages:
        names = [page["page"] for page in report["pages"]], [page["page"] for page in pages]
        kind = "other pages" if names[0] != names[1] else "another result of a page"
        problems.add(f"item report with {kind}", f"{item}: {len(names[0])} and {len(names[1])} pages")
    if report["decision"]["outcome"] not in ("accept", "hold", "reject"):
        problems.add("item report without a decision", item)


def _compare_pages(out: Path, run_out: Path, problems: Problems) -> None:
    ours = {line["page"]: line for line in read_pages(out)}
    theirs = {line["page"]: line for line in read_pages(run_out)}
    problems.add("pages.jsonl differs from that of run", f"{len(ours)} and {len(theirs)} pages")
    for page in sorted(ours.keys() | theirs.keys()):
        if page not in theirs or page not in ours:
            problems.add("page only of the " + ("service" if page in ours else "run"), page)
            continue
        for key in ours[page].keys() | theirs[page].keys():
            if ours[page].get(key) != theirs[page].get(key):
                problems.add(f"pages.jsonl: another {key}", _difference(page, key, ours, theirs))


def _difference(
    page: str, key: str, ours: Mapping[str, dict[str, Any]], theirs: Mapping[str, dict[str, Any]]
) -> str:
    one, other = (json.dumps(side[page].get(key), ensure_ascii=False) for side in (ours, theirs))
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, start - 40)
    return f"{page}: …{one[start : start + 90]}… but …{other[start : start + 90]}…"


def _compare_reports(out: Path, run_out: Path, problems: Problems) -> None:
    ours, theirs = (json.loads((folder / "report.json").read_bytes()) for folder in (out, run_out))
    for key in ("coverage", "totals", "findings"):
        if ours[key] != theirs[key]:
            problems.add(
                f"report.json: another {key}", f"{str(ours[key])[:200]} but {str(theirs[key])[:200]}"
            )
    for key in ("outcome", "scope", "reasons"):
        one, other = ours["decision"][key], theirs["decision"][key]
        if one != other:
            problems.add(f"report.json: another {key} of the decision", f"{one} but {other}")


def _compare_evidence(out: Path, run_out: Path, problems: Problems) -> None:
    """Every picture that a finding names must be there."""
    named = {
        finding["evidence"]
        for line in read_pages(run_out)
        for finding in line["findings"]
        if finding.get("evidence")
    }
    for name in sorted(named):
        if not (out / "evidence" / name).is_file() and not (out / name).is_file():
            problems.add("a picture of a finding is missing", name)


def read_pages(out: Path) -> list[dict[str, Any]]:
    """The lines of ``pages.jsonl``."""
    with (out / "pages.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
