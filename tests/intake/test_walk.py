"""Walks real folders with everything in them that people, programs and strangers leave there."""

import os
import shutil
import socket
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.errors import ExitCode, InputError
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk
from ybda_qc.model import Batch, BatchFile, FileRole

ANY = LayoutOptions()
NATIONAL = LayoutOptions.model_validate(
    {
        "number_widths": [3, 4],
        "parts": {"item": r"[\w·]+(?:-[\w·]+)+-[0-9]{2,6}"},
        "patterns": [
            {"title": "f", "path": "{folders}{item}/{number}", "examples": ["A-B-01/001.jpg"]},
            {"title": "n", "path": "{folders}{item}-{number}", "examples": ["A-B-01-001.jpg"]},
        ],
    }
)


def put(root: Path, *paths: str, content: bytes = b"x") -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def strays(batch: Batch) -> set[tuple[str, str]]:
    return {(stray.path, stray.kind) for stray in batch.strays}


def roles(batch: Batch) -> dict[str, FileRole]:
    return {file.path: file.role for file in batch.files}


def opened(root: Path, file: BatchFile) -> bytes:
    relative = bytes.fromhex(file.path_hex) if file.path_hex else file.path.encode()
    with open(os.fsencode(root) + b"/" + relative, "rb") as handle:  # noqa: PTH123 - bytes
        return handle.read()


def test_folders_are_items_and_the_batch_folder_is_one_too(tmp_path: Path) -> None:
    put(tmp_path, "b/2.jpg", "b/10.jpg", "b/1.jpg", "a/c/x.tif", "3.png")
    batch = walk(tmp_path, ANY)
    assert [file.path for file in batch.files] == ["3.png", "a/c/x.tif", "b/1.jpg", "b/10.jpg", "b/2.jpg"]
    assert {item.code: [file.path for file in item.files] for item in batch.items} == {
        ".": ["3.png"],
        "a/c": ["a/c/x.tif"],
        "b": ["b/1.jpg", "b/2.jpg", "b/10.jpg"],
    }
    assert batch.strays == ()


def test_archival_codes_are_items_wherever_their_folder_lies(tmp_path: Path) -> None:
    put(
        tmp_path, "2022/A1-WS-0001/0001.jpg", "A1-WS-0002/001.jpg", "A1-WS-0003-001.jpg", "A1-WS-0003-002.jpg"
    )
    batch = walk(tmp_path, NATIONAL)
    assert [item.code for item in batch.items] == ["A1-WS-0001", "A1-WS-0002", "A1-WS-0003"]
    assert all(file.name_matches for file in batch.files)


def test_a_page_with_an_odd_name_belongs_to_the_item_of_its_folder(tmp_path: Path) -> None:
    put(tmp_path, "2022/A1-WS-0001/0001.jpg", "2022/A1-WS-0001/scan.jpg", "elsewhere/scan.jpg")
    by_path = {file.path: file for file in walk(tmp_path, NATIONAL).files}
    assert by_path["2022/A1-WS-0001/scan.jpg"].item == "A1-WS-0001"
    assert by_path["2022/A1-WS-0001/scan.jpg"].name_matches is False
    assert by_path["elsewhere/scan.jpg"].item == "elsewhere"


def test_every_file_has_a_role_and_no_file_is_passed_over(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a/1.JPG",
        "a/README",
        "a/clip.wav",
        "a/目录.xlsx",
        "目录.XLSX",
        "a/list.md5",
        "manifest-sha256.txt",
        "说明文件.txt",
        "a/Thumbs.db",
        "a/.DS_Store",
        "a/._1.jpg",
        "a/.secret.jpg",
        "a/1.jpg.exe",
        "a/autorun.inf",
        "a/noextension",
    )
    batch = walk(tmp_path, ANY)
    assert roles(batch) == {
        "a/1.JPG": FileRole.PAGE,
        "a/README": FileRole.STRAY,
        "a/clip.wav": FileRole.MEDIA,
        "a/目录.xlsx": FileRole.STRAY,
        "目录.XLSX": FileRole.CATALOGUE,
        "a/list.md5": FileRole.CHECKSUM,
        "manifest-sha256.txt": FileRole.CHECKSUM,
        "说明文件.txt": FileRole.IGNORED,
        "a/Thumbs.db": FileRole.STRAY,
        "a/.DS_Store": FileRole.STRAY,
        "a/._1.jpg": FileRole.STRAY,
        "a/.secret.jpg": FileRole.STRAY,
        "a/1.jpg.exe": FileRole.STRAY,
        "a/autorun.inf": FileRole.STRAY,
        "a/noextension": FileRole.STRAY,
    }
    assert strays(batch) == {
        ("a/README", "unknown"),
        ("a/目录.xlsx", "unknown"),
        ("a/noextension", "unknown"),
        ("a/Thumbs.db", "system"),
        ("a/.DS_Store", "system"),
        ("a/._1.jpg", "system"),
        ("a/.secret.jpg", "hidden"),
        ("a/1.jpg.exe", "executable"),
        ("a/autorun.inf", "executable"),
    }


def test_hidden_folders_are_one_stray_with_the_count_of_their_files(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", ".cache/a/1.jpg", ".cache/2.jpg", "a/__MACOSX/._1.jpg")
    batch = walk(tmp_path, ANY)
    assert {(stray.path, stray.kind, stray.detail) for stray in batch.strays} == {
        (".cache", "hidden", "2"),
        ("a", "empty-folder", ""),
        ("a/__MACOSX", "system", "1"),
    }
    assert [file.path for file in batch.files if file.role is FileRole.PAGE] == ["1.jpg"]


def test_folders_worth_a_word(tmp_path: Path) -> None:
    put(tmp_path, "x.tif/0001.jpg", "only_junk/Thumbs.db", "a/b/c/1.jpg")
    (tmp_path / "empty").mkdir()
    (tmp_path / "nested/empty").mkdir(parents=True)
    batch = walk(tmp_path, LayoutOptions(max_depth=2))
    assert strays(batch) == {
        ("x.tif", "page-name-folder"),
        ("only_junk", "empty-folder"),
        ("only_junk/Thumbs.db", "system"),
        ("empty", "empty-folder"),
        ("nested/empty", "empty-folder"),
        ("a/b/c", "too-deep"),
    }
    assert "x.tif/0001.jpg" in roles(batch)
    assert roles(batch)["a/b/c/1.jpg"] is FileRole.PAGE


def test_links_are_reported_and_never_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "batch"
    put(outside, "1.jpg", "deep/2.jpg")
    put(root, "a/1.jpg")
    for link, target in {
        "out.jpg": outside / "1.jpg",
        "out": outside,
        "within.jpg": root / "a/1.jpg",
        "dangling.jpg": root / "nobody.jpg",
        "a/up": root,
        "a/self": root / "a",
        "me": root / "me",
    }.items():
        (root / link).symlink_to(target)
    batch = walk(root, ANY)
    assert strays(batch) == {
        ("out.jpg", "symlink"),
        ("out", "symlink"),
        ("within.jpg", "symlink"),
        ("dangling.jpg", "symlink"),
        ("a/up", "symlink-loop"),
        ("a/self", "symlink-loop"),
        ("me", "symlink-loop"),
    }
    assert roles(batch) == {"a/1.jpg": FileRole.PAGE}


def test_the_batch_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "batch", "1.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "batch")
    assert len(walk(tmp_path / "link", ANY).files) == 1


def test_pipes_and_sockets_are_never_opened(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")  # opening it would wait for ever
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{short}/s")  # socket paths have at most 108 bytes
        shutil.move(f"{short}/s", tmp_path / "socket.jpg")
        batch = walk(tmp_path, ANY)
    assert strays(batch) == {("pipe.jpg", "special"), ("socket.jpg", "special")}


HOSTILE = {
    "spaces": b" two  words .jpg",
    "quotes": b'"it\'s".jpg',
    "newline": b"line\nbreak.jpg",
    "gbk": "档案".encode("gbk") + b".jpg",
    "four bytes": "𠮷𠀀.jpg".encode(),
    "long": b"a" * 246 + b".jpg",
    "long Chinese": "档".encode() * 82 + b".jpg",
    "decomposed": unicodedata.normalize("NFD", "é.jpg").encode(),
    "composed": unicodedata.normalize("NFC", "é.jpg").encode(),
    "shell": b"$(rm -rf x);`x`.jpg",
    "option": b"--help.jpg",
    "percent": b"%s{0}{path}.jpg",
    "lookalike": b"\\xff.jpg",
    "odd byte": b"\xff.jpg",
    "right to left": "\u202egpj.exe.jpg".encode(),
}


def test_hostile_names_are_found_and_open_the_right_file(tmp_path: Path) -> None:
    written = set()
    for raw in HOSTILE.values():
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_bytes(raw)
        except OSError:
            continue
        written.add(raw)
    batch = walk(tmp_path, ANY)
    assert {opened(tmp_path, file) for file in batch.files} == written
    assert len({file.path for file in batch.files}) == len(written)
    for file in batch.files:
        raw = opened(tmp_path, file)
        assert (file.path_hex is None) == (file.path.encode() == raw)
    paths = [file.path.encode() for file in batch.files]
    assert paths == sorted(paths)


@settings(max_examples=40, deadline=None)
@given(
    st.sets(
        st.binary(min_size=1, max_size=60)
        .map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))
        .filter(lambda raw: raw not in (b".", b"..")),
        min_size=1,
        max_size=8,
    )
)
def test_any_names_on_disk_come_back(names: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, "anchor-page-1.jpg")
        for raw in names:
            try:
                Path(os.fsdecode(os.fsencode(root) + b"/" + raw)).write_bytes(raw)
            except OSError:
                return  # this file system refuses the name
        batch = walk(root, ANY)
        found = {opened(root, file) for file in batch.files}
        assert found == names | {b"x"}
        assert len(batch.files) == len({file.path for file in batch.files}) == len(names) + 1


def test_a_non_utf8_folder_is_an_item_and_its_pages_open(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/" + "案卷".encode("gbk")
    try:
        os.mkdir(folder)  # noqa: PTH102 - bytes
    except OSError:
        pytest.skip("the file system refuses names that are not UTF-8")
    Path(os.fsdecode(folder + b"/0001.jpg")).write_bytes(b"page")
    (file,) = walk(tmp_path, ANY).files
    assert opened(tmp_path, file) == b"page"
    assert file.item == "\\xb0\\xb8\\xbe\\xed"


def test_sizes_are_those_on_disk_and_an_empty_file_is_still_a_page(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", content=b"")
    put(tmp_path, "2.jpg", content=b"12345")
    assert [(file.size_bytes, file.role) for file in walk(tmp_path, ANY).files] == [
        (0, FileRole.PAGE),
        (5, FileRole.PAGE),
    ]


def test_very_deep_folders_do_not_overflow(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 600)
    deep.mkdir(parents=True)
    put(deep, "1.jpg")
    batch = walk(tmp_path, ANY)
    assert len(batch.files) == 1
    assert [stray.kind for stray in batch.strays] == ["too-deep"]


def test_folders_deeper_than_the_system_can_open_are_reported(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg")
    handles = [os.open(tmp_path, os.O_RDONLY)]
    try:
        for _ in range(25):  # 25 names of 200 bytes: longer than a path may be
            os.mkdir("d" * 200, dir_fd=handles[-1])
            handles.append(os.open("d" * 200, os.O_RDONLY, dir_fd=handles[-1]))
        batch = walk(tmp_path, ANY)
    finally:
        for handle in reversed(handles):
            os.close(handle)
    assert "unreadable-folder" in {stray.kind for stray in batch.strays}


@pytest.fixture
def as_stranger() -> Iterator[Path]:
    """A folder in which we have the rights of an ordinary user, even if the tests are run by root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in folder.rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


def walk_as_stranger(root: Path) -> Batch:
    if os.geteuid() != 0:
        return walk(root, ANY)
    os.seteuid(65534)
    try:
        return walk(root, ANY)
    finally:
        os.seteuid(0)


def test_an_unreadable_folder_is_a_stray(as_stranger: Path) -> None:
    put(as_stranger, "a/1.jpg", "b/2.jpg")
    (as_stranger / "b").chmod(0)
    batch = walk_as_stranger(as_stranger)
    assert strays(batch) == {("b", "unreadable-folder")}
    assert [file.path for file in batch.files] == ["a/1.jpg"]


def test_files_that_may_be_listed_but_not_looked_at_are_kept(as_stranger: Path) -> None:
    put(as_stranger, "a/1.jpg")
    (as_stranger / "a").chmod(0o444)
    batch = walk_as_stranger(as_stranger)
    assert roles(batch) == {"a/1.jpg": FileRole.PAGE}


def test_an_unreadable_batch_is_refused(as_stranger: Path) -> None:
    put(as_stranger, "batch/1.jpg")
    (as_stranger / "batch").chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        walk_as_stranger(as_stranger / "batch")


def test_a_batch_of_unreadable_folders_is_not_called_empty(as_stranger: Path) -> None:
    put(as_stranger, "a/1.jpg")
    (as_stranger / "a").chmod(0)
    with pytest.raises(InputError, match="cannot be opened"):
        walk_as_stranger(as_stranger)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "does not exist"),
        (lambda root: root.write_bytes(b"x"), "is a file, not a folder"),
        (lambda root: root.symlink_to(root.parent / "nobody"), "does not exist"),
        (lambda root: root.mkdir(), "is empty"),
        (lambda root: (root / "a/b").mkdir(parents=True), "is empty"),
        (lambda root: put(root, "a.docx", "b.txt"), "none of its 2 files is a scan"),
        (lambda root: (root.mkdir(), (root / "1.jpg").symlink_to("/etc/hostname")), "1 symbolic links"),
    ],
)
def test_a_batch_that_cannot_be_used_is_refused_with_what_to_do(tmp_path: Path, make, message: str) -> None:
    root = tmp_path / "batch {x}"
    make(root)
    with pytest.raises(InputError, match=message) as caught:
        walk(root, ANY)
    assert str(root) in str(caught.value)
    assert caught.value.exit_code is ExitCode.INPUT


def test_the_name_of_the_batch_folder_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path / "one", "1.jpg", "a/2.jpg")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    one, two = walk(tmp_path / "one", ANY), walk(tmp_path / "two", ANY)
    assert (one.files, one.items, one.strays) == (two.files, two.items, two.strays)


def test_patterns_are_globs_in_any_case(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", "a/NOTES.TXT", "b/notes.txt", "a/x[1].txt")
    options = LayoutOptions(ignored=("notes.txt", "a/x?1?.txt"))
    assert set(roles(walk(tmp_path, options)).values()) == {FileRole.PAGE, FileRole.IGNORED}
