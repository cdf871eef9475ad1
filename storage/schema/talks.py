"""What a turn of a chat leaves behind."""

from sqlalchemy import Identity, Index

from storage.columns import BYTES, HASH, NUMBER, RANDOM, SEALED, STATE, TEXT, column, table

updates = table(
    "updates",
    "Tells a repeated update from a new one, so that nothing happens twice.",
    "72 hours, then purged",
    column("source", TEXT, STATE, "channel and bot the update came from", primary_key=True),
    column("number", NUMBER, STATE, "the channel's own number of the update; linked to nothing else", primary_key=True),
    column("hour", NUMBER, STATE, "hour of arrival, for the purge"),
    Index("ix_updates_hour", "hour"),
)

conversations = table(
    "conversations",
    "Where an open talk is.",
    "until it is left, or 24 hours idle",
    column("key", BYTES, HASH, "pseudonym of the chat under the pepper of the day (D8)", primary_key=True),
    column("session", BYTES, SEALED, "the step and coarse answers, sealed under the key of the day"),
    column("hour", NUMBER, STATE, "hour of the last event, for the purge"),
    Index("ix_conversations_hour", "hour"),
    postgresql_with={"fillfactor": 70},
)

outbox = table(
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

sent = table(
    "sent",
    "Which messages a chat shows, so that what should not stay can be deleted (S41).",
    "48 hours: the channel deletes nothing older",
    column("conversation", BYTES, HASH, "pseudonym of the chat (D8)", primary_key=True),
    column("message", NUMBER, STATE, "the channel's number of the message", primary_key=True),
    column("kind", TEXT, STATE, "message class, or that the reporter wrote it"),
    column("ticket", BYTES, SEALED, "the chat, sealed under the queue key of the day", nullable=True),
    column("hour", NUMBER, STATE, "hour of sending, for the purge"),
    column("vanish_at", NUMBER, STATE, "second from which it is to be deleted; empty: it stays", nullable=True),
    Index("ix_sent_hour", "hour"),
    Index("ix_sent_vanish_at", "vanish_at"),
)

voice_jobs = table(
    "voice_jobs",
    "Voice notes that a reporter sent and that are not fetched yet.",
    "until fetched and sealed, or given up; at most 24 hours",
    column("id", BYTES, RANDOM, "names the note until it is a record", primary_key=True),
    column(
        "job",
        BYTES,
        SEALED,
        "the channel's name of the file, chat and draft, sealed under the queue key of the day (D9)",
    ),
    column("since", NUMBER, STATE, "second at which it came, for the purge"),
    column("due_at", NUMBER, STATE, "second from which it may be claimed: its time, or the end of the lease"),
    column("fence", NUMBER, STATE, "rises with each claim; a late worker no longer matches it"),
    column("attempts", NUMBER, STATE, "claims so far; eight to fetch it, as many to say that it failed, then parked"),
    Index("ix_voice_jobs_due_at", "due_at"),
)

clip_files = table(
    "clip_files",
    "Telegram's names for recordings and pictures, so that each is uploaded once (nothing about who got one).",
    "rows stay: one for each recording or picture that was ever sent",
    column("bot", TEXT, STATE, "bot the name is good for", primary_key=True),
    column("clip", BYTES, HASH, "SHA-256 of the recording or picture, which comes with the program", primary_key=True),
    column("file_id", TEXT, STATE, "the channel's name for the file"),
)

tallies = table(
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
