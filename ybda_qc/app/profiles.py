"""Profiles as the product knows them: with the registered checks and the layout of `intake`."""

from dataclasses import dataclass
from pathlib import Path

from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.catalogue.options import CatalogueOptions
from ybda_qc.checks._base import BatchCheck, Check, PageCheck
from ybda_qc.checks._registry import load_checks
from ybda_qc.engine.plan import Plan, make_plan
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.profile import CheckSchema, Profile, Schemas, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """All checks that are installed, those of plug-ins too."""

    page_checks: tuple[type[PageCheck], ...]
    batch_checks: tuple[type[BatchCheck], ...]

    @property
    def all(self) -> tuple[type[Check], ...]:
        """Page checks, then batch checks."""
        return (*self.page_checks, *self.batch_checks)


def registered_checks() -> Registered:
    """The installed checks.

    Raises
    ------
    UsageError
        If a plug-in fails to load: a gate may not go on without one of its checks.
    """
    page_checks, batch_checks = load_checks()
    return Registered(page_checks=page_checks, batch_checks=batch_checks)


def schemas(checks: Registered) -> Schemas:
    """What a profile may say."""
    return Schemas(
        checks={
            check.id: CheckSchema(
                method=check.method,
                codes={code.name: code.limits for code in check.codes},
                reads=check.reads if issubclass(check, BatchCheck) else (),
            )
            for check in checks.all
        },
        layout=LayoutOptions,
        codes=CodeOptions,
        catalogue=CatalogueOptions,
    )


def load_profile(name: str | Path, checks: Registered, *, ocr: str | None = None) -> Profile:
    """Resolve a profile by id or file.

    Raises
    ------
    ProfileError
        With all mistakes of the profile.
    """
    return resolve(name, schemas(checks), ocr=ocr)


def load_plan(profile: Profile, checks: Registered, *, reading_key: str = "") -> Plan:
    """The plan of a resolved profile; ``reading_key`` names what the text depends on, if any is read."""
    return make_plan(profile, checks.page_checks, checks.batch_checks, reading_key)


def recorded_plan(record: PlanRecord, checks: Registered) -> tuple[Profile, Plan]:
    """The profile of a run or judgement as it stands today, and the plan, text read as it was.

    Raises
    ------
    ProfileError
        If the profile cannot be read any more.
    """
    profile = load_profile(str(record.resolved["name"]), checks, ocr=record.ocr)
    return profile, load_plan(profile, checks, reading_key=record.reading_key)
