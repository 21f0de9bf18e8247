"""Archival codes: read, written, and what is said of those that are none."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ybda_qc.catalogue import codes
from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions
from ybda_qc.catalogue.codes import CodeReader, format_code, plain
from ybda_qc.model import CodeReading

DOCUMENTS = "{fonds}-{category}·{year}-{retention}[-{organisation}]-{item}"
ACCOUNTS = "{fonds}-{category}·{class}·{year}-{retention}-{volume}[-{item}]"
OLD = "{fonds}-{list}-{volume}-{item}"
OPTIONS = CodeOptions(
    parts={
        "fonds": PartOptions(pattern="[A-Z0-9]{4}", says="4 letters or digits"),
        "category": PartOptions(values=("WS", "KU", "ZP")),
        "class": PartOptions(pattern="[0-9]{2}", says="2 digits"),
        "year": PartOptions(pattern="(?:19|20)[0-9]{2}", says="a year of 4 digits"),
        "retention": PartOptions(values=("Y", "D30", "D10")),
        "organisation": PartOptions(pattern="[A-Z\\u4e00-\\u9fff]{1,8}", says="letters"),
        "list": PartOptions(pattern="[0-9]{1,2}", says="1 or 2 digits"),
        "volume": PartOptions(pattern="[0-9]{3}", says="3 digits"),
        "item": PartOptions(pattern="[0-9]{4}", says="4 digits"),
    },
    structures=(
        StructureOptions(title="documents by item", form=DOCUMENTS, only={"category": ("WS",)}),
        StructureOptions(title="accounting", form=ACCOUNTS, only={"category": ("KU",)}),
        StructureOptions(
            title="photographs", form="{fonds}-{category}{year}-{item}", only={"category": ("ZP",)}
        ),
        StructureOptions(title="1994", form=OLD),
    ),
)
READER = CodeReader(OPTIONS)

digits = st.text("0123456789", min_size=4, max_size=4)
parts_of_documents = st.fixed_dictionaries(
    {
        "fonds": st.text("ABJ0179", min_size=4, max_size=4),
        "category": st.just("WS"),
        "year": st.integers(1900, 2099).map(str),
        "retention": st.sampled_from(["Y", "D30", "D10"]),
        "item": digits,
    },
    optional={"organisation": st.text("BGSXZ办公室", min_size=1, max_size=8)},
)


def problems(text: str) -> list[tuple[str, str, str, int]]:
    reading = READER.read(text)
    assert (reading.code is None) == bool(reading.problems)
    return [(one.kind, one.part, one.found, one.at) for one in reading.problems]


@given(parts_of_documents)
def test_reading_undoes_writing(parts: dict[str, str]) -> None:
    reading = READER.read(format_code(DOCUMENTS, parts))

    assert reading.code is not None
    assert reading.code.structure == "documents by item"
    assert reading.code.parts == parts
    assert reading.code.year == int(parts["year"])


@given(parts_of_documents)
def test_writing_undoes_reading(parts: dict[str, str]) -> None:
    text = format_code(DOCUMENTS, parts)

    assert str(READER.read(text).code) == text


@given(
    parts_of_documents,
    st.sampled_from("•・‧．."),
    st.sampled_from("—－‐–−"),
    st.sampled_from(["", " ", "\u3000"]),
)
def test_look_alikes_are_read_and_named(parts: dict[str, str], dot: str, hyphen: str, blank: str) -> None:
    text = format_code(DOCUMENTS, parts)
    reading = READER.read(text.replace("·", dot).replace("-", hyphen) + blank)

    assert str(reading.code) == reading.proposed == text
    assert {(one.found, one.meant) for one in reading.look_alikes} == {(dot, "·"), (hyphen, "-")} | (
        {(blank, "")} if blank else set()
    )


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text: str) -> None:
    reading = READER.read(text)

    assert (reading.code is None) == bool(reading.problems)
    assert plain(plain(text)[0])[0] == plain(text)[0].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A182-WS·2022-D5-XZ-0001", [("value", "retention", "D5", 14)]),
        ("A182-WS·22-Y-XZ-0001", [("form", "year", "22", 9)]),
        ("A182-WS-2022-Y-XZ-0001", [("separator", "year", "-", 8)]),
        ("A182-WS·2022-Y-XZ-1", [("form", "item", "1", 19)]),
        ("A182-WS·2022-Y-XZ-0001-003", [("surplus", "", "003", 24)]),
        ("A182-WS·2022-Y-XZ", [("form", "item", "XZ", 16)]),
        ("A182-WS·2022-Y", [("missing", "item", "", 0)]),
        ("A182-KU·01·2022-D5-001", [("value", "retention", "D5", 17)]),
        ("minutes of the meeting", [("structure", "code", "minutes of the meeting", 1)]),
        ("", [("missing", "code", "", 1)]),
    ],
)
def test_what_is_wrong_and_where(text: str, expected: list[tuple[str, str, str, int]]) -> None:
    assert problems(text) == expected


def test_the_list_of_values_is_said() -> None:
    (problem,) = READER.read("A182-WS·2022-D5-XZ-0001").problems

    assert problem.expected == "Y, D30, D10"


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("A182-KU·01·2022-D30-001", "accounting"),
        ("A182-KU·01·2022-D30-001-0002", "accounting"),
        ("A182-ZP2022-0001", "photographs"),
        ("J001-1-001-0002", "1994"),
    ],
)
def test_each_structure(text: str, structure: str) -> None:
    code = READER.read(text).code

    assert code is not None
    assert (code.structure, str(code)) == (structure, text)


def test_small_letters_are_no_code_but_a_proposal() -> None:
    reading = READER.read("a182-ws·2022-y-xz-0001")

    assert (reading.code, reading.proposed) == (None, "A182-WS·2022-Y-XZ-0001")


def test_a_look_alike_is_placed() -> None:
    reading: CodeReading = READER.read("A182—WS·2022-Y-0001")

    assert [(one.found, one.meant, one.at) for one in reading.look_alikes] == [("—", "-", 5)]


@pytest.mark.parametrize(
    "form", ["", "{fonds", "fonds-{item}", "[{fonds}", "{fonds}]", "[[{fonds}]]", "{fonds}_{item}"]
)
def test_a_form_that_is_none(form: str) -> None:
    with pytest.raises(ValidationError):
        StructureOptions(title="x", form=form)


def test_a_part_that_nobody_described() -> None:
    with pytest.raises(ValidationError, match="without a description: nobody"):
        CodeOptions(structures=(StructureOptions(title="x", form="{nobody}"),))


def test_codes_that_are_wrong_in_one_way_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    costs_of = codes._costs

    def counted(slots: Any, kinds: Any) -> list[list[float]]:
        compared.append(kinds)
        return costs_of(slots, kinds)

    monkeypatch.setattr(codes, "_costs", counted)
    reader = CodeReader(OPTIONS)
    readings = [reader.read(f"B470-WS·2022-D5-XM-{number:04d}") for number in range(1, 101)]
    assert len(set(compared)) == 1
    assert len(compared) == len(reader._variants)
    assert {(problem.kind, problem.found) for reading in readings for problem in reading.problems} == {
        ("value", "D5")
    }


@pytest.mark.parametrize("pattern", ["(x", "x)(?:y", "(?i)x", "(x)", "(?P<year>x)", r"(x)\1"])
def test_a_pattern_that_would_spoil_the_whole(pattern: str) -> None:
    with pytest.raises(ValidationError):
        PartOptions(pattern=pattern)


def test_a_part_stands_once() -> None:
    with pytest.raises(ValidationError, match="only once"):
        StructureOptions(title="x", form="{fonds}-{fonds}")


def test_before_the_first_part_no_separator_is_missed() -> None:
    assert problems("WS·2022-Y-XM-0001") == [("missing", "fonds", "", 0)]
