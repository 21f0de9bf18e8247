"""A batch whose pages nobody looked at does not pass."""

import pytest

from tests.checks.batch.memory import ANY, MemoryView, make_batch, make_page
from ybda_qc.checks._requires import require_looked_at
from ybda_qc.model import PageResult


def require(*pages: PageResult) -> None:
    require_looked_at(MemoryView(make_batch([], ANY), pages), "skew", "sharpness")


def test_a_check_that_looked_at_one_page_is_enough_and_without_pages_none_is_missed() -> None:
    require(
        make_page("a.jpg", numbers={("skew", "skew"): 0.0}),
        make_page("b.jpg", numbers={("sharpness", "edge_width"): 0.2}),
    )
    require()


def test_what_looked_at_no_page_is_named() -> None:
    with pytest.raises(LookupError, match="by sharpness"):
        require(make_page("a.jpg", numbers={("skew", "skew"): 0.0}))
