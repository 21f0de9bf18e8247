"""What the terminal says about a run beside its decision."""

import pytest

from ybda_qc.cli.console import _CHANGES, print_table
from ybda_qc.report.against import CHANGES


def test_every_kind_of_change_is_told_with_its_number() -> None:
    assert _CHANGES.keys() == CHANGES.keys()
    assert all("{count}" in words for words in _CHANGES.values())


def test_one_wide_cell_does_not_push_every_row_aside(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("键", "value", "by"), [("a", "x" * 300, "one"), ("b", "x", "two")])
    head, wide, narrow = capsys.readouterr().out.splitlines()
    assert (head, wide) == ("键  value" + " " * 57 + "by", "a   " + "x" * 300 + "  one")
    assert narrow == "b   x" + " " * 61 + "two"
