"""Words about this service: sealed in the turn they came in, to the feedback readers, and apart from reports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.case import Status
from bot.core.errors import SealingError
from bot.core.events import Chose
from bot.core.months import month_of
from bot.core.roster import Team
from bot.core.writes import Tally
from bot.sealing.roster import LivingRoster
from bot.services.receive import Receive
from bot.services.report import Sealer
from storage import queue, tallies
from storage.purge import KEEP_FEEDBACK_DAYS, purge, trust_clock
from storage.queue import View
from tests.helpline import Helpline, Reporter, open_helpline
from tests.leak_scan import Marks
from tests.people import TEAMS, People
from tests.services.rows import all_rows
from tests.talking import NOON, real_flow, seeker

pytestmark = pytest.mark.slow

MARK = "Zqkelpie7Qx"
READERS = Team("feedback", "Feedback readers", (), ("noor", "omar"))
DAY_S = 86_400


@pytest.fixture
async def with_readers(tmp_path: Path) -> AsyncIterator[Helpline]:
    """A roster that has the team which routing names."""
    async with open_helpline(tmp_path, people=People((*TEAMS, READERS), now=NOON)) as opened:
        yield opened


async def at_a_page(helpline: Helpline, name: str = "sara") -> Reporter:
    sara = helpline.reporter(name)
    await sara.opens("ur", "teen")
    await sara.presses("!learn")
    await sara.chooses("c:rights", "c:my-rights")
    return sara


async def proposes(helpline: Helpline, words: str, name: str = "sara") -> Reporter:
    sara = helpline.reporter(name)
    if not sara.everything:
        await sara.opens("ur")
    await sara.presses("!learn")
    await sara.chooses("c:rights", "c:propose")
    await sara.writes(words)
    return sara


async def counted(helpline: Helpline, kind: str) -> dict[Tally, int]:
    return dict(await helpline.database.read(lambda c: tallies.of(c, kind)))


async def queued(helpline: Helpline, team: str, *, feedback: bool) -> list[str]:
    view = View((team,), (Status.NEW,), feedback=feedback)
    return [row.concern for row in await helpline.database.read(lambda c: queue.page(c, view))]


async def test_the_feedback_readers_read_it_and_nobody_else(with_readers: Helpline) -> None:
    sara = await at_a_page(with_readers)
    await sara.chooses("say", "m:wrong")
    await sara.writes(MARK)

    sara.sees("voice.kept")
    (told,) = await with_readers.officer_reads("noor")
    assert (("feedback", MARK),) == told.words
    assert {"about": ["page:my-rights"], "said": ["wrong"]} == told.answers
    assert ("feedback", "U3", "", "ur") == (told.concern, told.urgency, told.region, told.language)
    for other in ("amna", "esha", "chanda"):
        assert [] == await with_readers.officer_reads(other)


async def test_without_such_a_team_the_duty_team_reads_it(everywhere: Helpline) -> None:
    await proposes(everywhere, MARK)

    (told,) = await everywhere.officer_reads("esha")
    assert (("proposal", MARK),) == told.words
    assert ("duty",) == told.teams
    assert [] == await everywhere.officer_reads("amna")


async def test_a_lone_reader_is_joined_by_the_duty_team(tmp_path: Path) -> None:
    """Never fewer than two living keys (D6)."""
    alone = Team("feedback", "Feedback readers", (), ("noor",))
    async with open_helpline(tmp_path, people=People((*TEAMS, alone), now=NOON)) as helpline:
        await proposes(helpline, MARK)
        (case,) = await helpline.case_ids()
        assert {"noor", "esha", "faisal", "ghazala", "recovery"} == await helpline.readers_of(case)


async def test_no_report_comes_to_the_feedback_readers(with_readers: Helpline) -> None:
    await with_readers.tells({"danger": "now", "place-now": ("PK-PB",)})
    assert [] == await with_readers.officer_reads("noor")


async def test_it_stands_in_a_list_of_its_own(everywhere: Helpline) -> None:
    await proposes(everywhere, MARK)
    await everywhere.tells({}, name="other")

    assert ["proposal"] == await queued(everywhere, "duty", feedback=True)
    assert "proposal" not in await queued(everywhere, "duty", feedback=False)
    counts = await everywhere.database.read(lambda c: queue.counts(c, ["duty"]))
    assert {(True, "U3", 1)} == {(row.feedback, row.urgency, row.n) for row in counts if row.feedback}


async def test_it_opens_no_mailbox_and_no_draft(helpline: Helpline) -> None:
    await proposes(helpline, MARK)
    rows = await all_rows(helpline.database)
    assert [] == rows["mailboxes"] == rows["drafts"]
    assert Marks([MARK]).leaks(repr(rows).encode(), "rows") == []


async def test_a_draft_that_waits_is_sent_without_it(everywhere: Helpline) -> None:
    sara = everywhere.reporter()
    await sara.opens()
    await sara.writes("my own report")
    await proposes(everywhere, MARK)
    await sara.presses("!tell")
    await sara.chooses("resume", "a:yes", "skip", "a:ok")
    while sara.asked():
        await sara.chooses("skip")
    await sara.sends_report()

    read = [r.words for r in await everywhere.officer_reads("esha")]
    assert sorted([(("opening", "my own report"),), (("proposal", MARK),)]) == sorted(read)


async def test_one_update_is_counted_and_sealed_once(everywhere: Helpline) -> None:
    sara = await at_a_page(everywhere)
    press = Chose(0, "f:yes", sara.prompt.turn)
    await sara.hears(press, number=9_001)
    await sara.hears(press, number=9_001)

    assert {Tally("helped", "page:my-rights:yes", "ur", "teen", month_of(NOON)): 1} == await counted(
        everywhere, "helped"
    )


async def test_the_face_of_somebody_who_was_answered_says_nothing_of_them(everywhere: Helpline) -> None:
    code = await everywhere.tells({})
    for report in await everywhere.officer_reads("esha"):
        await everywhere.officer_answers(report.case, "we are here", "esha")
    sara = everywhere.reporter()
    await sara.enters(code)
    await sara.chooses("f:no")

    assert {Tally("answered", "no", "", "", month_of(NOON)): 1} == await counted(everywhere, "answered")
    await sara.writes("thank you")
    (report,) = await everywhere.officer_reads("esha")
    assert ("thank you",) == report.messages


async def test_what_cannot_be_sealed_is_neither_said_to_be_kept_nor_counted(helpline: Helpline) -> None:
    """S6: all of it in one transaction, or nothing."""
    sara = await at_a_page(helpline)
    await sara.chooses("say")
    unsigned = Sealer(helpline.keys, LivingRoster(helpline.people.root), {})
    helpline.talk._receive = Receive(helpline.database, helpline.keys, unsigned, lambda: helpline.flow, seeker().seek)
    with pytest.raises(SealingError):
        await sara.writes(MARK)

    assert [] == sara.latest
    assert {} == await counted(helpline, "said")
    assert [] == await helpline.case_ids()


async def test_words_that_sound_like_danger_get_the_numbers_first(helpline: Helpline) -> None:
    sara = await proposes(helpline, "he wants to kill me, help me now")
    sara.sees("help.calm", "voice.kept")


async def test_a_flood_makes_no_row_beyond_what_is_known(helpline: Helpline) -> None:
    sara = await at_a_page(helpline)
    for n in range(40):
        for key in ("f:yes", f"f:{n}", f"m:{n}", f"f:page:{n}:yes", "say", f"go:page:{n}", "!back"):
            await sara.presses(key)
    flow = real_flow()
    for kind in ("helped", "said", "answered"):
        rows = await counted(helpline, kind)
        assert {tally.item for tally in rows} <= flow.countable[kind]
        assert {(tally.lang, tally.audience) for tally in rows} <= {("ur", "teen")}


async def test_after_its_time_it_goes_read_or_not(everywhere: Helpline) -> None:
    await proposes(everywhere, MARK)
    await everywhere.tells({}, name="other")
    left = []
    for now in (NOON + KEEP_FEEDBACK_DAYS * DAY_S, NOON + (KEEP_FEEDBACK_DAYS + 1) * DAY_S):
        await everywhere.database.write(lambda c, now=now: trust_clock(c, now))  # type: ignore[misc]
        await purge(everywhere.database, now)
        left.append(len(await everywhere.case_ids()))

    assert [2, 1] == left
    assert "proposal" not in [r.concern for r in await everywhere.officer_reads("esha")]
    assert not any(row.feedback for row in await everywhere.database.read(lambda c: queue.counts(c, ["duty"])))
