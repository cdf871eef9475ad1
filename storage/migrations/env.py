"""Alembic's entry: runs on the connection it is given, inside that connection's transaction."""

from alembic import context
from sqlalchemy import Connection

from bot.core.failpoints import reach
from storage.schema import metadata

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
    on_version_apply=lambda **_: reach("F18"),
)
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a migration may take as long as it needs
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7217031)")  # replicas started together take turns
context.run_migrations()
