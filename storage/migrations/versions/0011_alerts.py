"""How far unopened urgent reports have climbed, and the alerts that are to be sent.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "climbs",
        sa.Column("case_id", sa.LargeBinary(), nullable=False),
        sa.Column("level", NUMBER, nullable=False),
        sa.Column("next_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_climbs"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_climbs_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_climbs_next_at", "climbs", ["next_at"])
    op.create_table(
        "alerts",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.LargeBinary(), nullable=True),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("team", TEXT, nullable=False),
        sa.Column("urgency", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("fence", NUMBER, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_alerts_due_at", "alerts", ["due_at"])
    op.create_index("ix_alerts_case_id", "alerts", ["case_id"])
