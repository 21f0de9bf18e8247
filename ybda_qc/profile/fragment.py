"""A small profile that changes some limits of another one, written as TOML."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ybda_qc.model import LimitSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New limits of one code, and why."""

    limits: Mapping[str, float]
    clause: str


def write_fragment(*, id_: str, title: str, extends: str, changes: Mapping[str, Change], comment: str) -> str:
    """The text of a profile file.

    Parameters
    ----------
    id_, title
        Of the new profile.
    extends
        Id or path of the profile that it changes.
    changes
        ``check/code`` -> new limits, all of them the project's choice.
    comment
        Stands before everything else.
    """
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [
        "",
        "[profile]",
        f"id = {_text(id_)}",
        f"title = {_text(title)}",
        f"extends = [{_text(extends)}]",
    ]
    for key, change in changes.items():
        check, code = key.split("/")
        lines += ["", f"[checks.{_key(check)}.{_key(code)}]"]
        lines += [f"{name} = {value!r}" for name, value in change.limits.items()]
        lines += [f"source = {_text(LimitSource.PROJECT_CHOICE.value)}", f"clause = {_text(change.clause)}"]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)
