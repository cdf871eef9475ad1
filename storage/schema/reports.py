"""A report, its readers' slots, the private page's parts on their way, and the mailbox."""

from sqlalchemy import ForeignKey, Index

from bot.core.voice import CONCERNS
from storage.columns import BYTES, CLEAR, HASH, KEY, NUMBER, RANDOM, SALT, SEALED, STAFF, STATE, TEXT, column, table

drafts = table(
    "drafts",
    "Which reports were begun and not sent.",
    "24 hours, then purged with their records and slots",
    column("case_id", BYTES, RANDOM, "the case the report would become", primary_key=True),
    column("expires", NUMBER, STATE, "hour after which the draft is gone"),
    Index("ix_drafts_expires", "expires"),
)

records = table(
    "records",
    "What reporters and officers wrote, each piece sealed to the case key.",
    "with the case: 90 days after closing by default; drafts 24 hours",
    column("case_id", BYTES, RANDOM, "case or draft it belongs to", primary_key=True),
    column("seq", NUMBER, STATE, "number within the case; a gap shows", primary_key=True),
    column("id", BYTES, RANDOM, "part of the sealed context"),
    column("kind", TEXT, STATE, "cover, answers, words, voice, picture, message, reply or note"),
    column("roster", NUMBER, STATE, "version of the roster checked before sealing; part of the sealed context"),
    column("day", NUMBER, CLEAR, "day of arrival"),
    column("digest", BYTES, HASH, "hash of the envelope; the next record names it"),
    column("envelope", BYTES, SEALED, "the record, padded to a size bucket"),
)

voice_files = table(
    "voice_files",
    "Voice notes and pictures, each sealed to the case key in chunks; its record in the chain holds the hash.",
    "with the case or draft",
    column("case_id", BYTES, RANDOM, "case or draft it belongs to", primary_key=True),
    column("record", BYTES, RANDOM, "the record that names it; part of the sealed context", primary_key=True),
    column("envelope", BYTES, SEALED, "the file, padded to a size bucket of 64 KiB or more (S9)"),
)

slots = table(
    "slots",
    "The private half of a case key, sealed once to each reader.",
    "with the case, or until the reader's access ends; dropped, never added (D11)",
    column("case_id", BYTES, RANDOM, "the case it opens", primary_key=True),
    column("key_id", BYTES, HASH, "the reader key it is sealed to", primary_key=True),
    column("roster", NUMBER, STATE, "version of the roster the reader was taken from"),
    column("slot", BYTES, SEALED, "the sealed private half"),
    Index("ix_slots_key_id", "key_id", "case_id"),
)

cases = table(
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

wishes = table(
    "wishes",
    "Reports that were taken back.",
    "with the case, or until the reporter lets the helpers go on",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("wish", NUMBER, STATE, "1 taken back; 2 taken back, and an officer goes on because a life is in danger"),
)

snoozes = table(
    "snoozes",
    "Cases that were put off to a day.",
    "until that day, until the reporter writes or an officer acts; at the longest with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("until", NUMBER, STATE, "second at which it stands in its list again"),
    column("quiet", NUMBER, STATE, "1: what the reporter writes waits too, at most a day; 2: and something came"),
    Index("ix_snoozes_until", "until"),
)

case_heads = table(
    "case_heads",
    "What adding to a case needs.",
    "with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("seq", NUMBER, STATE, "how many records there are: the number of the next one"),
    column("head", BYTES, HASH, "hash of the newest record"),
    column("public", BYTES, KEY, "the case key's public half: new records are sealed to it"),
    column("slot_list", BYTES, HASH, "authenticated list of the slots that were made (S12)"),
)

case_teams = table(
    "case_teams",
    "The queue: which teams a case was brought to, with what orders the list.",
    "with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("team", TEXT, STATE, "id of the team in the roster", primary_key=True),
    column("status", TEXT, STATE, "as in cases"),
    column("urgency", TEXT, CLEAR, "as in cases"),
    column("hour", NUMBER, STATE, "as in cases"),
    column("officer", TEXT, STATE, "as in cases", nullable=True),
    column(
        "feedback",
        NUMBER,
        STATE,
        "which lists it stands in: 0 reports, 1 words about this service, 2 reports that sleep",
    ),
    Index("ix_case_teams_queue", "team", "feedback", "status", "urgency", "hour", "case_id"),
)
Index(
    "ix_case_teams_unassigned",
    *(case_teams.c[name] for name in ("team", "feedback", "status", "urgency", "hour", "case_id")),
    sqlite_where=case_teams.c.officer.is_(None),
    postgresql_where=case_teams.c.officer.is_(None),
)

case_counts = table(
    "case_counts",
    "How many cases a queue holds, kept as they change instead of counted.",
    "rows stay, numbers change",
    column("team", TEXT, STATE, "id of the team", primary_key=True),
    column("status", TEXT, STATE, "as in cases", primary_key=True),
    column("urgency", TEXT, STATE, "as in cases", primary_key=True),
    column("taken", NUMBER, STATE, "1 for cases somebody works on", primary_key=True),
    column("feedback", NUMBER, STATE, "as in case_teams", primary_key=True),
    column("n", NUMBER, STATE, "how many"),
    column("changes", NUMBER, STATE, "how often a case came or went; it only rises, so that open lists learn of it"),
)

case_holdings = table(
    "case_holdings",
    "Since when somebody works on a case, for colleagues who think of taking it over.",
    "while somebody works on it; at the longest with the case",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("since", NUMBER, STATE, "second at which whoever works on it took it"),
)

case_visits = table(
    "case_visits",
    "Which officers have a case open just now, so that two do not answer it at once; nothing of what they read or write.",
    "45 seconds unless renewed; deleted with the next look",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("account", TEXT, STAFF, "who has it open", primary_key=True),
    column("seen", NUMBER, STATE, "second at which the page last said so"),
    column("typed", NUMBER, STATE, "second at which something was last typed there, 0 for nothing"),
    Index("ix_case_visits_seen", "seen"),
)

upload_parts = table(
    "upload_parts",
    "Parts of a sealed report, or of words written back, on their way from a private page; officers see nothing of them.",
    "until the report is whole, at most 24 hours; in a flood, uploads make room for one another",
    column("submission", BYTES, RANDOM, "names the upload; made in the page", primary_key=True),
    column("part", NUMBER, STATE, "number of the part, from 0", primary_key=True),
    column("revision", NUMBER, STATE, "rises when the page had to seal anew for another list of officers"),
    column("digest", BYTES, HASH, "SHA-256 of the part, to know a repeat"),
    column("content", BYTES, SEALED, "up to 256 KiB of sealed records and slots"),
    column("hour", NUMBER, STATE, "hour of arrival, for the purge"),
    Index("ix_upload_parts_hour", "hour"),
)

submissions = table(
    "submissions",
    "Which uploads have become a case or were added to one, so that a repeat gets the same receipt; linked to no case.",
    "72 hours, then purged",
    column("submission", BYTES, RANDOM, "names the upload", primary_key=True),
    column("digest", BYTES, HASH, "SHA-256 of the message that closed it"),
    column("hour", NUMBER, STATE, "hour it was closed, for the purge"),
    Index("ix_submissions_hour", "hour"),
)

mailboxes = table(
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
    column(
        "case_mark",
        BYTES,
        HASH,
        "made with the case code: which key is the case's, so that nobody can swap it; empty: made before there were any",
        nullable=True,
    ),
    Index("ix_mailboxes_case_id", "case_id"),
    Index("ix_mailboxes_locator", "locator"),
)

mailbox_messages = table(
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

emptied_mailboxes = table(
    "emptied_mailboxes",
    "Up to where the reporter deleted the answers, so that the chain of later ones still holds (S52).",
    "with the mailbox",
    column("mailbox_id", BYTES, HASH, "the mailbox", ForeignKey("mailboxes.id", ondelete="CASCADE"), primary_key=True),
    column("count", NUMBER, STATE, "how many answers were deleted: the number of the next one"),
    column("last", BYTES, HASH, "hash of the newest of them"),
    column("mark", BYTES, HASH, "made with the case code: nobody else can say that answers were deleted"),
)

locator_salts = table(
    "locator_salts",
    "The random salt of each bucket of case codes (D2).",
    "for ever: a bucket's salt never changes",
    column("locator", TEXT, CLEAR, "the bucket", primary_key=True),
    column("salt", BYTES, SALT, "16 random bytes"),
)
