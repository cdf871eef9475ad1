"""Versions of entries of the content, of settings and of what was found when a number was called.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("entry", TEXT, nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", "item", "version", name="pk_entries"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_entries_state", "entries", ["state"])
