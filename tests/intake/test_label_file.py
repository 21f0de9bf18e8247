"""Label files as spreadsheet programs save them, and what is said of those that cannot be used."""

from pathlib import Path

import pytest

from ybda_qc.errors import InputError
from ybda_qc.intake.label_file import Label, read_labels

TABLE = "page,check,label\na/0001.jpg,skew,yes\na/0002.jpg#1,blank_page/blank,no\na/0003.jpg,*,no\n"
CHINESE = "页面;检查项;标注\r\na/0001.jpg;skew;是\r\na/0002.jpg#1;blank_page/blank;否\r\na/0003.jpg;*;0\r\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("text", [TABLE, CHINESE, TABLE.replace(",", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_separators_languages_and_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_labels(written(tmp_path, text, encoding)) == (
        Label(row=2, page="a/0001.jpg", target="skew", is_defective=True),
        Label(row=3, page="a/0002.jpg#1", target="blank_page/blank", is_defective=False),
        Label(row=4, page="a/0003.jpg", target="*", is_defective=False),
    )


def test_other_columns_and_rows_not_yet_labelled_are_passed_over(tmp_path: Path) -> None:
    text = 'No,Label,remark,Page,Check\n1,,x,a.jpg,skew\n2,Y,"x\ny",b\\c.jpg,skew\n3,1,,\'=d.jpg,skew\n'
    found = read_labels(written(tmp_path, text))
    assert [(label.page, label.is_defective) for label in found] == [("b/c.jpg", True), ("=d.jpg", True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("page,check\n", "columns page, check and label"),
        ("page,path,check,label\n", "once"),
        ("page,check,label\na,skew,perhaps\n", "row 2"),
        ("page,check,label\na,skew,yes\n,skew,yes\n", "row 3"),
        ("page,check,label\na,*,yes\n", "name the defect"),
        ("page,check,label\na,skew,yes\nb,skew,no\na,skew,no\n", "rows 2 and 4"),
        ("PK\x03\x04", "save it as CSV"),
    ],
)
def test_says_what_to_mend(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_labels(written(tmp_path, text))


def test_no_text_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(path)
    path.write_bytes(b"page,check,label\n\xff\xff\xff")
    with pytest.raises(InputError, match="neither UTF-8 nor GB 18030"):
        read_labels(path)


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_refused_plainly(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match="save it as CSV"):
        read_labels(written(tmp_path, "page,check,label\na.jpg,skew,yes\n", encoding))


@pytest.mark.parametrize(
    "rows", ['a/0001.jpg,"skew,yes\na/0002.jpg,skew,no\n', "x" * 200_000], ids=["quote", "huge"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, rows: str) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("page,check,label\n" + rows)
    with pytest.raises(InputError, match="quotation mark"):
        read_labels(file)
