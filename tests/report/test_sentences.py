"""Stored English sentences are said in Chinese."""

import re
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ybda_qc.checks._base import Method
from ybda_qc.checks.page.readable import ReadableCheck, damage
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.values import DecodeLimits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Observation
from ybda_qc.report.sentences import Sentences, read_sentences
from ybda_qc.report.translate import LOCALE_FOLDER, translator

CATALOGUE = read_sentences(LOCALE_FOLDER / "zh_CN" / "LC_MESSAGES" / "ybda_qc.mo")
SAY = Sentences(CATALOGUE)
PLANTED = Path(__file__).parents[2] / "sample_scans" / "planted" / "batch"
SENTENCES = ("detail", "warning")
DETAIL = "the file cannot be read: {detail}"
ODDITIES = "the page is complete, but its file is not quite sound: {oddities}"
LATIN_WORDS = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")

# Numbers and names have no blanks; what a library says, and paths, may hold anything that is printed.
one_word = st.integers(0, 10**9).map(str) | st.text(
    string.ascii_letters + string.digits + "档-_.", min_size=1
)
anything = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
) | st.sampled_from(["Corrupt data: 3 bytes before marker 0xd9", "a (b). C", "x; y", "{words}", "100 %"])


def names(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, str]:
    """A sentence as it is stored, and its translation."""
    template = draw(st.sampled_from(sorted(CATALOGUE)))
    values = {name: draw(anything if name == "words" else one_word) for name in names(template)}
    return template.format_map(values), CATALOGUE[template].format_map(values)


def without_brackets(text: str) -> str:
    return re.sub(r"[（(].*[)）]", "", text)


def test_the_catalogue_lists_the_sentences_of_the_decoders() -> None:
    assert len(CATALOGUE) > 150
    assert CATALOGUE["The file has no pages."] == "文件中没有页面。"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine draws slowly
@given(filled())
def test_a_filled_sentence_is_translated_with_the_same_values(pair: tuple[str, str]) -> None:
    stored, expected = pair
    assert SAY.one(stored) == expected


def is_plain(pair: tuple[str, str]) -> bool:
    """Whether a sentence ends where its first full stop before a blank, or its last one, stands."""
    return pair[0].endswith(".") and ". " not in pair[0]


@given(st.lists(filled().filter(is_plain), min_size=1, max_size=4))
def test_several_sentences_are_translated_one_by_one(pairs: list[tuple[str, str]]) -> None:
    shown = translator("zh")(ODDITIES, {"oddities": " ".join(stored for stored, _ in pairs)})
    assert shown.endswith("".join(expected for _, expected in pairs))


def test_unknown_sentences_stay_between_known_ones() -> None:
    text = "Bytes follow the end marker. Something new. The JPEG header does not follow the standard."
    assert SAY.field("oddities", text) == ("结束标记之后还有多余字节。Something new. JPEG 文件头不符合标准。")


@pytest.mark.parametrize("text", ["", ".", "; ", "Something new.", "a; b; c", "damaged (x).", "{detail}"])
def test_what_fits_no_template_stays_as_it_is(text: str) -> None:
    assert SAY.field("detail", text) == SAY.field("oddities", text) == text


def test_the_most_special_template_counts() -> None:
    several = Sentences(
        {
            "The {kind} data ({words}).": "{kind}数据（{words}）。",
            "The JPEG data ({words}).": "JPEG {words}。",
        }
    )
    assert several.one("The JPEG data (x).") == "JPEG x。"
    assert several.one("The PNG data (x).") == "PNG数据（x）。"


def test_a_field_that_stands_twice_must_have_one_value() -> None:
    twice = Sentences({"{a} is {a}.": "{a}。"})
    assert twice.one("x is x.") == "x。"
    assert twice.one("x is y.") is None


def test_english_shows_what_is_stored() -> None:
    text = "The JPEG data are damaged (Premature end of JPEG file)."
    assert translator("en")(DETAIL, {"detail": text}) == DETAIL.format(detail=text)


def test_what_a_library_says_stays_in_its_brackets() -> None:
    shown = translator("zh")(DETAIL, {"detail": "The JPEG data are damaged (Premature end of JPEG file)."})
    assert shown == "文件无法读取：JPEG 数据已损坏（Premature end of JPEG file）。"


def test_only_the_fields_that_hold_sentences_are_looked_at() -> None:
    assert "The file has no pages." in translator("zh")("plug-in: {path}", {"path": "The file has no pages."})


def test_mistakes_of_a_layout_are_joined_in_chinese() -> None:
    mistakes = "the example 'scan.jpg' does not fit '{item}'; '(x' is not a regular expression: missing )"
    assert SAY.field("detail", mistakes) == "示例 'scan.jpg' 不符合 '{item}'；'(x' 不是正则表达式：missing )"


def test_the_clause_that_a_profile_is_given_is_translated() -> None:
    assert translator("zh")("chosen by profile our-archive") == "由检查方案 our-archive 选定"
    assert translator("en")("chosen by profile our-archive") == "chosen by profile our-archive"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing known",
        b"\xff\xd8\xff\xe0\x00",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"II*\0\x08\0\0\0",
        b"BM" + bytes(30),
        b"%PDF-1.7\n",
        b"\0\0\0\x0cjP  \r\n\x87\n",
    ],
)
def test_a_damaged_file_is_described_in_chinese_and_stored_in_english(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page"
    path.write_bytes(data)
    with pytest.raises(ImageFault) as caught, open_source(path) as source:
        _ = PageView(source, 1, limits=DecodeLimits()).pixels
    stored = damage(caught.value.kind, caught.value.detail)[1].text
    assert stored is not None
    assert stored.isascii()
    shown = without_brackets(translator("zh")(DETAIL, {"detail": stored}))
    assert not LATIN_WORDS.search(shown)
    assert shown != DETAIL.format(detail=without_brackets(stored))


def test_what_is_wrong_with_the_planted_pages_is_told_in_chinese() -> None:
    told = []
    for path in sorted(PLANTED.rglob("*.jpg")):
        try:
            with open_source(path) as source:
                observed = ReadableCheck().measure(PageView(source, 1, limits=DecodeLimits()), Method())
        except ImageFault as fault:
            observed = damage(fault.kind, fault.detail)
        told += [o.text for o in observed if isinstance(o, Observation) and o.quantity in SENTENCES]
    assert len(told) >= 3
    for text in told:
        assert not LATIN_WORDS.search(without_brackets(SAY.field("detail", text or "")))
