"""One update, one turn: a repeat changes nothing and is not answered twice (reliability: ingestion)."""

import asyncio

import pytest

from bot.core.events import Chose, Looked, Wrote
from bot.core.private import Private
from tests.helpline import Helpline
from tests.services.rows import all_rows, rows_of


@pytest.mark.promise("R2")
async def test_the_same_update_twice_is_one_turn(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    assert await sara.hears(Wrote(0, Private("they lock the door")), number=900)
    before = await all_rows(helpline.database)

    assert not await sara.hears(Wrote(0, Private("they lock the door")), number=900)
    assert sara.latest == []
    assert before == await all_rows(helpline.database)


async def test_the_same_number_with_other_words_is_a_repeat_all_the_same(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.hears(Wrote(0, Private("they lock the door")), number=900)

    assert not await sara.hears(Wrote(0, Private("something else")), number=900)


@pytest.mark.promise("R2")
async def test_many_at_once_are_one_turn(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    turn = sara.prompt.turn
    tries = [sara.hears(Chose(0, "c:tell", turn), number=900) for _ in range(8)]

    assert 1 == sum(await asyncio.gather(*tries))


async def test_sending_twice_opens_one_case(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({"place-to": "PK-PB"})
    await sara.chooses("send")
    turn = sara.prompt.turn
    await sara.hears(Chose(0, "code-saved", turn), number=901)
    await sara.hears(Chose(0, "code-saved", turn), number=901)
    await sara.hears(Chose(0, "code-saved", turn), number=902)

    assert 1 == len(await helpline.case_ids())
    sara.sees("say.stale")


async def test_an_internal_event_needs_no_number(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    updates = len(await rows_of(helpline.database, "updates"))
    async for _ in helpline.talk.talk(sara.contact, Looked(helpline.now), source="test", number=None):
        pass

    assert updates == len(await rows_of(helpline.database, "updates"))


async def test_two_reporters_never_meet(helpline: Helpline) -> None:
    sara, omar = helpline.reporter("sara"), helpline.reporter("omar")
    await sara.opens("ur", "u12")
    await omar.opens("en", "adult")
    await asyncio.gather(sara.tells({"place-to": "PK-PB"}), omar.tells({"place-to": "PK-SD"}))
    await asyncio.gather(sara.sends_report(), omar.sends_report())

    assert ["ur"] == [report.language for report in await helpline.officer_reads("amna")]
    assert ["en"] == [report.language for report in await helpline.officer_reads("chanda")]


async def test_the_same_name_in_another_channel_is_somebody_else(helpline: Helpline) -> None:
    await helpline.reporter("sara", "telegram").opens("ur")
    other = helpline.reporter("sara", "web")
    await other.looks()

    other.sees("screen.language")
