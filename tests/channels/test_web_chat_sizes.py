"""What the network and a clock can tell of a case code: nothing (S9, S19)."""

import os
import secrets
from statistics import fmean, variance
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import delete

from bot.channels.web.chat import SIZES
from bot.core.writes import Decided, KeepMailbox, Knock
from bot.house import House
from bot.sealing.case_code import CaseCode, new_code, parse
from bot.sealing.mailbox import auth_hash, derive
from bot.sealing.stretch import Cost
from storage import mailboxes, schema
from tests.channels.web_page import Page, Served, found, http, page, served
from tests.service import answer
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")
__all__ = ["http", "page", "served"]  # fixtures

# --- sizes and times (S9, S19) ---


async def put_mailbox(house: House, case: bytes) -> CaseCode:
    """One more mailbox of a case, made as the program makes it."""
    code, cost, salt = new_code(), Cost.for_tests(), os.urandom(16)
    box = derive(code, salt, cost)
    day = NOON // 86_400
    kept = KeepMailbox(box.id, case, code.locator, salt, auth_hash(box.auth), box.kem_public, cost.as_text(), day)
    knock = Knock("test", None, (os.urandom(32),), NOON)
    await house.database.take(knock, lambda _: None, lambda _: Decided(None, (kept,)))
    return code


@pytest.mark.promise("S9", "S19")
async def test_answers_about_a_code_have_one_size_whatever_is_behind_it(http: Any, served: Any) -> None:
    service, house, _ = served
    teller = Page(http, house)
    await teller.opens()
    full = await teller.tells("for the sizes")
    case = (await found(served)).case_of("for the sizes").id
    for number in range(4):
        await answer(house, service, case, f"answer {number} " + "x" * 1500, "esha")
    empty = (await put_mailbox(house, case)).reveal()
    sizes = set()
    for code in (empty, full, new_code().reveal()):
        page = Page(http, house)
        await page.opens()
        await page.enters(code)
        sizes.add(page.sizes[-1])
    assert {SIZES[1]} == sizes


@pytest.mark.promise("S9")
async def test_ordinary_answers_have_one_size(page: Page) -> None:
    await page.opens()
    await page.presses("c:learn")
    await page.writes("x" * 3000)
    assert {SIZES[0]} == set(page.sizes)


@pytest.mark.slow
@pytest.mark.promise("S19")
async def test_the_time_of_an_answer_does_not_tell_what_is_behind_a_code(http: Any, served: Any) -> None:
    assert await welch(http, served, 120) < 4.5


@pytest.mark.long
@pytest.mark.promise("S19")
async def test_ten_thousand_answers_do_not_tell_by_their_time(http: Any, served: Any, record_property: Any) -> None:
    t = await welch(http, served, 10_000 // 3)
    record_property("requests", 10_000)
    record_property("t", round(t, 2))
    assert t < 4.5


async def welch(http: Any, served: Served, each: int) -> float:
    """The largest t between mailboxes never made, wrong secrets beside a mailbox, and deleted ones; in random order."""
    _, house, _ = served
    teller = Page(http, house)
    await teller.opens()
    await teller.tells(f"for the times {each}")
    case = (await found(served)).case_of(f"for the times {each}").id
    deleted = [await put_mailbox(house, case) for _ in range(each)]
    await close(house, deleted)
    asked = [("unknown", new_code().reveal()) for _ in range(each)]
    asked += [("wrong secret", beside(await put_mailbox(house, case))) for _ in range(each)]
    asked += [("deleted", code.reveal()) for code in deleted]
    secrets.SystemRandom().shuffle(asked)
    times: dict[str, list[float]] = {"unknown": [], "wrong secret": [], "deleted": []}
    for kind, code in asked:
        page = Page(http, house)
        await page.posts({"kind": "chose", "key": "!mail", "turn": 0})
        began = perf_counter()
        await page.writes(code)
        times[kind].append(perf_counter() - began)
    one, two, three = map(trimmed, times.values())
    return max(abs(t_of(one, two)), abs(t_of(one, three)), abs(t_of(two, three)))


def beside(code: CaseCode) -> str:
    """Another code of the same locator."""
    digits = code.locator + new_code().reveal()[5:19]
    return next(digits + last for last in "0123456789" if isinstance(parse(digits + last), CaseCode))


async def close(house: House, codes: list[CaseCode]) -> None:
    """The mailboxes go, their buckets' salts stay."""

    def closing(conn: Any) -> None:
        salts = {code: mailboxes.salt_of(conn, code.locator) for code in codes}
        ids = [derive(code, salt or b"", Cost.for_tests()).id for code, salt in salts.items()]
        conn.execute(delete(schema.mailboxes).where(schema.mailboxes.c.id.in_(ids)))

    await house.database.write(closing)


def trimmed(times: list[float]) -> list[float]:
    """Without the slowest twentieth: pauses of the machine, which hit every kind alike."""
    return sorted(times)[: len(times) * 19 // 20]


def t_of(one: list[float], other: list[float]) -> float:
    spread = variance(one) / len(one) + variance(other) / len(other)
    return (fmean(one) - fmean(other)) / float(spread**0.5)
