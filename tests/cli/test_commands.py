"""The command line as scripts and people meet it: help, exit codes, languages, lists."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from tests.app.batches import ITEM, sheet, write_profile
from ybda_qc.cli.main import _run, app
from ybda_qc.imaging.direction import load_network
from ybda_qc.synth import write_page

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROFILES = (
    "base",
    "da-t-31-2017",
    "da-t-31-2017-acceptance",
    "fadgi-3-star",
    "linhai-2023",
    "scan-station",
    "shanghai-paired-assistance",
)


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""

    def walk(
        command: click.Command, words: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            for name, inner in command.commands.items():
                yield from walk(inner, (*words, name))
        else:
            yield words, command

    yield from walk(typer.main.get_command(app), ())


COMMANDS = dict(commands())


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Two sound pages."""
    folder = tmp_path / "batch" / ITEM
    folder.mkdir(parents=True)
    for number in (1, 2):
        write_page(folder / f"{number:04d}.tif", sheet(number, turned=0.4), dpi=300)
    return folder.parent


def test_the_promised_commands_are_there() -> None:
    assert set(COMMANDS) >= {
        ("run",),
        ("rejudge",),
        ("report",),
        ("export",),
        ("search",),
        ("profiles", "list"),
        ("profiles", "show"),
        ("profiles", "explain"),
        ("checks", "list"),
        ("checks", "show"),
        ("doctor",),
        ("watch",),
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_names_every_option(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    for parameter in COMMANDS[words].params:
        argument = f"{{{parameter.name}}}" if parameter.required else f"[{parameter.name}]"
        names = parameter.opts if parameter.param_type_name == "option" else [argument]
        for name in names:
            assert name in shown, name
        assert getattr(parameter, "help", "x"), f"{parameter.name} has no help"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_manual_names_every_command(words: tuple[str, ...]) -> None:
    assert f"ybda-qc {words[0]}" in README
    assert f"`{words[-1]}`" in README or f"ybda-qc {' '.join(words)}" in README


@pytest.mark.parametrize(
    "option",
    ["--profile", "--out", "--jobs", "--executor", "--ocr", "--lang"],
)
def test_run_has_the_options_of_the_contract(option: str) -> None:
    assert option in {name for parameter in COMMANDS["run",].params for name in parameter.opts}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["frobnicate"], 2),
        (["run"], 2),
        (["run", "here", "--jobs", "0"], 2),
        (["run", "here", "--ocr", "psychic"], 2),
        (["run", "here", "--executor", "dream"], 2),
        (["run", "here", "--profile", "no-such-profile"], 3),
        (["profiles", "explain", "no-such-profile"], 3),
        (["profiles", "show", "no-such-profile"], 3),
        (["run", "no/such/folder", "--profile", "base"], 4),
        (["rejudge", "no/such/folder"], 4),
        (["report", "no/such/folder"], 4),
        (["checks", "show", "skw"], 2),
    ],
    ids=repr,
)
def test_exit_codes_of_mistakes(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(arguments) == code
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    assert bool(shown.err.strip()) is (code != 0)


def test_an_unknown_check_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["checks", "show", "sharpnes", "--lang", "en"]) == 2
    assert "did you mean 'sharpness'?" in capsys.readouterr().err
    assert _run(["checks", "show", "nothing like it", "--lang", "en"]) == 2
    printed = capsys.readouterr().err
    assert "did you mean" not in printed
    assert re.search(r"\bskew\b", printed)


DECISIONS = {
    "accept": (0, '[checks.skew.over-limit]\nreview = 90\nfail = 90\nsource = "project-choice"\n'),
    "hold": (5, '[checks.resolution.below-minimum]\nreview = 400\nsource = "project-choice"\n'),
    "reject": (1, '[checks.resolution.below-minimum]\nreview = 400\nfail = 400\nsource = "project-choice"\n'),
}


@pytest.mark.parametrize("outcome", DECISIONS)
def test_the_decision_is_the_exit_code(
    batch: Path, tmp_path: Path, outcome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, tables = DECISIONS[outcome]
    profile, out = write_profile(tmp_path / "mine.toml", tables), tmp_path / "out"
    assert (
        _run(["run", str(batch), "-p", profile, "-o", str(out), "--executor", "serial", "--lang", "en"])
        == code
    )
    shown = capsys.readouterr()
    assert shown.err == ""
    assert str(out / "report.html") in shown.out
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["decision"]["outcome"] == outcome
    assert _run(["rejudge", str(out)]) == code
    assert _run(["report", str(out)]) == 0


def test_the_scope_of_an_acceptance_is_said(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = write_profile(tmp_path / "mine.toml", DECISIONS["accept"][1])
    _run(
        [
            "run",
            str(batch),
            "-p",
            profile,
            "-o",
            str(tmp_path / "out"),
            "--executor",
            "serial",
            "--lang",
            "en",
        ]
    )
    assert "machine" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "no/such/folder", "-p", "base"],
        ["rejudge", "no/such/run"],
        ["checks", "show", "skw"],
        ["profiles", "explain", "nix"],
    ],
    ids=" ".join,
)
def test_mistakes_in_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _run([*arguments, "--lang", "zh"])
    assert CHINESE.search(capsys.readouterr().err)
    _run([*arguments, "--lang", "en"])
    assert not CHINESE.search(capsys.readouterr().err)


def test_a_run_in_chinese(batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = write_profile(tmp_path / "mine.toml", DECISIONS["hold"][1])
    arguments = ["run", str(batch), "-p", profile, "-o", str(tmp_path / "out"), "--executor", "serial"]
    _run([*arguments, "--lang", "zh"])
    assert CHINESE.search(capsys.readouterr().out)
    assert '"zh' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")[:2000]


@pytest.mark.parametrize(
    ("before", "after", "is_chinese"),
    [(("--lang", "zh"), (), True), (("--lang", "zh"), ("--lang", "en"), False), ((), (), False)],
)
def test_the_language_may_stand_before_the_command(
    before: tuple[str, ...],
    after: tuple[str, ...],
    is_chinese: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert _run([*before, "checks", "show", "skew", *after]) == 0
    assert bool(CHINESE.search(capsys.readouterr().out)) is is_chinese


def test_checks_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["checks", "list", "--lang", "en"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert {"readable", "skew", "blank_page", "resolution", "duplicate_page", "layout"} <= set(listed)
    for check in listed:
        assert _run(["checks", "show", check, "--lang", "en"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"{check} · ")
        assert "{" not in shown  # fields of messages are for the program
        codes = () if check == "fingerprint" else (f"{check}/",)  # measured for another check
        for part in ("Why:", "Remedy:", *codes):
            assert part in shown


def test_profiles_list_show_and_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["profiles", "list", "--lang", "en"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert set(PROFILES) <= set(listed)
    for profile in listed:
        assert _run(["profiles", "show", profile]) == 0
        assert "[profile]" in capsys.readouterr().out
        assert _run(["profiles", "explain", profile, "--lang", "en"]) == 0
        shown = capsys.readouterr().out
        assert re.search(r"\b[0-9a-f]{64}\b", shown)
        assert "skew" in shown


def test_a_profile_is_explained_in_chinese_and_with_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["profiles", "explain", "da-t-31-2017", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "纸质档案数字化规范（机检部分）" in shown
    assert "每件一个文件夹" in shown
    assert re.search(r"dark_border\.over-limit\.review +3 mm", shown)


def test_a_shown_profile_can_be_used_again(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(["profiles", "show", "scan-station"])
    text = capsys.readouterr().out
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("scan-station", "mine"), encoding="utf-8")
    assert _run(["profiles", "explain", str(mine)]) == 0


def test_doctor_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run(["doctor", "--lang", "en"])
    shown = capsys.readouterr().out
    for part in (
        "Python",
        "OpenCV",
        "imagecodecs",
        "orientation network",
        "SQLite",
        "disk",
        "memory",
        "tesseract",
        "fonts",
        "browser",
    ):
        assert part in shown
    assert code == (4 if "✗" in shown else 0)


def test_doctor_misses_the_orientation_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_network.cache_clear()
    monkeypatch.setattr("ybda_qc.imaging.direction.NETWORK", "gone.onnx")

    code = _run(["doctor", "--lang", "en"])

    assert "cannot be loaded: FileNotFoundError" in capsys.readouterr().out
    assert code == 4


def test_as_a_module_and_as_a_command() -> None:
    for command in ([sys.executable, "-m", "ybda_qc"], [str(Path(sys.executable).with_name("ybda-qc"))]):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert re.fullmatch(r"ybda-qc \d+\.\d+\.\d+\n", done.stdout)
