"""What a profile may say about checks and layout; handed in by those who know them."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

ENABLED = "enabled"
METHOD = "method"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSchema:
    """What may stand in ``[checks.<id>]``.

    Parameters
    ----------
    method
        Model of ``[checks.<id>.method]``, how the check measures.
    codes
        Finding code -> model of ``[checks.<id>.<code>]``, its limits.
    reads
        Ids of other checks, one of which must be switched on for this one to have anything to go by.
    """

    method: type[BaseModel]
    codes: Mapping[str, type[BaseModel]]
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if taken := {ENABLED, METHOD} & set(self.codes):
            raise ValueError(f"a finding code cannot be called {', '.join(sorted(taken))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The models against which a profile is resolved.

    Parameters
    ----------
    checks
        Check id -> what may be said about it.
    layout, codes, catalogue
        Models of ``[layout]``, ``[codes]`` and ``[catalogue]``.
    """

    checks: Mapping[str, CheckSchema]
    layout: type[BaseModel]
    codes: type[BaseModel]
    catalogue: type[BaseModel]
