"""What our own code cannot take in is neither lost nor repeated for ever: it is sealed whole to the duty team (R5).

It becomes a case of its own, without a mailbox; nobody but an officer ever sees what it holds.
"""

from bot.core.effects import Cover, Deliver, Routing
from bot.core.writes import Decided, Knock, Loaded
from bot.sealing.today import DailyKeys
from bot.services.receive import Turns
from bot.services.report import Sealer

PART_CHARACTERS = 2_500
"""Fits one record, however JSON and NFC lengthen it (twelve bytes a character at most)."""

REASON = "unreadable"


class Unparsed:
    """`channel`: where it came from, as the queue shows it."""

    def __init__(self, turns: Turns, keys: DailyKeys, sealer: Sealer, channel: str = "telegram") -> None:
        self._turns = turns
        self._keys = keys
        self._sealer = sealer
        self._channel = channel

    async def keep(self, raw: bytes, *, source: str, number: int | None, now: int) -> None:
        """Raises `SealingError` or `StorageError`; then it will be sent again."""
        parts = _parts(raw.decode("utf-8", "replace"))

        def decide(loaded: Loaded) -> Decided:
            draft, writes = self._sealer.begin(now)
            for part in parts:
                content = {"ask": REASON, "text": part, "edited": False}
                draft, sealed = self._sealer.seal(draft, "words", content, now)
                writes += sealed
            draft, slots = self._sealer.fix(draft, Routing((), ""), now)
            deliver = Deliver(Cover("unknown", (REASON,), "", {}), "", "", "", "U2", Routing((), ""))
            case = self._sealer.deliver(draft, None, deliver, self._channel, now)
            return Decided(loaded.session, (*writes, *slots, *case))

        keys = self._keys.conversation_keys("unparsed", raw, now=now)
        await self._turns.take(Knock(source, number, keys, now), lambda _: None, decide)


def _parts(text: str) -> list[str]:
    """The whole text, cut to what records hold."""
    return [text[at : at + PART_CHARACTERS] for at in range(0, len(text), PART_CHARACTERS)]
