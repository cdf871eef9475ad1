"""What our own code cannot take in is neither lost nor repeated for ever: it is sealed whole to the duty team (R5).

It becomes a case of its own, without a mailbox; nobody but an officer ever sees what it holds.
"""

from bot.core.effects import Cover, Deliver, Routing
from bot.core.writes import Decided, Knock, Loaded
from bot.sealing.today import DailyKeys
from bot.services.receive import Turns
from bot.services.report import Sealer

KEPT_BYTES = 30_000
"""What fits the largest record, escaped as JSON text."""

REASON = "unreadable"


class Unparsed:
    def __init__(self, turns: Turns, keys: DailyKeys, sealer: Sealer) -> None:
        self._turns = turns
        self._keys = keys
        self._sealer = sealer

    async def keep(self, raw: bytes, *, source: str, number: int | None, now: int) -> None:
        """Raises `SealingError` or `StorageError`; then it will be sent again."""
        text = raw[: KEPT_BYTES // 3].decode("utf-8", "replace")

        def decide(loaded: Loaded) -> Decided:
            draft, writes = self._sealer.begin(now)
            draft, sealed = self._sealer.seal(draft, "words", {"ask": REASON, "text": text, "edited": False}, now)
            draft, slots = self._sealer.fix(draft, Routing((), ""), now)
            deliver = Deliver(Cover("unknown", (REASON,), "", {}), "", "", "", "U2", Routing((), ""))
            case = self._sealer.deliver(draft, None, deliver, source, now)
            return Decided(loaded.session, (*writes, *sealed, *slots, *case))

        keys = self._keys.conversation_keys("unparsed", raw, now=now)
        await self._turns.take(Knock(source, number, keys, now), lambda _: None, decide)
