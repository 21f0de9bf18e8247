"""Paths of reports and places on the disk, whatever the names consist of."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.intake.names import to_text
from ybda_qc.watch.places import Places

names = st.binary(min_size=1, max_size=24).filter(
    lambda raw: not {0, 47} & set(raw) and raw not in (b".", b"..")
)
raw_paths = st.lists(names, min_size=1, max_size=3).map(b"/".join)


@settings(max_examples=300, deadline=None)
@given(raw=raw_paths)
def test_every_name_leads_back_to_its_file(raw: bytes) -> None:
    places = Places(Path("/in"))
    path = to_text(raw)
    if path.encode() != raw:
        places.learn({path: raw})
    assert places.raw(path) == raw
    assert places.of(path) == b"/in/" + raw
    assert os.fsencode(places.path(path)) == b"/in/" + raw
    assert places.hex_of(path) == (None if path.encode() == raw else raw.hex())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    "raw", [b"\xb5\xb5.tif", rb"a\x41.tif", rb"back\slash.tif", "档案 1.tif".encode(), b"\n.tif"]
)
def test_files_are_found(tmp_path: Path, raw: bytes) -> None:
    file = os.fsencode(tmp_path) + b"/" + raw
    with open(file, "wb") as stream:  # noqa: PTH123 - bytes
        stream.write(b"12345")
    places = Places(tmp_path)
    path = to_text(raw)
    if path.encode() != raw:
        assert places.look(path) is None, "its bytes are not known yet"
        places.learn({path: raw})
    found = places.look(path)
    assert found is not None
    assert found.size_bytes == 5
    assert places.path(path).read_bytes() == b"12345"


def test_what_is_no_file_has_no_state(tmp_path: Path) -> None:
    places = Places(tmp_path)
    (tmp_path / "folder.tif").mkdir()
    (tmp_path / "link.tif").symlink_to(tmp_path / "folder.tif")
    os.mkfifo(tmp_path / "pipe.tif")
    for name in ("folder.tif", "link.tif", "pipe.tif", "nothing.tif", "nul\0.tif", "x" * 300):
        assert places.look(name) is None
