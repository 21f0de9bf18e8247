from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.checks.batch.memory import ANY, NATIONAL, OWN, inspect_batch, make_batch, summary
from ybda_qc.checks._limits import Flag
from ybda_qc.checks._listing import spans, write_spans
from ybda_qc.checks.batch.sequence import SequenceCheck
from ybda_qc.model import Finding

CODE = "A1-WS·2022-Y-0001"
CHECK = SequenceCheck()


def pages(*numbers: int, folder: str = CODE, width: int = 4, ending: str = "jpg") -> list[str]:
    return [f"{folder}/{number:0{width}d}.{ending}" for number in numbers]


def look(paths: list[str], **method: object) -> list[Finding]:
    return inspect_batch(CHECK, make_batch(paths, NATIONAL), method)


def look_anywhere(paths: list[str]) -> list[Finding]:
    return inspect_batch(CHECK, make_batch(paths, ANY))


def test_a_full_sequence_is_sound() -> None:
    assert look(pages(*range(1, 13))) == []


def test_one_missing_page_is_one_gap_of_its_item() -> None:
    (finding,) = look([*pages(*range(1, 7), *range(8, 13)), *pages(1, 2, folder="A1-WS·2022-Y-0002")])
    assert (finding.code, finding.subject) == ("gap", CODE)
    assert finding.values["numbers"] == "7"
    assert finding.value == 1
    assert finding.pages == (f"{CODE}/0006.jpg#1", f"{CODE}/0008.jpg#1")


def test_missing_pages_are_written_compactly() -> None:
    (finding,) = look(pages(1, 2, 3, 4, 5, 6, 8, 12))
    assert finding.values["numbers"] == "7, 9-11"
    assert finding.value == 4


def test_each_item_has_one_finding() -> None:
    paths = [*pages(1, 3, 5), *pages(1, 3, folder="A1-WS·2022-Y-0002")]
    assert summary(look(paths)) == [("gap", CODE), ("gap", "A1-WS·2022-Y-0002")]


def test_a_gap_of_a_billion_pages_costs_nothing() -> None:
    (finding,) = look_anywhere([f"a/{n:05d}.jpg" for n in range(1, 60) if n != 30])
    assert finding.values["numbers"] == "30"
    (finding,) = look(pages(1, 9999))
    assert finding.values["numbers"] == "2-9998"


def test_a_repeat_names_all_files_of_that_number() -> None:
    paths = ["0001.jpg", "0001.tif", "002.jpg", "0002.jpg", "0003.jpg"]
    (finding,) = [f for f in look([f"{CODE}/{name}" for name in paths]) if f.code != "width"]
    assert (finding.code, finding.subject) == ("repeat", CODE)
    assert finding.values["numbers"] == "1-2"
    assert finding.pages == tuple(
        f"{CODE}/{name}#1" for name in ["0001.jpg", "0001.tif", "0002.jpg", "002.jpg"]
    )


def test_the_same_code_in_two_folders_is_one_sequence() -> None:
    assert summary(look([*pages(1, 2), *pages(2, 3, folder=f"more/{CODE}")])) == [("repeat", CODE)]


def test_a_sequence_starts_where_the_profile_says() -> None:
    (finding,) = look(pages(2, 3))
    assert (finding.code, finding.values["lowest"], finding.values["first"]) == ("start", 2, 1)
    assert [finding.code for finding in look(pages(0, 1, 2))] == ["start"]
    assert look(pages(0, 1, 2), first=0) == []
    assert [finding.code for finding in look(pages(1, 2), first=0)] == ["start"]


def test_widths_matter_where_they_change_the_order_of_names() -> None:
    long = [f"{CODE}/{n:03d}.jpg" for n in range(1, 1000)] + [f"{CODE}/1000.jpg"]
    assert summary(look(long)) == [("width", CODE)]
    assert look([f"{CODE}/001.jpg", f"{CODE}/0002.jpg"])[0].code == "width"
    assert look([f"{CODE}/0001.jpg", f"{CODE}/002.jpg"]) == []


def test_a_page_under_an_odd_name_is_not_also_called_missing() -> None:
    assert look([*pages(1, 3), f"{CODE}/IMG_0002.jpg"]) == []
    assert look([*pages(2, 3), f"{CODE}/IMG_0001.jpg"]) == []
    # but such a name proves neither a repeat nor a longer item
    assert look([*pages(1, 2), f"{CODE}/IMG_0002.jpg", f"{CODE}/IMG_0099.jpg"]) == []
    assert [finding.code for finding in look([*pages(1, 3), f"{CODE}/2.jpg"])] == ["gap"]


def test_one_file_for_the_whole_item_has_no_numbers() -> None:
    assert look([f"{CODE}.pdf"]) == []


def test_names_without_numbers_say_nothing() -> None:
    assert look_anywhere(["a/cover.jpg", "a/back.jpg"]) == []


def test_free_names_are_sequences_only_if_they_look_like_it() -> None:
    assert summary(look_anywhere(["a/p1.jpg", "a/p2.jpg", "a/p4.jpg"])) == [("gap", "a")]
    assert look_anywhere(["a/report1998.jpg", "a/report2019.jpg"]) == []  # years
    assert look_anywhere(["a/scan20240101.jpg", "a/scan20240103.jpg"]) == []  # dates
    assert look_anywhere(["a/letter7.jpg"]) == []
    assert look_anywhere(["a/a1.jpg", "a/b1.jpg", "a/b2.jpg"]) == []
    assert summary(look_anywhere(["a/1.jpg", "a/001.jpg"])) == [("repeat", "a")]
    assert summary(look_anywhere(["a/7.jpg", "a/8.jpg"])) == [("start", "a")]


def test_what_the_profile_turns_off_is_not_said() -> None:
    off = Flag(verdict="off", source=OWN)
    batch = make_batch(pages(2, 4), NATIONAL)
    assert inspect_batch(CHECK, batch, gap=off, start=off) == []


numbers = st.sets(st.integers(1, 999), min_size=1, max_size=40)


@given(numbers)
def test_present_and_missing_make_the_whole(present: set[int]) -> None:
    found = {finding.code: finding for finding in look(pages(*present))}
    highest, lowest = max(present), min(present)
    missing = set(range(lowest, highest + 1)) - present
    assert ("gap" in found) == bool(missing)
    if missing:
        assert found["gap"].value == len(missing)
        assert found["gap"].values["numbers"] == write_spans(spans(missing))
    assert ("start" in found) == (lowest != 1)
    assert "repeat" not in found


@given(numbers, st.data())
def test_taking_a_page_out_of_the_middle_adds_one_to_the_gap(present: set[int], data: st.DataObject) -> None:
    if len(present) < 3:
        return
    middle = data.draw(st.sampled_from(sorted(present)[1:-1]))

    def missing(kept: set[int]) -> float:
        return sum(finding.value or 0 for finding in look(pages(*kept)) if finding.code == "gap")

    assert missing(present - {middle}) == missing(present) + 1


@given(numbers, st.data())
def test_a_second_file_of_a_number_is_a_repeat_and_nothing_else(
    present: set[int], data: st.DataObject
) -> None:
    twice = data.draw(st.sets(st.sampled_from(sorted(present)), min_size=1))
    before = look(pages(*present))
    after = look([*pages(*present), *pages(*twice, ending="tif")])
    assert [f.message for f in after if f.code != "repeat"] == [f.message for f in before]
    (repeat,) = [finding for finding in after if finding.code == "repeat"]
    assert repeat.value == len(twice)
    assert len(repeat.pages) == 2 * len(twice)


@given(st.sets(st.integers(0, 10**9)))
def test_spans_hold_exactly_the_numbers(some: set[int]) -> None:
    runs = spans(some)
    assert sum(last - first + 1 for first, last in runs) == len(some)
    assert all(first <= last for first, last in runs)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(runs))


def test_long_lists_of_numbers_are_cut_off() -> None:
    text = write_spans(spans(range(1, 2001, 2)))
    assert text.startswith("1, 3, 5")
    assert text.endswith("…")
    assert len(text) < 300
