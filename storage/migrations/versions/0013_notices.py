"""Chats that asked to be told that there is an answer.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("mailbox_id", sa.LargeBinary(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("told", NUMBER, nullable=False),
        sa.Column("until_hour", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("mailbox_id", name="pk_notices"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailboxes.id"], name="fk_notices_mailbox_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_notices_due_at", "notices", ["due_at"])
    op.create_table(
        "notice_ends",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("chat", sa.LargeBinary(), nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_ends"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
