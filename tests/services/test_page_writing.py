"""Writing back from the private page: sealed to the key that the code proves, once, and alike for every code from outside."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.core.case import Deed, Wish
from bot.core.errors import Damaged
from bot.core.note import MOST_NOTES
from bot.sealing.case_code import CaseCode, Mistyped, new_code, parse
from bot.sealing.context import new_id
from bot.sealing.fields import base64_text
from bot.sealing.keys import new_seed, public_key
from bot.sealing.mailbox import is_the_cases_key
from bot.sealing.message import MESSAGE_BYTES, read_message
from bot.sealing.stretch import Cost
from bot.services.page_writing import SIZE, PageWriting
from bot.stores import UploadStore
from storage.schema import conversations
from tests.helpline import Helpline
from tests.people import DAY_S
from tests.private.sealed_message import SealedMessage, box_of
from tests.private.sealed_page import SealedPage
from tests.services.rows import rows_of
from tests.services.test_own_report import officer_does
from tests.services.test_page_mailbox import Door, shown
from tests.services.test_submitting import send, submitting

pytestmark = pytest.mark.slow

COST = Cost.for_tests()
WORDS = {"text": "they let me call once"}


class Desk(Door):
    """The door of the mailbox, and the one for writing beside it."""

    def __init__(self, helpline: Helpline) -> None:
        super().__init__(helpline)
        self.writing = PageWriting(self.door, UploadStore(helpline.database), helpline.roster)

    async def begins(self, code: CaseCode) -> SealedMessage:
        """Opens the mailbox as the page does, and is about to write."""
        box = await box_of(self.helpline, code, COST)
        return SealedMessage(self.helpline, code, box, shown(await self.asks(code, COST)))

    async def sends(self, message: SealedMessage, **changed: Any) -> dict[str, Any]:
        for number in range(len(message.parts)):
            await submitting(self.helpline).part(message.part(number), self.helpline.now)
        answer = await self.writing.write(message.message(**changed), self.helpline.now)
        assert SIZE == len(answer)
        return shown(answer)


async def told(helpline: Helpline) -> CaseCode:
    page = await SealedPage(helpline).seals()
    await send(helpline, page)
    return page.code


async def test_words_and_a_voice_are_read_by_the_officer_in_one_chain(everywhere: Helpline) -> None:
    desk, code = Desk(everywhere), await told(everywhere)
    await everywhere.officer_answers((await everywhere.case_ids())[0], "we read it")

    message = (await desk.begins(code)).seals(WORDS, sounds=[(b"sound " * 3_000, 7)])
    assert len(message.parts) > 1
    assert {"kept": True} == await desk.sends(message)

    (report,) = await everywhere.officer_reads("amna")  # which checks the chain, and where the case says it ends
    assert (WORDS["text"],) == report.messages
    assert (("", 7, b"sound " * 3_000),) == report.voices
    (row,) = await rows_of(everywhere.database, "cases")
    assert ("opened", 1) == (row["status"], row["waiting"])


async def test_the_key_of_the_case_is_proved_whether_it_was_told_on_the_page_or_in_the_chat(helpline: Helpline) -> None:
    written = parse(await helpline.tells())
    assert not isinstance(written, Mistyped)
    for code in (await told(helpline), written):
        message = await Desk(helpline).begins(code)
        write, case = message.shown["write"], b64decode(message.shown["case"])
        mark, public = b64decode(write["mark"]), b64decode(write["public"])
        assert is_the_cases_key(message.box, case=case, public=public, mark=mark)
        assert not is_the_cases_key(message.box, case=case, public=public_key(new_seed()), mark=mark)


async def test_a_page_from_before_there_were_marks_is_taken_and_offers_no_writing(helpline: Helpline) -> None:
    page = await SealedPage(helpline).seals()
    del page.closing["mailbox"]["mark"]
    await send(helpline, page)
    found = shown(await Desk(helpline).asks(page.code, COST))
    assert "received" == found["status"]
    assert "write" not in found


async def test_a_talk_from_before_there_were_marks_ends_well_and_offers_no_writing(helpline: Helpline) -> None:
    """The code was shown by the release before this one: its session knows no key for the mark."""
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({})
    await sara.chooses("send")
    code = parse(sara.code())
    assert not isinstance(code, Mistyped)
    await helpline.database.write(lambda c: _older(c, helpline))
    await sara.chooses("code-saved")
    found = shown(await Desk(helpline).asks(code, COST))
    assert "received" == found["status"]
    assert "write" not in found


def _older(conn: Connection, helpline: Helpline) -> None:
    (row,) = conn.execute(select(conversations.c.key, conversations.c.session)).all()
    plain = json.loads(helpline.keys.open_today("session", row.session, row.key, now=helpline.now))
    assert plain.pop("k")
    sealed = helpline.keys.seal_for_today("session", json.dumps(plain).encode(), row.key, now=helpline.now)
    conn.execute(update(conversations).values(session=sealed))


# --- once, and never over somebody else's words ---


async def test_sent_again_it_is_kept_once_whatever_came_meanwhile(everywhere: Helpline) -> None:
    desk, code = Desk(everywhere), await told(everywhere)
    message = (await desk.begins(code)).seals(WORDS)
    assert {"kept": True} == await desk.sends(message)
    later = (await desk.begins(code)).seals({"text": "and another thing"})
    assert {"kept": True} == await desk.sends(later)
    assert {"kept": True} == await desk.sends(message)
    (report,) = await everywhere.officer_reads("amna")
    assert (WORDS["text"], "and another thing") == report.messages


async def test_two_phones_at_once_lose_no_word(helpline: Helpline) -> None:
    """The second one is told that the case has moved, looks again, and seals anew under the same submission."""
    desk, code = Desk(helpline), await told(helpline)
    mine, theirs = (await desk.begins(code)).seals(WORDS), (await desk.begins(code)).seals({"text": "from home"})
    assert {"kept": True} == await desk.sends(theirs)
    assert {"why": "moved"} == await desk.sends(mine)
    again = (await desk.begins(code)).seals(WORDS)
    again.submission, again.revision = mine.submission, 1
    assert {"kept": True} == await desk.sends(again)
    (report,) = await helpline.officer_reads("amna")
    assert ("from home", WORDS["text"]) == report.messages


async def test_parts_that_were_lost_are_named_and_nothing_is_kept_before_they_came(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    message = (await desk.begins(code)).seals(sounds=[(b"sound " * 3_000, 7)])
    await submitting(helpline).part(message.part(1), helpline.now)
    answer = shown(await desk.writing.write(message.message(), helpline.now))
    assert {"why": "parts", "missing": [n for n in range(len(message.parts)) if n != 1]} == answer
    (report,) = await helpline.officer_reads("amna")
    assert () == report.voices
    assert {"kept": True} == await desk.sends(message)


# --- taking back, and a case that was closed ---


async def test_taken_back_and_let_go_on_again(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    for wish, stored in (("stop", Wish.STOP), ("none", Wish.NONE)):
        assert {"kept": True} == await desk.sends((await desk.begins(code)).seals({"wish": wish}, wish=wish))
        assert stored.name.lower() == shown(await desk.asks(code, COST))["wish"]
    (report,) = await helpline.officer_reads("amna")
    assert ("stop", "none") == report.wishes


async def test_words_open_a_closed_case_again_as_they_do_in_the_chat(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    (case,) = await helpline.case_ids()
    await officer_does(helpline, case, Deed.OPEN, Deed.CLAIM, Deed.CLOSE)
    assert "closed" == shown(await desk.asks(code, COST))["status"]
    helpline.now += DAY_S
    assert {"kept": True} == await desk.sends((await desk.begins(code)).seals(WORDS))
    found = shown(await desk.asks(code, COST))
    assert "closed" != found["status"]
    assert "until" not in found
    (row,) = await rows_of(helpline.database, "cases")
    assert (None, 1) == (row["closed_day"], row["waiting"])


@pytest.mark.promise("S54")
async def test_the_question_that_only_the_child_can_answer_is_read_by_officers_only(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    for ask, text in (("check-question", "the name of my goat"), ("check-answer", "Moti")):
        await desk.sends((await desk.begins(code)).seals({"ask": ask, "text": text}))
    (report,) = await helpline.officer_reads("amna")
    assert (("check-question", "the name of my goat"), ("check-answer", "Moti")) == report.check
    assert () == report.messages


# --- from outside ---


@pytest.mark.promise("S9", "S19")
async def test_a_wrong_code_is_answered_in_the_same_size_and_on_the_beat(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    right = (await desk.begins(code)).seals(WORDS)
    other = new_code()
    box = await box_of(helpline, other, COST)
    wrong = replace(right, code=other, box=box, submission=new_id()).seals(WORDS, proved=False)
    flipped = base64_text(b64decode(right.fields["asking"])[:-1] + bytes([right.box.auth[-1] ^ 1]))
    desk.beats.clear()
    assert {"why": "gone"} == await desk.sends(wrong)
    assert {"why": "gone"} == await desk.sends(right, asking=flipped)
    assert {"kept": True} == await desk.sends(right)
    assert 3 == len(desk.beats)
    (report,) = await helpline.officer_reads("amna")
    assert (WORDS["text"],) == report.messages


async def test_what_does_not_fit_is_not_kept(helpline: Helpline) -> None:
    """More recordings than a report holds; a record that is none; another roster than counts now."""
    desk, code = Desk(helpline), await told(helpline)
    sounds = [(b"s", 1)] * MOST_NOTES
    assert {"kept": True} == await desk.sends((await desk.begins(code)).seals(sounds=sounds))
    assert {"why": "other"} == await desk.sends((await desk.begins(code)).seals(sounds=[(b"s", 1)]))
    broken = (await desk.begins(code)).seals(WORDS)
    broken.parts = [bytes(len(broken.parts[0])), *broken.parts[1:]]
    assert {"why": "other"} == await desk.sends(broken)
    stale = (await desk.begins(code)).seals(WORDS)
    assert {"why": "moved"} == await desk.sends(stale, roster=stale.fields["roster"] + 1)
    (report,) = await helpline.officer_reads("amna")
    assert () == report.messages


async def test_what_no_page_sends_is_refused_without_a_look(helpline: Helpline) -> None:
    desk, code = Desk(helpline), await told(helpline)
    message = (await desk.begins(code)).seals(WORDS)
    desk.slowed.clear()
    record = message.fields["records"][0]
    odd: tuple[dict[str, Any], ...] = (
        {"format": "hamrah submission 1"},
        {"parts": []},
        {"records": []},
        {"records": [{**record, "kind": "cover"}]},
        {"records": [{**record, "kind": "note"}]},
        {"records": [{**record, "kind": "voice"}]},
        {"records": [{**record, "size": 100}]},
        {"records": [record] * 12},
        {"records": [record] * 2, "wish": "stop"},
        {"wish": "overruled"},
        {"asking": base64_text(bytes(69))},
        {"asking": base64_text(b"12345")},
        {"sounds": [{"id": record["id"], "size": 1}]},
        {"seq": -1},
    )
    for changed in odd:
        with pytest.raises(Damaged):
            await desk.writing.write(message.message(**changed), helpline.now)
    with pytest.raises(Damaged):
        read_message(json.dumps({"format": " " * MESSAGE_BYTES}).encode())
    assert [] == desk.slowed
