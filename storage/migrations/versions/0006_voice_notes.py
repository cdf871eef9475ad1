"""Voice notes: those to be fetched, and those that are kept.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "voice_jobs",
        sa.Column("id", BYTES, nullable=False),
        sa.Column("job", BYTES, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("fence", NUMBER, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voice_jobs"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_voice_jobs_due_at", "voice_jobs", ["due_at"])
    op.create_table(
        "voice_files",
        sa.Column("case_id", BYTES, nullable=False),
        sa.Column("record", BYTES, nullable=False),
        sa.Column("envelope", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "record", name="pk_voice_files"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
