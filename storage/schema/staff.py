"""Officers, what they did, and what they wrote for everybody."""

from sqlalchemy import ForeignKey, Index

from storage.columns import BYTES, HASH, KEY, NUMBER, PUBLIC, RANDOM, SALT, SEALED, STAFF, STATE, TEXT, column, table

accounts = table(
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

key_bundles = table(
    "key_bundles",
    "Officers' private keys, wrapped; useless without pass phrase and shard (D14).",
    "until the epoch has ended and its cases were sealed anew",
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE"), primary_key=True),
    column("key_id", BYTES, HASH, "id of the public key", primary_key=True),
    column("starts", NUMBER, STATE, "second from which the key is used"),
    column("ends", NUMBER, STATE, "second at which it ends"),
    column("wrapped", BYTES, SEALED, "the private keys"),
)

invitations = table(
    "invitations",
    "Who was asked to become an officer; the link is used once.",
    "3 days",
    column("token", BYTES, HASH, "SHA-256 of what stands in the link", primary_key=True),
    column("login", TEXT, STAFF, "name to sign in with, and the officer's id in the roster"),
    column("name", TEXT, STAFF, "display name"),
    column("roles", TEXT, STAFF, "roles, separated by spaces"),
    column("ends", NUMBER, STATE, "second at which it lapses"),
    Index("ix_invitations_ends", "ends"),
)

cards = table(
    "cards",
    "Public keys that officers' browsers made, waiting for the root to sign them into the roster.",
    "while the account lives",
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE"), primary_key=True),
    column("card", TEXT, PUBLIC, "id and public keys, as the signer takes them"),
    column("day", NUMBER, STATE, "day it was made"),
)

admissions = table(
    "admissions",
    "Who asks that a colleague may read the older cases of a team; a second officer does it (S14, S39).",
    "until it is done, 30 days at most",
    column("account", TEXT, STAFF, "who shall read them", primary_key=True),
    column("team", TEXT, STATE, "whose cases", primary_key=True),
    column("asked", TEXT, STAFF, "officer who asks"),
    column("day", NUMBER, STATE, "day it was asked"),
)

passkeys = table(
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

one_time_codes = table(
    "one_time_codes",
    "Secrets of one-time codes to sign in with, where the operator allows them (S21).",
    "until removed; one hour when no code was ever used",
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE"), primary_key=True),
    column("secret", BYTES, SEALED, "the app's secret, sealed under the service's key"),
    column("step", NUMBER, STATE, "newest half minute whose code was used, 0 before the first: a code counts once"),
    column("made", NUMBER, STATE, "second at which the secret was made"),
)

sessions = table(
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

challenges = table(
    "challenges",
    "What a passkey was asked to sign; each is used once.",
    "5 minutes",
    column("id", BYTES, HASH, "SHA-256 of the value the browser holds", primary_key=True),
    column("account", TEXT, STAFF, "for whom, or empty while unknown"),
    column("challenge", BYTES, RANDOM, "the bytes to sign"),
    column("ends", NUMBER, STATE, "second at which it lapses"),
    Index("ix_challenges_ends", "ends"),
)

saved_views = table(
    "saved_views",
    "Lists that officers keep under names of their own, ten each.",
    "until the officer deletes them, while the account is there",
    column("account", TEXT, STAFF, "whose", ForeignKey(_ACCOUNT, ondelete="CASCADE"), primary_key=True),
    column("place", NUMBER, STATE, "which of the ten, from 0", primary_key=True),
    column(
        "name",
        TEXT,
        STAFF,
        "what the officer calls it, in clear: one line of 40 letters and at most four digits, so no telephone number and no "
        "case code; the page says that it is not sealed; told to its owner alone",
    ),
    column("list", TEXT, STATE, "JSON: which list, of which teams, urgencies, languages, concerns, and whose"),
)

deeds = table(
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

audit_entries = table(
    "audit_entries",
    "Who did what, in a form that cannot be changed unnoticed (S36, S37).",
    "2 years, then to the next signed state",
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

heads = table(
    "heads",
    "Signed states of the audit log: how long it was, and the hash over all of it (S37).",
    "as long as the entries they cover",
    column("size", NUMBER, STATE, "how many entries the log had", primary_key=True),
    column("hour", NUMBER, STATE, "hour in which this was last signed or found unchanged"),
    column("note", TEXT, PUBLIC, "the signed state, as a witness gets it: name of the log, size, hash, signature"),
    column("peaks", BYTES, HASH, "hashes from which the next state is counted on"),
    column("ended", TEXT, PUBLIC, "the log's signed word that what lay before has ended after its time", nullable=True),
)

rosters = table(
    "rosters",
    "Every signed list of officers that was ever in force (D4).",
    "for ever",
    column("version", NUMBER, STATE, "rises", primary_key=True),
    column("day", NUMBER, STATE, "day it was stored"),
    column("document", BYTES, PUBLIC, "the signed document: ids and public keys, no names"),
)

marks = table(
    "marks",
    "Single numbers the service remembers: high-water mark of the clock, last purge, place in the channel's queue.",
    "rows stay, numbers change",
    column("name", TEXT, STATE, "what is remembered", primary_key=True),
    column("number", NUMBER, STATE, "the number"),
    column("hour", NUMBER, STATE, "hour it was written"),
)

wordings = table(
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
    column("wording", TEXT, PUBLIC, "the words, as everybody may read them once they are published"),
    column("english", TEXT, PUBLIC, "the English they were made from, to show what changed since"),
    column("source", BYTES, HASH, "SHA-256 of that English, to notice that it changed"),
    column("hour", NUMBER, STATE, "hour of the step"),
    Index("ix_wordings_state", "state"),
)

entries = table(
    "entries",
    "Every version of what administrators set: entries of the content, settings, calls of numbers; rows are added only.",
    "for ever: who set what, and what it was before, stays known",
    column(
        "kind",
        TEXT,
        STATE,
        "helpline, page, story, answer, region, rule, routing, setting, call or translator",
        primary_key=True,
    ),
    column("item", TEXT, STATE, "id of the entry, the setting, the number or the account", primary_key=True),
    column("version", NUMBER, STATE, "counts from 1; two who save at once cannot both have the next", primary_key=True),
    column("state", TEXT, STATE, "draft, reviewed, published, or withdrawn (what the release says counts again)"),
    column("author", TEXT, STAFF, "account that did this step"),
    column("entry", TEXT, PUBLIC, "its fields as canonical JSON, as everybody may read them once they are published"),
    column("hour", NUMBER, STATE, "hour of the step"),
    Index("ix_entries_state", "state"),
)
