"""One at a time through each door: turns of one chat in one process wait for one another, in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Doors:
    """A door exists only while somebody is in it or waits before it."""

    def __init__(self) -> None:
        self._locks: dict[bytes, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def through(self, key: bytes) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(key) or (asyncio.Lock(), 0)
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(key)
            if waiting > 1:
                self._locks[key] = (lock, waiting - 1)
