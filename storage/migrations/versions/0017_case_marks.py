"""Marks that tie the key of a case to its mailbox.

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("case_mark", sa.LargeBinary(), nullable=True))
