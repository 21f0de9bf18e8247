"""The ways into the ledger of an output folder: to write it, or to read it as it stands now."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ybda_qc.errors import InputError
from ybda_qc.store.ledger import LEDGER_NAME, SqlLedger
from ybda_qc.store.lock import lock_output
from ybda_qc.store.migrate import bring_up_to_date, is_newest
from ybda_qc.store.sqlite import Database
from ybda_qc.store.telling import Progress

_BUSY_SECONDS = 30.0


def open_ledger(
    folder: Path,
    *,
    create: bool = False,
    busy_seconds: float = _BUSY_SECONDS,
    progress: Progress | None = None,
) -> SqlLedger:
    """Open the ledger of an output folder.

    Parameters
    ----------
    folder
        The output folder.
    create
        Make folder and ledger where there are none; otherwise that is an error.
    busy_seconds
        How long to wait for another program that holds the file.
    progress
        Told where the index of text has to be written anew, now or later.

    Raises
    ------
    InputError
        If there is no ledger, it cannot be read or written, or a newer program wrote it.
    """
    if create:
        _make_folder(folder)
    path = folder / LEDGER_NAME if create else require_ledger(folder)
    database = Database(path, busy_seconds)
    try:
        bring_up_to_date(database, progress)
    except BaseException:
        database.close()
        raise
    return SqlLedger(database, progress)


@contextmanager
def ledger_to_read(folder: Path, command: str, progress: Progress | None = None) -> Iterator[SqlLedger]:
    """Open the ledger of an output folder as it stands now: nobody is waited for, nor keeps anybody waiting.

    What is written meanwhile is not seen. The folder may lie where nothing can be written.

    Parameters
    ----------
    folder
        The output folder.
    command
        The command that reads; a ledger of an earlier version is brought up to date first, under its name.
    progress
        Told of that.

    Raises
    ------
    InputError
        If there is no ledger, it cannot be read, a newer program wrote it, or it is of an earlier version
        and in use.
    """
    path = require_ledger(folder)
    database = Database(path, _BUSY_SECONDS, read_only=True)
    try:
        if not is_newest(database):
            with lock_output(folder, command):
                open_ledger(folder, progress=progress).close()
        with database.one_state():
            yield SqlLedger(database)
    finally:
        database.close()


def require_ledger(folder: Path) -> Path:
    """Return the ledger of an output folder.

    Raises
    ------
    InputError
        If there is none.
    """
    path = folder / LEDGER_NAME
    if not path.is_file():
        raise InputError(
            "{folder} holds no results of a run: there is no {name} in it; name the output folder of a run or"
            " of a watched folder",
            folder=str(folder),
            name=LEDGER_NAME,
        )
    return path


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            "the output folder {folder} cannot be made ({detail}); choose another one",
            folder=str(folder),
            detail=error.strerror or type(error).__name__,
        ) from error
