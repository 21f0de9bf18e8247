"""Finding profiles and their parents."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ybda_qc.errors import ExitCode, ProfileError
from ybda_qc.profile import list_profiles, profile_text
from ybda_qc.profile import problems as say
from ybda_qc.profile.library import read_lineage
from ybda_qc.profile.problems import Problems

Write = Callable[[str, str], Path]


def _header(id_: str, *extends: str) -> str:
    names = ", ".join(f"'{name}'" for name in extends)
    return f"[profile]\nid = '{id_}'\ntitle = '{id_}'\nextends = [{names}]\n"


def _told(problems: Problems) -> list[str]:
    with pytest.raises(ProfileError) as error:
        problems.raise_if_any("x")
    return [template for template, _ in error.value.problems]


def _ids(name: object) -> list[str]:
    problems = Problems()
    lineage = [written.id for written in read_lineage(str(name), problems)]
    problems.raise_if_any("x")
    return lineage


def test_shipped_profiles_are_listed_by_the_name_of_their_file() -> None:
    listed = list_profiles()
    assert [profile.id for profile in listed] == sorted(
        [
            "base",
            "da-t-31-2017",
            "da-t-31-2017-acceptance",
            "fadgi-3-star",
            "linhai-2023",
            "scan-station",
            "shanghai-paired-assistance",
        ]
    )
    for profile in listed:
        assert _ids(profile.id)[-1] == profile.id


def test_parents_come_before_children_and_later_ones_after_earlier_ones(write: Write) -> None:
    write("one.toml", _header("one", "base"))
    write("two.toml", _header("two", "base"))
    path = write("own.toml", _header("own", "one.toml", "two.toml"))
    assert _ids(path) == ["base", "one", "two", "own"]


def test_a_parent_is_looked_for_beside_the_file_that_names_it(write: Write) -> None:
    write("parent.toml", _header("parent"))
    folder = write("x", "").parent / "deeper"
    folder.mkdir()
    (folder / "middle.toml").write_text(_header("middle", "../parent.toml"))
    path = write("own.toml", _header("own", "deeper/middle.toml"))
    assert _ids(path) == ["parent", "middle", "own"]


def test_an_unknown_profile_is_told_with_the_nearest_and_all_known() -> None:
    with pytest.raises(ProfileError) as error:
        read_lineage("da-t-31-2016", Problems())
    assert error.value.exit_code is ExitCode.PROFILE
    assert "did you mean 'da-t-31-2017'" in str(error.value)
    assert "linhai-2023" in str(error.value)
    with pytest.raises(ProfileError, match="shipped are: base"):
        read_lineage("qqq", Problems())


def test_a_file_that_is_not_there(write: Write) -> None:
    problems = Problems()
    assert read_lineage(str(write("x", "").parent / "none.toml"), problems) == ()
    assert _told(problems) == [say.NO_FILE]


def test_a_folder_is_no_profile(write: Write) -> None:
    folder = write("x", "").parent / "folder.toml"
    folder.mkdir()
    problems = Problems()
    assert read_lineage(str(folder), problems) == ()
    assert _told(problems) == [say.UNREADABLE]


def test_circles_are_told_and_end(write: Write) -> None:
    write("b.toml", _header("b", "c.toml"))
    write("c.toml", _header("c", "a.toml"))
    problems = Problems()
    read_lineage(str(write("a.toml", _header("a", "b.toml"))), problems)
    assert _told(problems) == [say.CYCLE]
    with pytest.raises(ProfileError, match=r"a\.toml -> .*b\.toml -> .*c\.toml -> .*a\.toml"):
        problems.raise_if_any("a")


def test_a_profile_that_extends_itself(write: Write) -> None:
    problems = Problems()
    read_lineage(str(write("a.toml", _header("a", "a.toml"))), problems)
    assert _told(problems) == [say.CYCLE]


def test_every_unknown_parent_is_told(write: Write) -> None:
    problems = Problems()
    read_lineage(str(write("a.toml", _header("a", "bsae", "qqq", "none.toml"))), problems)
    assert _told(problems) == [say.UNKNOWN_PARENT_NEAR, say.UNKNOWN_PARENT, say.NO_FILE]


def test_a_file_may_not_pass_for_a_shipped_profile(write: Write) -> None:
    problems = Problems()
    read_lineage(str(write("own.toml", _header("da-t-31-2017", "base"))), problems)
    assert _told(problems) == [say.ID_TAKEN]


def test_two_files_of_a_lineage_may_not_share_an_id(write: Write) -> None:
    write("parent.toml", _header("same"))
    problems = Problems()
    read_lineage(str(write("own.toml", _header("same", "parent.toml"))), problems)
    assert _told(problems) == [say.ID_TWICE]


@pytest.mark.parametrize(
    ("content", "template", "words"),
    [
        (b"[profile]\nid = \n", say.SYNTAX, "line 2"),
        (b"[profile]\nid = 'a'\nid = 'b'\n", say.SYNTAX, "line 3"),
        (b"[profile", say.SYNTAX, "not TOML"),
        ("[profile]\nid = 'a'\ntitle = '\u65b9\u6848'\n".encode("gbk"), say.NOT_UTF8, "UTF-8"),
    ],
)
def test_files_that_are_not_toml(write: Write, content: bytes, template: str, words: str) -> None:
    path = write("own.toml", "")
    path.write_bytes(content)
    problems = Problems()
    assert read_lineage(str(path), problems) == ()
    assert _told(problems) == [template]
    with pytest.raises(ProfileError, match=words):
        problems.raise_if_any("own.toml")


def test_a_byte_order_mark_and_windows_line_ends_are_taken(write: Write) -> None:
    path = write("own.toml", "")
    path.write_bytes(b"\xef\xbb\xbf" + _header("own", "base").replace("\n", "\r\n").encode())
    assert _ids(path) == ["base", "own"]


@pytest.mark.parametrize(
    ("header", "templates"),
    [
        ("", [say.MISSING_KEY, say.MISSING_KEY]),
        ("[profile]\nid = 'a b'\ntitle = 't'\n", [say.ID_SHAPE]),
        ("[profile]\nid = 1\ntitel = 't'\n", [say.NOT_TEXT, say.MISSING_KEY, say.UNKNOWN_KEY_NEAR]),
        ("[profile]\nid = 'a'\ntitle = 't'\nextends = 'base'\n", [say.NOT_A_LIST]),
        ("profile = 3\n", [say.NOT_A_TABLE]),
    ],
)
def test_wrong_headers(write: Write, header: str, templates: list[str]) -> None:
    problems = Problems()
    assert len(read_lineage(str(write("own.toml", header)), problems)) == 1
    assert sorted(_told(problems)) == sorted(templates)


def test_the_text_of_a_profile_is_shown_as_it_is_written(write: Write) -> None:
    assert 'id = "base"' in profile_text("base")
    text = "[profile\n# 不完整"
    assert profile_text(write("own.toml", text)) == text
    with pytest.raises(ProfileError, match="did you mean 'base'"):
        profile_text("bsae")
    with pytest.raises(ProfileError, match="no such file"):
        profile_text("none.toml")
