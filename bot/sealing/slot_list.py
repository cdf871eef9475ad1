"""Which slots a case has, sealed against additions: an extra reader shows as soon as anybody opens the case (S12).

The list is authenticated with a key derived from the case key, so only whoever sealed or opened the case can
write it.  The server may drop a slot (an officer left); it can never add or exchange one unseen.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.core.errors import Damaged
from bot.core.roster import KeyId
from bot.sealing.fields import Fields, base64_text, canonical, parse_object
from bot.sealing.stretch import expand

_MAC_BYTES: Final = 32
_MOST_BYTES: Final = 256 * 1024
_FORMAT: Final = "hamrah slots 1"


@dataclass(frozen=True, slots=True)
class SlotCheck:
    """What stands beside the list.  `extra` and `changed` are alarms, `missing` slots were dropped by the server.

    `version` rises each time the slots are written anew; `roster_version` is that of the roster used then.
    """

    version: int
    roster_version: int
    extra: frozenset[KeyId]
    changed: frozenset[KeyId]
    missing: frozenset[KeyId]

    @property
    def holds(self) -> bool:
        return not self.extra and not self.changed


@dataclass(frozen=True, slots=True)
class ReaderCheck:
    """Readers of a case beside those the roster and the routing allow; `extra` is an alarm."""

    extra: frozenset[KeyId]
    missing: frozenset[KeyId]


def list_slots(
    case_seed: bytes,
    *,
    deployment: bytes,
    case_id: bytes,
    version: int,
    roster_version: int,
    slots: Mapping[KeyId, bytes],
) -> bytes:
    """The list of `slots` (reader's key id to slot), to be stored beside them: MAC (32 bytes), then JSON."""
    body = canonical(
        {
            "format": _FORMAT,
            "version": version,
            "roster": roster_version,
            "slots": [
                {"reader": base64_text(reader), "hash": base64_text(slot_hash(slot))}
                for reader, slot in sorted(slots.items())
            ],
        }
    )
    return _mac(case_seed, deployment, case_id, body) + body


def check_slots(
    case_seed: bytes, listed: bytes, *, deployment: bytes, case_id: bytes, present: Mapping[KeyId, bytes]
) -> SlotCheck:
    """Compare the slots `present` with the list; `Damaged` when the list is not one that a reader wrote."""
    mac, body = listed[:_MAC_BYTES], listed[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(case_seed, deployment, case_id, body)):
        raise Damaged("the list of slots was not written by anybody who can open the case")
    fields = _read(body)
    hashes = _hashes(fields)
    both = present.keys() & hashes.keys()
    return SlotCheck(
        version=fields.number("version"),
        roster_version=fields.number("roster"),
        extra=frozenset(present.keys() - hashes.keys()),
        changed=frozenset(reader for reader in both if slot_hash(present[reader]) != hashes[reader]),
        missing=frozenset(hashes.keys() - present.keys()),
    )


def listed_slots(listed: bytes) -> dict[KeyId, bytes]:
    """Reader's key id → hash of the slot, as the list says; for whoever cannot check who wrote it."""
    return _hashes(_read(listed[_MAC_BYTES:]))


def compare_readers(present: Iterable[KeyId], allowed: Iterable[KeyId]) -> ReaderCheck:
    """Compare the readers of a case with the keys of the routed team, duty team and recovery (S12)."""
    have, may = frozenset(present), frozenset(allowed)
    return ReaderCheck(extra=have - may, missing=may - have)


def _read(body: bytes) -> Fields:
    fields = parse_object(body, _MOST_BYTES)
    if fields.text("format") != _FORMAT:
        raise Damaged("the list of slots has another format")
    return fields


def _hashes(fields: Fields) -> dict[KeyId, bytes]:
    return {slot.raw("reader", 16): slot.raw("hash", 32) for slot in fields.objects("slots")}


def _mac(case_seed: bytes, deployment: bytes, case_id: bytes, body: bytes) -> bytes:
    return hmac.digest(expand(case_seed, b"slot-list"), deployment + case_id + body, "sha256")


def slot_hash(slot: bytes) -> bytes:
    """What the list says of a slot: its SHA-256."""
    return sha256(slot).digest()
