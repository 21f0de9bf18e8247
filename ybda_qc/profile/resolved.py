"""Profiles resolved for use: every value checked and in its type."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from ybda_qc.model import ProfileIdentity
from ybda_qc.profile import problems as say
from ybda_qc.profile.library import read_lineage
from ybda_qc.profile.merged import Merged, as_layer, merge
from ybda_qc.profile.options import (
    AcceptanceOptions,
    BlankOptions,
    EvidenceOptions,
    HandoverOptions,
    NatureOptions,
    OcrOptions,
    PageLimits,
    WatchOptions,
)
from ybda_qc.profile.problems import Problems
from ybda_qc.profile.schemas import ENABLED, METHOD, CheckSchema, Schemas
from ybda_qc.profile.validation import Check, Key, dotted, shown, validate
from ybda_qc.profile.written import Written

COMMAND_LINE = "command-line"
_WATCH = "watch"
_SECTIONS = (
    "layout",
    "codes",
    "catalogue",
    "limits",
    "blanks",
    "checks",
    "ocr",
    "acceptance",
    "natures",
    "handover",
    "evidence",
    _WATCH,
)
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What a profile says about one check.

    Parameters
    ----------
    id
        The check.
    enabled
        Whether it is planned.
    method
        Instance of the check's method model.
    limits
        Code -> instance of its limits model, in the order of the check's codes.
    """

    id: str
    enabled: bool
    method: Any
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile ready for use; picklable.

    Parameters
    ----------
    id, title
        Of the profile that was asked for.
    digest
        SHA-256 in hexadecimal over everything below `lineage` but `watch`; the same for the same plan,
        whatever the profile is called and in whatever order its keys stand.
    lineage
        Ids of the profiles it is made of, the weakest first.
    layout, codes, catalogue
        Instances of the models that were handed in.
    page_limits, blanks, ocr, acceptance, natures, handover, evidence, watch
        See the models.
    checks
        Check id -> plan, sorted by id; checks of which the profile says nothing are not in it.
    origins
        Key path as in TOML -> id of the profile that set it. What is not in it is a default of the model.
    """

    id: str
    title: str
    digest: str
    lineage: tuple[str, ...]
    layout: Any
    codes: Any
    catalogue: Any
    page_limits: PageLimits
    blanks: BlankOptions
    checks: Mapping[str, CheckPlan]
    ocr: OcrOptions
    acceptance: AcceptanceOptions
    natures: NatureOptions
    handover: HandoverOptions
    evidence: EvidenceOptions
    watch: WatchOptions
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> ProfileIdentity:
        """Its name and digest, as they stand in reports."""
        return ProfileIdentity(id=self.id, title=self.title, digest=self.digest)

    @property
    def planned(self) -> tuple[str, ...]:
        """Ids of the checks that are switched on, sorted."""
        return tuple(plan.id for plan in self.checks.values() if plan.enabled)


def resolve(name: str | Path, schemas: Schemas, *, ocr: str | None = None) -> Profile:
    """Read, merge and check a profile.

    Parameters
    ----------
    name
        Id of a shipped profile, or path of a ``.toml`` file.
    schemas
        What may be said about checks and layout.
    ocr
        Engine asked for on the command line; wins over the profile.

    Raises
    ------
    ProfileError
        If there is no such profile, or with all its mistakes.
    """
    problems = Problems()
    lineage = read_lineage(name, problems)
    if ocr is not None:
        order = Written(file="--ocr", id=COMMAND_LINE, title="", tables={"ocr": {"engine": ocr}})
        layers = (*lineage, order)
    else:
        layers = lineage
    if not lineage:
        problems.raise_if_any(str(name))
    resolver = _Resolver(layers, lineage[-1], schemas, problems)
    sections = resolver.sections()
    problems.raise_if_any(str(name))
    return Profile(
        id=lineage[-1].id,
        title=lineage[-1].title,
        digest=_digest(sections),
        lineage=tuple(written.id for written in lineage),
        origins={dotted(key): layer for key, layer in resolver.merged.origins.items()},
        **sections,
    )


class _Resolver:
    """Makes the merged tables into models, noting every mistake."""

    def __init__(
        self, layers: tuple[Written, ...], asked: Written, schemas: Schemas, problems: Problems
    ) -> None:
        self.merged = reduce(merge, (as_layer(written) for written in layers), Merged())
        self._files = {written.id: written.file for written in layers}
        self._asked = asked
        self._schemas = schemas
        self._problems = problems
        # Without a parent, what that parent sets is no mistake of this profile.
        self._tells_missing = not problems

    def sections(self) -> dict[str, Any]:
        for key in self.merged.tables:
            if key not in _SECTIONS:
                self._unknown(say.UNKNOWN_KEY, say.UNKNOWN_KEY_NEAR, (key,), _SECTIONS)
        return {
            "layout": self._section(self._schemas.layout, "layout"),
            "codes": self._section(self._schemas.codes, "codes"),
            "catalogue": self._section(self._schemas.catalogue, "catalogue"),
            "page_limits": self._section(PageLimits, "limits"),
            "blanks": self._section(BlankOptions, "blanks"),
            "checks": self._checks(),
            "ocr": self._section(OcrOptions, "ocr"),
            "acceptance": self._section(AcceptanceOptions, "acceptance"),
            "natures": self._section(NatureOptions, "natures"),
            "handover": self._section(HandoverOptions, "handover"),
            "evidence": self._section(EvidenceOptions, "evidence"),
            _WATCH: self._section(WatchOptions, _WATCH),
        }

    def _checks(self) -> dict[str, CheckPlan]:
        written = self.merged.tables.get("checks", {})
        tables = self._table(written, ("checks",))
        plans = {}
        for id_, table in sorted(tables.items()):
            schema = self._schemas.checks.get(id_)
            if schema is None:
                known = self._schemas.checks
                self._unknown(say.UNKNOWN_CHECK, say.UNKNOWN_CHECK_NEAR, ("checks", id_), known, name=id_)
            else:
                plans[id_] = self._plan(id_, schema, table)
        understood = isinstance(written, dict) and len(plans) == len(tables) and self._tells_missing
        if understood and not any(plan.enabled for plan in plans.values()):
            self._add(say.NO_CHECKS, ("checks",))
        for id_, plan in plans.items():
            reads = self._schemas.checks[id_].reads
            is_blind = reads and not any(read in plans and plans[read].enabled for read in reads)
            if is_blind and plan.enabled and understood:
                self._add(say.NOTHING_TO_READ, ("checks", id_), reads=", ".join(reads))
        return plans

    def _plan(self, id_: str, schema: CheckSchema, written: object) -> CheckPlan:
        key = ("checks", id_)
        table = self._table(written, key)
        enabled = table.get(ENABLED, True)
        if not isinstance(enabled, bool):
            self._add(say.NOT_A_SWITCH, (*key, ENABLED), value=shown(enabled))
        for name in table:
            if name not in (ENABLED, METHOD, *schema.codes):
                self._unknown_in_check((*key, name), table[name], schema)
        missing = [code for code in schema.codes if code not in table]
        if missing and isinstance(written, dict) and self._tells_missing:
            self._add(say.MISSING_CODES, key, codes=", ".join(missing))
        return CheckPlan(
            id=id_,
            enabled=bool(enabled),
            method=self._model(schema.method, table.get(METHOD, {}), (*key, METHOD)),
            limits={
                code: self._model(model, table[code], (*key, code))
                for code, model in schema.codes.items()
                if code in table
            },
        )

    def _unknown_in_check(self, key: Key, value: object, schema: CheckSchema) -> None:
        """A table below a check is meant as a code, anything else as a key."""
        if isinstance(value, dict):
            known = [*schema.codes, METHOD]
            self._unknown(say.UNKNOWN_CODE, say.UNKNOWN_CODE_NEAR, key, known, name=key[-1])
        else:
            known = [ENABLED, METHOD, *schema.codes]
            self._unknown(say.UNKNOWN_KEY, say.UNKNOWN_KEY_NEAR, key, known)

    def _section(self, model: type[ModelT], name: str) -> ModelT | None:
        return self._model(model, self.merged.tables.get(name, {}), (name,))

    def _model(self, model: type[ModelT], table: object, key: Key) -> ModelT | None:
        check = Check(
            key=key, file_of=self._file_of, problems=self._problems, tells_missing=self._tells_missing
        )
        return validate(model, table, check)

    def _table(self, value: object, key: Key) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self._add(say.NOT_A_TABLE, key, value=shown(value))
        return {}

    def _file_of(self, key: Key) -> str:
        """The file that set a key; of a missing key the one that set something beside it."""
        around = (self.merged.origin(key[:length]) for length in range(len(key), 1, -1))
        origin = next(filter(None, around), None) or self.merged.origin(key)
        return self._files[origin] if origin else self._asked.file

    def _add(self, template: str, key: Key, **values: object) -> None:
        self._problems.add(template, file=self._file_of(key), key=dotted(key), **values)

    def _unknown(self, template: str, template_near: str, key: Key, known: object, **values: object) -> None:
        assert isinstance(known, Mapping | tuple | list)
        self._problems.add_unknown(
            template, template_near, key[-1], known, file=self._file_of(key), key=dotted(key), **values
        )


def _digest(sections: Mapping[str, Any]) -> str:
    judging = {name: section for name, section in sections.items() if name != _WATCH}
    text = json.dumps(_plain(judging), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """Models and plans as tables; sets sorted, so that the same plan is always the same text."""
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, CheckPlan):
        return {"enabled": value.enabled, "method": _plain(value.method), "limits": _plain(value.limits)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(inner) for inner in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, int | float | str) or value is None else str(value)
