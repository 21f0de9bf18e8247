"""Whether a page can be read at all: every pixel is decoded."""

from collections.abc import Iterator, Sequence
from typing import Final

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Observation

_ODDITY: Final = "oddity"
_UNVERIFIED: Final = "unverified"
_DAMAGE: Final = (
    Code(
        name="unreadable", title="unreadable files", template="the file cannot be read: {detail}", limits=Flag
    ),
    Code(
        name="truncated",
        title="incomplete files",
        template="the file ends before the page is complete: {detail}",
        limits=Flag,
    ),
    Code(name="empty", title="empty files", template="the file is empty", limits=Flag),
    Code(
        name="encrypted",
        title="files with a password",
        template="the file cannot be opened without a password",
        limits=Flag,
    ),
    Code(
        name="unsupported",
        title="files of a kind that is not decoded",
        template="the file is of a kind that is not decoded here: {detail}",
        limits=Flag,
    ),
    Code(
        name="too-large",
        title="pages too large to examine",
        template="the page is larger than the limits of the run allow: {detail}",
        limits=Flag,
    ),
    Code(
        name="timeout",
        title="pages that took too long to read",
        template="reading the page took longer than the limits of the run allow",
        limits=Flag,
    ),
    Code(
        name="crashed",
        title="files on which the decoder crashed",
        template="the decoder crashed on this page twice",
        limits=Flag,
    ),
    Code(
        name="vanished",
        title="files that vanished during the run",
        template="the file was gone when it was to be read",
        limits=Flag,
    ),
    Code(
        name="changed",
        title="files that changed during the run",
        template="the file was changed while it was read",
        limits=Flag,
    ),
)
DAMAGE_KINDS: Final = frozenset(code.name for code in _DAMAGE)
"""Every kind that `damage` knows; each is a finding code of ``readable``."""


def damage(kind: str, detail: str = "") -> tuple[Observation, ...]:
    """Make the observations of a page whose pixels cannot be had.

    Parameters
    ----------
    kind
        One of `DAMAGE_KINDS`: the kind of an `ImageFault`, or ``timeout`` or ``crashed`` from the engine.
    detail
        One short English sentence without a path.

    Raises
    ------
    ValueError
        The kind is unknown: it would be a page without a verdict.
    """
    if kind not in DAMAGE_KINDS:
        raise ValueError(f"readable knows no damage {kind!r}")
    return (Observation(quantity="damage", text=kind), Observation(quantity="detail", text=detail))


class ReadableCheck(PageCheck):
    """Every page opens and all of its pixels can be decoded, with nothing missing and nothing invented.

    Why: many viewers fill what is damaged or missing with grey and say nothing; the loss is then found years
    later, when the original has gone back to the store or is gone. DA/T 31-2017 has every image opened before
    acceptance.

    Remedy: copy the file again from the scan station and compare its size and checksum. If it is
    damaged there too, scan the page again. Remove passwords before delivery. Files that vanished or
    changed during the run are measured when the batch is at rest and the command is run again.
    """

    id = "readable"
    title = "Readable"
    version = 1
    needs = Needs.FILE
    method = Method
    codes = (
        *_DAMAGE,
        Code(
            name=_UNVERIFIED,
            title="pages whose soundness could not be verified",
            template="the page was decoded, but damage would not have been noticed: {oddities}",
            limits=Flag,
        ),
        Code(
            name=_ODDITY,
            title="sound pages in odd files",
            template="the page is complete, but its file is not quite sound: {oddities}",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """Decode the page.

        Returns
        -------
        observations
            ``damage`` (the kind) and ``detail`` of a page that cannot be decoded; ``decoded`` (``yes``)
            and one ``warning`` for each oddity that was tolerated of a sound one; ``unverified`` where the
            decoder would not have noticed damage.

        Raises
        ------
        MemoryError
            Passed through: whether the page is too large is for the engine to find out.
        """
        try:
            _ = view.pixels
        except ImageFault as fault:
            return damage(fault.kind, fault.detail)
        warnings = (Observation(quantity="warning", text=text) for text in view.decode_warnings)
        unverified = () if view.is_verified else (Observation(quantity=_UNVERIFIED, text="yes"),)
        return (Observation(quantity="decoded", text="yes"), *warnings, *unverified)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """One finding: the damage, or the oddities of a sound page together."""
        kind = result.text("damage")
        if kind is not None:
            yield from limits.flag(kind, detail=result.text("detail") or "")
            return
        warnings = result.texts("warning")
        if result.text(_UNVERIFIED) is not None:
            yield from limits.flag(_UNVERIFIED, oddities=" ".join(warnings))
        elif warnings:
            yield from limits.flag(_ODDITY, oddities=" ".join(warnings))
