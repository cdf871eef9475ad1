"""Case codes: made and confirmed before sending; mistyped, wrong and hostile ones are answered kindly, alike and slowly."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from math import sqrt
from pathlib import Path
from statistics import fmean, variance

import pytest

from bot.core.errors import Busy
from bot.core.events import CodeMistyped, Event, MailboxMissing, MailboxOpened
from bot.core.private import Private
from bot.sealing.case_code import CaseCode, new_code, parse
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.mailbox import locator_salt
from bot.sealing.stretch import Cost
from bot.services.errands import Errand, Errands, Found, LookBehind, MakeMailbox
from bot.services.talk import Talk
from bot.stores import MailboxStore
from storage import hot
from storage.statements import run
from tests.helpline import Helpline, open_helpline
from tests.services.rows import rows_of

pytestmark = pytest.mark.slow

CHAT = b"c" * 32
OTHER_CHAT = b"o" * 32


async def look(helpline: Helpline, typed: str, chat: bytes = CHAT) -> Event:
    event, _ = await helpline.errands.run(LookBehind(Private(typed)), chat, helpline.now)
    return event


def in_the_same_bucket(code: str) -> str:
    """A well-formed code with the same locator and another secret."""
    while True:
        other = new_code()
        wanted = code.replace(" ", "")[:5] + other.reveal()[5:19]
        for digit in "0123456789":
            if isinstance(parse(wanted + digit), CaseCode) and wanted + digit != code.replace(" ", ""):
                return wanted + digit


async def test_the_code_exists_before_the_report_is_sent(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({})
    await sara.chooses("send")

    assert isinstance(parse(sara.code()), CaseCode)
    assert await helpline.case_ids() == []
    assert await rows_of(helpline.database, "mailboxes") == []


async def test_a_code_opens_nothing_before_the_report_is_sent(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({})
    await sara.chooses("send")

    assert await look(helpline, sara.code()) == MailboxMissing(helpline.now)


async def test_only_the_newest_code_counts(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({})
    await sara.chooses("send")
    first = sara.code()
    await sara.chooses("code-again")
    second = sara.code()
    await sara.chooses("code-saved")

    assert isinstance(await look(helpline, second), MailboxOpened)
    assert await look(helpline, first) == MailboxMissing(helpline.now)


@pytest.mark.promise("S17")
async def test_nothing_of_the_code_but_a_hash_is_stored(helpline: Helpline) -> None:
    code = await helpline.tells({})
    (row,) = await rows_of(helpline.database, "mailboxes")

    assert {"id", "case_id", "locator", "cost", "day", "auth", "kem", "case_mark"} == set(row)
    stored = repr(row)
    assert code not in stored
    assert code.replace(" ", "")[5:] not in stored


FORMS: dict[str, Callable[[str], str]] = {
    "as shown": lambda c: c,
    "no gaps": lambda c: c.replace(" ", ""),
    "dashes": lambda c: c.replace(" ", "-"),
    "copied with marks": lambda c: f"\u2066{c}\u2069",
    "spread": lambda c: "  ".join(c),
    "Urdu numerals": lambda c: "".join(chr(0x06F0 + int(d)) if d.isdigit() else d for d in c),
    "Nepali numerals": lambda c: "".join(chr(0x0966 + int(d)) if d.isdigit() else d for d in c),
    "lines": lambda c: c.replace(" ", "\n"),
}


async def test_a_code_opens_in_any_script_and_spacing(helpline: Helpline) -> None:
    code = await helpline.tells({})
    for name, form in FORMS.items():
        phone = helpline.reporter(name, "web")
        await phone.opens()
        await phone.enters(form(code))

        phone.sees("mail.status.received")


async def test_a_wrong_digit_is_said_at_once_and_looks_nowhere(helpline: Helpline) -> None:
    code = await helpline.tells({})
    wrong = str((int(code[0]) + 1) % 10) + code[1:]

    assert await look(helpline, wrong) == CodeMistyped(helpline.now)


HOSTILE = [
    "0",
    "1" * 19,
    "1" * 21,
    "9" * 400,
    "' OR 1=1 --",
    "1234 5678 9012 3456 789x",
    "../../etc/passwd",
    "1\x002345678901234567890",
    "²³¹⁴" * 5,
    "½" * 20,
    "𝟏" * 20,
    "-1e309",
    "٠" * 20,
]


async def test_hostile_codes_get_a_kind_answer(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    for typed in HOSTILE:
        await sara.enters(typed)

        said = {line.id for say in sara.latest for line in say.lines}
        assert said & {"mail.mistyped", "mail.missing", "draft.kept"}, typed
        sara.sees_button("!help", "!leave")


# --- alike ---


async def shown(helpline: Helpline, typed: str, chat: str) -> list[tuple[object, ...]]:
    reporter = helpline.reporter(chat)
    await reporter.opens()
    await reporter.enters(typed)
    return [(say.lines, say.rows, say.kind) for say in reporter.latest]


@pytest.mark.promise("S19")
async def test_unknown_deleted_and_wrong_secret_look_alike(helpline: Helpline) -> None:
    code, deleted = await helpline.tells({}, name="sara"), await helpline.tells({}, name="omar")
    ids = {row["id"]: row for row in await rows_of(helpline.database, "mailboxes")}
    gone = [id for id, row in ids.items() if row["locator"] == deleted.replace(" ", "")[:5]]
    (box,) = gone
    await helpline.database.write(lambda c: run(c, hot.FORGET_MAILBOX, {"mailbox_id": box}))

    unknown = await shown(helpline, new_code().display(), "a")
    assert unknown == await shown(helpline, deleted, "b")
    assert unknown == await shown(helpline, in_the_same_bucket(code), "c")


@pytest.mark.promise("S19")
async def test_the_salt_of_an_unknown_bucket_is_stable_and_as_good_as_any(helpline: Helpline) -> None:
    secret = b"s" * 32

    assert locator_salt(secret, "12345") == locator_salt(secret, "12345")
    assert locator_salt(secret, "12345") != locator_salt(secret, "12346")


@pytest.mark.promise("S19")
async def test_a_bucket_keeps_its_salt_when_somebody_reports(helpline: Helpline) -> None:
    code = await helpline.tells({})
    (kept,) = await rows_of(helpline.database, "locator_salts")
    secret = KeysFolder(helpline.folder).find("service")
    assert secret is not None
    assert kept["salt"] == locator_salt(secret, code.replace(" ", "")[:5])


# --- slowly ---


@pytest.mark.promise("S47")
async def test_the_first_tries_are_free_then_each_waits_longer(helpline: Helpline) -> None:
    for _ in range(9):
        await look(helpline, new_code().display())

    assert [0.0, 0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0] == helpline.waited


@pytest.mark.promise("S47")
async def test_tries_at_once_are_slowed_like_tries_in_a_row(helpline: Helpline) -> None:
    await asyncio.gather(*(look(helpline, new_code().display()) for _ in range(6)))

    assert [0.0, 0.0, 0.0, 1.0, 2.0, 4.0] == sorted(helpline.waited)


@pytest.mark.promise("S47")
async def test_guessing_at_one_bucket_from_many_chats_is_slowed(helpline: Helpline) -> None:
    code = await helpline.tells({})
    for n in range(6):
        await look(helpline, in_the_same_bucket(code), bytes([n]) * 32)

    assert max(helpline.waited) == 4.0


@pytest.mark.slow
@pytest.mark.promise("S47")
async def test_nobody_is_ever_locked_out(helpline: Helpline) -> None:
    code = await helpline.tells({})
    for n in range(40):
        await look(helpline, in_the_same_bucket(code), bytes([n]) * 32)

    assert isinstance(await look(helpline, code, OTHER_CHAT), MailboxOpened)
    assert max(helpline.waited) == 30.0


async def test_a_right_code_wipes_the_slate(helpline: Helpline) -> None:
    code = await helpline.tells({})
    for _ in range(4):
        await look(helpline, new_code().display())
    await look(helpline, code)
    await look(helpline, new_code().display())

    assert helpline.waited[-1] == 0.0


async def test_reading_often_is_not_held_against_anybody(helpline: Helpline) -> None:
    code = await helpline.tells({})
    for _ in range(10):
        assert isinstance(await look(helpline, code), MailboxOpened)

    assert [0.0] * 10 == helpline.waited


async def test_an_hour_later_it_is_forgotten(helpline: Helpline) -> None:
    for _ in range(6):
        await look(helpline, new_code().display())
    helpline.now += 3_601
    await look(helpline, new_code().display())

    assert helpline.waited[-1] == 0.0


@pytest.mark.promise("S48")
async def test_fifty_may_wait_and_the_next_is_asked_to_come_again(helpline: Helpline) -> None:
    tries: list[Awaitable[object]] = [
        helpline.errands.run(MakeMailbox(), n.to_bytes(32, "big"), helpline.now) for n in range(120)
    ]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)

    refused = [o for o in outcomes if isinstance(o, BaseException)]
    assert all(isinstance(o, Busy) for o in refused)
    assert 50 <= len(outcomes) - len(refused) < 120


@pytest.mark.promise("S48")
class Full(Errands):
    """Fifty others are waiting already."""

    async def run(self, errand: Errand, conversation: bytes, now: int) -> tuple[Event, Found | None]:
        raise Busy("full")


@pytest.mark.promise("S48")
async def test_whoever_is_asked_to_come_again_hears_it_in_the_talk(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({})
    errands = helpline.errands
    helpline.talk = Talk(helpline.receive, full(helpline))
    await sara.chooses("send")

    sara.sees("code.why", "code.making", "help.calm", "say.failed")
    sara.sees_number("1121")

    helpline.talk = Talk(helpline.receive, errands)
    await sara.chooses("code-again", "code-saved")
    sara.sees("sent.thanks")


def full(helpline: Helpline) -> Errands:
    roster = helpline.roster.current
    return Full(MailboxStore(helpline.database), b"s" * 32, Cost.for_tests(), lambda: roster(now=0), print)


async def test_deriving_does_not_hold_up_the_talk_of_others(helpline: Helpline) -> None:
    """Keys are stretched in threads of their own."""
    began = time.perf_counter()
    busy = [asyncio.create_task(look(helpline, new_code().display(), bytes([n]) * 32)) for n in range(10)]
    await helpline.reporter("omar").opens()

    assert time.perf_counter() - began < 5
    await asyncio.gather(*busy)


@pytest.mark.long
@pytest.mark.promise("S19")
@pytest.mark.parametrize("cost", [Cost(), Cost.for_tests()], ids=["real", "cheap"])
async def test_the_time_of_a_look_up_tells_nothing(
    tmp_path: Path, cost: Cost, record_property: Callable[[str, object], None]
) -> None:
    """Welch's t-test between a bucket that has a mailbox and buckets that have none, asked in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    async with open_helpline(tmp_path, cost=cost) as helpline:
        code = await helpline.tells({})
        for n in range(150 if cost.for_production() else 10_000):
            helpline.now += 3_601  # nobody is slowed
            for side, typed in enumerate((in_the_same_bucket(code), new_code().display())):
                began = time.perf_counter()
                await look(helpline, typed, n.to_bytes(32, "big"))
                times[side].append(time.perf_counter() - began)
    t = welch(*times)
    record_property("t", round(t, 2))

    assert abs(t) < 4.5


def welch(one: list[float], two: list[float]) -> float:
    """The t of two samples of unequal variance."""
    spread = variance(one) / len(one) + variance(two) / len(two)
    return (fmean(one) - fmean(two)) / sqrt(spread)
