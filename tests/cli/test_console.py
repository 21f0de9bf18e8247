"""What the terminal says about a run beside its decision."""

from ybda_qc.cli.console import _CHANGES
from ybda_qc.report.against import CHANGES


def test_every_kind_of_change_is_told_with_its_number() -> None:
    assert _CHANGES.keys() == CHANGES.keys()
    assert all("{count}" in words for words in _CHANGES.values())
