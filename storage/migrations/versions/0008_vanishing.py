"""Messages that are to be deleted by themselves.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sent", sa.Column("vanish_at", NUMBER, nullable=True))
    op.create_index("ix_sent_vanish_at", "sent", ["vanish_at"])
