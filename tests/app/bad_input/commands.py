"""Words and profiles that nobody can make sense of."""

from tests.app.bad_input.scene import Cases, Scene
from ybda_qc.cli.main import _run

CASES = Cases()


@CASES.add
def unknown_option(scene: Scene) -> int:
    scene.page()
    return _run([*scene.arguments(), "--rotate"])


@CASES.add
def unknown_command(scene: Scene) -> int:
    return _run(["deskew", str(scene.batch)])


@CASES.add
def bad_jobs(scene: Scene) -> int:
    scene.page()
    return _run([*scene.arguments(), "--jobs", "0"])


@CASES.add
def unknown_profile(scene: Scene) -> int:
    scene.page()
    scene.profile = "da-t-31-2071"
    return scene.run()


@CASES.add
def five_mistakes(scene: Scene) -> int:
    scene.page()
    profile = scene.batch.parent / "mine.toml"
    profile.write_text(
        """
profile = { id = "mine", title = "mine", extends = ["base"] }
[checks.skew.over-limit]
fial = 2.0
[checks.skwe.over-limit]
fail = 2.0
[checks.resolution.below-minimum]
fail = "high"
source = "project-choice"
[checks.blank_page.blank]
verdict = "perhaps"
[acceptance]
scope = "everything"
""",
        encoding="utf-8",
    )
    scene.profile = str(profile)
    return scene.run()


@CASES.add
def rejudge_nothing(scene: Scene) -> int:
    return _run(["rejudge", str(scene.batch)])
