import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ybda_qc.checks
from ybda_qc.checks._base import BatchCheck, PageCheck
from ybda_qc.checks._registry import BATCH_CHECKS, ENTRY_POINT_GROUP, PAGE_CHECKS, load_checks
from ybda_qc.errors import UsageError

ALL = (*PAGE_CHECKS, *BATCH_CHECKS)
PLUGIN = '''
from ybda_qc.checks._base import Needs, PageCheck


class StampCheck(PageCheck):
    """Every page bears a stamp."""

    id = "{id}"
    title = "Stamp"
    version = 1
    needs = Needs.HEADER
    codes = ()

    def measure(self, view, method):
        return ()

    def judge(self, result, limits, facts):
        return ()
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Install a distribution with one plug-in, as pip would leave it on the path."""

    def install_plugin(source: str, target: str = "stamp_plugin:StampCheck") -> None:
        (tmp_path / "stamp_plugin.py").write_text(source, encoding="utf-8")
        info = tmp_path / "stamp_plugin-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stamp-plugin\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\nstamp = {target}\n")
        monkeypatch.syspath_prepend(tmp_path)

    yield install_plugin
    sys.modules.pop("stamp_plugin", None)


def test_every_module_with_a_check_is_registered() -> None:
    folder = Path(ybda_qc.checks.__file__).parent
    modules = {
        path.stem
        for part in ("page", "batch")
        for path in (folder / part).glob("*.py")
        if path.stem[0] != "_"
    }

    assert {check.id for check in ALL} == modules


@pytest.mark.parametrize("checks", [PAGE_CHECKS, BATCH_CHECKS])
def test_the_tuples_are_sorted_by_id(checks: tuple[type[PageCheck | BatchCheck], ...]) -> None:
    ids = [check.id for check in checks]

    assert ids == sorted(ids)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_check_is_complete(check: type[PageCheck | BatchCheck]) -> None:
    card = check.card()
    names = [code.name for code in check.codes]

    assert check.__module__.rpartition(".")[2] == check.id
    assert card.requirement.endswith(".")
    assert card.why.endswith(".")
    assert card.remedy.endswith(".")
    assert check.title[0].isupper()
    assert check.version >= 1
    assert names or check.id == "fingerprint"  # measured for another check, judged by none
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and "_" not in name for name in names)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_a_check_can_be_made_without_arguments(check: type[PageCheck | BatchCheck]) -> None:
    assert isinstance(check(), PageCheck | BatchCheck)
    assert check.method() == check.method()


def test_without_plug_ins_our_own_checks_are_loaded() -> None:
    page_checks, batch_checks = load_checks()

    assert set(PAGE_CHECKS) <= set(page_checks)
    assert set(BATCH_CHECKS) <= set(batch_checks)


def test_a_plug_in_is_loaded_and_sorted_in(install) -> None:
    install(PLUGIN.format(id="a_stamp"))

    page_checks, _ = load_checks()

    assert page_checks[0].id == "a_stamp"


def test_a_plug_in_that_fails_stops_with_its_real_cause(install) -> None:
    install("import no_such_library_of_stamps\n" + PLUGIN.format(id="stamp"))

    with pytest.raises(UsageError, match="no_such_library_of_stamps") as caught:
        load_checks()
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_a_plug_in_without_its_class_stops(install) -> None:
    install(PLUGIN.format(id="stamp"), target="stamp_plugin:Missing")

    with pytest.raises(UsageError, match="Missing"):
        load_checks()


def test_a_plug_in_that_is_no_check_stops(install) -> None:
    install("StampCheck = dict\n")

    with pytest.raises(UsageError, match="neither a page check nor a batch check"):
        load_checks()


def test_a_plug_in_that_declares_too_little_stops(install) -> None:
    install(PLUGIN.format(id="stamp").replace("version = 1", ""))

    with pytest.raises(UsageError, match="version"):
        load_checks()


def test_an_id_in_use_is_refused(install) -> None:
    install(PLUGIN.format(id="resolution"))

    with pytest.raises(UsageError, match="resolution"):
        load_checks()
