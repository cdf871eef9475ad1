"""Answers wait for whoever holds the code; what does not exist and what is not yet sent look alike."""

import os

import pytest

from bot.core.case import Status
from bot.core.errors import Conflict
from storage import Database, mailboxes, sent
from storage.mailboxes import Message
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


async def test_a_reporter_empties_or_closes_the_mailbox(database: Database) -> None:
    _, box = await opened(database)
    for seq in range(3):
        await database.write(lambda c, seq=seq: mailboxes.add_message(c, box, message(seq)))  # type: ignore[misc]
    await database.write(lambda c: mailboxes.empty(c, box, 1))
    assert [m.seq for m in await database.read(lambda c: mailboxes.messages(c, box))] == [2]
    await database.write(lambda c: mailboxes.close(c, [box]))
    assert await database.read(lambda c: mailboxes.find(c, box)) is None
    assert await database.read(lambda c: mailboxes.messages(c, box)) == []


@pytest.mark.promise("S41")
async def test_what_a_chat_shows_is_known_newest_first_until_deleted(database: Database) -> None:
    shown = [sent.Shown(key, n, "prompt", HOUR) for key, n in ((YESTERDAY, 5), (TODAY, 9), (TODAY, 7))]
    await database.write(lambda c: sent.remember(c, [*shown, shown[0]]))
    both = (TODAY, YESTERDAY)
    assert [s.message for s in await database.read(lambda c: sent.of(c, both))] == [9, 7, 5]
    await database.write(lambda c: sent.forget(c, both, [7, 5]))
    assert [s.message for s in await database.read(lambda c: sent.of(c, both))] == [9]
