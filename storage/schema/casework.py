"""What officers do with a case beyond answering: passing it on, finding what is alike, taking it out by two."""

from sqlalchemy import ForeignKey, Index

from storage.columns import BYTES, HASH, NUMBER, PUBLIC, RANDOM, SEALED, STAFF, STATE, TEXT, column, table

_CASE = "cases.id"

referrals = table(
    "referrals",
    "Which teams a case was passed to, and how that stands; the reasons are sealed notes of the case.",
    "with the case",
    column("id", BYTES, RANDOM, "names the referral", primary_key=True),
    column("case_id", BYTES, RANDOM, "the case", ForeignKey(_CASE, ondelete="CASCADE")),
    column("way", TEXT, STATE, "referral, transfer or complaint"),
    column("from_team", TEXT, STATE, "id of the team that passed it"),
    column("to_team", TEXT, STATE, "id of the team it was passed to"),
    column("progress", TEXT, STATE, "in_progress, accepted, rejected, done or revoked"),
    column("consent", TEXT, STATE, "why the other team may know: given, or danger"),
    column("officer", TEXT, STAFF, "who passed it"),
    column("day", NUMBER, STATE, "day it was passed"),
    column("seq", NUMBER, STATE, "number of the record of the case that says why; the order of referrals"),
    column("away", TEXT, STAFF, "JSON list of officers a complaint is about; they never get a slot of this case again"),
    Index("ix_referrals_case_id", "case_id"),
    Index("ix_referrals_to_team", "to_team", "progress", "day"),
)

case_reminders = table(
    "case_reminders",
    "When somebody has to look at a case again; why stands in its sealed plan.",
    "with the case, or until it is done",
    column("case_id", BYTES, RANDOM, "the case", ForeignKey(_CASE, ondelete="CASCADE"), primary_key=True),
    column("due", NUMBER, STATE, "hour from which it is shown"),
    Index("ix_case_reminders_due", "due"),
)

match_keys = table(
    "match_keys",
    "The officers' common key for finding what is alike, sealed once to each of them; the server has none.",
    "until a newer key replaces it",
    column("key_id", BYTES, HASH, "the reader key it is sealed to", primary_key=True),
    column("match_key", BYTES, HASH, "id of the common key"),
    column("roster", NUMBER, STATE, "version of the roster the reader was taken from"),
    column("slot", BYTES, SEALED, "the sealed common key"),
    column("signed", BYTES, PUBLIC, "an officer's signature over the id of the common key"),
)

match_tokens = table(
    "match_tokens",
    "Keyed pseudonyms of telephone numbers, vehicles and names, made in browsers; equal tokens suggest the same matter.",
    "with the case",
    column("token", BYTES, HASH, "HMAC under the officers' common key", primary_key=True),
    column("case_id", BYTES, RANDOM, "the case", ForeignKey(_CASE, ondelete="CASCADE"), primary_key=True),
    Index("ix_match_tokens_case_id", "case_id"),
)

exports = table(
    "exports",
    "Who asked to take a case out, and who agreed (S39).",
    "with the case",
    column("id", BYTES, RANDOM, "names the request", primary_key=True),
    column("case_id", BYTES, RANDOM, "the case", ForeignKey(_CASE, ondelete="CASCADE")),
    column("asked", TEXT, STAFF, "who asked"),
    column("agreed", TEXT, STAFF, "who else agreed", nullable=True),
    column("day", NUMBER, STATE, "day it was asked for"),
    column("used", NUMBER, STATE, "1 once it was taken out"),
    Index("ix_exports_case_id", "case_id"),
)
