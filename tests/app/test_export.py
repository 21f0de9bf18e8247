"""Export of derived copies: what is written, what is left alone, and what originals must be."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pypdf import PdfReader

from tests.app.batches import ITEM, OTHER_ITEM, Silence, do_run, sheet
from tests.app.text_runs import write_run
from tests.ocr.export.made_text import horizontal
from ybda_qc.app.export import ExportResult, Failure, export
from ybda_qc.app.run import RunRequest, run
from ybda_qc.cli import export as command
from ybda_qc.cli.main import _run
from ybda_qc.errors import InputError
from ybda_qc.model import PageContent, PageId, PageText
from ybda_qc.store import lock_output, open_ledger
from ybda_qc.synth import write_page

WORDS = {
    (f"{ITEM}/0001.jpg", 1): "第一页 A",
    (f"{ITEM}/0002.tif", 1): "第二页",
    (f"{ITEM}/0002.tif", 2): "第三页",
    (f"{OTHER_ITEM}/0001.pdf", 1): "另一件",
}


def page_text(words: str) -> PageText:
    return PageText(width_px=300, height_px=420, turn=0, lines=(horizontal(words, 60, left=20),))


@pytest.fixture(scope="module")
def read_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch and its run, with the text of its pages set to what the tests expect."""
    folder = tmp_path_factory.mktemp("read")
    item, other = folder / "batch" / ITEM, folder / "batch" / OTHER_ITEM
    item.mkdir(parents=True)
    other.mkdir()
    pages = [sheet(seed, width=300, height=420) for seed in range(4)]
    write_page(item / "0001.jpg", pages[0], dpi=150)
    write_page(item / "0002.tif", pages[1], pages[2], dpi=150)
    write_page(item / "0003.png", np.full((420, 300), 255, np.uint8), dpi=150)
    write_page(other / "0001.pdf", pages[3], dpi=150)
    request = RunRequest(
        batch=folder / "batch", profile="base", out=folder / "out", executor="serial", ocr="auto"
    )
    run(request, Silence())
    with open_ledger(folder / "out") as ledger:
        latest = ledger.latest_run()
        assert latest is not None
        texts = {
            PageContent(page.sha256, page.page.frame): page_text(words)
            for page in ledger.pages(latest.id)
            if page.sha256 and (words := WORDS.get((page.page.path, page.page.frame)))
        }
        ledger.put_texts(latest.plan.reading_key, texts)
    return folder


@pytest.fixture
def scene(read_run: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The run, without any export, and the batch as it was measured."""
    batch, aside = read_run / "batch", read_run / "aside"
    shutil.copytree(batch, aside)
    yield read_run
    shutil.rmtree(batch)
    aside.rename(batch)
    shutil.rmtree(read_run / "out" / "export", ignore_errors=True)


def do_export(scene: Path, to: str, *items: str, per_item: bool = False) -> ExportResult:
    per = "item" if per_item else "page"
    return export(scene / "out", Silence(), to=to, per=per, items=items)  # type: ignore[arg-type]


def copies(scene: Path, to: str) -> dict[str, bytes]:
    folder = scene / "out" / "export" / to
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_page_is_a_searchable_pdf_and_originals_stay(scene: Path) -> None:
    before = digests(scene / "batch")

    result = do_export(scene, "pdf")

    folder = scene / "out" / "export" / "pdf"
    assert (result.written, result.kept, result.failed, result.textless) == (5, 0, 0, 1)
    assert set(copies(scene, "pdf")) == {
        f"{ITEM}/0001.jpg.pdf",
        f"{ITEM}/0002.tif.1.pdf",
        f"{ITEM}/0002.tif.2.pdf",
        f"{ITEM}/0003.png.pdf",
        f"{OTHER_ITEM}/0001.pdf.pdf",
    }
    assert PdfReader(folder / ITEM / "0002.tif.2.pdf").pages[0].extract_text() == "第三页"
    assert PdfReader(folder / OTHER_ITEM / "0001.pdf.pdf").pages[0].extract_text() == "另一件"
    with pikepdf.open(folder / ITEM / "0001.jpg.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.P.read_raw_bytes() == (
            (scene / "batch" / ITEM / "0001.jpg").read_bytes()
        )
    assert digests(scene / "batch") == before
    assert not (scene / "out" / "export" / ".parts").exists()


def test_an_item_is_one_file_in_order(scene: Path) -> None:
    result = do_export(scene, "txt", per_item=True)

    assert (result.written, result.textless, result.outside) == (2, 1, 0)
    assert {name: data.decode() for name, data in copies(scene, "txt").items()} == {
        f"{ITEM}.txt": "第一页 A\n\f第二页\n\f第三页\n\f",
        f"{OTHER_ITEM}.txt": "另一件\n",
    }


def test_only_the_items_asked_for(scene: Path) -> None:
    do_export(scene, "hocr", OTHER_ITEM)

    assert set(copies(scene, "hocr")) == {f"{OTHER_ITEM}/0001.pdf.html"}


def test_what_is_there_is_left_alone_and_what_is_missing_is_made(scene: Path) -> None:
    do_export(scene, "txt")
    folder = scene / "out" / "export" / "txt" / ITEM
    (folder / "0002.tif.1.txt").unlink()
    (folder / "0001.jpg.txt").write_text("my own words", encoding="utf-8")

    result = do_export(scene, "txt")

    assert (result.written, result.kept) == (1, 4)
    assert (folder / "0001.jpg.txt").read_text(encoding="utf-8") == "my own words"
    assert (folder / "0002.tif.1.txt").read_text(encoding="utf-8") == "第二页\n"


def test_pages_that_have_changed_or_gone_are_said(scene: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_page(scene / "batch" / ITEM / "0001.jpg", sheet(9, width=300, height=420), dpi=150)
    (scene / "batch" / OTHER_ITEM / "0001.pdf").unlink()

    code = _run(["export", str(scene / "out"), "--to", "alto", "--lang", "en"])

    shown = capsys.readouterr()
    assert code == 4
    assert "3 copies written" in shown.out
    assert f"{ITEM}/0001.jpg#1: The file is no longer the one that was measured." in shown.err
    assert f"{OTHER_ITEM}/0001.pdf#1: The file is not there any more." in shown.err
    assert set(copies(scene, "alto")) == {
        f"{ITEM}/0002.tif.1.xml",
        f"{ITEM}/0002.tif.2.xml",
        f"{ITEM}/0003.png.xml",
    }


def test_an_original_that_changed_after_the_export_is_said(scene: Path) -> None:
    do_export(scene, "txt")
    (scene / "batch" / ITEM / "0001.jpg").write_bytes(b"something else")

    result = do_export(scene, "txt")

    assert (result.written, result.kept, result.failed) == (0, 4, 1)


def test_an_item_with_a_changed_page_is_not_written_in_part(scene: Path) -> None:
    (scene / "batch" / ITEM / "0001.jpg").unlink()

    result = do_export(scene, "pdf", per_item=True)

    assert set(copies(scene, "pdf")) == {f"{OTHER_ITEM}.pdf"}
    assert [str(failure.page) for failure in result.failures] == [f"{ITEM}/0001.jpg#1"]


def test_a_name_that_cannot_be_written_costs_one_copy(scene: Path) -> None:
    (scene / "out" / "export" / "txt" / ITEM / "0001.jpg.txt").mkdir(parents=True)

    result = do_export(scene, "txt")

    assert (result.written, result.failed) == (4, 1)


def test_there_is_no_such_item(scene: Path) -> None:
    with pytest.raises(InputError, match="no item nothing"):
        do_export(scene, "pdf", "nothing")


def test_without_the_batch_there_are_no_copies(scene: Path) -> None:
    (scene / "batch").rename(scene / "elsewhere")
    try:
        with pytest.raises(InputError, match="is not there"):
            do_export(scene, "pdf")
    finally:
        (scene / "elsewhere").rename(scene / "batch")


def test_nothing_is_written_into_the_batch_through_a_link(scene: Path) -> None:
    (scene / "out" / "export").mkdir()
    (scene / "out" / "export" / "txt").symlink_to(scene / "batch", target_is_directory=True)

    with pytest.raises(InputError, match="leads into the batch"):
        do_export(scene, "txt")


def test_a_full_disk_is_said_and_leaves_no_half_copy(scene: Path) -> None:
    folder = scene / "out" / "export"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=36k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system can only be mounted by root")
    try:
        with pytest.raises(InputError, match="the disk is full"):
            do_export(scene, "pdf")
        for data in copies(scene, "pdf").values():
            assert data.rstrip().endswith(b"%%EOF")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_run_that_read_no_text_says_how_to_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "batch" / ITEM).mkdir(parents=True)
    write_page(tmp_path / "batch" / ITEM / "0001.tif", sheet(1), dpi=300)
    do_run(tmp_path / "batch", tmp_path / "out")

    code = _run(["export", str(tmp_path / "out"), "--to", "pdf", "--lang", "en"])

    assert code == 4
    assert "was not read" in (shown := capsys.readouterr().err)
    command = f"ybda-qc run {tmp_path / 'batch'} --profile … --out {tmp_path / 'out'} --ocr auto"
    assert command in shown


def test_a_run_that_was_interrupted_while_it_read_is_not_exported(tmp_path: Path) -> None:
    out = write_run(tmp_path, {f"{ITEM}/0001.tif": "文字"}, is_finished=False)

    with pytest.raises(InputError, match="interrupted before all text was read"):
        export(out, Silence(), to="txt")
    assert not (out / "export").exists()


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_list_of_copies_that_cannot_be_read_is_said(scene: Path, is_folder: bool) -> None:
    export_folder = scene / "out" / "export"
    if is_folder:
        (export_folder / "txt.jsonl").mkdir(parents=True)
    else:
        export_folder.touch()

    try:
        with pytest.raises(InputError, match="cannot be used"):
            do_export(scene, "txt")
    finally:
        if not is_folder:
            export_folder.unlink()


def test_a_link_among_the_copies_leads_nothing_into_the_batch(scene: Path) -> None:
    before = digests(scene / "batch")
    (scene / "out" / "export" / "txt").mkdir(parents=True)
    (scene / "out" / "export" / "txt" / ITEM).symlink_to(scene / "batch" / ITEM)

    result = do_export(scene, "txt")

    assert result.failed == 4
    assert "leads into the batch" in result.failures[0].why
    assert digests(scene / "batch") == before


def test_names_of_copies_that_are_missing_are_shown_without_control_characters(
    scene: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PageId(path="A/\x1b[31m1.tif")
    failure = Failure(
        target="export/txt/A/\x1b[31m1.tif.txt", page=page, why="The file is not there any more."
    )
    result = ExportResult(folder=scene, failed=1, failures=[failure])
    monkeypatch.setattr(command, "export_copies", lambda *_, **__: result)

    assert _run(["export", str(scene / "out"), "--to", "txt", "--lang", "en"]) == 4
    assert "[31m1.tif" in (shown := capsys.readouterr().err)
    assert "\x1b" not in shown


# --- beside others --------------------------------------------------------------------------------------


def test_copies_in_another_folder(scene: Path, tmp_path: Path) -> None:
    result = export(scene / "out", Silence(), to="txt", out=tmp_path / "aside")

    assert result.folder == tmp_path / "aside" / "export" / "txt"
    assert len([path for path in result.folder.rglob("*.txt") if path.is_file()]) == result.written > 0
    assert not (scene / "out" / "export").exists()
    assert export(scene / "out", Silence(), to="txt", out=tmp_path / "aside").kept == result.written


def test_who_writes_the_ledger_does_not_keep_an_export_waiting_but_another_export_does(scene: Path) -> None:
    with lock_output(scene / "out", "watch"):
        assert do_export(scene, "txt").written
    with (
        lock_output(scene / "out", "export", name="export.lock"),
        pytest.raises(InputError, match="in use by `ybda-qc export`"),
    ):
        do_export(scene, "txt")
