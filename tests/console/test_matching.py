"""The same matter in two cases: equal tokens are told, nothing else; only who may open a case learns which it is."""

import os
from collections.abc import Sequence
from typing import Any

import pytest

from bot.core.roster import ReaderKey
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.slot import seal_slot, slot_context
from storage import matching
from tests.console.officer import Officer, text
from tests.console.world import SeededCase, World

PLACE = b"hamrah matching!"


def given(world: World, officers: Sequence[str], seed: bytes) -> dict[str, Any]:
    """The common key sealed to these officers."""
    roster = world.living.current(now=world.clock())
    match, slots = key_id(public_key(seed)), {}
    for id in officers:
        officer = roster.officer(id)
        key = officer.living_key(world.clock()) if officer else None
        assert isinstance(key, ReaderKey)
        place = slot_context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=PLACE,
            case_key=match,
            reader_key=key.id,
        )
        slots[key.id.hex()] = text(seal_slot(key.public, place, seed))
    return {"match": match.hex(), "signed": text(b"signed"), "roster": roster.version, "slots": slots}


async def looks(officer: Officer, case: SeededCase, *tokens: bytes) -> dict[str, Any]:
    answer = await officer.posts(f"case/{case.id.hex()}/match/look", {"tokens": [text(one) for one in tokens]})
    found: dict[str, Any] = answer.json()
    return found


async def test_a_shared_token_names_the_other_case_to_whoever_may_open_it(world: World, sindh: Officer) -> None:
    one, other, abroad = await world.case(), await world.case(), await world.case(place="PK-PB")
    shared, alone = os.urandom(16), os.urandom(16)
    async with Officer(world) as punjab:
        await punjab.signs_in("punjab")
        await looks(punjab, abroad, shared)
    first = await looks(sindh, one, shared, alone)
    second = await looks(sindh, other, shared)

    assert ([], 1) == (first["seen"], first["unseen"])
    assert [(one.id.hex(), [text(shared)])] == [(found["id"], found["tokens"]) for found in second["seen"]]
    assert 1 == second["unseen"]


async def test_tokens_are_those_of_the_last_look_and_go_with_the_case(world: World, sindh: Officer) -> None:
    one, other, token = await world.case(), await world.case(), os.urandom(16)
    await looks(sindh, one, token)
    await looks(sindh, one)

    assert [] == (await looks(sindh, other, token))["seen"]


@pytest.mark.promise("S23")
async def test_only_readers_of_a_case_look_from_it(world: World, sindh: Officer) -> None:
    case = await world.case(place="PK-PB")
    refused = await sindh.posts(f"case/{case.id.hex()}/match/look", {"tokens": []})
    malformed = await sindh.posts(f"case/{case.id.hex()}/match/look", {"tokens": ["x"]})

    assert (404, 400) == (refused.status_code, malformed.status_code)


async def test_there_is_one_common_key_and_only_living_officers_get_it(world: World, sindh: Officer) -> None:
    seed, roster = new_seed(), world.living.current(now=world.clock())
    first = await sindh.posts("match/give", given(world, ["sindh"], seed))
    later = await sindh.posts("match/give", given(world, ["punjab"], seed))
    other = await sindh.posts("match/give", given(world, ["kp"], new_seed()))
    stranger = given(world, ["kp"], seed)
    stranger["slots"] = {os.urandom(16).hex(): next(iter(stranger["slots"].values()))}
    unknown = await sindh.posts("match/give", stranger)
    old = await sindh.posts("match/give", given(world, ["kp"], seed) | {"roster": roster.version + 1})
    keys = await world.database.read(matching.keys)

    assert [200, 200, 409, 409, 409] == [one.status_code for one in (first, later, other, unknown, old)]
    assert {"sindh", "punjab"} == {
        officer.id for officer in roster.officers if {key.id for key in officer.keys} & {one.key for one in keys}
    }
    assert (await sindh.gets("match")).json()["mine"] is not None


@pytest.mark.promise("S36")
async def test_looking_leaves_its_entry(world: World, sindh: Officer) -> None:
    await looks(sindh, await world.case(), os.urandom(16))

    assert "match" in [entry["act"] for entry in await world.trail()]
