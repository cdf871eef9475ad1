"""Versions of texts that were changed at the translators' desk.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "wordings",
        sa.Column("lang", TEXT, nullable=False),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("wording", TEXT, nullable=False),
        sa.Column("english", TEXT, nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("lang", "item", "version", name="pk_wordings"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_wordings_state", "wordings", ["state"])
