"""A service in a process group of its own, and the folder that it watches, as its users see them."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import jsonschema
import psutil

from tests.app.batches import do_run, sheet
from ybda_qc.report.schemas import schema
from ybda_qc.synth import write_page

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds, for a machine that is busy with other things

STATION = """
profile = { id = "station", title = "station", extends = ["scan-station"] }
[watch]
settle_seconds = 0.2
doubtful_seconds = 1.0
rest_seconds = 2
next_item_closes = false
"""
"""A profile whose items are closed soon; the last table is open for more."""


class Service:
    """`ybda-qc watch` as a process; its log is JSON.

    Parameters
    ----------
    inbox, out
        The watched folder and the output folder.
    arguments
        Further words of the command line.
    plugins
        Folder in which Python finds check plug-ins.
    """

    def __init__(self, inbox: Path, out: Path, *arguments: str, plugins: Path | None = None) -> None:
        self.inbox = inbox
        self.out = out
        self._command = [
            *(sys.executable, "-m", "ybda_qc", "watch", str(inbox), "--out", str(out)),
            *("--log", "json", "--lang", "en", "--jobs", "2", *arguments),
        ]
        self._log = inbox.parent / f"{out.name}.log"
        self._errors = inbox.parent / f"{out.name}.err"
        self._python_path = os.pathsep.join(str(path) for path in (plugins, ROOT) if path)
        self._lines: list[dict[str, Any]] = []
        self._read_bytes = 0
        self._process: subprocess.Popen[bytes] | None = None

    # --- life and death -------------------------------------------------------------------------------------

    def start(self, *, wait: bool = True) -> None:
        """Start it; the log goes on where it was."""
        before = len(self.lines("started"))
        with self._log.open("ab") as log, self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=errors,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": self._python_path, "PYTHONWARNINGS": "default"},
            )
        if wait:
            self.until(lambda: len(self.lines("started")) > before, "not started")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def family(self) -> list[psutil.Process]:
        """All processes of its group."""
        found = []
        for process in psutil.process_iter():
            try:
                if os.getpgid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue
        return found

    def send(self, number: int, *, to_all: bool = False) -> None:
        if to_all:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, and wait until its workers have noticed."""
        self.send(signal.SIGKILL)
        self.process.wait()
        self.until_alone()
        self._errors.write_text("", encoding="utf-8")  # what was told of the murder

    def until_alone(self) -> None:
        wait_for(lambda: not self.family(), lambda: f"orphans: {self.family()}")

    def stop(self, number: int = signal.SIGTERM, *, to_all: bool = False) -> int:
        """End it in order; its exit code."""
        self.send(number, to_all=to_all)
        code = self.process.wait(timeout=PATIENCE)
        self.until_alone()
        return code

    def end(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    # --- what it says ---------------------------------------------------------------------------------------

    def lines(self, *kinds: str) -> list[dict[str, Any]]:
        """Lines of its log, of some kinds or of all."""
        if self._log.exists():
            with self._log.open("rb") as log:
                log.seek(self._read_bytes)
                text = log.read()
            text = text[: text.rfind(b"\n") + 1]
            self._read_bytes += len(text)
            self._lines += map(json.loads, text.decode("utf-8").split("\n")[:-1])
        return [line for line in self._lines if not kinds or line["kind"] in kinds]

    @property
    def errors(self) -> str:
        return self._errors.read_text(encoding="utf-8") if self._errors.exists() else ""

    def subjects(self, kind: str) -> list[str]:
        return [line["subject"] for line in self.lines(kind)]

    def messages(self, kind: str = "trouble") -> str:
        return "\n".join(line["message"] for line in self.lines(kind))

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for something to become so, while the service is alive."""

        def holds_or_dead() -> bool:
            assert self.process.poll() is None or holds(), self._story("it has ended")
            return bool(holds())

        wait_for(holds_or_dead, lambda: self._story(what))

    def _story(self, what: str) -> str:
        log = "\n".join(json.dumps(line, ensure_ascii=False)[:300] for line in self.lines()[-25:])
        return f"{what}\n{log}\n{self.errors[-3000:]}"

    def until_answered(self, *paths: str) -> None:
        """Until the current content of files has its results in the ledger."""
        self.until(lambda: all(self._is_answered(path) for path in paths), f"not answered: {paths}")

    def _is_answered(self, path: str) -> bool:
        found = self.query(
            "SELECT sha256 FROM taken_file WHERE path = ? AND run = (SELECT max(id) FROM run)", path
        )
        return found == [(digest(self.inbox / path),)]

    def until_reported(self) -> None:
        """Until the reports speak of the files as they lie in the folder."""
        self.until(self._is_reported, "not reported")

    def _is_reported(self) -> bool:
        pages = {page["path"]: page["sha256"] for page in self.pages()}
        return pages == {path: digest(self.inbox / path) for path in files_of(self.inbox)}

    # --- what it leaves -------------------------------------------------------------------------------------

    def pages(self) -> list[dict[str, Any]]:
        """The lines of ``pages.jsonl``, empty where it is not there."""
        try:
            text = (self.out / "pages.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in text.splitlines()]

    def item(self, code: str) -> dict[str, Any]:
        """``<item>.qc.json``, after holding its pages against their schema."""
        document: dict[str, Any] = json.loads((self.out / f"{code}.qc.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema("pages"))
        for page in document["pages"]:
            validator.validate(page)
        return document

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the ledger while it is written."""
        file = self.out / "ledger.sqlite3"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as ledger:
            return ledger.execute(statement, values).fetchall()

    def current(self) -> dict[str, list[tuple[int, str]]]:
        """Path -> frames and digests that the ledger holds of it now."""
        rows = self.query(
            "SELECT page.path, page.frame, sha256 FROM page JOIN measured ON measured.id = page.measured "
            "WHERE run = (SELECT max(id) FROM run) ORDER BY page.path, page.frame"
        )
        found: dict[str, list[tuple[int, str]]] = {}
        for path, frame, sha256 in rows:
            found.setdefault(path, []).append((frame, sha256))
        return found


def wait_for(holds: Callable[[], object], what: Callable[[], str] = lambda: "") -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(what())
        time.sleep(0.1)


def digest(path: Path) -> str | None:

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def files_of(folder: Path) -> list[str]:
    """The pages in a folder, by name."""
    found = (path for path in folder.rglob("*") if path.suffix in (".tif", ".png", ".jpg", ".pdf", ".bmp"))
    return sorted(path.relative_to(folder).as_posix() for path in found if path.is_file())


def scan(path: Path, seed: int = 0, *, turned: float = 0.0) -> Path:
    """A scan as it comes from a scanner; with another seed it is another sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_page(path, sheet(seed, turned=turned), dpi=300)


def made_elsewhere(tmp_path: Path, seed: int, *, turned: float = 0.0, name: str = "scan.tif") -> bytes:
    return scan(tmp_path / "scanner" / name, seed, turned=turned).read_bytes()


def same_as_run(service: Service, profile: Path, tmp_path: Path) -> None:
    """Hold the reports against those of a plain run over the folder."""
    done = do_run(service.inbox, tmp_path / "run", profile=str(profile), executor="process", jobs=2)
    expected = (tmp_path / "run" / "pages.jsonl").read_bytes()
    assert (service.out / "pages.jsonl").read_bytes() == expected
    report = json.loads((service.out / "report.json").read_text(encoding="utf-8"))
    assert report["decision"]["outcome"] == done.summary.decision.outcome
