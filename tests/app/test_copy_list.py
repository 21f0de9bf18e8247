"""The list of exported copies survives kills and deleted copies."""

from pathlib import Path

from ybda_qc.app.copy_list import CopyList


def written(folder: Path, *targets: str) -> CopyList:
    copies = CopyList(folder / "export" / "txt.jsonl", folder)
    copies.tidy()
    for target in targets:
        (folder / target).write_text("text", encoding="utf-8")
        copies.add(target, f"of {target}")
    return copies


def reopened(folder: Path) -> CopyList:
    return CopyList(folder / "export" / "txt.jsonl", folder)


def test_copies_are_known_again_by_what_they_were_made_of(tmp_path: Path) -> None:
    written(tmp_path, "一.txt")

    copies = reopened(tmp_path)

    assert copies.holds("一.txt", "of 一.txt")
    assert not copies.holds("一.txt", "of something else")
    assert not copies.holds("二.txt", "of 二.txt")


def test_a_deleted_copy_is_not_held(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "b.txt")
    (tmp_path / "a.txt").unlink()

    copies = reopened(tmp_path)
    copies.tidy()

    assert not copies.holds("a.txt", "of a.txt") and copies.holds("b.txt", "of b.txt")
    assert len((tmp_path / "export" / "txt.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_line_cut_by_a_kill_is_left_out(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", "b.txt")
    file = tmp_path / "export" / "txt.jsonl"
    file.write_bytes(file.read_bytes()[:-9] + b"\xff")

    copies = reopened(tmp_path)

    assert copies.holds("a.txt", "of a.txt") and not copies.holds("b.txt", "of b.txt")


def test_lines_that_say_something_else_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "txt.jsonl").write_text('[]\n7\n{"copy": 1}\n', encoding="utf-8")

    assert not reopened(tmp_path).holds("1", "x")
