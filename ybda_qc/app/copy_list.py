"""The list of copies that were exported, and of what: an interrupted export goes on where it stopped."""

import json
from pathlib import Path


class CopyList:
    """A file with a line for each copy, added when the copy is whole; what a kill leaves half is left out.

    Parameters
    ----------
    path
        The file.
    folder
        The run folder, below which the copies lie.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._made_of = dict(_read(path))

    def holds(self, target: str, made_of: str) -> bool:
        """Whether that copy is there and was made of just that."""
        return self._made_of.get(target) == made_of and (self._folder / target).is_file()

    def add(self, target: str, made_of: str) -> None:
        """A copy has been written; `holds` learns of it when the list is read again.

        Raises
        ------
        OSError
            The list cannot be written.
        """
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(target, made_of))

    def tidy(self) -> None:
        """Write the list anew, a line a copy that is still there.

        Raises
        ------
        OSError
            The list cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".part")
        lines = (
            _line(target, made_of) for target, made_of in self._made_of.items() if self.holds(target, made_of)
        )
        partial.write_text("".join(lines), encoding="utf-8")
        partial.replace(self._path)


def _line(target: str, made_of: str) -> str:
    return json.dumps({"copy": target, "made_of": made_of}, ensure_ascii=False) + "\n"


def _read(path: Path) -> list[tuple[str, str]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            entry = json.loads(line)
            found.append((str(entry["copy"]), str(entry["made_of"])))
        except (ValueError, TypeError, KeyError):
            continue
    return found
