"""The door through which the private page opens a mailbox: one size, one beat, slowed and never refused."""

import json
from base64 import b64decode
from typing import Any

import pytest
from sqlalchemy import delete

from bot.core.errors import Damaged
from bot.sealing.case_code import CaseCode, new_code
from bot.sealing.chain import Head
from bot.sealing.mailbox import derive, emptied_mark, read_up_to
from bot.sealing.message import ASKING_BYTES
from bot.sealing.stretch import Cost
from bot.services.errands import EVEN_S
from bot.services.page_mailbox import CLOSE, EMPTY, SIZE, PageMailbox
from bot.services.slowing import LONGEST_S
from bot.stores import MailboxStore
from storage.schema import mailboxes
from tests.helpline import Helpline
from tests.private.sealed_page import SealedPage
from tests.services.test_submitting import send

pytestmark = pytest.mark.slow


class Door:
    """The door, and what it waited for: counted, not slept."""

    def __init__(self, helpline: Helpline) -> None:
        self.helpline = helpline
        self.slowed: list[float] = []
        self.beats: list[float] = []
        self.erased = 0
        store = MailboxStore(helpline.database)
        self.door = PageMailbox(store, lambda: helpline.flow.hours, self._slow, self._beat, self._gone)

    def _gone(self) -> None:
        self.erased += 1

    async def _slow(self, seconds: float) -> None:
        self.slowed.append(seconds)

    async def _beat(self, seconds: float) -> None:
        self.beats.append(seconds)

    async def asks(self, code: CaseCode, cost: Cost, locator: str = "", flip: int = 0) -> bytes:
        box = derive(code, await self.helpline.errands.salt_of(code.locator), cost)
        proof = bytes([box.auth[0] ^ flip]) + box.auth[1:]
        return await self.door.read((locator or code.locator).encode() + box.id + proof, self.helpline.now)


def shown(answer: bytes) -> dict[str, Any]:
    return dict(json.loads(answer))


async def told(helpline: Helpline, cost: Cost) -> SealedPage:
    page = await SealedPage(helpline, cost=cost).seals()
    await send(helpline, page)
    return page


@pytest.mark.promise("S9", "S19")
async def test_wrong_deleted_empty_and_answered_have_one_size_and_one_beat(everywhere: Helpline) -> None:
    cost = Cost.for_tests()
    door = Door(everywhere)
    page = await told(everywhere, cost)
    (report,) = await everywhere.officer_reads("amna")
    empty = await door.asks(page.code, cost)
    wrong = await door.asks(new_code(), cost)
    no_proof = await door.asks(page.code, cost, flip=1)
    for number in range(3):
        await everywhere.officer_answers(report.case, f"answer {number} " + "x" * 1500)
    answered = await door.asks(page.code, cost)
    await everywhere.database.write(lambda c: c.execute(delete(mailboxes)))
    deleted = await door.asks(page.code, cost)

    assert ["received", "answered"] == [shown(empty)["status"], shown(answered)["status"]]
    assert 3 == len(shown(answered)["answers"])
    assert {wrong} == {no_proof, deleted}
    assert {SIZE} == {len(answer) for answer in (empty, wrong, answered, deleted)}
    assert all(0 < beat <= EVEN_S for beat in door.beats)
    assert 5 == len(door.beats)


async def test_what_was_emptied_comes_with_its_proof_and_only_the_newer_answers(everywhere: Helpline) -> None:
    page = await told(everywhere, Cost())
    (report,) = await everywhere.officer_reads("amna")
    await everywhere.officer_answers(report.case, "the first")
    phone = everywhere.reporter("phone", "web")
    await phone.opens("en")
    await phone.enters(page.code.display())
    await phone.chooses("empty", "yes")
    await everywhere.officer_answers(report.case, "the second")

    found = shown(await Door(everywhere).asks(page.code, Cost()))
    box = derive(page.code, await everywhere.errands.salt_of(page.code.locator), Cost())
    count, last, mark = (found["emptied"][name] for name in ("count", "last", "mark"))
    head = read_up_to(box, count, b64decode(last), b64decode(mark))
    assert head is not None
    assert b64decode(mark) == emptied_mark(box, head)
    assert [1] == [one["seq"] for one in found["answers"]]


@pytest.mark.promise("S47")
async def test_a_flood_of_wrong_codes_delays_the_right_one_a_little_and_never_refuses_it(everywhere: Helpline) -> None:
    cost = Cost.for_tests()
    door = Door(everywhere)
    page = await told(everywhere, cost)
    for _ in range(200):
        await door.door.read(page.code.locator.encode() + new_code().reveal().encode().ljust(64), everywhere.now)
    assert "received" == shown(await door.asks(page.code, cost))["status"]
    assert LONGEST_S == door.slowed[-1] == max(door.slowed)


async def test_a_code_opens_only_with_its_own_locator(everywhere: Helpline) -> None:
    """Else whoever guesses could name another locator each time, and would never be slowed."""
    cost = Cost.for_tests()
    page = await told(everywhere, cost)
    other = "00000" if page.code.locator != "00000" else "00001"
    assert {} == shown(await Door(everywhere).asks(page.code, cost, locator=other))


async def test_what_no_page_asks_is_refused_without_a_look(everywhere: Helpline) -> None:
    door = Door(everywhere)
    for body in (b"", bytes(ASKING_BYTES), b"12345" + bytes(63), b"1234x" + bytes(64), "۱۲".encode() + bytes(65)):
        with pytest.raises(Damaged):
            await door.door.read(body, everywhere.now)
    assert [] == door.slowed


# --- what is done with it ---


async def test_the_page_empties_what_it_has_shown_once_and_nothing_newer(everywhere: Helpline) -> None:
    """Sent again because the answer got lost, it changes nothing; an answer that came since stays and verifies."""
    cost = Cost.for_tests()
    door = Door(everywhere)
    page = await told(everywhere, cost)
    (report,) = await everywhere.officer_reads("amna")
    await everywhere.officer_answers(report.case, "one")
    first = shown(await door.asks(page.code, cost))["answers"][0]
    box = derive(page.code, await everywhere.errands.salt_of(page.code.locator), cost)
    head = Head().after(b64decode(first["envelope"]))
    await everywhere.officer_answers(report.case, "two")
    asking = page.code.locator.encode() + box.id + box.auth
    deed = asking + EMPTY + head.count.to_bytes(8, "big") + head.last + emptied_mark(box, head)
    for _ in range(2):
        await door.door.do(deed, everywhere.now)
    found = shown(await door.asks(page.code, cost))
    assert (1, [1]) == (found["emptied"]["count"], [one["seq"] for one in found["answers"]])

    beyond = asking + EMPTY + (9).to_bytes(8, "big") + head.last + bytes(32)
    await door.door.do(beyond, everywhere.now)
    assert found == shown(await door.asks(page.code, cost)), "an answer that never was cannot be emptied"


@pytest.mark.promise("S45")
async def test_the_page_closes_only_what_its_code_opens(everywhere: Helpline) -> None:
    cost = Cost.for_tests()
    door = Door(everywhere)
    page = await told(everywhere, cost)
    box = derive(page.code, await everywhere.errands.salt_of(page.code.locator), cost)
    asking = page.code.locator.encode() + box.id
    await door.door.do(asking + bytes(32) + CLOSE + bytes(72), everywhere.now)
    assert "received" == shown(await door.asks(page.code, cost))["status"]
    assert 0 == door.erased
    for _ in range(2):
        await door.door.do(asking + box.auth + CLOSE + bytes(72), everywhere.now)
    assert {} == shown(await door.asks(page.code, cost))
    assert 1 == door.erased, "the database is told to leave no trace of it"
    (report,) = await everywhere.officer_reads("amna")
    assert report.words, "the case stays with the officers"
