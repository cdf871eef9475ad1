"""Brings updates to the bot's webhook as the real server does, and as badly as it may.

One chat's updates go one after the other, chats side by side; what is not answered 2xx is brought again, after
growing gaps.
"""

import asyncio
import json
from dataclasses import dataclass

import aiohttp

from tests.fake_telegram.methods import Methods
from tests.fake_telegram.table import Refusal
from tests.fake_telegram.world import Call, Pending, World


@dataclass(slots=True)
class Manners:
    """How updates are brought.  `copies`: each this many times at once; `swapped`: neighbours in the wrong order;
    `patience_s`: then it is brought again, while the first try may still be at work; `gaps_s`: between tries.
    """

    copies: int = 1
    swapped: bool = False
    patience_s: float = 60.0
    gaps_s: tuple[float, ...] = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try.  `status`: as answered, 0 for none; `at`: seconds of the event loop's clock; `took_s`: until then."""

    update_id: int
    status: int
    at: float
    took_s: float


class Pusher:
    def __init__(self, world: World, methods: Methods) -> None:
        self._world = world
        self._methods = methods
        self.manners = Manners()
        self.deliveries: list[Delivery] = []
        self._carriers: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Bring updates until cancelled; sleeps while no webhook is set."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            self._session = session
            try:
                while True:
                    self._send_out()
                    async with self._world.changed:
                        await self._world.changed.wait()
            finally:
                for carrier in self._carriers.values():
                    carrier.cancel()
                await asyncio.gather(*self._carriers.values(), return_exceptions=True)

    def _send_out(self) -> None:
        if not self._world.webhook.url:
            return
        waiting = {one.chat_id for one in self._world.pending}
        for chat_id in sorted(waiting - self._carriers.keys()):
            self._carriers[chat_id] = asyncio.create_task(self._carry(chat_id))

    async def _carry(self, chat_id: int) -> None:
        try:
            while self._world.webhook.url and (batch := self._next_of(chat_id)):
                taken = await asyncio.gather(*[self._bring(one) for one in batch])
                if not all(taken):
                    gaps = self.manners.gaps_s
                    await asyncio.sleep(gaps[min(batch[0].tries, len(gaps)) - 1])
        finally:
            del self._carriers[chat_id]

    def _next_of(self, chat_id: int) -> list[Pending]:
        self._world.drop_expired()
        mine = [one for one in self._world.pending if one.chat_id == chat_id]
        return mine[:2][::-1] if self.manners.swapped else mine[:1]

    async def _bring(self, pending: Pending) -> bool:
        pending.tries += 1
        tries = [asyncio.create_task(self._post(pending)) for _ in range(self.manners.copies)]
        done, late = await asyncio.wait(tries, timeout=self.manners.patience_s)
        for one in late:
            one.add_done_callback(_look_away)
        if not any(one.result() for one in done):
            return False
        self._world.confirm(pending)
        await self._world.announce()
        return True

    async def _post(self, pending: Pending) -> bool:
        assert self._session is not None
        hook, loop = self._world.webhook, asyncio.get_running_loop()
        headers = {"Content-Type": "application/json"}
        if hook.secret is not None:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        began, status = loop.time(), 0
        try:
            async with self._session.post(hook.url, data=pending.body, headers=headers) as answer:
                status = answer.status
                if 200 <= status < 300:
                    await self._ride(await answer.read())
        except aiohttp.ClientError as trouble:
            hook.last_error = type(trouble).__name__
        if not 200 <= status < 300:
            hook.last_error_at, hook.last_error = self._world.clock(), f"Wrong response from the webhook: {status}"
        self.deliveries.append(Delivery(pending.update_id, status, loop.time(), loop.time() - began))
        return 200 <= status < 300

    async def _ride(self, body: bytes) -> None:
        """A call in the body of an acknowledgement is made; nobody tells the bot how it went."""
        if not body:
            return
        name, call, status = "", {}, 200
        try:
            call = json.loads(body)
            name = self._world.table.method_named(call.pop("method"))
            await self._methods.run(name, call)
        except Refusal as refusal:
            status = refusal.status
        except (ValueError, KeyError, AttributeError, TypeError):
            status = 400
        self._world.calls.append(Call(asyncio.get_running_loop().time(), name, call, status))


def _look_away(task: asyncio.Task[bool]) -> None:
    if not task.cancelled():
        task.exception()
