"""Profiles: TOML as written, merged along `extends`, resolved for use.

Three steps, three values: `written.Written` (one file), `merged.Merged` (all files of a lineage laid over
each other) and `resolved.Profile` (checked against the schemas of the checks and ready for use). The
schemas are handed in, so this package knows no check and no layout.
"""

from ybda_qc.profile.explain import PlanRow, explain
from ybda_qc.profile.fragment import Change, write_fragment
from ybda_qc.profile.library import ProfileSummary, list_profiles, profile_text
from ybda_qc.profile.options import (
    AcceptanceOptions,
    BlankOptions,
    EvidenceOptions,
    HandoverOptions,
    NatureOptions,
    OcrOptions,
    PageLimits,
)
from ybda_qc.profile.resolved import CheckPlan, Profile, resolve
from ybda_qc.profile.schemas import CheckSchema, Schemas

__all__ = [
    "AcceptanceOptions",
    "BlankOptions",
    "Change",
    "CheckPlan",
    "CheckSchema",
    "EvidenceOptions",
    "HandoverOptions",
    "NatureOptions",
    "OcrOptions",
    "PageLimits",
    "PlanRow",
    "Profile",
    "ProfileSummary",
    "Schemas",
    "explain",
    "list_profiles",
    "profile_text",
    "resolve",
    "write_fragment",
]
