"""Names of uploaded recordings, and counts by month.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "clip_files",
        sa.Column("bot", TEXT, nullable=False),
        sa.Column("clip", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("bot", "clip", name="pk_clip_files"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "tallies",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("lang", TEXT, nullable=False),
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("month", NUMBER, nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", "item", "lang", "audience", "month", name="pk_tallies"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
