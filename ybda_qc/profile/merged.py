"""The files of a lineage laid over each other.

Tables are merged key by key, everything else - lists too - is replaced by the stronger side. For each value
is kept which profile set it.

One rule goes beyond that: a number that a profile changes may not go on to be presented under the clause
that gave the old number. See `merge`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ybda_qc.model import LimitSource
from ybda_qc.profile.schemas import METHOD
from ybda_qc.profile.validation import Key
from ybda_qc.profile.written import Written

_SOURCE = "source"
_CLAUSE = "clause"
_CODE_DEPTH = 3  # checks, id, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Several profiles as one.

    Parameters
    ----------
    layers
        Ids of the profiles, the weakest first.
    tables
        Their tables, not yet checked.
    origins
        Path of each value -> id of the profile that set it.
    """

    layers: tuple[str, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[Key, str] = field(default_factory=dict)

    def origin(self, key: Key) -> str | None:
        """The profile that set a value; of a table the last one that set anything in it; None if none did."""
        found = {layer for path, layer in self.origins.items() if path[: len(key)] == key}
        return max(found, key=self.layers.index, default=None)


def as_layer(written: Written) -> Merged:
    """A single file as a layer."""
    tables = dict(written.tables)
    return Merged(
        layers=(written.id,), tables=tables, origins={path: written.id for path, _ in leaves(tables)}
    )


def leaves(table: Mapping[str, Any], path: Key = ()) -> Iterator[tuple[Key, Any]]:
    """The values of nested tables with their paths."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def merge(weaker: Merged, stronger: Merged) -> Merged:
    """Lay one profile over another; associative.

    Where the stronger side sets a limit of a code (or the rule of acceptance) and names no `source`, the
    weaker side's source and clause do not survive: the source becomes the project's choice and the clause
    names the profile. Where it names a source, the weaker side's clause does not survive.
    """
    tables: dict[str, Any] = {}
    origins: dict[Key, str] = {}
    layers = (*weaker.layers, *(layer for layer in stronger.layers if layer not in weaker.layers))
    base = _without_stale_sources(weaker, stronger)
    _lay(base.tables, stronger.tables, tables)
    for path, _ in leaves(tables):
        origins[path] = stronger.origins[path] if path in stronger.origins else base.origins[path]
    return Merged(layers=layers, tables=tables, origins=origins)


def _lay(weaker: Mapping[str, Any], stronger: Mapping[str, Any], into: dict[str, Any]) -> None:
    for key in [*weaker, *(key for key in stronger if key not in weaker)]:
        below, above = weaker.get(key), stronger.get(key)
        if isinstance(below, dict) and (isinstance(above, dict) or key not in stronger):
            into[key] = {}
            _lay(below, above or {}, into[key])
        else:
            into[key] = above if key in stronger else below


def _without_stale_sources(weaker: Merged, stronger: Merged) -> Merged:
    """The weaker side with the sources corrected of which the stronger side changes the numbers."""
    tables: dict[str, Any] = {}
    _lay(weaker.tables, {}, tables)
    origins = dict(weaker.origins)
    for key, above in _sourced(stronger.tables):
        below = _at(tables, key)
        numbers = [name for name in above if name not in (_SOURCE, _CLAUSE)]
        if not isinstance(below, dict) or not (numbers or _SOURCE in above):
            continue
        below.pop(_CLAUSE, None)
        if _SOURCE in below and _SOURCE not in above:
            setter = max(
                (layer for name in numbers if (layer := stronger.origin((*key, name)))),
                key=stronger.layers.index,
                default=stronger.layers[-1],
            )
            below[_SOURCE] = LimitSource.PROJECT_CHOICE.value
            below[_CLAUSE] = f"chosen by profile {setter}"
            origins[*key, _SOURCE] = origins[*key, _CLAUSE] = setter
    return Merged(layers=weaker.layers, tables=tables, origins=origins)


def _sourced(tables: Mapping[str, Any], path: Key = ()) -> Iterator[tuple[Key, dict[str, Any]]]:
    """The tables that carry a source: of each code, and the rule of acceptance."""
    for key, value in tables.items():
        at = (*path, key)
        if not isinstance(value, dict):
            continue
        if at == ("acceptance",) or (len(at) == _CODE_DEPTH and key != METHOD):
            yield at, value
        elif at[0] == "checks" and len(at) < _CODE_DEPTH:
            yield from _sourced(value, at)


def _at(tables: Mapping[str, Any], key: Key) -> object:
    found: object = tables
    for part in key:
        found = found.get(part) if isinstance(found, dict) else None
    return found
