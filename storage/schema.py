"""Every table and column, once, with purpose and retention; migrations, statements and the data dictionary follow it.

Sealed data sits in tables keyed by random ids without a row number (D15): stored order tells nothing about arrival.
Days and hours are counted since the epoch, UTC; nothing finer is kept about a report, but `climb_at` of an urgent one.
"""

from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, MetaData, Table
from sqlalchemy.schema import SchemaItem

from bot.core.voice import CONCERNS
from storage.columns import BYTES, NUMBER, TEXT, Holds, column

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)
RANDOM, SEALED, HASH, STATE = Holds.RANDOM, Holds.SEALED, Holds.HASH, Holds.STATE
CLEAR, STAFF, KEY, SALT = Holds.CLEAR, Holds.STAFF, Holds.KEY, Holds.SALT


def _table(name: str, why: str, keeps: str, *items: SchemaItem, **more: Any) -> Table:
    """`keeps`: how long a row lives and what ends it."""
    info = {"why": why, "keeps": keeps}
    return Table(name, metadata, *items, info=info, sqlite_with_rowid=False, sqlite_strict=True, **more)


# --- a turn of a chat ---

updates = _table(
    "updates",
    "Tells a repeated update from a new one, so that nothing happens twice.",
    "72 hours, then purged",
    column("source", TEXT, STATE, "channel and bot the update came from", primary_key=True),
    column("number", NUMBER, STATE, "the channel's own number of the update; linked to nothing else", primary_key=True),
    column("hour", NUMBER, STATE, "hour of arrival, for the purge"),
    Index("ix_updates_hour", "hour"),
)

conversations = _table(
    "conversations",
    "Where an open talk is.",
    "until it is left, or 24 hours idle",
    column("key", BYTES, HASH, "pseudonym of the chat under the pepper of the day (D8)", primary_key=True),
    column("session", BYTES, SEALED, "the step and coarse answers, sealed under the key of the day"),
    column("hour", NUMBER, STATE, "hour of the last event, for the purge"),
    Index("ix_conversations_hour", "hour"),
    postgresql_with={"fillfactor": 70},
)

outbox = _table(
    "outbox",
    "Messages that are to be sent; the net under sending at once from memory.",
    "until delivered, at most 24 hours (deletions of chat messages 47 hours)",
    column("id", BYTES, RANDOM, "names the message towards the sender", primary_key=True),
    column("serial", NUMBER, STATE, "order within the table, so that a chat gets its messages in order", Identity()),
    column("kind", TEXT, STATE, "message class, which decides what is done when the outcome is unknown"),
    column("priority", NUMBER, STATE, "smaller goes first"),
    column("ticket", BYTES, SEALED, "the chat to send to, sealed under the queue key of the day (D9)"),
    column("message", TEXT, STATE, "ids of texts and plain parameters; no words, no personal data"),
    column("collapse", BYTES, HASH, "prompts of one talk share it: only the newest is sent", nullable=True),
    column("since", NUMBER, STATE, "second at which it was written, to drop what is stale"),
    column("due_at", NUMBER, STATE, "second from which it may be claimed: its time, or the end of the lease"),
    column("fence", NUMBER, STATE, "rises with each claim; a late worker no longer matches it"),
    column("attempts", NUMBER, STATE, "claims so far; parked after eight"),
    Index("ix_outbox_due", "priority", "due_at", "serial"),
    Index("uq_outbox_collapse", "collapse", unique=True),
    postgresql_with={
        "fillfactor": 70,
        "autovacuum_vacuum_scale_factor": 0,
        "autovacuum_vacuum_threshold": 500,
        "autovacuum_vacuum_cost_delay": 0,
    },
)

sent = _table(
    "sent",
    "Which messages a chat shows, so that what should not stay can be deleted (S41).",
    "48 hours: the channel deletes nothing older",
    column("conversation", BYTES, HASH, "pseudonym of the chat (D8)", primary_key=True),
    column("message", NUMBER, STATE, "the channel's number of the message", primary_key=True),
    column("kind", TEXT, STATE, "message class, or that the reporter wrote it"),
    column("ticket", BYTES, SEALED, "the chat, sealed under the queue key of the day", nullable=True),
    column("hour", NUMBER, STATE, "hour of sending, for the purge"),
    Index("ix_sent_hour", "hour"),
)

clip_files = _table(
    "clip_files",
    "Telegram's names for recordings and pictures, so that each is uploaded once (nothing about who got one).",
    "rows stay: one for each recording or picture that was ever sent",
    column("bot", TEXT, STATE, "bot the name is good for", primary_key=True),
    column("clip", BYTES, HASH, "SHA-256 of the recording or picture, which comes with the program", primary_key=True),
    column("file_id", TEXT, STATE, "the channel's name for the file"),
)

tallies = _table(
    "tallies",
    "How often something was done in a month; every value but the number is from a closed list, and none names a person.",
    "rows stay, numbers change",
    column("kind", TEXT, STATE, "what is counted, for example a talk opened through a poster", primary_key=True),
    column("item", TEXT, STATE, "which one: an id that the deployment knows", primary_key=True),
    column("lang", TEXT, STATE, "language of the talk, or empty", primary_key=True),
    column("audience", TEXT, STATE, "who said to be writing (child, adult ...), or empty", primary_key=True),
    column("month", NUMBER, STATE, "months since 1970", primary_key=True),
    column("n", NUMBER, STATE, "how often"),
)

# --- a report ---

drafts = _table(
    "drafts",
    "Which reports were begun and not sent.",
    "24 hours, then purged with their records and slots",
    column("case_id", BYTES, RANDOM, "the case the report would become", primary_key=True),
    column("expires", NUMBER, STATE, "hour after which the draft is gone"),
    Index("ix_drafts_expires", "expires"),
)

records = _table(
    "records",
    "What reporters and officers wrote, each piece sealed to the case key.",
    "with the case: 90 days after closing by default; drafts 24 hours",
    column("case_id", BYTES, RANDOM, "case or draft it belongs to", primary_key=True),
    column("seq", NUMBER, STATE, "number within the case; a gap shows", primary_key=True),
    column("id", BYTES, RANDOM, "part of the sealed context"),
    column("kind", TEXT, STATE, "cover, answers, words, message, reply or note"),
    column("roster", NUMBER, STATE, "version of the roster checked before sealing; part of the sealed context"),
    column("day", NUMBER, CLEAR, "day of arrival"),
    column("digest", BYTES, HASH, "hash of the envelope; the next record names it"),
    column("envelope", BYTES, SEALED, "the record, padded to a size bucket"),
)

slots = _table(
    "slots",
    "The private half of a case key, sealed once to each reader.",
    "with the case, or until the reader's access ends; dropped, never added (D11)",
    column("case_id", BYTES, RANDOM, "the case it opens", primary_key=True),
    column("key_id", BYTES, HASH, "the reader key it is sealed to", primary_key=True),
    column("roster", NUMBER, STATE, "version of the roster the reader was taken from"),
    column("slot", BYTES, SEALED, "the sealed private half"),
    Index("ix_slots_key_id", "key_id", "case_id"),
)

cases = _table(
    "cases",
    "What a queue row and routing need; everything else is in the sealed cover.",
    "90 days after closing by default, longer under legal hold; words about this service 400 days",
    column("id", BYTES, RANDOM, "names the case", primary_key=True),
    column("handle", TEXT, RANDOM, "short random name for audit entries and the telephone", unique=True),
    column("language", TEXT, CLEAR, "language to answer in (D11)"),
    column("region", TEXT, CLEAR, "region bucket, for routing (D11)"),
    column("concern", TEXT, CLEAR, "kind of concern, for routing (D11)"),
    column("urgency", TEXT, CLEAR, "urgency band, for the order of the queue (D11)"),
    column("channel", TEXT, CLEAR, "channel it came through (D11)"),
    column("day", NUMBER, CLEAR, "day of arrival (D11)"),
    column(
        "climb_at", NUMBER, CLEAR, "urgent cases only: second at which it climbs, until opened (D11)", nullable=True
    ),
    column("status", TEXT, STATE, "where the work stands"),
    column("officer", TEXT, STATE, "who works on it", nullable=True),
    column("waiting", NUMBER, STATE, "1 while the reporter wrote last"),
    column("hour", NUMBER, STATE, "hour since which the reporter waits; the order within an urgency"),
    column("version", NUMBER, STATE, "rises with each change, so that two officers do not overwrite one another"),
    column("closed_day", NUMBER, STATE, "day of closing, when retention begins", nullable=True),
    column("held", NUMBER, STATE, "1 under legal hold: not purged"),
    Index("ix_cases_officer", "officer", "status", "urgency", "hour", "id"),
    Index("ix_cases_climb_at", "climb_at"),
    Index("ix_cases_closed_day", "closed_day"),
)

Index(
    "ix_cases_feedback",
    cases.c.day,
    sqlite_where=cases.c.concern.in_(CONCERNS),
    postgresql_where=cases.c.concern.in_(CONCERNS),
)

wishes = _table(
    "wishes",
    "Reports that were taken back.",
    "with the case, or until the reporter lets the helpers go on",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("wish", NUMBER, STATE, "1 taken back; 2 taken back, and an officer goes on because a life is in danger"),
)

case_heads = _table(
    "case_heads",
    "What adding to a case needs.",
    "with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("seq", NUMBER, STATE, "how many records there are: the number of the next one"),
    column("head", BYTES, HASH, "hash of the newest record"),
    column("public", BYTES, KEY, "the case key's public half: new records are sealed to it"),
    column("slot_list", BYTES, HASH, "authenticated list of the slots that were made (S12)"),
)

case_teams = _table(
    "case_teams",
    "The queue: which teams a case was brought to, with what orders the list.",
    "with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("team", TEXT, STATE, "id of the team in the roster", primary_key=True),
    column("status", TEXT, STATE, "as in cases"),
    column("urgency", TEXT, CLEAR, "as in cases"),
    column("hour", NUMBER, STATE, "as in cases"),
    column("officer", TEXT, STATE, "as in cases", nullable=True),
    column("feedback", NUMBER, STATE, "1 for words about this service, which stand in lists of their own"),
    Index("ix_case_teams_queue", "team", "feedback", "status", "urgency", "hour", "case_id"),
)
Index(
    "ix_case_teams_unassigned",
    *(case_teams.c[name] for name in ("team", "feedback", "status", "urgency", "hour", "case_id")),
    sqlite_where=case_teams.c.officer.is_(None),
    postgresql_where=case_teams.c.officer.is_(None),
)

case_counts = _table(
    "case_counts",
    "How many cases a queue holds, kept as they change instead of counted.",
    "rows stay, numbers change",
    column("team", TEXT, STATE, "id of the team", primary_key=True),
    column("status", TEXT, STATE, "as in cases", primary_key=True),
    column("urgency", TEXT, STATE, "as in cases", primary_key=True),
    column("taken", NUMBER, STATE, "1 for cases somebody works on", primary_key=True),
    column("feedback", NUMBER, STATE, "as in case_teams", primary_key=True),
    column("n", NUMBER, STATE, "how many"),
)

# --- a report from the private page ---

upload_parts = _table(
    "upload_parts",
    "Parts of a sealed report on its way from a private page; officers see nothing of them.",
    "until the report is whole, at most 24 hours",
    column("submission", BYTES, RANDOM, "names the upload; made in the page", primary_key=True),
    column("part", NUMBER, STATE, "number of the part, from 0", primary_key=True),
    column("revision", NUMBER, STATE, "rises when the page had to seal anew for another list of officers"),
    column("digest", BYTES, HASH, "SHA-256 of the part, to know a repeat"),
    column("content", BYTES, SEALED, "up to 256 KiB of sealed records and slots"),
    column("hour", NUMBER, STATE, "hour of arrival, for the purge"),
    Index("ix_upload_parts_hour", "hour"),
)

submissions = _table(
    "submissions",
    "Which uploads have become a case, so that a repeat gets the same receipt; linked to no case.",
    "72 hours, then purged",
    column("submission", BYTES, RANDOM, "names the upload", primary_key=True),
    column("digest", BYTES, HASH, "SHA-256 of the message that closed it"),
    column("hour", NUMBER, STATE, "hour it was closed, for the purge"),
    Index("ix_submissions_hour", "hour"),
)

# --- hearing back ---

mailboxes = _table(
    "mailboxes",
    "Where answers wait for whoever holds the case code.",
    "with the case, or until the reporter closes it",
    column("id", BYTES, HASH, "derived from the case code", primary_key=True),
    column("case_id", BYTES, RANDOM, "the case it hears from"),
    column("locator", TEXT, CLEAR, "bucket of the case code, five digits, shared by mailboxes (D2)"),
    column("cost", TEXT, STATE, "parameters of the derivation, so that old codes still open (S16)"),
    column("day", NUMBER, CLEAR, "day it was made"),
    column("auth", BYTES, HASH, "SHA-256 of the derived proof (S17)"),
    column("kem", BYTES, KEY, "answers are sealed to it; only the code derives the other half"),
    Index("ix_mailboxes_case_id", "case_id"),
    Index("ix_mailboxes_locator", "locator"),
)

mailbox_messages = _table(
    "mailbox_messages",
    "Officers' answers, sealed to a mailbox and signed inside.",
    "with the mailbox",
    column("mailbox_id", BYTES, HASH, "the mailbox", ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True),
    column("seq", NUMBER, STATE, "number within the mailbox; a gap shows", primary_key=True),
    column("id", BYTES, RANDOM, "part of the sealed context"),
    column("roster", NUMBER, STATE, "version of the roster checked before sealing; part of the sealed context"),
    column("day", NUMBER, STATE, "day it was written"),
    column("digest", BYTES, HASH, "hash of the envelope"),
    column("envelope", BYTES, SEALED, "the answer, of constant length (S9)"),
)

emptied_mailboxes = _table(
    "emptied_mailboxes",
    "Up to where the reporter deleted the answers, so that the chain of later ones still holds (S52).",
    "with the mailbox",
    column("mailbox_id", BYTES, HASH, "the mailbox", ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True),
    column("count", NUMBER, STATE, "how many answers were deleted: the number of the next one"),
    column("last", BYTES, HASH, "hash of the newest of them"),
    column("mark", BYTES, HASH, "made with the case code: nobody else can say that answers were deleted"),
)

locator_salts = _table(
    "locator_salts",
    "The random salt of each bucket of case codes (D2).",
    "for ever: a bucket's salt never changes",
    column("locator", TEXT, CLEAR, "the bucket", primary_key=True),
    column("salt", BYTES, SALT, "16 random bytes"),
)

# --- officers ---

accounts = _table(
    "accounts",
    "Who may sign in to the console.",
    "while employed; suspended accounts stay until their audit entries lapse",
    column("id", TEXT, STAFF, "the officer's id in the roster", primary_key=True),
    column("login", TEXT, STAFF, "name to sign in with", unique=True),
    column("name", TEXT, STAFF, "display name, shown to colleagues only; never in the roster (A7)"),
    column("roles", TEXT, STAFF, "roles, separated by spaces"),
    column("salt", BYTES, SALT, "of the pass phrase's derivation"),
    column("cost", TEXT, STATE, "parameters of that derivation"),
    column("proof", BYTES, HASH, "SHA-256 of the derived login proof"),
    column("suspended", NUMBER, STATE, "1 while signing in is refused"),
    column("day", NUMBER, STATE, "day it was made"),
)
_ACCOUNT = "accounts.id"

key_bundles = _table(
    "key_bundles",
    "Officers' private keys, wrapped; useless without pass phrase and shard (D14).",
    "until the epoch has ended and its cases were sealed anew",
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE"), primary_key=True),
    column("key_id", BYTES, HASH, "id of the public key", primary_key=True),
    column("starts", NUMBER, STATE, "second from which the key is used"),
    column("ends", NUMBER, STATE, "second at which it ends"),
    column("wrapped", BYTES, SEALED, "the private keys"),
)

passkeys = _table(
    "passkeys",
    "Passkeys to sign in with (S21).",
    "until removed",
    column("credential", BYTES, RANDOM, "the authenticator's id of the passkey", primary_key=True),
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE")),
    column("public", BYTES, KEY, "its public key"),
    column("signs", NUMBER, STATE, "its counter, to notice a copy"),
    column("day", NUMBER, STATE, "day it was added"),
    Index("ix_passkeys_account", "account"),
)

sessions = _table(
    "sessions",
    "Who is signed in (S22).",
    "8 hours, or until signed out",
    column("token", BYTES, HASH, "SHA-256 of the cookie's token", primary_key=True),
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE")),
    column("ends", NUMBER, STATE, "second at which it ends in any case"),
    column("vault_ends", NUMBER, STATE, "second at which the vault locks unless used"),
    Index("ix_sessions_account", "account"),
    Index("ix_sessions_ends", "ends"),
)

challenges = _table(
    "challenges",
    "What a passkey was asked to sign; each is used once.",
    "5 minutes",
    column("id", BYTES, HASH, "SHA-256 of the value the browser holds", primary_key=True),
    column("account", TEXT, STAFF, "for whom, or empty while unknown"),
    column("challenge", BYTES, RANDOM, "the bytes to sign"),
    column("ends", NUMBER, STATE, "second at which it lapses"),
    Index("ix_challenges_ends", "ends"),
)

deeds = _table(
    "deeds",
    "Answers already given to an officer's action, so that a repeat does it once (R26).",
    "72 hours",
    column("account", TEXT, STAFF, "whose action", primary_key=True),
    column("key", BYTES, RANDOM, "the action's idempotency key", primary_key=True),
    column("action", TEXT, STATE, "what was done"),
    column("answer", TEXT, STATE, "the stored answer: ids and states, no words"),
    column("hour", NUMBER, STATE, "hour it was done, for the purge"),
    Index("ix_deeds_hour", "hour"),
)

audit_entries = _table(
    "audit_entries",
    "Who did what, in a form that cannot be changed unnoticed (S36, S37).",
    "at least 2 years",
    column("id", BYTES, RANDOM, "names the entry until it is chained", primary_key=True),
    column("seq", NUMBER, STATE, "place in the log; given by the chainer", nullable=True),
    column("hour", NUMBER, STATE, "hour of the action"),
    column("entry", BYTES, STAFF, "canonical entry: key id, action, the case's random handle, hour (S38)"),
    Index("uq_audit_entries_seq", "seq", unique=True),
)
Index(
    "ix_audit_entries_unchained",
    audit_entries.c.hour,
    audit_entries.c.id,
    sqlite_where=audit_entries.c.seq.is_(None),
    postgresql_where=audit_entries.c.seq.is_(None),
)

rosters = _table(
    "rosters",
    "Every signed list of officers that was ever in force (D4).",
    "for ever",
    column("version", NUMBER, STATE, "rises", primary_key=True),
    column("day", NUMBER, STATE, "day it was stored"),
    column("document", BYTES, Holds.PUBLIC, "the signed document: ids and public keys, no names"),
)

marks = _table(
    "marks",
    "Single numbers the service remembers: high-water mark of the clock, last purge, place in the channel's queue.",
    "rows stay, numbers change",
    column("name", TEXT, STATE, "what is remembered", primary_key=True),
    column("number", NUMBER, STATE, "the number"),
    column("hour", NUMBER, STATE, "hour it was written"),
)

wordings = _table(
    "wordings",
    "Every version of every text that was changed at the translators' desk; rows are added and never changed.",
    "for ever: who changed which words, and what they were, stays known",
    column("lang", TEXT, STATE, "language", primary_key=True),
    column("item", TEXT, STATE, "id of the text", primary_key=True),
    column(
        "version",
        NUMBER,
        STATE,
        "counts from 1; two people who save at once cannot both have the next",
        primary_key=True,
    ),
    column("state", TEXT, STATE, "draft, reviewed, published, or withdrawn (the words of the release count again)"),
    column("author", TEXT, STAFF, "account that did this step"),
    column("wording", TEXT, Holds.PUBLIC, "the words, as everybody may read them once they are published"),
    column("english", TEXT, Holds.PUBLIC, "the English they were made from, to show what changed since"),
    column("source", BYTES, HASH, "SHA-256 of that English, to notice that it changed"),
    column("hour", NUMBER, STATE, "hour of the step"),
    Index("ix_wordings_state", "state"),
)
