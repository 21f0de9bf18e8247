"""The sample batches: a run finds every planted defect, and nothing else."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.engine.tools import Silence
from ybda_qc.app.run import RunRequest, run
from ybda_qc.imaging.source import open_source

SAMPLES = Path(__file__).parents[1] / "sample_scans"
LARGEST_TOTAL_BYTES = 12_000_000


@pytest.mark.parametrize("name", ["passing", "planted"])
def test_a_run_finds_what_is_planted_and_nothing_else(name: str, tmp_path: Path) -> None:
    truth = tomllib.loads((SAMPLES / name / "truth.toml").read_text(encoding="utf-8"))
    request = RunRequest(batch=SAMPLES / name / "batch", profile="da-t-31-2017", out=tmp_path / "out")
    result = run(request, Silence())
    planted = {(entry["subject"], entry["finding"]) for entry in truth.get("finding", [])}
    found = _findings(tmp_path / "out")
    assert found == planted
    assert result.summary.decision.outcome.value == truth["decision"]
    if name == "planted":
        assert len(planted) > 20, "the planted batch has lost its defects"


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
