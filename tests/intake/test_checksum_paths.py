import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.intake.checksum_paths import FileNames, locate_entries
from ybda_qc.intake.names import to_text
from ybda_qc.model import BatchFile, ChecksumEntry, ChecksumList, FileRole

PAGES = ("1/0001.jpg", "1/0002.jpg", "2/0001.jpg")


def names_of(*paths: str, lists: tuple[str, ...] = ()) -> FileNames:
    roles = [*((path, FileRole.PAGE) for path in paths), *((path, FileRole.CHECKSUM) for path in lists)]
    return FileNames(BatchFile(path=path, size_bytes=1, role=role) for path, role in roles)


def locate(
    written: list[str], list_path: str = "list.md5", names: FileNames | None = None
) -> tuple[list[str], list[tuple[int, str, str]]]:
    """Paths in the batch, and the problems."""
    entries = tuple(
        ChecksumEntry(line=line, path=path, algorithm="md5", digest="0" * 32)
        for line, path in enumerate(written, 1)
    )
    located = locate_entries(ChecksumList(entries=entries), list_path, names or names_of(*PAGES))
    return [entry.path for entry in located.entries], [
        (problem.line, problem.kind, problem.text) for problem in located.problems
    ]


def test_paths_count_from_the_folder_of_the_list() -> None:
    assert locate(["0001.jpg", "./0002.jpg", "../2/0001.jpg"], "1/list.md5") == (list(PAGES), [])
    assert locate(["1/0001.jpg", "2//0001.jpg"]) == (["1/0001.jpg", "2/0001.jpg"], [])


def test_paths_count_from_the_batch_folder_where_only_that_finds_files() -> None:
    assert locate(["1/0001.jpg", "1/0009.jpg"], "sums/list.md5") == (["1/0001.jpg", "1/0009.jpg"], [])
    # the folder of the list goes before
    assert locate(["0001.jpg", "1/0001.jpg"], "1/list.md5") == (["1/0001.jpg", "1/1/0001.jpg"], [])


def test_a_missing_file_is_expected_in_the_folder_of_the_list() -> None:
    assert locate(["0009.jpg"], "1/list.md5") == (["1/0009.jpg"], [])


def test_paths_out_of_the_batch_are_refused() -> None:
    written = ["../0001.jpg", "/etc/passwd", "C:\\1\\0001.jpg", "\\\\server\\0001.jpg", "1/../../x"]
    paths, problems = locate(written)
    assert paths == []
    assert problems == [(line, "outside", text) for line, text in enumerate(written, 1)]
    assert locate([".", "1/.."])[1] == [(1, "outside", "."), (2, "outside", "1/..")]


def test_what_a_list_says_of_itself_does_not_count() -> None:
    names = names_of(*PAGES, lists=("1/list.md5", "2/list.md5"))
    assert locate(["0001.jpg", "list.md5", "../2/list.md5"], "1/list.md5", names) == (
        ["1/0001.jpg", "2/list.md5"],
        [],
    )


def test_full_paths_of_another_machine_count_from_the_folder_that_held_the_delivery() -> None:
    for root in ("D:\\scan\\batch 1\\", "/data/scan/", "\\\\server\\share\\", "/"):
        slash = "\\" if "\\" in root else "/"
        written = [root + path.replace("/", slash) for path in (*PAGES, "2/0009.jpg")]
        assert locate(written) == ([*PAGES, "2/0009.jpg"], [])
        assert locate(written, "2/list.md5") == ([*PAGES, "2/0009.jpg"], [])
    assert locate(["E:\\out\\0001.jpg", "E:\\out\\0002.jpg"], "1/list.md5") == (list(PAGES[:2]), [])
    # as many folders as can be are taken for those of the batch
    assert locate(["/1/1/0001.jpg"], names=names_of("1/1/0001.jpg", "1/0001.jpg")) == (["1/1/0001.jpg"], [])


def test_full_paths_from_several_places_are_refused() -> None:
    written = ["D:\\scan\\1\\0001.jpg", "E:\\other\\0002.jpg"]
    assert [kind for _, kind, _ in locate(written)[1]] == ["outside", "outside"]
    written = ["/scan/1/0001.jpg", "/scan/../1/0002.jpg"]
    assert [kind for _, kind, _ in locate(written)[1]] == ["outside", "outside"]


def test_windows_paths() -> None:
    assert locate(["1\\0001.jpg", ".\\2\\0001.jpg"]) == (["1/0001.jpg", "2/0001.jpg"], [])
    assert locate(["3\\0001.jpg"]) == (["3/0001.jpg"], [])


def test_a_backslash_that_belongs_to_a_name_stays() -> None:
    assert locate(["1\\a.jpg"], names=names_of("1\\a.jpg", "1/a.jpg"))[0] == ["1\\a.jpg"]


def test_blanks_around_a_path_do_not_hide_the_file() -> None:
    assert locate(["  1/0001.jpg "]) == (["1/0001.jpg"], [])


def test_case_and_unicode_form_make_no_other_file() -> None:
    assert locate(["1/0001.JPG"]) == (["1/0001.jpg"], [])
    composed = "1/\u00e9.jpg"
    assert locate([unicodedata.normalize("NFD", composed)], names=names_of(composed))[0] == [composed]


def test_a_name_in_another_case_is_missing_if_the_list_has_both() -> None:
    assert locate(["1/0001.JPG", "1/0001.jpg"])[0] == ["1/0001.JPG", "1/0001.jpg"]
    assert locate(["a.JPG"], names=names_of("a.jpg", "A.jpg"))[0] == ["a.JPG"]


def test_a_chinese_name_on_an_old_disk_is_found() -> None:
    raw = "档案.jpg".encode("gb18030")
    file = BatchFile(path=to_text(raw), path_hex=raw.hex(), size_bytes=1, role=FileRole.PAGE)
    assert locate(["档案.jpg"], names=FileNames([file]))[0] == [file.path]


def test_a_list_without_names_speaks_of_the_file_beside_it() -> None:
    names = names_of("1/0001.jpg", "1/0002.jpg", "1/0002.tif", lists=("1/0001.jpg.md5", "1/0001.md5"))
    assert locate([""], "1/0001.jpg.md5", names)[0] == ["1/0001.jpg"]
    assert locate([""], "1/0001.md5", names)[0] == ["1/0001.jpg"]
    assert locate([""], "1/0002.md5", names)[0] == ["1/0002"]  # of which of the two?
    assert locate([""], "1/0003.jpg.md5", names)[0] == ["1/0003.jpg"]


@given(st.lists(st.text(st.sampled_from("./\\aC: 档"), min_size=1, max_size=12), max_size=5))
def test_no_path_leads_out_and_no_line_is_lost(written: list[str]) -> None:
    paths, problems = locate(written, "a/list.md5", names_of("a/a", "aa"))
    assert len(paths) + len(problems) == len(written)
    for path in paths:
        assert ".." not in path.split("/")
        assert not path.startswith("/")
