"""Older cases for whoever joined: asked by one, done by another, and never what a reporter kept from them (S14, S39, S40)."""

from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.sealing.keys import key_id
from bot.sealing.slot import seal_slot, slot_context
from bot.sealing.slot_list import check_slots, list_slots
from storage import cases
from tests.console.officer import Officer, text
from tests.console.test_epochs import Vault
from tests.console.test_people import READER, Newcomer, signed_in_roster
from tests.console.world import SeededCase, World


@dataclass
class Team:
    """The Sindh team: `asks` and `does` are its two officers, `new` joined; `old` is a case from before."""

    world: World
    asks: Vault
    does: Vault
    new: Officer
    old: SeededCase
    phrase: str

    async def gives(self, vault: Vault, case: bytes, officer: str = "zoya", **other: Any) -> httpx.Response:
        """What the second officer's browser does with one case.  `other`: what a hostile one would send instead."""
        whom = {"officer": officer, "team": "sindh"}
        answer = await vault.officer.posts(f"case/{case.hex()}/admission/read", whom)
        if answer.status_code != 200:
            return answer
        return await vault.officer.posts(
            f"case/{case.hex()}/admission/give", {**whom, **self.sealed(vault, answer.json(), officer), **other}
        )

    def sealed(self, vault: Vault, found: dict[str, Any], officer: str) -> dict[str, Any]:
        seed, roster = vault.case_seed(found), self.world.living.current(now=self.world.clock())
        known = roster.officer(officer)
        reader = known.living_key(self.world.clock()) if known else None
        assert reader is not None
        case = bytes.fromhex(found["id"])
        place = slot_context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=case,
            case_key=bytes.fromhex(found["key"]),
            reader_key=reader.id,
        )
        slot = seal_slot(reader.public, place, seed)
        present = {bytes.fromhex(one["key"]): b64decode(one["slot"]) for one in found["slots"]}
        where = {"deployment": roster.deployment, "case_id": case}
        check = check_slots(seed, b64decode(found["listed"]), present=present, **where)
        slots = {**present, reader.id: slot}
        listed = list_slots(seed, version=check.version + 1, roster_version=roster.version, slots=slots, **where)
        return {"slot": text(slot), "listed": text(listed), "roster": roster.version}

    async def readable(self, case: bytes) -> bool:
        async with Officer(self.world) as officer:
            await officer.signs_in("zoya", self.phrase)
            return (await officer.posts(f"case/{case.hex()}/open", {})).status_code == 200


@pytest.fixture
async def team(world: World) -> AsyncIterator[Team]:
    old = await world.case()
    phrase = await joined(world, "zoya")
    async with Officer(world) as one, Officer(world) as other, Officer(world) as new:
        await new.signs_in("zoya", phrase)
        asks, does = await Vault.open(world, one, "sindh"), await Vault.open(world, other, "supervisor")
        yield Team(world, asks, does, new, old, phrase)


async def joined(world: World, login: str) -> str:
    token = await world.joining.invite(login, login.title(), READER, now=world.clock())
    async with Officer(world) as officer:
        new = Newcomer(world, officer, token)
        assert 200 == (await new.joins()).status_code
    await signed_in_roster(world, login)
    return new.phrase


@pytest.mark.promise("S14", "S39")
async def test_one_asks_a_second_does_it_and_the_newcomer_reads_the_older_case(team: Team) -> None:
    whom = {"officer": "zoya", "team": "sindh"}
    assert not await team.readable(team.old.id)
    assert [whom] == (await team.asks.officer.gets("admissions")).json()["colleagues"]
    assert 404 == (await team.gives(team.does, team.old.id)).status_code  # nobody asked
    assert 200 == (await team.asks.officer.posts("admissions/ask", whom)).status_code
    assert 404 == (await team.gives(team.asks, team.old.id)).status_code  # not by whoever asked
    assert not await team.readable(team.old.id)

    waiting = (await team.does.officer.posts("admissions/waiting", whom)).json()["cases"]
    assert [team.old.id.hex()] == waiting
    assert 200 == (await team.gives(team.does, team.old.id)).status_code
    assert [] == (await team.does.officer.posts("admissions/waiting", whom)).json()["cases"]
    assert await team.readable(team.old.id)
    acts = [entry["act"] for entry in await team.world.trail()]
    assert {"admission_asked", "admission_read", "admitted"} <= set(acts)
    await team.does.officer.posts("admissions/done", whom)
    assert [] == (await team.does.officer.gets("admissions")).json()["asked"]


@pytest.mark.promise("S39")
async def test_nobody_lets_themselves_in_and_nobody_outside_the_team_is_let_in(team: Team) -> None:
    for officer in ("sindh", "punjab", "nobody"):
        answer = await team.asks.officer.posts("admissions/ask", {"officer": officer, "team": "sindh"})
        assert 404 == answer.status_code
    assert 404 == (await team.asks.officer.posts("admissions/ask", {"officer": "zoya", "team": "punjab"})).status_code
    await team.asks.officer.posts("admissions/ask", {"officer": "zoya", "team": "sindh"})
    whom = {"officer": "zoya", "team": "sindh"}
    assert 404 == (await team.new.posts("admissions/waiting", whom)).status_code


@pytest.mark.promise("S12")
@pytest.mark.parametrize("other", [{"slot": text(bytes(1180))}, {"roster": 1}, {"listed": text(bytes(64))}], ids=str)
async def test_what_does_not_fit_is_not_kept(team: Team, other: dict[str, Any]) -> None:
    await team.asks.officer.posts("admissions/ask", {"officer": "zoya", "team": "sindh"})

    assert 409 == (await team.gives(team.does, team.old.id, **other)).status_code
    assert not await team.readable(team.old.id)


@pytest.mark.promise("S40")
async def test_a_case_of_the_duty_pair_is_given_to_nobody_else(team: Team) -> None:
    case = await team.world.case(pair_only=True)
    roster = team.world.living.current(now=team.world.clock())
    duty = roster.duty_team()
    other = next(id for id in duty.officers if id not in duty.pair)
    async with Officer(team.world) as one, Officer(team.world) as two:
        asks = await Vault.open(team.world, one, duty.pair[0])
        does = await Vault.open(team.world, two, duty.pair[1])
        whom = {"officer": other, "team": duty.id}
        assert 200 == (await asks.officer.posts("admissions/ask", whom)).status_code
        read = await does.officer.posts(f"case/{case.id.hex()}/admission/read", whom)
        sealed = team.sealed(does, read.json(), other)
        answer = await does.officer.posts(f"case/{case.id.hex()}/admission/give", {**whom, **sealed})

    assert "not_reader" == answer.json()["error"]
    known = roster.officer(other)
    key = known.living_key(team.world.clock()) if known else None
    slots = await team.world.database.read(lambda conn: cases.slots_of(conn, case.id))
    assert key is not None
    assert key_id(key.public) not in {slot.key for slot in slots}
