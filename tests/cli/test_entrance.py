"""The entrance before the command line is loaded."""

import runpy
import sys

import pytest

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
