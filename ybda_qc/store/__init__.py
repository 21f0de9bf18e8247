"""The ledger: runs, measurements, judgements and decisions of an output folder, in SQLite."""

from ybda_qc.store.ledger import LEDGER_NAME, SqlLedger
from ybda_qc.store.lock import LOCK_NAME, lock_output
from ybda_qc.store.opening import ledger_to_read, open_ledger
from ybda_qc.store.search import Search, open_search

__all__ = [
    "LEDGER_NAME",
    "LOCK_NAME",
    "Search",
    "SqlLedger",
    "ledger_to_read",
    "lock_output",
    "open_ledger",
    "open_search",
]
