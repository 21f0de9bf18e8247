"""The catalogue 目录 of a delivery: which file it is, read by a worker."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.runner import file_path
from ybda_qc.engine.tasks import CatalogueRead, CatalogueTask, Death, FileRef
from ybda_qc.errors import InputError
from ybda_qc.model import Batch, Catalogue, FileRole

_NAMED = 5  # catalogues in a message


def load_catalogue(
    asked: Path | None,
    batch: Batch,
    root: Path,
    columns: Mapping[str, tuple[str, ...]],
    alone: Callable[[], Executor],
) -> Catalogue | None:
    """Read the catalogue of a batch.

    Parameters
    ----------
    asked
        The file that the user names; None: the one in the batch folder, if there is one.
    batch, root
        The batch and where it lies.
    columns
        Names of columns that the profile adds, by field.
    alone
        Makes an executor that takes one task.

    Raises
    ------
    InputError
        If the catalogue cannot be read, holds no record, or several lie in the batch and none was named.
    """
    path = asked or _found(batch, root)
    if path is None:
        return None
    path = path.absolute()
    catalogue = _read(path, columns, alone)
    if not catalogue.records:
        raise InputError("the catalogue {path} holds no records", path=str(path))
    named = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    return replace(catalogue, identity=replace(catalogue.identity, path=named))


def _found(batch: Batch, root: Path) -> Path | None:
    found = [file for file in batch.files if file.role is FileRole.CATALOGUE]
    if len(found) > 1:
        names = [*(file.path for file in found[:_NAMED]), *(["…"] if len(found) > _NAMED else [])]
        raise InputError(
            "the batch holds {count} catalogues ({names}); name the one that counts with --catalogue",
            count=len(found),
            names=", ".join(names),
        )
    return file_path(root, FileRef.of(found[0])) if found else None


def _read(path: Path, columns: Mapping[str, tuple[str, ...]], alone: Callable[[], Executor]) -> Catalogue:
    with alone() as executor:
        executor.submit(CatalogueTask(path=path, columns=columns))
        [(_, answer)] = executor.wait()
    if isinstance(answer, Death):
        raise InputError(
            "the catalogue {path} cannot be read within the limits of [limits] in the profile ({cause}: "
            "{detail}); save it anew with its cells only",
            path=str(path),
            cause=answer.cause,
            detail=answer.detail,
        )
    assert isinstance(answer, CatalogueRead), answer
    if answer.catalogue is None:
        raise InputError(answer.template, **answer.values)
    return answer.catalogue
