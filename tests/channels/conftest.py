"""What tests of the Telegram channel share: the fake server and our client on it."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from tests.fake_telegram import FakeTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[Api]:
    async with Api(PooledRequest(telegram.token, api_url=telegram.api_url, answer_s=0.5)) as api:
        yield api
