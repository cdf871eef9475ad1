"""The first tables.

Revision 0001, after none.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _table(
        "updates",
        _text("source"),
        _number("number"),
        _number("hour"),
        sa.PrimaryKeyConstraint("source", "number", name="pk_updates"),
    )
    _index("ix_updates_hour", "updates", "hour")
    _table(
        "conversations",
        _bytes("key"),
        _bytes("session"),
        _number("hour"),
        sa.PrimaryKeyConstraint("key", name="pk_conversations"),
        postgresql_with={"fillfactor": 70},
    )
    _index("ix_conversations_hour", "conversations", "hour")
    _table(
        "outbox",
        _bytes("id"),
        _number("serial", sa.Identity()),
        _text("kind"),
        _number("priority"),
        _bytes("ticket"),
        _text("message"),
        _bytes("collapse", nullable=True),
        _number("since"),
        _number("due_at"),
        _number("fence"),
        _number("attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        postgresql_with={"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 500, "autovacuum_vacuum_cost_delay": 0},
    )
    _index("ix_outbox_due", "outbox", "priority", "due_at", "serial")
    _index("uq_outbox_collapse", "outbox", "collapse", unique=True)
    _table(
        "sent",
        _bytes("conversation"),
        _number("message"),
        _text("kind"),
        _bytes("ticket", nullable=True),
        _number("hour"),
        sa.PrimaryKeyConstraint("conversation", "message", name="pk_sent"),
    )
    _index("ix_sent_hour", "sent", "hour")
    _table(
        "drafts",
        _bytes("case_id"),
        _number("expires"),
        sa.PrimaryKeyConstraint("case_id", name="pk_drafts"),
    )
    _index("ix_drafts_expires", "drafts", "expires")
    _table(
        "records",
        _bytes("case_id"),
        _number("seq"),
        _bytes("id"),
        _text("kind"),
        _number("roster"),
        _number("day"),
        _bytes("digest"),
        _bytes("envelope"),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_records"),
    )
    _table(
        "slots",
        _bytes("case_id"),
        _bytes("key_id"),
        _number("roster"),
        _bytes("slot"),
        sa.PrimaryKeyConstraint("case_id", "key_id", name="pk_slots"),
    )
    _index("ix_slots_key_id", "slots", "key_id", "case_id")
    _table(
        "cases",
        _bytes("id"),
        _text("handle"),
        _text("language"),
        _text("region"),
        _text("concern"),
        _text("urgency"),
        _text("channel"),
        _number("day"),
        _number("climb_at", nullable=True),
        _text("status"),
        _text("officer", nullable=True),
        _number("waiting"),
        _number("hour"),
        _number("version"),
        _number("closed_day", nullable=True),
        _number("held"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("handle", name="uq_cases_handle"),
    )
    _index("ix_cases_climb_at", "cases", "climb_at")
    _index("ix_cases_closed_day", "cases", "closed_day")
    _index("ix_cases_officer", "cases", "officer", "status", "urgency", "hour", "id")
    _table(
        "case_heads",
        _bytes("case_id", _owner("case_heads", "case_id", "cases.id")),
        _number("seq"),
        _bytes("head"),
        _bytes("public"),
        _bytes("slot_list"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_heads"),
    )
    _table(
        "case_teams",
        _bytes("case_id", _owner("case_teams", "case_id", "cases.id")),
        _text("team"),
        _text("status"),
        _text("urgency"),
        _number("hour"),
        _text("officer", nullable=True),
        sa.PrimaryKeyConstraint("case_id", "team", name="pk_case_teams"),
    )
    _index("ix_case_teams_queue", "case_teams", "team", "status", "urgency", "hour", "case_id")
    _index("ix_case_teams_unassigned", "case_teams", "team", "status", "urgency", "hour", "case_id", only="officer IS NULL")
    _table(
        "case_counts",
        _text("team"),
        _text("status"),
        _text("urgency"),
        _number("taken"),
        _number("n"),
        sa.PrimaryKeyConstraint("team", "status", "urgency", "taken", name="pk_case_counts"),
    )
    _table(
        "mailboxes",
        _bytes("id"),
        _bytes("case_id"),
        _text("locator"),
        _text("cost"),
        _number("day"),
        _bytes("auth"),
        _bytes("kem"),
        sa.PrimaryKeyConstraint("id", name="pk_mailboxes"),
    )
    _index("ix_mailboxes_case_id", "mailboxes", "case_id")
    _index("ix_mailboxes_locator", "mailboxes", "locator")
    _table(
        "mailbox_messages",
        _bytes("mailbox_id", _owner("mailbox_messages", "mailbox_id", "mailboxes.id")),
        _number("seq"),
        _bytes("id"),
        _number("roster"),
        _number("day"),
        _bytes("digest"),
        _bytes("envelope"),
        sa.PrimaryKeyConstraint("mailbox_id", "seq", name="pk_mailbox_messages"),
    )
    _table(
        "locator_salts",
        _text("locator"),
        _bytes("salt"),
        sa.PrimaryKeyConstraint("locator", name="pk_locator_salts"),
    )
    _table(
        "accounts",
        _text("id"),
        _text("login"),
        _text("name"),
        _text("roles"),
        _bytes("salt"),
        _text("cost"),
        _bytes("proof"),
        _number("suspended"),
        _number("day"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
    )
    _table(
        "key_bundles",
        _text("account", _owner("key_bundles", "account", "accounts.id")),
        _bytes("key_id"),
        _number("starts"),
        _number("ends"),
        _bytes("wrapped"),
        sa.PrimaryKeyConstraint("account", "key_id", name="pk_key_bundles"),
    )
    _table(
        "passkeys",
        _bytes("credential"),
        _text("account", _owner("passkeys", "account", "accounts.id")),
        _bytes("public"),
        _number("signs"),
        _number("day"),
        sa.PrimaryKeyConstraint("credential", name="pk_passkeys"),
    )
    _index("ix_passkeys_account", "passkeys", "account")
    _table(
        "sessions",
        _bytes("token"),
        _text("account", _owner("sessions", "account", "accounts.id")),
        _number("ends"),
        _number("vault_ends"),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    _index("ix_sessions_account", "sessions", "account")
    _index("ix_sessions_ends", "sessions", "ends")
    _table(
        "challenges",
        _bytes("id"),
        _text("account"),
        _bytes("challenge"),
        _number("ends"),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
    )
    _index("ix_challenges_ends", "challenges", "ends")
    _table(
        "deeds",
        _text("account"),
        _bytes("key"),
        _text("action"),
        _text("answer"),
        _number("hour"),
        sa.PrimaryKeyConstraint("account", "key", name="pk_deeds"),
    )
    _index("ix_deeds_hour", "deeds", "hour")
    _table(
        "audit_entries",
        _bytes("id"),
        _number("seq", nullable=True),
        _number("hour"),
        _bytes("entry"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    _index("ix_audit_entries_unchained", "audit_entries", "hour", "id", only="seq IS NULL")
    _index("uq_audit_entries_seq", "audit_entries", "seq", unique=True)
    _table(
        "rosters",
        _number("version"),
        _number("day"),
        _bytes("document"),
        sa.PrimaryKeyConstraint("version", name="pk_rosters"),
    )
    _table(
        "marks",
        _text("name"),
        _number("number"),
        _number("hour"),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )

def _table(name: str, *items: Any, **more: Any) -> None:
    op.create_table(name, *items, sqlite_with_rowid=False, sqlite_strict=True, **more)


def _index(name: str, table: str, *columns: str, unique: bool = False, only: str | None = None) -> None:
    where = None if only is None else sa.text(only)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where)


def _owner(table: str, column: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, ondelete="CASCADE", name=f"fk_{table}_{column}")


def _bytes(name: str, *rest: Any, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), *rest, nullable=nullable)


def _number(name: str, *rest: Any, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, *rest, nullable=nullable)


def _text(name: str, *rest: Any, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, TEXT, *rest, nullable=nullable)
