"""The translators' desk beside its words: who has which text open, who read which words aloud, and the sounds themselves."""

from sqlalchemy import Index

from storage.columns import BYTES, HASH, NUMBER, PUBLIC, STAFF, STATE, TEXT, column, table

recordings = table(
    "recordings",
    "Every version of every recording made at the translators' desk; rows are added and never changed.",
    "for ever: who read which words aloud, and who approved it, stays known",
    column("lang", TEXT, STATE, "language", primary_key=True),
    column("item", TEXT, STATE, "id of the text", primary_key=True),
    column("version", NUMBER, STATE, "counts from 1; two who save at once cannot both have the next", primary_key=True),
    column(
        "state", TEXT, STATE, "draft, reviewed, published, or withdrawn (the recording of the release counts again)"
    ),
    column("author", TEXT, STAFF, "account that did this step"),
    column("wording", TEXT, PUBLIC, "the words that are read aloud; of other words it is not played"),
    column("sound", BYTES, HASH, "SHA-256 of the sound; empty where it was withdrawn"),
    column("seconds", NUMBER, STATE, "how long it plays"),
    column("hour", NUMBER, STATE, "hour of the step"),
    Index("ix_recordings_state", "state"),
)

recorded_sounds = table(
    "recorded_sounds",
    "The sounds of recordings, each once: OGG/Opus, read aloud from published texts; no child's voice.",
    "as long as the recordings that name them",
    column("digest", BYTES, HASH, "SHA-256 of the sound", primary_key=True),
    column("sound", BYTES, PUBLIC, "OGG/Opus, at most 256 KiB"),
)

desk_visits = table(
    "desk_visits",
    "Who has which text open at the translators' desk, so that whoever opens it next is told.",
    "until it is saved; at most ten minutes, then gone with the next look",
    column("lang", TEXT, STATE, "language", primary_key=True),
    column("item", TEXT, STATE, "id of the text", primary_key=True),
    column("account", TEXT, STAFF, "who opened it", primary_key=True),
    column("opened", NUMBER, STATE, "second at which it was opened last"),
    Index("ix_desk_visits_opened", "opened"),
)
