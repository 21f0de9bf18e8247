"""A table of a profile against its model; pydantic's errors in the words of an archivist."""

import copy
import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ybda_qc.profile import problems as say
from ybda_qc.profile.problems import Problems, nearest

Key = tuple[str, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)

_WRONG_TYPE = {
    "bool": say.NOT_A_SWITCH,
    "date": say.NOT_TEXT,
    "dict": say.NOT_A_TABLE,
    "float": say.NOT_A_NUMBER,
    "frozen": say.NOT_A_LIST,
    "int": say.NOT_WHOLE,
    "list": say.NOT_A_LIST,
    "model": say.NOT_A_TABLE,
    "set": say.NOT_A_LIST,
    "string": say.NOT_TEXT,
    "tuple": say.NOT_A_LIST,
}
_BOUNDS = {
    "greater_than": (say.NOT_ABOVE, "gt"),
    "greater_than_equal": (say.NOT_AT_LEAST, "ge"),
    "less_than": (say.NOT_BELOW, "lt"),
    "less_than_equal": (say.NOT_AT_MOST, "le"),
}
_RULES: Mapping[str, tuple[str, Key]] = {  # types of the models' own errors -> template, key they are about
    "ladder": (say.LADDER, ()),
    "page_pattern": (say.PAGE_PATTERN, ()),
    "rule_without_clause": (say.MISSING_CLAUSE, ("clause",)),
    "wall_seconds": (say.CLOCK, ("wall_seconds",)),
    "weighed_once": (say.WEIGHED_ONCE, ()),
}
_TYPE_SUFFIXES = ("_type", "_parsing", "_from_float")
_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Where a table stands and who hears of its mistakes.

    Parameters
    ----------
    key
        Path of the table, for example ``("checks", "skew", "over-limit")``.
    file_of
        The file that set a key, or that is to be blamed for its absence.
    problems
        Takes the mistakes.
    tells_missing
        Whether a missing key is a mistake; not so where a file is missing in which it may stand.
    missing
        What is said of a missing key.
    """

    key: Key
    file_of: Callable[[Key], str]
    problems: Problems
    tells_missing: bool = True
    missing: str = say.MISSING_KEY

    def add(self, template: str, path: Key, **values: object) -> None:
        """Note a mistake at a path below the table."""
        key = self.key + path
        self.problems.add(template, file=self.file_of(key), key=dotted(key), **values)


def dotted(key: Key) -> str:
    """A key path as it is written in TOML, for example ``checks.skew.over-limit.fail``."""
    return ".".join(part if re.fullmatch(r"[\w-]+", part) else json.dumps(part) for part in key)


def validate(model: type[ModelT], table: object, check: Check) -> ModelT | None:
    """Make a table into its model.

    Values are taken strictly - text is no number - but a whole number serves as a number.

    Returns
    -------
    ModelT | None
        None if there are mistakes, which went to ``check.problems``.
    """
    if not isinstance(table, dict):
        check.add(say.NOT_A_TABLE, (), value=shown(table))
        return None
    rest = copy.deepcopy(table)
    removed: set[Key] = set()
    for path, value in list(_infinite(table)):
        check.add(say.NOT_FINITE, path, value=value)
        removed.add(_remove(rest, path))
    while True:
        try:
            # Through JSON, because there a list serves as a tuple and a word as a member of an enumeration
            # even where types are taken strictly.
            valid = model.model_validate_json(json.dumps(rest, default=_date), strict=True)
        except ValidationError as error:
            before = copy.deepcopy(rest)
            for path, details in _by_path(error, before).items():
                if path not in removed:
                    _tell(model, path, details, check)
                    removed.add(_mend(rest, path, details[0]["type"]))
            # Rules about several keys are looked at only once each key by itself is right.
            if rest == before:
                return None
        else:
            return None if removed else valid


def _mend(table: dict[str, Any], path: Key, kind: str) -> Key:
    """Take a mistake out of a table, so that others behind it show."""
    if kind == "rule_without_clause":
        table["clause"] = "-"
        return (*path, "clause")
    return _remove(table, path)


def _remove(table: dict[str, Any], path: Key) -> Key:
    """Remove the key at a path, or the list it stands in, and return the path of what was removed."""
    at: Any = table
    for index, part in enumerate(path):
        if not isinstance(at.get(part), dict) or index == len(path) - 1:
            at.pop(part, None)
            return path[: index + 1]
        at = at[part]
    return path


def shown(value: object) -> str:
    """A value as it may be written in TOML."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _number(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _date(value: object) -> str:
    assert isinstance(value, dt.date | dt.time), f"{type(value)} is no value of TOML"
    return value.isoformat()


def _infinite(value: object, path: Key = ()) -> Iterator[tuple[Key, float]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _infinite(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _infinite(inner, (*path, str(number)))


def _by_path(error: ValidationError, table: Mapping[str, Any]) -> dict[Key, list[ErrorDetails]]:
    """Errors by the key they are about; the members of a union each report one error of the same key."""
    found: dict[Key, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        found.setdefault(_key(detail, table), []).append(detail)
    return found


def _key(detail: ErrorDetails, table: object) -> Key:
    """The part of a location that stands in the table; the rest names members of unions."""
    path: list[str] = []
    at = table
    last = len(detail["loc"]) - 1
    for index, part in enumerate(detail["loc"]):
        stands = (isinstance(at, dict) and part in at) or (isinstance(at, list) and part in range(len(at)))
        if stands:
            at = at[part]  # type: ignore[index]
        if stands or (detail["type"] == "missing" and index == last):
            # Archivists count from one.
            path.append(str(part + 1) if isinstance(part, int) else str(part))
    return tuple(path)


def _tell(model: type[BaseModel], path: Key, details: list[ErrorDetails], check: Check) -> None:
    first = details[0]
    kind, value = first["type"], shown(first.get("input"))
    context: Mapping[str, Any] = first.get("ctx", {})
    if len(details) > 1:
        _tell_union(path, details, check)
    elif kind == "extra_forbidden":
        _tell_unknown(path, _known_keys(model, path[:-1]), check)
    elif kind == "missing":
        if not check.tells_missing:
            return
        check.add(say.MISSING_SOURCE if path[-1] == "source" else check.missing, path)
    elif kind in ("literal_error", "enum"):
        _tell_choice(path, first, check)
    elif kind in _BOUNDS:
        template, name = _BOUNDS[kind]
        check.add(template, path, value=value, limit=_number(context[name]))
    elif kind in _RULES:
        template, last = _RULES[kind]
        check.add(template, (*path, *last), **{name: _number(part) for name, part in context.items()})
    elif kind.endswith(_TYPE_SUFFIXES) and kind.split("_")[0] in _WRONG_TYPE:
        check.add(_WRONG_TYPE[kind.split("_")[0]], path, value=value)
    else:
        check.add(say.OTHER, path, detail=first["msg"].removeprefix("Value error, "))


def _tell_union(path: Key, details: list[ErrorDetails], check: Check) -> None:
    """A key that takes values of several kinds got one of none."""
    kinds = [detail["type"].split("_")[0] for detail in details]
    value = shown(details[0].get("input"))
    words = [detail["ctx"]["expected"] for detail in details if detail["type"] == "literal_error"]
    for detail in details:
        if detail["type"] in _BOUNDS:
            template, name = _BOUNDS[detail["type"]]
            check.add(template, path, value=value, limit=_number(detail["ctx"][name]))
            return
    if words and {"float", "int"} & set(kinds):
        check.add(say.NOT_A_NUMBER_OR, path, value=value, allowed=" / ".join(words))
    else:
        check.add(say.OTHER, path, detail="; ".join(dict.fromkeys(detail["msg"] for detail in details)))


def _tell_choice(path: Key, detail: ErrorDetails, check: Check) -> None:
    words = _QUOTED.findall(detail["ctx"]["expected"])
    value = detail["input"]
    near = nearest(value, words) if isinstance(value, str) else None
    if near:
        check.add(say.NOT_ONE_OF_NEAR, path, value=shown(value), allowed=", ".join(words), near=near)
    else:
        check.add(say.NOT_ONE_OF, path, value=shown(value), allowed=", ".join(words))


def _tell_unknown(path: Key, known: list[str], check: Check) -> None:
    key = check.key + path
    check.problems.add_unknown(
        say.UNKNOWN_KEY, say.UNKNOWN_KEY_NEAR, path[-1], known, file=check.file_of(key), key=dotted(key)
    )


def _known_keys(model: type[BaseModel], path: Key) -> list[str]:
    """The keys of the model at a path below a model."""
    for part in path:
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else model
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model inside an annotation such as ``tuple[Rule, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := _model_in(arg))), None)
