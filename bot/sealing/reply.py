"""An officer's answer: signed by the officer, then sealed to the mailbox key that only the case code
gives (D7, S52).

Sealing alone proves nothing about the sender, so the page and the bot show a reply only if its signature
belongs to an officer of the roster, for this very case, mailbox and place in the chain.  All replies have
one length (S9).
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.core.errors import Damaged, NotMine, NotText, SealingError, Unknown
from bot.core.private import Private
from bot.core.roster import Roster
from bot.sealing.context import Context
from bot.sealing.fields import Malformed, canonical, parse_object
from bot.sealing.padding import REPLY
from bot.sealing.record import open_record, seal_record
from bot.sealing.signing import REPLY as LABEL
from bot.sealing.signing import SIGNATURE_BYTES, sign, signed_by

KIND: Final = "reply"
VERSION: Final = 1
_MOST_BYTES: Final = REPLY[-1]


@dataclass(frozen=True, slots=True)
class Reply:
    """A verified answer.  `day`: days since the epoch on which the officer signed it."""

    officer: str
    day: int
    text: Private


@dataclass(frozen=True, slots=True)
class Unverified:
    """Not to be shown, and an alarm.  `why` says what did not hold; it never holds content."""

    why: Literal["not mine", "damaged", "malformed", "moved", "stranger", "suspended", "signature"]


def write_reply(context: Context, officer: str, day: int, words: str) -> bytes:
    """The payload that the officer's vault signs; `words` are NFC and hold no lone surrogate."""
    try:
        return canonical(
            {
                "v": VERSION,
                "case": context.case_id.hex(),
                "mailbox": context.recipient.hex(),
                "seq": context.seq,
                "previous": context.previous.hex(),
                "officer": officer,
                "at": day,
                "text": words,
            }
        )
    except UnicodeEncodeError:
        raise NotText from None


def sign_reply(signing_seed: bytes, payload: bytes) -> bytes:
    """Signature, then payload: what is sealed."""
    return sign(signing_seed, LABEL, payload) + payload


def seal_reply(mailbox_public: bytes, context: Context, signed_payload: bytes, data_key: bytes | None = None) -> bytes:
    """Seal a signed payload to a mailbox; `context.kind` must be "reply".  Raises `TooLong` past about 7.7 kB.

    `data_key`: a fresh one, where it will be shown because the answer is a prepared text (S53).
    """
    if context.kind != KIND:
        raise SealingError("a reply needs the context of a reply")
    return seal_record(mailbox_public, context, signed_payload, REPLY, data_key)


def open_reply(mailbox_seed: bytes, context: Context, envelope: bytes, roster: Roster) -> Reply | Unverified:
    """Open and verify one answer; never raises for what the server may have done to it."""
    try:
        signed_payload = open_record(mailbox_seed, context, envelope, REPLY)
    except NotMine:
        return Unverified("not mine")
    except (Damaged, Unknown):
        return Unverified("damaged")
    return verify_reply(context, signed_payload, roster)


def verify_reply(context: Context, signed_payload: bytes, roster: Roster) -> Reply | Unverified:
    """Verify what `sign_reply` gave, for the place that `context` names; also for the officers' own copy."""
    signature, payload = signed_payload[:SIGNATURE_BYTES], signed_payload[SIGNATURE_BYTES:]
    try:
        fields = parse_object(payload, _MOST_BYTES)
        officer_id, day, words = fields.text("officer"), fields.number("at"), fields.text("text")
        in_its_place = payload == write_reply(context, officer_id, day, words)
    except (Malformed, NotText):
        return Unverified("malformed")
    officer = roster.officer(officer_id)
    if context.kind != KIND or context.deployment != roster.deployment or not in_its_place:
        return Unverified("moved")
    if officer is None:
        return Unverified("stranger")
    if officer.suspended:
        return Unverified("suspended")
    if not signed_by(officer.signing, LABEL, payload, signature):
        return Unverified("signature")
    return Reply(officer_id, day, Private(words))
