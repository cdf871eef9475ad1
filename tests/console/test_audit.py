"""The log of who did what: shown, fixed by heads, and whatever is done to it in the database shows (S36-S38)."""

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from bot.auditing_end import open_auditing, witness
from bot.sealing.checkpoint import cosign, cosigned_at
from bot.sealing.fields import canonical
from bot.sealing.signing import new_signing_seed, signing_public
from bot.services.auditing import LATE_HOURS, Auditing, What
from storage import Database, heads, open_database
from storage import audit as log
from storage.schema import audit_entries
from tests.console.officer import Officer
from tests.console.staffing import add_person
from tests.console.world import World

NOW = 1_790_000_000
HOUR = NOW // 3_600
Spoil = Callable[[Connection], object]


@dataclass(frozen=True)
class Book:
    """A log of twelve entries in a database of its own, with a head after eight of them and one after all."""

    database: Database
    auditing: Auditing

    async def add(self, count: int) -> None:
        for n in range(count):
            entry = canonical({"v": 1, "key": f"{n:032x}", "act": "open", "case": os.urandom(4).hex(), "hour": HOUR})
            await self.database.write(lambda conn, entry=entry: log.append(conn, os.urandom(16), HOUR, entry))  # type: ignore[misc]

    async def whats(self, *notes: str, now: int = NOW) -> set[What]:
        return {fault.what for fault in (await self.auditing.verify(now=now, notes=notes)).faults}


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return str(request.getfixturevalue("postgres_tables"))


@pytest.fixture
async def book(address: str, tmp_path: Path) -> AsyncIterator[Book]:
    database = await open_database(address, migrate=True)
    made = Book(database, open_auditing(database, tmp_path / "keys", bytes(16)))
    await made.add(8)
    await made.auditing.head(now=NOW)
    await made.add(4)
    yield made
    await database.close()


def deleted(conn: Connection) -> None:
    conn.execute(delete(audit_entries).where(audit_entries.c.seq == 3))


def deleted_and_closed_up(conn: Connection) -> None:
    deleted(conn)
    for seq in range(4, 12):
        conn.execute(update(audit_entries).where(audit_entries.c.seq == seq).values(seq=seq - 1))


def edited(conn: Connection) -> None:
    other = canonical({"v": 1, "key": "", "act": "open", "case": "", "hour": HOUR})
    conn.execute(update(audit_entries).where(audit_entries.c.seq == 3).values(entry=other))


def reordered(conn: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        conn.execute(update(audit_entries).where(audit_entries.c.seq == old).values(seq=new))


def truncated(conn: Connection) -> None:
    conn.execute(delete(audit_entries).where(audit_entries.c.seq >= 7))


def put_in(conn: Connection) -> None:
    for seq in range(11, 4, -1):
        conn.execute(update(audit_entries).where(audit_entries.c.seq == seq).values(seq=seq + 1))
    made_up = canonical({"v": 1, "key": "", "act": "open", "case": "", "hour": HOUR})
    conn.execute(insert(audit_entries).values(id=os.urandom(16), seq=5, hour=HOUR, entry=made_up))


@pytest.mark.promise("S37")
async def test_a_log_that_nobody_touched_holds_and_goes_on_from_each_head(book: Book) -> None:
    first = await book.auditing.head(now=NOW)
    await book.add(5)
    verdict = await book.auditing.verify(now=NOW, notes=[first])

    assert (12, 12, ()) == (verdict.size, verdict.signed, verdict.faults)
    await book.auditing.head(now=NOW + 3_600)
    assert 17 == (await book.auditing.verify(now=NOW + 3_600, notes=[first])).signed


@pytest.mark.promise("S37")
@pytest.mark.parametrize(
    ("spoil", "whats"),
    [
        (deleted, {What.GAP, What.CHANGED, What.CUT}),
        (deleted_and_closed_up, {What.CHANGED, What.CUT}),
        (edited, {What.CHANGED}),
        (reordered, {What.CHANGED}),
        (truncated, {What.CUT}),
        (put_in, {What.CHANGED}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_is_done_to_the_log_shows_at_the_next_look(book: Book, spoil: Spoil, whats: set[What]) -> None:
    await book.auditing.head(now=NOW)
    assert set() == await book.whats()

    await book.database.write(spoil)

    assert whats == await book.whats()


@pytest.mark.promise("S37")
async def test_who_rewrites_the_log_and_its_heads_is_betrayed_by_the_witness(book: Book, tmp_path: Path) -> None:
    kept = tmp_path / "witness"
    assert () == await witness(book.auditing, kept, now=NOW)
    before = kept.read_text()

    await book.database.write(edited)
    await book.database.write(lambda conn: conn.execute(text("DELETE FROM heads")))
    await book.auditing.head(now=NOW)

    assert set() == await book.whats()  # alone, the rewritten log looks sound
    assert {What.FORK} == await book.whats(before)
    assert (What.FORK,) == await witness(book.auditing, kept, now=NOW)
    assert before == kept.read_text()


@pytest.mark.promise("S37")
async def test_a_log_cut_below_what_the_witness_saw_shows(book: Book, tmp_path: Path) -> None:
    kept = tmp_path / "witness"
    await witness(book.auditing, kept, now=NOW)

    await book.database.write(truncated)
    await book.database.write(lambda conn: conn.execute(text("DELETE FROM heads")))

    assert (What.CUT,) == await witness(book.auditing, kept, now=NOW)


@pytest.mark.promise("S37")
async def test_a_head_that_another_key_signed_counts_for_nothing(book: Book, tmp_path: Path) -> None:
    other = open_auditing(book.database, tmp_path / "other-keys", bytes(16))
    forged = await other.head(now=NOW)

    assert {What.UNSIGNED} <= await book.whats(forged)


@pytest.mark.promise("S37")
async def test_no_head_for_longer_than_two_hours_is_an_alarm(book: Book) -> None:
    await book.auditing.head(now=NOW)

    assert set() == await book.whats(now=NOW + LATE_HOURS * 3_600)
    assert {What.LATE} == await book.whats(now=NOW + (LATE_HOURS + 1) * 3_600)
    await book.auditing.head(now=NOW + (LATE_HOURS + 1) * 3_600)
    assert set() == await book.whats(now=NOW + (LATE_HOURS + 1) * 3_600)


async def test_a_head_takes_a_cosignature_of_a_witness(book: Book) -> None:
    seed = new_signing_seed()
    note = cosign(seed, "witness.example", await book.auditing.head(now=NOW), now=NOW)

    assert NOW == cosigned_at(note, "witness.example", signing_public(seed))
    assert set() == await book.whats(note)


async def test_a_long_log_is_signed_piece_by_piece_and_once(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.auditing._AT_ONCE", 3)
    await book.auditing.head(now=NOW)
    await book.auditing.head(now=NOW)

    sizes = [head.size for head in await book.database.read(heads.all)]
    assert sizes == sorted(set(sizes))
    assert 12 == sizes[-1]
    assert set() == await book.whats()


@pytest.mark.promise("S36", "S38")
async def test_watchers_read_who_did_what_and_are_seen_reading(world: World) -> None:
    case = await world.case()
    async with Officer(world) as officer:
        await officer.signs_in("sindh")
        await officer.opens(case.id)
    await world.trail()
    await world.auditing.head(now=world.clock())
    async with Officer(world) as watcher:
        await watcher.signs_in("watcher", await add_person(world, "watcher", "auditor"))
        page = await watcher.gets("audit?check=1")
        entries = await world.trail()

    assert 200 == page.status_code
    assert "opened a case" in page.text
    assert "data-sound" in page.text
    assert case.id.hex() not in page.text
    assert {"v", "key", "act", "case", "hour"} == {name for entry in entries for name in entry}
    assert "audit" in {entry["act"] for entry in entries}


@pytest.mark.promise("S37")
async def test_the_page_says_what_is_wrong_with_a_log_that_was_cut(world: World, sindh: Officer) -> None:
    await world.trail()
    await world.auditing.head(now=world.clock())
    await world.database.write(lambda conn: conn.execute(delete(audit_entries)))
    async with Officer(world) as watcher:
        await watcher.signs_in("supervisor")
        page = await watcher.gets("audit?check=1")

    assert 'data-fault="cut"' in page.text


@pytest.mark.promise("S23")
@pytest.mark.parametrize("seat", ["sindh", "translator", "reviewer", "administrator"])
async def test_nobody_else_finds_the_page(world: World, seat: str) -> None:
    async with Officer(world) as other:
        await other.signs_in(seat)

        assert 404 == (await other.gets("audit")).status_code
