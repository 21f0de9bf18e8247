"""No text that users see lacks its Chinese."""

import ast
import errno
import importlib.util
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.catalogue.codes import CodeReader
from ybda_qc.checks._registry import BATCH_CHECKS, PAGE_CHECKS
from ybda_qc.checks.batch import archival_code
from ybda_qc.model import Scalar
from ybda_qc.report import vocabulary
from ybda_qc.report.translate import Translator, translator

ROOT = Path(__file__).parents[2]


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "docs")
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("build_translations")


@pytest.fixture(scope="module")
def texts() -> ModuleType:
    return load_script("user_texts")


def test_every_text_has_a_chinese_translation(script: ModuleType) -> None:
    assert script.missing(script.read_catalogue()) == []


def test_the_chinese_catalogue_is_sound_and_in_order(script: ModuleType) -> None:
    assert list(script.mistakes(script.PO.read_bytes())) == []
    assert script.in_order(script.read_catalogue()) == script.PO.read_bytes()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('msgid "Batch"\nmsgstr "一批"', "two translations: 'Batch'"),
        (
            'msgid "no longer said"\nmsgstr "不再说"',
            "no text asks for it (--prune drops it): 'no longer said'",
        ),
        (
            'msgctxt "sentence"\nmsgid "Batch"\nmsgstr "批次"',
            "no text asks for it (--prune drops it): 'Batch'",
        ),
    ],
)
def test_an_entry_that_is_wrong_is_named(script: ModuleType, entry: str, said: str) -> None:
    assert list(script.mistakes(f"{script.PO.read_text('utf-8')}\n{entry}\n".encode())) == [said]


def test_other_fields_in_a_translation_are_named(script: ModuleType) -> None:
    po = script.PO.read_text("utf-8").replace('msgstr "（{clause}）"', 'msgstr "（{条款}）"')
    assert list(script.mistakes(po.encode())) == ["other fields in the translation: '  ({clause})'"]


def test_an_entry_that_stands_twice_is_written_once_and_in_its_place(script: ModuleType) -> None:
    po = script.PO.read_bytes()
    merged = po + '\nmsgid "Batch"\nmsgstr "批次"\n'.encode()
    assert list(script.mistakes(merged)) == []
    assert script.in_order(script.read_catalogue(merged)) == po


def test_the_texts_of_all_registered_checks_are_collected(texts: ModuleType) -> None:
    known = set(texts.all_texts())
    for check in (*PAGE_CHECKS, *BATCH_CHECKS):
        card = check.card()
        said = [
            card.title,
            card.requirement,
            card.why,
            card.remedy,
            *(code.template for code in check.codes),
        ]
        assert [text for text in said if text and text not in known] == [], check.id


def test_the_compiled_catalogue_is_up_to_date(script: ModuleType) -> None:
    assert script.MO.read_bytes() == script.compile_catalogue(script.read_catalogue())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('raise InputError("{path} is gone", path=1)', "{path} is gone"),
        ('_GONE = "gone for good"\nraise InputError(_GONE)', "gone for good"),
        ('Code(name="x", template="a {b}" " c", limits=Flag)', "a {b} c"),
        ('NotApplicable(reason="too small")', "too small"),
        ('say(_("Batch"))', "Batch"),
        ('T = {1: "one"}.get(x, "other")\nReason(template=T)', "other"),
        ('Reason(template="yes" if x else "no")', "no"),
        ('progress.step("judging")', "judging"),
        (
            'class A:\n    """It.\n\n    Why: so.\n    """\n    id = "a"\n    title = "A"\n    codes = ()',
            "so.",
        ),
    ],
)
def test_collects(texts: ModuleType, source: str, text: str) -> None:
    assert text in texts.Texts(ast.parse(source)).found


def test_english_is_the_template_itself() -> None:
    assert translator("en")("{n} pages", {"n": 3}) == "3 pages"
    assert translator("zh")("{n} pages", {"n": 3}) == "3 页"


def test_an_unknown_text_is_shown_in_english() -> None:
    assert translator("zh")("plug-in says {what}", {"what": "hello"}) == "plug-in says hello"


@pytest.mark.parametrize(
    "template", ["{missing} field", "{a:d} of the wrong kind", "{broken", "{0} by place", "{a.b}"]
)
def test_a_template_that_does_not_fit_costs_no_report(template: str) -> None:
    shown = translator("zh")(template, {"a": "x"})
    assert template in shown
    assert "a=x" in shown


def test_text_without_values_keeps_its_braces() -> None:
    assert translator("en")("{literally}") == "{literally}"
    assert translator("zh")("") == ""


def test_only_two_languages() -> None:
    with pytest.raises(KeyError):
        translator("fr")  # type: ignore[arg-type]
    assert isinstance(translator("zh"), Translator)


def test_words_in_values_are_translated_only_in_the_fields_that_hold_words() -> None:
    say = translator("zh")
    template = "colour mode {mode} is not among those allowed: {allowed}"
    shown = say(template, {"mode": "grey", "allowed": "rgb, bitonal"})
    assert "灰度" in shown
    assert "RGB 彩色、黑白二值" in shown
    assert "left" in say("{path} is hidden and was not checked", {"path": "left"})
    assert translator("en")(template, {"mode": "grey", "allowed": "rgb"}).startswith("colour mode grey")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("counts", "rgb: 55, bitonal: 2, 300 × 200: 1", "RGB 彩色：55、黑白二值：2、300 × 200：1"),
        ("numbers", "6, 8-10", "6、8-10"),
        ("widths", "3, 4", "3、4"),
        ("places", "x 769, y 12, …", "x 769、y 12、…"),
        ("item", "A-1 (access copies 利用件)", "A-1（利用件）"),
        ("item", "A-1 (2)", "A-1 (2)"),
        ("item", "A-1", "A-1"),
    ],
)
def test_lists_and_copies_are_written_as_chinese_is(name: str, value: str, said: str) -> None:
    assert translator("zh")(f"{{{name}}}", {name: value}) == said
    assert translator("en")(f"{{{name}}}", {name: value}) == value


def test_what_the_system_says_of_an_error_is_told_in_the_readers_language() -> None:
    template = "{path} cannot be written: {reason}"
    values: dict[str, Scalar] = {"path": "a", "reason": os.strerror(errno.EACCES)}
    assert translator("zh")(template, values).endswith("：没有权限")
    assert translator("en")(template, values) == "a cannot be written: Permission denied"
    values["reason"] = "Permission denied by the moon"
    assert translator("zh")(template, values).endswith("：Permission denied by the moon")


def test_lists_of_names_have_chinese_commas_and_the_names_as_they_are() -> None:
    template = "there is no check {check}; there are: {known}"
    said = translator("zh")(template, {"check": "a, b", "known": "left, skew"})
    assert said == "没有检查项“a, b”；现有：left、skew"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("row 6", "第 6 行"),
        ("row 6 of 目录; row 7 of row 8 of it; …", "工作表“目录”第 6 行、工作表“row 8 of it”第 7 行、…"),
        ("目录.xlsx", "目录.xlsx"),
    ],
)
def test_rows_of_the_catalogue_are_named_in_the_readers_language(rows: str, said: str) -> None:
    template = "{text} is the code of {value:g} records: {rows}"
    values = {"text": "B469", "value": 2.0, "rows": rows}
    assert said in translator("zh")(template, values)
    assert "row 6 of 目录, row 7" in translator("en")(template, {**values, "rows": "row 6 of 目录; row 7"})


@pytest.mark.parametrize(
    ("source", "template"),
    [
        ('raise ImageFault("unreadable", "no end")', "no end"),
        (
            'raise ImageFault("unreadable", f"Block {number} {{so}} ({words!r}).")',
            "Block {number} {{so}} ({words}).",
        ),
        ('warnings.append("Bytes follow the end.")', "Bytes follow the end."),
        ('def f(detail: str = "It is empty.") -> None: ...', "It is empty."),
        ('warnings = (f"{count} lines are bad.",)', "{count} lines are bad."),
        ('raise ValueError("an extension has no dot")', "an extension has no dot"),
        ('table[_CLAUSE] = f"by {setter}"', "by {setter}"),
        ('reason = why or stored(f"it died of {name}")', "it died of {name}"),
    ],
)
def test_collects_sentences_that_are_stored_filled_in(texts: ModuleType, source: str, template: str) -> None:
    found = texts.Sentences(ast.parse(source), all_of_them=True, mistakes=True).found
    assert list(found) == [template]


def test_docstrings_and_other_texts_are_no_sentences(texts: ModuleType) -> None:
    source = (
        '"""A module."""\ndef f():\n    """Do it now."""\n    return "image/png", f"{a}.png", "no reason"'
    )
    assert texts.Sentences(ast.parse(source), all_of_them=True).found == {}


def test_titles_of_the_patterns_and_structures_of_a_profile_are_collected(texts: ModuleType) -> None:
    assert {"one folder an item, pages 0001, 0002 ...", "objects 实物"} <= texts.all_texts().keys()


def test_a_field_of_a_stored_sentence_must_have_a_name(texts: ModuleType) -> None:
    with pytest.raises(ValueError, match="bind"):
        texts.Sentences(ast.parse('ImageFault("x", f"Block {number + 1} is bad.")'))


def test_parts_of_archival_codes_are_named_in_the_readers_language_alone() -> None:
    codes = load_profile("da-t-31-2017", registered_checks()).codes
    reading = CodeReader(codes).read("A182-WS·2022-D5-BGS-001")
    template = "{part} '{found}' in {text} is not of the form: {expected} (character {at})"
    for problem in reading.problems:
        part = archival_code.NAMES[problem.part]
        values: dict[str, Scalar] = {"part": part, "found": "-", "text": "-", "at": problem.at}
        values["expected"] = problem.expected
        assert not re.search("[a-z]", translator("zh")(template, values))
        assert part in translator("en")(template, values)
    assert len(reading.problems) == 2


def test_what_parts_may_be_is_said_in_chinese_too() -> None:
    parts = load_profile("da-t-31-2017", registered_checks()).codes.parts.values()
    assert [part.says for part in parts if part.says and part.says not in vocabulary.WORDS] == []
    assert [name for name in archival_code.NAMES.values() if name not in vocabulary.WORDS] == []
