"""The shipped profiles against the checks of this tree: what they promise, and that nothing is left out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.catalogue.codes import CodeReader
from ybda_qc.checks._limits import Limits
from ybda_qc.checks._registry import load_checks
from ybda_qc.errors import ProfileError
from ybda_qc.model import LimitSource, Verdict
from ybda_qc.profile import PlanRow, Profile, Schemas, explain, list_profiles, resolve

SHIPPED = [profile.id for profile in list_profiles()]
PROFILES = Path(__file__).parents[2] / "profiles"

# The clauses that give a number or a clear demand for what the machine checks; anything else is a choice.
RULES_OF_DA_T_31 = re.compile(
    r"DA/T 31-2017(?: (?:9\.3|9\.4|9\.5|12):|, naming of images|, image quality check)"
)


def _judge(profile: Profile, check: str, code: str, value: float) -> Verdict:
    """The verdict that a measured number gets."""
    page_checks, batch_checks = load_checks()
    codes = next(c.codes for c in (*page_checks, *batch_checks) if c.id == check)
    findings = list(Limits(check, codes, profile.checks[check].limits).grade(code, value))
    return findings[0].verdict if findings else Verdict.PASS


def _own(profile: Profile) -> Iterator[PlanRow]:
    return (row for row in explain(profile) if row.origin == profile.id)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_resolve(name: str, schemas: Schemas) -> None:
    profile = resolve(name, schemas)
    assert profile.id == name
    assert profile.title
    assert re.fullmatch("[0-9a-f]{64}", profile.digest)


def test_shipped_profiles_differ(schemas: Schemas) -> None:
    assert len({resolve(name, schemas).digest for name in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_titles_are_in_both_languages(name: str, schemas: Schemas) -> None:
    title = resolve(name, schemas).title
    assert re.search("[a-z]{3}", title)
    assert re.search("[\u4e00-\u9fff]", title)


def test_base_sets_every_code_of_every_check_itself(schemas: Schemas) -> None:
    profile = resolve("base", schemas)
    assert profile.lineage == ("base",)
    assert set(profile.checks) == set(schemas.checks)
    for id_, schema in schemas.checks.items():
        assert set(profile.checks[id_].limits) == set(schema.codes)
        assert profile.checks[id_].enabled


@pytest.mark.parametrize("name", SHIPPED)
def test_every_limit_says_where_it_comes_from_and_why(name: str, schemas: Schemas) -> None:
    for plan in resolve(name, schemas).checks.values():
        for code, limits in plan.limits.items():
            assert limits.clause, f"{plan.id}.{code}"
            assert not limits.clause.startswith("chosen by profile"), f"{plan.id}.{code} states no source"


def test_what_is_called_the_national_rule_is_a_clause_that_was_read(schemas: Schemas) -> None:
    profile = resolve("da-t-31-2017", schemas)
    clauses = {row.clause for row in explain(profile) if row.source == LimitSource.RULE}
    assert clauses
    for clause in clauses:
        assert RULES_OF_DA_T_31.match(clause)


def test_base_calls_nothing_a_rule(schemas: Schemas) -> None:
    rows = explain(resolve("base", schemas))
    assert {row.source for row in rows} <= {"", "project-choice"}


def test_resolution_by_the_national_rule(schemas: Schemas) -> None:
    profile = resolve("da-t-31-2017", schemas)
    for dpi, minimum, advised in [
        (199.4, Verdict.FAIL, Verdict.NOTE),
        (199.6, Verdict.PASS, Verdict.NOTE),
        (299.4, Verdict.PASS, Verdict.NOTE),
        (299.97, Verdict.PASS, Verdict.PASS),
    ]:
        assert _judge(profile, "resolution", "below-minimum", dpi) is minimum
        assert _judge(profile, "resolution", "below-advised", dpi) is advised
    assert profile.checks["resolution"].limits["missing"].verdict == "fail"


def test_skew_and_borders_by_the_national_rule_are_a_choice_of_ours(schemas: Schemas) -> None:
    profile = resolve("da-t-31-2017", schemas)
    for degrees, verdict in [
        (1.0, Verdict.PASS),
        (1.1, Verdict.REVIEW),
        (3.0, Verdict.REVIEW),
        (3.1, Verdict.FAIL),
    ]:
        assert _judge(profile, "skew", "over-limit", degrees) is verdict
    assert _judge(profile, "dark_border", "over-limit", 3.0) is Verdict.PASS
    assert _judge(profile, "dark_border", "over-limit", 3.1) is Verdict.REVIEW
    for check in ("skew", "dark_border"):
        assert profile.checks[check].limits["over-limit"].source is LimitSource.PROJECT_CHOICE


def test_what_informs_and_what_waits_by_the_national_rule(schemas: Schemas) -> None:
    checks = resolve("da-t-31-2017", schemas).checks
    assert checks["metadata"].limits["missing"].verdict == "note"
    assert checks["colour_mode"].limits["not-allowed"].verdict == "note"
    assert {"grey", "bitonal"}.isdisjoint(checks["colour_mode"].limits["not-allowed"].allowed)
    assert checks["blank_page"].limits["blank"].verdict == "review"
    assert checks["blank_page"].limits["nearly-blank"].verdict == "review"
    for code in checks["file_size"].limits.values():
        assert code.review is None and code.fail is None


@pytest.mark.parametrize("name", SHIPPED)
def test_the_paper_of_the_original_is_never_a_defect(name: str, schemas: Schemas) -> None:
    assert resolve(name, schemas).checks["paper_size"].limits["unknown"].verdict in ("note", "off")


@pytest.mark.parametrize("name", SHIPPED)
def test_damage_fails_everywhere(name: str, schemas: Schemas) -> None:
    readable = resolve(name, schemas).checks["readable"]
    assert readable.enabled
    for code in ("unreadable", "truncated", "empty"):
        assert readable.limits[code].verdict == "fail"
    for code in ("too-large", "timeout", "crashed"):
        assert readable.limits[code].verdict == "error"


def test_linhai_is_stricter_than_the_national_rule_and_calls_its_own_a_local_rule(schemas: Schemas) -> None:
    local, national = resolve("linhai-2023", schemas), resolve("da-t-31-2017", schemas)
    assert local.lineage == ("base", "da-t-31-2017", "linhai-2023")
    assert _judge(local, "resolution", "below-advised", 250) is Verdict.REVIEW
    assert _judge(national, "resolution", "below-advised", 250) is Verdict.NOTE
    assert _judge(local, "skew", "over-limit", 3.1) is Verdict.FAIL
    assert local.checks["colour_mode"].limits["not-allowed"].verdict == "fail"
    by_project = {row.code for row in _own(local) if row.source == "project-choice"}
    assert by_project == {"below-advised"}, "which pages are to be recognised is no rule of Linhai's"
    assert {row.source for row in _own(local)} == {"local-rule", "project-choice"}


def test_the_shanghai_profile_holds_to_the_notice_and_says_what_is_its_own(schemas: Schemas) -> None:
    profile, national = resolve("shanghai-paired-assistance", schemas), resolve("da-t-31-2017", schemas)
    assert profile.acceptance.catalogue == "required"
    assert national.acceptance.catalogue == "optional"
    read = CodeReader(profile.codes).read
    assert read("B469-WS·2023-Y-0001").code is not None
    assert read("待定-WS·2023-Y-0001").code is not None, "a fonds may still have to be assigned"
    [problem] = read("A182-WS·2023-Y-0001").problems
    assert (problem.kind, problem.part) == ("value", "fonds")
    allowed = profile.checks["media_format"].limits["not-allowed"]
    assert (allowed.source, allowed.video) == (LimitSource.LOCAL_RULE, ("MP4", "MOV", "MXF"))


def test_acceptance_differs_from_the_machine_part_only_in_what_it_asks_for(schemas: Schemas) -> None:
    profile, national = resolve("da-t-31-2017-acceptance", schemas), resolve("da-t-31-2017", schemas)
    assert (profile.acceptance.catalogue, profile.acceptance.sample) == ("required", "required")
    assert (national.acceptance.catalogue, national.acceptance.sample) == ("optional", "optional")
    assert profile.acceptance.scope == "machine"
    assert profile.checks == national.checks
    assert "as reprinted" in profile.acceptance.clause


def test_every_check_stands_under_one_nature(schemas: Schemas) -> None:
    natures = resolve("base", schemas).natures.model_dump()
    assert sorted(check for checks in natures.values() for check in checks) == sorted(schemas.checks)


def test_three_stars_are_two_per_cent_under_300(schemas: Schemas) -> None:
    profile = resolve("fadgi-3-star", schemas)
    assert _judge(profile, "resolution", "below-minimum", 293.9) is Verdict.FAIL
    assert _judge(profile, "resolution", "below-minimum", 294) is Verdict.PASS
    assert profile.checks["resolution"].limits["below-minimum"].source is LimitSource.RULE


def test_the_scan_station_is_lean(schemas: Schemas) -> None:
    station, base = resolve("scan-station", schemas), resolve("base", schemas)
    assert set(station.planned) < set(base.planned)
    assert {"readable", "resolution", "skew", "blank_page", "dark_border", "sharpness"} <= set(
        station.planned
    )
    assert station.ocr.engine == "off"
    assert station.page_limits.wall_seconds < base.page_limits.wall_seconds


@pytest.mark.parametrize("name", SHIPPED)
def test_an_a0_drawing_in_colour_is_within_the_limits_of_a_delivery(name: str, schemas: Schemas) -> None:
    if name != "scan-station":
        assert resolve(name, schemas).page_limits.max_megapixels >= 250


def test_layout_patterns_are_explained_one_by_one(schemas: Schemas) -> None:
    rows = {row.key: row for row in explain(resolve("linhai-2023", schemas))}
    assert rows["layout.patterns.1.path"].value == "{folders}{item}/{number}"
    assert rows["layout.patterns.1.path"].origin == rows["layout.parts.item"].origin == "da-t-31-2017"
    assert rows["layout.extensions"].origin == "base"


@pytest.mark.parametrize("name", SHIPPED)
def test_profiles_speak_to_archivists(name: str) -> None:
    text = (PROFILES / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}: ")
    assert "\t" not in text and "\r" not in text


def test_the_example_of_the_manual_resolves(schemas: Schemas, tmp_path: Path) -> None:
    manual = (PROFILES.parent / "docs" / "profiles.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    example = next(block for block in blocks if "[profile]" in block)
    path = tmp_path / "our-archive.toml"
    path.write_text(example, encoding="utf-8")
    profile = resolve(path, schemas)
    assert profile.id == "our-archive"
    assert profile.lineage == ("base", "da-t-31-2017", "our-archive")
    own = {row.key: row for row in _own(profile)}
    assert own["checks.skew.over-limit.fail"].source == "local-rule"
    assert own["checks.dark_border.over-limit.review"].clause == "chosen by profile our-archive"


def test_the_manual_names_every_shipped_profile_and_every_table() -> None:
    manual = (PROFILES.parent / "docs" / "profiles.md").read_text(encoding="utf-8")
    for name in [
        *SHIPPED,
        "[layout]",
        "[limits]",
        "[blanks]",
        "[ocr]",
        "[acceptance]",
        "[evidence]",
        "[watch]",
        "[checks.",
    ]:
        assert f"`{name}" in manual


@pytest.mark.parametrize(
    ("check", "reads"),
    [("duplicate_page", ["fingerprint"]), ("scanner_health", ["scanner_line", "speckle"])],
)
def test_a_check_of_the_batch_is_not_left_without_what_it_goes_by(
    check: str, reads: list[str], tmp_path: Path
) -> None:
    off = "".join(f"[checks.{read}]\nenabled = false\n" for read in reads)
    profile = tmp_path / "own.toml"
    profile.write_text(f'[profile]\nid = "own"\ntitle = "Own"\nextends = ["base"]\n{off}', encoding="utf-8")

    with pytest.raises(ProfileError, match=f"checks.{check}: needs what {', '.join(reads)} measures"):
        load_profile(profile, registered_checks())

    profile.write_text(f"{profile.read_text()}[checks.{check}]\nenabled = false\n", encoding="utf-8")
    assert check not in load_profile(profile, registered_checks()).planned
