"""The text of pages, read by workers: once a content, and a death costs the page."""

import ctypes
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.engine.tools import Silence, executors, make_plan, measure
from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks.page.blank_page import BlankPageCheck
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.engine.text_stage import TextStage
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.errors import InputError
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Batch,
    BatchFile,
    Box,
    FileRole,
    LimitSource,
    Measurement,
    PageId,
    PageText,
    State,
    TextLine,
    Unit,
    Verdict,
    Word,
    WritingDirection,
)
from ybda_qc.store import open_ledger
from ybda_qc.synth import PageSpec, draw_page, write_page

KEY = "a-reader-1"
CRASH_WIDTH, HANG_WIDTH, RAISE_WIDTH = 97, 101, 103


class LetterCheck(PageCheck):
    """A page has few letters.

    Why: to be a check of text at all.

    Remedy: none.
    """

    id = "letters"
    title = "Letters"
    version = 1
    needs = Needs.TEXT
    codes = (Code(name="many", title="many letters", template="{value:g} letters", limits=Flag),)

    def measure(self, view, method):
        return (Measurement(quantity="letters", value=float(len(view.text.text)), unit=Unit.COUNT),)

    def judge(self, result, limits, facts):
        yield from limits.flag("many", value=result.number("letters").value)


class WidthReader:
    """Read the width of a page off it; fail on pages of some widths. Notes every page in a folder."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes

    def read(self, view: PageView) -> PageText:
        height, width = view.pixels.shape[:2]
        with (self._notes / "read").open("a") as file:
            file.write(f"{width}\n")
        if width == CRASH_WIDTH:
            ctypes.string_at(0)
        while width == HANG_WIDTH:
            pass
        if width == RAISE_WIDTH:
            raise ZeroDivisionError("a planted mistake")
        box = Box(left=0, top=0, width=width, height=height)
        word = Word(start=0, text=str(width), box=box, confidence=0.9)
        line = TextLine(
            text=str(width),
            box=box,
            confidence=0.9,
            direction=WritingDirection.HORIZONTAL,
            words=(word,),
        )
        return PageText(width_px=width, height_px=height, turn=0, lines=(line,))


def plan_of(*, version: int = 1) -> Plan:
    """Blank pages are measured, and the letters of what is read."""
    plan = replace(make_plan(), batch_checks=(), reading_key=KEY)
    source = LimitSource.PROJECT_CHOICE
    limits = Limits("letters", LetterCheck.codes, {"many": Flag(verdict="review", source=source)})
    letters = PlannedPageCheck(check=LetterCheck(), method=Method(), limits=limits, key=f"{version}-text-x")
    blank = tuple(planned for planned in plan.page_checks if planned.check.id == BlankPageCheck.id)
    limited = plan.page_limits.model_copy(update={"cpu_seconds": 2.0})
    return replace(plan, page_checks=(*blank, letters), page_limits=limited)


class Delivery:
    """A batch of small pages, measured and read as often as a test wants."""

    def __init__(self, tmp_path: Path, *widths: int) -> None:
        self.batch = tmp_path / "batch"
        self.batch.mkdir()
        self.out = tmp_path / "out"
        self.notes = tmp_path
        self.ledger = open_ledger(self.out, create=True)
        for number, width in enumerate(widths):
            self.write(number, width)

    def write(self, number: int, width: int) -> None:
        pixels = draw_page(PageSpec(seed=number, dpi=20)).pixels[:, :width]
        write_page(self.batch / f"{number}.png", pixels, dpi=20)

    def view(self, plan: Plan, *, known: bool = False, executor: str = "serial") -> LedgerView:
        measure(self.batch, plan, self.ledger, executor, known=known)
        files = tuple(
            BatchFile(path=path.name, size_bytes=1, role=FileRole.PAGE)
            for path in sorted(self.batch.iterdir())
        )
        run = self.ledger.latest_run().id
        batch = Batch(root=str(self.batch), files=files, items=(), strays=())
        return LedgerView(batch=batch, catalogue=None, ledger=self.ledger, run=run, plan=plan)

    def read(
        self, view: LedgerView, executor: str = "serial", meanwhile: Callable[[], object] = bool
    ) -> None:
        setup = WorkerSetup(
            root=self.batch, out=self.out, plan=view.plan, open_reader=partial(WidthReader, self.notes)
        )
        first, alone = executors(executor, setup)
        TextStage(view=view, progress=Silence()).read("reading", lambda: first, alone, meanwhile)

    def widths_read(self) -> list[int]:
        """Every page that was handed to the reader, by its width."""
        notes = self.notes / "read"
        return [int(line) for line in notes.read_text().split()] if notes.exists() else []


@pytest.fixture
def delivery(tmp_path: Path) -> Iterator[Callable[..., Delivery]]:
    made: list[Delivery] = []

    def make(*widths: int) -> Delivery:
        made.append(Delivery(tmp_path, *widths))
        return made[-1]

    yield make
    for one in made:
        one.ledger.close()


def test_text_is_read_kept_and_judged(delivery):
    batch = delivery(90, 91)
    view = batch.view(plan_of())
    batch.read(view)

    pages = list(view.pages())

    assert [view.text_of(page).text for page in pages] == ["90", "91"]
    assert [page.number("letters", "letters") for page in pages] == [2.0, 2.0]
    judged = judge_page(pages[0], view.plan)
    assert judged.verdicts["letters"] is Verdict.REVIEW
    assert judged.verdict is Verdict.REVIEW


def test_what_is_done_meanwhile_sees_no_text_and_is_not_waited_for(delivery):
    batch = delivery(90, 91)
    view = batch.view(plan_of())
    seen: list[list[PageText | None]] = []

    def look() -> None:
        patience = time.monotonic() + 60
        while len(batch.widths_read()) < 2 and time.monotonic() < patience:
            time.sleep(0.01)  # workers read while the parent is here
        seen.append([view.text_of(page) for page in view.pages()])

    batch.read(view, "process", look)
    assert seen == [[None, None]]
    assert [view.text_of(page).text for page in view.pages()] == ["90", "91"]

    batch.read(batch.view(plan_of(), known=True), meanwhile=look)
    assert len(seen) == 1  # there was nothing to read


def test_reading_goes_on_in_another_run_where_something_failed_meanwhile(delivery):
    batch = delivery(90, 91)
    view = batch.view(plan_of())

    def fail() -> None:
        raise InputError("the disk is full")

    with pytest.raises(InputError):
        batch.read(view, "process", fail)
    batch.read(view)
    assert [view.text_of(page).text for page in view.pages()] == ["90", "91"]


def test_a_page_whose_text_was_not_read_is_an_error(delivery):
    view = delivery(90).view(plan_of())

    (page,) = view.pages()

    assert view.text_of(page) is None
    assert judge_page(page, view.plan).verdicts["letters"] is Verdict.NOT_RUN
    assert judge_page(page, view.plan).verdict is Verdict.ERROR


def test_what_is_known_is_not_read_again(delivery):
    batch = delivery(90, 91)
    batch.read(batch.view(plan_of()))
    batch.write(1, 92)
    again = batch.view(plan_of(), known=True)
    batch.read(again)

    assert batch.widths_read() == [90, 91, 92]
    assert [again.text_of(page).text for page in again.pages()] == ["90", "92"]
    assert [page.number("letters", "letters") for page in again.pages()] == [2.0, 2.0]


def test_another_version_of_a_check_measures_the_text_that_is_known(delivery):
    batch = delivery(90)
    batch.read(batch.view(plan_of()))
    again = batch.view(plan_of(version=2), known=True)
    (page,) = again.pages()
    assert "letters" not in page.checks
    batch.read(again)

    (page,) = again.pages()
    assert page.checks["letters"].key == "2-text-x"
    assert batch.widths_read() == [90]


def test_another_way_of_reading_reads_again(delivery):
    batch = delivery(90)
    batch.read(batch.view(plan_of()))
    plan = replace(plan_of(), reading_key="another-reader")
    batch.read(batch.view(plan, known=True))

    assert batch.widths_read() == [90, 90]


def test_a_blank_page_is_not_read(delivery, tmp_path):
    batch = delivery()
    blank = draw_page(PageSpec(layout="blank", seed=1, dpi=100))
    write_page(batch.batch / "0.png", blank.pixels, dpi=100)
    view = batch.view(plan_of())
    batch.read(view)

    (page,) = view.pages()
    assert page.checks["letters"].state is State.NOT_APPLICABLE
    assert "blank" in page.checks["letters"].reason
    assert judge_page(page, view.plan).verdicts["letters"] is Verdict.NOT_APPLICABLE
    assert batch.widths_read() == []


def test_a_file_that_cannot_be_opened_is_not_read(delivery):
    batch = delivery(90)
    (batch.batch / "1.png").write_bytes(b"no picture")
    view = batch.view(plan_of())
    batch.read(view)

    assert batch.widths_read() == [90]


def test_a_file_that_changed_since_it_was_measured_is_said_to_have_changed(delivery):
    batch = delivery(90)
    plan = make_plan()
    view = batch.view(replace(plan_of(), page_checks=(*plan_of().page_checks, _readable(plan))))
    batch.write(0, 93)
    batch.read(view)

    (page,) = view.pages()
    assert page.text("readable", "damage") == "changed"
    assert view.text_of(page) is None


def _readable(plan: Plan) -> PlannedPageCheck:
    return next(planned for planned in plan.page_checks if planned.check.id == "readable")


@pytest.mark.parametrize(
    ("width", "cause"), [(CRASH_WIDTH, "crashed"), (HANG_WIDTH, "timeout"), (RAISE_WIDTH, "exception")]
)
def test_a_reader_that_fails_costs_the_page(delivery, width, cause):
    batch = delivery(90, width, 91)
    view = batch.view(plan_of())
    batch.read(view, executor="process")

    pages = {page.page: page for page in view.pages()}
    bad = pages.pop(PageId(path="1.png"))

    assert (bad.fault.cause, bad.fault.stage.value) == (cause, "read")
    assert bad.checks["letters"].state is State.FAULT
    assert judge_page(bad, view.plan).verdict is Verdict.ERROR
    assert [view.text_of(page).text for page in pages.values()] == ["90", "91"]
    assert batch.widths_read().count(width) == (1 if cause == "exception" else 2)


def test_a_page_on_which_the_reader_failed_is_read_by_the_next_run(delivery):
    batch = delivery(RAISE_WIDTH)
    batch.read(batch.view(plan_of()))
    batch.read(batch.view(plan_of(), known=True))

    assert batch.widths_read() == [RAISE_WIDTH] * 2
