"""The main job on SQLite in a file and on PostgreSQL: told, read, answered, written back, once and for good."""

import asyncio
from pathlib import Path

import pytest

from bot.core.events import Chose, Wrote
from bot.core.private import Private
from tests.helpline import Helpline, open_helpline
from tests.leak_scan import Marks
from tests.services.rows import all_rows
from tests.talking import Answer

ABROAD: dict[str, Answer] = {
    "danger": "now",
    "place-to": "AE",
    "moved": "brought",
    "place-from": "PK-SD",
    "words-what": "وہ مجھے جانے نہیں دیتے",
}


async def test_the_whole_story(everywhere: Helpline) -> None:
    code = await everywhere.tells(ABROAD)
    (report,) = await everywhere.officer_reads("hina")
    assert [report] == await everywhere.officer_reads("daud")
    assert report.words == (("words-what", "وہ مجھے جانے نہیں دیتے"),)
    assert ("dubai", "karachi") == report.teams

    await everywhere.officer_answers(report.case, "thank you for writing", "hina")
    phone = everywhere.reporter("another phone", "web")
    await phone.opens("ur")
    await phone.enters(code)
    phone.sees_words("thank you for writing")
    await phone.writes("شکریہ")

    (report,) = await everywhere.officer_reads("chanda")
    assert report.messages == ("شکریہ",)


@pytest.mark.promise("R2")
async def test_an_update_sent_five_times_at_once_is_one_turn(everywhere: Helpline) -> None:
    sara = everywhere.reporter()
    await sara.opens()
    event = Wrote(0, Private("they lock the door"))
    assert 1 == sum(await asyncio.gather(*(sara.hears(event, number=900) for _ in range(5))))
    before = await all_rows(everywhere.database)
    assert 0 == sum(await asyncio.gather(*(sara.hears(event, number=900) for _ in range(5))))

    assert before == await all_rows(everywhere.database)


@pytest.mark.promise("R2")
async def test_sending_pressed_many_times_opens_one_case(everywhere: Helpline) -> None:
    sara = everywhere.reporter()
    await sara.opens()
    await sara.tells({"place-to": "PK-PB"})
    await sara.chooses("send")
    press = Chose(0, "code-saved", sara.prompt.turn)
    await asyncio.gather(*(sara.hears(press, number=910 + n) for n in range(5)))

    assert 1 == len(await everywhere.officer_reads("amna"))


async def test_two_phones_write_back_at_the_same_time(everywhere: Helpline) -> None:
    """The chain of the case stays whole, whoever comes first."""
    code = await everywhere.tells({"place-to": "PK-PB"})
    phones = [everywhere.reporter(f"{n}", "web") for n in range(4)]
    for phone in phones:
        await phone.opens()
        await phone.enters(code)
    await asyncio.gather(*(phone.writes(f"from {n}") for n, phone in enumerate(phones)))

    (report,) = await everywhere.officer_reads("amna")
    assert {f"from {n}" for n in range(4)} == set(report.messages)


async def test_a_talk_goes_on_after_a_restart(lasting: str, tmp_path: Path) -> None:
    async with open_helpline(tmp_path, lasting) as before:
        people = before.people
        sara = before.reporter()
        await sara.opens("ur")
        await sara.writes("they lock the door")
        await sara.presses("!tell")
        await sara.chooses("resume", "a:yes", "skip", "a:ok", "a:soon")
        heard = list(sara.everything)
    async with open_helpline(tmp_path, lasting, people=people) as after:
        sara = after.reporter()
        sara.everything += heard
        while sara.asked():
            await sara.chooses("skip")
        await sara.sends_report()

        (report,) = await after.officer_reads("ghazala")
        assert report.words == (("opening", "they lock the door"),)
        assert report.urgency == "U1"


@pytest.mark.promise("S1")
async def test_no_word_is_clear_in_any_row(everywhere: Helpline) -> None:
    await everywhere.tells({**ABROAD, "avoid": ("person:Zqkelpie7Qx",), "words-more": "زقکیلپی گواہ"})
    await everywhere.reporter().writes("Zqkelpie7Qx again")
    rows = await all_rows(everywhere.database)

    assert Marks(["Zqkelpie7Qx", "زقکیلپی گواہ"]).leaks(repr(rows).encode(), "rows") == []
