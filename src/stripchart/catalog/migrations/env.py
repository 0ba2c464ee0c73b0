"""Run by Alembic, on the connection and in the transaction that the catalog hands over."""

from alembic import context

from stripchart.catalog.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew.
)
context.run_migrations()
