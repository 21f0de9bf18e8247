"""The sample batches: a run finds every planted defect, and nothing else."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.engine.tools import Silence
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.app.run import RunRequest, run
from ybda_qc.imaging.source import open_source

SAMPLES = Path(__file__).parents[1] / "sample_scans"
LARGEST_TOTAL_BYTES = 17_000_000
NOT_PLANTABLE = {
    "blank_page/declared-blank": "no profile that is shipped declares blanks",
    "blank_page/not-blank": "no profile that is shipped declares blanks",
    "encoding/compression-not-allowed": "every compression that is decoded is allowed as shipped",
    "file_size/above": "a file of 50 MB has no place in a repository",
    "orientation/unsure": "what leaves this version in doubt need not do so to the next",
    "readable/changed": "happens while a run reads",
    "readable/crashed": "a decoder that breaks off is mended, not planted",
    "readable/timeout": "depends on the machine",
    "readable/too-large": "so are the limits of memory",
    "readable/unverified": "needs an encoder that hardly anybody has",
    "readable/vanished": "happens while a run reads",
    "text_confidence/unread": "what the engine passes over in this version it need not in the next",
    "true_resolution/unsure": "what leaves this version in doubt need not do so to the next",
}
BATCH_CHECKS_NOT_PLANTABLE = {
    "archival_code",  # in the batch of paired assistance
    "catalogue_fields",  # in the batch of paired assistance
    "declared_blank",  # no profile that is shipped declares blanks
    "fixity",  # in the batch of paired assistance
    "media_format",  # in the batch of paired assistance
}


@pytest.mark.parametrize("name", ["passing", "planted", "assistance"])
def test_a_run_finds_what_is_planted_and_nothing_else(name: str, tmp_path: Path) -> None:
    truth = tomllib.loads((SAMPLES / name / "truth.toml").read_text(encoding="utf-8"))
    request = RunRequest(batch=SAMPLES / name / "batch", profile=truth["profile"], out=tmp_path / "out")
    result = run(request, Silence())
    planted = {(entry["subject"], entry["finding"]) for entry in truth.get("finding", [])}
    found = _findings(tmp_path / "out")
    assert found == planted
    assert result.summary.decision.outcome.value == truth["decision"]
    if name == "planted":
        assert len(planted) > 20, "the planted batch has lost its defects"


def test_every_defect_of_pages_is_planted_that_can_be() -> None:
    truth = tomllib.loads((SAMPLES / "planted" / "truth.toml").read_text(encoding="utf-8"))
    planted = {entry["finding"] for entry in truth["finding"]}
    checks = registered_checks()
    plan = load_plan(load_profile("da-t-31-2017", checks), checks, reading_key="any engine")
    codes = {
        f"{planned.check.id}/{card.code}"
        for planned in plan.page_checks
        for card in planned.limits.cards()
        if any(step is not None for step in (card.verdict, card.note, card.review, card.fail))
    }
    assert codes - planted == set(NOT_PLANTABLE)
    batch_checks = {planned.check.id for planned in plan.batch_checks}
    assert batch_checks - {key.split("/")[0] for key in planted} == BATCH_CHECKS_NOT_PLANTABLE


def test_the_samples_are_small_and_readable_where_they_should_be() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LARGEST_TOTAL_BYTES
    pages = sorted((SAMPLES / "passing").rglob("*.jpg"))
    assert len(pages) >= 8
    digests = set()
    for page in pages:
        with open_source(page) as source:
            digests.add(source.sha256())
    assert len(digests) == len(pages)


def _findings(out: Path) -> set[tuple[str, str]]:
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    found = {(entry["subject"], f"{entry['check']}/{entry['code']}") for entry in report["findings"]}
    for line in (out / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        found |= {(page["page"], f"{entry['check']}/{entry['code']}") for entry in page["findings"]}
    return found
