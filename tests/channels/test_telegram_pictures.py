"""A page for the youngest on Telegram is a photo with its words below; whatever happens to the picture, the words arrive."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channels.telegram.picturing import drawn
from tests.channels.calling import Line, until
from tests.fake_telegram import AcceptThenDrop, FakeTelegram, Flood, HalfAnswer, Reset, Status
from tests.fake_telegram.trouble import Trouble
from tests.fake_telegram.world import Clock, Note
from tests.phone import Phone
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = "boys-too"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    service = copied(founded, tmp_path_factory.mktemp("pictures") / "service")
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock) as (house, address),
    ):
        yield Line(service, house, telegram, address)


@pytest.fixture(autouse=True)
def calm(line: Line) -> None:
    line.telegram.script.always("sendPhoto", None)


async def youngest(line: Line, lang: str = "ur", audience: str = "u12") -> Phone:
    phone = line.phone()
    await phone.starts()
    await phone.shown(0)
    await phone.chooses(f"lang:{lang}", f"c:{audience}")
    phone.lang = lang
    return phone


async def reads(phone: Phone, page: str = PAGE) -> Note:
    """Open a page, as from an answer to words of one's own, and wait for it."""
    before = phone.newest()
    turn = phone.prompt().buttons[0]["callback_data"].partition(":")[0]
    await phone.presses_data(f"{turn}:page|page:{page}", phone.prompt())
    await phone.shown(before)
    assert phone.text(f"page.{page}.u12") in phone.prompt().text
    return phone.prompt()


def uploads(line: Line) -> list[bytes]:
    photos = (call.params["photo"] for call in line.telegram.world.calls_of("sendPhoto"))
    return [photo for photo in photos if isinstance(photo, bytes)]


async def test_a_page_is_a_photo_with_its_words_and_buttons(line: Line) -> None:
    phone = await youngest(line)
    note = await reads(phone)

    assert (phone.text(f"page.{PAGE}.u12"), "text" not in note.content) == (note.content["caption"], True)
    assert note.content["photo"][-1]["width"] == 800
    assert note.content.get("disable_notification") is True
    assert {"c:tell", "c:back", "!help", "!leave"} <= set(phone.keys())
    await phone.chooses("c:back")
    assert "photo" not in phone.prompt().content


async def test_everybody_else_gets_words(line: Line) -> None:
    phone = await youngest(line, audience="teen")
    before = phone.newest()
    turn = phone.prompt().buttons[0]["callback_data"].partition(":")[0]
    await phone.presses_data(f"{turn}:page|page:{PAGE}", phone.prompt())
    await phone.shown(before)
    assert "photo" not in phone.prompt().content


async def test_a_picture_is_uploaded_once_for_all_children(line: Line) -> None:
    for _ in range(2):
        await reads(await youngest(line), "my-rights")
    assert 1 == uploads(line).count(drawn(line.house.content.pictures["my-rights"]))


async def test_a_name_that_telegram_forgot_is_uploaded_again(line: Line) -> None:
    await reads(await youngest(line))
    line.telegram.world.uploaded.clear()
    before = len(uploads(line))
    note = await reads(await youngest(line))
    assert (before + 1, "photo" in note.content) == (len(uploads(line)), True)


@pytest.mark.parametrize(
    "trouble",
    [Status(400, "Bad Request: not enough rights to send photos to the chat"), Status(500), Reset()],
    ids=repr,
)
async def test_a_picture_that_fails_leaves_the_words(line: Line, trouble: Trouble) -> None:
    phone = await youngest(line)
    line.telegram.script.always("sendPhoto", trouble)
    note = await reads(phone)
    assert phone.text(f"page.{PAGE}.u12") == note.content["text"]
    assert {"c:tell", "c:back", "!help", "!leave"} <= set(phone.keys())
    await line.sent_all()


@pytest.mark.parametrize("trouble", [AcceptThenDrop(), HalfAnswer()], ids=repr)
async def test_an_answer_that_is_lost_brings_the_words_twice_rather_than_never(line: Line, trouble: Trouble) -> None:
    phone = await youngest(line)
    line.telegram.script.next("sendPhoto", trouble)
    await reads(phone)
    words = phone.text(f"page.{PAGE}.u12")
    await until(lambda: 2 == len([note for note in phone.prompts() if words in note.text]))
    assert ["photo" in note.content for note in phone.prompts() if words in note.text] == [True, False]
    await line.sent_all()


async def test_a_short_wait_is_waited_and_then_only_words_are_tried(line: Line) -> None:
    """A chat that was told to wait gets its words first; the next page after a while has its picture again."""
    phone = await youngest(line)
    line.telegram.script.always("sendPhoto", Flood(1))
    note = await reads(phone)
    assert "photo" not in note.content
    tried = [call.params["chat_id"] for call in line.telegram.world.calls_of("sendPhoto")]
    assert 1 == len([chat for chat in tried if str(chat) == str(phone.id)])

    line.telegram.script.always("sendPhoto", None)
    assert "photo" in (await reads(await youngest(line))).content


async def test_a_long_wait_is_kept_by_the_outbox_with_the_pictures_id_alone(line: Line) -> None:
    phone = await youngest(line)
    await line.sent_all()
    line.telegram.script.always("sendPhoto", Flood(30))
    before = phone.newest()
    turn = phone.prompt().buttons[0]["callback_data"].partition(":")[0]
    await phone.presses_data(f"{turn}:page|page:{PAGE}", phone.prompt())
    await line.noted()
    line.telegram.clock.advance(31)
    await phone.shown(before)
    assert phone.text(f"page.{PAGE}.u12") == phone.prompt().content["text"]


async def test_a_page_is_swept_with_the_talk(line: Line) -> None:
    phone = await youngest(line)
    await reads(phone)
    await phone.writes("/leave")
    await until(lambda: not any("photo" in note.content for note in phone.chat.visible()))
