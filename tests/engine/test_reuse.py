"""Only what changed is measured again: by content, check, version, method and decoder, never by name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.batches import write_mixed_batch
from tests.engine.conftest import WritePage
from tests.engine.tools import PROFILE, make_plan, measure
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.checks._base import Method
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.reuse import reuse
from ybda_qc.engine.tasks import Examined, FileRef, PageTask
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Measured, NotApplicable, PageResult, State
from ybda_qc.model.ledger import CachedPage
from ybda_qc.store import SqlLedger

FILE = FileRef(path="0001.tif", path_hex=None, size_bytes=10, item="an item")


def cached(plan: Plan, page: PageResult) -> CachedPage:
    results = {(check, result.key): result for check, result in page.checks.items()}
    return CachedPage(width_px=page.width_px, height_px=page.height_px, results=results)


@pytest.fixture
def measured(root: Path, page: WritePage, ledger: SqlLedger, plan: Plan) -> PageResult:
    page("0001.tif")
    return measure(root, plan, ledger, "serial")[0]["0001.tif#1"]


def with_method(plan: Plan, check: str, **settings: object) -> Plan:
    """The plan with another way of measuring in one check, made the way a profile makes it."""
    checks = registered_checks()
    profile = load_profile(PROFILE, checks)
    planned = profile.checks[check]
    method = planned.method.model_copy(update=settings)
    changed = {**profile.checks, check: replace(planned, method=method)}
    return load_plan(replace(profile, checks=changed), checks)


def test_nothing_known_means_everything_missing(plan: Plan) -> None:
    page, missing = reuse(FILE, 1, None, plan, sha256="0" * 64, size_bytes=10)
    assert missing == plan.page_check_ids
    assert dict(page.checks) == {}
    assert page.item == "an item"


def test_everything_known_means_nothing_missing(plan: Plan, measured: PageResult) -> None:
    page, missing = reuse(FILE, 1, cached(plan, measured), plan, sha256=measured.sha256 or "", size_bytes=10)
    assert missing == ()
    assert list(page.checks) == list(plan.page_check_ids)
    assert page.checks == measured.checks
    assert (page.width_px, page.height_px) == (measured.width_px, measured.height_px)


def test_another_method_means_that_check_only(plan: Plan, measured: PageResult) -> None:
    other = with_method(plan, "blank_page", written_share=0.0123)
    _, missing = reuse(FILE, 1, cached(plan, measured), other, sha256=measured.sha256 or "", size_bytes=10)
    assert missing == ("blank_page",)


def test_another_version_means_that_check_only(
    measured: PageResult, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    skew = next(planned.check for planned in plan.page_checks if planned.check.id == "skew")
    monkeypatch.setattr(type(skew), "version", skew.version + 1)
    _, missing = reuse(
        FILE, 1, cached(plan, measured), make_plan(), sha256=measured.sha256 or "", size_bytes=10
    )
    assert missing == ("skew",)


def test_another_decoder_means_all(measured: PageResult, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ybda_qc.engine.plan.IMAGING_DIGEST", "other codecs")
    _, missing = reuse(
        FILE, 1, cached(plan, measured), make_plan(), sha256=measured.sha256 or "", size_bytes=10
    )
    assert missing == plan.page_check_ids


class Counting:
    """Counts the decodes and the measuring of checks in a serial run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, plan: Plan) -> None:
        self.views: list[PageView] = []
        self.measured: list[str] = []
        real = PageView.__init__

        def watched(view: PageView, *arguments: object, **options: object) -> None:
            real(view, *arguments, **options)  # type: ignore[arg-type]
            self.views.append(view)

        monkeypatch.setattr(PageView, "__init__", watched)
        for planned in plan.page_checks:
            self._watch(monkeypatch, type(planned.check))

    def _watch(self, monkeypatch: pytest.MonkeyPatch, check: type) -> None:
        real = check.measure  # type: ignore[attr-defined]

        def watched(one: object, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
            self.measured.append(check.id)  # type: ignore[attr-defined]
            found: Sequence[Measured] | NotApplicable = real(one, view, method)
            return found

        monkeypatch.setattr(check, "measure", watched)


def test_one_decode_a_page(
    tmp_path: Path, ledger: SqlLedger, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Header, hash, all checks, and the pictures of findings together."""
    batch = write_mixed_batch(tmp_path / "batch")
    counting = Counting(monkeypatch, plan)
    results, _ = measure(batch, plan, ledger, "serial")
    assert len(counting.views) >= len(results) - 1, "an empty file is never looked into"
    assert {view.decodes for view in counting.views} <= {0, 1}
    sound = [page for page in results.values() if page.text("readable", "decoded") == "yes"]
    assert sum(view.decodes for view in counting.views if view.has_pixels) == len(sound)
    assert counting.measured.count("skew") == len(sound)
    assert counting.measured.count("readable") == len(results) - 1


def test_a_second_run_opens_no_image(
    tmp_path: Path, ledger: SqlLedger, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write_mixed_batch(tmp_path / "batch")
    first, _ = measure(batch, plan, ledger, "serial")
    counting = Counting(monkeypatch, plan)
    again, measuring = measure(batch, plan, ledger, "serial", known=True)
    assert again == first
    assert measuring.from_cache == len(first) - 1, "an empty file has no contents to be known by"
    assert counting.views == counting.measured == []


def test_one_changed_method_measures_one_check(
    tmp_path: Path, ledger: SqlLedger, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write_mixed_batch(tmp_path / "batch")
    first, _ = measure(batch, plan, ledger, "serial")
    counting = Counting(monkeypatch, plan)
    other = with_method(plan, "blank_page", written_share=0.0123)
    again, measuring = measure(batch, other, ledger, "serial", known=True)
    sound = {name for name, page in first.items() if page.text("readable", "decoded") == "yes"}
    assert set(counting.measured) - {"blank_page"} <= {"readable", "file_size"}, "beside the empty file"
    assert counting.measured.count("blank_page") == len(sound)
    assert measuring.from_cache == len(first) - len(sound) - 1
    for name in sound:
        assert list(again[name].checks) == sorted(other.page_check_ids), "merged in the order of the plan"
        for check, result in again[name].checks.items():
            if check != "blank_page":
                assert result == first[name].checks[check]
        assert again[name].checks["blank_page"].key == other.keys["blank_page"]
    _, measuring = measure(batch, other, ledger, "serial", known=True)
    assert measuring.from_cache == len(first) - 1
    _, measuring = measure(batch, plan, ledger, "serial", known=True)
    assert measuring.from_cache == len(first) - 1, "the first way is still known"


def test_another_decoder_measures_all(
    tmp_path: Path, ledger: SqlLedger, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write_mixed_batch(tmp_path / "batch")
    first, _ = measure(batch, plan, ledger, "serial")
    monkeypatch.setattr("ybda_qc.engine.plan.IMAGING_DIGEST", "other codecs")
    counting = Counting(monkeypatch, plan)
    again, measuring = measure(batch, make_plan(), ledger, "serial", known=True)
    assert measuring.from_cache == 0
    assert set(counting.measured) == set(plan.page_check_ids)
    assert again.keys() == first.keys()
    for name, page in again.items():
        for check, result in page.checks.items():
            assert (result.state, result.measured) == (
                first[name].checks[check].state,
                first[name].checks[check].measured,
            )


def test_a_page_task_for_some_checks_measures_those(root: Path, page: WritePage, plan: Plan) -> None:
    path = page("0001.tif")
    file = FileRef(path="0001.tif", path_hex=None, size_bytes=path.stat().st_size, item=None)
    with SerialExecutor(WorkerSetup(root=root, out=None, plan=plan)) as executor:
        executor.submit(PageTask(file=file, checks=("skew", "resolution")))
        [(_, answer)] = executor.wait()
    assert isinstance(answer, Examined)
    assert set(answer.result.checks) == {"skew", "resolution"}
    assert {result.state for result in answer.result.checks.values()} <= {
        State.MEASURED,
        State.NOT_APPLICABLE,
    }


def test_equal_contents_under_two_names(root: Path, page: WritePage, ledger: SqlLedger, plan: Plan) -> None:
    first = page("0001.tif")
    (root / "copy.tif").write_bytes(first.read_bytes())
    results, _ = measure(root, plan, ledger, "serial")
    assert results["0001.tif#1"].checks == results["copy.tif#1"].checks
    assert results["0001.tif#1"].sha256 == results["copy.tif#1"].sha256
    again, measuring = measure(root, plan, ledger, "serial", known=True)
    assert measuring.from_cache == 2
    assert again == results
