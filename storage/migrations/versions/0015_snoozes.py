"""Cases that were put off to a day.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "snoozes",
        sa.Column("case_id", sa.LargeBinary(), nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_snoozes"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_snoozes_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_snoozes_until", "snoozes", ["until"])
