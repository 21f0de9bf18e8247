"""Pages that stand out from the others of their item 件: size, brightness, tint, contrast, colour."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ybda_qc.checks._base import BatchCheck, BatchView, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._copies import copy_of_files
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.checks._listing import LISTED, UNLISTED, listed
from ybda_qc.checks._requires import require_looked_at
from ybda_qc.model import Batch, Finding, PageResult, Scalar, Unit

Numbers = NDArray[np.float64]
_Key = tuple[str | None, str]  # item and copy

_MAD_TO_SIGMA: Final = 1.4826  # of normal noise
# The least standard deviation assumed: among pages alike to the last level every other one would stand out.
_BRIGHTNESS_FLOOR: Final = 4.0  # levels
_TINT_FLOOR: Final = 1.2  # CIE a*, b*
_CONTRAST_FLOOR: Final = 0.04
_SIZE_FLOOR: Final = 0.02  # of a side
_DPI_FLOOR: Final = 0.002  # of the resolution
_COLOURLESS: Final = frozenset({"bitonal", "grey", "grey-alpha"})
_ONE_BY_ONE: Final = 5  # grey pages of an item; more of them are one finding
_UNKNOWN, _GREY, _PLAIN, _COLOURED = range(4)


_READ: Final = ("blank_page", "colour_mode", "exposure", "paper_size", "resolution", "true_colour")
_SIZES: Final = "{width:.0f} x {height:.0f} mm; usual in the item: {usual_width:.0f} x {usual_height:.0f} mm"


class Method(BaseMethod):
    """When the pages of an item are enough alike for one of them to stand out."""

    least_pages: int = Field(default=4, ge=3, description="pages from which an item is looked at")
    least_deviations: float = Field(
        default=5.0, gt=0, description="robust standard deviations by which a page stands out"
    )
    most_share: float = Field(
        default=0.2, gt=0, lt=0.5, description="share of the pages that may stand out; more are another kind"
    )
    covers: int = Field(default=1, ge=0, description="pages at either end of an item that may be covers")
    colour_share: float = Field(
        default=0.7, gt=0.5, lt=1, description="share of colour pages from which a grey one is suspected"
    )
    coloured_share: float = Field(
        default=0.1, gt=0, lt=1, description="share of the colour pages that hold coloured content, at least"
    )


class PageOutlierCheck(BatchCheck):
    """The pages of an item 件 are scanned alike: none stands out from the others without a reason.

    Why: a page of other brightness, tint, contrast or resolution than its neighbours was often scanned with
    other settings, on another machine, or again later. A grey page among colour pages with red seals 公章
    or letterheads has perhaps lost its colour, which no check of the page alone can tell. Covers, fold-outs
    and sheets of other paper stand out, too, and are sound.

    Remedy: look at the page beside its neighbours and at the original. Scan it again with the settings of
    the others if the original is not different.
    """

    id = "page_outlier"
    title = "Page outlier"
    version = 2
    method = Method
    reads = _READ
    codes = (
        Code(
            name="other-size",
            title="page of another size",
            template=_SIZES,
            limits=Above,
        ),
        Code(
            name="other-brightness",
            title="page of another brightness",
            template="the paper is level {level:.0f} of 255; usual in the item: {usual:.0f}",
            limits=Above,
        ),
        Code(
            name="other-tint",
            title="page of another tint",
            template="the tint of the paper is {value:.1f} from the usual one of the item (CIE a*, b*)",
            limits=Above,
        ),
        Code(
            name="other-contrast",
            title="page of less contrast",
            template="contrast {level:.2f}; usual in the item: {usual:.2f}",
            limits=Above,
        ),
        Code(
            name="other-resolution",
            title="page of another resolution",
            template="resolution {level:g} dpi; usual in the item: {usual:g} dpi",
            limits=Above,
        ),
        Code(
            name="colour-lost",
            title="colour perhaps lost",
            template=(
                "no colour, but {coloured} of the {others} colour pages of the item hold coloured content: "
                "a colour page scanned grey?"
            ),
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:
        """Item by item, in one pass over the pages; of each page a few numbers are kept.

        Raises
        ------
        LookupError
            If there are pages and none of the checks that are read looked at any of them.
        """
        require_looked_at(view, *_READ)
        return listed(self._findings(view, method, limits), limits)

    @staticmethod
    def _findings(view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:
        for item, pages in _items(view):
            if len(pages.names) >= method.least_pages:
                yield from _Item(code=item, pages=pages, method=method, limits=limits).findings()


def _items(view: BatchView) -> Iterator[tuple[str, "_Pages"]]:
    """The items of each copy one after the other; those whose files lie between others' wait for the end."""
    split = _split_items(view.batch)
    copies = copy_of_files(view.batch)
    waiting: dict[_Key, _Pages] = {}
    for key, pages in groupby(view.pages(), key=lambda page: (page.item, copies.get(page.page.path, ""))):
        item, _ = key
        if item is None:
            continue
        group = waiting.setdefault(key, _Pages()) if key in split else _Pages()
        for page in pages:
            group.add(page)
        if key not in split:
            yield item, group
    for (item, _), group in waiting.items():
        yield item or "", group


def _split_items(batch: Batch) -> set[_Key]:
    """Items whose files do not follow each other, as may be where all lie in one folder."""
    seen: set[_Key] = set()
    split: set[_Key] = set()
    for key, _ in groupby((file.item, file.copy) for file in batch.files):
        (split if key in seen else seen).add(key)
    return split


@dataclass(slots=True)
class _Pages:
    """What is kept of the pages of an item: nine numbers a page."""

    names: list[str] = field(default_factory=list)
    level: "array[float]" = field(default_factory=lambda: array("d"))
    contrast: "array[float]" = field(default_factory=lambda: array("d"))
    tint: "array[float]" = field(default_factory=lambda: array("d"))  # a*, b*, a*, b*, ...
    size: "array[float]" = field(default_factory=lambda: array("d"))  # width, height, ... in mm
    dpi: "array[float]" = field(default_factory=lambda: array("d"))
    colour: "array[int]" = field(default_factory=lambda: array("b"))

    def add(self, page: PageResult) -> None:
        self.names.append(str(page.page))
        self.level.append(_number(page, "exposure", "paper_level"))
        self.contrast.append(_number(page, "exposure", "contrast"))
        self.tint.extend(_number(page, "true_colour", quantity) for quantity in ("paper_a", "paper_b"))
        self.size.extend(_number(page, "paper_size", quantity) for quantity in ("width_mm", "height_mm"))
        self.dpi.append(_number(page, "resolution", "resolution_x"))
        self.colour.append(_colour(page))


def _number(page: PageResult, check: str, quantity: str) -> float:
    """A measured number; NaN where there is none, or none to rely on."""
    result = page.checks.get(check)
    measured = result.number(quantity) if result else None
    return measured.value if measured and measured.confidence > 0 else float("nan")


def _colour(page: PageResult) -> int:
    """What the page has of colour; unknown for blank pages, which had none to lose."""
    mode = page.text("colour_mode", "mode")
    if mode is None or page.text("blank_page", "content") in (None, "nothing"):
        return _UNKNOWN
    if mode in _COLOURLESS or page.text("true_colour", "content") in _COLOURLESS:
        return _GREY
    content = page.text("true_colour", "colour_content")
    if content is None:
        return _UNKNOWN
    return _PLAIN if content == "none" else _COLOURED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    code: str
    pages: _Pages
    method: Method
    limits: Limits

    def findings(self) -> Iterator[Finding]:
        yield from self._sizes()
        yield from self._levels()
        yield from self._tints()
        yield from self._contrasts()
        yield from self._resolutions()
        yield from self._lost_colour()

    def _sizes(self) -> Iterator[Finding]:
        sides = np.frombuffer(self.pages.size).reshape(-1, 2)
        usual, away = self._compare(np.log(np.maximum(np.sort(sides, axis=1), 0.1)), _SIZE_FLOOR)
        short, long = np.exp(usual)
        for index in self._outliers(away, _SIZE_FLOOR):
            width, height = sides[index].tolist()
            wide, high = (short, long) if width <= height else (long, short)
            yield from self._grade(
                "other-size",
                index,
                float(np.expm1(away[index])),
                Unit.RATIO,
                width=width,
                height=height,
                usual_width=float(wide),
                usual_height=float(high),
            )

    def _levels(self) -> Iterator[Finding]:
        levels = np.frombuffer(self.pages.level)
        usual, away = self._compare(levels[:, None], _BRIGHTNESS_FLOOR)
        for index in self._outliers(away, _BRIGHTNESS_FLOOR):
            level, median = round(float(levels[index])), round(float(usual[0]))
            values = {"level": level, "usual": median}
            away_by = float(abs(level - median))
            yield from self._grade("other-brightness", index, away_by, Unit.LEVEL, **values)

    def _tints(self) -> Iterator[Finding]:
        _, away = self._compare(np.frombuffer(self.pages.tint).reshape(-1, 2), _TINT_FLOOR)
        for index in self._outliers(away, _TINT_FLOOR):
            yield from self._grade("other-tint", index, round(float(away[index]), 1), Unit.SCORE)

    def _contrasts(self) -> Iterator[Finding]:
        contrasts = np.frombuffer(self.pages.contrast)
        usual, away = self._compare(contrasts[:, None], _CONTRAST_FLOOR)
        away = np.where(contrasts < usual[0], away, 0)  # more contrast is no fault
        for index in self._outliers(away, _CONTRAST_FLOOR):
            level, median = round(float(contrasts[index]), 2), round(float(usual[0]), 2)
            values = {"level": level, "usual": median}
            away_by = round(median - level, 2)
            yield from self._grade("other-contrast", index, away_by, Unit.RATIO, **values)

    def _resolutions(self) -> Iterator[Finding]:
        dpi = np.frombuffer(self.pages.dpi)
        usual, away = self._compare(np.log(np.maximum(dpi, 0.1))[:, None], _DPI_FLOOR)
        for index in self._outliers(away, _DPI_FLOOR, covers=0):
            values = {"level": round(float(dpi[index]), 1), "usual": round(float(np.exp(usual[0])), 1)}
            yield from self._grade(
                "other-resolution", index, float(np.expm1(away[index])), Unit.RATIO, **values
            )

    def _lost_colour(self) -> Iterator[Finding]:
        colour = np.frombuffer(self.pages.colour, np.int8)
        grey = np.flatnonzero(colour == _GREY)
        coloured = int(np.count_nonzero(colour == _COLOURED))
        others = coloured + int(np.count_nonzero(colour == _PLAIN))
        known = others + grey.size
        if known < self.method.least_pages or not grey.size or others < self.method.colour_share * known:
            return
        if coloured < max(1.0, self.method.coloured_share * others):
            return
        names = [self.pages.names[index] for index in grey.tolist()]
        apart = [[name] for name in names] if len(names) <= _ONE_BY_ONE else [names[:LISTED]]
        for pages in apart:
            found = self.limits.flag("colour-lost", coloured=coloured, others=others)
            yield from about(found, self.code, pages)

    def _compare(self, values: Numbers, floor: float) -> tuple[Numbers, Numbers]:
        """The median of each column, and how far each page is from it; 0 where too few pages are known.

        A page counts as far only beyond so many robust standard deviations (median absolute deviation;
        Rousseeuw and Croux, "Alternatives to the median absolute deviation", JASA 1993).
        """
        known = ~np.isnan(values).any(axis=1)
        if np.count_nonzero(known) < self.method.least_pages:
            return np.zeros(values.shape[1]), np.zeros(len(values))
        usual = np.median(values[known], axis=0)
        away = np.where(known, np.linalg.norm(np.nan_to_num(values - usual), axis=1), 0)
        sigma = max(floor, _MAD_TO_SIGMA * float(np.median(away[known])))
        return usual, np.where(away > self.method.least_deviations * sigma, away, 0)

    def _outliers(self, away: Numbers, floor: float, *, covers: int | None = None) -> list[int]:
        """Pages that stand out, covers apart; none where so many do that they are another kind of page."""
        out = np.flatnonzero(away > floor)
        if out.size > max(1, int(self.method.most_share * len(away))):
            return []
        margin = self.method.covers if covers is None else covers
        return [index for index in out.tolist() if margin <= index < len(away) - margin]

    def _grade(self, code: str, index: int, value: float, unit: Unit, **values: Scalar) -> Iterator[Finding]:
        found = self.limits.grade(code, round(value, 4), unit=unit, boxes=(), **values)
        return about(found, self.code, [self.pages.names[index]])
