import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.intake.names import hex_of, to_text

# Bytes in which escapes, look-alikes of escapes, UTF-8 and broken UTF-8 are all likely.
PIECES = st.sampled_from(
    [b"\\", b"x", b"ff", b"5c", b"\\xff", b"\xff", b"\xb5\xb5", "档".encode(), b"a", b"\n", b" "]
)
NAMES = st.one_of(
    st.binary(min_size=1, max_size=80), st.lists(PIECES, min_size=1, max_size=12).map(b"".join)
).map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))


def read_back(text: str) -> bytes:
    parts = re.split(r"\\x([0-9a-f]{2})", text)
    return b"".join(bytes.fromhex(part) if n % 2 else part.encode() for n, part in enumerate(parts))


@given(NAMES)
def test_the_text_of_a_name_tells_its_bytes(raw: bytes) -> None:
    assert read_back(to_text(raw)) == raw


@given(NAMES, NAMES)
def test_two_names_never_share_a_text(one: bytes, other: bytes) -> None:
    assert (to_text(one) == to_text(other)) == (one == other)


@given(NAMES)
def test_text_can_be_written_to_any_file(raw: bytes) -> None:
    to_text(raw).encode()


@given(st.text(min_size=1).filter(lambda text: "\\" not in text))
def test_utf8_is_kept_as_it_is(name: str) -> None:
    try:
        raw = name.encode()
    except UnicodeEncodeError:  # a lone surrogate is no name
        return
    assert to_text(raw) == name
    assert hex_of(raw) is None


@given(NAMES)
def test_hexadecimal_stands_exactly_where_the_text_is_not_the_name(raw: bytes) -> None:
    assert (hex_of(raw) is None) == (to_text(raw).encode() == raw)
    assert bytes.fromhex(hex_of(raw) or raw.hex()) == raw


def test_the_escaped_name_and_its_lookalike_lie_side_by_side(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    for raw in (b"page\xff.jpg", b"page\\xff.jpg"):
        try:
            Path(os.fsdecode(root + b"/" + raw)).write_bytes(raw)
        except OSError:
            pytest.skip("the file system refuses names that are not UTF-8")
    texts = {to_text(raw): raw for raw in map(os.fsencode, os.listdir(tmp_path))}  # noqa: PTH208
    assert texts == {"page\\xff.jpg": b"page\xff.jpg", "page\\x5cxff.jpg": b"page\\xff.jpg"}
