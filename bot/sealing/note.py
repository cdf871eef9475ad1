"""An officer's note: signed by the officer, then sealed to the case key; it has no way to a mailbox.

Notes, the story in the officers' words, the plan and the reasons of a hand-over are all notes: `what` says which, inside.
A label of its own and a payload that names the case key, not a mailbox, keep a note from ever passing as an answer.
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.core.errors import NotText, SealingError
from bot.core.private import Private
from bot.core.roster import Roster
from bot.sealing.context import Context
from bot.sealing.fields import Malformed, canonical, parse_object
from bot.sealing.padding import TEXT
from bot.sealing.record import seal_record
from bot.sealing.signing import NOTE as LABEL
from bot.sealing.signing import SIGNATURE_BYTES, sign, signed_by

KIND: Final = "note"
VERSION: Final = 1
_MOST_BYTES: Final = TEXT[-1]


@dataclass(frozen=True, slots=True)
class Note:
    """A verified note.  `what`: "note", "story", "plan", …; `day`: days since the epoch on which it was signed."""

    officer: str
    day: int
    what: str
    text: Private


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Not to be shown, and an alarm.  `why` says what did not hold; it never holds content."""

    why: Literal["malformed", "moved", "stranger", "suspended", "signature"]


def write_note(context: Context, officer: str, day: int, what: str, words: str) -> bytes:
    """The payload that the officer's vault signs; `words` are NFC and hold no lone surrogate."""
    try:
        return canonical(
            {
                "v": VERSION,
                "case": context.case_id.hex(),
                "key": context.recipient.hex(),
                "seq": context.seq,
                "previous": context.previous.hex(),
                "officer": officer,
                "at": day,
                "what": what,
                "text": words,
            }
        )
    except UnicodeEncodeError:
        raise NotText from None


def sign_note(signing_seed: bytes, payload: bytes) -> bytes:
    """Signature, then payload: what is sealed."""
    return sign(signing_seed, LABEL, payload) + payload


def seal_note(case_public: bytes, context: Context, signed_payload: bytes) -> bytes:
    """Seal a signed payload to the case; `context.kind` must be "note".  Raises `TooLong` past about 32 kB."""
    if context.kind != KIND:
        raise SealingError("a note needs the context of a note")
    return seal_record(case_public, context, signed_payload)


def verify_note(context: Context, signed_payload: bytes, roster: Roster) -> Note | Unsigned:
    """Verify what `sign_note` gave, for the place that `context` names."""
    signature, payload = signed_payload[:SIGNATURE_BYTES], signed_payload[SIGNATURE_BYTES:]
    try:
        fields = parse_object(payload, _MOST_BYTES)
        officer_id, day = fields.text("officer"), fields.number("at")
        what, words = fields.text("what"), fields.text("text")
        in_its_place = payload == write_note(context, officer_id, day, what, words)
    except (Malformed, NotText):
        return Unsigned("malformed")
    officer = roster.officer(officer_id)
    if context.kind != KIND or context.deployment != roster.deployment or not in_its_place:
        return Unsigned("moved")
    if officer is None:
        return Unsigned("stranger")
    if officer.suspended:
        return Unsigned("suspended")
    if not signed_by(officer.signing, LABEL, payload, signature):
        return Unsigned("signature")
    return Note(officer_id, day, what, Private(words))
