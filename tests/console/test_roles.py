"""Who may do what: roles × routes × objects, generated from the console's own list of routes (S22, S23)."""

import re

import pytest

from bot.console.doors import EVERYBODY, READERS, Door, Need
from bot.services.officers.account import Role
from tests.console.officer import SAME_SITE, Officer
from tests.console.staffing import add_person
from tests.console.world import World

NO_CASE = "ab" * 16
BODY = {"version": 0, "id": "00" * 16, "roster": 1, "record": {"id": "00" * 16, "seq": 0, "envelope": "AA=="}}
NOT_READERS = sorted(set(Role) - READERS, key=lambda role: role.value)


def path_of(door: Door, case: str = NO_CASE) -> str:
    filled = door.path.lstrip("/").replace("{case}", case).replace("{deed}", "claim")
    return re.sub(r"\{\w+\}", "ab" * 16, filled)


async def knock(officer: Officer, door: Door, case: str = NO_CASE) -> tuple[int, bytes]:
    told = {**SAME_SITE, "x-token": officer.session["token"], "idempotency-key": "cd" * 16}
    if door.form:
        said = {"token": officer.session["token"]}
        answer = await officer.http.request(door.method, path_of(door, case), data=said, headers=told)
    else:
        answer = await officer.http.request(door.method, path_of(door, case), json=BODY, headers=told)
    return answer.status_code, answer.content


@pytest.mark.promise("S23")
async def test_every_door_says_whom_it_is_for(world: World) -> None:
    for door in world.doors:
        assert door.roles, door.path
        assert door.case == ("{case}" in door.path), door.path
        if door.case:
            assert door.roles <= READERS, door.path
            assert door.need is Need.UNLOCKED, door.path
        if door.roles == EVERYBODY:
            assert door.need is not Need.UNLOCKED, f"{door.path}: nothing behind the lock is for everybody"


@pytest.mark.promise("S23")
@pytest.mark.parametrize("role", NOT_READERS, ids=lambda role: role.value)
async def test_whoever_has_another_role_meets_the_same_wall_at_every_door(world: World, role: Role) -> None:
    case = await world.case()
    async with Officer(world) as somebody:
        await somebody.signs_in("somebody", await add_person(world, "somebody", role.value))
        nowhere = await somebody.http.get("no-such-page")
        shut = [door for door in world.doors if role not in door.roles]
        answers = {
            (door.path, at): await knock(somebody, door, at)
            for door in shut
            for at in ((case.id.hex(), NO_CASE) if door.case else (NO_CASE,))
        }

    assert somebody.session["bundle"] is None
    assert {door.path for door in world.doors if door.case} <= {path for path, _ in answers}
    assert {(404, nowhere.content)} == set(answers.values())


@pytest.mark.promise("S23")
@pytest.mark.parametrize("seat", ["sindh", "supervisor"])
async def test_each_case_door_answers_for_another_teams_case_as_for_none(world: World, seat: str) -> None:
    theirs = await world.case(pair_only=True)
    async with Officer(world) as officer:
        await officer.signs_in(seat)
        for door in (door for door in world.doors if door.case):
            assert await knock(officer, door) == await knock(officer, door, theirs.id.hex()), door.path


@pytest.mark.promise("S23")
async def test_an_analyst_reads_figures_and_an_auditor_the_log_and_nothing_else(world: World) -> None:
    pages = {}
    for role in ("analyst", "auditor"):
        async with Officer(world) as somebody:
            await somebody.signs_in(role)
            open_ = [d for d in world.doors if Role(role) in d.roles and d.roles != EVERYBODY]
            pages[role] = {d.path for d in open_}
            assert {200} == {(await knock(somebody, door))[0] for door in open_}

    assert {"analyst": {"/figures"}, "auditor": {"/audit"}} == pages


@pytest.mark.promise("S22")
async def test_no_change_is_taken_from_a_session_that_ended(world: World, sindh: Officer) -> None:
    world.clock.now += 9 * 3_600
    changing = [door for door in world.doors if door.changes and door.need is not Need.NOTHING]

    assert {401} == {(await knock(sindh, door))[0] for door in changing}
