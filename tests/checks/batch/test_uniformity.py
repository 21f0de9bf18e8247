import pytest

from tests.checks.batch.memory import ANY, MemoryView, inspect_batch, make_batch, make_page
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks.batch.uniformity import UniformityCheck
from ybda_qc.model import Finding, PageResult

CHECK = UniformityCheck()


def page(
    path: str, form: str | None = "JPEG", dpi: tuple[float, float] | None = (300.0, 300.0), mode: str = "rgb"
) -> PageResult:
    numbers = {("resolution", "resolution_x"): dpi[0], ("resolution", "resolution_y"): dpi[1]} if dpi else {}
    texts = {("file_format", "format"): form, ("colour_mode", "mode"): mode} if form else {}
    return make_page(path, numbers=numbers, texts=texts)


def look(*pages: PageResult) -> list[Finding]:
    return inspect_batch(CHECK, MemoryView(make_batch([], ANY), pages))


def test_a_uniform_batch_is_sound() -> None:
    assert look(page("1"), page("2"), page("3")) == []
    assert look() == []


@pytest.mark.parametrize(
    ("other", "code", "usual"),
    [
        (page("2", form="TIFF"), "mixed-format", "JPEG"),
        (page("2", dpi=(200.0, 200.0)), "mixed-dpi", "300"),
        (page("2", dpi=(300.0, 200.0)), "mixed-dpi", "300"),
        (page("2", mode="bitonal"), "mixed-colour", "rgb"),
    ],
)
def test_the_smaller_part_is_named(other: PageResult, code: str, usual: str) -> None:
    (finding,) = look(page("1"), other, page("3"))
    assert (finding.code, finding.subject, finding.values["usual"]) == (code, WHOLE_BATCH, usual)
    assert finding.pages == ("2#1",)
    assert finding.value == 1


def test_resolutions_that_differ_only_by_rounding_are_one() -> None:
    assert look(page("1"), page("2", dpi=(299.72, 300.0)), page("3", dpi=(300.2, 300.49))) == []


def test_pages_that_declare_nothing_do_not_count() -> None:
    assert look(page("1"), page("2", dpi=None), page("3", form=None)) == []


def test_of_two_equal_parts_the_answer_does_not_depend_on_order() -> None:
    (one,) = look(page("1", form="TIFF"), page("2"))
    (other,) = look(page("1"), page("2", form="TIFF"))
    assert one.values["usual"] == other.values["usual"]


@pytest.mark.parametrize("usual_first", [True, False])
def test_the_first_thousand_pages_of_the_smaller_part_are_listed(usual_first: bool) -> None:
    small = [page(f"a{n:05d}", form="PNG" if n % 3 else "BMP") for n in range(2 * LISTED)]
    large = [page(f"b{n:05d}") for n in range(3 * LISTED)]
    (finding,) = look(*(large + small if usual_first else small + large))
    assert finding.value == 2 * LISTED
    assert finding.pages == tuple(f"a{n:05d}#1" for n in range(LISTED))


def test_many_values_make_a_short_message() -> None:
    (finding,) = look(*(page(str(n), dpi=(100.0 + n, 100.0 + n)) for n in range(500)))
    assert len(finding.message) < 300
    assert finding.value == 499
