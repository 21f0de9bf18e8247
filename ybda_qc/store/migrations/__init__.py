"""Alembic migrations of the ledger; run by `ybda_qc.store.migrate`, never by hand."""
