"""Passing a case to another team: slots re-wrapped by an officer, checked against the signed roster, with consent."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bot.core.referral import ENDS_ACCESS, Progress, Step, Way, go
from bot.sealing.context import new_id
from bot.sealing.keys import new_seed, public_key
from bot.sealing.slot import seal_slot, slot_context
from bot.sealing.slot_list import check_slots, list_slots
from storage import cases
from tests.console.officer import Officer, text
from tests.console.world import SeededCase, World


async def claimed(officer: Officer, case: SeededCase) -> dict[str, Any]:
    opened = await officer.opens(case.id)
    return {**opened, **(await officer.does("claim", opened)).json()}


def passing(
    officer: Officer, opened: dict[str, Any], to: str, readers: Sequence[str], **changed: Any
) -> dict[str, Any]:
    """What the page sends: a slot for each of `readers` (officer ids), the list of all, the reason as a sealed note."""
    roster = officer.world.living.current(now=officer.world.clock())
    seed, deployment = officer.seed(opened), bytes.fromhex(officer.session["deployment"])
    case, key = bytes.fromhex(opened["id"]), bytes.fromhex(opened["key"])
    new = {}
    for id in readers:
        found = roster.officer(id)
        assert found is not None
        living = found.living_key(officer.world.clock())
        assert living is not None
        place = slot_context(
            deployment=deployment, roster_version=roster.version, case_id=case, case_key=key, reader_key=living.id
        )
        new[living.id] = seal_slot(living.public, place, seed)
    present = {bytes.fromhex(one["key"]): b64decode(one["slot"]) for one in opened["slots"]}
    listed = list_slots(
        seed,
        deployment=deployment,
        case_id=case,
        version=2,
        roster_version=roster.version,
        slots={**present, **new},
    )
    whole = {
        "id": new_id().hex(),
        "way": "referral",
        "from": "sindh",
        "to": to,
        "consent": "given",
        "slots": {key.hex(): text(slot) for key, slot in new.items()},
        "listed": text(listed),
        "version": opened["version"],
        **officer.note(opened, "She needs a safe place.", "referral"),
    }
    return {**whole, **changed}


async def passes(officer: Officer, case: SeededCase, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    return await officer.posts(f"case/{case.id.hex()}/referral/add", body, key)


async def steps(officer: Officer, case: SeededCase, step: str) -> httpx.Response:
    """The newest referral of the case goes on."""
    opened = await officer.opens(case.id)
    listed = (await officer.posts(f"case/{case.id.hex()}/referral/list", {})).json()["referrals"]
    body = {"id": listed[-1]["referral"], "step": step, "version": opened["version"]}
    return await officer.posts(f"case/{case.id.hex()}/referral/step", body)


async def progress(officer: Officer, case: SeededCase) -> list[str]:
    listed = (await officer.posts(f"case/{case.id.hex()}/referral/list", {})).json()["referrals"]
    return [one["progress"] for one in listed]


@pytest.mark.promise("S12")
async def test_a_team_of_another_country_reads_what_was_referred_to_it(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    passed = await passes(sindh, case, passing(sindh, opened, "border", ["border"]))
    async with Officer(world) as border:
        await border.signs_in("border")
        row = (await border.gets("referrals")).json()["waiting"][0]
        theirs = await border.opens(case.id)
        accepted = await steps(border, case, "accept")
        found = await world.database.read(lambda conn: cases.find(conn, case.id))
        assert found is not None
        present = {slot.key: slot.slot for slot in await world.database.read(lambda c: cases.slots_of(c, case.id))}
        check = check_slots(
            border.seed(theirs),
            found.slot_list,
            deployment=bytes.fromhex(border.session["deployment"]),
            case_id=case.id,
            present=present,
        )

        assert (200, "passed_on") == (passed.status_code, passed.json()["status"])
        assert case.id.hex() == row["id"]
        assert [("referral", "sindh", "She needs a safe place.")] == border.notes_in(theirs)
        assert (200, ["accepted"]) == (accepted.status_code, await progress(border, case))
        assert check.holds
        assert not check.missing


@pytest.mark.promise("S40")
async def test_nobody_outside_the_team_gets_a_slot(world: World, sindh: Officer) -> None:
    """An officer of another team, a key nobody signed, one whose holder is kept away: none is taken."""
    case = await world.case()
    opened = await claimed(sindh, case)
    outsider = passing(sindh, opened, "border", ["border", "punjab"])
    away = passing(sindh, opened, "border", ["border"], way="complaint", away=["border"])
    unknown = passing(sindh, opened, "border", ["border"])
    unknown["slots"][public_key(new_seed())[:16].hex()] = next(iter(unknown["slots"].values()))
    nowhere = passing(sindh, opened, "nowhere", ["border"])
    answers = [await passes(sindh, case, body) for body in (outsider, away, unknown, nowhere)]
    present = await world.database.read(lambda conn: cases.slots_of(conn, case.id))

    assert ["not_reader"] * 4 == [answer.json()["error"] for answer in answers]
    assert {one["key"] for one in opened["slots"]} == {slot.key.hex() for slot in present}


@pytest.mark.promise("S12")
async def test_a_list_that_leaves_a_slot_out_or_adds_one_is_not_taken(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    fewer = passing(sindh, opened | {"slots": opened["slots"]}, "border", ["border"])
    short = {**opened, "slots": [one for one in opened["slots"] if one["key"] == sindh.session["bundle"]["key"]]}
    without = passing(sindh, short, "border", ["border"])
    swapped = {**fewer, "slots": {key: text(bytes(1180)) for key in fewer["slots"]}}
    old = passing(sindh, opened, "border", ["border"]) | {"roster": 0}
    answers = [await passes(sindh, case, body) for body in (without, swapped, old)]

    assert ["changed"] * 3 == [answer.json()["error"] for answer in answers]


async def test_nothing_is_passed_without_consent_a_claim_or_after_it_was_taken_back(
    world: World, sindh: Officer
) -> None:
    case = await world.case()
    unclaimed = await sindh.opens(case.id)
    first = await passes(sindh, case, passing(sindh, unclaimed, "border", ["border"]))
    opened = await claimed(sindh, case)
    second = await passes(sindh, case, passing(sindh, opened, "border", ["border"], consent=""))
    await world.takes_back(case)
    opened = await sindh.opens(case.id)
    third = await passes(sindh, case, passing(sindh, opened, "border", ["border"]))

    assert ["not_held", "no_consent", "taken_back"] == [one.json()["error"] for one in (first, second, third)]
    assert [] == await progress(sindh, case)


async def test_what_was_put_off_after_it_was_passed_on_is_accepted_and_wakes(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    await passes(sindh, case, passing(sindh, opened, "border", ["border"]))
    opened = await sindh.opens(case.id)
    put_off = await sindh.does("snooze", opened, until=world.clock() + 3_600)
    async with Officer(world) as border:
        await border.signs_in("border")
        accepted = await steps(border, case, "accept")
        found = await world.database.read(lambda conn: cases.find(conn, case.id))

        assert (200, 200, ["accepted"]) == (put_off.status_code, accepted.status_code, await progress(border, case))
        assert found is not None
        assert not found.standing.asleep


@pytest.mark.promise("S40")
async def test_a_transfer_that_is_accepted_leaves_the_old_team(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    await passes(sindh, case, passing(sindh, opened, "punjab", ["punjab"], way="transfer"))
    async with Officer(world) as punjab:
        await punjab.signs_in("punjab")
        assert 200 == (await sindh.posts(f"case/{case.id.hex()}/open", {})).status_code
        accepted = await steps(punjab, case, "accept")
        theirs = await punjab.opens(case.id)

        assert "punjab" == accepted.json()["holder"]
        assert ["punjab"] == theirs["teams"]
        assert 404 == (await sindh.posts(f"case/{case.id.hex()}/open", {})).status_code
        assert [] == await sindh.queue()
        assert {"claim", "take_over"}.isdisjoint(theirs["may"])


@pytest.mark.promise("S40")
@pytest.mark.parametrize("ends", ["reject", "revoke", "done"])
async def test_what_was_passed_for_a_purpose_is_read_no_longer_than_that(
    world: World, sindh: Officer, ends: str
) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    await passes(sindh, case, passing(sindh, opened, "border", ["border"]))
    async with Officer(world) as border:
        await border.signs_in("border")
        if ends == "done":
            await steps(border, case, "accept")
        ended = await steps(sindh if ends == "revoke" else border, case, ends)

        assert 200 == ended.status_code
        assert 404 == (await border.posts(f"case/{case.id.hex()}/open", {})).status_code
        assert [] == (await border.gets("referrals")).json()["waiting"]
    again = await sindh.opens(case.id)
    assert (["sindh"], "sindh", "in_work") == (again["teams"], again["holder"], again["status"])
    assert {"reject": "rejected", "revoke": "revoked", "done": "done"}[ends] == (await progress(sindh, case))[0]


@pytest.mark.promise("R26")
async def test_passing_twice_passes_once(world: World, sindh: Officer) -> None:
    case, key = await world.case(), str(uuid4())
    opened = await claimed(sindh, case)
    body = passing(sindh, opened, "border", ["border"])
    answers = [await passes(sindh, case, body, key) for _ in range(2)]

    assert [200, 200] == [one.status_code for one in answers]
    assert ["in_progress"] == await progress(sindh, case)


@pytest.mark.promise("S40")
async def test_a_complaint_goes_to_another_desk_and_whoever_is_named_reads_no_more(
    world: World, sindh: Officer
) -> None:
    """The supervisor is in both teams; the complaint is about the officer for Sindh."""
    case = await world.case()
    async with Officer(world) as supervisor, Officer(world) as duty:
        await supervisor.signs_in("supervisor")
        opened = await claimed(supervisor, case)
        body = passing(supervisor, opened, "duty", ["duty-1", "duty-2"], way="complaint", away=["sindh"])
        passed = await passes(supervisor, case, body)
        await duty.signs_in("duty-1")
        theirs = await duty.opens(case.id)

        kp = passing(supervisor, await supervisor.opens(case.id), "kp", ["kp"])
        back = passing(supervisor, await supervisor.opens(case.id), "kp", ["sindh"])
        assert 200 == passed.status_code
        assert "not_reader" == (await passes(supervisor, case, back)).json()["error"]
        assert 200 == (await passes(supervisor, case, kp)).status_code
        assert [("referral", "supervisor", "She needs a safe place.")] == duty.notes_in(theirs)
        assert 404 == (await sindh.posts(f"case/{case.id.hex()}/open", {})).status_code
        assert [] == [row for row in await sindh.queue() if row["slot"]]


@pytest.mark.promise("S36")
async def test_each_step_leaves_its_entry(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await claimed(sindh, case)
    await passes(sindh, case, passing(sindh, opened, "border", ["border"]))
    await steps(sindh, case, "revoke")

    acts = [entry["act"] for entry in await world.trail()]
    assert {"referral", "referral_revoke"} <= set(acts)


@pytest.mark.parametrize("way", Way)
def test_what_is_over_stays_over(way: Way) -> None:
    for end in ENDS_ACCESS:
        assert not [step for step in Step if go(end, step, theirs=True, ours=True, way=way)]
    assert go(Progress.IN_PROGRESS, Step.ACCEPT, theirs=False, ours=True, way=way) is None
    assert go(Progress.IN_PROGRESS, Step.REVOKE, theirs=True, ours=False, way=way) is None


async def test_the_same_on_the_database_of_replicas(shared_world: World) -> None:
    """Referred, taken back, referred again; queues and counters follow."""
    case = await shared_world.case()
    async with Officer(shared_world) as sindh, Officer(shared_world) as border:
        await sindh.signs_in("sindh")
        await border.signs_in("border")
        opened = await claimed(sindh, case)
        first = await passes(sindh, case, passing(sindh, opened, "border", ["border"]))
        waiting = (await border.gets("referrals")).json()["waiting"]
        revoked = await steps(sindh, case, "revoke")
        opened = await sindh.opens(case.id)
        again = await passes(sindh, case, passing(sindh, opened, "border", ["border"], way="transfer"))
        accepted = await steps(border, case, "accept")

        assert [200] * 4 == [one.status_code for one in (first, revoked, again, accepted)]
        assert [case.id.hex()] == [one["id"] for one in waiting]
        assert 1 == (await border.glances())["counts"]["todo"]
        assert 0 == (await sindh.glances())["counts"]["todo"]
