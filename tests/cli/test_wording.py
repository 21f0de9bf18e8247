"""Help and mistakes on the command line, in the user's language."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.test_commands import COMMANDS
from ybda_qc.cli.console import width_of
from ybda_qc.cli.main import _run
from ybda_qc.cli.wording import lines_of

ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
NAMES = re.compile(r"`[^`]+`|<[^>]+>|[{\[][a-z_]+[}\]]|ybda-qc [a-z]+|--?[a-z]+ / --?[a-z]+")


def english_in(text: str) -> list[str]:
    """What reads as English, names of commands and options apart."""
    return ENGLISH.findall(NAMES.sub("", text))


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, "-m", "ybda_qc", *arguments],
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--lang", "zh", "run", "--help"), {}),
        (("run", "--help", "--lang=zh"), {"LANG": "en_GB.UTF-8"}),
        (("run", "--help"), {"LANG": "zh_CN.UTF-8"}),
    ],
)
def test_help_is_chinese_where_chinese_is_asked_for(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    called = call(*arguments, **environment)
    assert called.returncode == 0, called.stderr
    assert english_in(called.stdout) == []
    for words in ("用法：", "参数：", "选项：", "[默认：da-t-31-2017]", "[必填]", "显示本帮助。"):
        assert words in called.stdout
    assert max(map(width_of, called.stdout.splitlines())) <= 80


def test_help_is_english_where_english_is_asked_for() -> None:
    called = call("--lang", "en", "run", "--help", LANG="zh_CN.UTF-8")
    assert "Usage: " in called.stdout
    assert "[default: da-t-31-2017]" in called.stdout
    assert re.search("[\u4e00-\u9fff]", called.stdout) is None


@pytest.mark.parametrize("words", [(), ("profiles",), ("checks",), *COMMANDS], ids=" ".join)
def test_no_english_in_the_chinese_help_of_any_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["--lang", "zh", *words, "--help"]) == 0
    assert english_in(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "缺少参数 batch"),
        (["run", "a", "--nosuch"], "没有选项 --nosuch（相近的选项：--ocr、--out）"),
        (["run", "a", "--profil", "b"], "没有选项 --profil（相近的选项：--profile）"),
        (["run", "a", "b"], "多余的参数：b"),
        (["run", "a", "--jobs"], "选项 --jobs 后面须写一个值"),
        (["run", "a", "--jobs", "0"], "--jobs / -j 的值有误：应不小于 1"),
        (["run", "a", "--jobs", "2000"], "--jobs / -j 的值有误：应不大于 1024"),
        (["run", "a", "--jobs", "x"], "--jobs / -j 的值有误：应为整数"),
        (["export", "a", "--to", "x"], "--to / -t 的值有误：“x”不在可选值之内；可选：pdf、alto、hocr、txt"),
        (
            ["export", "a", "--to", "a's"],
            "--to / -t 的值有误：“a's”不在可选值之内；可选：pdf、alto、hocr、txt",
        ),
        (["search", "a", "--html=b"], "选项 --html 不带值"),
        (["export", "a"], "缺少选项 --to / -t；可选：pdf、alto、hocr、txt"),
        (["runn"], "没有命令“runn”；是否指 run？"),
        (["frobnicate"], "没有命令“frobnicate”"),
        ([], "缺少命令"),
    ],
    ids=repr,
)
def test_mistakes_are_told_in_chinese(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["--lang", "zh", *arguments]) == 2
    shown = capsys.readouterr().err
    assert shown.splitlines()[-1] == f"错误：{said}"
    assert english_in(shown) == []


def test_a_mistake_comes_with_the_usage_and_the_way_to_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--lang", "zh", "run"]) == 2
    assert capsys.readouterr().err.splitlines()[:2] == [
        "用法：ybda-qc run [选项] {batch}",
        "用“ybda-qc run -h”查看帮助。",
    ]


def test_a_mistake_is_told_once_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--lang", "en", "run", "a", "--jobs", "0"]) == 2
    shown = capsys.readouterr().err
    assert shown.splitlines()[-1].startswith("Error: Invalid value for '--jobs' / '-j': Input should be")


def test_no_command_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--lang", "zh", "profiles"]) == 2
    shown = capsys.readouterr().err
    assert shown.count("用法：") == 1
    assert "错误" not in shown


def test_lines_break_by_columns_and_never_before_a_full_stop() -> None:
    assert lines_of("检查“一个”批次。页 page by page", 8) == ["检查“一", "个”批", "次。页", "page by", "page"]
    assert lines_of("", 8) == [""]


@given(st.text(alphabet="甲乙。，（）“”《》[]ab -\n", max_size=60), st.integers(1, 20))
def test_lines_lose_no_character(text: str, columns: int) -> None:
    assert "".join("".join(lines_of(text, columns)).split()) == "".join(text.split())


def test_a_quotation_mark_that_stands_alone_is_kept() -> None:
    assert lines_of("甲 ”乙 “", 80) == ["甲 ”乙 “"]


def test_what_an_option_takes_is_told_with_chinese_punctuation(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--lang", "zh", "search", "--help"]) == 0
    assert "[默认：20；1 至 1000]" in capsys.readouterr().out
    assert _run(["--lang", "zh", "run", "--help"]) == 0
    assert "[默认：每核一个；1 至 1024]" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_names_arguments_as_the_usage_does(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command, name in (("search", "query"), ("calibrate", "labels")):
        assert _run(["--lang", language, command, "--help"]) == 0
        usage, *help_text = capsys.readouterr().out.splitlines()
        assert f"{{{name}}}" in usage
        assert any(f"{{{name}}}" in line for line in help_text)
        assert name.upper() not in "".join(help_text)
