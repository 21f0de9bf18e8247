"""Where profiles lie: the shipped ones, and files of the user; the lineage of a profile."""

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ybda_qc.errors import ProfileError
from ybda_qc.profile import problems as say
from ybda_qc.profile.problems import Problems, nearest
from ybda_qc.profile.written import Written, read_text, read_written

_SUFFIX = ".toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSummary:
    """A shipped profile in a list."""

    id: str
    title: str
    extends: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A profile file: where it lies, and its name in messages."""

    file: Traversable
    shown: str
    shipped: bool

    @property
    def key(self) -> str:
        """The same for the same file, by whatever way it was reached."""
        return str(self.file.resolve()) if isinstance(self.file, Path) else str(self.file)


def list_profiles() -> tuple[ProfileSummary, ...]:
    """The shipped profiles, sorted by id.

    Raises
    ------
    ProfileError
        If a shipped profile cannot be read: the installation is damaged.
    """
    problems = Problems()
    found = [read_written(place.file, place.shown, problems) for _, place in sorted(_shipped().items())]
    problems.raise_if_any("*")
    return tuple(
        ProfileSummary(id=written.id, title=written.title, extends=written.extends)
        for written in found
        if written
    )


def read_lineage(name: str | Path, problems: Problems) -> tuple[Written, ...]:
    """A profile and all it extends, each file once, every parent before its children.

    Parents come in the order in which `extends` names them, so a later one wins over an earlier one. A
    grandparent shared by two parents comes once, before both: what one parent changed is not set back by
    the other.

    Parameters
    ----------
    name
        Id of a shipped profile, or path of a ``.toml`` file.
    problems
        Takes what is wrong with the files, their headers and their parents.

    Raises
    ------
    ProfileError
        If there is no profile `name`.
    """
    shipped = _shipped()
    lineage = _Lineage(shipped, problems)
    lineage.visit(_place(name, shipped), ())
    return tuple(lineage.files)


def profile_text(name: str | Path) -> str:
    """A profile as it is written, mistakes and all.

    Parameters
    ----------
    name
        Id of a shipped profile, or path of a ``.toml`` file.

    Raises
    ------
    ProfileError
        If there is no profile `name`, or it is no text.
    """
    place = _place(name, _shipped())
    problems = Problems()
    text = read_text(place.file, place.shown, problems)
    problems.raise_if_any(str(name))
    assert text is not None, "a text that cannot be read is a problem"
    return text


def _place(name: str | Path, shipped: dict[str, _Place]) -> _Place:
    place = _find(str(name), Path(), shipped)
    if place is not None:
        return place
    known = ", ".join(sorted(shipped))
    if near := nearest(str(name), shipped):
        raise ProfileError(say.UNKNOWN_PROFILE_NEAR, name=str(name), near=near, known=known)
    raise ProfileError(say.UNKNOWN_PROFILE, name=str(name), known=known)


class _Lineage:
    """Walks the parents of a profile, depth first."""

    def __init__(self, shipped: dict[str, _Place], problems: Problems) -> None:
        self._shipped = shipped
        self._problems = problems
        self._seen: set[str] = set()
        self.files: list[Written] = []

    def visit(self, place: _Place, below: tuple[_Place, ...]) -> None:
        self._seen.add(place.key)
        written = read_written(place.file, place.shown, self._problems)
        if written is None:
            return
        chain = (*below, place)
        for number, name in enumerate(written.extends, start=1):
            self._visit_parent(name, f"profile.extends.{number}", chain)
        self._check_id(written, place)
        self.files.append(written)

    def _visit_parent(self, name: str, key: str, chain: tuple[_Place, ...]) -> None:
        child = chain[-1]
        folder = child.file.parent if isinstance(child.file, Path) else Path()
        parent = _find(name, folder, self._shipped)
        if parent is None:
            self._problems.add_unknown(
                say.UNKNOWN_PARENT,
                say.UNKNOWN_PARENT_NEAR,
                name,
                self._shipped,
                file=child.shown,
                key=key,
                name=name,
            )
        elif parent.key in (keys := [place.key for place in chain]):
            circle = [place.shown for place in chain[keys.index(parent.key) :]]
            self._problems.add(
                say.CYCLE, file=child.shown, key=key, chain=" -> ".join([*circle, parent.shown])
            )
        elif parent.key not in self._seen:
            self.visit(parent, chain)

    def _check_id(self, written: Written, place: _Place) -> None:
        """An id stands in every report; no file may pass for another."""
        where = {"file": place.shown, "key": "profile.id", "id": written.id}
        original = self._shipped.get(written.id)
        if original and not place.shipped and not _same(original, place):
            self._problems.add(say.ID_TAKEN, **where)
        elif other := next((file for file in self.files if file.id == written.id), None):
            self._problems.add(say.ID_TWICE, other=other.file, **where)


def _same(one: _Place, other: _Place) -> bool:
    return one.key == other.key or one.file.read_bytes() == other.file.read_bytes()


def _find(name: str, folder: Path, shipped: dict[str, _Place]) -> _Place | None:
    """A shipped id, or else a path relative to the folder; None if it is neither."""
    if name in shipped:
        return shipped[name]
    if name.endswith(_SUFFIX):
        path = folder / name
        return _Place(file=path, shown=str(path), shipped=False)
    return None


def _shipped() -> dict[str, _Place]:
    """The shipped profiles by id, which is the name of the file."""
    folder: Traversable = resources.files("ybda_qc.profile").joinpath("shipped")
    if not folder.is_dir():  # a source checkout: the wheel's copy is made when it is built
        folder = Path(__file__).parents[2] / "profiles"
    return {
        file.name.removesuffix(_SUFFIX): _Place(file=file, shown=f"profiles/{file.name}", shipped=True)
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIX)
    }
