"""How names and numbers are shown to people, the same in the page and in the workbook."""

import re
from datetime import datetime
from string import Formatter

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_CONTROL_PICTURES = 0x2400


def visible(name: str) -> str:
    """A file name with its invisible characters made visible.

    Line breaks become control pictures; marks that turn the reading direction, by which ``gpj.exe`` can be
    made to look like ``exe.jpg``, are written as escapes.
    """
    return _CONTROL.sub(_show, name)


def _show(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else f"\\u{code:04x}"


def local(moment: datetime) -> str:
    """A moment in the time of the machine that writes the report, with the name of the zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def local_text(moment: str) -> str:
    """The same for a moment in ISO form; what is none is shown as it stands."""
    try:
        return local(datetime.fromisoformat(moment))
    except ValueError:
        return moment


def batch_name(path: str) -> str:
    """The last folder of a batch's path, the name people call it by."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1] or path


def meaning(template: str) -> str:
    """A message template for people: its fields become dots."""
    try:
        return "".join(
            literal + ("…" if name is not None else "") for literal, name, _, _ in Formatter().parse(template)
        )
    except ValueError:
        return template


def columns_wide(text: str) -> int:
    """How many columns of a fixed-width font a text takes; Chinese characters take two."""
    return len(text.encode("gb18030", "replace")) if not text.isascii() else len(text)


def number(value: float | None) -> str:
    """A measured number or limit with thousands separated and at most six significant digits."""
    if value is None:
        return ""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.1f}"


def storage(size: int) -> str:
    """A size on disk in the largest unit that leaves a figure before the point."""
    for factor, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= factor:
            return f"{size / factor:,.1f}\N{NO-BREAK SPACE}{unit}"
    return f"{size}\N{NO-BREAK SPACE}B"
