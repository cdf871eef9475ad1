"""Where a report begins the private page is offered first, with the difference in one sentence; and nowhere else."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects import Text
from bot.core.private import Private
from bot.services.posting import from_plain, plain
from tests.channels.calling import until
from tests.channels.web_page import Page, http, page, served
from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.world import Note
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON, Talk, content

pytestmark = pytest.mark.asyncio(loop_scope="module")
__all__ = ["http", "page", "served"]  # fixtures

WHY = content().texts["private.offer"].en
BUTTON = content().texts["button.private"].en


async def test_the_web_chat_offers_it_with_the_first_question_only(page: Page) -> None:
    await page.opens()
    assert "private" not in page.prompt()
    await page.presses("c:tell")
    assert {"why": WHY, "label": BUTTON} == page.prompt()["private"]
    await page.presses("a:yes")
    assert "private" not in page.prompt()


async def test_words_that_were_told_here_stay_here(page: Page) -> None:
    """They would not come along, so nobody is sent away from them."""
    await page.opens()
    await page.writes("they keep my papers")
    await page.presses("resume")
    assert "private" not in page.prompt()


async def test_the_offer_waits_in_the_outbox_like_the_rest_of_a_message() -> None:
    talk = Talk().opens()
    talk.chooses("c:tell")
    assert talk.prompt.private
    assert from_plain(plain(talk.prompt)) == talk.prompt
    talk.chooses("a:yes")
    assert "o" not in plain(talk.prompt)
    assert not any(isinstance(value, Private) for value in talk.prompt.lines)


@pytest.mark.parametrize("https", [True, False])
async def test_telegram_opens_it_as_an_app_where_the_address_is_https(
    founded: Service, tmp_path: Path, https: bool
) -> None:
    service = copied(founded, tmp_path / "service")
    async with FakeTelegram() as telegram:
        more: dict[str, Any] = {
            "telegram_token": telegram.token,
            "telegram_api_url": telegram.api_url,
            "telegram_mode": "poll",
            "public_url": "https://talk.example" if https else "http://127.0.0.1:1",
        }
        async with serving_here(service, now=lambda: NOON, **more):
            child = Child(telegram)
            await child.starts()
            await child.sees(buttons=["اردو"])
            for key in ("lang:en", "c:skip", "c:tell"):
                asked = [note for note in child.chat.visible() if note.buttons]
                data = next(b["callback_data"] for b in asked[-1].buttons if b["callback_data"].endswith(f":{key}"))
                await child.presses_data(data, asked[-1])
                await child.sees({"lang:en": "Who is writing", "c:skip": "glad", "c:tell": "safe for you"}[key])
            note = await child.sees("safe for you")
            offered = [button["web_app"]["url"] for button in note.buttons if "web_app" in button]
            assert (["https://talk.example/report?lang=en"] if https else []) == offered
            assert https is (WHY in note.text)
            assert https is (BUTTON == note.buttons[0]["text"])


def has_newer_buttons(child: Child, than: Note) -> bool:
    return [note for note in child.chat.visible() if note.buttons][-1] is not than


@pytest.mark.promise("S32", "S34")
@pytest.mark.parametrize("lang", ["en", "ur"])
async def test_a_picture_in_the_messenger_is_not_fetched_and_the_page_is_offered(
    founded: Service, tmp_path: Path, lang: str
) -> None:
    """Not even where pictures are taken: what a picture may do to whoever opens it, it does on the child's own device."""
    service = copied(founded, tmp_path / "service")
    async with FakeTelegram() as telegram:
        more: dict[str, Any] = {
            "telegram_token": telegram.token,
            "telegram_api_url": telegram.api_url,
            "telegram_mode": "poll",
            "public_url": "https://talk.example",
            "attachments": "all",
            "attachments_procedure": "pictures, 1 March",
        }
        async with serving_here(service, now=lambda: NOON, **more) as (house, _):
            child = Child(telegram)
            await child.starts()
            await child.sees(buttons=["اردو"])
            for key in (f"lang:{lang}", "c:skip"):
                asked = [note for note in child.chat.visible() if note.buttons][-1]
                data = next(b["callback_data"] for b in asked.buttons if b["callback_data"].endswith(f":{key}"))
                await child.presses_data(data, asked)
                await until(partial(has_newer_buttons, child, asked))
            await child.sends_photo()
            note = await child.sees(house.wording.say(lang, Text("private.offer-picture")))
            assert house.wording.say(lang, Text("say.picture")) in note.text
            apps = [button["web_app"]["url"] for button in note.buttons if "web_app" in button]
            assert [f"https://talk.example/report?lang={lang}"] == apps
            assert () == telegram.world.calls_of("getFile")
