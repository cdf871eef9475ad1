"""Signed states of the audit log, for whoever checks it and for witnesses.

Revision 0015, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_heads"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
