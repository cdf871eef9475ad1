"""Keys over time, invitations, cards and admissions, on every database."""

import os

import pytest

from bot.core.errors import Conflict
from storage import (
    Database,
    accounts,
    admissions,
    cases,
    epochs,
    heads,
    invitations,
    purge,
    readership,
    referrals,
    rosters,
)
from tests.storage.making import AMNA, DAY, NOW, keeping, knock, new_id, nobody, report

OLD, NEW, OTHER = b"o" * 16, b"n" * 16, b"x" * 16


async def a_case(database: Database, key: bytes = OLD, team: str = "sindh") -> bytes:
    case = new_id()
    await database.take(knock(None), nobody, keeping(b"s", *report(case, key, teams=(team,))))
    return case


async def add_slot(database: Database, case: bytes, key: bytes) -> None:
    await database.write(lambda conn: referrals.add_slots(conn, case, {key: os.urandom(1180)}, 1, os.urandom(64)))


@pytest.mark.promise("S13")
async def test_a_case_waits_until_the_new_key_has_a_slot_and_only_in_its_team(database: Database) -> None:
    first, second = sorted([await a_case(database), await a_case(database)])
    await a_case(database, team="punjab")
    await a_case(database, OTHER)

    assert [first, second] == await database.read(lambda c: epochs.waiting(c, [OLD], NEW, ["sindh"], 9))
    assert [first] == await database.read(lambda c: epochs.waiting(c, [OLD], NEW, ["sindh"], 1))
    assert await database.read(lambda c: epochs.any_waiting(c, [OLD], NEW, ["sindh"]))
    assert not await database.read(lambda c: epochs.any_waiting(c, [OLD], NEW, ["border"]))
    assert not await database.read(lambda c: epochs.any_waiting(c, [OLD], OLD, ["sindh"]))
    await add_slot(database, first, NEW)
    assert [second] == await database.read(lambda c: epochs.waiting(c, [OLD], NEW, ["sindh"], 9))
    assert 1 == await database.read(lambda c: epochs.count_waiting(c, [OLD], NEW, ["sindh"]))
    assert [] == await database.read(lambda c: epochs.waiting(c, [], NEW, ["sindh"], 9))


@pytest.mark.promise("S13")
async def test_a_dropped_key_opens_nothing_and_others_stay(database: Database) -> None:
    case = await a_case(database)
    await add_slot(database, case, NEW)

    assert 1 == await database.write(lambda c: epochs.drop_keys(c, [OLD]))
    assert [NEW] == [slot.key for slot in await database.read(lambda c: cases.slots_of(c, case))]


@pytest.mark.promise("S14")
async def test_cases_of_one_reader_alone_and_of_none_but_recovery_are_found(database: Database) -> None:
    alone, shared = await a_case(database), await a_case(database)
    await add_slot(database, shared, OTHER)

    others = [("sindh", OTHER)]
    assert 1 == await database.read(lambda c: readership.losing(c, [OLD], others))
    assert 2 == await database.read(lambda c: readership.losing(c, [OLD, OTHER], []))
    assert 2 == await database.read(lambda c: readership.losing(c, [OLD], [("punjab", OTHER)]))
    assert [alone] == await database.read(lambda c: epochs.opened_by_none(c, [OTHER], OLD))
    assert [] == await database.read(lambda c: epochs.held_by(c, "amna"))


async def test_a_roster_takes_a_key_only_if_nobody_changed_it_meanwhile(database: Database) -> None:
    await database.write(lambda c: rosters.put(c, 1, DAY, b"one"))
    await database.write(lambda c: epochs.announce(c, 1, b"one", b"two"))
    assert b"two" == await database.read(rosters.newest)
    with pytest.raises(Conflict):
        await database.write(lambda c: epochs.announce(c, 1, b"one", b"three"))
    assert b"two" == await database.read(rosters.newest)


@pytest.mark.promise("S14")
async def test_an_invitation_is_taken_once_and_lapses(database: Database) -> None:
    async def invite(token: bytes) -> None:
        await database.write(lambda c: invitations.add(c, token, "zoya", "Zoya", frozenset({"officer"}), NOW + 9))

    await invite(b"1" * 32)
    await invite(b"2" * 32)
    assert await database.read(lambda c: invitations.find(c, b"1" * 32, NOW)) is None
    assert await database.read(lambda c: invitations.find(c, b"2" * 32, NOW + 9)) is None
    taken = await database.write(lambda c: invitations.take(c, b"2" * 32, NOW))
    assert taken is not None
    assert ("zoya", frozenset({"officer"})) == (taken.login, taken.roles)
    assert await database.write(lambda c: invitations.take(c, b"2" * 32, NOW)) is None


async def test_what_nobody_took_up_goes(database: Database) -> None:
    await database.write(lambda c: invitations.add(c, b"1" * 32, "zoya", "Zoya", frozenset({"officer"}), NOW + 9))
    await database.write(lambda c: admissions.ask(c, "zoya", "sindh", "amna", DAY))
    await purge.purge(database, NOW + 31 * 86_400)

    assert await database.read(lambda c: invitations.find(c, b"1" * 32, NOW)) is None
    assert [] == await database.read(lambda c: admissions.of_teams(c, ["sindh"]))


async def test_the_first_who_asks_stays_the_one_who_asked(database: Database) -> None:
    for officer in ("amna", "bilal"):
        await database.write(lambda c, officer=officer: admissions.ask(c, "zoya", "sindh", officer, DAY))  # type: ignore[misc]
    [asked] = await database.read(lambda c: admissions.of_teams(c, ["sindh", "punjab"]))
    assert "amna" == asked.asked
    await database.write(lambda c: admissions.end(c, "zoya", "sindh"))
    assert [] == await database.read(lambda c: admissions.of_teams(c, ["sindh"]))


async def test_a_newer_card_takes_the_place_of_the_older_one(database: Database) -> None:
    await database.write(lambda c: accounts.add(c, AMNA, DAY))
    for card in ("one", "two"):
        await database.write(lambda c, card=card: invitations.put_card(c, "amna", card, DAY))  # type: ignore[misc]
    assert [("amna", "two")] == await database.read(invitations.card_list)


@pytest.mark.promise("S37")
async def test_a_head_of_the_same_length_moves_only_its_hour(database: Database) -> None:
    for hour, note in ((1, "one"), (2, "forged")):
        await database.write(lambda c, hour=hour, note=note: heads.put(c, 5, hour, note, b"p" * 32))  # type: ignore[misc]
    newest = await database.read(heads.newest)
    assert newest is not None
    assert (2, "one") == (newest.hour, newest.note)
