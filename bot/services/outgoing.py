"""A message on its way out: what to send now, and its row in the outbox, the net under sending (reliability §5)."""

import json
from dataclasses import dataclass

from bot.core.effects import Class, Say
from bot.core.writes import Post
from bot.sealing.context import new_id
from bot.sealing.today import DailyKeys
from bot.services.posting import PRIORITY, plain

SEND_WITHIN_S = 30
"""The process that wrote a message sends it itself; after this the sweeper takes over (reliability §4c)."""
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a talk happens.  `who`: the chat's id as bytes, only ever hashed; `address`: what a delivery ticket seals.

    Without an address nothing is queued: the answer goes back on the same connection.
    """

    channel: str
    who: bytes
    address: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send now.  `post`: id of its row in the outbox, none for what must never be queued."""

    say: Say
    lang: str
    post: bytes | None


def queue(
    keys: DailyKeys, say: Say, lang: str, contact: Contact, conversation: bytes, now: int
) -> tuple[Outgoing, tuple[Post, ...]]:
    """The message and its row; none for what holds something private, or has no address to be sent to later."""
    if contact.address is None or say.kind is Class.CODE:
        return Outgoing(say, lang, None), ()
    queued = say.stand_in or say
    post = Post(
        id=new_id(),
        kind=queued.kind.value,
        priority=PRIORITY[queued.kind],
        ticket=keys.seal_for_today("ticket", contact.address, now=now),
        message=_TO_JSON([lang, plain(queued)]),
        collapse=conversation if queued.kind is Class.PROMPT else None,
        not_before=now,
        lease=now + SEND_WITHIN_S,
    )
    return Outgoing(say, lang, post.id), (post,)
