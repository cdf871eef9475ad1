"""Entries end after two years, up to a signed state; whoever cannot sign for the log cannot say that any have ended (S38)."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, select, text, update

from bot.auditing_end import open_auditing
from bot.clock import now as today
from bot.office import open_readership
from bot.sealing.checkpoint import Checkpoint, sign_checkpoint
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.roster import LivingRoster, RootOfTrust
from bot.sealing.roster_document import RootKeys
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.today import DailyKeys
from bot.services.auditing import KEEP_HOURS, What
from bot.upkeep import Upkeep
from storage import heads, open_database, purge
from storage.schema import audit_entries, cases
from storage.schema import heads as head_rows
from tests.console.officer import Officer
from tests.console.test_audit import NOW, Book, address, book
from tests.console.world import World

__all__ = ["address", "book"]

KEEP_S = KEEP_HOURS * 3_600
DAY_S = 86_400
pytestmark = pytest.mark.slow


async def kept(book: Book) -> list[int]:
    statement = select(audit_entries.c.seq).order_by(audit_entries.c.seq)
    return list(await book.database.read(lambda conn: conn.execute(statement).scalars().all()))


async def grown(book: Book, *, years: int) -> int:
    """Heads after 8 and 12 entries now, and one of five more entries each year; returns the last second."""
    now = NOW
    await book.auditing.head(now=now)
    for _ in range(years):
        now += 365 * DAY_S
        await book.add(5)
        await book.auditing.head(now=now)
    return now


@pytest.mark.promise("S38")
async def test_what_is_older_than_two_years_ends_and_the_rest_still_verifies(book: Book) -> None:
    now = await grown(book, years=3)
    first = (await book.database.read(heads.all))[0].note

    assert 12 == await book.auditing.end(now=now)
    verdict = await book.auditing.verify(now=now, notes=[first])

    assert list(range(12, 27)) == await kept(book)
    assert (27, 27, 12, ()) == (verdict.size, verdict.signed, verdict.ended, verdict.faults)
    assert 0 == await book.auditing.end(now=now)
    assert set() == await book.whats(now=now)


@pytest.mark.promise("S38")
async def test_it_ends_again_a_year_later_and_places_go_on_counting(book: Book) -> None:
    now = await grown(book, years=3)
    await book.auditing.end(now=now)
    await book.add(1)
    later = now + 365 * DAY_S
    await book.auditing.head(now=later)

    assert 5 == await book.auditing.end(now=later)
    assert list(range(17, 28)) == await kept(book)
    assert (28, 17) == ((verdict := await book.auditing.verify(now=later)).size, verdict.ended)


@pytest.mark.promise("S38", "R14")
async def test_nothing_younger_ends_and_the_last_entries_never_do(book: Book) -> None:
    await book.auditing.head(now=NOW)
    assert 0 == await book.auditing.end(now=NOW + KEEP_S - 3_600)
    assert 12 == len(await kept(book))

    assert 8 == await book.auditing.end(now=NOW + 9 * KEEP_S)
    assert [8, 9, 10, 11] == await kept(book)


@pytest.mark.promise("S38")
async def test_killed_in_the_middle_the_next_run_ends_the_rest(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    now = await grown(book, years=3)

    class Killed(BaseException):
        pass

    def killed(point: str) -> None:
        if point == "F16":
            raise Killed

    monkeypatch.setattr("storage.audit.reach", killed)
    with pytest.raises(Killed):
        await book.auditing.end(now=now)
    monkeypatch.undo()
    assert 27 == len(await kept(book))
    assert set() == await book.whats(now=now)

    assert 12 == await book.auditing.end(now=now)
    assert set() == await book.whats(now=now)


def cut_by_hand(conn: Connection) -> None:
    """Whoever holds the database alone takes out what lies before the newest state but one."""
    last = conn.execute(select(head_rows.c.size).order_by(head_rows.c.size.desc()).offset(1).limit(1)).scalar_one()
    conn.execute(delete(audit_entries).where(audit_entries.c.seq < last))
    conn.execute(delete(head_rows).where(head_rows.c.size < last))


def cut_and_signed_by_another(conn: Connection) -> None:
    cut_by_hand(conn)
    row = conn.execute(select(head_rows).order_by(head_rows.c.size).limit(1)).one()
    origin, _, root = row.note.split("\n")[:3]
    forged = sign_checkpoint(new_signing_seed(), Checkpoint(f"{origin}/ended", row.size, base64.b64decode(root)))
    conn.execute(update(head_rows).where(head_rows.c.size == row.size).values(ended=forged))


def cut_with_the_state_itself(conn: Connection) -> None:
    """A state that the log did sign is not its word that anything ended."""
    cut_by_hand(conn)
    conn.execute(text("UPDATE heads SET ended = note WHERE size = (SELECT min(size) FROM heads)"))


def cut_with_an_older_word(conn: Connection) -> None:
    """The log's own word for an earlier place says nothing about a later one."""
    word = conn.execute(select(head_rows.c.ended).where(head_rows.c.ended.is_not(None))).scalar_one()
    cut_by_hand(conn)
    conn.execute(update(head_rows).where(head_rows.c.ended.is_(None)).values(ended=word))


@pytest.mark.promise("S37", "S38")
@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (cut_by_hand, What.GAP),
        (cut_and_signed_by_another, What.UNSIGNED),
        (cut_with_the_state_itself, What.UNSIGNED),
        (cut_with_an_older_word, What.UNSIGNED),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_nobody_else_can_say_that_entries_have_ended(
    book: Book, spoil: Callable[[Connection], None], what: What
) -> None:
    now = await grown(book, years=4)
    await book.auditing.end(now=now)
    assert set() == await book.whats(now=now)

    await book.database.write(spoil)

    assert what in await book.whats(now=now)


@pytest.mark.promise("S38", "R14")
async def test_a_clock_that_leapt_ends_no_entry(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'log.db'}", migrate=True)
    now = today()
    auditing = open_auditing(database, tmp_path / "keys", bytes(16))
    book = Book(database, auditing)
    await book.add(3)
    await auditing.head(now=now)
    await book.add(3)
    await auditing.head(now=now)
    await database.write(lambda conn: purge.trust_clock(conn, now))
    KeysFolder(tmp_path / "keys").prepare()
    roster = LivingRoster(RootOfTrust.of(bytes(16), RootKeys((signing_public(new_signing_seed()),), 1)))
    upkeep = Upkeep(
        database,
        DailyKeys(tmp_path / "keys"),
        roster,
        lambda: now + KEEP_S + 3 * DAY_S,
        lambda: None,
        lambda: 90,
        lambda at: auditing.end(now=at),
        open_readership(database),
    )
    upkeep._minute = 0

    with pytest.raises(purge.WrongClock):
        await upkeep.tidy()

    assert 6 == len(await kept(book))
    await database.close()


@pytest.mark.promise("S38")
async def test_once_a_case_is_gone_nothing_leads_from_an_entry_to_it(world: World, sindh: Officer) -> None:
    """An entry keeps the case's random handle; with the case went all that knew whose it was."""
    case = await world.case()
    await sindh.opens(case.id)
    entry = next(one for one in await world.trail() if one["act"] == "open")
    handle = str(entry["case"])
    known = await world.database.read(lambda c: c.execute(select(cases.c.handle)).scalars().all())
    assert handle in known

    day = world.clock() // DAY_S
    await world.database.write(lambda c: c.execute(update(cases).values(closed_day=day - 200)))
    await purge.purge(world.database, world.clock())

    assert 0 == await world.database.read(lambda c: c.execute(select(func.count()).select_from(cases)).scalar_one())
    assert not await places_of(world, handle.encode()) - {"audit_entries"}
    assert not await places_of(world, case.id) - {"audit_entries"}
    assert case.id.hex() not in str(await world.trail())


async def places_of(world: World, what: bytes) -> set[str]:
    """Names of the tables in which `what` stands anywhere."""

    def look(conn: Connection) -> set[str]:
        names = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        found = set()
        for name in names:
            for row in conn.execute(text(f'SELECT * FROM "{name}"')):
                cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
                if any(what in cell or what.hex().encode() in cell for cell in cells):
                    found.add(name)
        return found

    return await world.database.read(look)
