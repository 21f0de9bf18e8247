"""Alembic's entry: migrates over the connection, and inside the transaction, that it is handed."""

from alembic import context

from ybda_qc.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
