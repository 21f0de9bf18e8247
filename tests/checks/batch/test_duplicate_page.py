import dataclasses
import functools

import cv2
import numpy as np
import pytest

from tests.checks.batch.memory import ANY, OWN, MemoryView, inspect_batch, limits_of, make_batch, make_page
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck, Method, SameSheet
from ybda_qc.checks.page.blank_page import LITTLE, NOTHING, WRITTEN
from ybda_qc.checks.page.fingerprint import FingerprintCheck
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    CheckResult,
    Compared,
    Finding,
    Measurement,
    NotApplicable,
    Observation,
    PagePair,
    PageResult,
    PairedPage,
    Pairing,
    State,
    Unit,
    Verdict,
)
from ybda_qc.synth import PageSpec, draw_page, write_page

CHECK = DuplicatePageCheck()


def digest(letter: str) -> str:
    return letter * 64


def page(
    path: str, letter: str, frame: int = 1, content: str | None = WRITTEN, mode: str = "bitonal"
) -> PageResult:
    texts = {("colour_mode", "mode"): mode} | ({("blank_page", "content"): content} if content else {})
    return make_page(path, frame, sha256=digest(letter), texts=texts)


SAME = SameSheet(verdict="review", source=OWN, most_difference=0.05, least_similarity=0.8)
PERHAPS = SameSheet(verdict="note", source=OWN, most_difference=0.3, least_similarity=0.8)


def look(*pages: PageResult, pairs: Pairing | None = Pairing()) -> list[Finding]:  # noqa: B008 - frozen
    view = MemoryView(make_batch([], ANY), pages, pairs)
    return inspect_batch(CHECK, view, near_identical=SAME, perhaps_identical=PERHAPS)


def test_different_files_are_sound() -> None:
    assert look(page("1", "a"), page("2", "b")) == []


def test_one_finding_a_group_that_names_all_of_it() -> None:
    found = look(
        page("1", "a"), page("2", "b"), page("3", "a"), page("4", "c"), page("5", "a"), page("6", "c")
    )
    assert [(finding.code, finding.subject, finding.pages, finding.value) for finding in found] == [
        ("identical", "1", ("1#1", "3#1", "5#1"), 3),
        ("identical", "4", ("4#1", "6#1"), 2),
    ]


def test_a_file_of_several_pages_is_one_file() -> None:
    frames = [page("1", "a", frame) for frame in (1, 2, 3)]
    assert look(*frames) == []
    copy = [page("2", "a", frame) for frame in (1, 2, 3)]
    (finding,) = look(*frames, *copy)
    assert finding.pages == ("1#1", "2#1")


def test_blank_bitonal_pages_are_alike_by_nature() -> None:
    (finding,) = look(page("1", "a", content=NOTHING), page("2", "a", content=NOTHING))
    assert finding.code == "identical-blank"


def test_only_pages_that_are_blank_and_bitonal_are_excused() -> None:
    for content, mode in ((NOTHING, "rgb"), (LITTLE, "bitonal"), (None, "bitonal")):
        (finding,) = look(
            page("1", "a", content=content, mode=mode), page("2", "a", content=content, mode=mode)
        )
        assert finding.code == "identical"


def test_a_file_with_one_written_page_is_not_blank() -> None:
    pages = [
        page(path, "a", frame, NOTHING if frame < 3 else WRITTEN) for path in "12" for frame in (1, 2, 3)
    ]
    assert [finding.code for finding in look(*pages)] == ["identical"]


def test_empty_and_unreadable_files_are_not_copies_of_each_other() -> None:
    empty = [make_page(path, sha256=digest("e"), size_bytes=0) for path in "12"]
    unread = [make_page(path, sha256=None) for path in "34"]
    assert look(*empty, *unread) == []


def test_digests_that_begin_alike_are_still_different() -> None:
    one, other = "a" * 64, "a" * 63 + "b"
    assert look(make_page("1", sha256=one), make_page("2", sha256=other)) == []


# --- pairs that were compared -------------------------------------------------------------------------------


def compared(result: CheckResult | None, one: str = "1", other: str = "2") -> Compared:
    pages = (
        PairedPage.of(make_page(name, sha256=digest(letter))) for name, letter in ((one, "a"), (other, "b"))
    )
    first, second = pages
    return Compared(pair=PagePair(one=first, other=second), result=result, picture="evidence/pair.jpg")


def laid(difference: float, similarity: float = 0.95) -> CheckResult:
    measured = (
        Observation(quantity="outcome", text="laid on each other"),
        Measurement(quantity="difference", value=difference, unit=Unit.SCORE),
        Measurement(quantity="similarity", value=similarity, unit=Unit.RATIO),
    )
    return CheckResult(state=State.MEASURED, measured=measured)


def judged(*results: CheckResult | None, passed_over: int = 0) -> list[Finding]:
    pairs = Pairing(compared=tuple(compared(result) for result in results), passed_over=passed_over)
    return look(page("1", "a"), page("2", "b"), pairs=pairs)


def test_a_pair_within_the_limits_is_one_sheet_and_has_a_picture() -> None:
    (finding,) = judged(laid(0.05, 0.8))
    assert (finding.code, finding.subject, finding.pages) == ("near-identical", "2", ("1#1", "2#1"))
    assert finding.evidence == "evidence/pair.jpg"


@pytest.mark.parametrize("result", [laid(0.31), laid(0.0, 0.79)])
def test_a_pair_beyond_a_limit_is_two_sheets(result: CheckResult) -> None:
    assert judged(result) == []


@pytest.mark.parametrize("difference", [0.06, 0.3])
def test_a_pair_between_the_limits_is_perhaps_one_sheet(difference: float) -> None:
    (finding,) = judged(laid(difference))
    assert (finding.code, finding.verdict) == ("perhaps-identical", Verdict.NOTE)
    assert finding.evidence == "evidence/pair.jpg"


def test_pages_that_cannot_be_laid_on_each_other_are_two_sheets() -> None:
    apart = CheckResult(state=State.MEASURED, measured=(Observation(quantity="outcome", text="apart"),))
    assert judged(apart) == []


def test_a_pair_that_could_not_be_compared_is_told_with_the_reason() -> None:
    (finding,) = judged(CheckResult(state=State.FAULT, reason="crashed"), None)
    assert (finding.code, finding.pages, finding.values["count"]) == ("not-compared", ("1#1", "2#1"), 2)
    assert "crashed" in finding.message


def test_a_pair_that_holds_too_little_is_unsure() -> None:
    result = CheckResult(state=State.NOT_APPLICABLE, reason="too little stands on the pages")
    assert [finding.code for finding in judged(result)] == ["unsure"]


def test_pages_passed_over_are_counted() -> None:
    (finding,) = judged(passed_over=7)
    assert (finding.code, finding.values["count"]) == ("passed-over", 7)


def test_a_search_by_other_settings_is_no_search() -> None:
    assert [finding.code for finding in look(page("1", "a"), pairs=None)] == ["not-searched"]


def test_more_than_a_list_holds_are_counted() -> None:
    codes = [finding.code for finding in judged(*[laid(0.0)] * 1002)]
    assert (codes.count("near-identical"), codes[-1]) == (1000, "unlisted")


# --- candidates ---------------------------------------------------------------------------------------------


@functools.cache
def drawn(layout: str, seed: int, angle: float = 0.0) -> np.ndarray:
    spec = PageSpec(layout=layout, seed=seed, dpi=100, angle_degrees=angle, mode="grey")
    return draw_page(spec).pixels


def on_disk(folder, pixels: np.ndarray, dpi: float = 100.0):
    """Pages of nothing but black and white are stored bitonal."""
    bitonal = set(np.unique(pixels)) == {0, 255}
    name, how = ("tif", {"compression": "g4"}) if bitonal else ("png", {})
    return write_page(folder / f"{len(list(folder.iterdir()))}.{name}", pixels, dpi=dpi, **how)


def fingerprinted(folder, name: str, pixels: np.ndarray) -> PageResult:
    with open_source(on_disk(folder, pixels)) as source:
        measured = FingerprintCheck().measure(PageView(source), FingerprintCheck.method())
        result = CheckResult.of(measured, key="")
        sha256 = source.sha256()
    return dataclasses.replace(make_page(name, sha256=sha256), checks={"fingerprint": result})


def test_scans_of_one_sheet_are_candidates_and_other_pages_are_not(tmp_path) -> None:
    pages = [fingerprinted(tmp_path, str(seed), drawn("text", seed)) for seed in range(4)]
    again = fingerprinted(tmp_path, "again", np.ascontiguousarray(drawn("text", 2, 1.5)[::-1, ::-1]))
    found = CHECK.candidates(MemoryView(make_batch([], ANY), (*pages, again)), Method())
    assert [(str(pair.one.page), str(pair.other.page)) for pair in found.pairs] == [("2#1", "again#1")]


def test_identical_files_are_not_compared_again(tmp_path) -> None:
    one = fingerprinted(tmp_path, "1", drawn("text", 0))
    copy = dataclasses.replace(one, page=dataclasses.replace(one.page, path="2"))
    assert CHECK.candidates(MemoryView(make_batch([], ANY), (one, copy)), Method()).pairs == ()


def test_a_batch_without_fingerprints_is_not_searched() -> None:
    with pytest.raises(LookupError):
        CHECK.candidates(MemoryView(make_batch([], ANY), (page("1", "a"),)), Method())


def test_pairs_beyond_the_number_allowed_are_said_to_be_passed_over(tmp_path) -> None:
    pages = [fingerprinted(tmp_path, str(turn), drawn("text", 2, turn / 10)) for turn in range(4)]
    found = CHECK.candidates(MemoryView(make_batch([], ANY), tuple(pages)), Method(pairs=1, pairs_a_page=0))
    assert (len(found.pairs), found.passed_over) == (1, 4)


# --- comparing ----------------------------------------------------------------------------------------------


def compare(folder, one: np.ndarray, other: np.ndarray, dpi: float = 150.0, other_dpi: float = 150.0):
    with (
        open_source(on_disk(folder, one, dpi)) as source,
        open_source(on_disk(folder, other, other_dpi)) as other_source,
    ):
        return CHECK.compare(PageView(source), PageView(other_source))


def is_same(folder, one: np.ndarray, other: np.ndarray, other_dpi: float = 150.0, least=SAME) -> bool:
    result = CheckResult.of(compare(folder, one, other, other_dpi=other_dpi), "")
    return CHECK.alike(result, limits_of(CHECK, near_identical=SAME, perhaps_identical=least))


@functools.cache
def sheet(seed: int = 1, **changed) -> np.ndarray:
    return draw_page(
        PageSpec(**{"layout": "table", "seed": seed, "dpi": 150, "mode": "grey"} | changed)
    ).pixels


def scanned_again(pixels: np.ndarray, angle: float = 1.7) -> np.ndarray:
    """Turned, shifted, darker, softer and noisy."""
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turn[:, 2] += (9, -14)
    moved = cv2.warpAffine(pixels, turn, (width, height), borderValue=245).astype(np.float64)
    soft = cv2.GaussianBlur(moved, (0, 0), 0.7) * 0.85 + 10
    return np.clip(soft + np.random.default_rng(0).normal(0, 4, soft.shape), 0, 255).astype(np.uint8)


def in_a_cell(pixels: np.ndarray, other: bool) -> np.ndarray:
    """A figure of three digits written at the foot of the page."""
    changed = pixels.copy()
    cv2.putText(changed, "527" if other else "318", (300, 1660), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 20, 2)
    return changed


@pytest.mark.parametrize("angle", [0.0, 1.7, -2.6, 180.4])
def test_the_same_sheet_scanned_again_is_one_sheet(tmp_path, angle: float) -> None:
    assert is_same(tmp_path, sheet(), scanned_again(sheet(), angle))


def test_bitonal_and_another_resolution_are_one_sheet(tmp_path) -> None:
    again = cv2.resize(scanned_again(sheet()), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert is_same(tmp_path, sheet(), np.where(again > 150, 255, 0).astype(np.uint8), 300.0)


def test_specks_a_streak_and_a_dark_edge_do_not_matter(tmp_path) -> None:
    again = scanned_again(sheet())
    again[:, 400:402] = 60
    again[:, :25] = 15
    for x, y in np.random.default_rng(3).integers(100, 1100, (30, 2)).tolist():
        cv2.circle(again, (x, y), 1, 40, -1)
    assert is_same(tmp_path, sheet(), again)


def test_another_number_makes_another_page(tmp_path) -> None:
    again = scanned_again(in_a_cell(sheet(), other=False))
    assert is_same(tmp_path, in_a_cell(sheet(), other=False), again)
    assert not is_same(tmp_path, in_a_cell(sheet(), other=True), again)


def test_a_picture_in_another_contrast_is_perhaps_one_sheet(tmp_path) -> None:
    picture = sheet().copy()
    rng = np.random.default_rng(5)
    grain = cv2.GaussianBlur(rng.normal(0, 1, (400, 400)), (0, 0), 6)
    ramp = np.linspace(0, 90, 400) + 40 * np.sign(grain)
    paler, darker = (np.clip(205 - strength * ramp, 0, 255).astype(np.uint8) for strength in (0.7, 1.3))
    picture[1250:1650, 400:800] = paler
    again = sheet().copy()
    again[1250:1650, 400:800] = darker
    assert is_same(tmp_path, picture, scanned_again(again), least=PERHAPS)


@pytest.mark.parametrize("figures", ["3178", "8126"])
def test_one_other_figure_is_no_second_scan_of_the_sheet(tmp_path, figures: str) -> None:
    one, other = sheet(layout="text").copy(), sheet(layout="text").copy()
    for pixels, word in ((one, "3126"), (other, figures)):
        pixels[1600:1640, 380:600] = 245
        cv2.putText(pixels, word, (400, 1630), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 30, 1, cv2.LINE_AA)
    assert not is_same(tmp_path, one, scanned_again(other))


@pytest.mark.parametrize("words", [("Stand", "Grise"), ("1946", "2031")])
def test_a_word_of_small_print_makes_another_page(tmp_path, words) -> None:
    one, other = sheet(layout="text").copy(), sheet(layout="text").copy()
    for pixels, word in ((one, words[0]), (other, words[1])):
        pixels[1600:1640, 380:600] = 245
        cv2.putText(pixels, word, (400, 1630), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 30, 1, cv2.LINE_AA)
    assert is_same(tmp_path, one, scanned_again(one))
    assert not is_same(tmp_path, one, scanned_again(other))


def test_a_stamp_added_later_makes_another_page(tmp_path) -> None:
    stamped = scanned_again(sheet())
    cv2.circle(stamped, (700, 1500), 100, 90, 5)
    assert not is_same(tmp_path, sheet(), stamped)


def test_other_words_in_the_same_layout_make_another_page(tmp_path) -> None:
    assert not is_same(tmp_path, sheet(layout="text", seed=1), sheet(layout="text", seed=2))


def test_pages_with_next_to_nothing_are_not_told_apart(tmp_path) -> None:
    bare = np.full((1754, 1240), 245, np.uint8)
    for x in range(500, 740, 50):
        cv2.putText(bare, "7", (x, 800 + x % 100), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 30, 2)
    measured = compare(tmp_path, bare, scanned_again(bare, 0.4))
    assert isinstance(measured, NotApplicable) or measured[0].text == "apart"


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (40, 40)])
@pytest.mark.parametrize("level", [0, 255])
def test_pages_without_anything_are_compared_without_harm(tmp_path, shape, level) -> None:
    pixels = np.full(shape, level, np.uint8)
    compare(tmp_path, pixels, pixels)
    compare(tmp_path, pixels, sheet())
    compare(tmp_path, sheet(), pixels)
