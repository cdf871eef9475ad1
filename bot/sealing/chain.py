"""Records of a case, and answers in a mailbox, form a chain: dropping, replaying and reordering show (D7,
S52).

What a chain cannot show by itself is that its last links were taken away; whoever has seen more says so
with a `Head`: the officers' copy, the same session, or the child's own next message ("I have read up to
here").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.sealing.context import NOTHING_BEFORE, Context
from bot.sealing.record import record_hash


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain went: the number of links, and the hash of the last one."""

    count: int = 0
    last: bytes = NOTHING_BEFORE

    def context_follows(self, context: Context) -> bool:
        return context.seq == self.count and context.previous == self.last

    def after(self, envelope: bytes) -> "Head":
        return Head(self.count + 1, record_hash(envelope))


@dataclass(frozen=True, slots=True)
class Link:
    """One envelope and the context it is stored with (and was sealed to: opening proves that)."""

    context: Context
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold.  `why`: "order" (dropped, replayed, reordered or swapped at `seq`),
    "case" (a link of another case), or "cut" (ends before what was seen, or went another way)."""

    seq: int
    why: Literal["order", "case", "cut"]


def check_chain(links: Sequence[Link], *, after: Head | None = None, seen: Head | None = None) -> Head | Broken:
    """Return the head of `links`, in the order given, or where it breaks.

    `after`: what comes before the first link (a mailbox that the child emptied up to there).
    `seen`: a head known from elsewhere that the chain must still contain.
    """
    head = after or Head()
    passed_seen = seen is None or seen == head
    for link in links:
        if link.context.case_id != links[0].context.case_id:
            return Broken(head.count, "case")
        if not head.context_follows(link.context):
            return Broken(head.count, "order")
        head = head.after(link.envelope)
        passed_seen = passed_seen or seen == head
    return head if passed_seen else Broken(head.count, "cut")
