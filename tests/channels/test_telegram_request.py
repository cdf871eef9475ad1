"""Outgoing calls go to one host only and never show the token."""

import asyncio
import contextlib
import io
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.api import Api
from bot.channels.telegram.request import STAND_IN, PooledRequest
from bot.core.errors import ChannelError
from tests.fake_telegram import AcceptThenDrop, FakeTelegram, Flood, HalfAnswer, Late, Redirect, Reset, Status
from tests.fake_telegram.serving import serving

SECRET_PART = "canary-A1b2C3-of-the-token"
TOKEN = f"7654321:{SECRET_PART}"

SECRET = "canary-D4e5F6-of-the-webhook-" + "s" * 20

Act = Callable[[Api], Awaitable[object]]
ACTS: tuple[Act, ...] = (
    lambda api: api.send(1, "x"),
    lambda api: api.answer_press("1"),
    lambda api: api.delete(1, [1]),
    lambda api: api.get_updates(None, wait_s=0),
    lambda api: api.get_me(),
    lambda api: api.set_commands({"help": "x"}),
    lambda api: api.get_webhook(),
    lambda api: api.set_webhook("https://example.org/x", SECRET),
)
TROUBLES = (
    Status(500),
    Status(400, f"Bad Request: quoting {SECRET_PART}"),
    Status(401, "Unauthorized"),
    Status(404, "Not Found"),
    Flood(1),
    Reset(),
    AcceptThenDrop(),
    HalfAnswer(),
    Late(0.3),
    Redirect(f"/bot{TOKEN}/getMe"),
)


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All loggers at DEBUG, as an operator in despair would set them before the bot starts."""
    page = io.StringIO()
    root, listener = logging.getLogger(), logging.StreamHandler(page)
    listener.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    before = {name: logging.getLogger(name).level for name in ("telegram", "aiohttp", "httpx", "httpcore", "asyncio")}
    root_before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield page
    finally:
        root.removeHandler(listener)
        root.setLevel(root_before)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@pytest.mark.promise("S50")
async def test_the_token_shows_in_no_log_and_no_error() -> None:
    """Nor the webhook's secret: every call meets every trouble, and a host that is not there, all at DEBUG."""
    asyncio.get_running_loop().set_debug(True)
    raised = 0
    with everything_logged() as page:
        async with FakeTelegram(token=TOKEN) as telegram:
            request = PooledRequest(TOKEN, api_url=telegram.api_url, answer_s=0.1)
            async with Api(request) as api:
                for trouble in TROUBLES:
                    for act in ACTS:
                        telegram.script.next("*", trouble)
                        raised += await _fails(api, act, page)
            print(repr(request), repr(api), request, file=page)
        async with Api(PooledRequest(TOKEN, api_url="http://127.0.0.1:1")) as api:
            for act in ACTS:
                raised += await _fails(api, act, page)

    assert raised > 40
    assert page.getvalue().count(SECRET_PART) == 0
    assert page.getvalue().count(SECRET) == 0


async def _fails(api: Api, act: Act, page: io.StringIO) -> int:
    try:
        await act(api)
    except ChannelError as trouble:
        page.write("".join(traceback.format_exception(trouble)))
        page.write(f"{trouble!r} {trouble.__context__!r} {trouble.__cause__!r} {vars(trouble)}")
        return 1
    return 0


@pytest.mark.promise("S50")
def test_the_library_never_learns_the_token() -> None:
    request = PooledRequest(TOKEN)

    assert Bot(STAND_IN, request=request, get_updates_request=request).token == STAND_IN


@pytest.mark.promise("S55")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_nowhere(status: int) -> None:
    visitors: list[str] = []

    async def elsewhere(request: Request) -> Response:
        visitors.append(request.url.path)
        return Response('{"ok":true,"result":{"message_id":1}}')

    async with serving(Starlette(routes=[Route("/{path:path}", elsewhere, methods=["GET", "POST"])])) as trap:

        async def away(_: Request) -> Response:
            return Response(status_code=status, headers={"Location": trap + "/trap"})

        pointing = Starlette(routes=[Route("/bot{rest:path}", away, methods=["POST"])])
        async with serving(pointing) as address, Api(PooledRequest("1:x", api_url=address)) as api:
            for act in ACTS[:3] + ACTS[4:]:
                with pytest.raises(ChannelError):
                    await act(api)
            assert (await api.get_updates(None, wait_s=0))[0] == status

    assert visitors == []


@pytest.mark.promise("S55")
async def test_no_proxy_of_the_surroundings_is_used(monkeypatch: pytest.MonkeyPatch, telegram: FakeTelegram) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async with Api(PooledRequest(telegram.token, api_url=telegram.api_url)) as api:
        assert (await api.get_me()).username


@pytest.mark.promise("S55")
async def test_the_library_cannot_choose_another_host(telegram: FakeTelegram) -> None:
    request = PooledRequest(telegram.token, api_url=telegram.api_url)
    async with request:
        status, _ = await request.do_request("http://127.0.0.1:1/bot1:x/getMe", "POST")

    assert status == 200
    assert len(telegram.world.calls_of("getMe")) == 1


@pytest.mark.promise("S55")
async def test_an_endless_answer_is_cut_off() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000
            await asyncio.sleep(0)

    async def endless(_: Request) -> Response:
        return StreamingResponse(pieces())

    app = Starlette(routes=[Route("/bot{rest:path}", endless, methods=["POST"])])
    async with serving(app) as address, Api(PooledRequest("1:x", api_url=address)) as api:
        with pytest.raises(ChannelError):
            await api.send(1, "x")
