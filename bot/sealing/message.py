"""What the private page adds to a case that exists: sealed records and recordings, and a message that says what they are.

The parts are those of a report (`bot.sealing.submission`); the page holds a mailbox's proof instead of a list of readers, and
seals to the case's own key, which its code proves (`bot.sealing.mailbox.case_mark`).
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.core.case import Wish
from bot.core.errors import Damaged
from bot.sealing.case_code import LOCATE_DIGITS
from bot.sealing.context import HASH_BYTES, ID_BYTES
from bot.sealing.fields import parse_object
from bot.sealing.submission import MOST_PARTS, Piece, Spoken, piece_of
from bot.sealing.suite import Form, check_header

ASKING_BYTES: Final = LOCATE_DIGITS + 32 + 32
"""Locator, id of the mailbox, proof."""
MESSAGE_BYTES: Final = 16 * 1024
_FORMAT: Final = "hamrah message 1"
_VOICE: Final = "voice"
_KINDS: Final = frozenset({"message", _VOICE})
_MOST_RECORDS: Final = 11
"""Words, and as many recordings as a report holds."""
_WISHES: Final = {"": None, "stop": Wish.STOP, "none": Wish.NONE}


@dataclass(frozen=True, slots=True)
class Message:
    """`asking`: whose mailbox it is, with its proof.  `seq`: of the first record; `roster`: version checked before sealing.

    `digest`: of the message as it came; a repeat is known by it.  `wish`: what is wanted from now on, if that was told.
    """

    submission: bytes
    revision: int
    digest: bytes
    parts: tuple[bytes, ...]
    asking: bytes
    seq: int
    roster: int
    records: tuple[Piece, ...]
    sounds: tuple[Spoken, ...]
    wish: Wish | None


def read_message(body: bytes) -> Message:
    """Raises `Damaged` (or `Malformed`, which is one) for what no page of ours sends."""
    fields = parse_object(body, MESSAGE_BYTES)
    if fields.text("format") != _FORMAT:
        raise Damaged("the message has another format")
    parts, asking = fields.raws("parts", HASH_BYTES), fields.raw("asking", ASKING_BYTES)
    records = tuple(piece_of(entry) for entry in fields.objects("records"))
    sounds = tuple(Spoken(entry.raw("id", ID_BYTES), entry.number("size")) for entry in fields.objects("sounds"))
    kinds, wish = [piece.kind for piece in records], fields.text("wish")
    whole = (
        asking[:LOCATE_DIGITS].isdigit(),
        0 < len(parts) <= MOST_PARTS,
        0 < len(records) <= _MOST_RECORDS,
        set(kinds) <= _KINDS,
        [sound.record for sound in sounds] == [piece.id for piece in records if piece.kind == _VOICE],
        wish in _WISHES,
        not wish or kinds == ["message"],
    )
    if not all(whole):
        raise Damaged("not as a page writes to a mailbox")
    return Message(
        submission=fields.raw("submission", ID_BYTES),
        revision=fields.number("revision"),
        digest=sha256(body).digest(),
        parts=parts,
        asking=asking,
        seq=fields.number("seq"),
        roster=fields.number("roster"),
        records=records,
        sounds=sounds,
        wish=_WISHES[wish],
    )


def unpack_message(message: Message, upload: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Records and sounds of `upload`; `Damaged` or `Unknown` for a size, version or algorithm that is none of ours (S5, S9)."""
    sizes = [*(piece.size for piece in message.records), *(sound.size for sound in message.sounds)]
    if sum(sizes) != len(upload):
        raise Damaged(f"{len(upload)} bytes were uploaded, {sum(sizes)} are named")
    pieces, at = [], 0
    for size in sizes:
        pieces.append(upload[at : at + size])
        at += size
    records, sounds = tuple(pieces[: len(message.records)]), tuple(pieces[len(message.records) :])
    for form, envelopes in ((Form.RECORD, records), (Form.FILE, sounds)):
        for envelope in envelopes:
            check_header(envelope, form)
    return records, sounds
