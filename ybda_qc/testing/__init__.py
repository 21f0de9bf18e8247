"""Shipped helpers for authors of checks: run one check on one page, and state what it must find.

>>> result, findings = run_check(ResolutionCheck, path, below_minimum={"fail": 199.5})  # doctest: +SKIP
>>> assert_finding(findings, "resolution/below-minimum", verdict="fail")  # doctest: +SKIP
"""

from ybda_qc.testing.checks import judge, limits_of, run_check
from ybda_qc.testing.findings import assert_finding, assert_no_finding

__all__ = ["assert_finding", "assert_no_finding", "judge", "limits_of", "run_check"]
