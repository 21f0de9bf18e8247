from tests.checks.batch.memory import ANY, MemoryView, inspect_batch, make_batch, make_page
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck
from ybda_qc.checks.page.blank_page import LITTLE, NOTHING, WRITTEN
from ybda_qc.model import Finding, PageResult

CHECK = DuplicatePageCheck()


def digest(letter: str) -> str:
    return letter * 64


def page(
    path: str, letter: str, frame: int = 1, content: str | None = WRITTEN, mode: str = "bitonal"
) -> PageResult:
    texts = {("colour_mode", "mode"): mode} | ({("blank_page", "content"): content} if content else {})
    return make_page(path, frame, sha256=digest(letter), texts=texts)


def look(*pages: PageResult) -> list[Finding]:
    return inspect_batch(CHECK, MemoryView(make_batch([], ANY), pages))


def test_different_files_are_sound() -> None:
    assert look(page("1", "a"), page("2", "b")) == []


def test_one_finding_a_group_that_names_all_of_it() -> None:
    found = look(
        page("1", "a"), page("2", "b"), page("3", "a"), page("4", "c"), page("5", "a"), page("6", "c")
    )
    assert [(finding.code, finding.subject, finding.pages, finding.value) for finding in found] == [
        ("identical", "1", ("1#1", "3#1", "5#1"), 3),
        ("identical", "4", ("4#1", "6#1"), 2),
    ]


def test_a_file_of_several_pages_is_one_file() -> None:
    frames = [page("1", "a", frame) for frame in (1, 2, 3)]
    assert look(*frames) == []
    copy = [page("2", "a", frame) for frame in (1, 2, 3)]
    (finding,) = look(*frames, *copy)
    assert finding.pages == ("1#1", "2#1")


def test_blank_bitonal_pages_are_alike_by_nature() -> None:
    (finding,) = look(page("1", "a", content=NOTHING), page("2", "a", content=NOTHING))
    assert finding.code == "identical-blank"


def test_only_pages_that_are_blank_and_bitonal_are_excused() -> None:
    for content, mode in ((NOTHING, "rgb"), (LITTLE, "bitonal"), (None, "bitonal")):
        (finding,) = look(
            page("1", "a", content=content, mode=mode), page("2", "a", content=content, mode=mode)
        )
        assert finding.code == "identical"


def test_a_file_with_one_written_page_is_not_blank() -> None:
    pages = [
        page(path, "a", frame, NOTHING if frame < 3 else WRITTEN) for path in "12" for frame in (1, 2, 3)
    ]
    assert [finding.code for finding in look(*pages)] == ["identical"]


def test_empty_and_unreadable_files_are_not_copies_of_each_other() -> None:
    empty = [make_page(path, sha256=digest("e"), size_bytes=0) for path in "12"]
    unread = [make_page(path, sha256=None) for path in "34"]
    assert look(*empty, *unread) == []


def test_digests_that_begin_alike_are_still_different() -> None:
    one, other = "a" * 64, "a" * 63 + "b"
    assert look(make_page("1", sha256=one), make_page("2", sha256=other)) == []
