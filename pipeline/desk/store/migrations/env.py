"""Alembic's way in: migrations run on the connection that ``database.migrate`` hands over."""

from alembic import context

from pipeline.desk.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters tables by copying them
)
context.run_migrations()
