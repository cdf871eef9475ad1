"""The webhook: judged before it is read, acknowledged after commit (S49, reliability §2)."""

import asyncio
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from bot.channels.telegram.api import Api
from bot.channels.telegram.inbound import Answer
from bot.channels.telegram.webhook import BODY_LIMIT, BesideSite, WebhookDoor, webhook_path
from bot.core.errors import Busy, ConfigError
from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.serving import serving

SECRET = "first-secret-" + "a" * 40
NEXT_SECRET = "next-secret-" + "b" * 40


class Desk:
    """Stands for the service behind the door: notes what it committed and what it was given to keep."""

    def __init__(self) -> None:
        self.committed: list[dict[str, Any]] = []
        self.kept: list[bytes] = []
        self.failures: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()
        self.cancelled = 0
        self.answer: Answer | None = None

    async def deliver(self, update: dict[str, Any]) -> Answer | None:
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failures:
            raise self.failures.pop(0)
        self.committed.append(update)
        return self.answer

    async def keep(self, body: bytes) -> None:
        self.kept.append(body)


class Visit:
    """One request to the door, without a network between: shows whether the body was asked for."""

    def __init__(self, *, body: bytes = b'{"update_id":1}', secret: str | bytes | None = SECRET) -> None:
        self.body = body
        self.headers: dict[bytes, bytes] = {b"content-type": b"application/json"}
        if secret is not None:
            value = secret if isinstance(secret, bytes) else secret.encode()
            self.headers[b"x-telegram-bot-api-secret-token"] = value
        self.pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self.method = "POST"
        self.reads = 0
        self.status = 0

    async def enter(self, door: ASGIApp, path: str = "/") -> int:
        scope = {"type": "http", "method": self.method, "path": path, "headers": list(self.headers.items())}
        await door(scope, self._receive, self._send)
        return self.status

    async def _receive(self) -> Message:
        self.reads += 1
        if self.pieces:
            return self.pieces.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def door(desk: Desk) -> WebhookDoor:
    return WebhookDoor([SECRET], desk.deliver, desk.keep, budget_s=0.2, at_once=3)


async def test_an_update_is_committed_then_acknowledged(door: WebhookDoor, desk: Desk) -> None:
    assert await Visit(body=b'{"update_id":7}').enter(door) == 200
    assert desk.committed == [{"update_id": 7}]


@pytest.mark.promise("S49")
@pytest.mark.parametrize(
    ("secret", "status"),
    [
        (None, 401),
        ("", 403),
        (SECRET[:-1], 403),
        (SECRET + "a", 403),
        (SECRET.upper(), 403),
        (NEXT_SECRET, 403),
        (b"\xff\x00\xe4", 403),
    ],
)
async def test_without_the_secret_nothing_is_read(
    door: WebhookDoor, desk: Desk, secret: str | bytes | None, status: int
) -> None:
    visit = Visit(body=b"x" * BODY_LIMIT, secret=secret)

    assert await visit.enter(door) == status
    assert (visit.reads, desk.committed, desk.kept) == (0, [], [])


@pytest.mark.promise("S49")
@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [
        ({b"content-length": str(BODY_LIMIT + 1).encode()}, "POST", 413),
        ({b"content-length": b"9" * 30}, "POST", 413),
        ({b"content-length": b"-1"}, "POST", 413),
        ({b"content-type": b"text/plain"}, "POST", 415),
        ({b"content-type": b"application/x-www-form-urlencoded"}, "POST", 415),
        ({b"content-type": b""}, "POST", 415),
        ({}, "GET", 405),
    ],
)
async def test_what_cannot_be_an_update_is_refused_unread(
    door: WebhookDoor, headers: Mapping[bytes, bytes], method: str, status: int
) -> None:
    visit = Visit()
    visit.headers |= headers
    visit.method = method

    assert await visit.enter(door) == status
    assert visit.reads == 0


@pytest.mark.promise("S49")
async def test_a_body_of_a_mebibyte_is_the_largest(door: WebhookDoor, desk: Desk) -> None:
    """Also when it comes in pieces and announces no length."""
    filler = b" " * (BODY_LIMIT - 2)
    assert await Visit(body=b"{}" + filler).enter(door) == 200

    visit = Visit()
    piece: Message = {"type": "http.request", "body": b"x" * 100_000, "more_body": True}
    visit.pieces = [piece] * 1000
    assert await visit.enter(door) == 413
    assert visit.reads == 11
    assert desk.committed == [{}]


@pytest.mark.promise("S49")
async def test_two_secrets_hold_while_one_is_replaced(desk: Desk) -> None:
    both = WebhookDoor([NEXT_SECRET, SECRET], desk.deliver, desk.keep)

    assert [await Visit(secret=one).enter(both) for one in (SECRET, NEXT_SECRET)] == [200, 200]
    assert [route.path for route in both.routes()] == [webhook_path(NEXT_SECRET), webhook_path(SECRET)]


@pytest.mark.promise("S49")
async def test_telegram_comes_in_beside_the_site(desk: Desk) -> None:
    """Only at its own addresses; the site sees everything else and none of the updates."""
    seen: list[str] = []

    async def site(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    beside = BesideSite(site, WebhookDoor([NEXT_SECRET, SECRET], desk.deliver, desk.keep))
    addresses = (webhook_path(SECRET), webhook_path(NEXT_SECRET), "/telegram/", webhook_path(SECRET) + "/")

    assert [await Visit().enter(beside, path) for path in addresses] == [200, 200, 404, 404]
    assert seen == ["/telegram/", webhook_path(SECRET) + "/"]
    assert len(desk.committed) == 2


@pytest.mark.promise("S49", "R30")
async def test_nothing_is_lost_while_the_secret_changes_under_load(
    desk: Desk, telegram: FakeTelegram, api: Api
) -> None:
    """Old secret → both → new secret, with children writing all the while."""
    telegram.pusher.manners.gaps_s = (0.01,)
    doors = [
        WebhookDoor(secrets, desk.deliver, desk.keep) for secrets in ([SECRET], [NEXT_SECRET, SECRET], [NEXT_SECRET])
    ]
    children = [Child(telegram, 1000 + number) for number in range(5)]
    stage = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await Starlette(routes=doors[stage].routes())(scope, receive, send)

    async with serving(app) as address:
        await api.set_webhook(address + webhook_path(SECRET), SECRET)
        writing = asyncio.gather(*[child.writes(f"{n}") for child in children for n in range(30)])
        await asyncio.sleep(0.02)
        stage = 1
        await api.set_webhook(address + webhook_path(NEXT_SECRET), NEXT_SECRET)
        await asyncio.sleep(0.02)
        stage = 2
        await writing

    ids = [update["update_id"] for update in desk.committed]
    assert len(set(ids)) == 150
    assert telegram.world.pending == []


@pytest.mark.promise("S49")
def test_a_weak_secret_is_refused(desk: Desk) -> None:
    for weak in ([], [""], ["short"], ["a" * 42], ["ä" * 43], ["a b" * 20], [SECRET] * 3):
        with pytest.raises(ConfigError, match="WEBHOOK_SECRET"):
            WebhookDoor(weak, desk.deliver, desk.keep)


@pytest.mark.promise("S49")
def test_the_address_is_unguessable_and_does_not_show_the_secret() -> None:
    path = webhook_path(SECRET)

    assert path.startswith("/telegram/")
    assert len(path) == len("/telegram/") + 32
    assert SECRET not in path
    assert path != webhook_path(NEXT_SECRET)


@pytest.mark.promise("S49")
async def test_the_time_to_refuse_tells_nothing_about_the_secret(door: WebhookDoor) -> None:
    """Wrong in its first character or in its last: Welch's t is below 4.5, measured again twice, since a difference that is
    the door's is there each time, and one that is the machine's is not.
    """
    assert min([await welch(door) for _ in range(3)]) < 4.5


async def welch(door: WebhookDoor) -> float:
    """Welch's t of 10,000 refusals, in an order nobody chose; each secret is a text of its own, as from the network."""
    took: tuple[list[int], list[int]] = ([], [])
    for _ in range(10_000):
        late = secrets.choice((False, True))
        visit = Visit(secret="".join((SECRET[:-1], "X")) if late else "".join(("X", SECRET[1:])))
        begun = time.perf_counter_ns()
        await visit.enter(door)
        took[late].append(time.perf_counter_ns() - begun)

    fast = sorted(took[0] + took[1])[9_000]  # the slowest tenth is the machine's, not the door's
    first, second = ([one for one in times if one <= fast] for times in took)
    spread = (statistics.variance(first) / len(first) + statistics.variance(second) / len(second)) ** 0.5
    return float(abs(statistics.fmean(first) - statistics.fmean(second)) / spread)


async def test_a_failed_commit_is_not_acknowledged(door: WebhookDoor, desk: Desk) -> None:
    desk.failures = [Busy("locked"), ValueError("a mistake of ours")]

    assert [await Visit().enter(door) for _ in range(3)] == [503, 500, 200]


async def test_a_late_failure_is_named_without_its_words(
    door: WebhookDoor, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.open.clear()
    desk.failures = [ValueError("words of a child")]
    assert await Visit().enter(door) == 503

    desk.open.set()
    await door.finish()
    await asyncio.sleep(0)
    assert [record.getMessage() for record in caplog.records] == ["update_not_taken"]
    assert caplog.records[0].__dict__["fault"] == "ValueError"
    assert "words" not in caplog.text


async def test_a_slow_commit_is_answered_503_and_still_ends(door: WebhookDoor, desk: Desk) -> None:
    desk.open.clear()
    assert await Visit().enter(door) == 503

    desk.open.set()
    await door.finish()
    assert (len(desk.committed), desk.cancelled) == (1, 0)


async def test_too_many_at_once_are_turned_away_unread(door: WebhookDoor, desk: Desk) -> None:
    desk.open.clear()
    inside = [asyncio.create_task(Visit().enter(door)) for _ in range(3)]
    await asyncio.sleep(0.01)
    visit = Visit()

    assert await visit.enter(door) == 503
    assert visit.reads == 0
    desk.open.set()
    assert await asyncio.gather(*inside) == [200, 200, 200]


async def test_a_commit_outlives_whoever_asked_for_it(door: WebhookDoor, desk: Desk) -> None:
    """The server cancels a request when it stops or the sender hangs up; the commit goes on."""
    desk.open.clear()
    request = asyncio.create_task(Visit().enter(door))
    await asyncio.sleep(0.01)
    request.cancel()
    await asyncio.wait([request])
    desk.open.set()
    await door.finish()

    assert (len(desk.committed), desk.cancelled) == (1, 0)


async def test_a_sender_that_hangs_up_or_dawdles_gets_nothing_done(door: WebhookDoor, desk: Desk) -> None:
    gone = Visit()
    gone.pieces = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    slow = Visit()
    slow.pieces = [{"type": "http.request", "body": b"{", "more_body": True}]

    assert await gone.enter(door) == 0
    assert await slow.enter(door) == 408
    assert (desk.committed, desk.kept) == ([], [])


@pytest.mark.promise("R5")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b'{"update_id":1',
        b'{"update_id":1,"text":"\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a":' * 100_000,
        b'{"update_id":' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "null", "list", "string", "cut", "not UTF-8", "byte order mark", "too deep", "endless number"],
)
async def test_what_cannot_be_read_is_kept_whole(door: WebhookDoor, desk: Desk, body: bytes) -> None:
    assert await Visit(body=body).enter(door) == 200
    assert (desk.kept, desk.committed) == ([body], [])


@pytest.fixture
async def hooked(desk: Desk, telegram: FakeTelegram, api: Api) -> AsyncIterator[WebhookDoor]:
    door = WebhookDoor([SECRET], desk.deliver, desk.keep)
    async with serving(Starlette(routes=door.routes())) as address:
        await api.set_webhook(address + webhook_path(SECRET), SECRET)
        yield door


async def test_a_child_is_heard_through_the_webhook(hooked: WebhookDoor, desk: Desk, telegram: FakeTelegram) -> None:
    telegram.pusher.manners.gaps_s = (0.01,)
    desk.failures = [Busy("locked")]
    await Child(telegram).writes("سلام")

    assert [update["message"]["text"] for update in desk.committed] == ["سلام"]
    assert [one.status for one in telegram.pusher.deliveries] == [503, 200]
    assert repr(hooked) == "WebhookDoor(working=0)"


@pytest.mark.usefixtures("hooked")
async def test_the_answer_to_a_press_rides_on_the_acknowledgement(desk: Desk, telegram: FakeTelegram) -> None:
    child = Child(telegram)
    desk.answer = Api.press_answer(f"{child.id}000001", "دیر ہو گئی")
    query_id = await child.presses_data("a:1")

    assert telegram.world.toasts[query_id]["text"] == "دیر ہو گئی"
    assert [(one.method, one.status) for one in telegram.world.calls] == [
        ("setWebhook", 200),
        ("answerCallbackQuery", 200),
    ]
