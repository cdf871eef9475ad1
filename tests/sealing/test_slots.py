"""One slot opens one case for one reader, and no slot comes unseen."""

import hmac
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import Damaged, NotMine, SealingError, Unknown
from bot.sealing.context import new_id
from bot.sealing.fields import canonical
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.slot import SLOT_BYTES, open_slot, seal_slot
from bot.sealing.slot_list import check_slots, compare_readers, list_slots
from bot.sealing.stretch import expand
from tests.sealing.conftest import Case, House


@pytest.fixture
def reader() -> bytes:
    return new_seed()


def test_a_reader_opens_the_case_with_one_unwrap(case: Case, reader: bytes) -> None:
    context = case.slot_context(public_key(reader))
    slot = seal_slot(public_key(reader), context, case.seed)
    assert case.seed == open_slot(reader, context, slot)
    assert len(slot) == SLOT_BYTES == 1_180
    assert case.seed not in slot


@pytest.mark.promise("S3")
@pytest.mark.parametrize(
    "field", ["deployment", "roster_version", "case_id", "record_id", "seq", "recipient", "previous"]
)
def test_a_slot_opens_only_where_it_belongs(case: Case, reader: bytes, field: str) -> None:
    context = case.slot_context(public_key(reader))
    slot = seal_slot(public_key(reader), context, case.seed)
    elsewhere: dict[str, Any] = {"roster_version": 9, "seq": 1, "previous": bytes(31) + b"\1"}
    with pytest.raises(NotMine):
        open_slot(reader, replace(context, **{field: elsewhere.get(field, new_id())}), slot)


@pytest.mark.promise("S3")
def test_a_slot_moved_to_another_case_is_refused(reader: bytes) -> None:
    one, other = Case(), Case()
    slot = seal_slot(public_key(reader), one.slot_context(public_key(reader)), one.seed)
    with pytest.raises(NotMine):
        open_slot(reader, other.slot_context(public_key(reader)), slot)


@pytest.mark.promise("S3", "S12")
def test_a_slot_with_a_key_of_the_servers_own_is_refused(case: Case, reader: bytes) -> None:
    """Anybody can seal to a public key; the reader must not be handed another case's key."""
    context = case.slot_context(public_key(reader))
    forged = seal_slot(public_key(reader), context, new_seed())
    with pytest.raises(Damaged):
        open_slot(reader, context, forged)


@pytest.mark.promise("S5")
def test_no_other_algorithm_opens_a_slot(case: Case, reader: bytes) -> None:
    context = case.slot_context(public_key(reader))
    slot = seal_slot(public_key(reader), context, case.seed)
    for at in range(12):
        with pytest.raises((Unknown, Damaged)):
            open_slot(reader, context, slot[:at] + bytes([slot[at] ^ 1]) + slot[at + 1 :])


def test_only_a_case_key_goes_into_a_slot(case: Case, reader: bytes) -> None:
    with pytest.raises(SealingError):
        seal_slot(public_key(reader), case.slot_context(public_key(reader)), b"short")
    with pytest.raises(SealingError):
        seal_slot(case.public, case.context(), case.seed)


def slots_of(case: Case, count: int) -> dict[bytes, bytes]:
    publics = [public_key(new_seed()) for _ in range(count)]
    return {key_id(public): seal_slot(public, case.slot_context(public), case.seed) for public in publics}


def written(case: Case, slots: dict[bytes, bytes]) -> bytes:
    return list_slots(case.seed, deployment=case.deployment, case_id=case.id, version=1, roster_version=1, slots=slots)


@pytest.mark.promise("S12")
def test_an_added_slot_shows(case: Case) -> None:
    slots = slots_of(case, 3)
    listed = written(case, slots)
    intruder = slots_of(case, 1)
    check = check_slots(case.seed, listed, deployment=case.deployment, case_id=case.id, present=slots | intruder)
    assert check.extra == frozenset(intruder)
    assert not check.holds


@pytest.mark.promise("S12")
def test_an_exchanged_slot_shows_and_a_dropped_one_is_told(case: Case) -> None:
    slots = slots_of(case, 3)
    listed = written(case, slots)
    first, second, third = slots
    present = {first: slots[second], third: slots[third]}
    check = check_slots(case.seed, listed, deployment=case.deployment, case_id=case.id, present=present)
    assert (frozenset({first}), frozenset({second}), frozenset()) == (check.changed, check.missing, check.extra)
    assert not check.holds


@pytest.mark.promise("S12")
def test_the_slots_as_they_were_written_hold_and_dropping_is_no_alarm(case: Case) -> None:
    slots = slots_of(case, 3)
    listed = written(case, slots)
    for present in (slots, dict(list(slots.items())[:1])):
        assert check_slots(case.seed, listed, deployment=case.deployment, case_id=case.id, present=present).holds


@pytest.mark.promise("S12")
def test_the_server_cannot_write_a_list(case: Case) -> None:
    """It knows every slot and every public key, but not the case key."""
    slots = slots_of(case, 2)
    forged = list_slots(
        new_seed(), deployment=case.deployment, case_id=case.id, version=2, roster_version=1, slots=slots
    )
    old = Case(deployment=case.deployment)
    for listed in (forged, written(old, slots), b"", bytes(40)):
        with pytest.raises(Damaged):
            check_slots(case.seed, listed, deployment=case.deployment, case_id=case.id, present=slots)


@pytest.mark.promise("S5", "S12")
def test_a_list_of_another_format_is_refused_even_from_a_reader(case: Case) -> None:
    body = canonical({"format": "hamrah slots 2", "version": 1, "roster": 1, "slots": []})
    key = expand(case.seed, b"slot-list")
    listed = hmac.digest(key, case.deployment + case.id + body, "sha256") + body
    with pytest.raises(Damaged):
        check_slots(case.seed, listed, deployment=case.deployment, case_id=case.id, present={})


@pytest.mark.promise("S12")
def test_readers_are_compared_with_what_the_roster_allows(house: House) -> None:
    allowed = [key_id(public_key(seed)) for seed in house.epoch.values()]
    intruder = new_id()
    check = compare_readers([*allowed[:1], intruder], allowed)
    assert check.extra == frozenset({intruder})
    assert check.missing == frozenset(allowed[1:])
