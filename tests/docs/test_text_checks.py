"""The benchmark of the checks of text: what it generates, and how it writes its table."""

import json
import re
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
BY_HAND = "<!-- by hand -->\n## Remarks\n<!-- end of what is written by hand -->\n"
ROWS = [
    ("record of another item", "title_match", True, 49, 50),
    ("sound print", "text_confidence", False, 0, 6),
]


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS.parent))
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_numbers_that_are_wrong_are_spoken_of_and_right_ones_are_not() -> None:
    from benchmarks.text_checks import number_rows

    rows = list(number_rows(20))
    assert {is_wrong for _, _, is_wrong, _, _ in rows} == {True, False}
    for case, check, is_wrong, spoke, total in rows:
        assert (check, total) == ("page_number_order", 20)
        assert spoke >= 15 if is_wrong else spoke <= 1, case


def test_the_table_stands_once_and_what_is_by_hand_stays(tmp_path: Path) -> None:
    from benchmarks.text_checks import write

    document = tmp_path / "accuracy.md"
    document.write_text(f"# Exact\n\n{BY_HAND}", encoding="utf-8")
    for _ in range(2):
        write("benchmarks/text_checks.py", ROWS, tmp_path)
    text = document.read_text(encoding="utf-8")
    assert text.count("## Checks of text") == 1
    assert text.count("98.0 % (49/50; ") == 1
    assert text.endswith(f"\n{BY_HAND}")
    figures = json.loads((tmp_path / "accuracy_text.json").read_text(encoding="utf-8"))
    assert figures["text_cases"]["sound print"]["spoke"]["total"] == 6

    from _accuracy.document import _BY_HAND

    assert len(re.findall(_BY_HAND, text)) == 2  # the other script keeps both
    assert "_accuracy" in sys.modules
