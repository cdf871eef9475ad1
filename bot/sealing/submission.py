"""What the private page uploads: sealed pieces, cut into parts, and a closing message that says what they are (S8).

The parts hold ciphertext and nothing else.  The closing message holds ids, sizes, public keys, hashes and the few fields
that choosing readers needs; those are looked at and not stored, beyond the list of D11.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.core.effects import Routing
from bot.core.errors import Damaged
from bot.core.roster import KeyId
from bot.sealing.case_code import LOCATE_DIGITS
from bot.sealing.context import HASH_BYTES, ID_BYTES
from bot.sealing.fields import Fields, parse_object
from bot.sealing.keys import PUBLIC_BYTES
from bot.sealing.padding import TEXT
from bot.sealing.record import OVERHEAD_BYTES
from bot.sealing.slot import SLOT_BYTES
from bot.sealing.slot_list import listed_slots
from bot.sealing.suite import Form, check_header

PART_BYTES: Final = 256 * 1024
PART_HEAD_BYTES: Final = ID_BYTES + 2 + 2 + HASH_BYTES
MOST_PARTS: Final = 24
MOST_SPOKEN_BYTES: Final = 4 * 1024 * 1024
"""What one report may hold of recordings and pictures, before they are sealed: some twenty minutes."""
MOST_PICTURES: Final = 5
"""In one report; a picture is no proof that a child owes anybody (D16)."""
PICTURE: Final = "picture"
CLOSING_BYTES: Final = 64 * 1024
_FORMAT: Final = "hamrah submission 1"
_MOST_RECORDS: Final = 40
_LAST_KINDS: Final = ("answers", "cover")
_FILES: Final = frozenset({"voice", PICTURE})


@dataclass(frozen=True, slots=True)
class Part:
    """`revision` rises when the page had to seal anew; `number` counts from 0."""

    submission: bytes
    revision: int
    number: int
    digest: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A record to come: its id and kind, and how many bytes of the upload it takes."""

    id: bytes
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sound or picture to come: the record that names it, and how many bytes of the upload it takes."""

    record: bytes
    size: int


@dataclass(frozen=True, slots=True)
class PageMailbox:
    """`auth`: SHA-256 of the proof, the only form in which it leaves the page (S17).

    `mark`: ties the case's key to the mailbox; none from a page that was opened before there were marks.
    """

    id: bytes
    auth: bytes
    kem: bytes
    locator: str
    cost: str
    mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """`digest`: of the message as it came; a repeat is known by it."""

    submission: bytes
    revision: int
    digest: bytes
    parts: tuple[bytes, ...]
    case: bytes
    public: bytes
    roster: int
    records: tuple[Piece, ...]
    readers: tuple[KeyId, ...]
    list_size: int
    sounds: tuple[Spoken, ...]
    mailbox: PageMailbox
    routing: Routing
    language: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The pieces of an upload: `records` in their order, `slots` by reader's key id."""

    records: tuple[bytes, ...]
    slots: dict[KeyId, bytes]
    slot_list: bytes
    sounds: tuple[bytes, ...]


def read_part(body: bytes) -> Part:
    """Raises `Damaged` for what is not whole: a part that was cut on its way never counts."""
    head, content = body[:PART_HEAD_BYTES], body[PART_HEAD_BYTES:]
    if len(head) < PART_HEAD_BYTES or not 0 < len(content) <= PART_BYTES:
        raise Damaged(f"{len(body)} bytes is not the size of a part")
    submission, rest = head[:ID_BYTES], head[ID_BYTES:]
    revision, number, digest = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big"), rest[4:]
    if number >= MOST_PARTS:
        raise Damaged(f"part {number} is beyond the last one")
    if sha256(content).digest() != digest:
        raise Damaged("the part is not what its hash says")
    return Part(submission, revision, number, digest, content)


def read_closing(body: bytes) -> Closing:
    """Raises `Damaged` (or `Malformed`, which is one) for what no page of ours sends."""
    fields = parse_object(body, CLOSING_BYTES)
    if fields.text("format") != _FORMAT:
        raise Damaged("the closing message has another format")
    parts, readers = fields.raws("parts", HASH_BYTES), fields.raws("readers", ID_BYTES)
    records = tuple(piece_of(entry) for entry in fields.objects("records"))
    if not 0 < len(parts) <= MOST_PARTS or not 0 < len(readers) == len(set(readers)):
        raise Damaged("parts and readers are not as a page counts them")
    kinds = [piece.kind for piece in records]
    if len(kinds) > _MOST_RECORDS or tuple(kinds[-2:]) != _LAST_KINDS or set(kinds[:-2]) - {"words", *_FILES}:
        raise Damaged("the records are not those of a report")
    if kinds.count(PICTURE) > MOST_PICTURES:
        raise Damaged("more pictures than a report holds")
    spoken = fields.objects("sounds") if fields.has("sounds") else ()
    sounds = tuple(Spoken(entry.raw("id", ID_BYTES), entry.number("size")) for entry in spoken)
    if [sound.record for sound in sounds] != [piece.id for piece in records if piece.kind in _FILES]:
        raise Damaged("the sounds are not those that the records name")
    return Closing(
        submission=fields.raw("submission", ID_BYTES),
        revision=fields.number("revision"),
        digest=sha256(body).digest(),
        parts=parts,
        case=fields.raw("case", ID_BYTES),
        public=fields.raw("public", PUBLIC_BYTES),
        roster=fields.number("roster"),
        records=records,
        readers=readers,
        list_size=fields.number("listed"),
        sounds=sounds,
        mailbox=_mailbox(fields.object("mailbox")),
        routing=_routing(fields.object("routing")),
        language=fields.text("language"),
        urgency=fields.text("urgency"),
    )


def unpack(closing: Closing, upload: bytes) -> Sealed:
    """The pieces of `upload`; `Damaged` or `Unknown` for a size, version or algorithm that is none of ours (S5, S9)."""
    sealed_sizes = [piece.size for piece in closing.records] + [SLOT_BYTES] * len(closing.readers)
    sizes = [*sealed_sizes, closing.list_size, *(sound.size for sound in closing.sounds)]
    if sum(sizes) != len(upload):
        raise Damaged(f"{len(upload)} bytes were uploaded, {sum(sizes)} are named")
    pieces, at = [], 0
    for size in sizes:
        pieces.append(upload[at : at + size])
        at += size
    records, slots = pieces[: len(closing.records)], pieces[len(closing.records) : len(sealed_sizes)]
    listed, *sounds = pieces[len(sealed_sizes) :]
    for form, envelopes in ((Form.RECORD, records), (Form.SLOT, slots), (Form.FILE, sounds)):
        for envelope in envelopes:
            check_header(envelope, form)
    sealed = Sealed(tuple(records), dict(zip(closing.readers, slots, strict=True)), listed, tuple(sounds))
    if listed_slots(sealed.slot_list) != {reader: sha256(slot).digest() for reader, slot in sealed.slots.items()}:
        raise Damaged("the list of slots names others than were sent")
    return sealed


def piece_of(entry: Fields) -> Piece:
    """A record that is announced; raises `Damaged` for a size that no record has."""
    size = entry.number("size")
    if size - OVERHEAD_BYTES not in TEXT:
        raise Damaged(f"{size} bytes is not the size of a record")
    return Piece(entry.raw("id", ID_BYTES), entry.text("kind"), size)


def _mailbox(entry: Fields) -> PageMailbox:
    locator = entry.text("locator")
    if len(locator) != LOCATE_DIGITS or not (locator.isascii() and locator.isdigit()):
        raise Damaged("the locator is not one of ours")
    return PageMailbox(
        entry.raw("id", HASH_BYTES),
        entry.raw("auth", HASH_BYTES),
        entry.raw("kem", PUBLIC_BYTES),
        locator,
        entry.text("cost"),
        entry.raw("mark", HASH_BYTES) if entry.has("mark") else None,
    )


def _routing(entry: Fields) -> Routing:
    return Routing(entry.words("places"), entry.text("concern"), entry.words("avoid"), entry.truth("pair"))
