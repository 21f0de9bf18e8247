"""Active content 活动内容 of PDF files: scripts, launch actions, attachments."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, NotApplicable, Observation


class ToleratedKinds(Flag):
    """The kinds of active content that are no defect."""

    tolerated: tuple[str, ...] = Field(
        description="of javascript, launch, embedded-file, open-action, rich-media, uri and the like"
    )


class ActiveContentCheck(PageCheck):
    """No PDF file carries scripts, programs to launch, attachments or other active content.

    Why: a scanned page has no use for them; whoever opens the file may run them, and an attachment brings in
    what nobody has checked. A page that changes when it is opened is no faithful copy.

    Remedy: ask where the content comes from and have the file checked for viruses before anyone opens
    it. Then make the PDF again from the page images; printing it to PDF is not enough.
    """

    id = "active_content"
    title = "Active content"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="found",
            title="scripts or attachments in a PDF",
            template="the PDF file carries {kinds}",
            limits=ToleratedKinds,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """One observation ``kind`` for each kind found; not applicable to formats that cannot hold any."""
        header = view.header
        if header.format != "PDF":
            return NotApplicable(reason="only PDF files can carry active content")
        return [Observation(quantity="kind", text=kind) for kind in sorted(set(header.active_content))]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Report the kinds that are not tolerated, together."""
        tolerated = limits["found"].tolerated
        kinds = [kind for kind in result.texts("kind") if kind not in tolerated]
        if kinds:
            yield from limits.flag("found", kinds=", ".join(kinds))
