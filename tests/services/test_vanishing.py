"""What is to vanish is deleted in time, after a restart and after a failure too, and by one replica only (S41)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.core.errors import Unclear
from bot.services.books import Books, Fading
from bot.services.outgoing import SEND_WITHIN_S
from bot.services.vanishing import AGAIN_S, Vanishing
from bot.stores import BookShelf, VanishingShelf
from storage import sent
from tests.helpline import Helpline
from tests.people import DAY_S

pytestmark = pytest.mark.promise("S41")
CHAT, ADDRESS = b"c" * 16, b"sara"


@dataclass
class Wire:
    """Where messages are deleted; `trouble`: what it raises first."""

    trouble: list[Exception] = field(default_factory=list)
    deleted: list[tuple[bytes, tuple[int, ...]]] = field(default_factory=list)

    async def delete(self, address: bytes, messages: Sequence[int]) -> bool:
        if self.trouble:
            raise self.trouble.pop(0)
        self.deleted.append((address, tuple(sorted(messages))))
        return True


@pytest.fixture
def wire() -> Wire:
    return Wire()


def replica(helpline: Helpline, wire: Wire) -> Vanishing:
    def now() -> int:
        return helpline.now

    return Vanishing(VanishingShelf(helpline.database, now), helpline.keys, wire.delete, now)


async def shown(helpline: Helpline, *messages: int, in_s: int | None = 900) -> None:
    books = Books(BookShelf(helpline.database, lambda: helpline.now))
    ticket = helpline.keys.seal_for_today("ticket", ADDRESS, now=helpline.now)
    for message in messages:
        books.sent(None, CHAT, message, None if in_s is None else Fading(helpline.now + in_s, ticket))
    assert await books.flush()


async def left(helpline: Helpline) -> list[int]:
    return [one.message for one in await helpline.database.read(lambda c: sent.of(c, [CHAT]))]


async def test_it_goes_when_its_time_is_over_and_not_before(everywhere: Helpline, wire: Wire) -> None:
    await shown(everywhere, 7, 8)
    await shown(everywhere, 9, in_s=None)
    everywhere.now += 899
    await replica(everywhere, wire).round()
    assert [] == wire.deleted

    everywhere.now += 1
    await replica(everywhere, wire).round()
    assert [(ADDRESS, (7, 8))] == wire.deleted
    assert [9] == await left(everywhere)


async def test_what_could_not_be_deleted_is_tried_again(everywhere: Helpline, wire: Wire) -> None:
    wire.trouble.append(Unclear("no answer"))
    await shown(everywhere, 7, in_s=0)
    await replica(everywhere, wire).round()
    await replica(everywhere, wire).round()
    assert [] == wire.deleted

    everywhere.now += AGAIN_S
    await replica(everywhere, wire).round()
    assert [(ADDRESS, (7,))] == wire.deleted
    assert [] == await left(everywhere)


async def test_what_one_replica_works_on_the_other_leaves_alone(everywhere: Helpline, wire: Wire) -> None:
    await shown(everywhere, 7, in_s=0)
    shelf = VanishingShelf(everywhere.database, lambda: everywhere.now)
    assert 1 == len(await shelf.claim(10, AGAIN_S))

    assert 0 == await replica(everywhere, wire).round()


async def test_a_process_that_died_after_the_turn_leaves_the_deleting_to_the_next(
    everywhere: Helpline, wire: Wire
) -> None:
    sara = everywhere.reporter("sara")
    await sara.opens("ur")
    name = everywhere.keys.conversation_keys(sara.contact.channel, sara.contact.who, now=everywhere.now)[0]
    books = Books(BookShelf(everywhere.database, lambda: everywhere.now))
    books.heard(name, 5)
    assert await books.flush()
    await sara.writes("stop")

    everywhere.now += SEND_WITHIN_S
    await replica(everywhere, wire).round()
    assert [(sara.contact.address, (5,))] == wire.deleted


async def test_when_nobody_can_read_the_chat_any_more_it_is_forgotten(helpline: Helpline, wire: Wire) -> None:
    """Its key is gone after its days; the channel would not delete it any more either."""
    await shown(helpline, 7)
    helpline.now += 4 * DAY_S
    await replica(helpline, wire).round()

    assert [] == wire.deleted
    assert [] == await left(helpline)
