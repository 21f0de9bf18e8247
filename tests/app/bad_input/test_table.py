"""Walks the table of docs/bad-input.md: every case there is made, and must end as the table says."""

import re
from pathlib import Path

import pytest

from tests.app.bad_input import commands, contents, folders, names
from tests.app.bad_input.scene import Scene

TABLE = Path(__file__).parents[3] / "docs" / "bad-input.md"
CASES = commands.CASES | folders.CASES | names.CASES | contents.CASES


def expected() -> dict[str, str]:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| ([^|]+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


def test_table_and_cases_agree() -> None:
    assert set(expected()) == set(CASES)
    assert len(CASES) >= 30


@pytest.mark.parametrize("name", sorted(CASES))
def test_case(name: str, scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = CASES[name](scene)
    wanted = expected()[name]
    shown = capsys.readouterr()
    if wanted.startswith("exit "):
        assert outcome == int(wanted.removeprefix("exit ")), shown.err
        assert shown.err.strip(), "not a word of explanation"
        assert "Traceback" not in shown.err
    else:
        assert isinstance(outcome, set)
        troubles = {code for code in outcome if code.startswith(("file_name/", "layout/", "readable/"))}
        assert troubles == ({wanted} if wanted != "no finding" else set())
    if name == "five-mistakes":
        for word in ("fial", "skwe", "high", "perhaps", "everything"):
            assert word in shown.err
