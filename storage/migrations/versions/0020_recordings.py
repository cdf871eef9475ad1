"""Recordings made at the translators' desk, and their sounds.

Revision 0020, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "recordings",
        sa.Column("lang", TEXT, nullable=False),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("wording", TEXT, nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", NUMBER, nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("lang", "item", "version", name="pk_recordings"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_recordings_state", "recordings", ["state"])
    op.create_table(
        "recorded_sounds",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_recorded_sounds"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
