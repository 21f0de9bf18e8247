"""What people do with a folder while a service watches it: they read, export and report, and it goes on."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.watch.conftest import MakeService
from tests.watch.station import ROOT, STATION, Service, scan
from ybda_qc.errors import ExitCode


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(STATION + '[ocr]\nengine = "auto"\n', encoding="utf-8")
    return file


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ybda_qc", *map(str, words), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def until_read(service: Service) -> None:
    """Until the reports speak of pages whose text was read."""

    def is_read() -> bool:
        report = json.loads((service.out / "report.json").read_text(encoding="utf-8"))
        codes = {reason["code"] for reason in report["decision"]["reasons"]}
        return "coverage/text-not-read" not in codes

    service.until_reported()
    service.until(is_read, "the text is not read")


def test_a_station_works_while_its_folder_is_exported_and_reported(
    serve: MakeService, inbox: Path, tmp_path: Path
) -> None:
    scan(inbox / "A" / "0001.tif", 1)
    scan(inbox / "A" / "0002.tif", 2, turned=5)  # a finding, and its picture
    service = serve()
    until_read(service)

    exported = command("export", service.out, "--to", "txt")
    assert exported.returncode == ExitCode.ACCEPT, exported.stderr
    copies = {path.name for path in (service.out / "export" / "txt").rglob("*.txt")}
    assert copies == {"0001.tif.txt", "0002.tif.txt"}

    refused = command("report", service.out)
    assert refused.returncode == ExitCode.INPUT
    holder = json.loads((service.out / "ledger.lock").read_text(encoding="utf-8"))
    assert holder["pid"] == service.process.pid
    said = refused.stderr.replace("\n", " ")
    assert f"`ybda-qc watch` (process {service.process.pid}, since 20" in said
    assert "--out" in said

    aside = tmp_path / "aside"
    reported = command("report", service.out, "--out", aside)
    assert reported.returncode == ExitCode.ACCEPT, reported.stderr
    assert (aside / "pages.jsonl").read_bytes() == (service.out / "pages.jsonl").read_bytes()
    findings = [finding for page in service.pages() for finding in page["findings"]]
    pictures = [finding["evidence"] for finding in findings if finding["evidence"]]
    assert pictures
    assert all((aside / name).is_file() for name in pictures)

    searched = command("search", "不在此处", "--run", service.out)
    assert searched.returncode == ExitCode.ACCEPT, searched.stderr

    scan(inbox / "A" / "0003.tif", 3)
    service.until_answered("A/0003.tif")
    service.until_reported()
    assert service.lines("trouble") == []
    assert service.stop() == 0
    assert service.errors == ""


def test_a_ledger_of_an_earlier_version_is_brought_up_to_date_and_that_is_told(
    serve: MakeService, inbox: Path
) -> None:
    scan(inbox / "A" / "0001.tif", 1)
    service = serve()
    until_read(service)
    assert service.stop() == 0
    with closing(sqlite3.connect(service.out / "ledger.sqlite3")) as ledger:
        ledger.execute("DROP INDEX ix_event_about_item")
        ledger.execute("UPDATE alembic_version SET version_num = '0009'")
        ledger.commit()

    service.start()
    kinds = [line["kind"] for line in service.lines("trouble", "recovered", "started")]
    assert kinds == ["started", "trouble", "recovered", "started"]
    assert service.messages() == service.messages("recovered") == "writing the index of text anew"
    scan(inbox / "A" / "0002.tif", 2)
    service.until_answered("A/0002.tif")
    assert service.stop() == 0
    assert service.errors == ""
