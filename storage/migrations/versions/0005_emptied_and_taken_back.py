"""Mailboxes that were emptied, and reports that were taken back.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wishes",
        sa.Column("case_id", sa.LargeBinary(), nullable=False),
        sa.Column("wish", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_wishes"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_wishes_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "emptied_mailboxes",
        sa.Column("mailbox_id", sa.LargeBinary(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("last", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_id", name="pk_emptied_mailboxes"),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailboxes.id"], name="fk_emptied_mailboxes_mailbox_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
