"""The only place that speaks SQL: schema, migrations, one module per aggregate; SQLite and PostgreSQL."""

from storage.database import Database
from storage.opening import open_database, open_empty

__all__ = ["Database", "open_database", "open_empty"]
