"""Fingerprint of a page, by which other scans of the same sheet are found."""

from collections.abc import Iterator, Sequence
from typing import Final

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Limits
from ybda_qc.checks._sheets import FINGERPRINT, SPECTRUM
from ybda_qc.imaging.ops.page_spectrum import fingerprint
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, NotApplicable, Observation

_LEAST_INK: Final = 1e-3  # share of the paper: less is dirt, a page number, a stroke
_LEAST_SIDE_PX: Final = 64


class FingerprintCheck(PageCheck):
    """Each page that is not blank has a fingerprint by which another scan of the same sheet is found.

    Why: only pages whose fingerprints are much alike are compared pixel by pixel, so that a batch of any
    size is searched for sheets that were scanned twice (`duplicate_page`). The fingerprint says nothing of
    quality, and no page fails by it. Blank pages have none: they cannot be told apart.

    Remedy: none; see `duplicate_page`.
    """

    id = FINGERPRINT
    title = "Fingerprint"
    version = 3
    needs = Needs.PIXELS
    method = Method
    codes = ()

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Spectrum of the ink, straightened where the skew is known, in hexadecimal."""
        if min(view.grey.pixels.shape) < _LEAST_SIDE_PX:
            return NotApplicable(reason="the page is too small")
        ink = view.ink
        if ink.count < _LEAST_INK * max(1, ink.area):
            return NotApplicable(reason="next to nothing is written on the page")
        skew = view.skew
        angle = skew.angle_degrees if skew is not None and skew.is_sure else 0.0
        return (Observation(quantity=SPECTRUM, text=fingerprint(ink.mask, angle)),)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Nothing: no page is good or bad by its fingerprint."""
        yield from ()
