"""How staff are reached: our bot on the fake Telegram, and everything else through a notifier that is loaded when needed."""

import builtins
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner

from bot.alerts_end import DutyFile
from bot.channels.apprise_alerts import AppriseAlerts, understood
from bot.channels.telegram.alerts import TelegramAlerts
from bot.channels.telegram.api import Api
from bot.cli import main
from bot.core.errors import ChannelError, ConfigError, Refused
from bot.duty_file import load_duty, read_duty
from tests.channels.calling import Line, until
from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.world import Clock
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

ZONE = "Asia/Karachi"


async def test_our_bot_tells_a_colleague(api: Api, telegram: FakeTelegram) -> None:
    colleague = Child(telegram, 900_001)
    assert colleague.chat.visible() == ()
    chat = colleague.id
    await TelegramAlerts(api).tell(f"telegram:{chat}", "Reports are waiting", "Queue: Lahore office.")
    assert colleague.chat.visible()[-1].text == "Reports are waiting\n\nQueue: Lahore office."
    with pytest.raises(ChannelError):
        await TelegramAlerts(api).tell("telegram:1", "t", "b")  # nobody who ever wrote to the bot
    with pytest.raises(Refused):
        await TelegramAlerts(api).tell("telegram:amna", "t", "b")


@dataclass
class FakeNotifier:
    """Takes mail addresses and answers what it is told to."""

    answer: bool | None = True
    servers: list[str] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def add(self, servers: str) -> bool:
        self.servers.append(servers)
        return servers.startswith("mailto://")

    async def async_notify(self, body: str, title: str) -> bool | None:
        self.sent.append((title, body))
        return self.answer


async def test_other_services_are_told_through_the_notifier() -> None:
    good, bad = FakeNotifier(), FakeNotifier(answer=False)
    await AppriseAlerts(lambda: good).tell("mailto://desk", "title", "body")
    assert ([("title", "body")], ["mailto://desk"]) == (good.sent, good.servers)
    with pytest.raises(ChannelError):
        await AppriseAlerts(lambda: bad).tell("mailto://desk", "title", "body")
    with pytest.raises(ChannelError):
        await AppriseAlerts(lambda: good).tell("smoke://signal", "title", "body")
    assert (True, False) == (understood("mailto://x", FakeNotifier), understood("smoke://x", FakeNotifier))


async def test_the_real_notifier_tells_a_service_and_hears_that_it_refused() -> None:
    heard: list[dict[str, Any]] = []

    async def hook(request: web.Request) -> web.Response:
        heard.append(await request.json())
        return web.Response(status=200 if len(heard) == 1 else 503)

    app = web.Application()
    app.router.add_post("/desk", hook)
    async with TestServer(app) as server:
        address = f"json://127.0.0.1:{server.port}/desk"
        assert understood(address)
        await AppriseAlerts().tell(address, "Reports are waiting", "Queue: Lahore office.")
        assert ("Reports are waiting", "Queue: Lahore office.") == (heard[0]["title"], heard[0]["message"])
        with pytest.raises(ChannelError):
            await AppriseAlerts().tell(address, "Reports are waiting", "Queue: Lahore office.")
    assert not understood("smoke://signal")


def test_nothing_loads_the_notifier_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def watched(name: str, *more: Any) -> Any:
        assert not name.startswith("apprise"), "loaded too early"
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", watched)
    AppriseAlerts()


WRONG = {
    "nowhere to reach": '[[person]]\nid = "a"\nreach = []',
    "not an address": '[[person]]\nid = "a"\nreach = ["amna"]',
    "a misspelt field": '[[person]]\nid = "a"\nreach = ["x:1"]\nhuors = "mon 09:00-17:00"',
    "twice": '[[person]]\nid = "a"\nreach = ["x:1"]\n[[person]]\nid = "a"\nreach = ["x:2"]',
    "no such place": '[[person]]\nid = "a"\nreach = ["x:1"]\nstands = ["boss"]',
    "no such shift": '[[person]]\nid = "a"\nreach = ["x:1"]\nhours = "someday"',
    "no such day": 'holidays = ["2026-13-01"]',
    "an absence that ends first": '[[person]]\nid = "a"\nreach = ["x:1"]\naway = ["2026-03-02/2026-03-01"]',
    "no such hour": "digest_hour = 24",
    "another language": '[[person]]\nid = "a"\nreach = ["x:1"]\nlang = "fr"',
}


@pytest.mark.promise("R24")
@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_wrong_duty_roster_is_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_duty(text, ZONE)


def test_a_duty_roster_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "duty.toml"
    file.write_text('[[person]]\nid = "a"\nreach = ["mailto://user:secret@host"]\nlang = "fr"')
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        load_duty(file, ZONE)
    file.chmod(0o600)
    with pytest.raises(ConfigError) as refused:
        load_duty(file, ZONE)
    assert "secret" not in str(refused.value)


def test_a_changed_duty_roster_counts_and_a_broken_one_does_not(tmp_path: Path) -> None:
    file = tmp_path / "duty.toml"
    duty = DutyFile(file, ZONE)
    assert (0, False) == (len(duty.now().people), duty.sound)
    _write(file, '[[person]]\nid = "a"\nreach = ["x:1"]')
    assert (1, True) == (len(duty.now().people), duty.sound)
    _write(file, "[[person]]")
    assert (1, False) == (len(duty.now().people), duty.sound)


def _write(file: Path, text: str) -> None:
    """As editors do: a new file in its place."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.chmod(0o600)
    new.replace(file)


@pytest.mark.promise("R19", "R28")
async def test_a_served_house_tells_a_colleague_and_nothing_of_the_report(
    founded: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: a child tells on Telegram, the officer's phone rings, with words from the catalogue."""
    monkeypatch.setattr("bot.services.alerting.EVERY_S", 0.05)
    service = copied(founded, tmp_path / "service")
    file = tmp_path / "duty.toml"
    async with FakeTelegram(clock=Clock(NOON)) as telegram:
        officer = Child(telegram, 900_001)
        people = '[[person]]\nid = "{}"\nlang = "{}"\nreach = ["telegram:{}"]\n'
        _write(file, people.format("amna", "ur", officer.id) + people.format("bilal", "en", 7))
        async with serving_here(service, telegram, now=telegram.clock, duty_file=file) as (house, address):
            line = Line(service, house, telegram, address)
            await officer.starts()
            before = len(officer.chat.visible())
            sara = line.phone()
            await sara.opens("ur")
            words = "وہ مجھے جانے نہیں دیتے"
            code = await sara.tells_all({"place-to": ("PK-PB",), "danger": "now", "words-what": words})
            await until(lambda: len(officer.chat.visible()) > before)
            alert = officer.chat.visible()[-1].text
            assert "Lahore office" in alert
            assert house.wording.texts["ur"]["console.alert.reason.new"] in alert
            assert [one for one in (words, code, str(sara.person["first_name"]), "PK-PB") if one and one in alert] == []

            async with httpx.AsyncClient() as client:
                await until(lambda: _told(client, address, 503))  # the colleague's chat does not exist
                state = (await client.get(f"{address}/health/alerts")).json()
                ready = await client.get(f"{address}/health/ready")
        assert (["telegram"], True, 1) == (state["failing"], state["roster"], state["waiting"])
        assert ready.status_code == 200  # a dead messenger takes no replica out of service


async def _told(client: httpx.AsyncClient, address: str, status: int) -> bool:
    return (await client.get(f"{address}/health/alerts")).status_code == status


def test_the_command_says_who_is_on_duty_and_what_is_missing(
    founded: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = copied(founded, tmp_path / "service")
    file = tmp_path / "duty.toml"
    _write(file, '[[person]]\nid = "amna"\nreach = ["telegram:5"]\n[[person]]\nid = "ghost"\nreach = ["telegram:6"]')
    for name, value in service.environment(duty_file=str(file)).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(main, ["duty", "check"])
    assert result.exit_code == 1
    assert "amna: on duty; telegram" in result.stdout
    assert "team karachi: none of its officers can be reached" in result.stderr
    assert "ghost: not in the list of officers" in result.stderr
    assert "amna: address 1 cannot be used" in result.stderr  # no token is set
