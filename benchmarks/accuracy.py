"""How exact every check is: precision, recall by strength, abstention, errors of what is measured.

    python benchmarks/accuracy.py [--corpus DIR] [--pages 12] [--sound 320] [--quick] [--checks skew,speckle]
                                  [--seed 1] [--profile da-t-31-2017] [--jobs 2] [--keep DIR] [--write]

Draws sound pages of all layouts, papers, colour modes and resolutions, lays defects of graded strength over
them, writes files, and runs the product's checks by the plan of a profile; checks of the batch go through a
real run. `--corpus` does the same with a folder of real scans that has a MANIFEST.csv: answers beside the
truth, findings on sound scans, and the defects laid over them. `--checks` measures some checks only (without
the batch, unless one of its checks is named). `--keep` keeps examples of misses and false alarms. `--write`
writes docs/accuracy.md and docs/accuracy.json. Exits with 1 if the program itself failed on a page.
"""

import argparse
import itertools
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from _accuracy import drawn, real
from _accuracy.batches import compare_batches
from _accuracy.document import Results, console, write_document
from _accuracy.examine import Outcome
from _accuracy.pool import Settings, run_pool
from _accuracy.score import blank_scores, quantities, score

from ybda_qc.app.profiles import registered_checks

DOCS = Path(__file__).parent.parent / "docs"
REMARKS = Path(__file__).parent / "accuracy_remarks.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much is drawn."""

    pages: int  # for each strength of each defect
    sound: int
    blanks: int  # for each kind of blank sheet
    batch: int  # for each kind of case
    real: int  # for each strength of each defect


FULL = Amounts(pages=12, sound=320, blanks=10, batch=10, real=10)
QUICK = Amounts(pages=2, sound=24, blanks=1, batch=1, real=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, measure, print, write."""
    options = _parser().parse_args(arguments)
    amounts = QUICK if options.quick else FULL
    amounts = replace(amounts, pages=options.pages or amounts.pages, sound=options.sound or amounts.sound)
    registered = registered_checks()
    page_ids = [check.id for check in registered.page_checks]
    batch_ids = [check.id for check in registered.batch_checks]
    wanted = tuple(options.checks.split(",")) if options.checks else None
    unknown = set(wanted or ()) - {*page_ids, *batch_ids}
    if unknown:
        raise SystemExit(
            f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(page_ids + batch_ids)}"
        )
    on_pages = tuple(check for check in page_ids if wanted is None or check in wanted)
    settings = Settings(
        profile=options.profile,
        checks=None if wanted is None else on_pages,
        keep=options.keep,
        workers=options.jobs,
    )
    start = time.monotonic()
    outcomes = _drawn(settings, amounts, options.seed) if on_pages else []
    batches = {}
    if wanted is None or set(wanted) & set(batch_ids):
        found = compare_batches(amounts.batch, options.seed, options.profile, options.jobs)
        batches = {label: row for label, row in found.items() if wanted is None or row[0] in wanted}
    scans = None
    if options.corpus is not None:
        scans = real.compare_real(options.corpus, amounts.real, options.seed, settings)
    checks, together = score(outcomes, on_pages)
    results = Results(
        command=_command(options),
        profile=options.profile,
        checks=checks,
        together=together,
        quantities=quantities(outcomes),
        blanks=blank_scores(outcomes),
        batches=batches,
        real=scans,
        real_checks=score(_unspoilt(scans.outcomes), on_pages)[0] if scans else {},
    )
    print(console(results, REMARKS))
    print(f"\n{len(outcomes)} drawn pages, {time.monotonic() - start:.0f} s")
    if options.write:
        write_document(results, DOCS, REMARKS)
    faults = [
        entry for entry in outcomes for answer in entry.answers.values() if answer.verdict.word == "error"
    ]
    return 1 if faults else 0


def _drawn(settings: Settings, amounts: Amounts, seed: int) -> list[Outcome]:
    jobs = drawn.plan_jobs(amounts.sound, amounts.pages, seed, settings.checks)
    blanks = drawn.blank_jobs(amounts.blanks, seed)
    if settings.checks is not None and "blank_page" not in settings.checks:
        blanks = []
    return list(
        itertools.chain(
            run_pool(drawn.work_drawn, jobs, settings), run_pool(drawn.work_blank, blanks, settings)
        )
    )


def _unspoilt(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Real pages with a defect, without the answers of checks that had spoken before it was laid on."""
    return [
        replace(
            entry, answers={k: answer for k, answer in entry.answers.items() if k not in entry.flagged_before}
        )
        for entry in outcomes
        if entry.defect is not None
    ]


def _command(options: argparse.Namespace) -> str:
    parts = ["benchmarks/accuracy.py"]
    parts += ["--quick"] * options.quick + ["--corpus DIR"] * (options.corpus is not None)
    parts += [f"--seed {options.seed}"] + ([f"--checks {options.checks}"] if options.checks else [])
    return " ".join(parts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, help="folder of real scans with MANIFEST.csv")
    parser.add_argument("--pages", type=int, help="for each strength of each defect")
    parser.add_argument("--sound", type=int, help="number of sound pages")
    parser.add_argument("--quick", action="store_true", help="few pages: is everything in order at all?")
    parser.add_argument("--checks", help="ids, joined by commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", default="da-t-31-2017")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="folder for examples of misses and false alarms")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md and docs/accuracy.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
