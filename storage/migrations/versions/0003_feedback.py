"""Words about this service stand in lists of their own.

Revision 0003, after 0002.  The counters are made anew from the queue they count.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_QUEUE = ("team", "feedback", "status", "urgency", "hour", "case_id")
_FEEDBACK = sa.text("concern IN ('feedback', 'proposal')")
_NOBODY = sa.text("officer IS NULL")


def upgrade() -> None:
    op.add_column("case_teams", sa.Column("feedback", NUMBER, nullable=False, server_default="0"))
    for name, only in (("ix_case_teams_queue", None), ("ix_case_teams_unassigned", _NOBODY)):
        op.drop_index(name, "case_teams")
        op.create_index(name, "case_teams", list(_QUEUE), sqlite_where=only, postgresql_where=only)
    op.create_index("ix_cases_feedback", "cases", ["day"], sqlite_where=_FEEDBACK, postgresql_where=_FEEDBACK)
    op.drop_table("case_counts")
    op.create_table(
        "case_counts",
        sa.Column("team", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("urgency", TEXT, nullable=False),
        sa.Column("taken", NUMBER, nullable=False),
        sa.Column("feedback", NUMBER, nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("team", "status", "urgency", "taken", "feedback", name="pk_case_counts"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO case_counts (team, status, urgency, taken, feedback, n) "
        "SELECT team, status, urgency, CASE WHEN officer IS NULL THEN 0 ELSE 1 END, feedback, count(*) "
        "FROM case_teams GROUP BY 1, 2, 3, 4, 5"
    )
