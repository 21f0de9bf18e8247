"""The entrance before the command line is loaded."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from ybda_qc.engine.executors.server import HAS_SERVER
from ybda_qc.errors import ExitCode


class Interrupting:
    """A finder that is interrupted when the command line is looked for."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "ybda_qc.cli.main":
            raise KeyboardInterrupt


def test_an_interrupt_while_loading_has_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ybda_qc.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("ybda_qc", run_name="__main__")
    assert stopped.value.code == ExitCode.INTERRUPTED


@pytest.mark.skipif(not HAS_SERVER, reason="workers are started anew there")
@pytest.mark.parametrize(("command", "starts"), [("run", True), ("export", True), ("checks", False)])
def test_libraries_of_workers_are_loaded_meanwhile(command: str, starts: bool) -> None:
    """By a server that is started before the commands are loaded."""
    look = (
        "import runpy, sys\n"
        "from multiprocessing import forkserver\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'ybda_qc.cli.main':\n"
        "            print(forkserver._forkserver._forkserver_pid is not None)\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Finder())\n"
        "if __name__ == '__main__':\n"
        "    runpy.run_module('ybda_qc', run_name='__main__')\n"
    )
    called = subprocess.run(
        [sys.executable, "-c", look, command], capture_output=True, encoding="utf-8", check=False
    )
    assert (called.returncode, called.stdout.split()) == (ExitCode.INTERRUPTED, [str(starts)])


def _call(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would who stands in a folder."""
    package = Path(__file__).parents[2]
    command = [sys.executable, "-m", "ybda_qc", "checks", "list", "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(package)}
    environment.pop("PYTHONSAFEPATH", None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_modules_in_the_current_folder_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("raise SystemExit('a stranger ran')", encoding="utf-8")
    called = _call(tmp_path)
    assert (called.returncode, called.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
def test_a_current_folder_that_is_gone(tmp_path: Path) -> None:
    from ybda_qc.cli.main import _run

    home = Path.cwd()
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    try:
        (tmp_path / "gone").rmdir()
        assert _run(["run", "../batch"]) == ExitCode.INPUT
    finally:
        os.chdir(home)
