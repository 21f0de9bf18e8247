"""A disk that has room for some of the reports."""

import pytest

from tests.app.bad_input.scene import ITEM, Scene, small_disk


# XlsxWriter leaves its own ZIP file to the collector when the disk is full.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("size_kb", [300, 420, 560])
def test_a_disk_that_fills_up_while_reports_are_written(
    scene: Scene, size_kb: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Measuring fits, this or that report does not: said plainly, and no half report is left in place."""
    for number in range(1, 25):
        scene.page(f"{ITEM}/{number:04d}.jpg", seed=number)
    scene.out.mkdir()
    with small_disk(scene.out, size_kb):
        code = scene.run()
        shown = capsys.readouterr().err
        assert code in (0, 1, 4, 5), shown
        assert "Traceback" not in shown
        assert (code == 4) == (not (scene.out / "report.xlsx").exists())
