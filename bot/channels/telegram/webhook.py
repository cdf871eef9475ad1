"""Where Telegram brings updates: checked before read, acknowledged after commit (S49, reliability §2 and §9).

Not the library's webhook server: that one acknowledges what is still in memory.
https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import Sequence

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.telegram.inbound import Answer, Deliver, Keep, read_update
from bot.channels.telegram.request import encoded
from bot.core.errors import ConfigError, HelplineError
from bot.core.failpoints import reach

BODY_LIMIT = 1024 * 1024
_SECRET = re.compile(r"[A-Za-z0-9_-]{43,256}")  # 43 characters of base64url hold 256 bits
_HEADER = b"x-telegram-bot-api-secret-token"

log = logging.getLogger(__name__)


def webhook_path(secret: str) -> str:
    """The address is as hard to guess as the secret it is made from, and does not give it away."""
    return "/telegram/" + hmac.new(secret.encode(), b"webhook path", hashlib.sha256).hexdigest()[:32]


class WebhookDoor:
    """An ASGI endpoint.  `secrets`: one, or two while it is being changed; `at_once`: most updates at work."""

    def __init__(
        self,
        secrets: Sequence[str],
        deliver: Deliver,
        keep: Keep,
        *,
        budget_s: float = 5.0,
        at_once: int = 200,
    ) -> None:
        if not 1 <= len(secrets) <= 2 or not all(_SECRET.fullmatch(secret) for secret in secrets):
            raise ConfigError("WEBHOOK_SECRET: one or two of 43 to 256 characters A-Z a-z 0-9 _ - (256 random bits)")
        self._paths = tuple(webhook_path(secret) for secret in secrets)
        self._prints = tuple(hashlib.sha256(secret.encode()).digest() for secret in secrets)
        self._deliver = deliver
        self._keep = keep
        self._budget_s = budget_s
        self._at_once = at_once
        self._working: set[asyncio.Task[Answer | None]] = set()

    def __repr__(self) -> str:
        return f"WebhookDoor(working={len(self._working)})"

    @property
    def paths(self) -> tuple[str, ...]:
        return self._paths

    def routes(self) -> list[Route]:
        return [Route(path, self) for path in self._paths]

    async def finish(self, grace_s: float = 10.0) -> None:
        """Let what is being committed come to its end (R15)."""
        if self._working:
            await asyncio.wait(set(self._working), timeout=grace_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._judge(scope)
        if status != 200:
            await _respond(send, status)
            return
        reach("F1")
        work = await self._take_in(receive)
        if isinstance(work, int):
            await _respond(send, work)
        elif work is not None:
            await _respond(send, *_outcome(work))
            reach("F9")

    def _judge(self, scope: Scope) -> int:
        """Everything that can be refused without reading the body."""
        given, kind, length = _headers(scope)
        if given is None:
            return 401
        if not self._is_ours(given):
            return 403
        if scope["method"] != "POST":
            return 405
        if kind.partition(b";")[0].strip().lower() != b"application/json":
            return 415
        if length > BODY_LIMIT:
            return 413
        return 503 if len(self._working) >= self._at_once else 200

    def _is_ours(self, given: bytes) -> bool:
        """Compare digests of equal length, and always with every secret: time tells nothing."""
        digest = hashlib.sha256(given).digest()
        return bool(sum([hmac.compare_digest(digest, known) for known in self._prints]))

    async def _take_in(self, receive: Receive) -> asyncio.Task[Answer | None] | int | None:
        """Read and commit within the budget; a status when it was not read, None when the sender has gone."""
        deadline = asyncio.get_running_loop().time() + self._budget_s
        try:
            async with asyncio.timeout_at(deadline):
                body = await _read(receive)
        except TimeoutError:
            return 408
        if body is None:
            return None
        if len(body) > BODY_LIMIT:
            return 413
        work = asyncio.create_task(self._commit(body))
        self._working.add(work)
        work.add_done_callback(self._note)
        # asyncio.wait never cancels what it waits for: neither a late commit nor one whose sender has gone
        await asyncio.wait((work,), timeout=deadline - asyncio.get_running_loop().time())
        return work

    def _note(self, work: asyncio.Task[Answer | None]) -> None:
        """Also of a commit that ended after its budget: its fault is named, never its words."""
        self._working.discard(work)
        failure = _fault(work)
        if failure is not None:
            log.error("update_not_taken", extra={"fault": type(failure).__name__})

    async def _commit(self, body: bytes) -> Answer | None:
        update = read_update(body)
        if update is None:
            await self._keep(body)
            return None
        return await self._deliver(update)


def _fault(work: asyncio.Task[Answer | None]) -> BaseException | None:
    return None if work.cancelled() else work.exception()


class BesideSite:
    """ASGI middleware that lets Telegram in beside the site: no browser reads these answers, so they need no page headers.

    They cost as much as the rest of the way in (measured: 50 µs of 115).
    """

    def __init__(self, app: ASGIApp, door: WebhookDoor) -> None:
        self._app = app
        self._doors: dict[str, ASGIApp] = dict.fromkeys(door.paths, door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._doors.get(scope["path"]) if scope["type"] == "http" else None
        await (door or self._app)(scope, receive, send)


def _outcome(work: asyncio.Task[Answer | None]) -> tuple[int, bytes]:
    """200 only after commit; whatever rides on the answer goes into its body."""
    if not work.done() or work.cancelled():
        return 503, b""
    failure = _fault(work)
    if failure is not None:
        return (503 if isinstance(failure, HelplineError) else 500), b""
    answer = work.result()
    return 200, b"" if answer is None else encoded(answer)


def _headers(scope: Scope) -> tuple[bytes | None, bytes, int]:
    """Secret, content type and announced length (0 when not announced); a doubled secret counts as none."""
    secrets, kind, length = [], b"", 0
    for name, value in scope["headers"]:
        if name == _HEADER:
            secrets.append(value)
        elif name == b"content-type":
            kind = value
        elif name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 16 else BODY_LIMIT + 1
    return (secrets[0] if len(secrets) == 1 else None), kind, length


async def _read(receive: Receive) -> bytes | None:
    """The body, cut off just beyond the limit; None when the sender went away."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        piece = message.get("body", b"")
        pieces.append(piece)
        size += len(piece)
        if size > BODY_LIMIT or not message.get("more_body", False):
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _respond(send: Send, status: int, body: bytes = b"") -> None:
    headers = [(b"content-length", b"%d" % len(body))]
    if body:
        headers.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
