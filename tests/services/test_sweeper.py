"""The net under sending: what was not sent from memory is sent again, to the right chat, in its language (R13)."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from bot.core.effects import Say
from bot.core.errors import Unclear
from bot.services.outgoing import SEND_WITHIN_S
from bot.services.sweeper import LEASE_S, STALE_PROMPT_S, Sweeper
from bot.stores import OutboxNet
from storage.schema import outbox
from tests.helpline import Helpline
from tests.people import DAY_S
from tests.services.rows import rows_of


@dataclass
class Wire:
    """Where messages go: it notes them, and answers with the waits it was given."""

    waits: list[int | Exception] = field(default_factory=list)
    sent: list[tuple[bytes, Say, str]] = field(default_factory=list)

    async def send(self, address: bytes, say: Say, lang: str) -> int | None:
        if self.waits:
            wait = self.waits.pop(0)
            if isinstance(wait, Exception):
                raise wait
            return wait
        self.sent.append((address, say, lang))
        return None


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def sweeper(helpline: Helpline, wire: Wire) -> Sweeper:
    def now() -> int:
        return helpline.now

    return Sweeper(OutboxNet(helpline.database, now), helpline.keys, wire.send, now)


async def left_unsent(helpline: Helpline) -> list[Say]:
    """Numbers and the next question, written down by a process that then died."""
    sara = helpline.reporter("sara")
    await sara.opens("ur")
    await sara.presses("!tell")
    await sara.chooses("a:yes", "skip", "a:ok", "a:now")
    return sara.latest


@pytest.mark.promise("R13")
async def test_what_a_dead_process_left_is_sent_once_its_time_is_over(
    helpline: Helpline, sweeper: Sweeper, wire: Wire
) -> None:
    numbers, question = await left_unsent(helpline)
    assert await sweeper.sweep() == 0
    helpline.now += SEND_WITHIN_S + 1
    assert await sweeper.sweep() == 2

    assert wire.sent == [(b"chat of sara", numbers, "ur"), (b"chat of sara", question, "ur")]
    assert await rows_of(helpline.database, "outbox") == []


async def test_an_old_question_is_dropped_the_numbers_are_not(helpline: Helpline, sweeper: Sweeper, wire: Wire) -> None:
    numbers, _ = await left_unsent(helpline)
    helpline.now += STALE_PROMPT_S + 1
    await sweeper.sweep()

    assert [say for _, say, _ in wire.sent] == [numbers]
    assert await rows_of(helpline.database, "outbox") == []


async def test_whoever_asks_us_to_wait_is_waited_for(helpline: Helpline, sweeper: Sweeper, wire: Wire) -> None:
    await left_unsent(helpline)
    wire.waits = [45, 45]
    helpline.now += SEND_WITHIN_S + 1
    await sweeper.sweep()
    helpline.now += 44
    assert await sweeper.sweep() == 0
    helpline.now += 1

    assert await sweeper.sweep() == 2
    assert len(wire.sent) == 2


async def test_without_an_answer_it_is_tried_again(helpline: Helpline, sweeper: Sweeper, wire: Wire) -> None:
    await left_unsent(helpline)
    wire.waits = [Unclear("no answer"), Unclear("no answer")]
    helpline.now += SEND_WITHIN_S + 1
    await sweeper.sweep()
    helpline.now += LEASE_S
    await sweeper.sweep()

    assert len(wire.sent) == 2


@pytest.mark.promise("R13")
async def test_a_message_that_never_goes_is_parked_after_eight_tries(
    helpline: Helpline, sweeper: Sweeper, wire: Wire
) -> None:
    await left_unsent(helpline)
    wire.waits = [1] * 100
    for _ in range(20):
        helpline.now += SEND_WITHIN_S + 1
        await sweeper.sweep()

    assert {row["attempts"] for row in await rows_of(helpline.database, "outbox")} == {8}


async def test_a_day_later_nobody_can_be_reached_and_nothing_stays(
    helpline: Helpline, sweeper: Sweeper, wire: Wire
) -> None:
    await left_unsent(helpline)
    helpline.now += 4 * DAY_S
    helpline.keys.destroy_lapsed(now=helpline.now)
    await sweeper.sweep()

    assert wire.sent == []
    assert await rows_of(helpline.database, "outbox") == []


@pytest.mark.parametrize(
    "row", [{"message": "{"}, {"message": "5"}, {"message": '["ur", {"l": 1}]'}, {"ticket": b"\1" * 80}]
)
async def test_a_changed_row_is_removed_and_holds_nothing_up(
    helpline: Helpline, sweeper: Sweeper, wire: Wire, row: dict[str, object]
) -> None:
    await left_unsent(helpline)
    await helpline.database.write(lambda c: c.execute(update(outbox).where(outbox.c.kind == "prompt").values(row)))
    helpline.now += SEND_WITHIN_S + 1
    await sweeper.sweep()

    assert len(wire.sent) == 1
    assert await rows_of(helpline.database, "outbox") == []
