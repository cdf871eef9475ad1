"""Who has which text open at the translators' desk.

Revision 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "desk_visits",
        sa.Column("lang", TEXT, nullable=False),
        sa.Column("item", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("opened", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("lang", "item", "account", name="pk_desk_visits"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_desk_visits_opened", "desk_visits", ["opened"])
