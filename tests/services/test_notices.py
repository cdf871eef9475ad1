"""Told that there is an answer, where a child asked for it: neutral, late, at most once, and never after leaving (D10)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.core.case import Deed
from bot.core.quiet import QuietHours
from bot.sealing.case_code import Mistyped, parse
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.notice import PERIOD_S, Chat, ChatSealer, NotifierKeys
from bot.sealing.stretch import Cost
from bot.services.notice_book import LATEST_S, SOONEST_S, NoticeBook
from bot.services.notifier import Notifier
from bot.services.receive import Receive
from bot.services.talk import Talk
from bot.stores import NoticeShelf
from storage import purge
from storage.schema import notices as notice_table
from tests.helpline import Helpline, Reporter, open_helpline
from tests.people import DAY_S
from tests.services.rows import rows_of
from tests.services.test_own_report import officer_does, told
from tests.services.test_page_mailbox import Door
from tests.talking import seeker

pytestmark = pytest.mark.slow

HERE = ZoneInfo("Asia/Karachi")
NIGHT = QuietHours(HERE, time(21), time(8))


@dataclass
class Post:
    """What was said in which chat, and when; `gone`: what was taken back.  `apart`: the notifier takes back itself."""

    helpline: Helpline
    said: list[tuple[bytes, str]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    gone: list[tuple[bytes, int]] = field(default_factory=list)
    lost: bool = False
    apart: bool = False

    async def tell(self, chat: Chat) -> int:
        if self.lost:
            return 0
        self.said.append((chat.address, chat.lang))
        self.at.append(self.helpline.now)
        return len(self.said) if self.apart else 0

    async def unsay(self, chat: Chat) -> None:
        self.gone.append((chat.address, chat.said))

    def replica(self, quiet: QuietHours = NIGHT) -> Notifier:
        async def at_once(_: float) -> None:
            return None

        def now() -> int:
            return self.helpline.now

        keys = NotifierKeys(KeysFolder(self.helpline.folder))
        book = NoticeBook(NoticeShelf(self.helpline.database, now), quiet, now)
        return Notifier(book, keys, self, now, at_once)

    async def runs(self, seconds: int, step_s: int = 60) -> None:
        """The clock goes on; the notifier looks each minute."""
        notifier = self.replica()
        for _ in range(0, seconds, step_s):
            self.helpline.now += step_s
            await notifier.round()


def with_notices(helpline: Helpline) -> Helpline:
    """As a service with a messenger is put together."""
    flow = replace(helpline.flow, notices=True)
    helpline.flow = flow
    seal = ChatSealer(NotifierKeys(KeysFolder(helpline.folder)))
    helpline.receive = Receive(
        helpline.database, helpline.keys, helpline.sealer, lambda: flow, seeker().seek, seal_chat=seal
    )
    helpline.talk = Talk(helpline.receive, helpline.errands)
    return helpline


@pytest.fixture
async def post(lasting: str, tmp_path: Path) -> AsyncIterator[Post]:
    async with open_helpline(tmp_path, lasting) as opened:
        yield Post(with_notices(opened))


async def asks(helpline: Helpline, code: str, name: str = "sara") -> Reporter:
    sara = helpline.reporter(name)
    await sara.enters(code)
    await sara.chooses("notice", "yes")
    sara.sees("notice.kept")
    return sara


async def kept(helpline: Helpline) -> int:
    return len(await rows_of(helpline.database, "notices"))


# --- asking ---


async def test_nobody_is_told_who_did_not_ask(post: Post) -> None:
    _, case = await told(post.helpline)
    await post.helpline.officer_answers(case, "one")
    await post.runs(2 * LATEST_S)

    assert [] == post.said
    assert 0 == await kept(post.helpline)


async def test_the_risk_is_told_first_and_going_back_asks_for_nothing(post: Post) -> None:
    code, _ = await told(post.helpline)
    sara = post.helpline.reporter()
    await sara.enters(code)
    await sara.chooses("notice")
    sara.sees("notice.ask")
    await sara.chooses("!back")

    assert 0 == await kept(post.helpline)


async def test_where_nothing_can_be_sent_nothing_is_offered(helpline: Helpline) -> None:
    with_notices(helpline)
    code, _ = await told(helpline)
    web = helpline.reporter("friend", "web")
    web.contact = replace(web.contact, address=None)
    await web.opens()
    await web.enters(code)

    assert "notice" not in web.keys


async def test_an_operator_without_a_messenger_offers_nothing(helpline: Helpline) -> None:
    code, _ = await told(helpline)
    sara = helpline.reporter()
    await sara.enters(code)

    assert "notice" not in sara.keys


# --- telling ---


async def test_one_neutral_word_comes_late_and_once_for_an_answer(post: Post) -> None:
    code, case = await told(post.helpline)
    sara = await asks(post.helpline, code)
    answered = post.helpline.now
    await post.helpline.officer_answers(case, "one")
    await post.runs(3 * LATEST_S)

    assert [(sara.contact.address, "en")] == post.said
    assert SOONEST_S <= post.at[0] - answered <= LATEST_S + 120
    await post.helpline.officer_answers(case, "two")
    await post.runs(3 * LATEST_S)
    assert 2 == len(post.said)


async def test_answers_that_come_together_are_one_word(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    for words in ("one", "two", "three"):
        await post.helpline.officer_answers(case, words)
    await post.runs(3 * LATEST_S)

    assert 1 == len(post.said)


async def test_a_word_that_was_lost_is_not_said_again(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    post.lost = True
    await post.runs(2 * LATEST_S)
    post.lost = False
    await post.runs(2 * LATEST_S)

    assert [] == post.said


async def test_what_one_replica_says_the_other_does_not(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    one, other = post.replica(), post.replica()
    await one.round()
    await other.round()
    post.helpline.now += LATEST_S
    await one.round()
    await other.round()

    assert 1 == len(post.said)


async def test_what_was_read_meanwhile_is_not_told(post: Post) -> None:
    code, case = await told(post.helpline)
    sara = await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    await post.replica().round()
    await sara.enters(code)
    sara.sees_words("one")
    await post.runs(2 * LATEST_S)

    assert [] == post.said


async def test_what_was_read_on_the_private_page_is_not_told(post: Post) -> None:
    """Only by whoever proves the code: a look with a wrong proof ends nobody's notice."""
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    await post.replica().round()
    page, typed = Door(post.helpline), parse(code)
    assert not isinstance(typed, Mistyped)
    await page.asks(typed, Cost.for_tests(), flip=1)
    (waiting,) = await rows_of(post.helpline.database, "notices")
    assert waiting["due_at"] is not None
    await page.asks(typed, Cost.for_tests())
    await post.runs(2 * LATEST_S)
    assert [] == post.said
    await post.helpline.officer_answers(case, "two")
    await post.runs(3 * LATEST_S)
    assert 1 == len(post.said), "a newer answer is told"


async def test_answers_that_were_read_before_asking_are_not_told(post: Post) -> None:
    code, case = await told(post.helpline)
    await post.helpline.officer_answers(case, "one")
    await asks(post.helpline, code)
    await post.runs(2 * LATEST_S)

    assert [] == post.said


async def test_nothing_is_said_at_night(post: Post) -> None:
    evening = datetime.fromtimestamp(post.helpline.now, HERE).replace(hour=20, minute=55)
    post.helpline.now = int(evening.timestamp())
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    await post.runs(14 * 3_600)

    (at,) = post.at
    morning = datetime.fromtimestamp(at, HERE)
    assert time(8, 5) <= morning.time() <= time(9, 2)


def test_quiet_hours_go_over_midnight_or_not_and_can_be_none() -> None:
    def at(hour: int, quiet: QuietHours) -> int:
        day = datetime(2026, 5, 6, hour, 30, tzinfo=UTC)
        return (quiet.over_at(int(day.timestamp())) - int(day.timestamp())) // 60

    assert [0, 630, 450, 30, 0] == [at(hour, QuietHours(UTC, time(21), time(8))) for hour in (20, 21, 0, 7, 8)]
    assert [0, 90, 0] == [at(hour, QuietHours(UTC, time(13), time(15))) for hour in (12, 13, 15)]
    assert [0, 0] == [at(hour, QuietHours(UTC, time(0), time(0))) for hour in (0, 12)]


async def test_where_the_notifier_takes_back_itself_a_chat_never_holds_two_words(post: Post) -> None:
    """In a process of its own nobody else knows which message it was: leaving takes it along, a newer one takes its place."""
    post.apart = True
    code, case = await told(post.helpline)
    sara = await asks(post.helpline, code)
    for words in ("one", "two"):
        await post.helpline.officer_answers(case, words)
        await post.runs(3 * LATEST_S)
    assert [(sara.contact.address, 1)] == post.gone
    await sara.writes("stop")
    await post.replica().round()

    assert [(sara.contact.address, 1), (sara.contact.address, 2)] == post.gone
    assert 0 == await kept(post.helpline)


# --- ending ---


async def test_it_is_ended_from_any_phone(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    other = post.helpline.reporter("friend")
    await other.opens()
    await other.enters(code)
    await other.chooses("no-notice")
    other.sees("notice.ended")
    await post.helpline.officer_answers(case, "one")
    await post.runs(2 * LATEST_S)

    assert ([], 0) == (post.said, await kept(post.helpline))


async def test_leaving_ends_it_days_after_the_code_was_typed_and_only_for_that_chat(post: Post) -> None:
    code, case = await told(post.helpline)
    sara = await asks(post.helpline, code)
    other_code, other_case = await told(post.helpline, "noor")
    noor = await asks(post.helpline, other_code, "noor")
    post.helpline.now += 3 * DAY_S
    await sara.writes("stop")
    for one in (case, other_case):
        await post.helpline.officer_answers(one, "one", "amna")
    await post.runs(2 * LATEST_S)

    assert [noor.contact.address] == [address for address, _ in post.said]
    assert 1 == await kept(post.helpline)
    assert [] == await rows_of(post.helpline.database, "notice_ends")


async def test_it_ends_when_others_read_the_phone_and_is_not_offered_there(post: Post) -> None:
    code, _ = await told(post.helpline)
    sara = await asks(post.helpline, code)
    await sara.tells({"phone": "others"})
    await post.replica().round()
    assert 0 == await kept(post.helpline)

    await sara.enters(code)
    assert "notice" not in sara.keys


async def test_closing_the_mailbox_ends_it(post: Post) -> None:
    code, _ = await told(post.helpline)
    sara = await asks(post.helpline, code)
    await sara.chooses("close", "yes")

    assert 0 == await kept(post.helpline)


async def test_closing_the_case_ends_it(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    await post.helpline.officer_answers(case, "one")
    await officer_does(post.helpline, case, Deed.CLOSE)
    await post.runs(2 * LATEST_S)

    assert ([], 0) == (post.said, await kept(post.helpline))


async def test_after_thirty_days_it_is_over(post: Post) -> None:
    code, case = await told(post.helpline)
    await asks(post.helpline, code)
    post.helpline.now += 30 * DAY_S
    await post.helpline.officer_answers(case, "one")
    await post.runs(2 * LATEST_S)
    assert ([], 0) == (post.said, await kept(post.helpline))


async def test_the_purge_takes_it_too(helpline: Helpline) -> None:
    with_notices(helpline)
    code, _ = await told(helpline)
    await asks(helpline, code)
    await purge.purge(helpline.database, helpline.now)
    assert 1 == await kept(helpline)
    for _ in range(31):
        helpline.now += DAY_S
        await purge.purge(helpline.database, helpline.now)

    assert 0 == await kept(helpline)


# --- what the database tells ---


async def test_two_wishes_of_one_chat_show_no_common_chat(helpline: Helpline) -> None:
    with_notices(helpline)
    for name in ("sara", "noor"):
        code, _ = await told(helpline, name)
        await asks(helpline, code)  # always from sara's chat
    one, other = [bytes(row["chat"]) for row in await rows_of(helpline.database, "notices")]

    assert len(one) == len(other)
    assert not any(one[at : at + 8] in other for at in range(5, len(one) - 8))
    assert b"chat of sara".hex().encode() not in one + other


async def test_a_chat_moved_to_another_mailbox_is_not_told(helpline: Helpline) -> None:
    post = Post(with_notices(helpline))
    code, _ = await told(helpline)
    await asks(helpline, code)
    other_code, other_case = await told(helpline, "noor")
    await asks(helpline, other_code, "noor")
    rows = {bytes(r["mailbox_id"]): bytes(r["chat"]) for r in await rows_of(helpline.database, "notices")}
    (a, chat_a), (b, chat_b) = rows.items()
    for mailbox, chat in ((a, chat_b), (b, chat_a)):
        moved = update(notice_table).where(notice_table.c.mailbox_id == mailbox).values(chat=chat)
        await helpline.database.write(lambda c, moved=moved: c.execute(moved) and None)  # type: ignore[misc]
    await helpline.officer_answers(other_case, "one")
    await post.runs(2 * LATEST_S)

    assert [] == post.said


def test_the_key_of_the_notifier_ends_with_the_wishes_sealed_to_it(tmp_path: Path) -> None:
    folder = KeysFolder(tmp_path / "keys")
    keys = NotifierKeys(folder)
    began = 1_000 * PERIOD_S
    ChatSealer(keys)(b"row", b"1", "ur", began)
    keys.destroy_lapsed(now=began + 2 * PERIOD_S - 1)
    assert ["notifier-001000"] == folder.names("notifier-")
    keys.destroy_lapsed(now=began + 2 * PERIOD_S)

    assert [] == folder.names("notifier-")
