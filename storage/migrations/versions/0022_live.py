"""What open lists learn from: how often counters changed, who has a case open, and since when somebody works on it.

Revision 0022, after 0021.  Of cases that somebody works on already it stays unknown since when.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("case_counts", sa.Column("changes", NUMBER, nullable=False, server_default="0"))
    op.create_table(
        "case_holdings",
        sa.Column("case_id", sa.LargeBinary(), nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_holdings"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_holdings_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "case_visits",
        sa.Column("case_id", sa.LargeBinary(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("seen", NUMBER, nullable=False),
        sa.Column("typed", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "account", name="pk_case_visits"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_visits_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_case_visits_seen", "case_visits", ["seen"])
