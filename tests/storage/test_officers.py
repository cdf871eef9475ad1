"""Accounts, sessions, passkeys, deeds and the log of officers."""

import os
from dataclasses import dataclass

import pytest

from bot.core.errors import Conflict, StorageError
from storage import Database, accounts, audit, deeds, marks, passkeys, probe, rosters, sessions
from storage.accounts import Account, Bundle
from storage.passkeys import PasskeyRow
from storage.sessions import SessionRow
from tests.storage.making import AMNA, DAY, HOUR, NOW, new_id


@dataclass(frozen=True)
class NewPasskey:
    credential: bytes
    account: str
    public: bytes
    signs: int
    day: int


@pytest.fixture
async def staffed(database: Database) -> Database:
    await database.write(lambda c: accounts.add(c, AMNA, DAY))
    return database


async def test_an_account_is_found_by_login_and_by_id(staffed: Database) -> None:
    assert await staffed.read(lambda c: accounts.by_login(c, "amna@duty")) == AMNA
    assert await staffed.read(lambda c: accounts.by_id(c, "amna")) == AMNA
    assert await staffed.read(lambda c: accounts.by_login(c, "nobody")) is None
    assert await staffed.read(accounts.names) == [("amna", "Amna")]


async def test_a_login_belongs_to_one_account(staffed: Database) -> None:
    twin = Account("twin", AMNA.login, "Twin", frozenset(), b"", "", b"")
    with pytest.raises(Conflict):
        await staffed.write(lambda c: accounts.add(c, twin, DAY))


async def test_wrapped_keys_come_by_epoch_and_go_when_it_ends(staffed: Database) -> None:
    old, new = (Bundle(new_id(), NOW + n, NOW + n + 9, os.urandom(96)) for n in (0, 10))
    for one in (new, old):
        await staffed.write(lambda c, one=one: accounts.add_bundle(c, "amna", one))  # type: ignore[misc]
    assert await staffed.read(lambda c: accounts.bundles(c, "amna")) == [old, new]
    await staffed.write(lambda c: accounts.drop_bundle(c, "amna", old.key))
    assert await staffed.read(lambda c: accounts.bundles(c, "amna")) == [new]


@pytest.mark.promise("S22")
async def test_a_session_lives_until_it_is_ended_on_the_server(staffed: Database) -> None:
    token, row = os.urandom(32), SessionRow("amna", NOW + 28800, NOW + 900)
    await staffed.write(lambda c: sessions.open(c, token, row))
    await staffed.write(lambda c: sessions.set_vault_end(c, token, NOW + 1000))
    assert await staffed.read(lambda c: sessions.find(c, token)) == SessionRow("amna", NOW + 28800, NOW + 1000)
    await staffed.write(lambda c: sessions.end(c, token))
    assert await staffed.read(lambda c: sessions.find(c, token)) is None


@pytest.mark.promise("S22")
async def test_a_suspended_officer_is_signed_out_everywhere(staffed: Database) -> None:
    tokens = [os.urandom(32) for _ in range(2)]
    for token in tokens:
        row = SessionRow("amna", NOW + 9, NOW + 9)
        await staffed.write(lambda c, token=token, row=row: sessions.open(c, token, row))  # type: ignore[misc]
    await staffed.write(lambda c: accounts.suspend(c, "amna"))
    assert [await staffed.read(lambda c, t=t: sessions.find(c, t)) for t in tokens] == [None, None]  # type: ignore[misc]
    found = await staffed.read(lambda c: accounts.by_id(c, "amna"))
    assert found is not None
    assert found.suspended


async def test_a_session_needs_an_account(database: Database) -> None:
    with pytest.raises(Conflict):
        await database.write(lambda c: sessions.open(c, b"t" * 32, SessionRow("ghost", NOW, NOW)))


async def test_passkeys_are_kept_and_count(staffed: Database) -> None:
    key = NewPasskey(os.urandom(32), "amna", os.urandom(77), 4, DAY)
    await staffed.write(lambda c: passkeys.add(c, key))
    await staffed.write(lambda c: passkeys.count(c, key.credential, 5))
    found = await staffed.read(lambda c: passkeys.find(c, key.credential))
    assert found == PasskeyRow(key.credential, "amna", key.public, 5)
    assert await staffed.read(lambda c: passkeys.of(c, "amna")) == [found]
    await staffed.write(lambda c: passkeys.drop_of(c, "amna"))
    assert await staffed.read(lambda c: passkeys.of(c, "amna")) == []


@pytest.mark.promise("S21")
async def test_a_challenge_is_taken_once_and_in_time(database: Database) -> None:
    fresh, old = os.urandom(32), os.urandom(32)
    await database.write(lambda c: passkeys.ask(c, fresh, "amna", b"sign this", NOW + 300))
    await database.write(lambda c: passkeys.ask(c, old, "", b"too late", NOW))
    assert await database.write(lambda c: passkeys.take(c, old, NOW)) is None
    assert await database.write(lambda c: passkeys.take(c, fresh, NOW)) == ("amna", b"sign this")
    assert await database.write(lambda c: passkeys.take(c, fresh, NOW)) is None


@pytest.mark.promise("R26")
async def test_a_deed_is_remembered_under_its_key_once(database: Database) -> None:
    key = new_id()
    assert await database.read(lambda c: deeds.done(c, "amna", key)) is None
    await database.write(lambda c: deeds.remember(c, "amna", key, "claim", "done", HOUR))
    assert await database.read(lambda c: deeds.done(c, "amna", key)) == "claim"
    assert await database.read(lambda c: deeds.answer(c, "amna", key)) == "done"
    assert await database.read(lambda c: deeds.done(c, "bilal", key)) is None
    with pytest.raises(Conflict):
        await database.write(lambda c: deeds.remember(c, "amna", key, "claim", "done", HOUR))


@pytest.mark.promise("S37")
async def test_entries_get_places_without_gaps_in_the_order_of_their_hours(database: Database) -> None:
    for hour, entry in ((HOUR + 1, b"later"), (HOUR, b"first"), (HOUR, b"second")):
        await database.write(lambda c, h=hour, e=entry: audit.append(c, new_id(), h, e))  # type: ignore[misc]
    await database.write(lambda c: audit.chain_new(c, limit=2))
    await database.write(lambda c: audit.append(c, new_id(), HOUR, b"afterwards"))
    await database.write(audit.chain_new)
    assert await database.write(audit.chain_new) == []
    found = await database.read(audit.leaves)
    assert [leaf.seq for leaf in found] == [0, 1, 2, 3]
    assert {leaf.entry for leaf in found[:2]} == {b"first", b"second"}
    assert {leaf.entry for leaf in found[2:]} == {b"later", b"afterwards"}
    assert [leaf.seq for leaf in await database.read(lambda c: audit.leaves(c, 3))] == [3]


@pytest.mark.promise("S36")
async def test_an_act_without_its_entry_has_not_happened(database: Database) -> None:
    id = new_id()

    def act(c: object) -> None:
        marks.put(c, "act", 1, HOUR)  # type: ignore[arg-type]  # a connection, whatever the database
        audit.append(c, id, HOUR, b"entry")  # type: ignore[arg-type]

    await database.write(act)
    await database.write(lambda c: marks.put(c, "act", 0, HOUR))
    with pytest.raises(StorageError):
        await database.write(act)  # its entry is there already
    assert await database.read(lambda c: marks.get(c, "act")) == (0, HOUR)


async def test_rosters_are_all_kept_and_the_newest_is_in_force(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.read(rosters.newest)
    for version in (1, 3, 2):
        await database.write(lambda c, v=version: rosters.put(c, v, DAY, b"roster %d" % v))  # type: ignore[misc]
    assert await database.read(rosters.newest) == b"roster 3"
    assert await database.read(rosters.newest_version) == 3
    with pytest.raises(Conflict):
        await database.write(lambda c: rosters.put(c, 3, DAY, b"another"))


@pytest.mark.promise("R19")
async def test_a_beat_is_a_write_and_health_says_what_waits(database: Database) -> None:
    await database.write(lambda c: probe.beat(c, NOW))
    health = await database.read(lambda c: probe.health(c, NOW))
    assert (health.late_s, health.parked) == (0, 0)
    assert health.size_bytes > 4096
    assert (await database.read(probe.counts))["marks"] == 1
    assert await database.read(probe.damage) == []
