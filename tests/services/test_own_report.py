"""Control over one's own report through the real services: emptied, closed, taken back, on two phones, once and for good."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import Connection, delete, insert, update

from bot.core.case import Deed, Standing, Wish, do
from bot.core.events import Chose, Wrote
from bot.core.private import Private
from storage import cases, mailboxes
from storage.schema import cases as case_table
from storage.schema import emptied_mailboxes, mailbox_messages
from tests.helpline import Helpline, Reporter
from tests.people import DAY_S
from tests.services.rows import all_rows, rows_of
from tests.services.test_codes import in_the_same_bucket, shown
from tests.talking import Answer

pytestmark = pytest.mark.slow

IN_LAHORE: dict[str, Answer] = {"place-to": "PK-PB", "words-what": "they lock the door"}


async def told(helpline: Helpline, name: str = "sara") -> tuple[str, bytes]:
    before = set(await helpline.case_ids())
    code = await helpline.tells(IN_LAHORE, name=name)
    (case,) = set(await helpline.case_ids()) - before
    return code, case


async def phone_with(helpline: Helpline, code: str, name: str = "phone") -> Reporter:
    phone = helpline.reporter(name, "web")
    if not phone.everything:
        await phone.opens()
    await phone.enters(code)
    return phone


async def officer_does(helpline: Helpline, case: bytes, *deeds: Deed, until: int | None = None) -> None:
    def work(conn: Connection) -> None:
        for deed in deeds:
            found = cases.find(conn, case)
            assert found is not None
            after = do(found.standing, deed, by="amna", version=found.standing.version)
            assert isinstance(after, Standing)
            cases.move(conn, case, found.standing, after, now=helpline.now, until=until)

    await helpline.database.write(work)


# --- emptying ---


async def test_emptied_answers_are_gone_and_later_ones_still_verify(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    for words in ("one", "two"):
        await everywhere.officer_answers(case, words)
    phone = await phone_with(everywhere, code)
    await phone.chooses("empty", "yes")
    phone.sees("mail.emptied")
    assert [] == await rows_of(everywhere.database, "mailbox_messages")
    await phone.enters(code)
    phone.sees("mail.empty-since")
    await everywhere.officer_answers(case, "three")
    await phone.enters(code)
    phone.sees_words("three")
    await phone.chooses("empty", "yes")
    await everywhere.officer_answers(case, "four")
    await phone.enters(code)

    phone.sees_words("four")
    assert [] == everywhere.alarms


async def test_an_answer_that_was_not_read_yet_is_not_emptied(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    await everywhere.officer_answers(case, "one")
    phone = await phone_with(everywhere, code)
    await phone.chooses("empty")
    await everywhere.officer_answers(case, "two")
    await phone.chooses("yes")
    await phone.enters(code)

    phone.sees_words("two")
    assert [] == everywhere.alarms


async def _emptied(helpline: Helpline) -> tuple[str, bytes, list[dict[str, object]]]:
    """A mailbox emptied of two answers, with two newer ones; the rows of the deleted ones."""
    code, case = await told(helpline)
    for words in ("one", "two"):
        await helpline.officer_answers(case, words)
    old = await rows_of(helpline.database, "mailbox_messages")
    phone = await phone_with(helpline, code)
    await phone.chooses("empty", "yes")
    for words in ("three", "four"):
        await helpline.officer_answers(case, words)
    return code, case, sorted(old, key=lambda row: int(row["seq"]))


async def _do(helpline: Helpline, *statements: object) -> None:
    for statement in statements:
        await helpline.database.write(partial(_execute, statement))


def _execute(statement: object, conn: Connection) -> None:
    conn.execute(statement)  # type: ignore[call-overload]


@pytest.mark.promise("S52")
@pytest.mark.parametrize("seq", [2, 3])
async def test_dropping_an_answer_after_emptying_shows(helpline: Helpline, seq: int) -> None:
    """The first of the later ones leaves a gap; of the last, the officers' copy and the next answer tell."""
    code, case, _ = await _emptied(helpline)
    await _do(helpline, delete(mailbox_messages).where(mailbox_messages.c.seq == seq))
    if seq == 3:
        await helpline.officer_answers(case, "five")  # made by the helper of these tests after what is left
        await _do(helpline, update(mailbox_messages).where(mailbox_messages.c.seq == 3).values(seq=4))
    (await phone_with(helpline, code)).sees_words(*(() if seq == 2 else ("three",)))

    assert ["reply_unverified"] == helpline.alarms


@pytest.mark.promise("S52")
@pytest.mark.parametrize("seq", [0, 4])
async def test_a_deleted_answer_that_is_put_back_is_not_shown(helpline: Helpline, seq: int) -> None:
    code, _, (first, _) = await _emptied(helpline)
    await _do(helpline, insert(mailbox_messages).values({**first, "seq": seq, "id": first["id"]}))
    phone = await phone_with(helpline, code)

    assert "one" not in [p.reveal() for p in phone._shown(phone.latest) if isinstance(p, Private)]
    assert ["reply_unverified"] == helpline.alarms


@pytest.mark.promise("S52")
async def test_nobody_but_the_code_can_say_that_answers_were_deleted(helpline: Helpline) -> None:
    """The database claims that the first answer was deleted by the child, and hands out the second alone."""
    code, case = await told(helpline)
    for words in ("one", "two"):
        await helpline.officer_answers(case, words)
    ((box, _),) = await helpline.database.read(lambda c: mailboxes.of_case(c, case))
    first = (await helpline.database.read(lambda c: mailboxes.messages(c, box)))[0]
    claim = {"mailbox_id": box, "count": 1, "last": first.digest, "mark": b"m" * 32}
    await _do(
        helpline,
        insert(emptied_mailboxes).values(claim),
        delete(mailbox_messages).where(mailbox_messages.c.seq == 0),
    )

    (await phone_with(helpline, code)).sees_words()
    assert ["reply_unverified"] == helpline.alarms


@pytest.mark.promise("S52")
@pytest.mark.parametrize("field", ["count", "last", "mark"])
async def test_a_changed_memory_of_emptying_is_not_believed(helpline: Helpline, field: str) -> None:
    code, _, _ = await _emptied(helpline)
    (row,) = await rows_of(helpline.database, "emptied_mailboxes")
    changed = row[field] + 1 if field == "count" else bytes([row[field][0] ^ 1]) + row[field][1:]
    await _do(helpline, update(emptied_mailboxes).values({field: changed}))

    (await phone_with(helpline, code)).sees_words()
    assert ["reply_unverified"] == helpline.alarms


@pytest.mark.promise("R2", "R26")
async def test_pressing_twice_empties_once_whatever_was_lost_on_the_way(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    await everywhere.officer_answers(case, "one")
    phone = await phone_with(everywhere, code)
    await phone.chooses("empty")
    press = Chose(0, "yes", phone.prompt.turn)
    assert 1 == sum(await asyncio.gather(*(phone.hears(press, number=9_000) for _ in range(4))))
    before = await all_rows(everywhere.database)
    assert not await phone.hears(press, number=9_000)  # the same update: its answer was lost
    assert before == await all_rows(everywhere.database)
    await everywhere.officer_answers(case, "two")
    await phone.hears(press, number=9_001)  # the same button once more
    phone.sees("say.stale")
    await phone.enters(code)

    phone.sees_words("two")


# --- closing ---


@pytest.mark.promise("S19")
async def test_a_mailbox_closed_by_its_reporter_looks_like_one_that_never_was(helpline: Helpline) -> None:
    code, case = await told(helpline, "sara")
    other, _ = await told(helpline, "omar")
    await helpline.officer_answers(case, "one")
    phone = await phone_with(helpline, code)
    await phone.chooses("close", "yes")
    phone.sees("mail.shut", "screen.home")

    assert 1 == len(await rows_of(helpline.database, "mailboxes"))
    assert [] == await rows_of(helpline.database, "mailbox_messages")
    assert await shown(helpline, code, "a") == await shown(helpline, in_the_same_bucket(other), "b")


async def test_after_closing_the_case_stays_and_can_be_worked_on(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    phone = await phone_with(everywhere, code)
    await phone.chooses("close", "yes")
    await phone.enters(code)
    phone.sees("mail.missing")
    await officer_does(everywhere, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)

    (report,) = await everywhere.officer_reads("amna")
    assert (("words-what", "they lock the door"),) == report.words


# --- two phones ---


async def test_one_phone_empties_while_the_other_reads(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    await everywhere.officer_answers(case, "one")
    one, two = [await phone_with(everywhere, code, name) for name in ("one", "two")]
    await one.chooses("empty", "yes")
    await two.writes("I still see it")
    await two.chooses("empty", "yes")
    two.sees("mail.emptied")
    await everywhere.officer_answers(case, "two")
    await two.enters(code)

    two.sees_words("two")
    (report,) = await everywhere.officer_reads("amna")
    assert ("I still see it",) == report.messages
    assert [] == everywhere.alarms


@pytest.mark.parametrize("key", ["add", "empty", "close", "stop", "question"])
async def test_one_phone_closes_while_the_other_decides(everywhere: Helpline, key: str) -> None:
    code, _ = await told(everywhere)
    one, two = [await phone_with(everywhere, code, name) for name in ("one", "two")]
    await two.chooses(key)
    await one.chooses("close", "yes")
    before = await rows_of(everywhere.database, "records")
    await two.presses("yes")

    two.sees("mail.gone", "mail.ask")
    assert before == await rows_of(everywhere.database, "records")
    assert [] == await rows_of(everywhere.database, "wishes")


async def test_one_phone_closes_in_the_moment_the_other_writes(everywhere: Helpline) -> None:
    """Either the words came first and are in the case, or they came later and wait as a draft: never half."""
    code, _ = await told(everywhere)
    one, two = [await phone_with(everywhere, code, name) for name in ("one", "two")]
    await one.chooses("close")
    await asyncio.gather(one.chooses("yes"), two.writes("am I in time?"))
    said = {line.id for say in two.latest for line in say.lines}
    (report,) = await everywhere.officer_reads("amna")

    if "mail.written" in said:
        assert ("am I in time?",) == report.messages
    else:
        assert () == report.messages
        two.sees("mail.gone", "draft.kept")


async def test_everything_at_once_on_two_phones_leaves_a_whole_case(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    await everywhere.officer_answers(case, "one")
    one, two, three = [await phone_with(everywhere, code, name) for name in ("one", "two", "three")]
    for phone, key in ((one, "empty"), (two, "stop"), (three, "close")):
        await phone.chooses(key)
    await asyncio.gather(one.chooses("yes"), two.chooses("yes"), three.chooses("yes"))

    assert [] == await rows_of(everywhere.database, "mailboxes")
    assert [] == await rows_of(everywhere.database, "mailbox_messages")
    assert [] == await rows_of(everywhere.database, "emptied_mailboxes")
    (report,) = await everywhere.officer_reads("amna")  # the chain of the case is whole
    assert len(await rows_of(everywhere.database, "wishes")) == len(report.wishes)


async def test_the_case_is_deleted_while_its_mailbox_is_open(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    phone = await phone_with(everywhere, code)
    await phone.chooses("stop")
    await _do(everywhere, delete(case_table).where(case_table.c.id == case))
    await phone.presses("yes")

    phone.sees("mail.gone", "mail.ask")
    assert [] == await rows_of(everywhere.database, "wishes")


async def test_another_code_typed_into_an_open_mailbox_opens_the_other(everywhere: Helpline) -> None:
    """What is done then is done to the one that is open."""
    first, first_case = await told(everywhere, "sara")
    second, second_case = await told(everywhere, "omar")
    await everywhere.officer_answers(first_case, "for sara")
    await everywhere.officer_answers(second_case, "for omar")
    phone = await phone_with(everywhere, first)
    await phone.chooses("empty")
    await phone.writes(second)
    phone.sees_words("for omar")
    await phone.chooses("close", "yes")
    await phone.enters(first)

    phone.sees_words("for sara")
    assert 1 == len(await rows_of(everywhere.database, "mailboxes"))


# --- taking back ---


async def test_the_wish_is_a_sealed_record_and_a_mark_in_the_queue(everywhere: Helpline) -> None:
    code, case = await told(everywhere)
    await everywhere.officer_answers(case, "one")
    phone = await phone_with(everywhere, code)
    await phone.chooses("stop", "yes")
    found = await everywhere.database.read(lambda c: cases.find(c, case))
    assert found is not None
    assert (Wish.STOP, True, "opened") == (found.standing.wish, found.waiting, found.standing.status.value)
    await phone.enters(code)
    phone.sees("mail.is-stopped", "mail.reply")
    await officer_does(everywhere, case, Deed.GO_ON)
    await phone.enters(code)
    phone.sees("mail.is-overruled")
    await phone.chooses("go-on")
    await phone.enters(code)
    phone.sees_nothing_of("mail.is-stopped", "mail.is-overruled")

    (report,) = await everywhere.officer_reads("amna")
    assert ("stop", "none") == report.wishes


async def test_taking_back_a_closed_case_brings_it_to_the_officers(helpline: Helpline) -> None:
    """Somebody may still act on what was passed on."""
    code, case = await told(helpline)
    await officer_does(helpline, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)
    phone = await phone_with(helpline, code)
    await phone.chooses("stop", "yes")
    found = await helpline.database.read(lambda c: cases.find(c, case))

    assert found is not None
    assert ("opened", None, True) == (found.standing.status.value, found.closed_day, found.waiting)


# --- until when ---


@pytest.mark.promise("S46")
async def test_the_open_mailbox_of_a_closed_case_tells_its_last_day_and_the_case_lives_until_then(
    helpline: Helpline,
) -> None:
    code, case = await told(helpline)
    await officer_does(helpline, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)
    closed = helpline.now // DAY_S
    phone = await phone_with(helpline, code)
    phone.sees("mail.status.closed", "mail.until")
    last = datetime.fromtimestamp((closed + 90) * DAY_S, UTC).date().isoformat()
    (line,) = [line for say in phone.latest for line in say.lines if line.id == "mail.until"]

    assert last == getattr(line.params["date"], "text", None)


async def test_a_held_case_promises_no_end(helpline: Helpline) -> None:
    code, case = await told(helpline)
    await officer_does(helpline, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)
    await helpline.database.write(lambda c: cases.hold(c, case, True))

    (await phone_with(helpline, code)).sees_nothing_of("mail.until")


# --- a question that only the reporter can answer ---


@pytest.mark.promise("S54")
async def test_officers_see_question_and_answer_and_the_mailbox_shows_neither(everywhere: Helpline) -> None:
    code, _ = await told(everywhere)
    phone = await phone_with(everywhere, code)
    await phone.chooses("question")
    await phone.writes("what is my goat called?")
    await phone.writes("Moti")
    other = await phone_with(everywhere, code, "another")
    other.sees_words()

    (report,) = await everywhere.officer_reads("amna")
    assert (("check-question", "what is my goat called?"), ("check-answer", "Moti")) == report.check
    assert () == report.messages


@pytest.mark.promise("S54")
async def test_a_question_set_at_the_code_is_sealed_with_the_report(everywhere: Helpline) -> None:
    sara = everywhere.reporter()
    await sara.opens()
    await sara.tells(IN_LAHORE)
    await sara.chooses("send")
    code = sara.code()
    await sara.chooses("question")
    await sara.hears(Wrote(0, Private("what is my goat called?")))
    await sara.hears(Wrote(0, Private("Moti")))
    await sara.chooses("code-saved")
    (await phone_with(everywhere, code)).sees("mail.status.received")

    (report,) = await everywhere.officer_reads("amna")
    assert (("check-question", "what is my goat called?"), ("check-answer", "Moti")) == report.check
    assert (("words-what", "they lock the door"),) == report.words


# --- no code at hand, and a second report ---


async def test_a_second_report_says_that_there_was_a_first_and_both_codes_work(everywhere: Helpline) -> None:
    first, _ = await told(everywhere)
    sara = everywhere.reporter()
    await sara.presses("!mail")
    await sara.chooses("go:wrote-before", "c:tell-again")
    await sara.chooses("a:yes", "skip", "a:ok")
    while ask := sara.asked():
        if ask == "place-to":
            await sara.chooses("p:PK-PB")
            await sara.chooses("here")
        else:
            await sara.chooses("skip")
    second = await sara.sends_report()
    reports = await everywhere.officer_reads("amna")

    assert [None, ["yes"]] == sorted((r.answers.get("before") for r in reports), key=str)
    assert ["yes"] in [r.cover["gist"].get("before") for r in reports]
    for n, code in enumerate((first, second)):
        (await phone_with(everywhere, code, f"{n}")).sees("mail.status.received")


@pytest.mark.promise("S47")
async def test_nothing_of_it_is_ever_refused_for_its_rate(helpline: Helpline) -> None:
    code, _ = await told(helpline)
    phone = await phone_with(helpline, code)
    for _ in range(30):
        await phone.chooses("stop", "yes", "go-on", "empty", "yes")
        await phone.writes("still here")
        await phone.enters(code)
        phone.sees("mail.status.received")

    assert {0.0} == set(helpline.waited)
