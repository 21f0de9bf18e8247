"""Files are opened read-only, once, and whatever is wrong with them has a kind."""

import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.imaging.made_files import Made, bmps, jp2s, jpegs, pngs, tiffs
from tests.imaging.made_pdfs import pdfs
from ybda_qc.imaging.decode import DecodeLimits, decode
from ybda_qc.imaging.errors import ImageFault, SourceError
from ybda_qc.imaging.header import read_header
from ybda_qc.imaging.source import open_source

pytestmark = pytest.mark.filterwarnings("error")


def _kind(path: Path) -> str:
    with pytest.raises(SourceError) as caught, open_source(path):
        pass
    return caught.value.kind


def test_bytes_and_hash_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"some bytes")
    with open_source(path) as source:
        assert bytes(source.data) == b"some bytes"
        assert source.size_bytes == 10
        assert source.sha256() == hashlib.sha256(b"some bytes").hexdigest()


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.tif").touch()
    assert _kind(tmp_path / "empty.tif") == "empty"


def test_missing_file(tmp_path: Path) -> None:
    assert _kind(tmp_path / "gone.tif") == "vanished"


def test_directory_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.tif").mkdir()
    assert _kind(tmp_path / "x.tif") == "unreadable"


def test_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    assert _kind(tmp_path / "pipe.tif") == "unreadable"


def test_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert _kind(tmp_path / "a") == "unreadable"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.tif"
    path.write_bytes(b"x")
    path.chmod(0)
    assert _kind(path) == "unreadable"


def test_reading_leaves_the_file_untouched(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    path.write_bytes(next(jpegs()).data)
    before, stat = path.read_bytes(), path.stat()
    limits = DecodeLimits()
    with open_source(path) as source:
        decode(source, read_header(source, limits=limits), limits=limits)
    assert path.read_bytes() == before
    assert (path.stat().st_mtime_ns, path.stat().st_mode) == (stat.st_mtime_ns, stat.st_mode)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("group", [jpegs, tiffs, pngs, bmps, jp2s, pdfs])
def test_mapped_file_gives_the_same(
    group: Callable[[], Iterator[Made]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = next(group())
    path = tmp_path / "large"
    path.write_bytes(made.data)
    answers = []
    for threshold in (1 << 30, 1):
        monkeypatch.setattr("ybda_qc.imaging.source._MMAP_FROM_BYTES", threshold)
        with open_source(path) as source:
            header = read_header(source, limits=DecodeLimits())
            pixels = decode(source, header, limits=DecodeLimits()).pixels
            answers.append((header, source.sha256(), pixels))
    (first, first_hash, first_pixels), (second, second_hash, second_pixels) = answers
    assert first == second
    assert first_hash == second_hash
    assert (first_pixels == second_pixels).all()


def test_pixels_outlive_their_source(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    made = next(jpegs())
    path.write_bytes(made.data)
    limits = DecodeLimits()
    with open_source(path) as source:
        pixels = decode(source, read_header(source, limits=limits), limits=limits).pixels
    path.unlink()
    assert int(pixels.max()) > 200


def test_faults_travel_between_processes(tmp_path: Path) -> None:
    for fault in (ImageFault("truncated", "Cut."), _caught(tmp_path / "gone")):
        again = pickle.loads(pickle.dumps(fault))
        assert type(again) is type(fault)
        assert (again.kind, again.detail) == (fault.kind, fault.detail)


def _caught(path: Path) -> ImageFault:
    with pytest.raises(ImageFault) as caught:
        open_source(path)
    return caught.value
