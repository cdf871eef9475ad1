"""A turn happens exactly once, whole or not at all."""

import asyncio
import functools
import os

import pytest
from sqlalchemy import Column, Connection, func, select

from bot.core.errors import StorageError
from bot.core.writes import AddToCase, CaseHead, Decided, EraseDraft, Loaded, Wanted
from storage import Database, cases, mailboxes, sent
from storage.schema import conversations, drafts, metadata, outbox, records, slots, updates
from storage.schema import mailboxes as mailboxes_
from tests.storage.making import (
    HOUR,
    NOW,
    TODAY,
    YESTERDAY,
    box_of,
    draft,
    keeping,
    knock,
    mailbox,
    new_id,
    nobody,
    opening,
    post,
    record,
    report,
    slot,
)


def rows(conn: Connection) -> dict[str, int]:
    """How many rows each table has, empty ones left out."""
    found = {
        name: conn.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata.tables.items()
    }
    return {name: n for name, n in found.items() if n}


async def session_of(database: Database, *keys: bytes) -> Loaded:
    """What the next turn would load, without changing anything."""
    seen: list[Loaded] = []

    def look(loaded: Loaded) -> Decided:
        seen.append(loaded)
        raise LookupError

    with pytest.raises(LookupError):
        await database.take(knock(None, keys=keys or (TODAY, YESTERDAY)), nobody, look)
    return seen[-1]


async def test_a_newcomer_has_no_session_and_gets_one(database: Database) -> None:
    seen: list[Loaded] = []

    def decide(loaded: Loaded) -> Decided:
        seen.append(loaded)
        return Decided(b"one", (post(),))

    assert await database.take(knock(1), nobody, decide) is not None
    assert seen == [Loaded(None)]
    assert await session_of(database) == Loaded(b"one", TODAY)
    assert await database.read(rows) == {"updates": 1, "conversations": 1, "outbox": 1}


@pytest.mark.promise("R2")
async def test_a_repeated_update_does_nothing(database: Database) -> None:
    await database.take(knock(7), nobody, keeping(b"one", post()))
    assert await database.take(knock(7), nobody, keeping(b"two", post())) is None
    assert (await session_of(database)).session == b"one"
    assert (await database.read(rows))["outbox"] == 1


@pytest.mark.promise("R2")
async def test_an_update_delivered_many_times_at_once_happens_once(database: Database) -> None:
    turns = [database.take(knock(7), nobody, keeping(os.urandom(8), post())) for _ in range(20)]
    done = [outcome for outcome in await asyncio.gather(*turns) if outcome is not None]
    assert len(done) == 1
    assert (await session_of(database)).session == done[0].session
    assert await database.read(rows) == {"updates": 1, "conversations": 1, "outbox": 1}


@pytest.mark.promise("R6")
async def test_lower_update_ids_after_higher_ones_are_new(database: Database) -> None:
    for number in (900, 3, 901, 1):
        assert await database.take(knock(number), nobody, keeping(b"s")) is not None


async def test_the_same_number_from_another_source_is_another_update(database: Database) -> None:
    await database.take(knock(5), nobody, keeping(b"s"))
    other = knock(5)
    assert await database.take(type(other)("web", 5, other.keys, NOW), nobody, keeping(b"s")) is not None


async def test_turns_without_a_number_are_never_repeats(database: Database) -> None:
    for _ in range(3):
        assert await database.take(knock(None), nobody, keeping(b"s")) is not None
    assert "updates" not in await database.read(rows)


@pytest.mark.promise("R4")
async def test_turns_of_one_chat_each_see_the_one_before(database: Database) -> None:
    """Both first messages of a newcomer and later ones come one after the other, none lost."""

    def add_one(loaded: Loaded) -> Decided:
        return Decided(b"%d" % (int(loaded.session or b"0") + 1))

    await asyncio.gather(*(database.take(knock(n), nobody, add_one) for n in range(40)))
    assert (await session_of(database)).session == b"40"


async def test_when_the_decision_raises_nothing_happened(database: Database) -> None:
    def decide(loaded: Loaded) -> Decided:
        raise LookupError("the roster is stale")

    with pytest.raises(LookupError, match="the roster is stale"):
        await database.take(knock(1), nobody, decide)
    assert await database.read(rows) == {}
    assert await database.take(knock(1), nobody, keeping(b"s")) is not None


async def test_when_one_write_is_refused_nothing_of_the_turn_is_kept(database: Database) -> None:
    case = new_id()
    twice = (draft(case), record(case, 0), post(), record(case, 0))
    with pytest.raises(StorageError):
        await database.take(knock(1), nobody, keeping(b"s", *twice))
    assert await database.read(rows) == {}


async def test_a_failed_turn_leaves_its_neighbours_alone(database: Database) -> None:
    """They share a commit on SQLite; each has a savepoint of its own."""

    def fails(loaded: Loaded) -> Decided:
        raise LookupError

    turns = [
        database.take(knock(n, keys=(b"%032d" % n,)), nobody, fails if n % 3 == 0 else keeping(b"s", post()))
        for n in range(30)
    ]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    assert [isinstance(o, LookupError) for o in outcomes] == [n % 3 == 0 for n in range(30)]
    assert (await database.read(rows))["conversations"] == 20


async def test_a_cancelled_caller_does_not_stop_a_turn_that_began(database: Database) -> None:
    turn = asyncio.ensure_future(database.take(knock(1), nobody, keeping(b"s")))
    await asyncio.sleep(0)
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    for _ in range(50):
        if (await session_of(database)).session == b"s":
            break
        await asyncio.sleep(0.02)
    assert (await session_of(database)).session == b"s"


async def test_a_conversation_moves_to_the_key_of_the_day(database: Database) -> None:
    """Yesterday's pseudonym is left empty, and what was sent under it moves along (D8)."""
    await database.take(knock(1, keys=(YESTERDAY,)), nobody, keeping(b"one"))
    await database.write(lambda c: sent.remember(c, [sent.Shown(YESTERDAY, 55, HOUR)]))
    seen: list[Loaded] = []

    def decide(loaded: Loaded) -> Decided:
        seen.append(loaded)
        return Decided(b"two")

    await database.take(knock(2), nobody, decide)
    assert seen[-1] == Loaded(b"one", YESTERDAY)
    assert await session_of(database, TODAY) == Loaded(b"two", TODAY)
    assert await session_of(database, YESTERDAY) == Loaded(None)
    assert [s.message for s in await database.read(lambda c: sent.of(c, [TODAY]))] == [55]


async def test_leaving_forgets_the_conversation(database: Database) -> None:
    for key, number in ((TODAY, 1), (YESTERDAY, 3)):
        await database.take(knock(number, keys=(key,)), nobody, keeping(b"s"))
        await database.take(knock(number + 1), nobody, keeping(None, post()))
        assert await session_of(database) == Loaded(None)
    assert "conversations" not in await database.read(rows)


async def test_a_newcomer_who_leaves_at_once_is_never_stored(database: Database) -> None:
    await database.take(knock(1), nobody, keeping(None))
    assert await database.read(rows) == {"updates": 1}


async def test_only_the_newest_prompt_of_a_talk_waits(database: Database) -> None:
    first, second, third = (post(collapse=TODAY) for _ in range(3))
    notice = post()
    await database.take(knock(1), nobody, keeping(b"s", first, notice))
    await database.take(knock(2), nobody, keeping(b"s", second, third))
    waiting = await database.read(lambda c: set(c.execute(select(outbox.c.id)).scalars()))
    assert waiting == {notice.id, third.id}


async def test_a_report_becomes_a_case_with_everything_in_it(database: Database) -> None:
    case, key = new_id(), new_id()
    await database.take(knock(1), nobody, keeping(b"s", draft(case), record(case, 0)))
    await database.take(knock(2), nobody, keeping(b"s", draft(case), slot(case, key)))
    opened = opening(case, 2, teams=("sindh", "federal"), climb_at=NOW + 1800)
    box = mailbox(case)
    assert await database.read(lambda c: cases.find(c, case)) is None
    await database.take(knock(3), nobody, keeping(b"s", record(case, 1, "cover"), opened, box))

    found = await database.read(lambda c: cases.find(c, case))
    assert found is not None
    assert (found.teams, found.count, found.head, found.public) == (("federal", "sindh"), 2, opened.head, opened.public)
    assert (found.standing.status.value, found.waiting, found.climb_at) == ("new", True, NOW + 1800)
    assert [r.kind for r in await database.read(lambda c: cases.records_of(c, case))] == ["words", "cover"]
    assert [s.key for s in await database.read(lambda c: cases.slots_of(c, case))] == [key]
    kept = await database.read(lambda c: mailboxes.find(c, box.id))
    assert kept is not None
    assert kept.case == case
    assert await database.read(lambda c: c.execute(select(func.count()).select_from(drafts)).scalar_one()) == 0


async def test_an_erased_draft_leaves_no_record_no_slot_no_mailbox(database: Database) -> None:
    case, other = new_id(), new_id()
    for one in (case, other):
        await database.take(knock(None), nobody, keeping(b"s", draft(one), record(one, 0), slot(one), mailbox(one)))
    await database.take(knock(None), nobody, keeping(b"s", EraseDraft(case)))
    for column in (drafts.c.case_id, records.c.case_id, slots.c.case_id, mailboxes_.c.case_id):
        assert await database.read(functools.partial(_values, column=column)) == {other}


def _values(conn: Connection, column: Column[bytes]) -> set[bytes]:
    return set(conn.execute(select(column)).scalars())


async def test_erasing_a_draft_cannot_touch_a_case(database: Database) -> None:
    case = new_id()
    await database.take(knock(1), nobody, keeping(b"s", *report(case)))
    await database.take(knock(2), nobody, keeping(b"s", EraseDraft(case)))
    assert len(await database.read(lambda c: cases.records_of(c, case))) == 2


async def test_words_written_back_make_the_case_grow_and_wait(database: Database) -> None:
    case = new_id()
    sent = report(case)
    open_box = Wanted(case, box_of(sent))
    await database.take(knock(1), nobody, keeping(b"reading", *sent))
    seen: list[CaseHead | None] = []

    def decide(loaded: Loaded) -> Decided:
        seen.append(loaded.head)
        assert loaded.head is not None
        grown = record(case, loaded.head.seq, "message")
        return Decided(b"reading", (grown, AddToCase(case, loaded.head.seq + 1, grown.digest, HOUR + 5)))

    for number in (2, 3):
        await database.take(knock(number), lambda s: open_box, decide)
    found = await database.read(lambda c: cases.find(c, case))
    assert found is not None
    assert [head.seq for head in seen if head] == [2, 3]
    assert found.count == 4
    assert found.hour == HOUR, "who waits already keeps the older hour"


@pytest.mark.promise("R4")
async def test_messages_written_back_from_two_chats_at_once_are_all_chained(database: Database) -> None:
    case = new_id()
    sent = report(case)
    open_box = Wanted(case, box_of(sent))
    await database.take(knock(None), nobody, keeping(b"x", *sent))

    def decide(loaded: Loaded) -> Decided:
        assert loaded.head is not None
        grown = record(case, loaded.head.seq, "message")
        return Decided(b"s", (grown, AddToCase(case, loaded.head.seq + 1, grown.digest, HOUR)))

    for n in range(8):
        await database.take(knock(None, keys=(b"%032d" % n,)), nobody, keeping(b"s"))
    await asyncio.gather(*(database.take(knock(n, keys=(b"%032d" % n,)), lambda s: open_box, decide) for n in range(8)))
    assert [r.seq for r in await database.read(lambda c: cases.records_of(c, case))] == list(range(10))


@pytest.mark.parametrize("gone", ["case", "mailbox"])
async def test_what_a_mailbox_wants_may_be_gone(database: Database, gone: str) -> None:
    case = new_id()
    sent = report(case)
    await database.take(knock(1), nobody, keeping(b"s", *sent))
    wanted = Wanted(new_id(), box_of(sent)) if gone == "case" else Wanted(case, os.urandom(32))
    seen: list[Loaded] = []

    def decide(loaded: Loaded) -> Decided:
        seen.append(loaded)
        return Decided(b"s")

    await database.take(knock(2), lambda s: wanted, decide)
    assert seen[-1].head is None


async def test_writes_and_reads_share_the_order_of_turns(database: Database) -> None:
    """What is read after an acknowledged write shows it."""
    await database.take(knock(1), nobody, keeping(b"s"))
    count = select(func.count())
    assert await database.read(lambda c: c.execute(count.select_from(updates)).scalar_one()) == 1
    assert await database.read(lambda c: c.execute(count.select_from(conversations)).scalar_one()) == 1


async def test_a_function_that_raises_leaves_nothing_behind(database: Database) -> None:
    def half(conn: Connection) -> None:
        sent.remember(conn, [sent.Shown(TODAY, 1, HOUR)])
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(half)
    assert await database.read(rows) == {}


async def test_closing_twice_is_closing_once(database: Database) -> None:
    await database.close()
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await database.take(knock(1), nobody, keeping(b"s"))
