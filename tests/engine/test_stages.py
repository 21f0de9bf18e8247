"""The board outlives whoever wrote on it."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.engine.stages import LastWords, StageBoard
from ybda_qc.model import Stage


@given(
    stage=st.sampled_from(Stage),
    check=st.from_regex(r"[a-z_]{0,30}", fullmatch=True),
    frames=st.integers(0, 10**6),
)
def test_last_words_are_read_by_others(stage: Stage, check: str, frames: int) -> None:
    with StageBoard.create(3) as board:
        other = StageBoard(board.path)
        for slot in range(3):
            board.publish(slot, Stage.IDLE)
        other.publish(1, Stage.EVIDENCE, "a_long_name_of_a_check")
        other.publish(1, stage, check, frames)
        other.close()
        assert board.read(1) == LastWords(stage=stage, check=check, frame_count=frames)
        assert board.read(0) == board.read(2) == LastWords(stage=Stage.IDLE, check="", frame_count=0)


def test_a_very_long_name_stays_in_its_slot() -> None:
    with StageBoard.create(2) as board:
        board.publish(1, Stage.IDLE)
        board.publish(0, Stage.MEASURE, "检" * 60, 12)
        assert board.read(0).stage is Stage.MEASURE
        assert board.read(0).frame_count == 12
        assert board.read(1).stage is Stage.IDLE


def test_the_file_goes_with_the_board() -> None:
    with StageBoard.create(1) as board:
        path: Path = board.path
        assert path.exists()
    assert not path.exists()
