"""The results arranged by the four natures 四性 of DA/T 70-2018, and image parameters beside them."""

from dataclasses import dataclass

from ybda_qc.model import CheckCard, Summary
from ybda_qc.report.translate import mark as _

TITLES: dict[str, str] = {
    "authenticity": _("Authenticity 真实性"),
    "integrity": _("Integrity 完整性"),
    "usability": _("Usability 可用性"),
    "security": _("Security 安全性"),
    "image_parameters": _("Image parameters 图像技术参数"),
    "": _("Other checks"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """One of the natures: its title, and card and number of findings of each planned check under it."""

    title: str
    checks: tuple[tuple[CheckCard, int], ...]

    @property
    def findings(self) -> int:
        """Number of findings of all its checks."""
        return sum(count for _, count in self.checks)


def natures_of(summary: Summary) -> tuple[Nature, ...]:
    """The planned checks by nature, as the profile arranges them; what it does not name stands last."""
    if not summary.natures:
        return ()
    planned = [*summary.run.page_checks, *summary.run.batch_checks]
    named = {check for checks in summary.natures.values() for check in checks}
    arranged = {**summary.natures, "": tuple(check for check in planned if check not in named)}
    counts = summary.totals.findings_by_check
    natures = (
        Nature(
            title=TITLES[nature],
            checks=tuple(
                (summary.cards[check], counts.get(check, 0))
                for check in checks
                if check in planned and check in summary.cards
            ),
        )
        for nature, checks in arranged.items()
    )
    return tuple(nature for nature in natures if nature.checks)
