"""Lists that officers keep under names of their own.

Revision 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("list", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("account", "place", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_saved_views_account", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
