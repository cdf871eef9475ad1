"""Answers wait for whoever holds the code; what does not exist and what is not yet sent look alike."""

import asyncio
import os

import pytest
from sqlalchemy import select

from bot.core.case import Status
from bot.core.errors import Conflict
from bot.core.writes import ForgetAnswers, ForgetMailbox, Write
from storage import Database, mailboxes, sent
from storage.mailboxes import Message
from storage.schema import emptied_mailboxes
from tests.storage.making import (
    DAY,
    HOUR,
    TODAY,
    YESTERDAY,
    draft,
    keeping,
    knock,
    mailbox,
    new_id,
    nobody,
    opening,
    record,
)


def message(seq: int) -> Message:
    return Message(new_id(), seq, 1, os.urandom(4096), os.urandom(32), DAY)


async def opened(database: Database, *, locator: str = "12345", salt: bytes = b"s" * 16) -> tuple[bytes, bytes]:
    """Case and mailbox of a sent report."""
    case = new_id()
    box = mailbox(case, locator=locator, salt=salt)
    await database.take(knock(None), nobody, keeping(b"s", record(case, 0, "cover"), opening(case, 1), box))
    return case, box.id


@pytest.mark.promise("S19")
async def test_an_unsent_reports_mailbox_is_not_found(database: Database) -> None:
    case = new_id()
    box = mailbox(case)
    await database.take(knock(1), nobody, keeping(b"s", draft(case), box))
    assert await database.read(lambda c: mailboxes.find(c, box.id)) is None
    assert await database.read(lambda c: mailboxes.find(c, os.urandom(32))) is None


async def test_a_mailbox_knows_its_case_and_how_it_stands(database: Database) -> None:
    case, box = await opened(database)
    found = await database.read(lambda c: mailboxes.find(c, box))
    assert found is not None
    assert (found.case, found.status) == (case, Status.NEW)
    assert [id for id, _ in await database.read(lambda c: mailboxes.of_case(c, case))] == [box]


async def test_answers_are_read_in_order(database: Database) -> None:
    _, box = await opened(database)
    both = [message(0), message(1)]
    for one in reversed(both):
        await database.write(lambda c, one=one: mailboxes.add_message(c, box, one))  # type: ignore[misc]
    assert await database.read(lambda c: mailboxes.messages(c, box)) == both


@pytest.mark.promise("R26")
async def test_two_answers_with_one_number_cannot_be(database: Database) -> None:
    _, box = await opened(database)
    await database.write(lambda c: mailboxes.add_message(c, box, message(0)))
    with pytest.raises(Conflict):
        await database.write(lambda c: mailboxes.add_message(c, box, message(0)))


async def test_an_answer_for_a_mailbox_that_is_gone_is_refused(database: Database) -> None:
    with pytest.raises(Conflict):
        await database.write(lambda c: mailboxes.add_message(c, os.urandom(32), message(0)))


async def test_the_first_salt_of_a_bucket_stays(database: Database) -> None:
    assert await database.read(lambda c: mailboxes.salt_of(c, "12345")) is None
    await opened(database, salt=b"a" * 16)
    await opened(database, salt=b"b" * 16)
    assert await database.read(lambda c: mailboxes.salt_of(c, "12345")) == b"a" * 16
    assert await database.write(lambda c: mailboxes.keep_salt(c, "12345", b"c" * 16)) == b"a" * 16
    assert await database.write(lambda c: mailboxes.keep_salt(c, "54321", b"c" * 16)) == b"c" * 16


async def test_a_bucket_knows_every_derivation_used_in_it(database: Database) -> None:
    await opened(database)
    await opened(database)
    assert await database.read(lambda c: mailboxes.costs_of(c, "12345")) == ["argon2id$3$65536$1"]
    assert await database.read(lambda c: mailboxes.costs_of(c, "99999")) == []


async def does(database: Database, *writes: Write) -> None:
    """What a reporter's turn keeps."""
    await database.take(knock(None), nobody, keeping(b"s", *writes))


def emptied(box: bytes, count: int, last: bytes = b"l" * 32) -> ForgetAnswers:
    return ForgetAnswers(box, count, last, b"m" * 32)


async def with_answers(database: Database, count: int) -> tuple[bytes, list[Message]]:
    _, box = await opened(database)
    put = [message(seq) for seq in range(count)]
    for one in put:
        await database.write(lambda c, one=one: mailboxes.add_message(c, box, one))  # type: ignore[misc]
    return box, put


async def left_in(database: Database, box: bytes) -> list[int]:
    return [m.seq for m in await database.read(lambda c: mailboxes.messages(c, box))]


async def test_emptying_deletes_what_was_read_and_remembers_up_to_where(database: Database) -> None:
    box, put = await with_answers(database, 3)
    await does(database, emptied(box, 2, put[1].digest))
    found = await database.read(lambda c: mailboxes.find(c, box))

    assert [2] == await left_in(database, box)
    assert found is not None
    assert (2, put[1].digest, b"m" * 32) == found.emptied
    assert (3, put[2].digest) == await database.read(lambda c: mailboxes.head_of(c, box))


async def test_emptying_twice_is_emptying_once_and_an_older_phone_moves_nothing_back(database: Database) -> None:
    box, put = await with_answers(database, 3)
    for _ in range(2):
        await does(database, emptied(box, 3, put[2].digest))
    await does(database, emptied(box, 1, put[0].digest))
    found = await database.read(lambda c: mailboxes.find(c, box))

    assert found is not None
    assert (3, put[2].digest, b"m" * 32) == found.emptied
    assert (3, put[2].digest) == await database.read(lambda c: mailboxes.head_of(c, box))
    assert [] == await left_in(database, box)


@pytest.mark.promise("R26", "S52")
async def test_the_number_of_a_deleted_answer_is_never_given_again(database: Database) -> None:
    box, put = await with_answers(database, 2)
    await does(database, emptied(box, 2, put[1].digest))
    for seq in (0, 1):
        with pytest.raises(Conflict):
            await database.write(lambda c, seq=seq: mailboxes.add_message(c, box, message(seq)))  # type: ignore[misc]
    await database.write(lambda c: mailboxes.add_message(c, box, message(2)))

    assert [2] == await left_in(database, box)


async def test_a_closed_mailbox_is_gone_with_everything_and_cannot_be_emptied(database: Database) -> None:
    box, put = await with_answers(database, 2)
    await does(database, emptied(box, 1, put[0].digest))
    await does(database, ForgetMailbox(box), emptied(box, 2, put[1].digest))
    await does(database, ForgetMailbox(box), emptied(box, 2, put[1].digest))

    assert await database.read(lambda c: mailboxes.find(c, box)) is None
    assert [] == await left_in(database, box)
    rows = await database.read(lambda c: c.execute(select(emptied_mailboxes)).all())
    assert [] == list(rows)
    assert await database.read(lambda c: mailboxes.costs_of(c, "12345")) == []


async def test_closing_and_emptying_at_once_leaves_nothing_half_done(database: Database) -> None:
    box, put = await with_answers(database, 2)
    for n in range(2):
        await database.take(knock(None, keys=(b"%032d" % n,)), nobody, keeping(b"s"))
    writes: list[Write] = [ForgetMailbox(box), emptied(box, 2, put[1].digest)]
    await asyncio.gather(
        *(database.take(knock(n, keys=(b"%032d" % n,)), nobody, keeping(b"s", write)) for n, write in enumerate(writes))
    )

    assert [] == await left_in(database, box)
    assert await database.read(lambda c: mailboxes.find(c, box)) is None


@pytest.mark.promise("S41")
async def test_what_a_chat_shows_is_known_newest_first_until_deleted(database: Database) -> None:
    shown = [sent.Shown(key, n, HOUR) for key, n in ((YESTERDAY, 5), (TODAY, 9), (TODAY, 7))]
    await database.write(lambda c: sent.remember(c, [*shown, shown[0]]))
    both = (TODAY, YESTERDAY)
    assert [s.message for s in await database.read(lambda c: sent.of(c, both))] == [9, 7, 5]
    await database.write(lambda c: sent.forget(c, both, [7, 5]))
    assert [s.message for s in await database.read(lambda c: sent.of(c, both))] == [9]
