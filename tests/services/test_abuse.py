"""Floods, insults and wrong codes beside honest children: slowed where it must be, refused never (S47)."""

import asyncio

import pytest

from bot.core.case import Deed
from bot.core.events import AskedHelp
from bot.sealing.case_code import new_code
from storage import cases
from tests.helpline import Helpline, Reporter
from tests.services.test_own_report import officer_does

pytestmark = [pytest.mark.promise("S47"), pytest.mark.slow]

HONEST = 50
IN_LAHORE = {"place-to": "PK-PB", "danger": "now", "words-what": "they lock the door"}


def words_of(n: int) -> str:
    return f"honest words {n}"


async def shouts(flooder: Reporter, times: int) -> None:
    for n in range(times):
        await flooder.writes(f"an insult {n}")
        assert flooder.latest, "left without an answer"


async def test_beside_a_flood_every_honest_child_is_read(everywhere: Helpline) -> None:
    """Ten chats write without pause while fifty children tell; what the ten send is kept too."""
    floods = [everywhere.reporter(f"flood {n}") for n in range(10)]
    for one in floods:
        await one.opens()
    honest = [everywhere.tells({**IN_LAHORE, "words-what": words_of(n)}, name=f"child {n}") for n in range(HONEST)]
    codes = await asyncio.gather(*honest, *(shouts(one, 40) for one in floods))

    read = {words for report in await everywhere.officer_reads("amna") for _, words in report.words}
    assert {words_of(n) for n in range(HONEST)} <= read
    assert HONEST == len({code for code in codes if code})


async def test_who_reports_again_and_again_is_never_refused(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    for n in range(12):
        await sara.tells_all({**IN_LAHORE, "words-what": f"time {n}"})
        await sara.presses("!home")

    read = [words for report in await helpline.officer_reads("amna") for _, words in report.words]
    assert {f"time {n}" for n in range(12)} == set(read)


async def test_whose_case_is_quiet_writes_on_sees_the_numbers_and_tells_anew(helpline: Helpline) -> None:
    """Nothing tells them: every word gets the same answer as before, and what they tell anew climbs like anybody's."""
    code = await helpline.tells({**IN_LAHORE, "danger": "no", "words-what": "a prank"})
    (report,) = await helpline.officer_reads("amna")
    await officer_does(helpline, report.case, Deed.OPEN, Deed.QUIET, until=helpline.now + 3_600)
    sara = helpline.reporter()
    await sara.enters(code)
    await sara.writes("one more prank")
    sara.sees("mail.written")
    await sara.hears(AskedHelp(0))
    sara.sees("help.line")
    await sara.presses("!home")
    await sara.tells_all(IN_LAHORE)

    reports = await helpline.officer_reads("amna")
    read = {words for one in reports for words in (*(told for _, told in one.words), *one.messages)}
    assert {"a prank", "one more prank", "they lock the door"} <= read
    (urgent,) = [one for one in reports if one.case != report.case]
    assert urgent.case in await helpline.database.read(lambda c: cases.climbing(c, helpline.now + 86_400))


async def test_wrong_codes_are_slowed_and_the_right_one_still_opens(helpline: Helpline) -> None:
    code = await helpline.tells(IN_LAHORE)
    sara = helpline.reporter()
    for _ in range(8):
        await sara.enters(new_code().display())
        sara.sees("mail.missing")
    assert 0.0 == helpline.waited[0] < helpline.waited[-1] <= 30.0
    await sara.enters(code)

    sara.sees("mail.status.received")


async def test_the_numbers_are_shown_however_much_somebody_wrote(helpline: Helpline) -> None:
    flooder = helpline.reporter()
    await flooder.opens()
    await shouts(flooder, 200)
    await flooder.hears(AskedHelp(0))

    flooder.sees("help.line")
