"""Who wants to be told that there is an answer: the one lasting link from a chat to a case (D10)."""

from sqlalchemy import ForeignKey, Index

from storage.columns import BYTES, NUMBER, RANDOM, SEALED, STATE, column, table

notices = table(
    "notices",
    "Chats that asked to be told, in neutral words, that there is an answer.",
    "30 days at most; until the mailbox or its case is closed, the chat is left or its phone is read by others",
    column("mailbox_id", BYTES, RANDOM, "which", ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True),
    column(
        "chat",
        BYTES,
        SEALED,
        "the chat, its language and what was said there last, sealed to the notifier's key, differently in each row",
    ),
    column("told", NUMBER, STATE, "how many of its answers were read or told"),
    column("until_hour", NUMBER, STATE, "hour at which the wish ends"),
    column(
        "due_at", NUMBER, STATE, "second at which it is told, drawn by chance; empty: nothing is new", nullable=True
    ),
    Index("ix_notices_due_at", "due_at"),
)

notice_ends = table(
    "notice_ends",
    "Chats in which nothing is to be said by itself any more; the notifier drops their notices.",
    "seconds: until the notifier has looked; at most 24 hours",
    column("id", BYTES, RANDOM, "names the row", primary_key=True),
    column("chat", BYTES, SEALED, "the chat, sealed to the notifier's key"),
    column("hour", NUMBER, STATE, "hour of asking, for the purge"),
)
