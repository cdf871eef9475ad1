"""Wrong codes are slowed, never refused: trying must cost time, a mistyped digit must not (S47)."""

from collections import OrderedDict

FREE_TRIES = 3
LONGEST_S = 30.0
FORGET_AFTER_S = 3_600
_DOUBLINGS = 5
_KEPT_AT_MOST = 50_000


class Slowing:
    """Counts misses by conversation and by locator, in memory only."""

    def __init__(self) -> None:
        self._misses: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def delay_s(self, conversation: bytes, locator: str, now: int) -> float:
        """Seconds to wait before looking: nothing for the first tries, then doubling up to half a minute."""
        misses = max(self._count(conversation, now), self._count(_named(locator), now))
        return 0.0 if misses < FREE_TRIES else min(LONGEST_S, 2.0 ** min(misses - FREE_TRIES, _DOUBLINGS))

    def missed(self, conversation: bytes, locator: str, now: int) -> None:
        """Count a miss; best before it is known to be one, so that many at once are slowed like many in a row."""
        for name in (conversation, _named(locator)):
            self._misses[name] = (self._count(name, now) + 1, now)
            self._misses.move_to_end(name)
        while len(self._misses) > _KEPT_AT_MOST:
            self._misses.popitem(last=False)

    def forget(self, conversation: bytes) -> None:
        self._misses.pop(conversation, None)

    def forgive(self, locator: str, now: int) -> None:
        """Take one miss back: it was none."""
        name = _named(locator)
        self._misses[name] = (max(0, self._count(name, now) - 1), now)

    def _count(self, name: bytes, now: int) -> int:
        count, last = self._misses.get(name, (0, now))
        return count if now - last < FORGET_AFTER_S else 0


def _named(locator: str) -> bytes:
    return b"locator " + locator.encode("ascii")
