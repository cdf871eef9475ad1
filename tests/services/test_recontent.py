"""What was published in the room is what every replica has within five seconds; talks go on, what is bad counts nowhere."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.channels.web.chat import Chat
from bot.content.editing import released
from bot.content.entries import HELPLINE, REGION, ROUTING, STORY
from bot.content.story_form import SHAPE, scenes_of
from bot.core.helplines import directory_for
from bot.house import House, make_flow
from bot.main import open_house
from bot.services.content_desk import written_entry
from storage import Database, entries, open_database
from storage.entries import Version
from tests.browser.served import Served, free_port, served
from tests.reporter import Reporter, over
from tests.service import found

pytestmark = pytest.mark.slow

WITHIN_S = 5.0
POLICE = {**released(HELPLINE)["pk-police"], "for": "Anyone who is afraid now"}


def published(kind: str, item: str, values: Mapping[str, Any], number: int = 1, state: str = "published") -> Version:
    return Version(kind, item, number, state, "amna", written_entry(values, False), 7)


def setting(name: str, value: str, number: int = 1, state: str = "published") -> Version:
    return Version("setting", name, number, state, "amna", json.dumps({"value": value}), 7)


async def publish(database: Database, *rows: Version) -> None:
    for row in rows:
        await database.write(lambda conn, row=row: entries.add(conn, row))  # type: ignore[misc]


@asynccontextmanager
async def open_here(folder: Path) -> AsyncIterator[House]:
    service = await found(folder)
    house = await open_house(service.settings())
    try:
        yield house
    finally:
        await house.close()


def reporter_of(house: House) -> Reporter:
    chat = Chat(house.talk, lambda: house.wording, lambda: house.flow, house.now)

    async def post(body: Mapping[str, Any]) -> Any:
        answered = await chat.answer(json.dumps(body).encode())
        assert answered is not None
        assert 200 == answered.status
        return answered.body

    return Reporter(post)


TO_STORIES = ("[📖 Learn to stay safe]", "[🎭 Stories, checks and lists]", "[🎭 Stories: what would you do?]")


def to_numbers() -> tuple[str, ...]:
    return ("/help",)


async def test_a_number_changes_while_a_child_looks_and_the_talk_goes_on(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        child = reporter_of(house)
        await child.terminal.open("en")
        assert "Anyone in danger right now" in await child.plays(*to_numbers())
        pinned = house.flow

        await publish(house.database, published("helpline", "pk-police", POLICE))
        await house.recontent.look()
        assert "Anyone who is afraid now" in await child.plays(*to_numbers())
        assert pinned is not house.flow  # a turn that holds the old one finds everything it names
        assert all(house.wording.texts["ur"][h.name] for h in pinned.helplines)


async def test_an_entry_that_is_gone_can_still_be_named_by_a_talk_that_shows_it(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        line = {**POLICE, "id": "pk-new", "dial": "0000", "name": "New line", "child_line": True}
        await publish(house.database, published("helpline", "pk-new", line))
        await house.recontent.look()
        assert "pk-new" in {h.id for h in directory_for(house.flow, "")}

        await publish(house.database, published("helpline", "pk-new", line, 2, "withdrawn"))
        await house.recontent.look()
        assert "pk-new" not in {h.id for h in directory_for(house.flow, "")}
        assert "New line" == house.wording.texts["ur"]["helpline.pk-new.name"]
        child = reporter_of(house)
        await child.terminal.open("en")
        assert await child.plays("/help", "/start")


async def test_a_story_that_an_administrator_added_is_played_at_once_by_a_talk_in_progress(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        child = reporter_of(house)
        await child.terminal.open("en")
        assert "A test tale" not in await child.plays("2", *TO_STORIES)

        tale = {**released(STORY)["bus-stop"], "id": "test-tale", "title": "A test tale", "scene": scenes_of(SHAPE)}
        await publish(house.database, published("story", "test-tale", {**tale, "on": ["stories"]}))
        await house.recontent.look()
        assert "A test tale" in await child.plays("[⬅️ Back]", TO_STORIES[-1])
        seen = await child.plays("[A test tale]", "[👧 A girl]", "[Wait and ask somebody]")
        assert "What was wise, and who can help next time." in seen
        assert "story.test-tale.safe" in house.live.released  # at the desk it waits to be translated


async def test_a_new_place_a_new_name_and_new_times_count_at_once(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        place = {"code": "PK-SD-ZZ", "in": "PK-SD", "level": 2, "en": "Test place", "names": {"ur": ["ٹیسٹ"]}}
        times = {**released(ROUTING)["routing"], "climb_after_minutes.U0": 3}
        await publish(
            house.database,
            published("region", "PK-SD-ZZ", place),
            published("region", "PK-PB", {**released(REGION)["PK-PB"], "names": {"ur": ["پنجاب صوبہ"]}}),
            published("routing", "routing", times),
        )
        await house.recontent.look()
        assert "PK-SD-ZZ" in house.flow.children["PK-SD"]
        assert ("ٹیسٹ", "پنجاب صوبہ") == tuple(house.wording.place_name("ur", c) for c in ("PK-SD-ZZ", "PK-PB"))
        assert 180 == house.content.routing.climb_after_s["U0"]


async def test_settings_of_the_room_go_before_the_file_and_a_bad_one_counts_nowhere(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        await publish(
            house.database,
            setting("languages", "ur,sd"),
            setting("attachments", "none"),
            setting("retention_days", "a year"),
            setting("hours", "sun 10:00-11:00"),
            setting("telegram_token", "x"),
        )
        await house.recontent.look()
        assert ("ur", "sd") == tuple(tag for tag, _ in house.flow.languages)
        assert (False, 90) == (house.flow.voice_notes, house.settings.retention_days)
        assert [6] == list(house.flow.hours.week)
        assert "" == house.settings.telegram_token.get_secret_value()

        await publish(house.database, setting("languages", "xx", 2), setting("attachments", "", 2, "withdrawn"))
        await house.recontent.look()
        assert len(house.flow.languages) > 2  # what is not known is not offered: the file counts
        assert house.flow.voice_notes


async def test_children_are_no_longer_asked_whether_to_be_told_where_that_was_set(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        with_bot = {"telegram_token": SecretStr(f"123456:{'A' * 35}")}
        assert make_flow(
            house.settings.model_copy(update=with_bot), house.content, house.roster, house.voices, house.now()
        ).notices
        await publish(house.database, setting("notices", "none"))
        await house.recontent.look()

        set_so = house.settings.model_copy(update=with_bot)
        assert not make_flow(set_so, house.content, house.roster, house.voices, house.now()).notices


async def test_a_talk_in_a_language_that_is_no_longer_offered_goes_on(tmp_path: Path) -> None:
    async with open_here(tmp_path / "service") as house:
        child = reporter_of(house)
        await child.terminal.open("sd")
        before = await child.plays("/help")
        await publish(house.database, setting("languages", "en,ur"))
        await house.recontent.look()
        assert before == await child.plays("/help")


async def test_what_was_published_counts_after_a_new_start_and_bad_content_is_refused_alone(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    house = await open_house(service.settings())
    bad = {**released(REGION)["PK-PB"], "in": "PK-XX"}
    await publish(house.database, published("helpline", "pk-police", POLICE), published("region", "PK-PB", bad))
    await house.close()

    again = await open_house(service.settings())
    try:
        assert "Anyone who is afraid now" == again.content.texts["helpline.pk-police.for"].en
        assert "PK" == again.flow.places["PK-PB"].parent
    finally:
        await again.close()


@pytest.fixture
async def replicas(tmp_path: Path, postgres_tables: str) -> AsyncIterator[tuple[Database, Served, Served]]:
    service = await found(tmp_path / "service", postgres_tables)
    async with AsyncExitStack() as stack:
        database = await open_database(postgres_tables)
        stack.push_async_callback(database.close)
        addresses = [f"127.0.0.1:{free_port()}" for _ in range(2)]
        one, other = [
            await stack.enter_async_context(served(["serve"], f"http://{address}", service.environment(listen=address)))
            for address in addresses
        ]
        yield database, one, other


async def test_two_replicas_show_a_changed_number_within_five_seconds_in_talks_that_go_on(
    replicas: tuple[Database, Served, Served],
) -> None:
    database, *both = replicas
    async with aiohttp.ClientSession() as http:
        children = [over(http, replica) for replica in both]
        for child in children:
            await child.terminal.open("en")
            assert "Anyone in danger right now" in await child.plays("/help")
        await publish(database, published("helpline", "pk-police", POLICE))

        async def sees(child: Reporter) -> None:
            while "Anyone who is afraid now" not in await child.plays("/help"):  # noqa: ASYNC110 - another process is asked
                await asyncio.sleep(0.2)

        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*map(sees, children))

        bad = {**POLICE, "country": "XX"}
        await publish(database, published("helpline", "pk-police", bad, 2))
        await asyncio.sleep(WITHIN_S)
        assert all(["Anyone who is afraid now" in await child.plays("/help") for child in children])
    assert all(b"content_refused" in one.log for one in both)
