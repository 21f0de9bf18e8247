"""Names of copies, which every file system takes."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)  # names that Windows keeps for itself
_LONGEST_BYTES = 200  # of 255: an extension and a digest still fit
_LONGEST_PAGE_BYTES = 250  # of 255: an extension still fits


def copy_names(items: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """A file name without extension for each item, given by code and copy; no two differ by case alone.

    A name that had to be changed, or that another item would have too, ends in a digest of code and copy.
    """
    plain = {key: _plain(".".join(part for part in key if part)) for key in items}
    taken = Counter(name.casefold() for name in plain.values())
    names = {}
    for key, name in plain.items():
        is_own = name == ".".join(part for part in key if part) and taken[name.casefold()] == 1
        names[key] = name if is_own else f"{name}-{_digest(key)}"
    return names


def page_name(path: str) -> str:
    """The path of the copy of a page, without extension: its own; too long a name is cut, with a digest."""
    folder, slash, name = path.rpartition("/")
    if len(name.encode()) <= _LONGEST_PAGE_BYTES:
        return path
    return f"{folder}{slash}{_cut(name)}-{_digest((path,))}"


def _cut(name: str) -> str:
    return name.encode()[:_LONGEST_BYTES].decode(errors="ignore")


def _plain(name: str) -> str:
    """The name without what a file system may refuse."""
    composed = unicodedata.normalize("NFC", name)
    allowed = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in composed)
    cut = _cut(allowed).rstrip(". ").lstrip(" ")
    is_odd = not cut or cut.startswith(".") or cut.split(".")[0].casefold() in _DEVICES
    return f"_{cut}" if is_odd else cut


def _digest(key: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:8]
