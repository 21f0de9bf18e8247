"""Declared blanks that fit no page."""

from tests.checks.batch.memory import ANY, OWN, MemoryView, inspect_batch, make_batch
from ybda_qc.checks._limits import Flag
from ybda_qc.checks._listing import WHOLE_BATCH
from ybda_qc.checks.batch.declared_blank import DeclaredBlankCheck

CHECK = DeclaredBlankCheck()
BATCH = make_batch(["a/1.jpg"], ANY)


def test_declarations_that_all_fit_are_nothing_to_tell() -> None:
    assert inspect_batch(CHECK, BATCH) == []


def test_one_finding_names_all_that_fit_no_page() -> None:
    (finding,) = inspect_batch(CHECK, MemoryView(BATCH, unmatched=("a/2.jpg", "b/*{odd}")))

    assert (finding.code, finding.subject, finding.value) == ("no-such-page", WHOLE_BATCH, 2)
    assert finding.message.endswith("(2): a/2.jpg, b/*{odd}")


def test_a_list_for_another_batch_is_cut_off_but_counted() -> None:
    (finding,) = inspect_batch(CHECK, MemoryView(BATCH, unmatched=tuple(f"z/{n:05}" for n in range(9999))))

    assert finding.value == 9999
    assert finding.message.endswith("z/00039, …")
    assert len(finding.message) < 500


def test_what_cannot_be_printed_does_not_break_the_line() -> None:
    (finding,) = inspect_batch(CHECK, MemoryView(BATCH, unmatched=("a\n/\x1b[2J2.jpg",)))

    assert finding.message.endswith("(1): a\ufffd/\ufffd[2J2.jpg")


def test_it_may_be_switched_off() -> None:
    view = MemoryView(BATCH, unmatched=("a/2.jpg",))

    assert inspect_batch(CHECK, view, no_such_page=Flag(verdict="off", source=OWN)) == []
