"""Every table and column, once, with purpose and retention; migrations, statements and the data dictionary follow it.

Sealed data sits in tables keyed by random ids without a row number (D15): stored order tells nothing about arrival.
Days and hours are counted since the epoch, UTC; nothing finer is kept about a report, but `climb_at` of an urgent one.
"""

from storage.columns import metadata
from storage.schema.alerts import alerts, climbs
from storage.schema.casework import case_reminders, exports, match_keys, match_tokens, referrals
from storage.schema.notices import notice_ends, notices
from storage.schema.reports import (
    case_counts,
    case_heads,
    case_teams,
    cases,
    drafts,
    emptied_mailboxes,
    locator_salts,
    mailbox_messages,
    mailboxes,
    records,
    slots,
    submissions,
    upload_parts,
    voice_files,
    wishes,
)
from storage.schema.staff import (
    accounts,
    audit_entries,
    challenges,
    deeds,
    entries,
    key_bundles,
    marks,
    passkeys,
    rosters,
    sessions,
    wordings,
)
from storage.schema.talks import clip_files, conversations, outbox, sent, tallies, updates, voice_jobs

__all__ = [
    "accounts",
    "alerts",
    "audit_entries",
    "case_counts",
    "case_heads",
    "case_reminders",
    "case_teams",
    "cases",
    "challenges",
    "climbs",
    "clip_files",
    "conversations",
    "deeds",
    "drafts",
    "emptied_mailboxes",
    "entries",
    "exports",
    "key_bundles",
    "locator_salts",
    "mailbox_messages",
    "mailboxes",
    "marks",
    "match_keys",
    "match_tokens",
    "metadata",
    "notice_ends",
    "notices",
    "outbox",
    "passkeys",
    "records",
    "referrals",
    "rosters",
    "sent",
    "sessions",
    "slots",
    "submissions",
    "tallies",
    "updates",
    "upload_parts",
    "voice_files",
    "voice_jobs",
    "wishes",
    "wordings",
]
