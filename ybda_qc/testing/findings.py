"""Statements about findings; they name the defect by its key and never by its English sentence."""

from collections.abc import Iterable

from ybda_qc.model import Finding, Verdict


def assert_finding(findings: Iterable[Finding], key: str, *, verdict: Verdict | str | None = None) -> Finding:
    """State that exactly one finding has this key, and return it.

    Parameters
    ----------
    findings
        What a check found.
    key
        ``check/code``, for example ``skew/over-limit``.
    verdict
        The weight it must have; a word such as ``"review"`` will do. None leaves it open.

    Raises
    ------
    AssertionError
        There is none, there are several, or it weighs otherwise; the message lists what was found.
    """
    findings = tuple(findings)
    matching = [finding for finding in findings if finding.key == key]
    if len(matching) != 1:
        raise AssertionError(f"expected one finding {key}, got {len(matching)} among {_listed(findings)}")
    found = matching[0]
    wanted = Verdict.from_word(verdict) if isinstance(verdict, str) else verdict
    if wanted is not None and found.verdict is not wanted:
        raise AssertionError(f"{key} is {found.verdict.word}, expected {wanted.word}: {found.message}")
    return found


def assert_no_finding(findings: Iterable[Finding], key: str | None = None) -> None:
    """State that no finding has this key; without a key, that there is no finding at all.

    Raises
    ------
    AssertionError
        There is one; the message lists what was found.
    """
    findings = tuple(findings)
    matching = [finding for finding in findings if key is None or finding.key == key]
    if matching:
        raise AssertionError(f"expected no finding{f' {key}' if key else ''}, got {_listed(findings)}")


def _listed(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "no findings"
    return "; ".join(f"{finding.key} ({finding.verdict.word}): {finding.message}" for finding in findings)
