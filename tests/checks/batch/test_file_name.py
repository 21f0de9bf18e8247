import unicodedata

import pytest

from tests.checks.batch.memory import ANY, NATIONAL, OWN, MemoryView, inspect_batch, make_batch, summary
from ybda_qc.checks._limits import Above
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks.batch.file_name import FileNameCheck
from ybda_qc.model import Batch, BatchFile, FileRole, Finding

CHECK = FileNameCheck()
CODE = "A1-WS·2022-Y-0001"


def look(*paths: str) -> list[Finding]:
    return inspect_batch(CHECK, make_batch(paths, ANY))


def test_good_names_are_sound() -> None:
    batch = make_batch(
        [f"{CODE}/0001.jpg", "2022/A1-WS·2022-Y-0002/001.tif", "A1-WS·2022-Y-0003.pdf"], NATIONAL
    )
    assert inspect_batch(CHECK, batch) == []
    assert (
        look("纸质档案/第 1 页.jpg", "a/it's.jpg", "𠮷/1.jpg", "a/CONTENTS.jpg", "a/nul1.jpg", "a/.b") == []
    )


def test_a_name_that_fits_no_pattern() -> None:
    (finding,) = inspect_batch(CHECK, make_batch([f"{CODE}/0001.jpg", f"{CODE}/scan7.jpg"], NATIONAL))
    assert (finding.code, finding.subject) == ("no-match", f"{CODE}/scan7.jpg")
    assert finding.pages == (f"{CODE}/scan7.jpg#1",)
    assert "scan7.jpg" in finding.message


def test_without_patterns_every_name_fits() -> None:
    assert look("a/anything at all.jpg") == []


@pytest.mark.parametrize(
    "name", ["a\nb.jpg", "a\tb.jpg", "a\x7f.jpg", "\u202egpj.exe", "a\u2028b.jpg", "\ufeffa.jpg"]
)
def test_control_characters(name: str) -> None:
    assert summary(look(f"x/{name}")) == [("control-character", f"x/{name}")]


@pytest.mark.parametrize(
    "name",
    [
        '"a".jpg',
        "a?.jpg",
        "a:b.jpg",
        "a|b.jpg",
        "a\\b.jpg",
        "CON.jpg",
        "nul",
        "Com1.tar.gz",
        "LPT9",
        "a.jpg ",
        "a.",
    ],
)
def test_names_that_windows_cannot_store(name: str) -> None:
    assert summary(look(f"x/{name}")) == [("unportable", f"x/{name}")]


def test_a_name_is_judged_by_its_length_in_utf16() -> None:
    def codes(name: str) -> set[str]:
        return {finding.code for finding in look(f"x/{name}")}

    assert "unportable" in codes("𠮷" * 128)
    assert "unportable" not in codes("𠮷" * 127)
    assert "unportable" not in codes("档" * 255)


def test_long_paths_at_both_sides_of_the_limit() -> None:
    limit = Above(note=20.0, source=OWN)
    batch = make_batch(["a" * 16 + ".jpg", "b" * 17 + ".jpg"], ANY)
    (finding,) = inspect_batch(CHECK, batch, long_path=limit)
    assert (finding.code, finding.value, finding.subject) == ("long-path", 21, "b" * 17 + ".jpg")


def test_names_that_are_not_utf8() -> None:
    raw = b"a/" + "档".encode("gbk") + b".jpg"
    text = raw.decode("utf-8", errors="backslashreplace")
    file = BatchFile(path=text, path_hex=raw.hex(), size_bytes=1, role=FileRole.PAGE)
    view = MemoryView(Batch(root="/batch", files=(file,), items=()))
    (finding,) = inspect_batch(CHECK, view)
    assert (finding.code, finding.subject) == ("not-utf8", text)


def test_an_odd_folder_is_named_once_not_for_each_page() -> None:
    assert summary(look("a?/1.jpg", "a?/2.jpg", "a?/b/3.jpg")) == [("unportable", "a?")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.JPG", "a.jpg"),
        (unicodedata.normalize("NFC", "é.jpg"), unicodedata.normalize("NFD", "é.jpg")),
        (unicodedata.normalize("NFC", "É.jpg"), unicodedata.normalize("NFD", "é.jpg")),
    ],
)
def test_names_that_clash_on_other_systems(one: str, other: str) -> None:
    first, second = sorted([one, other], key=str.encode)
    (finding,) = look(f"x/{one}", f"x/{other}")
    assert (finding.code, finding.subject, finding.values["other"]) == ("case-clash", f"x/{second}", first)
    assert look(f"x/{one}", f"y/{other}") == []


def test_folders_clash_too() -> None:
    assert summary(look("Box/1.jpg", "box/2.jpg")) == [("case-clash", "box")]


def test_a_great_many_odd_names_make_a_short_list() -> None:
    findings = inspect_batch(CHECK, make_batch([f"x/page{n}.jpg" for n in range(LISTED + 50)], NATIONAL))
    assert sum(finding.code == "no-match" for finding in findings) == LISTED
    (rest,) = [finding for finding in findings if finding.code == "unlisted"]
    assert (rest.subject, rest.values["count"], rest.values["kind"]) == (WHOLE_BATCH, 50, "no-match")
