"""A voice note that waits to be fetched: all that is known of it lies under the queue key of the day (D9)."""

import json
from base64 import b64decode, b64encode
from collections import OrderedDict
from dataclasses import dataclass

from bot.core.errors import Damaged
from bot.core.private import Private
from bot.core.writes import QueueVoice
from bot.sealing.context import new_id
from bot.sealing.today import DailyKeys
from bot.services.outgoing import Contact

_PURPOSE = "voice"


@dataclass(frozen=True, slots=True)
class VoiceJob:
    """`reference`: the channel's name of the file.  `case`, `public`: the draft or case it is for, and the key to seal it to.

    `ask`: the question it answers, or nothing where it was sent into an open mailbox.  `turn`: of the talk when it came.
    """

    contact: Contact
    reference: Private
    case: bytes
    public: bytes
    ask: str
    turn: int


def queue_job(keys: DailyKeys, job: VoiceJob, *, due: int, now: int) -> QueueVoice:
    """`due`: when to fetch it, epoch seconds."""
    id, contact = new_id(), job.contact
    raw = [_text(one) for one in (contact.who, contact.address or b"", job.case, job.public)]
    plain = json.dumps([contact.channel, job.reference.reveal(), job.ask, job.turn, *raw])
    return QueueVoice(id, keys.seal_for_today(_PURPOSE, plain.encode(), id, now=now), due)


def open_job(keys: DailyKeys, id: bytes, sealed: bytes, now: int) -> VoiceJob:
    """Raises `SealingError`: its day has passed, or somebody changed it."""
    try:
        channel, reference, ask, turn, *raw = json.loads(keys.open_today(_PURPOSE, sealed, id, now=now))
        who, address, case, public = map(b64decode, raw)
    except (TypeError, ValueError):
        raise Damaged("not a voice note") from None
    return VoiceJob(Contact(channel, who, address or None), Private(reference), case, public, ask, turn)


class VoicePace:
    """A flood of notes is delayed, so that other children's come first; counted in memory, by pseudonym (S44)."""

    FREE = 10
    STEP_S = 20
    LONGEST_S = 600
    FORGET_AFTER_S = 3_600
    _KEPT_AT_MOST = 20_000

    def __init__(self) -> None:
        self._sent: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def wait_s(self, conversation: bytes, now: int) -> int:
        """Count one more note of this talk and return how many seconds it waits."""
        count, last = self._sent.get(conversation, (0, now))
        count = 1 if now - last >= self.FORGET_AFTER_S else count + 1
        self._sent[conversation] = (count, now)
        self._sent.move_to_end(conversation)
        while len(self._sent) > self._KEPT_AT_MOST:
            self._sent.popitem(last=False)
        return min(self.LONGEST_S, self.STEP_S * max(0, count - self.FREE))


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
