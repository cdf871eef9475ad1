"""A child asks in its own words, through the real services: pages and numbers at once, and nothing of it anywhere."""

import json

import pytest

from bot.core.effects import Class
from bot.core.events import Leads
from bot.services.receive import Receive
from storage.schema import outbox
from tests.helpline import Helpline
from tests.talking import seeker


async def queued(helpline: Helpline) -> list[tuple[str, list[object]]]:
    """Kind and message of everything in the outbox."""
    rows = await helpline.database.read(lambda c: c.execute(outbox.select()).mappings().all())
    return [(row["kind"], json.loads(row["message"])) for row in rows]


@pytest.mark.parametrize("channel", ["telegram", "web", "terminal"])
async def test_a_question_is_answered_in_pages_on_every_channel(helpline: Helpline, channel: str) -> None:
    sara = helpline.reporter(channel=channel)
    await sara.opens()
    await sara.writes("mujhe dubai mein kaam mil raha hai")

    sara.sees("draft.opened", "seek.found")
    sara.sees_button("page|page:job-offer", "resume", "erase")


async def test_danger_brings_the_numbers_first(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens("ur")
    await sara.writes("مالک مجھے مارتا ہے")

    sara.sees("help.calm", "draft.opened", "seek.tell")
    assert sara.latest[0].kind is Class.URGENT


async def test_whatever_language_was_chosen_the_words_are_understood(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens("en")
    for words in ("meri shadi kar rahe hain", "میری شادی", "मेरी शादी", "আমার বিয়ে", "منهنجي شادي", "زما واده"):
        await sara.writes(words)
        sara.sees_button("page|page:child-marriage")


async def test_the_outbox_holds_the_same_whatever_was_written(helpline: Helpline) -> None:
    """What waits in the database must not tell what the words were about (D18)."""
    kept = []
    for name, words in (("sara", "he locked me in the room"), ("bano", "asdfgh"), ("amir", "fake job in dubai")):
        reporter = helpline.reporter(name)
        await reporter.opens()
        before = len(await queued(helpline))
        await reporter.writes(words)
        kept.append((await queued(helpline))[before:])

    assert kept[0] == kept[1] == kept[2]
    assert "page|" not in json.dumps(kept)


async def test_words_of_a_report_are_not_looked_at(helpline: Helpline) -> None:
    looked: list[str] = []
    helpline.talk._receive = _watched(helpline, looked)
    sara = helpline.reporter()
    await sara.opens()
    await sara.writes("is this job real")
    await sara.chooses("resume", "a:yes", "skip", "a:ok")
    await sara.writes("he beats me")

    assert looked == ["is this job real"]
    sara.sees("draft.kept")


async def test_what_was_asked_reaches_the_officers_and_changes_no_urgency(helpline: Helpline) -> None:
    """The same report with and without dangerous words asked before: sealed like all words, triaged by buttons only."""
    urgencies = []
    for name, words in (("sara", "he locked me in the room"), ("bano", "good morning")):
        reporter = helpline.reporter(name)
        await reporter.opens()
        await reporter.writes(words)
        await reporter.chooses("resume")
        while ask := reporter.asked():
            await reporter.chooses({"safe-now": "a:yes", "limits": "a:ok"}.get(ask, "skip"))
        await reporter.sends_report()
        report = next(r for r in await helpline.officer_reads("esha") if r.words == (("opening", words),))
        urgencies.append((report.urgency, report.cover["reasons"]))

    assert urgencies[0] == urgencies[1]


async def test_a_seeker_that_fails_loses_no_word_and_shows_none(helpline: Helpline) -> None:
    def broken(words: str) -> Leads:
        raise ValueError(words)

    helpline.talk._receive = Receive(
        helpline.database,
        helpline.keys,
        helpline.sealer,
        lambda: helpline.flow,
        broken,
    )
    sara = helpline.reporter()
    await sara.opens()
    await sara.writes("zqkelpie")

    sara.sees("draft.opened", "seek.none")


def _watched(helpline: Helpline, looked: list[str]) -> Receive:
    def seek(words: str) -> Leads:
        looked.append(words)
        return seeker().seek(words)

    return Receive(helpline.database, helpline.keys, helpline.sealer, lambda: helpline.flow, seek)
