"""Secrets of one-time codes, for officers who sign in with an app instead of a passkey.

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("step", NUMBER, nullable=False),
        sa.Column("made", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_one_time_codes"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_one_time_codes_account", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
