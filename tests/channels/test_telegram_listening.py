"""Listening on Telegram: a voice message for each recorded line, uploaded once, never queued, swept like the rest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.wording.voices import TRIAL_TAG
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.trouble import Flood, Status
from tests.fake_telegram.world import Clock, Note
from tests.opus import clip
from tests.phone import Phone
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOME, CALM, PLACE = clip(3), clip(4, {TRIAL_TAG: "yes"}), clip(5)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    folder: Path = tmp_path_factory.mktemp("listening")
    service = copied(founded, folder / "service")
    audio = folder / "audio" / "ur" / "audio"
    audio.mkdir(parents=True)
    (audio / "screen.home.ogg").write_bytes(HOME)
    (audio / "help.calm.trial.ogg").write_bytes(CALM)
    (audio / "button.tell.ogg").write_bytes(PLACE)
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock, audio_dir=folder / "audio") as (house, address),
    ):
        yield Line(service, house, telegram, address)


async def at_home(line: Line) -> Phone:
    phone = line.phone()
    await phone.opens("ur")
    return phone


def voices(phone: Phone) -> list[Note]:
    return [note for note in phone.chat.visible() if note.ours and "voice" in note.content]


async def listens(phone: Phone, count: int) -> None:
    await phone.presses_key("!listen")
    await until(lambda: len(voices(phone)) >= count)


def uploads(line: Line) -> list[bytes]:
    return [
        c.params["voice"] for c in line.telegram.world.calls_of("sendVoice") if isinstance(c.params["voice"], bytes)
    ]


async def test_a_press_plays_the_recorded_line_and_the_prompt_goes_on_working(line: Line) -> None:
    phone = await at_home(line)
    assert "!listen" == phone.keys()[0]
    prompt = phone.prompt().id
    await listens(phone, 1)

    (voice,) = voices(phone)
    assert voice.content.get("has_protected_content") is True
    assert voice.content.get("disable_notification") is True
    assert "" == voice.text
    assert prompt == phone.prompt().id
    await phone.chooses("c:tell")


async def test_a_clip_is_uploaded_once_for_all_children(line: Line) -> None:
    for _ in range(2):
        await listens(await at_home(line), 1)
    assert 1 == uploads(line).count(HOME)


async def test_a_name_that_telegram_forgot_is_uploaded_again(line: Line) -> None:
    await listens(await at_home(line), 1)
    line.telegram.world.uploaded.clear()
    before = len(uploads(line))
    await listens(await at_home(line), 1)
    assert before + 1 == len(uploads(line))


async def test_a_computers_voice_is_called_one(line: Line) -> None:
    phone = await at_home(line)
    await phone.chooses("!help")
    await listens(phone, 1)
    assert phone.text("voice.computer") == voices(phone)[-1].text


async def test_a_voice_message_is_swept_with_the_talk(line: Line) -> None:
    phone = await at_home(line)
    await listens(phone, 1)
    await phone.writes("/leave")
    await until(lambda: voices(phone) == [])


async def test_nothing_of_it_is_queued(line: Line) -> None:
    phone = await at_home(line)
    await line.sent_all()
    await listens(phone, 1)
    assert [] == await line.outbox()


@pytest.mark.parametrize("trouble", [Status(500, "x"), Status(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"), Flood(60)])
async def test_a_voice_that_fails_is_said_to_fail(line: Line, trouble: Status | Flood) -> None:
    phone = await at_home(line)
    line.telegram.script.always("sendVoice", trouble)
    await phone.presses_key("!listen")
    await phone.sees(phone.text("say.unheard"))
    assert [] == voices(phone)
    line.telegram.script.always("sendVoice", None)
    await listens(phone, 1)


async def test_a_short_wait_is_waited(line: Line) -> None:
    phone = await at_home(line)
    line.telegram.script.next("sendVoice", Flood(1))
    await listens(phone, 1)
