"""A slot: the private half of one case key, sealed to one reader.  One unwrap opens the whole case.

header (12) · HPKE: enc (1120), seed and tag (48).  Transfer, joining and rotation write new slots and
touch no record.
"""

from bot.core.errors import Damaged, SealingError
from bot.sealing.context import Context
from bot.sealing.keys import SEED_BYTES, key_id, public_key
from bot.sealing.suite import (
    ENC_BYTES,
    HEADER_BYTES,
    TAG_BYTES,
    Form,
    check_header,
    header,
    hpke_open,
    hpke_seal,
)

SLOT_BYTES = HEADER_BYTES + ENC_BYTES + SEED_BYTES + TAG_BYTES
KIND = "slot"


def slot_context(
    *, deployment: bytes, roster_version: int, case_id: bytes, case_key: bytes, reader_key: bytes
) -> Context:
    """Context of a slot.  `case_key`, `reader_key`: key ids; the case key takes the place of a record id."""
    return Context(
        deployment=deployment,
        roster_version=roster_version,
        case_id=case_id,
        record_id=case_key,
        kind=KIND,
        seq=0,
        recipient=reader_key,
    )


def seal_slot(reader_public: bytes, context: Context, case_seed: bytes) -> bytes:
    """Seal the case's private key to one reader: 1180 bytes.  `context` from `slot_context`."""
    if context.kind != KIND or len(case_seed) != SEED_BYTES:
        raise SealingError("a slot holds one case key, in the context of a slot")
    return header(Form.SLOT) + hpke_seal(reader_public, Form.SLOT, context, case_seed)


def open_slot(reader_seed: bytes, context: Context, slot: bytes) -> bytes:
    """Return the case's private key.  A slot that holds another key than the case's own is `Damaged`.

    Without the second check anybody who knows a reader's public key could hand that reader a case of
    their own making.
    """
    check_header(slot, Form.SLOT)
    if len(slot) != SLOT_BYTES:
        raise Damaged(f"{len(slot)} bytes is not the size of a slot")
    case_seed = hpke_open(reader_seed, Form.SLOT, context, slot[HEADER_BYTES:])
    if key_id(public_key(case_seed)) != context.record_id:
        raise Damaged("the slot holds the key of another case")
    return case_seed
