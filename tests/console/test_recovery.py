"""When nobody can open a case any more: two of three shares, offline, in the log (D6, S14, S39)."""

import json
from base64 import b64decode
from dataclasses import replace
from itertools import combinations

import pytest

from bot.core.errors import ConfigError, NotMine
from bot.core.roster import ReaderKey
from bot.sealing.keys import key_id, public_key
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.roster import add_signature, draft_roster
from bot.sealing.roster_document import RootKeys, read_body, read_document
from bot.sealing.shares import combine, split
from bot.sealing.signing import signing_public
from bot.services import recovery
from bot.services.recovery import Recovery
from storage import audit, cases, epochs, referrals, rosters
from tests.console.officer import Officer
from tests.console.test_epochs import Vault
from tests.console.test_people import READER, Newcomer, leaving, signed_in_roster
from tests.console.world import World


async def with_recovery(world: World, key: ReaderKey) -> None:
    """The root signs the same people and the recovery key."""
    now, root = world.clock(), KeysFolder(world.keys).find_or_make("trial-root")
    old = read_document(await world.database.read(rosters.newest))
    body = read_body(old.body)
    newer = replace(body, version=body.version + 1, issued=now, recovery=key)
    document = add_signature(draft_roster(newer, RootKeys((signing_public(root),), 1), old.keys), root)
    await world.database.write(lambda conn: rosters.put(conn, newer.version, now // 86_400, document))
    world.living.load(document, now=now)


def service(world: World) -> Recovery:
    return Recovery(
        world.database,
        orphans=epochs,
        cases=cases,
        slots=referrals,
        ledger=audit,
        roster=lambda at: world.living.current(now=at),
    )


@pytest.mark.promise("S14")
def test_any_two_shares_are_the_key_and_one_or_a_stranger_is_nothing() -> None:
    seed = bytes(range(32))
    shares, others = split(seed), split(seed[::-1])

    assert {seed} == {combine(pair) for pair in combinations(shares, 2)}
    assert seed == combine([shares[0].upper() + "\n", "  " + shares[2]])
    for wrong in (shares[:1], [shares[0], shares[0]], [shares[0], others[1]], [shares[0], shares[1][:-4] + "acid"], []):
        with pytest.raises(NotMine):
            combine(wrong)


@pytest.mark.promise("S14", "S39")
async def test_everybody_is_gone_and_two_of_three_open_the_cases_to_somebody_new(world: World) -> None:
    """The whole drill: key made, rooted, used for sealing, all officers of the team lost, opened offline, taken over, read."""
    made = recovery.make(now=world.clock())
    await with_recovery(world, recovery.read_public(made.public))
    seeded = [await world.case() for _ in range(3)]
    readable = await world.case(place="PK-PB")
    everybody = {slot.key for slot in await world.database.read(lambda conn: cases.slots_of(conn, seeded[0].id))}
    roster = world.living.current(now=world.clock())
    readers = [one.id for one in roster.officers if {key.id for key in one.keys} & everybody]
    for id in readers:
        await leaving(world).leave(id, now=world.clock(), even_if_lost=True)
    token = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    async with Officer(world) as officer:
        world.living.load(await world.database.read(rosters.newest), now=world.clock())
        new = Newcomer(world, officer, token)
        await new.joins()
        await signed_in_roster(world, "zoya")

        text, count = await service(world).export(now=world.clock())
        assert {one.id for one in seeded} <= {bytes_of(case["id"]) for case in json.loads(text)["cases"]}
        assert count == len(json.loads(text)["cases"])
        roster = world.living.current(now=world.clock())
        found = recovery.open_cases(text, [made.shares[0], made.shares[2]], roster, ["zoya"], now=world.clock())
        assert 0 == found.refused
        taken = await service(world).take(found.text, now=world.clock())
        assert taken.cases >= len(seeded)

        await officer.signs_in("zoya", new.phrase)
        assert {one.id.hex() for one in seeded} <= {row["id"] for row in await officer.queue()}
        opened = await officer.opens(seeded[0].id)
        assert opened["id"] == seeded[0].id.hex()
    acts = [entry["act"] for entry in await world.trail()]
    assert acts.count("recovered") == taken.cases
    assert acts.count("recovery_asked") == count
    assert readable.id != seeded[0].id


def bytes_of(text: str) -> bytes:
    return b64decode(text)


@pytest.mark.promise("S39")
async def test_one_holder_alone_and_a_slot_slipped_in_open_nothing(world: World) -> None:
    made = recovery.make(now=world.clock())
    await with_recovery(world, recovery.read_public(made.public))
    case = await world.case()
    text = json.dumps({"format": "hamrah recovery cases 1", "cases": [await written(world, case.id)]})
    roster = world.living.current(now=world.clock())
    with pytest.raises(NotMine):
        recovery.open_cases(text, made.shares[:1], roster, ["sindh"], now=world.clock())

    other = await world.case()
    stolen = (await world.database.read(lambda conn: cases.slots_of(conn, other.id)))[0].slot
    found = await world.database.read(lambda conn: cases.find(conn, case.id))
    assert found is not None
    await world.database.write(lambda conn: referrals.add_slots(conn, case.id, {bytes(16): stolen}, 1, found.slot_list))
    text = json.dumps({"format": "hamrah recovery cases 1", "cases": [await written(world, case.id)]})
    opened = recovery.open_cases(text, made.shares[:2], roster, ["sindh"], now=world.clock())
    assert (0, 1) == (opened.count, opened.refused)


async def written(world: World, case: bytes) -> object:
    found = await world.database.read(lambda conn: cases.find(conn, case))
    assert found is not None
    return recovery._written(found, await world.database.read(lambda conn: cases.slots_of(conn, case)))


@pytest.mark.promise("S12", "S14")
async def test_the_service_takes_slots_for_officers_of_the_cases_team_only(world: World) -> None:
    made = recovery.make(now=world.clock())
    await with_recovery(world, recovery.read_public(made.public))
    case = await world.case()
    text = json.dumps({"format": "hamrah recovery cases 1", "cases": [await written(world, case.id)]})
    roster = world.living.current(now=world.clock())
    stranger = next(one.id for one in roster.officers if one.id == "punjab")
    found = recovery.open_cases(text, made.shares[1:], roster, [stranger], now=world.clock())

    taken = await service(world).take(found.text, now=world.clock())
    assert (0, 1) == (taken.cases, taken.refused)
    with pytest.raises(ConfigError):
        recovery.open_cases(text, made.shares[1:], roster, ["nobody"], now=world.clock())


async def test_what_officers_can_open_is_not_taken_out(world: World) -> None:
    made = recovery.make(now=world.clock())
    await with_recovery(world, recovery.read_public(made.public))
    case = await world.case()
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        assert {case.id} == await vault.readable([case])

    assert 0 == (await service(world).export(now=world.clock()))[1]
    assert key_id(public_key(combine(made.shares[:2]))) == recovery.read_public(made.public).id
