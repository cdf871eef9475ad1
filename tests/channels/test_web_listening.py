"""Listening on the web: clips from our own origin, checked and uncached; the page learns which words are being read."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.core.effects import Text
from bot.wording.voices import TRIAL_TAG
from tests.channels.web_page import Page
from tests.opus import clip
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME = clip(3)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page_maker(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    folder: Path = tmp_path_factory.mktemp("web-listening")
    service = copied(founded, folder / "service")
    audio = folder / "audio" / "ur" / "audio"
    audio.mkdir(parents=True)
    (audio / "screen.home.ogg").write_bytes(HOME)
    (audio / "button.tell.trial.ogg").write_bytes(clip(4, {TRIAL_TAG: "yes"}))
    async with (
        serving_here(service, now=lambda: NOON, audio_dir=folder / "audio") as (house, address),
        aiohttp.ClientSession(address) as http,
    ):
        yield lambda: Page(http, house)


@pytest.fixture
def page(page_maker: Any) -> Page:
    made: Page = page_maker()
    return made


async def answer_to(page: Page, key: str) -> dict[str, Any]:
    event = {"kind": "chose", "key": key, "turn": page.prompt()["turn"]}
    async with page.http.post("/chat/turn", json={"session": page.session, "number": 7, "event": event}) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def test_the_page_is_told_what_to_play_and_to_change_nothing_else(page: Page) -> None:
    await page.opens("ur")
    answer = await answer_to(page, "!listen")

    assert [] == answer["messages"]
    note = page.house.wording.say("ur", Text("voice.computer"))
    assert {"lang": "ur", "lines": ["screen.home"], "labels": ["button.tell"], "note": note} == answer["speak"]
    await page.presses("c:tell")


async def test_a_prompt_says_whose_words_each_paragraph_and_button_shows(page: Page) -> None:
    await page.opens("ur")
    prompt = page.prompt()

    assert len(prompt["text"].split("\n\n")) == len(prompt["ids"])
    assert {"screen.home"} == set(prompt["ids"])
    assert "button.tell" == prompt["labels"]["c:tell"]


async def test_a_prompt_that_cannot_be_heard_says_nothing_of_it(page: Page) -> None:
    await page.opens("en")
    assert "ids" not in page.prompt()
    assert "!listen" not in page.offered()


@pytest.mark.promise("S24")
async def test_a_clip_comes_from_our_origin_with_its_type_and_is_kept_nowhere(page: Page) -> None:
    async with page.http.get("/audio/ur/screen.home.ogg") as response:
        assert (200, HOME) == (response.status, await response.read())
        assert "audio/ogg; codecs=opus" == response.headers["content-type"]
        assert "no-store" == response.headers["cache-control"]
        assert "nosniff" == response.headers["x-content-type-options"]
        assert "same-origin" == response.headers["cross-origin-resource-policy"]
        assert "media-src" not in response.headers["content-security-policy"]
    async with page.http.get("/") as response:
        assert "media-src 'self'" in response.headers["content-security-policy"]


async def test_a_player_may_ask_for_a_part(page: Page) -> None:
    async with page.http.get("/audio/ur/screen.home.ogg", headers={"range": "bytes=4-9"}) as response:
        assert (206, HOME[4:10]) == (response.status, await response.read())


async def test_a_trial_clip_answers_under_the_texts_name(page: Page) -> None:
    async with page.http.get("/audio/ur/button.tell.ogg") as response:
        assert 200 == response.status


@pytest.mark.parametrize(
    "path",
    [
        "ur/button.tell.trial.ogg",
        "ur/screen.home",
        "ur/nothing.ogg",
        "en/screen.home.ogg",
        "xx/screen.home.ogg",
        "ur/..%2F..%2Flanguages.toml",
        "ur/%2e%2e%2fscreen.home.ogg",
        "..%2fur/screen.home.ogg",
    ],
)
async def test_nothing_but_a_known_clip_is_there(page: Page, path: str) -> None:
    async with page.http.get(f"/audio/{path}") as response:
        assert 404 == response.status
