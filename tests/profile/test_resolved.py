"""Resolving profiles: mistakes, digest, origins. The schemas are small ones of the test's own."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from ybda_qc.checks._base import Method
from ybda_qc.checks._limits import Above, Below, Flag
from ybda_qc.errors import ProfileError
from ybda_qc.model import LimitSource
from ybda_qc.profile import CheckSchema, Profile, Schemas, explain, resolve

Write = Callable[[str, str], Path]


class Folders(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    depth: int = 4
    widths: tuple[Annotated[int, Field(ge=1)], ...] = ()
    names: frozenset[str] = frozenset()


class Lines(Method):
    step: Annotated[float, Field(gt=0)] = 0.5


class Formats(Flag):
    allowed: tuple[str, ...]


SCHEMAS = Schemas(
    checks={
        "skew": CheckSchema(method=Lines, codes={"over-limit": Above, "unsure": Flag}),
        "dpi": CheckSchema(method=Method, codes={"too-low": Below}),
        "format": CheckSchema(method=Method, codes={"not-allowed": Formats}),
    },
    layout=Folders,
    codes=Method,
    catalogue=Method,
)

GROUND = """
[profile]
id = "ground"
title = "Ground"

[layout]
depth = 2

[limits]
cpu_seconds = 10
wall_seconds = 60
memory_mb = 500
max_megapixels = 100
max_file_mb = 100

[ocr]
engine = "off"
languages = ["chi_sim", "eng"]

[acceptance]
scope = "machine"
catalogue = "optional"
sample = "optional"
reject = ["fail"]
hold = ["review", "error"]
source = "project-choice"

[evidence]
thumbnail_px = 300

[checks.skew.over-limit]
review = 1.0
fail = 3.0
source = "rule"
clause = "the rule, 10.2"
[checks.skew.unsure]
verdict = "note"
source = "project-choice"

[checks.dpi.too-low]
review = 300
fail = 200
source = "rule"
clause = "the rule, 9.4"
"""


@pytest.fixture
def ground(write: Write) -> Path:
    return write("ground.toml", GROUND)


@pytest.fixture
def own(write: Write, ground: Path) -> "Own":
    return Own(write)


class Own:
    """Resolves a profile that extends the ground."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def __call__(self, tables: str, *, ocr: str | None = None, id_: str = "own") -> Profile:
        head = f"profile = {{ id = '{id_}', title = 'Own', extends = ['ground.toml'] }}\n"
        return resolve(self._write(f"{id_}.toml", head + tables), SCHEMAS, ocr=ocr)

    def problems(self, tables: str) -> list[str]:
        with pytest.raises(ProfileError) as error:
            self(tables)
        return [
            template.format(**values).partition("own.toml: ")[2] for template, values in error.value.problems
        ]


def test_a_profile_alone(ground: Path) -> None:
    profile = resolve(ground, SCHEMAS)
    assert (profile.id, profile.title, profile.lineage) == ("ground", "Ground", ("ground",))
    assert profile.layout == Folders(depth=2)
    assert profile.page_limits.wall_seconds == 60
    assert profile.acceptance.reject == ("fail",)
    assert profile.checks["skew"].method == Lines()
    assert profile.checks["skew"].limits["over-limit"] == Above(
        review=1.0, fail=3.0, source=LimitSource.RULE, clause="the rule, 10.2"
    )
    assert list(profile.checks) == ["dpi", "skew"]
    assert profile.planned == ("dpi", "skew")
    assert profile.identity.digest == profile.digest


def test_a_check_of_which_nothing_is_said_is_not_planned(ground: Path) -> None:
    assert "format" not in resolve(ground, SCHEMAS).checks


def test_a_check_switched_off_is_not_planned(own: Own) -> None:
    profile = own("[checks.skew]\nenabled = false")
    assert profile.planned == ("dpi",)
    assert not profile.checks["skew"].enabled


def test_profiles_travel_to_workers(own: Own) -> None:
    profile = own("[checks.skew.over-limit]\nfail = 2")
    assert pickle.loads(pickle.dumps(profile)) == profile


def test_five_mistakes_are_told_together_with_file_and_key(own: Own) -> None:
    problems = own.problems(
        """
        [checks.skew.over-limit]
        fial = 2.0
        [checks.skwe.over-limit]
        fail = 2.0
        [checks.dpi.too-lwo]
        fail = 200
        [checks.dpi.too-low]
        fail = "200"
        [layout]
        widths = [3, 0]
        [acceptance]
        hold = ["review"]
        """
    )
    assert sorted(problems) == sorted(
        [
            "checks.skew.over-limit.fial: unknown key; did you mean 'fail'?",
            "checks.skwe: there is no check 'skwe'; did you mean 'skew'?",
            "checks.dpi.too-lwo: the check has no code 'too-lwo'; did you mean 'too-low'?",
            "checks.dpi.too-low.fail: \"200\" must be a number or 'off'",
            "layout.widths.2: 0 must be at least 1",
            "acceptance: each of these must stand once, either in reject or in hold: error",
        ]
    )


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ("[cheks.skew]\n", "cheks: unknown key; did you mean 'checks'?"),
        ("[catalogues]\n", "catalogues: unknown key; did you mean 'catalogue'?"),
        ("checks = 3\n", "checks: 3 is not a table of keys"),
        ("[checks]\nskew = 3\n", "checks.skew: 3 is not a table of keys"),
        ("[blanks]\ndeclared = ['a/1.tif', '/b.tif']\n", "blanks.declared.2: '/b.tif' is no page of a batch"),
        ("[blanks]\ndeclared = ['a\\1.tif']\n", "blanks.declared.1: 'a\\1.tif' is no page of a batch"),
        ("[blanks]\ndeclared = ['a.pdf#0']\n", "blanks.declared.1: 'a.pdf#0' is no page of a batch"),
        ("[blanks]\ndeclared = ['']\n", "blanks.declared.1: '' is no page of a batch"),
        ("[blanks]\ndeclared = 'a.tif'\n", 'blanks.declared: "a.tif" is not a list in square brackets'),
        ("[checks.skew]\nenabled = 1\n", "checks.skew.enabled: 1 is neither true nor false"),
        ("[checks.skew]\nenabeld = true\n", "checks.skew.enabeld: unknown key; did you mean 'enabled'?"),
        ("[checks.skew.method]\nstep = 0\n", "checks.skew.method.step: 0 must be greater than 0"),
        ("[checks.skew.method]\nstpe = 1\n", "checks.skew.method.stpe: unknown key; did you mean 'step'?"),
        ("[checks.skew]\nover-limit = 3\n", "checks.skew.over-limit: 3 is not a table of keys"),
        ("[checks.skew.over-limit]\nfail = true\n", "checks.skew.over-limit.fail: true must be a number or"),
        ("[checks.skew.over-limit]\nfail = nan\n", "checks.skew.over-limit.fail: nan is no finite number"),
        ("[checks.skew.over-limit]\nfail = inf\n", "checks.skew.over-limit.fail: inf is no finite number"),
        (
            "[checks.skew.over-limit]\nfail = 2024-01-01\n",
            "checks.skew.over-limit.fail: \"2024-01-01\" must be a number or 'off'",
        ),
        ("[checks.skew.over-limit]\nfail = 0.5\n", "checks.skew.over-limit: fail = 0.5 would be reached"),
        (
            "[checks.dpi.too-low]\nfail = 400\n",
            "checks.dpi.too-low: fail = 400 would be reached before review",
        ),
        (
            "[checks.skew.unsure]\nverdict = 'notes'\n",
            'checks.skew.unsure.verdict: "notes" must be one of note, review, fail, error, off; '
            "did you mean 'note'?",
        ),
        (
            "[checks.skew.unsure]\nsource = 'law'\n",
            'checks.skew.unsure.source: "law" must be one of rule, local-rule, project-choice',
        ),
        (
            "[checks.skew.over-limit]\nfail = 2\nsource = 'local-rule'\n",
            "checks.skew.over-limit.clause: a limit whose source is a rule must name the clause",
        ),
        (
            "[checks.format.not-allowed]\nverdict = 'fail'\nallowed = ['TIFF']\n",
            "checks.format.not-allowed.source: missing; say where the limit comes from",
        ),
        (
            "[checks.format.not-allowed]\nverdict = 'fail'\nsource = 'project-choice'\n",
            "checks.format.not-allowed.allowed: missing; set it or extend 'base'",
        ),
        ("[checks.format]\nenabled = true\n", "checks.format: no limits for not-allowed; set them"),
        ("[checks.format]\n", "checks.format: no limits for not-allowed; set them"),
        ("[limits]\nwall_seconds = 5\n", "limits.wall_seconds: wall_seconds must not be shorter"),
        ("[limits]\nmemory_mb = 1.5\n", "limits.memory_mb: 1.5 is not a whole number"),
        ("[ocr]\nengine = 'tesserakt'\n", 'ocr.engine: "tesserakt" must be one of off, auto'),
        ("[acceptance]\nscope = 'full'\n", 'acceptance.scope: "full" must be one of machine'),
        ("[acceptance]\nhold = ['note', 'review', 'error']\n", 'acceptance.hold.1: "note" must be one of'),
        ("[acceptance]\nsource = 'rule'\n", "acceptance.clause: a limit whose source is a rule must name"),
        ("[layout]\nwidths = 3\n", "layout.widths: 3 is not a list in square brackets"),
        ("[layout]\ndepth = '3'\n", 'layout.depth: "3" is not a whole number'),
        ("[checks.skew]\nenabled=false\n[checks.dpi]\nenabled=false\n", "checks: no check is switched on"),
    ],
)
def test_each_mistake_is_told_once_and_by_name(own: Own, tables: str, problem: str) -> None:
    problems = own.problems(tables)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_mistake_does_not_hide_those_behind_it(own: Own) -> None:
    problems = own.problems("[checks.skew.over-limit]\nfial = 2\nreview = 5.0\nfail = 4.0\nsource = 'rule'\n")
    assert [text.split(": ")[0] for text in problems] == [
        "checks.skew.over-limit.fial",
        "checks.skew.over-limit.clause",
        "checks.skew.over-limit",
    ]


def test_a_mistake_of_a_parent_is_told_of_the_parents_file(write: Write) -> None:
    write("middle.toml", GROUND.replace("review = 1.0", "review = 1.0\nreveiw = 1.0"))
    path = write("own.toml", "[profile]\nid='own'\ntitle='Own'\nextends=['middle.toml']\n")
    with pytest.raises(ProfileError) as error:
        resolve(path, SCHEMAS)
    ((_, values),) = error.value.problems
    assert Path(str(values["file"])).name == "middle.toml"


def test_an_unknown_parent_is_not_drowned_in_what_it_would_have_set(write: Write) -> None:
    path = write(
        "own.toml",
        "[profile]\nid='own'\ntitle='Own'\nextends=['grond.toml']\n[checks.skew.over-limit]\nfial = 2\n",
    )
    with pytest.raises(ProfileError) as error:
        resolve(path, SCHEMAS)
    assert [values.get("key") for _, values in error.value.problems] == [None, "checks.skew.over-limit.fial"]


def test_a_wrong_header_does_not_hide_the_rest(write: Write, ground: Path) -> None:
    path = write(
        "own.toml", "[profile]\ntitel='Own'\nextends=['ground.toml']\n[checks.skew.over-limit]\nfial = 2\n"
    )
    with pytest.raises(ProfileError) as error:
        resolve(path, SCHEMAS)
    keys = [values["key"] for _, values in error.value.problems]
    assert sorted(map(str, keys)) == [
        "checks.skew.over-limit.fial",
        "profile.id",
        "profile.titel",
        "profile.title",
    ]


def test_equal_steps_of_a_ladder_and_steps_switched_off_are_no_mistake(own: Own) -> None:
    assert own("[checks.skew.over-limit]\nreview = 3.0").checks["skew"].limits["over-limit"].review == 3.0
    off = own("[checks.skew.over-limit]\nreview = 'off'\nfail = 0.5").checks["skew"].limits["over-limit"]
    assert off.review == "off"


def test_a_changed_limit_of_a_rule_is_shown_as_the_projects_choice(own: Own) -> None:
    limits = own("[checks.skew.over-limit]\nfail = 2.0").checks["skew"].limits["over-limit"]
    assert (limits.review, limits.fail) == (1.0, 2.0)
    assert (limits.source, limits.clause) == (LimitSource.PROJECT_CHOICE, "chosen by profile own")


def test_the_digest_does_not_depend_on_order_name_or_way_of_writing(write: Write, own: Own) -> None:
    one = own("[checks.skew.over-limit]\nreview = 2\nfail = 4\n[layout]\ndepth = 3\nnames = ['a', 'b']")
    two = own(
        "[layout]\nnames = ['b', 'a']\ndepth = 3\n[checks.skew]\nenabled = true\n"
        "over-limit.fail = 4.0\nover-limit.review = 2.0"
    )
    assert one.digest == two.digest
    assert (
        own("", id_="one").digest
        == own("", id_="two").digest
        == resolve(write("ground.toml", GROUND), SCHEMAS).digest
    )


@pytest.mark.parametrize(
    "change",
    [
        "[checks.skew.over-limit]\nfail = 3.5",
        "[checks.skew.over-limit]\nnote = 0.5",
        "[checks.skew.over-limit]\nclause = 'the rule, 10.3'",
        "[checks.skew.unsure]\nverdict = 'review'",
        "[checks.skew.method]\nstep = 0.25",
        "[checks.skew]\nenabled = false",
        "[layout]\ndepth = 3",
        "[limits]\ncpu_seconds = 11",
        "[blanks]\ndeclared = ['a/0002.tif']",
        "[acceptance]\nreject = []\nhold = ['review', 'fail', 'error']",
        "[acceptance]\nsample = 'required'",
        "[evidence]\nthumbnail_px = 111",
    ],
)
def test_the_digest_changes_with_everything_that_is_resolved(own: Own, change: str) -> None:
    assert own(change).digest != own("").digest


def test_how_a_folder_is_watched_plays_no_part_in_the_digest(own: Own) -> None:
    profile = own("[watch]\nrest_seconds = 7")
    assert profile.watch.rest_seconds == 7
    assert profile.digest == own("").digest


def test_patience_with_a_file_does_not_fall_as_doubt_grows(own: Own) -> None:
    with pytest.raises(ProfileError, match="settle_seconds"):
        own("[watch]\nsettle_seconds = 9\ndoubtful_seconds = 3")


def test_the_command_line_wins_over_the_profile(own: Own) -> None:
    profile = own("", ocr="off")
    assert profile.id == "own"
    assert profile.digest == own("").digest
    assert next(row for row in explain(profile) if row.key == "ocr.engine").origin == "command-line"


def test_every_value_tells_where_it_comes_from(own: Own) -> None:
    rows = {
        row.key: row
        for row in explain(own("[checks.skew.over-limit]\nfail = 2\n[checks.dpi]\nenabled=false"))
    }
    fail, review = rows["checks.skew.over-limit.fail"], rows["checks.skew.over-limit.review"]
    assert (fail.check, fail.code, fail.name, fail.value) == ("skew", "over-limit", "fail", "2")
    assert (fail.origin, review.origin) == ("own", "ground")
    assert (fail.source, fail.clause) == ("project-choice", "chosen by profile own")
    assert rows["checks.dpi.too-low.fail"].clause == "the rule, 9.4"
    assert (rows["checks.dpi.enabled"].value, rows["checks.dpi.enabled"].origin) == ("false", "own")
    assert (rows["checks.skew.enabled"].value, rows["checks.skew.enabled"].origin) == ("true", "default")
    assert rows["checks.skew.method.step"].origin == "default"
    assert rows["limits.memory_mb"].value == "500"
    assert rows["acceptance.hold"].value == "[review, error]"
    assert "checks.skew.over-limit.note" not in rows


def test_a_code_may_not_be_called_like_a_key_of_its_check() -> None:
    with pytest.raises(ValueError, match="method"):
        CheckSchema(method=Method, codes={"method": Flag})
