"""File names of copies: taken by every file system, never the same for two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.app.copy_names import copy_names, page_name


def names(*codes: str) -> list[str]:
    return list(copy_names([(code, "") for code in codes]).values())


@pytest.mark.parametrize("code", ["B469-WS·2023-Y-BGS-0001", "沪档 1", "a.b"])
def test_a_harmless_code_is_the_name(code: str) -> None:
    assert names(code) == [code]


@pytest.mark.parametrize(
    ("code", "begin"),
    [
        ("a/b\\c:d", "a_b_c_d-"),
        ("../../etc", "_.._.._etc-"),
        ("CON", "_CON-"),
        ("lpt1.x", "_lpt1.x-"),
        ("end. ", "end-"),
        ("x\n\0y", "x__y-"),
        ("", "_-"),
        ("长" * 300, "长" * 66 + "-"),
    ],
)
def test_what_a_file_system_refuses_is_replaced(code: str, begin: str) -> None:
    (name,) = names(code)

    assert name.startswith(begin) and len(name) == len(begin) + 8


def test_codes_that_differ_by_case_or_sign_alone_have_different_names() -> None:
    assert len({name.casefold() for name in names("a-1", "A-1", "a:1", "a?1")}) == 4


def test_copies_of_an_item_are_told_apart() -> None:
    named = copy_names([("a-1", "master"), ("a-1", "access")])

    assert dict(named) == {("a-1", "master"): "a-1.master", ("a-1", "access"): "a-1.access"}


@given(st.lists(st.text(max_size=300), unique=True, max_size=8))
def test_any_codes_give_names_of_their_own(codes: list[str]) -> None:
    given_names = names(*codes)

    assert len({name.casefold() for name in given_names}) == len(codes)
    for name in given_names:
        assert 0 < len(f"{name}.pdf".encode()) <= 255
        assert name not in (".", "..") and not set(name) & set('/\\:*?"<>|\0\n')


def test_the_copy_of_a_page_is_named_like_it_up_to_the_longest_name_that_leaves_room() -> None:
    fits, too_long = "件/" + "a" * 246 + ".tif", "件/" + "题" * 82 + "1.tif"

    assert page_name(fits) == fits
    assert page_name(too_long).startswith("件/题题")
    assert len(page_name(too_long).encode()) < 250
    assert page_name(too_long) != page_name(too_long.replace("1", "2"))
