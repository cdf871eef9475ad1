"""The notifier in a process of its own: the service cannot open a chat, and what was not told waits and comes once (D10)."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot import clock, notifier_door
from bot.commands_doctor import notifier_check
from bot.core.effects import Text
from bot.core.errors import ConfigError, Lapsed
from bot.health import WELL
from bot.main import wellness_of
from bot.notifier_end import AwayError, RemoteBook, keys_of
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.notice import NotifierKeys, PublishedKey
from bot.services.notice_book import LATEST_S
from bot.starting import refuse_unsafe
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.house.tree import ROOT
from tests.leak_scan import Marks
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Apart:
    line: Line
    socket: Path
    keys: Path
    log: Path

    def told(self, chat: int) -> list[str]:
        news = {self.line.house.wording.say(lang, Text("notice.news")) for lang in ("en", "ur")}
        sent = [call.params for call in self.line.telegram.world.calls_of("sendMessage")]
        return [p["text"] for p in sent if str(p["chat_id"]) == str(chat) and p["text"] in news]

    async def rows(self, what: str) -> list[tuple[bytes, ...]]:
        return [
            tuple(row)
            for row in await self.line.house.database.read(lambda c: c.exec_driver_sql(f"select {what}").fetchall())
        ]

    def here(self) -> RemoteBook:
        """The same line, asked by hand."""
        return RemoteBook(self.socket, NotifierKeys(KeysFolder(self.keys)), self.line.house.now)

    async def starts(self) -> asyncio.subprocess.Process:
        """`hamrah notifier`, with what it needs and nothing else."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HAMRAH_")}
        own = {
            "HAMRAH_NOTIFIER_SOCKET": str(self.socket),
            "HAMRAH_NOTIFIER_KEYS_DIR": str(self.keys),
            "HAMRAH_TELEGRAM_TOKEN": self.line.telegram.token,
            "HAMRAH_TELEGRAM_API_URL": self.line.telegram.api_url,
            "HAMRAH_LOG_LEVEL": "debug",
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("ab") as log:
            command = (sys.executable, "-m", "bot", "notifier")
            return await asyncio.create_subprocess_exec(
                *command, cwd=self.socket.parent, env={**kept, **own}, stdout=log, stderr=log
            )


@asynccontextmanager
async def apart(founded: Service, folder: Path) -> AsyncIterator[Apart]:
    service = copied(founded, folder / "service")
    with tempfile.TemporaryDirectory(prefix="line") as short:  # the name of a socket has room for a hundred letters
        socket = Path(short) / "line"
        async with (
            FakeTelegram(clock=Clock(NOON)) as telegram,
            serving_here(service, telegram, now=telegram.clock, notifier_socket=socket) as (house, address),
        ):
            await until(socket.exists)
            yield Apart(Line(service, house, telegram, address), socket, folder / "own" / "keys", folder / "log")


async def asks(line: Line) -> tuple[int, str]:
    """A child who told something and wants to be told of answers; their chat, and their words."""
    sara, words = line.phone(), "they lock the door"
    await sara.opens("ur")
    code = await sara.tells_all({"place-to": ("PK-PB",), "words-what": words})
    await sara.enters(code)
    await sara.chooses("notice", "yes")
    await line.sent_all()
    return sara.id, words


@pytest.mark.promise("S44", "S50")
async def test_killed_it_is_missed_by_nobody_but_its_word_which_comes_once_when_it_is_back(
    founded: Service, tmp_path: Path
) -> None:
    async with apart(founded, tmp_path) as here:
        line, house = here.line, here.line.house
        assert not house.flow.notices, "nobody is asked before there is somebody who alone could tell them"
        process = await here.starts()
        await until(lambda: house.flow.notices, 20.0)
        chat, words = await asks(line)
        process.send_signal(signal.SIGKILL)
        await process.wait()

        ((mailbox, sealed),) = await here.rows("mailbox_id, chat from notices")
        service_keys = KeysFolder(house.settings.keys)
        assert [] == service_keys.names("notifier-")
        with pytest.raises(Lapsed):
            NotifierKeys(service_keys).open(mailbox, sealed)
        assert chat == int.from_bytes(
            NotifierKeys(KeysFolder(here.keys)).open(mailbox, sealed).address, "big", signed=True
        )

        await line.answers(await line.case_with(words), "you are not alone", "amna")
        assert [] == await here.here().due(), "its time is drawn, and has not come"
        line.telegram.clock.advance(LATEST_S)
        assert [] == here.told(chat)
        process = await here.starts()
        await until(lambda: len(here.told(chat)) == 1, 20.0)

        async def noted() -> bool:
            return [(mailbox, sealed)] != await here.rows("mailbox_id, chat from notices")

        await until(noted)
        process.send_signal(signal.SIGTERM)
        assert 0 == await process.wait()
        assert [] == await here.here().due()
        assert 1 == len(here.told(chat))
        secret = line.telegram.token.partition(":")[2]
        assert [] == Marks([str(chat), secret]).leaks(here.log.read_bytes(), "the log, at its loudest")


async def test_a_replica_that_nobody_calls_asks_children_too(
    founded: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notifier talks to one of them; the others see its public half beside their keys."""
    monkeypatch.setattr(notifier_door, "LOOK_S", 0.05)
    async with apart(founded, tmp_path) as here:
        house = here.line.house
        keys = NotifierKeys(KeysFolder(here.keys))
        PublishedKey(house.settings.keys).keep(*keys.public(NOON), NOON)
        await until(lambda: house.flow.notices)


async def test_the_service_says_when_it_was_not_heard_and_goes_on(founded: Service, tmp_path: Path) -> None:
    async with apart(founded, tmp_path) as here:
        house, book = here.line.house, here.here()
        assert "notifier" in WELL
        assert not (await wellness_of(house).checks())["notifier"]
        assert [] == await book.ends()
        assert (await wellness_of(house).checks())["notifier"]
        assert house.wording.say("ur", Text("notice.news")) == book.words["ur"]
        here.line.telegram.clock.advance(300)
        assert not (await wellness_of(house).checks())["notifier"]
        sara = here.line.phone()
        await sara.opens("ur")


async def test_what_makes_no_sense_on_the_line_changes_nothing(founded: Service, tmp_path: Path) -> None:
    strange = (b"", b"[]", b"{}", b'{"ask": "open"}', b'{"ask": "begin", "period": 1, "public": "AAAA"}', b"\xff" * 99)
    async with apart(founded, tmp_path) as here:
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(here.socket))) as line:
            for said in strange:
                async with line.post("http://service/", data=said) as answer:
                    assert 400 == answer.status
        assert not here.line.house.flow.notices


async def test_keys_in_the_wrong_folder_stop_both_with_a_clear_line(founded: Service, tmp_path: Path) -> None:
    service = copied(founded, tmp_path / "service")
    NotifierKeys(KeysFolder(service.keys)).public(NOON)
    with pytest.raises(ConfigError, match="move them"):
        refuse_unsafe(service.settings(notifier_socket=tmp_path / "line"))
    with pytest.raises(ConfigError, match="one of its own"):
        keys_of(service.settings(notifier_keys_dir=service.keys))
    with pytest.raises(ConfigError, match="is missing"):
        keys_of(service.settings())


def test_its_program_holds_nothing_that_reads_or_stores_a_report() -> None:
    """What is not loaded cannot be turned against the key it holds."""
    told = "import sys, bot.cli_notifier; print(*sorted({name for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    strangers = (
        "storage",
        "sqlalchemy",
        "starlette",
        "bot.console",
        "bot.content",
        "bot.services.receive",
        "bot.sealing.record",
    )
    assert [] == [name for name in loaded if name.startswith(strangers)]


async def test_doctor_says_whether_somebody_could_tell(founded: Service, tmp_path: Path) -> None:
    service = copied(founded, tmp_path / "service")
    token = "1234567:" + "t" * 35
    assert notifier_check(service.settings())[1]
    assert notifier_check(service.settings(telegram_token=token))[1]
    apart = service.settings(telegram_token=token, notifier_socket=tmp_path / "line")
    assert "never heard" in notifier_check(apart)[2]
    key = PublishedKey(service.keys)
    own = NotifierKeys(KeysFolder(tmp_path / "own")).public(clock.now())
    key.keep(*own, clock.now() - 3_600)
    assert (False, True) == (notifier_check(apart)[1], "is `hamrah notifier` running" in notifier_check(apart)[2])
    key.keep(*own, clock.now())
    assert notifier_check(apart)[1]


async def test_while_the_service_is_away_it_waits(tmp_path: Path) -> None:
    book = RemoteBook(tmp_path / "nobody", NotifierKeys(KeysFolder(tmp_path / "keys")), lambda: NOON)
    with pytest.raises(AwayError):
        await book.ends()
