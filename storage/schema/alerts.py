"""What reminds officers of a report that nobody has opened."""

from sqlalchemy import ForeignKey, Index

from storage.columns import BYTES, NUMBER, RANDOM, STAFF, STATE, TEXT, column, table

climbs = table(
    "climbs",
    "How far an urgent report has climbed while nobody opened it.",
    "until somebody opens it",
    column("case_id", BYTES, RANDOM, "which", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    column("level", NUMBER, STATE, "0 officers of the team, 1 supervisor, 2 second contact, 3 duty team"),
    column("next_at", NUMBER, STATE, "second at which it climbs on"),
    Index("ix_climbs_next_at", "next_at"),
)

alerts = table(
    "alerts",
    "Alerts that are to be sent to staff: reason, urgency and team, no content (D19).",
    "until sent, or the report was opened; at most 24 hours",
    column("id", BYTES, RANDOM, "names the alert", primary_key=True),
    column(
        "case_id",
        BYTES,
        RANDOM,
        "the report it is about, so that it lapses with the opening; never sent; none for a digest",
        ForeignKey("cases.id", ondelete="CASCADE"),
        nullable=True,
    ),
    column("person", TEXT, STAFF, "whom to tell, by their id in the duty roster"),
    column("team", TEXT, STATE, "the queue the report waits in"),
    column("urgency", TEXT, STATE, "band of the report"),
    column("reason", TEXT, STATE, "why: new, unopened, off-duty, still, digest"),
    column("due_at", NUMBER, STATE, "second from which it may be claimed: its time, or the end of the lease"),
    column("since", NUMBER, STATE, "second at which it was written, for the purge"),
    column("fence", NUMBER, STATE, "rises with each claim; a late worker no longer matches it"),
    column("attempts", NUMBER, STATE, "claims so far"),
    Index("ix_alerts_due_at", "due_at"),
    Index("ix_alerts_case_id", "case_id"),
)
