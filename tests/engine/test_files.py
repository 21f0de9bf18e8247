"""Checksum lists and the files they name, read by workers: what goes wrong costs one file and is told."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.engine.tools import Silence, executors, make_plan, measure
from tests.intake import made_media as made
from ybda_qc.engine import file_reading
from ybda_qc.engine.file_reading import read_file
from ybda_qc.engine.files import FileStage
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.tasks import FileRef, FileTask, HashTask, more_seconds
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.imaging.decode import DecodeLimits
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk
from ybda_qc.model import ChecksumEntry, FileFacts
from ybda_qc.store import SqlLedger
from ybda_qc.synth import write_page


def digest(path: Path, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, path.read_bytes()).hexdigest()


def stage(root: Path, ledger: SqlLedger, executor: str = "serial", gone: Path | None = None) -> LedgerView:
    """A batch whose pages are measured and whose files are read; one may be gone in between."""
    plan = make_plan()
    measure(root, replace(plan, page_checks=()), ledger, "serial")
    batch = walk(root, LayoutOptions())
    view = LedgerView(catalogue=None, batch=batch, ledger=ledger, run=ledger.latest_run().id, plan=plan)
    if gone is not None:
        gone.unlink()
    first, alone = executors(executor, WorkerSetup(root=root, out=None, plan=plan))
    FileStage(view=view, progress=Silence()).read("verifying", lambda: first, alone)
    return view


def test_nothing_is_read_without_a_list(root, page, ledger):
    page("1/0001.png")
    assert ledger.file_facts(stage(root, ledger).run) == {}


def test_lists_and_the_files_they_name_are_read(root, page, ledger):
    path = page("1/0001.png")
    (root / "1" / "notes.doc").write_bytes(b"not a page")
    (root / "1" / "all.md5").write_text(
        f"{digest(path, 'md5')}  0001.png\n{digest(root / '1/notes.doc', 'md5')} *notes.doc\n"
    )

    view = stage(root, ledger, "process")

    entries = view.file_facts("1/all.md5").checksums.entries
    assert [entry.path for entry in entries] == ["1/0001.png", "1/notes.doc"]
    for entry in entries:
        assert view.file_facts(entry.path).digests["md5"] == entry.digest


def test_pages_are_not_read_again_for_a_digest_that_is_known(root, page, ledger):
    path = page("0001.png")
    other = page("0002.png", seed=1)
    (root / "a.sha256").write_text(f"{digest(path)}  0001.png\n{digest(other)}  0002.png\n")
    (root / "b.sha1").write_text(f"{digest(other, 'sha1')}  0002.png\n")

    view = stage(root, ledger)

    assert view.file_facts("0001.png") is None
    assert view.file_facts("0002.png").digests == {"sha1": digest(other, "sha1"), "sha256": digest(other)}


def test_digests_of_pages_are_computed_once_for_each_content(root, page, ledger):
    path = page("0001.png")
    changed = page("0002.png", seed=1)
    right = {"md5": digest(path, "md5"), "sha1": digest(path, "sha1"), "sha256": digest(path)}
    (root / "a.md5").write_text(f"{right['md5']}  0001.png\n{digest(changed, 'md5')}  0002.png\n")
    (root / "a.sha1").write_text(f"{right['sha1']}  0001.png\n")
    stage(root, ledger)

    page("0002.png", seed=2)
    path.rename(root / "0003.png")
    (root / "a.md5").write_text(f"{right['md5']}  0003.png\n{digest(changed, 'md5')}  0002.png\n")
    (root / "a.sha1").unlink()
    view = stage(root, ledger, gone=root / "0003.png")

    facts = view.file_facts("0003.png")
    assert (facts.digests, facts.problem) == (right, ""), "a file that is gone cannot have been read"
    assert view.file_facts("0002.png").digests["md5"] == digest(changed, "md5")


def test_a_digest_by_another_algorithm_is_computed_all_the_same(root, page, ledger):
    path = page("0001.png")
    (root / "a.md5").write_text(f"{digest(path, 'md5')}  0001.png\n")
    stage(root, ledger)
    (root / "a.sha1").write_text(f"{digest(path, 'sha1')}  0001.png\n")

    digests = stage(root, ledger).file_facts("0001.png").digests

    assert (digests["md5"], digests["sha1"]) == (digest(path, "md5"), digest(path, "sha1"))


def test_a_list_that_another_list_names_keeps_its_entries(root, page, ledger):
    manifest = root / "manifest-md5.txt"
    path = page("data/0001.png")
    manifest.write_text(f"{digest(path, 'md5')}  data/0001.png\n")
    (root / "tagmanifest-md5.txt").write_text(f"{digest(manifest, 'md5')}  manifest-md5.txt\n")

    facts = stage(root, ledger).file_facts("manifest-md5.txt")

    assert facts.digests == {"md5": digest(manifest, "md5")}
    assert facts.checksums.entries == (
        ChecksumEntry(line=1, path="data/0001.png", algorithm="md5", digest=digest(path, "md5")),
    )


def test_nothing_outside_the_batch_is_opened(root, page, ledger, tmp_path):
    page("0001.png")
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"secret")
    (root / "a.md5").write_text(f"{digest(secret, 'md5')}  ../secret.txt\n{'0' * 32}  {secret}\n")

    view = stage(root, ledger)

    assert set(ledger.file_facts(view.run)) == {"a.md5"}
    assert [problem.kind for problem in view.file_facts("a.md5").checksums.problems] == ["outside"] * 2


def task_for(path: Path, **wanted: object) -> FileTask:
    size_bytes = path.stat().st_size if path.exists() else 0
    file = FileRef(path=path.name, path_hex=None, size_bytes=size_bytes, item=None)
    return FileTask(file=file, **wanted)


def read(path: Path, limits: DecodeLimits | None = None, **wanted: object) -> FileFacts:
    return read_file(path, task_for(path, **wanted), limits or DecodeLimits())


def test_a_file_that_vanished_is_a_problem(tmp_path):
    path = tmp_path / "gone.wav"
    assert read(path, algorithms=("md5",)).problem == "The file is not there any more."


def test_a_file_that_grows_while_it_is_read_is_a_problem(tmp_path, monkeypatch):
    path = tmp_path / "growing.wav"
    path.write_bytes(b"x")

    def slow_digests(file, algorithms):
        with path.open("ab") as growing:
            growing.write(b"more")
        return {}

    monkeypatch.setattr(file_reading, "_digests", slow_digests)
    assert "changed" in read(path, algorithms=("md5",)).problem


def test_a_list_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(file_reading, "MAX_LIST_BYTES", 1024 * 1024)
    path = tmp_path / "a.md5"
    path.write_bytes(b"\n" * (1024 * 1024))
    assert read(path, is_list=True).problem == ""
    path.write_bytes(b"\n" * (1024 * 1024 + 1))
    assert read(path, is_list=True).problem == "The list is larger than 1 MB."


def test_an_algorithm_that_the_machine_lacks_is_left_out(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"abc")
    found = read(path, algorithms=("md5", "no-such-digest")).digests
    assert found == {"md5": hashlib.md5(b"abc").hexdigest()}


def test_several_digests_take_one_reading_in_pieces(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(os.urandom(3 * 1024 * 1024 + 17))
    found = read(path, algorithms=("sha512", "sha1")).digests
    assert found == {"sha512": digest(path, "sha512"), "sha1": digest(path, "sha1")}


def test_a_pipe_in_the_place_of_a_file_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    found = read(tmp_path / "a.wav", algorithms=("md5",))
    assert found.problem == "Not a regular file."


def photograph(path: Path, *frames: int) -> Path:
    """A picture of noise, or several."""
    pictures = (
        np.random.default_rng(seed).integers(0, 255, (96, 128, 3), np.uint8) for seed in frames or (1,)
    )
    return write_page(path, *pictures, dpi=300)


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png", "a.bmp", "a.jp2"])
def test_a_sound_photograph_is_decoded(tmp_path, name):
    facts = read(photograph(tmp_path / name), is_media=True)
    assert (facts.is_cut, facts.lacks, facts.damage, facts.doubt) == (False, "", "", "")


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png", "a.bmp", "a.jp2"])
def test_a_photograph_that_was_cut_off_is_known(tmp_path, name):
    path = photograph(tmp_path / name)
    path.write_bytes(path.read_bytes()[:-3000])
    facts = read(path, is_media=True)
    assert facts.is_cut or facts.damage


@pytest.mark.parametrize("name", ["a.jpg", "a.tif", "a.png"])
def test_damage_within_a_photograph_is_known_though_its_end_is_there(tmp_path, name):
    path = photograph(tmp_path / name)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = b"\xff\x00" * 1000 if name == "a.jpg" else bytes(2000)
    path.write_bytes(data)
    facts = read(path, is_media=True)
    assert facts.is_cut or facts.damage
    assert not read(path, algorithms=("md5",)).damage  # nobody asked


def test_the_last_picture_of_a_photograph_is_decoded_as_well(tmp_path):
    path = photograph(tmp_path / "a.tif", 1, 2, 3)
    assert read(path, is_media=True).damage == ""
    data = path.read_bytes()
    path.write_bytes(data[:-3000] + bytes(1000) + data[-2000:])
    facts = read(path, is_media=True)
    assert facts.is_cut or facts.damage


def test_a_photograph_that_is_too_large_to_decode_stays_in_doubt(tmp_path):
    path = photograph(tmp_path / "a.jpg")
    facts = read(path, DecodeLimits(max_pixels=1000), is_media=True)
    assert facts.format == "JPEG"
    assert facts.doubt
    assert not facts.damage


def listed_page(root, page) -> None:
    (root / "a.md5").write_text(f"{digest(page('0001.png'), 'md5')}  0001.png\n")


def test_a_death_costs_the_file_and_is_told(root, page, ledger, monkeypatch):
    def die(file, algorithms):
        raise MemoryError("no room")

    listed_page(root, page)
    monkeypatch.setattr(file_reading, "_digests", lambda *given: die(*given) if given[1] else {})

    view = stage(root, ledger)

    assert view.file_facts("0001.png").problem == "no room"
    assert len(view.file_facts("a.md5").checksums.entries) == 1


def test_a_death_has_a_second_try(root, page, ledger, monkeypatch):
    tries = []
    digests = file_reading._digests

    def die_once(file, algorithms):
        tries.append(algorithms)
        if len(tries) == 1:
            raise MemoryError("no room")
        return digests(file, algorithms)

    listed_page(root, page)
    monkeypatch.setattr(file_reading, "_digests", die_once)

    view = stage(root, ledger)

    assert tries == [(), (), ("md5", "sha256")]
    assert view.file_facts("0001.png").digests["md5"] == digest(root / "0001.png", "md5")


def test_a_film_may_take_longer_than_a_page():
    film = FileRef(path="a.mxf", path_hex=None, size_bytes=50 * 10**9, item=None)
    assert more_seconds(FileTask(file=film, algorithms=("md5",))) > 3600
    assert more_seconds(FileTask(file=film)) == 0
    assert more_seconds(HashTask(files=(film,))) == 0


def test_media_are_told_by_their_content(root, page, ledger):
    page("0001.png")
    (root / "a.mp4").write_bytes(made.wav())
    (root / "b.mxf").write_bytes(made.mxf(closed=False))
    (root / "c.wav").touch()
    (root / "sums.sha1").write_text(f"{digest(root / 'a.mp4', 'sha1')}  a.mp4\n")

    view = stage(root, ledger, "process")

    sound = view.file_facts("a.mp4")
    assert (sound.format, sound.sample_rate_hz, sound.sample_bits) == ("WAV", 44_100, 24)
    assert sound.digests == {"sha1": digest(root / "a.mp4", "sha1")}
    assert (view.file_facts("b.mxf").format, view.file_facts("b.mxf").lacks) == ("MXF", "footer partition")
    assert view.file_facts("c.wav").is_cut
    assert view.file_facts("0001.png") is None
