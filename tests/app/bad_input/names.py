"""Names and places of files that a vendor might hand over."""

import json

from tests.app.bad_input.scene import ITEM, Cases, Scene, without_rights

CASES = Cases()


@CASES.add
def space_in_name(scene: Scene) -> set[str]:
    scene.page(f"{ITEM} copy/page 0001.jpg")
    return scene.codes()


@CASES.add
def four_byte_character(scene: Scene) -> set[str]:
    scene.page("𠮷林档案-0001/0001.jpg")
    return scene.codes()


@CASES.add
def quotes_in_name(scene: Scene) -> set[str]:
    scene.page("the \"red\" 'file'/0001.jpg")
    return scene.codes()


@CASES.add
def newline_in_name(scene: Scene) -> set[str]:
    scene.page("line\nbreak/0001.jpg")
    return scene.codes()


@CASES.add
def not_utf8(scene: Scene) -> set[str]:
    scene.page("档案".encode("gb18030") + b"/0001.jpg")
    codes = scene.codes()
    page = json.loads((scene.out / "pages.jsonl").read_text(encoding="utf-8"))
    assert bytes.fromhex(page["path_hex"]) == "档案".encode("gb18030") + b"/0001.jpg"
    return codes


@CASES.add
def _250_characters(scene: Scene) -> set[str]:
    scene.page("a" * 246 + ".jpg")
    return scene.codes()


@CASES.add
def symlink_loop(scene: Scene) -> set[str]:
    scene.page()
    (scene.batch / ITEM / "up").symlink_to(scene.batch, target_is_directory=True)
    return scene.codes()


@CASES.add
def folder_named_like_a_page(scene: Scene) -> set[str]:
    scene.page("0001.tif/0001.jpg")
    return scene.codes()


@CASES.add
def unreadable_subfolder(scene: Scene) -> set[str]:
    scene.page()
    closed = scene.batch / "closed"
    closed.mkdir()
    closed.chmod(0)
    with without_rights(scene):
        return scene.codes()
