"""When a picture is left out, and what happens when it cannot be drawn or its name cannot be looked up or kept."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.keyboards import Press, inline
from bot.channels.telegram.measures import CAPTION
from bot.channels.telegram.picturing import WIDTH, Picturing, drawn
from bot.channels.telegram.request import PooledRequest
from bot.content.loader import load_content
from bot.core.errors import Gone, RetryAfter, StorageError
from tests.fake_telegram import Child, FakeTelegram, Flood, Late

PICTURES = load_content().pictures
BUTTONS = inline([[Press("A", "a")]])


class Names:
    """File ids in memory; `broken`: which of its methods fail, as a database does."""

    def __init__(self, *broken: str) -> None:
        self.kept: dict[bytes, str] = {}
        self._broken = broken

    async def find(self, clip: bytes) -> str | None:
        self._fail("find")
        return self.kept.get(clip)

    async def keep(self, clip: bytes, file_id: str) -> None:
        self._fail("keep")
        self.kept[clip] = file_id

    async def drop(self, clip: bytes) -> None:
        self.kept.pop(clip, None)

    def _fail(self, what: str) -> None:
        if what in self._broken:
            raise StorageError("made to fail")


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[Api]:
    async with Api(PooledRequest(telegram.token, api_url=telegram.api_url, answer_s=2)) as api:
        yield api


@pytest.fixture
async def child(telegram: FakeTelegram) -> Child:
    child = Child(telegram, waits=False)
    await child.starts()
    return child


async def test_each_of_ours_is_drawn_and_taken(telegram: FakeTelegram, api: Api, child: Child) -> None:
    pictures = Picturing(api, PICTURES, names := Names())
    for id in PICTURES:
        assert await pictures.send(child.id, id, id, BUTTONS)
        assert (await child.sees(id, buttons=["A"])).content["photo"][-1]["width"] == WIDTH
    assert len(PICTURES) == len(names.kept) == len(telegram.world.uploaded)
    assert {True} == {8_000 < len(drawn(svg)) < 60_000 for svg in PICTURES.values()}


@pytest.mark.parametrize("words", ["x" * (CAPTION + 1), "👍" * (CAPTION // 2 + 1)], ids=["long", "long-in-utf-16"])
async def test_words_too_long_for_a_caption_go_alone(
    telegram: FakeTelegram, api: Api, child: Child, words: str
) -> None:
    pictures = Picturing(api, PICTURES, Names())
    assert await pictures.send(child.id, "boys-too", words, None) is None
    assert () == telegram.world.calls_of("sendPhoto")
    assert await pictures.send(child.id, "boys-too", words[: CAPTION // 2], None)


@pytest.mark.parametrize(
    ("id", "names"),
    [("no-such", Names()), ("broken", Names()), ("latin", Names()), ("boys-too", Names("find"))],
)
async def test_without_a_picture_the_words_are_still_to_be_sent(
    telegram: FakeTelegram, api: Api, child: Child, id: str, names: Names
) -> None:
    pictures = Picturing(api, {**PICTURES, "broken": b"<svg", "latin": b"<svg>\xe9"}, names)
    assert await pictures.send(child.id, id, "x", None) is None
    assert () == telegram.world.calls_of("sendPhoto")


async def test_a_name_that_cannot_be_kept_is_no_reason_to_send_again(api: Api, child: Child) -> None:
    assert await Picturing(api, PICTURES, Names("keep")).send(child.id, "boys-too", "x", None)


async def test_a_chat_that_has_to_wait_or_is_slow_gets_words_for_a_while(
    telegram: FakeTelegram, api: Api, child: Child
) -> None:
    pictures, other = Picturing(api, PICTURES, Names()), Child(telegram, 555_000_002, waits=False)
    await other.starts()
    telegram.script.next("sendPhoto", Flood(1))
    with pytest.raises(RetryAfter):
        await pictures.send(child.id, "boys-too", "x", None)
    assert await pictures.send(child.id, "boys-too", "x", None) is None
    assert await pictures.send(other.id, "boys-too", "x", None)

    telegram.script.next("sendPhoto", Late(3))
    assert await pictures.send(other.id, "boys-too", "x", None) is None
    assert await pictures.send(other.id, "boys-too", "x", None) is None


async def test_somebody_who_is_gone_is_gone(api: Api, child: Child) -> None:
    await child.blocks()
    with pytest.raises(Gone):
        await Picturing(api, PICTURES, Names()).send(child.id, "boys-too", "x", None)
