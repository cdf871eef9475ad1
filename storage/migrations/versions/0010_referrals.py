"""Work inside a case: referrals, reminders, tokens of what is alike and the officers' key for them, exports by two.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BYTES = sa.LargeBinary()


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", BYTES, nullable=False),
        sa.Column("case_id", BYTES, nullable=False),
        sa.Column("way", TEXT, nullable=False),
        sa.Column("from_team", TEXT, nullable=False),
        sa.Column("to_team", TEXT, nullable=False),
        sa.Column("progress", TEXT, nullable=False),
        sa.Column("consent", TEXT, nullable=False),
        sa.Column("officer", TEXT, nullable=False),
        sa.Column("day", NUMBER, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("away", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_referrals_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_referrals_case_id", "referrals", ["case_id"])
    op.create_index("ix_referrals_to_team", "referrals", ["to_team", "progress", "day"])
    op.create_table(
        "case_reminders",
        sa.Column("case_id", BYTES, nullable=False),
        sa.Column("due", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_reminders"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name="fk_case_reminders_case_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_case_reminders_due", "case_reminders", ["due"])
    op.create_table(
        "match_keys",
        sa.Column("key_id", BYTES, nullable=False),
        sa.Column("match_key", BYTES, nullable=False),
        sa.Column("roster", NUMBER, nullable=False),
        sa.Column("slot", BYTES, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_match_keys"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_table(
        "match_tokens",
        sa.Column("token", BYTES, nullable=False),
        sa.Column("case_id", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("token", "case_id", name="pk_match_tokens"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_match_tokens_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_match_tokens_case_id", "match_tokens", ["case_id"])
    op.create_table(
        "exports",
        sa.Column("id", BYTES, nullable=False),
        sa.Column("case_id", BYTES, nullable=False),
        sa.Column("asked", TEXT, nullable=False),
        sa.Column("agreed", TEXT, nullable=True),
        sa.Column("day", NUMBER, nullable=False),
        sa.Column("used", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_exports_case_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("ix_exports_case_id", "exports", ["case_id"])
