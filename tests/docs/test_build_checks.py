import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from ybda_qc.app.profiles import Registered, registered_checks
from ybda_qc.checks._base import Needs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_checks", ROOT / "docs" / "build_checks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def checks() -> Registered:
    return registered_checks()


@pytest.fixture(scope="module")
def pages(builder: ModuleType, checks: Registered) -> dict[str, str]:
    return builder.render_all(checks)


def test_each_check_has_a_page_that_is_up_to_date(builder: ModuleType, pages: dict[str, str]) -> None:
    assert builder.differences(pages, ROOT / "docs" / "checks") == []


def test_a_page_describes_each_code_and_each_setting(pages: dict[str, str], checks: Registered) -> None:
    for check in checks.all:
        page = pages[f"{check.id}.md"]
        for code in check.codes:
            assert f"`{check.id}/{code.name}`" in page
            assert f"| `{code.name}` |" in page, f"no limits of {check.id}/{code.name} are shown"
        for name in check.method.model_fields:
            assert f"| `{name}` |" in page
        assert check.card().requirement in page


def test_the_index_leads_to_each_page(pages: dict[str, str], checks: Registered) -> None:
    for check in checks.all:
        assert f"[`{check.id}`]({check.id}.md)" in pages["README.md"]


def test_the_same_classes_make_the_same_pages(builder: ModuleType, pages: dict[str, str]) -> None:
    assert builder.render_all(registered_checks()) == pages


def test_a_rule_is_named_with_its_clause(pages: dict[str, str]) -> None:
    rows = [
        line for line in pages["resolution.md"].splitlines() if "below-minimum" in line and "| rule |" in line
    ]

    assert any("`da-t-31-2017`" in row and "DA/T 31-2017 9.4" in row for row in rows)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: (folder / "skew.md").unlink(), "missing: skew.md"),
        (lambda folder: (folder / "skew.md").write_text("old"), "stale: skew.md"),
        (lambda folder: (folder / "former.md").write_text("old"), "no such check: former.md"),
    ],
)
def test_differences_are_told(builder: ModuleType, tmp_path: Path, change, told: str) -> None:
    wanted = {"skew.md": "text\n", "README.md": "index\n"}
    for name, text in wanted.items():
        (tmp_path / name).write_text(text)
    assert builder.differences(wanted, tmp_path) == []

    change(tmp_path)

    assert builder.differences(wanted, tmp_path) == [told]


def test_the_command_fails_on_a_difference_and_writes_what_is_missing(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "FOLDER", tmp_path / "checks")
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "former.md").write_text("of a check that is gone")

    assert builder.main(["--check"]) == 1
    assert "missing: resolution.md" in capsys.readouterr().err
    assert builder.main([]) == 0
    assert builder.main(["--check"]) == 0
    assert not (tmp_path / "checks" / "former.md").exists()


def test_each_check_has_a_picture_or_an_example(
    builder: ModuleType, pages: dict[str, str], checks: Registered
) -> None:
    for check in checks.all:
        if not check.codes:
            continue  # measured for another check: there is no defect to show
        if (builder.PICTURES / f"{check.id}.jpg").exists():
            assert f"](../images/checks/{check.id}.jpg)" in pages[f"{check.id}.md"]
        else:
            needs = getattr(check, "needs", None)
            assert needs is not Needs.PIXELS or not check.codes, (
                f"docs/build_pictures.py draws no picture of {check.id}"
            )
            assert re.search(r"\*\*For example\.\*\*|```text", pages[f"{check.id}.md"]), check.id


def test_pictures_are_small_and_of_checks_that_there_are(builder: ModuleType, checks: Registered) -> None:
    pictures = list(builder.PICTURES.iterdir())
    assert {picture.stem for picture in pictures} <= {check.id for check in checks.all}
    assert sum(picture.stat().st_size for picture in pictures) < 1_500_000


def test_each_check_tells_its_error_rate_or_that_there_is_none(
    builder: ModuleType, pages: dict[str, str], checks: Registered
) -> None:
    for check in checks.all:
        told = pages[f"{check.id}.md"].partition("## Known error rate\n\n")[2]
        assert re.search(r"[\d.]+ %|no error rate|Not measured yet", told), check.id


def test_error_rates_are_those_of_the_benchmark(builder: ModuleType, checks: Registered) -> None:
    rate = {"hits": 118, "total": 120, "low": 0.9412, "high": 0.9954}
    none = {"hits": 0, "total": 0, "low": 0.0, "high": 1.0}
    scores = {
        "defects": {"turned_sheet": {"returnable": 1.5, "recall": rate}},
        "false_alarms": rate,
        "abstained": none,
    }
    document = {
        "checks": {"skew": scores},
        "batch_cases": {"two scans": {"check": "duplicate_page", "wanted": True, "spoke": rate}},
    }
    by_id = {check.id: check for check in checks.all}
    page = builder.render_page(by_id["skew"], [], "", document)
    assert "| found: turned sheet, from 1.5 on | 98.3 % | 118 of 120 | 94.1 to 99.5 % |" in page
    assert "| no answer on sound pages | - | 0 | - |" in page
    page = builder.render_page(by_id["duplicate_page"], [], "", document)
    assert "| found: two scans | 98.3 % | 118 of 120 |" in page
    assert "Not measured yet" in builder.render_page(by_id["exposure"], [], "", document)
