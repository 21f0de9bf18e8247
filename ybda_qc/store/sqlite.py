"""SQLite as the ledger's engine: connections, transactions, and its failures in words a user can act on."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from ybda_qc.errors import InputError

APPLICATION_ID = 0x59425141
"""Marks the file as a ledger of ours ("YBQA"), so that no other program's database is ever taken for one."""

_NO_ROOM_BYTES = 1 << 20
_JOURNAL_BYTES = 64 << 20  # to which the log shrinks again after a large transaction


class Database:
    """One SQLite file, read and written in explicit transactions.

    The journal is a write-ahead log with ``synchronous=NORMAL``: what was committed survives the death of the
    process whenever it comes. A power cut may take the last commits with it, but never part of one and never
    the consistency of the file; pages lost that way are measured again.

    Parameters
    ----------
    path
        The file; its folder exists.
    busy_seconds
        How long to wait for another program that holds the file.
    read_only
        Whether nothing may be written. Other programs may write meanwhile, and are not waited for.
    """

    def __init__(self, path: Path, busy_seconds: float, *, read_only: bool = False) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._connect = self._connect_to_read if read_only else self._connect_to_write
        self._engine = self._create_engine()
        self._writing = threading.Lock()
        self._state: Connection | None = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the file, whatever is written meanwhile."""
        with self._explained():
            if self._state is not None:
                yield self._state
                return
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Have all reading inside, by one thread, see the state that the file has now."""
        with self.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")  # from here on
            self._state = connection
            try:
                yield
            finally:
                self._state = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose statements are committed together at the end, or not at all.

        Threads of this process wait for each other as long as it takes, other programs for `busy_seconds`.
        """
        with self._explained(), self._writing, self._engine.connect() as connection:
            # IMMEDIATE: wait for other writers now; a transaction that turns into a writer later cannot wait.
            writer = connection.execution_options(ledger_begin="IMMEDIATE")
            with writer.begin():
                yield writer

    @property
    def is_being_written(self) -> bool:
        """Whether a thread of this process holds the writing connection, so that another would wait."""
        return self._writing.locked()

    def close(self) -> None:
        """Close all connections; the log is folded into the file."""
        self._engine.dispose()

    def damaged(self, detail: str) -> InputError:
        """Make the error that says that the file does not hold what was written."""
        return InputError(_DAMAGED, path=str(self.path), folder=str(self.path.parent), detail=detail)

    def _create_engine(self) -> Engine:
        # A creator of our own: any character may stand in the path, and no URL needs quoting.
        engine = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool, pool_size=4)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            mode = connection.get_execution_options().get("ledger_begin", "DEFERRED")
            connection.exec_driver_sql(f"BEGIN {mode}")

        return engine

    def _connect_to_read(self) -> sqlite3.Connection:
        try:
            return self._open_to_read("mode=ro")
        except sqlite3.OperationalError as error:
            # Where nobody may write, SQLite cannot make the log that readers share with writers. If there is
            # none, then nobody is writing.
            refused = _primary_code(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
            if not refused or self.path.with_name(f"{self.path.name}-wal").exists():
                raise
            return self._open_to_read("immutable=1")

    def _open_to_read(self, manner: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{manner}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA cache_size = -64000")  # KiB
            connection.execute("SELECT count(*) FROM sqlite_master")  # opened only now
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _connect_to_write(self) -> sqlite3.Connection:
        # isolation_level None: the driver opens no transactions of its own, so that DDL is transactional too.
        connection = sqlite3.connect(
            self.path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -16000")  # KiB
            connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_BYTES}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if not isinstance(error.orig, sqlite3.Error):
                raise
            if _primary_code(error.orig) in _SPOILING:
                self._engine.pool.dispose()  # closes those that nobody uses; the pool itself goes on
            explained = _explain(error.orig, self.path)
            if explained is None:
                raise
            raise explained from error


_SPOILING = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR}
)
"""What a connection does not get over: opened where nobody could write, it stays so when one can again."""

_NO_ROOM = (
    "no room is left for the results in {folder}; free some space and run again into the same folder: what"
    " was measured so far is kept"
)
_DAMAGED = (
    "the ledger {path} is damaged ({detail}); move the folder {folder} away, or choose another output folder,"
    " and run again: the pages will be measured anew"
)
_BUSY = "the ledger {path} is held by another program; let it finish and run again"
_NO_ACCESS = (
    "the ledger {path} cannot be opened for writing ({detail}); mend the rights of the folder or choose"
    " another output folder"
)
_DISK_TROUBLE = (
    "reading or writing the ledger {path} failed ({detail}); see whether the disk is in order and run again"
    " into the same folder"
)
_EXPLANATIONS = {
    sqlite3.SQLITE_FULL: _NO_ROOM,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_PERM: _NO_ACCESS,
    sqlite3.SQLITE_AUTH: _NO_ACCESS,
    sqlite3.SQLITE_IOERR: _DISK_TROUBLE,
}


def _explain(error: sqlite3.Error, path: Path) -> InputError | None:
    """Say what a failure of SQLite means for the user; None where it is a mistake of ours."""
    code = _primary_code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return not_a_ledger(path)
    if code == sqlite3.SQLITE_IOERR and _no_room(path.parent):
        code = sqlite3.SQLITE_FULL
    if "Could not decode to UTF-8" in str(error):  # the driver's own words; SQLite itself does not look
        code = sqlite3.SQLITE_CORRUPT
    template = _EXPLANATIONS.get(code)
    if template is None:
        return None
    return InputError(template, path=str(path), folder=str(path.parent), detail=str(error))


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says where it arose


def not_a_ledger(path: Path) -> InputError:
    """Make the refusal of a file that some other program wrote."""
    return InputError("{path} is not a ledger of ybda-qc; choose another output folder", path=str(path))


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NO_ROOM_BYTES
    except OSError:
        return False
