"""What is in force, value by value, and where each comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel

from ybda_qc.profile.resolved import COMMAND_LINE, CheckPlan, Profile
from ybda_qc.profile.schemas import ENABLED, METHOD
from ybda_qc.profile.validation import Key, dotted

DEFAULT = "default"
_PROVENANCE = ("source", "clause")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One value of a resolved profile.

    Parameters
    ----------
    check, code
        Where it belongs; None for values outside checks, and code None for values of a whole check.
    key
        Full key path, for example ``checks.skew.over-limit.fail``.
    name, value
        The last part of the key, and the value as text.
    source, clause
        Where a limit comes from; empty for values that are no limits.
    origin
        Id of the profile that set the value, or ``default``.
    """

    check: str | None = None
    code: str | None = None
    key: str
    name: str
    value: str
    source: str = ""
    clause: str = ""
    origin: str


def explain(profile: Profile) -> tuple[PlanRow, ...]:
    """Every value of a profile: what concerns the batch first, then check by check, then the rest."""
    rows = [
        *_section(profile, ("layout",), profile.layout),
        *_section(profile, ("codes",), profile.codes),
        *_section(profile, ("catalogue",), profile.catalogue),
        *_section(profile, ("limits",), profile.page_limits),
        *_section(profile, ("blanks",), profile.blanks),
    ]
    for plan in profile.checks.values():
        rows.extend(_check(profile, plan))
    rows.extend(_section(profile, ("ocr",), profile.ocr))
    rows.extend(_section(profile, ("acceptance",), profile.acceptance))
    rows.extend(_section(profile, ("natures",), profile.natures))
    rows.extend(_section(profile, ("handover",), profile.handover))
    rows.extend(_section(profile, ("evidence",), profile.evidence))
    rows.extend(_section(profile, ("watch",), profile.watch))
    return tuple(rows)


def _check(profile: Profile, plan: CheckPlan) -> Iterator[PlanRow]:
    key = ("checks", plan.id)
    switch = "true" if plan.enabled else "false"
    yield PlanRow(
        check=plan.id,
        key=dotted((*key, ENABLED)),
        name=ENABLED,
        value=switch,
        origin=_origin(profile, (*key, ENABLED)),
    )
    for row in _section(profile, (*key, METHOD), plan.method):
        yield replace(row, check=plan.id)
    for code, limits in plan.limits.items():
        for row in _section(profile, (*key, code), limits):
            yield replace(row, check=plan.id, code=code)


def _section(profile: Profile, key: Key, model: BaseModel) -> Iterator[PlanRow]:
    source, clause = (str(getattr(model, name, "")) for name in _PROVENANCE)
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name in _PROVENANCE or value is None:
            continue
        for path, part in _parts(value, (*key, name)):
            yield PlanRow(
                key=dotted(path),
                name=path[-1],
                value=_text(part),
                source=source,
                clause=clause,
                origin=_origin(profile, path),
            )


def _parts(value: object, key: Key) -> Iterator[tuple[Key, object]]:
    """Take apart tables and lists of tables, one value a row; a list of plain values is one."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, list | tuple) and any(isinstance(inner, BaseModel | Mapping) for inner in value):
        value = {str(index): inner for index, inner in enumerate(value, start=1)}
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _parts(inner, (*key, str(name)))
    else:
        yield key, value


def _origin(profile: Profile, key: Key) -> str:
    """Who set a value: of a table the strongest that set anything in it, of a part who set the whole."""
    path = dotted(key)
    found = [origin for at, origin in profile.origins.items() if at == path or at.startswith(f"{path}.")]
    wholes = [dotted(key[:length]) for length in range(len(key) - 1, 1, -1)]
    found = found or [profile.origins[whole] for whole in wholes if whole in profile.origins]
    order = [*profile.lineage, COMMAND_LINE]
    return max(found, key=order.index, default=DEFAULT)


def _text(value: object) -> str:
    """Show a value much as it would be written in TOML, without quotes."""
    if isinstance(value, frozenset | set):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        text = "[" + ", ".join(_text(inner) for inner in value) + "]"
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = f"{value:.12g}" if isinstance(value, float) else str(value)
    return text
