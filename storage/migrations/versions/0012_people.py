"""Signed states of the audit log for whoever checks it, invitations of officers, and their cards for the signed list.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
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
    op.create_table(
        "invitations",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("roles", TEXT, nullable=False),
        sa.Column("ends", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_invitations"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_invitations_ends", "invitations", ["ends"])
    op.create_table(
        "cards",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("card", TEXT, nullable=False),
        sa.Column("day", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_cards"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_cards_account", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "admissions",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("team", TEXT, nullable=False),
        sa.Column("asked", TEXT, nullable=False),
        sa.Column("day", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("account", "team", name="pk_admissions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
