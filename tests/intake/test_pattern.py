import pytest
from pydantic import ValidationError

from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.pattern import split_extension

CODE = r"[\w·]+(?:-[\w·]+)+-[0-9]{2,6}"
FOLDER = {"title": "folders", "path": "{folders}{item}/{number}", "examples": ["A1-WS·2022-Y-0001/0001.jpg"]}
FLAT = {"title": "flat", "path": "{folders}{item}[-_]{number}", "examples": ["A1-WS·2022-Y-0001-001.jpg"]}
WHOLE = {
    "title": "one file an item",
    "path": "{folders}{item}",
    "extensions": ["tif", "PDF"],
    "examples": ["A1-WS·2022-Y-0001.pdf"],
}


def options(*patterns: dict[str, object], **more: object) -> LayoutOptions:
    return LayoutOptions.model_validate({"parts": {"item": CODE}, "patterns": patterns, **more})


@pytest.fixture(scope="module")
def national() -> Layout:
    return Layout(options(FOLDER, FLAT, WHOLE, number_widths=[3, 4]))


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a/0001.jpg", ("a/0001", "jpg")),
        ("a.b/0001", ("a.b/0001", "")),
        ("a/.jpg", ("a/.jpg", "")),
        (".jpg", (".jpg", "")),
        ("a/0001.TIFF", ("a/0001", "tiff")),
        ("a/0001.tar.gz", ("a/0001.tar", "gz")),
        ("a/0001.", ("a/0001", "")),
    ],
)
def test_extension(path: str, parts: tuple[str, str]) -> None:
    assert split_extension(path) == parts


@pytest.mark.parametrize(
    ("path", "item", "number", "width"),
    [
        ("A182-WS·2022-Y-XZ-0001/0001.jpg", "A182-WS·2022-Y-XZ-0001", 1, 4),
        ("A182-WS·2022-Y-XZ-0001/012.TIF", "A182-WS·2022-Y-XZ-0001", 12, 3),
        ("文书/2022/A182-WS·2022-Y-0007/0100.jpg", "A182-WS·2022-Y-0007", 100, 4),
        ("A182-WS·2022-Y-XZ-0001-003.jpg", "A182-WS·2022-Y-XZ-0001", 3, 3),
        ("x/A182-WS·2022-Y-XZ-0001_0003.tif", "A182-WS·2022-Y-XZ-0001", 3, 4),
        ("A182-WS·2022-Y-XZ-0001.pdf", "A182-WS·2022-Y-XZ-0001", None, None),
        ("全宗号待定-WS·2023-Y-0001/0001.jpg", "全宗号待定-WS·2023-Y-0001", 1, 4),
        ("0001-002-003/004.jpg", "0001-002-003", 4, 3),
    ],
)
def test_archival_codes(
    national: Layout, path: str, item: str, number: int | None, width: int | None
) -> None:
    reading = national.read(path)
    assert (reading.item, reading.number, reading.number_width) == (item, number, width)
    assert reading.matches is True


@pytest.mark.parametrize(
    "path",
    [
        "scan.jpg",
        "A182-WS·2022-Y-XZ-0001/01.jpg",  # two digits
        "A182-WS·2022-Y-XZ-0001/00001.jpg",  # five
        "A182-WS·2022-Y-XZ-0001/0001 (2).jpg",
        "A182-WS·2022-Y-XZ-0001/０００１.jpg",  # full-width digits
        "A182-WS·2022-Y-XZ-0001.jpg",  # a single-page format without a page number
        "A182-WS·2022-Y-XZ-0001/0001\n.jpg",
    ],
)
def test_other_names_do_not_fit(national: Layout, path: str) -> None:
    reading = national.read(path)
    assert reading.matches is False
    assert reading.item is None


def test_a_name_that_does_not_fit_still_hints_at_its_number(national: Layout) -> None:
    assert national.read("A182-WS·2022-Y-XZ-0001/IMG_0007.jpg").number == 7
    assert national.read("A182-WS·2022-Y-XZ-0001/IMG_7.jpg").number is None


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("a/0001.jpg", 1),
        ("a/scan-12.jpg", 12),
        ("a/scan.jpg", None),
        ("a/20240101120000.jpg", None),  # ten digits and more are no page number
        ("a/" + "1" * 250 + ".jpg", None),
    ],
)
def test_without_patterns_any_name_will_do(path: str, number: int | None) -> None:
    reading = Layout(LayoutOptions()).read(path)
    assert reading.number == number
    assert (reading.item, reading.matches) == (None, None)


def test_the_same_code_twice_must_be_the_same() -> None:
    pattern = {"title": "both", "path": "{item}/{item}-{number}", "examples": ["A-B-01/A-B-01-001.jpg"]}
    layout = Layout(options(pattern))
    assert layout.read("A-B-01/A-B-01-001.jpg").matches is True
    assert layout.read("A-B-01/A-B-02-001.jpg").matches is False


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({**FOLDER, "path": "{folders}{item}/({number}"}, "not a regular expression"),
        ({**FOLDER, "path": "{folders}{itm}/{number}"}, "itm"),
        ({**FOLDER, "examples": ["scan.jpg"]}, "does not fit"),
        ({**WHOLE, "examples": ["A1-WS·2022-Y-0001.jpg"]}, "does not fit"),
        ({**FOLDER, "examples": []}, "examples"),
        ({**FOLDER, "widths": 4}, "widths"),
    ],
)
def test_mistakes_of_a_profile(pattern: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        options(pattern)


NESTED = {"title": "n", "path": "{fonds}/{item_number}/{number}", "examples": ["B469/0001/001.jpg"]}
NESTED_PARTS = {"fonds": "[A-Z][0-9]{3}", "item_number": "[0-9]{4}"}


def nested(**changed: object) -> LayoutOptions:
    return LayoutOptions.model_validate({"parts": NESTED_PARTS, "patterns": [{**NESTED, **changed}]})


def test_a_code_is_put_together_from_pieces_of_the_path() -> None:
    layout = Layout(nested(item="{fonds}-WS-{item_number}"))
    reading = layout.read("B469/0001/003.jpg")
    assert (reading.item, reading.number, reading.matches) == ("B469-WS-0001", 3, True)
    assert layout.item_of_folder("B469/0001") == "B469-WS-0001"
    assert layout.item_of_folder("B469") is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"item": "{fonds}-{year}"}, "{year}"),
        ({"item": "{fonds}-{number}"}, "{number}"),
        ({"item": "B469-WS"}, "every item"),
        ({"item": ""}, "at least 1"),
        ({"item": "{fonds}", "path": "{item}/{number}"}, "another one"),
    ],
)
def test_mistakes_of_a_code_that_is_put_together(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LayoutOptions.model_validate(
            {"parts": {**NESTED_PARTS, "item": "[A-Z0-9]+"}, "patterns": [{**NESTED, **changed}]}
        )


@pytest.mark.parametrize(
    "expression", [r"(\w+)+x", r"([^/]+)+x", r"(a|a)*x", r".*.*.*.*.*x", r"scan-(\w+)*x"]
)
def test_patterns_that_would_hang_on_some_name_are_refused(expression: str) -> None:
    pattern = {
        "title": "slow",
        "path": expression,
        "examples": ["scan-ax.jpg" if "scan" in expression else "ax.jpg"],
    }
    with pytest.raises(ValidationError, match="too long on some names"):
        options(pattern)


def test_all_mistakes_are_told_together() -> None:
    with pytest.raises(ValidationError) as caught:
        options({**FOLDER, "path": "("}, {**FLAT, "path": "{nobody}"})
    assert "regular expression" in str(caught.value)
    assert "nobody" in str(caught.value)


def test_unknown_keys_and_odd_values_are_mistakes() -> None:
    for wrong in (
        {"extension": ["jpg"]},
        {"extensions": ["tar.gz"]},
        {"number_widths": [0]},
        {"extensions": []},
    ):
        with pytest.raises(ValidationError):
            LayoutOptions.model_validate(wrong)


def test_extensions_are_read_in_any_case_and_with_a_dot() -> None:
    layout = Layout(LayoutOptions(extensions=(".JPG",)))
    assert layout.is_page("a/0001.jpg")
    assert layout.is_page("a/0001.Jpg")
    assert not layout.is_page("a/0001.tif")
