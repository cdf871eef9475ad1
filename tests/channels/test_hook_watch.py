"""Telegram's side of the webhook is looked at, and set back where somebody changed it (R30)."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import hook_watch
from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import ALLOWED_UPDATES, Webhook
from bot.channels.telegram.hook_watch import HookWatch
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram, Status
from tests.service import Service, serving_here

ELSEWHERE = "https://elsewhere.example/hook"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_watch, "EVERY_S", 0.05)


@pytest.mark.slow
@pytest.mark.promise("R30", "R1")
async def test_a_webhook_that_somebody_moved_is_set_back_and_nothing_is_lost(service: Service) -> None:
    async with FakeTelegram() as telegram, serving_here(service, telegram) as (house, address):
        child = Line(service, house, telegram, address).phone(waits=False)
        await child.opens("en")
        ours = telegram.world.webhook.url
        with capture_logs() as told:
            telegram.world.webhook.url = ELSEWHERE
            await until(lambda: telegram.world.webhook.url == ours)
        assert "webhook_replaced" in [entry["event"] for entry in told]
        await child.writes("/help")
        await until(lambda: "1121" in child.chat.visible()[-1].text)


@pytest.mark.promise("R30")
@pytest.mark.parametrize(
    ("pending", "failed_ago_s", "allowed", "told"),
    [
        (0, None, None, []),
        (3, None, None, []),
        (21, None, None, ["webhook_behind"]),
        (1, 60, None, ["webhook_behind"]),
        (1, 6_000, None, []),
        (0, None, ("message",), ["webhook_replaced"]),
    ],
)
async def test_what_is_not_well_is_said(
    pending: int, failed_ago_s: int | None, allowed: tuple[str, ...] | None, told: list[str]
) -> None:
    api = Recorded(pending, None if failed_ago_s is None else 10_000 - failed_ago_s, allowed)
    watch = HookWatch(api, "https://us.example/x", "s" * 43, lambda: 10_000)  # type: ignore[arg-type]
    with capture_logs() as logged:
        assert (told == []) == await watch.look()
    assert told == [entry["event"] for entry in logged]
    assert ("webhook_replaced" in told) == api.was_set


class Recorded:
    """What Telegram would say; the served case is above."""

    def __init__(self, pending: int, last_error_at: int | None, allowed: tuple[str, ...] | None) -> None:
        self.hook = Webhook("https://us.example/x", pending, last_error_at, allowed or ALLOWED_UPDATES)
        self.was_set = False

    async def get_webhook(self) -> Webhook:
        return self.hook

    async def set_webhook(self, url: str, secret: str) -> None:
        self.was_set = True


@pytest.mark.slow
@pytest.mark.promise("R30")
async def test_a_revoked_token_ends_the_service_and_says_so(service: Service) -> None:
    async with FakeTelegram() as telegram, serving_here(service, telegram) as (house, _):
        await until(lambda: bool(telegram.world.webhook.url))
        with capture_logs() as told:
            telegram.script.always("*", Status(401, "Unauthorized"))
            await asyncio.wait_for(house.troubled.wait(), 10)
        assert isinstance(house.trouble, TokenRejected)
        assert "token_rejected" in [entry["event"] for entry in told]
