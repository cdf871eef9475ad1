"""The same talk while Telegram misbehaves, updates come twice or wrong, and our own code fails."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import pytest

from bot.channels.telegram.inbound import read_update
from bot.channels.telegram.translate import translate
from bot.core import failpoints
from tests.channels.calling import Line, until
from tests.fake_telegram import AcceptThenDrop, FakeTelegram, Flood, HalfAnswer, Late, Reset, Status
from tests.fake_telegram.fuzz import fuzz_seed, fuzzed, fuzzed_with_id
from tests.fake_telegram.world import Clock
from tests.service import Service, serving_here
from tests.talking import NOON


class Serve(Protocol):
    def __call__(self, mode: str = "webhook", **more: Any) -> AbstractAsyncContextManager[Line]: ...


@pytest.fixture
def serve(service: Service) -> Serve:
    """Serve the one service of this test; may be done several times, one after the other."""

    @asynccontextmanager
    async def line(mode: str = "webhook", **more: Any) -> AsyncIterator[Line]:
        async with (
            FakeTelegram(clock=Clock(NOON)) as telegram,
            serving_here(service, telegram, mode=mode, now=telegram.clock, **more) as (house, address),
        ):
            yield Line(service, house, telegram, address)

    return line


@pytest.fixture
def points() -> Iterator[Any]:
    def arm(wanted: str) -> None:
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": wanted})

    yield arm
    arm("")


# --- outgoing messages keep what their class promises (R7) ---


@pytest.mark.promise("R7")
async def test_a_short_wait_is_waited_and_other_chats_go_on(serve: Serve) -> None:
    async with serve() as line:
        waiting, other = line.phone(), line.phone()
        line.telegram.script.next("sendMessage", Flood(1))
        await waiting.starts()
        await other.starts()
        await other.sees(buttons=["اردو"], within_s=0.9)
        await waiting.sees(buttons=["اردو"])
        first, second = [c.at for c in line.telegram.world.calls_of("sendMessage") if c.params["chat_id"] == waiting.id]
        assert second - first >= 1.0


@pytest.mark.promise("R7")
@pytest.mark.parametrize("seconds", [30, 300])
async def test_a_long_wait_is_kept_by_the_outbox_to_the_second(serve: Serve, seconds: int) -> None:
    async with serve() as line:
        child = line.phone()
        line.telegram.script.next("sendMessage", Flood(seconds))
        await child.starts()
        await line.noted()
        line.telegram.clock.advance(seconds)
        await child.pauses(1.5)
        assert 1 == len(line.telegram.world.calls_of("sendMessage"))
        line.telegram.clock.advance(1)
        await child.sees(buttons=["اردو"])


@pytest.mark.promise("R7")
@pytest.mark.parametrize("trouble", [Status(502), Reset(), Status(500)], ids=repr)
async def test_what_did_not_arrive_is_sent_again(serve: Serve, trouble: Any) -> None:
    async with serve() as line:
        child = line.phone()
        line.telegram.script.next("sendMessage", trouble)
        await child.starts()
        await line.noted()
        line.telegram.clock.advance(12)
        await child.sees(buttons=["اردو"])


@pytest.mark.promise("R7")
@pytest.mark.parametrize("trouble", [AcceptThenDrop(), HalfAnswer()], ids=repr)
async def test_what_may_have_arrived_is_sent_again_with_the_same_words(serve: Serve, trouble: Any) -> None:
    """Nobody can know; the second one says nothing new."""
    async with serve() as line:
        child = line.phone()
        line.telegram.script.next("sendMessage", trouble)
        await child.starts()
        await line.noted()
        line.telegram.clock.advance(12)
        await line.sent_all()
        first, second = [note.text for note in child.chat.visible() if note.ours]
        assert first == second


@pytest.mark.promise("R7")
async def test_a_code_that_may_have_been_lost_is_not_sent_again_but_can_be_asked_for(serve: Serve) -> None:
    async with serve() as line:
        child = line.phone()
        await child.opens("en")
        await child.tells()
        line.telegram.script.next("sendMessage", Late(0), Reset())  # the reason first, then the code
        await child.presses_key("send")
        await until(lambda: 0 == line.telegram.world.calls_of("sendMessage")[-1].status)
        line.telegram.clock.advance(30)
        await child.pauses(1.2)
        assert not any(n.content.get("has_protected_content") for n in child.chat.visible())
        await child.says("?")
        await child.chooses("code-again")
        assert child.code()
        await child.chooses("code-saved")


@pytest.mark.promise("R7", "R8")
async def test_a_refusal_drops_the_message_and_nothing_else(serve: Serve) -> None:
    async with serve() as line:
        child = line.phone()
        line.telegram.script.next("sendMessage", Status(403, "Forbidden: bot was blocked by the user"))
        await child.starts()
        await line.sent_all()
        line.telegram.clock.advance(60)
        await child.pauses(1.2)
        assert 1 == len(line.telegram.world.calls_of("sendMessage"))


@pytest.mark.promise("R7")
async def test_a_chat_gets_a_burst_of_five_then_one_a_second(serve: Serve) -> None:
    async with serve(pace_s=1.0) as line:
        child = line.phone(waits=False)
        for _ in range(7):
            await child.writes("/help")
        await until(lambda: 7 == len(line.telegram.world.calls_of("sendMessage")))
        at = [call.at for call in line.telegram.world.calls_of("sendMessage")]
        assert at[5] - at[0] >= 0.99
        assert at[6] - at[5] >= 0.9


@pytest.mark.promise("R7", "S47")
async def test_prompts_that_had_to_wait_become_one_and_numbers_never_do(serve: Serve) -> None:
    async with serve(pace_s=1.0) as line:
        child = line.phone(waits=False)
        await child.opens("en")
        for _ in range(4):
            await child.writes("more words")
        await child.writes("/help")
        await child.sees("1121")
        await line.sent_all()
        assert "1121" in child.chat.visible()[-1].text
        assert len([note for note in child.prompts() if "resume" in str(note.buttons)]) < 4


@pytest.mark.parametrize("trouble", [Status(502), Reset(), Flood(1)], ids=repr)
async def test_leaving_fast_deletes_the_talk_even_when_the_first_try_fails(serve: Serve, trouble: Any) -> None:
    async with serve() as line:
        child = line.phone()
        await child.opens("en")
        line.telegram.script.next("deleteMessages", trouble)
        await child.writes("/leave")
        await child.sees(child.text("left.neutral"))
        await until(lambda: [child.text("left.neutral")] == [note.text for note in child.chat.visible()])


@pytest.mark.promise("R30")
async def test_a_webhook_that_could_not_be_set_at_start_is_set_later(serve: Serve, service: Service) -> None:
    async with FakeTelegram(clock=Clock(NOON)) as telegram:
        telegram.script.next("setWebhook", Status(502))
        async with serving_here(service, telegram, now=telegram.clock) as (house, address):
            line = Line(service, house, telegram, address)
            child = line.phone()
            await child.starts()
            await child.sees(buttons=["اردو"])


# --- exactly once (R2) ---


@pytest.mark.promise("R2")
@pytest.mark.parametrize("copies", [2, 5])
async def test_an_update_that_comes_several_times_at_once_is_one_step(serve: Serve, copies: int) -> None:
    async with serve() as line:
        line.telegram.pusher.manners.copies = copies
        child = line.phone()
        await child.opens("ur")
        await child.tells_all({"words-what": "once", "words-more": "and once more"})
        await child.pauses()
        found = await line.officers_read()
        assert (1, 1) == (found.counted()["once"], found.counted()["and once more"])
        assert 1 == len(found.cases)
        turns = child.prompts()
        assert len({child_turn(note) for note in turns}) == len(turns)


def child_turn(note: Any) -> str:
    return str(note.buttons[0]["callback_data"]).partition(":")[0]


@pytest.mark.promise("R2")
async def test_updates_in_the_wrong_order_lose_and_double_no_words(serve: Serve) -> None:
    async with serve() as line:
        line.telegram.pusher.manners.swapped = True
        line.telegram.pusher.manners.copies = 2
        child = line.phone(waits=False)
        words = [f"word {n}" for n in range(12)]
        for word in words:
            await child.writes(word)
        await child.pauses(0.5)
        line.telegram.pusher.manners.swapped = False
        await child.opens("en")
        await child.tells()
        await child.sends_report()
        counted = (await line.officers_read()).counted()
        assert dict.fromkeys(words, 1) == {word: counted[word] for word in words}


@pytest.mark.promise("R2")
async def test_a_slow_first_try_and_its_own_repeat_are_one_step(serve: Serve, points: Any) -> None:
    async with serve() as line:
        line.telegram.pusher.manners.patience_s = 0.1
        child = line.phone()
        await child.opens("en")
        points("F3=delay:0.4@1")
        await child.writes("slow")
        await child.pauses(0.5)
        points("")
        await child.tells()
        await child.sends_report()
        assert 1 == (await line.officers_read()).counted()["slow"]


@pytest.mark.promise("R6")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
@pytest.mark.parametrize("restart", [5, 2_000_000_000])
async def test_ids_that_start_anew_after_a_week_skip_nothing(serve: Serve, mode: str, restart: int) -> None:
    async with serve(mode) as line:
        child = line.phone()
        await child.opens("en")
        line.telegram.clock.advance(7 * 86_400 + 60)
        line.telegram.world.restart_ids(restart)
        for word in ("first", "second"):
            await child.writes(f"{word} after a week")
        await child.opens("en")
        await child.tells_all()
        counted = (await line.officers_read()).counted()
        assert (1, 1) == (counted["first after a week"], counted["second after a week"])


# --- a message our code cannot take in (R5) ---


@pytest.mark.promise("R5")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_a_message_that_breaks_our_code_is_sealed_to_the_duty_team(serve: Serve, points: Any, mode: str) -> None:
    async with serve(mode) as line:
        child = line.phone()
        await child.opens("en")
        points("F2=raise")
        await child.writes("words that our code cannot take")
        points("")
        found = await line.officers_read()
        (case,) = found.cases
        assert {"duty"} == case.teams
        assert any("words that our code cannot take" in words for words in case.words)

        await child.writes("/help")
        await child.sees("1121")


@pytest.mark.promise("R5")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_thousands_of_broken_updates_break_nothing(serve: Serve, mode: str) -> None:
    await survive(serve, mode, 1000 if mode == "webhook" else 500)


@pytest.mark.promise("R5")
def test_whatever_an_update_holds_it_is_understood_or_set_aside() -> None:
    for body in fuzzed(fuzz_seed(), 4000):
        update = read_update(body)
        if update is not None:
            translate(update, NOON)


@pytest.mark.long
@pytest.mark.promise("R5", "S60")
@pytest.mark.parametrize("mode", ["webhook", "poll"])
async def test_a_hundred_thousand_broken_updates_break_nothing(serve: Serve, mode: str, record_property: Any) -> None:
    record_property("updates", 50_000)
    record_property("seed", await survive(serve, mode, 50_000))


async def survive(serve: Serve, mode: str, count: int) -> int:
    """Offer them and see each taken within three tries, and an honest chat go on beside and after them."""
    seed = fuzz_seed()
    async with serve(mode) as line:
        honest, world = line.phone(), line.telegram.world
        await honest.opens("ur")
        line.telegram.pusher.manners.gaps_s = (0.0,)
        worst = 0
        for start in range(0, count, 500):
            offered = [
                world.offer_raw(body, 7000 + number % 50)
                for number, body in enumerate(bodies(line, mode, seed + start))
            ]
            await world.announce()
            for one in offered:
                await one.confirmed.wait()
            worst = max(worst, *(one.tries for one in offered))
            assert worst <= 3 or mode == "poll", seed
        await honest.tells_all({"words-what": f"honest {mode}"})
        assert 1 == (await line.officers_read()).counted()[f"honest {mode}"]
    return seed


def bodies(line: Line, mode: str, seed: int) -> list[bytes]:
    """Five hundred; for polling each keeps the number that the server counts by."""
    first = line.telegram.world.next_update_id()
    if mode == "poll":
        return [body for _, body in fuzzed_with_id(seed, 500, first_id=first)]
    return list(fuzzed(seed, 500, first_id=first))


# --- nothing is acknowledged that is not kept (S6, R9) ---


@pytest.mark.promise("S6", "R1")
@pytest.mark.parametrize("point", ["F3", "F4", "F5", "F6"])
async def test_what_fails_inside_is_not_acknowledged_and_comes_again(serve: Serve, points: Any, point: str) -> None:
    async with serve() as line:
        child = line.phone()
        await child.opens("en")
        await child.chooses("c:tell", "a:yes", "skip", "a:ok")
        points(f"{point}=raise@1")
        await child.says("kept at last")
        assert [503, 200] == [d.status for d in line.telegram.pusher.deliveries[-2:]]
        while child.asked():
            await child.chooses("skip")
        await child.sends_report()
        assert 1 == (await line.officers_read()).counted()["kept at last"]


@pytest.mark.promise("S6")
async def test_without_a_valid_roster_nothing_is_acknowledged_and_the_child_hears_the_numbers(serve: Serve) -> None:
    async with serve() as line:
        child = line.phone(waits=False)
        child.lang = "en"
        await child.starts()
        await child.sees(buttons=["اردو"])
        await child.chooses("lang:en")
        line.telegram.clock.advance(400 * 86_400)
        await child.writes("nobody could read this")
        await child.sees("1121")
        assert any(d.status == 503 for d in line.telegram.pusher.deliveries)
        assert 1 == len(line.telegram.world.pending)
