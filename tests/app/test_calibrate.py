"""Labels against a run: shares by hand, limits that a profile accepts, errors that say what to do."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.app.batches import ITEM, do_run, sheet
from ybda_qc.app.calibrate import Calibration, calibrate, write_profile
from ybda_qc.app.label_template import write_template
from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.cli.main import _run
from ybda_qc.errors import ExitCode, InputError
from ybda_qc.synth import write_page

PAGES = 24
TURNED = range(12)  # by 0.7 degrees and more: the limit of the profile finds those over 1
LEANING = [page for page in TURNED if 0.6 + 0.1 * page > 1.0]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose batch is gone: labels need no image."""
    folder = tmp_path_factory.mktemp("calibrate")
    item = folder / "batch" / ITEM
    item.mkdir(parents=True)
    for page in range(PAGES):
        turned = 0.6 + 0.1 * page if page in TURNED else 0.02 * (page - 18)
        write_page(item / f"{page + 1:04}.png", sheet(page, turned=turned), dpi=100)
    write_page(item / "0025.png", np.full((700, 500), 238, np.uint8), dpi=100)
    do_run(folder / "batch", folder / "out")
    shutil.rmtree(folder / "batch")
    return folder / "out"


def name(page: int) -> str:
    return f"{ITEM}/{page + 1:04}.png"


def labelled(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("page", "check", "label"), *rows])
    return path


def skewed(folder: Path, check: str = "skew/over-limit") -> Path:
    rows = [(name(page), check, "yes") for page in TURNED]
    return labelled(folder, rows + [(name(page), "*", "no") for page in range(12, PAGES)])


def row(result: Calibration, key: str):
    return next(row for row in result.rows if row.key == key)


@pytest.mark.parametrize("check", ["skew", "skew/over-limit"])
def test_recall_precision_and_false_alarms_of_the_limits_in_force(
    run_folder: Path, tmp_path: Path, check: str
) -> None:
    result = calibrate(skewed(tmp_path, check), run_folder, false_alarms=0.1)
    score = row(result, check).score
    assert result.pages == PAGES
    assert (score.recall.hits, score.recall.of) == (len(LEANING), len(TURNED))
    assert score.false_alarms.hits == 0
    assert score.false_alarms.of == 12
    assert row(result, "skew").score == score
    assert row(result, "exposure").score.recall.of == 0  # sound pages are sound for every check


@pytest.mark.parametrize("check", ["skew", "skew/over-limit"])
def test_a_limit_is_proposed_as_a_profile_that_explains_itself(
    run_folder: Path, tmp_path: Path, check: str
) -> None:
    result = calibrate(skewed(tmp_path, check), run_folder, false_alarms=0.1)
    (proposal,) = [entry for entry in result.proposals if entry.limit is not None]
    assert proposal.key == "skew/over-limit"
    assert 0.12 < proposal.limit < 0.6
    assert proposal.score.recall.hits == len(TURNED)
    assert result.profile is not None
    write_profile(tmp_path / "ours.toml", result.profile)
    limits = load_profile(tmp_path / "ours.toml", registered_checks()).checks["skew"].limits["over-limit"]
    assert (limits.review, limits.fail, limits.source) == (proposal.limit, 3.0, "project-choice")
    assert "24 labelled pages" in limits.clause
    assert _run(["profiles", "explain", str(tmp_path / "ours.toml")]) == ExitCode.ACCEPT
    assert _run(
        ["rejudge", str(shutil.copytree(run_folder, tmp_path / "out")), "-p", str(tmp_path / "ours.toml")]
    )


def test_a_label_of_a_whole_check_speaks_for_no_code_where_several_could_be_meant(
    run_folder: Path, tmp_path: Path
) -> None:
    result = calibrate(skewed(tmp_path, "exposure"), run_folder, false_alarms=0.1)
    assert row(result, "exposure").score.recall.of == len(TURNED)
    assert result.proposals == ()


def test_a_check_that_only_measures_for_others_has_no_row(run_folder: Path, tmp_path: Path) -> None:
    result = calibrate(skewed(tmp_path), run_folder, false_alarms=0.1)
    assert "fingerprint" not in [entry.key for entry in result.rows]


def test_too_few_labels_propose_nothing(run_folder: Path, tmp_path: Path) -> None:
    result = calibrate(skewed(tmp_path), run_folder, false_alarms=0.005)  # 12 sound pages cannot tell 0.5 %
    assert result.profile is None
    (proposal,) = result.proposals
    assert not proposal.has_enough
    assert proposal.least_sound == 200


@pytest.mark.parametrize("order", [1, -1])
def test_the_narrower_of_two_labels_wins(run_folder: Path, tmp_path: Path, order: int) -> None:
    rows = [(name(page), "*", "no") for page in range(PAGES)]
    rows += [(name(0), "skew/over-limit", "yes"), (name(1), "skew", "yes")]
    rows += [(name(2), "skew", "yes"), (name(2), "skew/over-limit", "no")]
    result = calibrate(labelled(tmp_path, rows[::order]), run_folder, false_alarms=0.1)
    assert row(result, "skew").score.recall.of == 3
    assert row(result, "skew").score.false_alarms.of == PAGES - 3
    assert row(result, "skew/over-limit").score.recall.of == 1
    (proposal,) = result.proposals
    assert (proposal.score.recall.of, proposal.score.false_alarms.of) == (2, PAGES - 2)


def test_says_that_no_limit_is_proposed_and_no_file_written(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        (name(page), check, "yes") for page in TURNED for check in ("skew/over-limit", "exposure/too-dark")
    ]
    call = ["calibrate", str(labelled(tmp_path, rows)), str(run_folder), "--lang", "en"]
    assert _run([*call, "--out", str(tmp_path / "ours.toml")]) == ExitCode.ACCEPT
    printed = capsys.readouterr()
    assert printed.out.count("too few labels") == 1
    assert "skew/over-limit (12/0)" in printed.out
    assert "no limit could be proposed" in printed.err
    assert "ours.toml was not written" in printed.err
    assert not (tmp_path / "ours.toml").exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("x/0001.png", "skew", "yes")], "row 2: the run has no page x/0001.png"),
        ([(name(1), "skw", "yes")], "is skew meant"),
        ([(name(1), "skew/over", "yes")], "is skew/over-limit meant"),
        ([(name(1), "sequence", "yes")], "only checks of pages"),
        ([(name(1), "sequence/gap", "no")], "only checks of pages"),
        ([(name(1), "nothing like it", "no")], "it has: active_content"),
        ([(name(1), "skew", "")], "labels no page"),
        (
            [(name(1), "skew", "no"), (name(1) + "#1", "skew", "yes")],
            "rows 2 and 3 both speak of skew",
        ),
    ],
)
def test_says_what_is_wrong_with_a_label(
    run_folder: Path, tmp_path: Path, rows: list[tuple[str, str, str]], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        calibrate(labelled(tmp_path, rows), run_folder, false_alarms=0.1)


def test_a_template_holds_findings_and_pages_and_can_be_read_back(run_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    count = write_template(path, run_folder, lang="zh")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert len(rows) == count + 1
    assert sum(entry[1] == "skew/over-limit" for entry in rows) == len(LEANING)
    assert sum(entry[1] == "*" for entry in rows) == PAGES + 1
    with pytest.raises(InputError, match="there already"):
        write_template(path, run_folder, lang="en")
    with pytest.raises(InputError, match="labels no page"):
        calibrate(path, run_folder, false_alarms=0.1)
    filled = "\n".join(",".join([*entry[:2], "否"]) for entry in rows[1:] if entry[1] == "*")
    path.write_text("页面,检查项,标注\n" + filled, encoding="gb18030")
    assert calibrate(path, run_folder, false_alarms=0.1).pages == PAGES + 1


@pytest.mark.parametrize("rate", ["0", "100%", "-1", "many", "0.5 permille"])
def test_a_wrong_rate_is_a_mistake_of_the_command_line(run_folder: Path, tmp_path: Path, rate: str) -> None:
    labels = skewed(tmp_path)
    assert _run(["calibrate", str(labels), str(run_folder), "--false-alarms", rate]) == ExitCode.USAGE


def test_the_command_prints_shares_and_the_profile(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["calibrate", str(skewed(tmp_path)), str(run_folder), "--false-alarms", "10%", "--lang", "en"]
    assert _run(call) == ExitCode.ACCEPT
    printed = capsys.readouterr().out
    assert "labelled pages: 24" in printed
    assert f"{100 * len(LEANING) / len(TURNED):.1f} % (" in printed
    assert "[checks.skew.over-limit]" in printed
    out = tmp_path / "ours.toml"
    assert _run([*call, "--out", str(out)]) == ExitCode.ACCEPT
    assert out.read_text("utf-8") in printed
    assert _run([*call, "--out", str(out)]) == ExitCode.INPUT
    assert _run(["calibrate", str(tmp_path / "none.csv"), str(run_folder)]) == ExitCode.INPUT
