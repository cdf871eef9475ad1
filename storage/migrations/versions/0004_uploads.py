"""Reports that private pages upload in parts.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "upload_parts",
        sa.Column("submission", sa.LargeBinary(), nullable=False),
        sa.Column("part", NUMBER, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("submission", "part", name="pk_upload_parts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_upload_parts_hour", "upload_parts", ["hour"])
    op.create_table(
        "submissions",
        sa.Column("submission", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("submission", name="pk_submissions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_submissions_hour", "submissions", ["hour"])
