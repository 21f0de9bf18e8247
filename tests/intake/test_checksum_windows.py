import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.intake.checksum_windows import in_bsd_words
from ybda_qc.intake.checksums import parse_checksums

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
SHA256 = "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0"
PATHS = ("D:\\scan\\1 (2)\\0001.jpg", "D:\\scan\\1 (2)\\0002.jpg")


def read(text: str, encoding: str = "utf-8") -> list[tuple[int, str, str, str]]:
    """Line, algorithm, path and digest of each entry; no line may be refused."""
    found = parse_checksums(text.encode(encoding), "list.txt")
    assert found.problems == ()
    return [(entry.line, entry.algorithm, entry.path, entry.digest) for entry in found.entries]


def refused(text: str) -> list[int]:
    found = parse_checksums(text.encode(), "list.txt")
    assert found.entries == ()
    return [problem.line for problem in found.problems]


def table(*paths: str) -> str:
    rows = [f"SHA256          {SHA256}       {path}" for path in paths]
    heading = ["", "Algorithm       Hash" + " " * 67 + "Path", "---------       ----" + " " * 67 + "----"]
    return "\r\n".join([*heading, *rows, "", ""])


def test_a_table_of_powershell() -> None:
    wanted = [(line, "sha256", path, SHA256.lower()) for line, path in enumerate(PATHS, 4)]
    assert read(table(*PATHS), "utf-16") == wanted


def test_a_path_that_the_console_cut_is_not_guessed() -> None:
    assert refused(table("D:\\scan\\1\\00...", "D:\\scan\\1\\00…")) == [4, 5]


def test_a_list_of_powershell() -> None:
    records = [f"Algorithm : SHA256\r\nHash      : {SHA256}\r\nPath      : {path}" for path in PATHS]
    wanted = [(line, "sha256", path, SHA256.lower()) for line, path in zip((3, 7), PATHS, strict=True)]
    assert read("\r\n\r\n" + "\r\n\r\n".join(records) + "\r\n\r\n", "utf-16") == wanted
    assert read("\n\n" + "\n\n".join(records)) == wanted


def test_a_path_that_the_console_broke_is_not_guessed() -> None:
    record = f"Algorithm : SHA256\nHash      : {SHA256}\nPath      : D:\\scan\n            1.jpg\n"
    assert refused(record) == [1, 2, 3, 4]


@pytest.mark.parametrize("quote", ['"', ""])
def test_a_csv_of_powershell(quote: str) -> None:
    rows = [("Algorithm", "Hash", "Path"), *(("SHA256", SHA256, path) for path in PATHS)]
    text = "\r\n".join(",".join(quote + cell + quote for cell in row) for row in rows)
    wanted = [(line, "sha256", path, SHA256.lower()) for line, path in enumerate(PATHS, 3)]
    assert read("#TYPE Microsoft.PowerShell.Utility.FileHash\r\n" + text) == wanted


@pytest.mark.parametrize(
    ("heading", "done"),
    [
        ("MD5 hash of {}:", "CertUtil: -hashfile command completed successfully."),
        ("MD5 hash of file {}:", "CertUtil: -hashfile command completed successfully."),
        ("MD5 的 {} 哈希:", "CertUtil: -hashfile 命令成功完成。"),
        ("MD5 哈希(文件 {}):", "CertUtil: -hashfile 命令成功完成。"),
    ],
)
@pytest.mark.parametrize("digest", [MD5, " ".join(MD5[at : at + 2] for at in range(0, 32, 2))])
def test_what_certutil_prints(heading: str, done: str, digest: str) -> None:
    text = "".join(f"{heading.format(path)}\r\n{digest}\r\n{done}\r\n" for path in PATHS)
    wanted = [(line, "md5", path, MD5) for line, path in zip((1, 4), PATHS, strict=True)]
    assert read(text, "gb18030") == wanted


def test_certutil_that_failed_is_told() -> None:
    assert refused("MD5 的 1.jpg 哈希:\nCertUtil: -hashfile 失败: 0x80070002") == [1, 2]


def test_a_digest_of_another_length_than_its_algorithm_is_told() -> None:
    assert refused(f"SHA1 hash of 1.jpg:\n{MD5}\nSHA1 {SHA256} 1.jpg") == [1, 3]


@given(st.lists(st.text(st.characters(exclude_characters="\n\r"))))
def test_other_lines_stay_as_they_are(lines: list[str]) -> None:
    assert [line for _, line in in_bsd_words(lines)] == [line for line in lines if line]
