import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.intake.checksums import parse_checksums
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.walk import role_of
from ybda_qc.model import DIGEST_HEX_DIGITS, ChecksumEntry, FileRole

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA256 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
NAME = "A1-WS·2022-Y-0001/0001.jpg"


def entries(text: str | bytes, name: str = "sums.txt") -> list[tuple[str, str, str]]:
    """Algorithm, path and digest of each line; no line may be refused."""
    data = text.encode() if isinstance(text, str) else text
    read = parse_checksums(data, name)
    assert read.problems == ()
    return [(entry.algorithm, entry.path, entry.digest) for entry in read.entries]


def problems(text: str | bytes, name: str = "sums.txt") -> list[tuple[int, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(found.line, found.kind, found.text) for found in parse_checksums(data, name).problems]


@pytest.mark.parametrize(
    "line",
    [
        f"{MD5}  {NAME}",
        f"{MD5} *{NAME}",
        f"{MD5} {NAME}",
        f"{MD5}\t{NAME}",
        f"  {MD5}  {NAME}",
        f"{MD5.upper()}  {NAME}\r",
        f"MD5 ({NAME}) = {MD5}",
        f"MD5({NAME})= {MD5}",
        f"md5 ({NAME}) = {MD5.upper()}",
    ],
)
def test_ways_of_writing_one_file(line: str) -> None:
    assert entries(line) == [("md5", NAME, MD5)]


def test_names_escaped_by_gnu_tools() -> None:
    assert entries(f"\\{MD5}  a\\\\b\\nc\\rd") == [("md5", "a\\b\nc\rd", MD5)]
    assert entries(f"\\MD5 (a\\nb) = {MD5}") == [("md5", "a\nb", MD5)]
    assert entries(f"{MD5}  a\\nb") == [("md5", "a\\nb", MD5)]


def test_names_escaped_in_a_bag() -> None:
    line = f"{SHA256}  data/50%25%0A%0d%41.jpg"
    assert entries(line, "manifest-sha256.txt") == [("sha256", "data/50%\n\r%41.jpg", SHA256)]
    assert entries(line, "tagmanifest-sha256.txt") == [("sha256", "data/50%\n\r%41.jpg", SHA256)]
    assert entries(line, "sums.sha256") == [("sha256", "data/50%25%0A%0d%41.jpg", SHA256)]


def test_windows_lists_with_comments() -> None:
    text = f"\ufeff; made by a tool\r\n# 2024\r\n// end\r\n\r\n{MD5} *dir\\0001.jpg\r\n"
    assert entries(text) == [("md5", "dir\\0001.jpg", MD5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = f"{MD5}  档案/第一页.jpg\r\n{SHA256}  档案/联通.jpg\r\n"
    paths = [path for _, path, _ in entries(text.encode(encoding))]
    assert paths == ["档案/第一页.jpg", "档案/联通.jpg"]


def test_utf_16_with_its_high_byte_first() -> None:
    data = b"\xfe\xff" + f"{MD5}  档\n".encode("utf-16-be")
    assert entries(data) == [("md5", "档", MD5)]


def test_one_odd_byte_does_not_spoil_the_other_lines() -> None:
    good = [f"{MD5}  档案{number}.jpg".encode() for number in range(3)]
    data = b"\n".join([*good, MD5.encode() + b"  \xb5\xb5.jpg"])
    assert [path for _, path, _ in entries(data)] == [
        "档案0.jpg",
        "档案1.jpg",
        "档案2.jpg",
        r"\xb5\xb5.jpg",
    ]


def test_a_list_beside_one_file_may_hold_only_its_digest() -> None:
    assert entries(f"{MD5}\r\n", "0001.jpg.md5") == [("md5", "", MD5)]
    assert problems(f"{MD5}\n{MD5}  a\n") == [(1, "bad-line", MD5)]


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("a.sm3", "sm3"),
        ("manifest-sm3.txt", "sm3"),
        ("SM3sums.txt", "sm3"),
        ("a.sha256", "sha256"),
        ("checksum.txt", "sha256"),
    ],
)
def test_the_name_of_the_list_tells_algorithms_of_one_length_apart(name: str, algorithm: str) -> None:
    assert entries(f"{SHA256}  a", name) == [(algorithm, "a", SHA256)]


def test_each_length_has_its_algorithm() -> None:
    for algorithm, digits in DIGEST_HEX_DIGITS.items():
        digest = "0a" * (digits // 2)
        if algorithm != "sm3":
            assert entries(f"{digest}  a") == [(algorithm, "a", digest)]
        assert entries(f"{digest}  a", f"x.{algorithm}") == [(algorithm, "a", digest)]
        assert entries(f"{algorithm.upper()} (a) = {digest}") == [(algorithm, "a", digest)]
    assert entries(f"SHA2-256(a)= {SHA256}") == [("sha256", "a", SHA256)]
    assert entries(f"SHA-256 (a) = {SHA256}") == [("sha256", "a", SHA256)]


def test_a_list_named_for_another_algorithm_is_said_once() -> None:
    text = f"{MD5}  a\n{MD5}  b\n"
    read = parse_checksums(text.encode(), "manifest-sha256.txt")
    assert [entry.algorithm for entry in read.entries] == ["md5", "md5"]
    assert problems(text, "manifest-sha256.txt") == [(1, "other-algorithm", "sha256 / md5")]
    assert problems(text, "list.sha1") == [(1, "other-algorithm", "sha1 / md5")]


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        f"{MD5[:-1]}  a",
        f"{MD5}",
        f"SHA256 (a) = {MD5}",
        f"WHIRLPOOL (a) = {SHA256}",
        f"{MD5}0  a",
    ],
)
def test_lines_that_are_none_are_named_by_number(line: str) -> None:
    assert problems(f"{MD5}  good\n\n{line}\n") == [(3, "bad-line", line)]


def test_a_long_line_is_no_line_and_costs_nothing() -> None:
    ((line, kind, text),) = problems(f"{MD5}  " + "a" * 1_000_000)
    assert (line, kind, len(text)) == (1, "bad-line", 120)


def test_problems_are_counted_when_there_are_too_many() -> None:
    read = parse_checksums(b"x\n" * 1500, "a.md5")
    assert (len(read.problems), read.more_problems) == (1000, 500)


def test_a_list_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ybda_qc.intake.checksums._MOST_ENTRIES", 2)
    assert not parse_checksums(f"{MD5}  a\n{MD5}  b\n".encode(), "a.md5").is_cut
    read = parse_checksums(f"{MD5}  a\n{MD5}  b\n{MD5}  c\n".encode(), "a.md5")
    assert read.is_cut
    assert len(read.entries) == 2


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    parse_checksums(data, "a.md5")


def test_lists_are_known_by_their_names() -> None:
    layout = Layout(LayoutOptions())
    for name in (
        "0001.jpg.md5",
        "a.SHA1",
        "MD5SUMS",
        "sha256sum.txt",
        "sha1sums",
        "checksum-2024.txt",
        "文件校验值.txt",
        "tagmanifest-sha512.txt",
        "全部.sm3",
    ):
        assert role_of(f"folder/{name}", layout) == (FileRole.CHECKSUM, None)
    assert role_of("0001.jpg", layout) == (FileRole.PAGE, None)
    assert role_of("readme.txt", layout)[0] is FileRole.STRAY


PATHS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1, max_size=40
)
ALGORITHMS = st.sampled_from(sorted(DIGEST_HEX_DIGITS))


@st.composite
def wanted(draw: st.DrawFn) -> ChecksumEntry:
    algorithm = draw(ALGORITHMS)
    digits = DIGEST_HEX_DIGITS[algorithm]
    digest = draw(st.text("0123456789abcdef", min_size=digits, max_size=digits))
    return ChecksumEntry(line=1, path=draw(PATHS), algorithm=algorithm, digest=digest)


def gnu(entry: ChecksumEntry, binary: bool = False) -> str:
    path = entry.path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    mark = "\\" if path != entry.path else ""
    return f"{mark}{entry.digest} {'*' if binary else ' '}{path}"


def bsd(entry: ChecksumEntry) -> str:
    return f"{entry.algorithm.upper()} ({entry.path}) = {entry.digest}"


def bag(entry: ChecksumEntry) -> str:
    path = re.sub("[%\n\r]", lambda found: f"%{ord(found[0]):02X}", entry.path)
    return f"{entry.digest}  {path}"


@given(wanted(), st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_gnu_tools_write_is_read_back(entry: ChecksumEntry, binary: bool, encoding: str) -> None:
    data = (gnu(entry, binary) + "\n").encode(encoding)
    assert parse_checksums(data, f"list.{entry.algorithm}").entries == (entry,)


@given(wanted())
def test_what_bsd_tools_write_is_read_back(entry: ChecksumEntry) -> None:
    if not set(entry.path) & {"\n"}:
        assert parse_checksums(bsd(entry).encode(), "list.txt").entries == (entry,)


@given(wanted())
def test_what_bags_hold_is_read_back(entry: ChecksumEntry) -> None:
    name = f"manifest-{entry.algorithm}.txt"
    assert parse_checksums(bag(entry).encode(), name).entries == (entry,)
