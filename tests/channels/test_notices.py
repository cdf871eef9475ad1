"""Told on Telegram that there is an answer: the whole program, a strict Bot API, and a clock that a test moves (D10)."""

import json
from pathlib import Path

import pytest

from bot.core.effects import Text
from bot.services.notice_book import LATEST_S
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.leak_scan import Marks
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON


@pytest.mark.promise("S42")
async def test_a_neutral_word_comes_after_the_answer_and_nothing_shows_whose_chat_it_is(
    founded: Service, tmp_path: Path
) -> None:
    service = copied(founded, tmp_path / "service")
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock) as (house, address),
    ):
        line = Line(service, house, telegram, address)
        sara = line.phone()
        await sara.opens("ur")
        code = await sara.tells_all({"place-to": ("PK-PB",), "words-what": "they lock the door"})
        await sara.enters(code)
        await sara.chooses("notice", "yes")
        await line.sent_all()
        news = house.wording.say("ur", Text("notice.news"))
        await line.answers(await line.case_with("they lock the door"), "you are not alone", "amna")

        def told() -> list[dict[str, object]]:
            sent = [c.params for c in telegram.world.calls_of("sendMessage")]
            return [p for p in sent if str(p["chat_id"]) == str(sara.id) and p["text"] == news]

        async def is_drawn() -> bool:
            rows = await house.database.read(
                lambda c: c.exec_driver_sql("select due_at from notices where due_at is not null").fetchall()
            )
            return len(rows) == 1

        await until(is_drawn, 20.0)
        assert [] == told()
        rows = await house.database.read(lambda c: c.exec_driver_sql("select chat from notices").fetchall())
        for form in (str(sara.id), str(sara.id).encode().hex()):
            assert [] == Marks([form]).leaks(bytes(rows[0][0]), "notices.chat")
        telegram.clock.advance(LATEST_S)
        await until(lambda: len(told()) == 1, 20.0)
        (said,) = told()
        assert "reply_markup" not in said
        assert {"true"} == {
            json.dumps(said[name]).lower().strip('"') for name in ("disable_notification", "protect_content")
        }
