"""Folders that cannot be read, written or shared."""

from tests.app.bad_input.scene import ITEM, Cases, Scene, small_disk, without_rights
from ybda_qc.store import lock_output

CASES = Cases()


@CASES.add
def empty_batch(scene: Scene) -> int:
    return scene.run()


@CASES.add
def missing_folder(scene: Scene) -> int:
    scene.batch = scene.batch / "nowhere"
    return scene.run()


@CASES.add
def unreadable_folder(scene: Scene) -> int:
    scene.page()
    scene.batch.chmod(0)
    with without_rights(scene):
        return scene.run()


@CASES.add
def file_as_batch(scene: Scene) -> int:
    scene.batch = scene.page()
    return scene.run()


@CASES.add
def out_inside_batch(scene: Scene) -> int:
    scene.page()
    scene.out = scene.batch / "report"
    return scene.run()


@CASES.add
def out_of_another_batch(scene: Scene) -> int:
    scene.page()
    scene.run()
    other = scene.batch.parent / "other"
    scene.batch.rename(other)
    scene.batch = other
    return scene.run()


@CASES.add
def out_with_other_files(scene: Scene) -> int:
    scene.page()
    scene.out.mkdir()
    (scene.out / "letter.txt").write_text("not a report", encoding="utf-8")
    return scene.run()


@CASES.add
def out_is_a_file(scene: Scene) -> int:
    scene.page()
    scene.out.write_text("not a folder", encoding="utf-8")
    return scene.run()


@CASES.add
def busy_output(scene: Scene) -> int:
    scene.page()
    scene.out.mkdir()
    with lock_output(scene.out):
        return scene.run()


@CASES.add
def disk_full(scene: Scene) -> int:
    for number in range(1, 60):
        scene.page(f"{ITEM}/{number:04d}.jpg", seed=number)
    scene.out.mkdir()
    with small_disk(scene.out, 200):
        return scene.run()
