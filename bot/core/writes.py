"""What a turn wants kept: the values that travel from a decision to the database, all in one transaction.

`sealing` makes the bytes, `services` the values, `storage` one compiled statement for each kind.
"""

from dataclasses import dataclass

from bot.core.case import Wish


@dataclass(frozen=True, slots=True)
class KeepRecord:
    """One sealed item.  `seq` rises by one within a case; `kind`: cover, answers, words, voice, message, note.

    `roster`: version of the roster checked before sealing, part of the context that opens it.
    """

    id: bytes
    case: bytes
    seq: int
    kind: str
    envelope: bytes
    digest: bytes
    roster: int
    day: int


@dataclass(frozen=True, slots=True)
class KeepSlot:
    """The case key's private half sealed to one reader key."""

    case: bytes
    key: bytes
    slot: bytes
    roster: int


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """A draft exists and is erased when `expires` (epoch hour) has passed, unless it was sent."""

    case: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class EraseDraft:
    """Records, slots and the draft row go."""

    case: bytes


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The draft becomes a case (its draft row goes, its records and slots stay).  Only D11's fields are clear.

    `public`: the case key's public half; `head`/`seq`: hash and number of the newest record.
    `slot_list`: authenticated list of the slots made (S12).  `climb_at`: epoch seconds, urgent cases only.
    `handle`: random, for audit entries and the phone.  `feedback`: words about this service, in a list of their own.
    """

    id: bytes
    handle: str
    public: bytes
    seq: int
    head: bytes
    slot_list: bytes
    teams: tuple[str, ...]
    language: str
    region: str
    concern: str
    urgency: str
    channel: str
    day: int
    hour: int
    climb_at: int | None
    feedback: bool = False


@dataclass(frozen=True, slots=True)
class KeepMailbox:
    """`auth`: SHA-256 of the derived proof; `kem`: public half replies are sealed to; `cost`: of the derivation.

    `salt`: of the locator, kept with the first mailbox of the bucket; an older stored one wins (S19).
    `case_mark`: ties the case's public key to this mailbox (see `bot.sealing.mailbox.case_mark`); none from an older page.
    """

    id: bytes
    case: bytes
    locator: str
    salt: bytes
    auth: bytes
    kem: bytes
    cost: str
    day: int
    case_mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class AddToCase:
    """The reporter wrote back: the case moves to (`seq`, `head`) and is marked as waiting for officers.

    `wish`: what the reporter wants done with it from now on, if that was told.
    """

    case: bytes
    seq: int
    head: bytes
    hour: int
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class ForgetAnswers:
    """The answers numbered below `count` go.  `last`: hash of the newest of them; `mark`: proves that the code says so."""

    mailbox: bytes
    count: int
    last: bytes
    mark: bytes


@dataclass(frozen=True, slots=True)
class ForgetMailbox:
    """The mailbox goes, and what is in it; the case stays."""

    mailbox: bytes


@dataclass(frozen=True, slots=True)
class KeepNotice:
    """A chat wants to be told of answers beyond the first `told`.  `chat`: sealed to the notifier (D10).

    `until`: epoch hour at which the wish ends.
    """

    mailbox: bytes
    chat: bytes
    told: int
    until: int


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """The first `told` answers were read: nothing is said of them any more."""

    mailbox: bytes
    told: int


@dataclass(frozen=True, slots=True)
class DropNotice:
    mailbox: bytes


@dataclass(frozen=True, slots=True)
class DropNoticesOf:
    """Every notice of a chat is to go; only the notifier can tell which those are.  `chat`: sealed to it."""

    id: bytes
    chat: bytes
    hour: int


@dataclass(frozen=True, slots=True)
class Post:
    """An outgoing message as ids and plain parameters.  `ticket`: the chat, sealed under the queue key of the day.

    `collapse`: prompts of one conversation share it; only the newest is sent.  `lease`: epoch seconds until which the
    process that wrote it sends it itself.
    """

    id: bytes
    kind: str
    priority: int
    ticket: bytes
    message: str
    collapse: bytes | None
    not_before: int
    lease: int


@dataclass(frozen=True, slots=True)
class Vanish:
    """The messages of a chat are to be deleted, tried from `at` (epoch seconds) on until it is done (S41).

    `conversations`: its pseudonyms of today and yesterday; `ticket`: the sealed chat; `fading`: only those that would vanish
    by themselves.
    """

    conversations: tuple[bytes, ...]
    ticket: bytes
    at: int
    fading: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """One more of `item`.  Every field is from a closed list; `month`: months since 1970."""

    kind: str
    item: str
    lang: str
    audience: str
    month: int


@dataclass(frozen=True, slots=True)
class QueueVoice:
    """A voice note to be fetched: its reference, chat and draft, sealed under the queue key of the day.  `due`: epoch seconds."""

    id: bytes
    job: bytes
    due: int


@dataclass(frozen=True, slots=True)
class KeepVoice:
    """The sealed sound of a voice note; `record`: id of the record in the chain that holds its hash."""

    case: bytes
    record: bytes
    envelope: bytes


@dataclass(frozen=True, slots=True)
class EndVoice:
    """The job is done and goes, or is `parked`; if it is no longer ours (its fence rose), nothing of the turn is kept."""

    id: bytes
    fence: int
    parked: bool = False


Write = (
    KeepRecord
    | KeepSlot
    | KeepDraft
    | EraseDraft
    | OpenCase
    | KeepMailbox
    | AddToCase
    | ForgetAnswers
    | ForgetMailbox
    | KeepNotice
    | ReadNotice
    | DropNotice
    | DropNoticesOf
    | Post
    | Vanish
    | Tally
    | QueueVoice
    | KeepVoice
    | EndVoice
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case, and the mailbox through which a session has it open; empty where the case alone is meant."""

    case: bytes
    mailbox: bytes = b""


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What appending to a case needs."""

    case: bytes
    public: bytes
    seq: int
    head: bytes


@dataclass(frozen=True, slots=True)
class Knock:
    """Who is at the door.  `source`/`number`: the update's unique key, none for internal turns.

    `keys`: the conversation's pseudonym under today's pepper, then yesterday's.
    """

    source: str
    number: int | None
    keys: tuple[bytes, ...]
    now: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """`session`: the sealed state, none for a newcomer; `key`: the one of `Knock.keys` it was found under.

    `head`: of the case whose mailbox this session has open; none when either of the two is gone.
    """

    session: bytes | None
    key: bytes = b""
    head: CaseHead | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What to keep: `session` none means the conversation is forgotten."""

    session: bytes | None
    writes: tuple[Write, ...] = ()
