"""Laying profiles over each other."""

from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.profile.merged import Merged, as_layer, leaves, merge
from ybda_qc.profile.written import Written

_NUMBERS = st.sampled_from([1.0, 2.0, 3.0, "off"])
_CODES = st.fixed_dictionaries(
    {},
    optional={
        "review": _NUMBERS,
        "fail": _NUMBERS,
        "source": st.sampled_from(["rule", "local-rule", "project-choice"]),
        "clause": st.sampled_from(["clause 1", "clause 2"]),
    },
)
_CHECKS = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "method": st.fixed_dictionaries({}, optional={"step": _NUMBERS, "width": _NUMBERS}),
        "over-limit": _CODES,
        "unsure": _CODES,
    },
)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        "checks": st.fixed_dictionaries({}, optional={"skew": _CHECKS, "blur": _CHECKS}),
        "layout": st.fixed_dictionaries({}, optional={"depth": _NUMBERS, "widths": st.lists(_NUMBERS)}),
        "acceptance": _CODES,
    },
)


def layer(name: str, tables: dict[str, Any]) -> Merged:
    return as_layer(Written(file=f"{name}.toml", id=name, title=name, tables=tables))


def over(*tables: dict[str, Any]) -> Merged:
    return reduce(merge, (layer("abcdefgh"[index], table) for index, table in enumerate(tables)))


@given(TABLES, TABLES, TABLES)
def test_merging_is_associative(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    one, two, three = layer("a", a), layer("b", b), layer("c", c)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(TABLES, TABLES)
def test_the_child_wins(parent: dict[str, Any], child: dict[str, Any]) -> None:
    merged = over(parent, child)
    found = dict(leaves(merged.tables))
    for path, value in leaves(child):
        assert found[path] == value
        assert merged.origins[path] == "b"


@given(TABLES, TABLES)
def test_what_the_child_leaves_alone_stays(parent: dict[str, Any], child: dict[str, Any]) -> None:
    merged = over(parent, child)
    found = dict(leaves(merged.tables))
    own = dict(leaves(child))
    for path, value in leaves(parent):
        if path not in own and path[-1] not in ("source", "clause"):
            assert found[path] == value
            assert merged.origins[path] == "a"


@given(TABLES, TABLES)
def test_nothing_is_invented_but_the_source_of_a_changed_limit(
    parent: dict[str, Any], child: dict[str, Any]
) -> None:
    written = {**dict(leaves(parent)), **dict(leaves(child))}
    for path, value in leaves(over(parent, child).tables):
        assert written.get(path) == value or (
            path[-1] in ("source", "clause") and value in ("project-choice", "chosen by profile b")
        )


@given(TABLES, TABLES)
def test_merging_changes_neither_side(parent: dict[str, Any], child: dict[str, Any]) -> None:
    before = repr((parent, child))
    over(parent, child)
    assert repr((parent, child)) == before


@given(TABLES)
def test_a_profile_over_nothing_and_nothing_over_a_profile_is_the_profile(tables: dict[str, Any]) -> None:
    alone = layer("a", tables)
    assert merge(Merged(), alone) == alone == merge(alone, Merged())


def _skew(**limits: object) -> dict[str, Any]:
    return {"checks": {"skew": {"over-limit": limits}}}


def _code(merged: Merged) -> dict[str, Any]:
    code: dict[str, Any] = merged.tables["checks"]["skew"]["over-limit"]
    return code


RULE = _skew(review=1.0, fail=3.0, source="rule", clause="the rule, 7.1")


def test_a_changed_limit_is_no_longer_the_rule() -> None:
    merged = over(RULE, _skew(fail=2.0))
    assert _code(merged) == {
        "review": 1.0,
        "fail": 2.0,
        "source": "project-choice",
        "clause": "chosen by profile b",
    }
    key = ("checks", "skew", "over-limit")
    assert merged.origins[*key, "source"] == merged.origins[*key, "clause"] == "b"
    assert merged.origins[*key, "review"] == "a"


def test_a_child_that_states_its_source_is_believed_and_inherits_no_clause() -> None:
    assert _code(over(RULE, _skew(fail=2.0, source="local-rule", clause="the city's rule")))["clause"] == (
        "the city's rule"
    )
    assert "clause" not in _code(over(RULE, _skew(fail=2.0, source="local-rule")))
    assert "clause" not in _code(over(RULE, _skew(source="local-rule")))


def test_a_clause_without_a_source_does_not_save_the_rule() -> None:
    changed = _code(over(RULE, _skew(fail=2.0, clause="the rule, 7.1")))
    assert changed["source"] == "project-choice"


def test_a_grandchild_that_changes_nothing_keeps_what_its_parent_chose() -> None:
    assert _code(over(RULE, _skew(fail=2.0), {}))["clause"] == "chosen by profile b"
    assert _code(over(RULE, {}, _skew(fail=2.0)))["clause"] == "chosen by profile c"


def test_a_change_of_method_or_switch_leaves_the_rule_alone() -> None:
    child = {"checks": {"skew": {"enabled": False, "method": {"step": 2.0}}}}
    assert _code(over(RULE, child)) == RULE["checks"]["skew"]["over-limit"]


def test_the_rule_of_acceptance_loses_its_source_likewise() -> None:
    parent = {"acceptance": {"hold": ["review"], "source": "rule", "clause": "the rule, 12"}}
    child = {"acceptance": {"hold": []}}
    assert over(parent, child).tables["acceptance"] == {
        "hold": [],
        "source": "project-choice",
        "clause": "chosen by profile b",
    }


def test_lists_are_replaced_not_joined() -> None:
    merged = over({"layout": {"widths": [3, 4]}}, {"layout": {"widths": [5]}})
    assert merged.tables["layout"]["widths"] == [5]


def test_the_origin_of_a_table_is_the_last_that_set_anything_in_it() -> None:
    merged = over(RULE, _skew(fail=2.0), {"layout": {"depth": 1}})
    assert merged.origin(("checks", "skew")) == "b"
    assert merged.origin(("checks", "skew", "over-limit", "review")) == "a"
    assert merged.origin(("checks", "blur")) is None
