"""A batch whose pages nobody looked at does not pass."""

import pytest

from tests.checks.batch.memory import ANY, MemoryView, make_batch, make_page
from ybda_qc.checks._requires import require_looked_at
from ybda_qc.model import PageResult


def require(*pages: PageResult) -> None:
    require_looked_at(MemoryView(make_batch([], ANY), pages), "skew", "sharpness")


def test_without_pages_nothing_is_missed() -> None:
    require()


def test_what_is_read_of_one_check_is_enough() -> None:
    require(make_page("a.jpg"), make_page("b.jpg", numbers={("sharpness", "edge_width"): 0.2}))


def test_pages_that_none_looked_at_do_not_pass() -> None:
    with pytest.raises(LookupError, match="by skew, sharpness"):
        require(make_page("a.jpg", numbers={("exposure", "contrast"): 0.5}))
