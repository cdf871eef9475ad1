"""Cases put off in such a way that the reporter's words wait as well.

Revision 0023, after 0022.  What was put off before comes back by the reporter's words, as it did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("snoozes", sa.Column("quiet", NUMBER, nullable=False, server_default="0"))
