"""Whatever bytes arrive: refused with an error of ours, never a crash, never accepted (S60).

The short form flips each byte of each kind of envelope once; the long form makes a million changes.
"""

import secrets
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Damaged, HelplineError, NotMine, SealingError, Unknown
from bot.sealing.checkpoint import read_checkpoint
from bot.sealing.chunks import open_file, seal_file
from bot.sealing.context import Context
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.record import open_record, seal_record
from bot.sealing.reply import Unverified, open_reply, seal_reply, sign_reply, write_reply
from bot.sealing.roster import verify_roster
from bot.sealing.slot import open_slot, seal_slot
from tests.sealing.conftest import NOW, Case, House

pytestmark = pytest.mark.slow

REFUSALS = (Damaged, NotMine, Unknown)


class Sealed(NamedTuple):
    """One envelope and how its reader would open it."""

    envelope: bytes
    open: Callable[[bytes], object]


def sealed() -> dict[str, Sealed]:
    case, reader, house = Case(), new_seed(), House()
    record, file = case.context(), case.context(kind="file")
    slot = case.slot_context(public_key(reader))
    reply = case.context(kind="reply", deployment=house.deployment)
    roster = verify_roster(house.document(), house.trust, now=NOW)
    answer = sign_reply(house.signing["a"], write_reply(reply, "a", 1, "an answer"))

    def read_reply(envelope: bytes) -> object:
        read = open_reply(case.seed, reply, envelope, roster)
        if isinstance(read, Unverified):
            raise Damaged(read.why)
        return read

    return {
        "record": Sealed(
            seal_record(case.public, record, b"words"), lambda envelope: open_record(case.seed, record, envelope)
        ),
        "slot": Sealed(
            seal_slot(public_key(reader), slot, case.seed), lambda envelope: open_slot(reader, slot, envelope)
        ),
        "file": Sealed(seal_file(case.public, file, b"content"), lambda envelope: open_file(case.seed, file, envelope)),
        "reply": Sealed(seal_reply(case.public, reply, answer), read_reply),
    }


SEALED = sealed()


def refused(item: Sealed, envelope: bytes) -> bool:
    try:
        item.open(envelope)
    except REFUSALS:
        return True
    return False


@pytest.mark.promise("S60")
@pytest.mark.parametrize("kind", ["record", "slot"])
def test_any_flipped_byte_is_refused(kind: str) -> None:
    item = SEALED[kind]
    assert item.open(item.envelope)
    for at in range(len(item.envelope)):
        flipped = bytearray(item.envelope)
        flipped[at] ^= 1 << secrets.randbelow(8)
        assert refused(item, bytes(flipped)), at


@pytest.mark.promise("S60")
@pytest.mark.parametrize("kind", ["file", "reply"])
def test_any_flipped_byte_of_a_long_envelope_is_refused(kind: str) -> None:
    """The head byte by byte, the body at every 61st."""
    item = SEALED[kind]
    assert item.open(item.envelope)
    for at in [*range(1_200), *range(1_200, len(item.envelope), 61)]:
        flipped = bytearray(item.envelope)
        flipped[at] ^= 1 << secrets.randbelow(8)
        assert refused(item, bytes(flipped)), at


@pytest.mark.promise("S60")
@pytest.mark.parametrize("kind", sorted(SEALED))
def test_every_cut_and_every_addition_is_refused(kind: str) -> None:
    item = SEALED[kind]
    for size in [*range(0, min(1_300, len(item.envelope)), 7), len(item.envelope) // 2, len(item.envelope) - 1]:
        assert refused(item, item.envelope[:size]), size
    for more in (b"\0", b"x" * 16, item.envelope):
        assert refused(item, item.envelope + more)
        assert refused(item, more + item.envelope)


@pytest.mark.promise("S60")
@settings(max_examples=300, deadline=None)
@given(noise=st.binary(max_size=4_000), kind=st.sampled_from(sorted(SEALED)), keep=st.integers(0, 1_300))
def test_noise_is_refused(noise: bytes, kind: str, keep: int) -> None:
    item = SEALED[kind]
    changed = item.envelope[:keep] + noise
    if changed != item.envelope:
        assert refused(item, changed)


def changed_at_random(envelope: bytes) -> bytes:
    """One of the changes that a careless or hostile store may make."""
    at, other = secrets.randbelow(len(envelope)), secrets.randbelow(len(envelope))
    match secrets.randbelow(6):
        case 0:
            return envelope[:at]
        case 1:
            return envelope[:at] + secrets.token_bytes(1) + envelope[at:]
        case 2:
            low, high = sorted((at, other))
            return envelope[:low] + envelope[high:]
        case 3:
            low, high = sorted((at, other))
            return envelope[:low] + secrets.token_bytes(high - low) + envelope[high:]
        case 4:
            low, high = sorted((at, other))
            return envelope[:low] + envelope[high:] + envelope[low:high]
        case _:
            flipped = bytearray(envelope)
            flipped[at] ^= 1 << secrets.randbelow(8)
            return bytes(flipped)


def mutate(count: int) -> None:
    kinds = sorted(SEALED)
    for number in range(count):
        item = SEALED[kinds[number % len(kinds)]]
        changed = changed_at_random(item.envelope)
        assert changed == item.envelope or refused(item, changed)


@pytest.mark.promise("S60")
def test_two_thousand_random_changes_are_refused() -> None:
    mutate(2_000)


@pytest.mark.long
@pytest.mark.promise("S60")
def test_a_million_random_changes_are_refused() -> None:
    mutate(1_000_000)


@pytest.mark.promise("S60")
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_roster_is_refused(data: st.DataObject) -> None:
    """Any byte of the JSON set to another: refused, or the very same roster (a space more, a key less)."""
    document = HOUSE.document()
    at = data.draw(st.integers(min_value=0, max_value=len(document) - 1))
    value = data.draw(st.integers(min_value=0, max_value=255))
    changed = document[:at] + bytes([value]) + document[at + 1 :]
    try:
        roster = verify_roster(changed, HOUSE.trust, now=NOW)
    except HelplineError:
        return
    assert roster.officers[0].signing == HOUSE.roster().officers[0].signing
    known = {key_id(public_key(seed)) for seed in HOUSE.epoch.values()}
    assert {key.id for officer in roster.officers for key in officer.keys} <= known


HOUSE = House()


@pytest.mark.promise("S60")
@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=300))
def test_noise_is_no_roster_and_no_checkpoint(noise: bytes) -> None:
    with pytest.raises(SealingError):
        verify_roster(noise, HOUSE.trust, now=NOW)
    with pytest.raises(SealingError):
        read_checkpoint(noise.decode("latin-1"))


def test_a_context_of_any_shape_is_written_without_loss() -> None:
    context = Context(
        deployment=bytes(16),
        roster_version=2**53 - 1,
        case_id=b"\xff" * 16,
        record_id=bytes(16),
        kind="a" * 32,
        seq=2**53 - 1,
        recipient=bytes(16),
    )
    assert b"\xff" * 16 in context.canonical()
