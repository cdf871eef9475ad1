"""Hearing back through the real mailbox: only verified answers are shown, words written back reach the officers (S52)."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection, Update, delete, update

from bot.core.errors import RosterExpired
from bot.sealing.chain import Head
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id
from bot.sealing.record import record_hash
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from storage import mailboxes
from storage.schema import cases as case_table
from storage.schema import mailbox_messages
from tests.helpline import Helpline, Reporter
from tests.people import DAY_S, People, Person
from tests.services.rows import rows_of

pytestmark = pytest.mark.slow

IN_LAHORE = {"place-to": "PK-PB", "words-what": "they lock the door"}


async def told(helpline: Helpline, name: str = "sara") -> tuple[str, bytes]:
    """A report; its code and its case."""
    before = set(await helpline.case_ids())
    code = await helpline.tells(IN_LAHORE, name=name)
    (case,) = set(await helpline.case_ids()) - before
    return code, case


def _execute(statement: Update, conn: Connection) -> None:
    conn.execute(statement)


async def reads(helpline: Helpline, code: str) -> Reporter:
    phone = helpline.reporter(f"phone {len(code)}", "web")
    await phone.opens()
    await phone.enters(code)
    return phone


async def test_several_answers_come_in_order(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "thank you for writing", "amna")
    await helpline.officer_answers(case, "can you go to school on monday?", "amna")

    phone = await reads(helpline, code)
    phone.sees("mail.status.answered")
    phone.sees_words("thank you for writing", "can you go to school on monday?")


async def test_an_answer_is_read_as_often_as_wanted(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "thank you")
    phone = await reads(helpline, code)
    await phone.enters(code)

    phone.sees_words("thank you")


async def test_nobody_hears_the_answer_to_somebody_else(helpline: Helpline) -> None:
    code, case = await told(helpline, "sara")
    other, _ = await told(helpline, "omar")
    await helpline.officer_answers(case, "thank you")

    (await reads(helpline, other)).sees("mail.status.received", "mail.empty")
    assert code != other


# --- what does not verify is shown as nothing, and alarms ---


async def _put(helpline: Helpline, case: bytes, by: Person, *, seq: int = 0, said_case: bytes | None = None) -> None:
    """An answer that claims to be whatever it is told to be."""
    ((mailbox, kem),) = await helpline.database.read(lambda c: mailboxes.of_case(c, case))
    earlier = await helpline.database.read(lambda c: mailboxes.messages(c, mailbox))
    context = Context(
        deployment=helpline.people.deployment,
        roster_version=1,
        case_id=case,
        record_id=new_id(),
        kind="reply",
        seq=seq,
        recipient=key_id(kem),
        previous=earlier[-1].digest if earlier else Head().last,
    )
    spoken = replace(context, case_id=said_case or case)
    payload = write_reply(spoken, by.id, helpline.now // DAY_S, "come to the station alone")
    envelope = seal_reply(kem, context, sign_reply(by.signing_seed, payload))
    message = mailboxes.Message(context.record_id, seq, 1, envelope, record_hash(envelope), helpline.now // DAY_S)
    await helpline.database.write(lambda c: mailboxes.add_message(c, mailbox, message))


async def _shows_only(helpline: Helpline, code: str, *words: str) -> None:
    phone = await reads(helpline, code)
    phone.sees_words(*words)
    assert helpline.alarms == ["reply_unverified"]


@pytest.mark.promise("S52")
async def test_an_answer_of_a_stranger_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await _put(helpline, case, Person("mallory"))

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_an_answer_in_the_name_of_an_officer_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await _put(helpline, case, Person("amna"))

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_an_answer_signed_for_another_case_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await _put(helpline, case, helpline.people.officers["amna"], said_case=b"x" * 16)

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_an_answer_of_a_suspended_officer_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "thank you")
    helpline.roster.load(helpline.people.document(2, suspended=["amna"]), now=helpline.now)

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_an_answer_with_a_gap_before_it_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    for words in ("one", "two", "three"):
        await helpline.officer_answers(case, words)
    await helpline.database.write(lambda c: c.execute(delete(mailbox_messages).where(mailbox_messages.c.seq == 1)))

    await _shows_only(helpline, code, "one")


@pytest.mark.promise("S52")
async def test_a_replayed_answer_is_not_shown_twice(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "one")
    (row,) = await rows_of(helpline.database, "mailbox_messages")
    again = {**row, "seq": 1, "id": new_id()}
    await helpline.database.write(lambda c: c.execute(mailbox_messages.insert().values(**again)))

    await _shows_only(helpline, code, "one")


@pytest.mark.promise("S52")
async def test_swapped_answers_are_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "one")
    await helpline.officer_answers(case, "two")
    for old, new in ((0, 9), (1, 0), (9, 1)):
        moved = update(mailbox_messages).where(mailbox_messages.c.seq == old).values(seq=new)
        await helpline.database.write(partial(_execute, moved))

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_a_changed_answer_is_not_shown(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "one")
    (row,) = await rows_of(helpline.database, "mailbox_messages")
    changed = row["envelope"][:-1] + bytes([row["envelope"][-1] ^ 1])
    await helpline.database.write(lambda c: c.execute(update(mailbox_messages).values(envelope=changed)))

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_an_answer_moved_into_another_mailbox_is_not_shown(helpline: Helpline) -> None:
    _, case = await told(helpline, "sara")
    code, other = await told(helpline, "omar")
    await helpline.officer_answers(case, "for sara")
    ((mailbox, _),) = await helpline.database.read(lambda c: mailboxes.of_case(c, other))
    await helpline.database.write(lambda c: c.execute(update(mailbox_messages).values(mailbox_id=mailbox)))

    await _shows_only(helpline, code)


@pytest.mark.promise("S52")
async def test_without_a_valid_roster_no_answer_is_believed(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "thank you")
    helpline.now += 400 * DAY_S

    phone = await reads(helpline, code)
    phone.sees("mail.looking", "say.failed")
    with pytest.raises(RosterExpired):
        helpline.roster.current(now=helpline.now)


# --- writing back ---


async def test_several_messages_back_keep_the_chain_whole(helpline: Helpline) -> None:
    code, _ = await told(helpline)
    phone = await reads(helpline, code)
    for words in ("one", "دو", "three"):
        await phone.writes(words)

    (report,) = await helpline.officer_reads("amna")
    assert report.messages == ("one", "دو", "three")


async def test_writing_back_needs_no_readers_key_and_no_slot(helpline: Helpline) -> None:
    code, case = await told(helpline)
    slots = await rows_of(helpline.database, "slots")
    phone = await reads(helpline, code)
    await phone.writes("one more thing")

    assert slots == await rows_of(helpline.database, "slots")
    assert await helpline.readers_of(case) == {"amna", "bilal", "recovery"}


async def test_what_is_written_back_wakes_a_closed_case(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await helpline.officer_answers(case, "thank you")
    await helpline.database.write(
        lambda c: c.execute(update(case_table).values(status="closed", closed_day=1, waiting=0))
    )
    phone = await reads(helpline, code)
    phone.sees("mail.status.closed")
    await phone.writes("it happened again")

    (row,) = await rows_of(helpline.database, "cases")
    assert ("opened", 1) == (row["status"], row["waiting"])


async def test_two_phones_write_back_at_the_same_time(helpline: Helpline) -> None:
    code, _ = await told(helpline)
    one, two = helpline.reporter("one", "web"), helpline.reporter("two", "web")
    for phone in (one, two):
        await phone.opens()
        await phone.enters(code)
    await one.writes("from the first")
    await two.writes("from the second")
    await one.writes("again from the first")

    (report,) = await helpline.officer_reads("amna")
    assert report.messages == ("from the first", "from the second", "again from the first")


async def test_words_for_a_case_that_is_gone_are_kept_as_a_draft(helpline: Helpline) -> None:
    """Deleted while its mailbox was open: nothing to write back to, nothing is lost, nothing breaks."""
    code, case = await told(helpline)
    phone = await reads(helpline, code)
    await helpline.database.write(lambda c: c.execute(delete(case_table).where(case_table.c.id == case)))
    await phone.writes("are you there?")

    phone.sees("draft.kept", "mail.ask")


@pytest.mark.promise("S9")
async def test_every_stored_size_is_one_of_few(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    for words in ("x", "ا" * 500, "word " * 400, "ابجد" * 1000):
        await sara.writes(words)
    sizes = {len(row["envelope"]) for row in await rows_of(helpline.database, "records")}

    assert sizes == {3256, 9400}


async def test_a_roster_of_another_house_opens_nothing_here(helpline: Helpline) -> None:
    _, case = await told(helpline)
    stranger = People(now=helpline.now).officers["amna"]

    assert await helpline.opened_by(stranger) == []
    assert case in await helpline.case_ids()
