"""Voice notes from the turn in which they came to the officer who hears them: whole or not at all, once, in memory (R21)."""

import asyncio
import json

import pytest

from bot.core.effects import Class
from bot.core.errors import RetryAfter, StorageError, TooLarge, Unclear
from bot.core.note import MOST_NOTES
from bot.services.hearing import ATTEMPTS, GAPS_S
from bot.services.voice_jobs import VoicePace
from storage.schema import metadata
from tests.channels.calling import until
from tests.helpline import Helpline, Reporter
from tests.opus import clip
from tests.services.rows import all_rows, rows_of
from tests.services.voices import SECONDS, Recorder, let_all_be_due, parked

pytestmark = pytest.mark.slow


@pytest.fixture
def recorder(everywhere: Helpline) -> Recorder:
    """On both databases."""
    return Recorder(everywhere)


@pytest.fixture
def quick(helpline: Helpline) -> Recorder:
    """In memory, where the tests' clock counts."""
    return Recorder(helpline)


async def at_words(helpline: Helpline, name: str = "sara") -> Reporter:
    """A child at the first question for words."""
    sara = helpline.reporter(name)
    await sara.opens()
    await sara.presses("!tell")
    await sara.chooses("a:yes", "skip", "a:ok")
    while sara.asked() != "words-what":
        await sara.chooses("skip")
    return sara


async def finishes(sara: Reporter) -> str:
    while sara.asked():
        await sara.chooses("skip")
    return await sara.sends_report()


# --- the way ---


@pytest.mark.promise("R21", "S6")
async def test_a_note_is_kept_in_the_draft_and_an_officer_hears_it(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    reference = await recorder.sends(sara)
    sara.sees("note.heard")
    assert [] == await rows_of(helpline.database, "voice_files"), "nothing is fetched in the turn"
    assert [] == recorder.told

    await recorder.rounds()
    assert (["note.kept"], [Class.SAVED]) == (recorder.said(), [m.say.kind for m in recorder.told])
    assert [reference] == recorder.fetched
    assert [] == await rows_of(helpline.database, "voice_jobs"), "the reference is gone"

    await sara.writes("and words after it")
    await finishes(sara)
    (report,) = await helpline.officer_reads("esha")
    assert (("words-what", SECONDS, recorder.files[reference]),) == report.voices
    assert ("words-more", "and words after it") in report.words


async def test_a_report_may_be_voices_only(recorder: Recorder) -> None:
    sara = recorder.helpline.reporter()
    await recorder.sends(sara)
    await recorder.rounds()
    await sara.chooses("lang:en", "c:skip", "c:tell", "resume", "a:yes", "skip", "a:ok")
    await finishes(sara)
    (report,) = await recorder.helpline.officer_reads("esha")
    assert ["opening"] == [ask for ask, _, _ in report.voices]


async def test_a_note_in_an_open_mailbox_is_an_addition_to_the_case(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = helpline.reporter()
    code = await helpline.tells()
    await sara.enters(code)
    await recorder.sends(sara)
    sara.sees("note.heard")
    await recorder.rounds()

    assert ["note.sent"] == recorder.said()
    (report,) = await helpline.officer_reads("esha")
    assert [("", SECONDS)] == [(ask, seconds) for ask, seconds, _ in report.voices]
    await sara.writes("words after it join the same chain")
    assert ("words after it join the same chain",) == (await helpline.officer_reads("esha"))[0].messages


@pytest.mark.promise("R21")
async def test_a_draft_that_was_sent_meanwhile_is_a_case_and_the_note_joins_it(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    await finishes(sara)
    assert () == (await helpline.officer_reads("esha"))[0].voices

    await recorder.rounds()
    (report,) = await helpline.officer_reads("esha")
    assert ["words-what"] == [ask for ask, _, _ in report.voices]
    assert ["note.sent"] == recorder.said()
    (case,) = await rows_of(helpline.database, "cases")
    assert (1, "new") == (case["waiting"], case["status"])


async def test_the_note_joins_the_case_though_the_talk_is_forgotten_since(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    await finishes(sara)
    await helpline.database.write(lambda c: c.execute(metadata.tables["conversations"].delete()))
    await recorder.rounds()

    assert 1 == len((await helpline.officer_reads("esha"))[0].voices)
    assert [] == recorder.told, "who is there now may be somebody else"


async def test_what_was_erased_is_not_fetched(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    while sara.asked():
        await sara.chooses("skip")
    await sara.chooses("erase")
    await recorder.rounds()

    assert ([], []) == (recorder.fetched, recorder.told)
    for table in ("voice_jobs", "voice_files", "records", "drafts"):
        assert [] == await rows_of(helpline.database, table), table


async def test_what_is_erased_while_it_is_fetched_leaves_nothing(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    while sara.asked():
        await sara.chooses("skip")

    async def fetch(reference: str) -> bytes:
        await sara.chooses("erase")
        return recorder.files[reference]

    await recorder.worker(fetch).round()
    assert [] == recorder.told
    for table in ("voice_jobs", "voice_files", "records"):
        assert [] == await rows_of(helpline.database, table), table


async def test_erasing_the_draft_erases_the_sounds_that_were_kept(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    await recorder.rounds()
    assert 1 == len(await rows_of(helpline.database, "voice_files"))
    while sara.asked():
        await sara.chooses("skip")
    await sara.chooses("erase")
    assert [] == await rows_of(helpline.database, "voice_files")


async def test_after_leaving_the_note_is_kept_and_nothing_is_said(recorder: Recorder) -> None:
    sara = await at_words(recorder.helpline)
    await recorder.sends(sara)
    await sara.presses("!leave")
    await recorder.rounds()

    assert [] == recorder.told
    assert 1 == len(await rows_of(recorder.helpline.database, "voice_files"))


async def test_two_notes_and_words_at_once_keep_one_chain(recorder: Recorder) -> None:
    sara = await at_words(recorder.helpline)
    for _ in range(2):
        await recorder.sends(sara)
    await asyncio.gather(recorder.rounds(), sara.writes("words while they are fetched"))
    await let_all_be_due(recorder.helpline.database)
    await recorder.rounds()
    await finishes(sara)
    (report,) = await recorder.helpline.officer_reads("esha")
    assert 2 == len(report.voices)
    assert any("words while" in words for _, words in report.words)


# --- what goes wrong ---


@pytest.mark.promise("R21")
async def test_a_cut_or_expired_link_is_asked_for_again(recorder: Recorder) -> None:
    sara = await at_words(recorder.helpline)
    reference = await recorder.sends(sara)
    recorder.faults = [Unclear("cut"), Unclear("no file: status 404")]
    for _ in range(3):
        await recorder.rounds()
        await let_all_be_due(recorder.helpline.database)

    assert [reference] * 3 == recorder.fetched
    assert ["note.kept"] == recorder.said()
    assert 1 == len(await rows_of(recorder.helpline.database, "voice_files"))


@pytest.mark.promise("R13", "R21")
async def test_after_eight_attempts_it_is_parked_and_the_child_is_asked_again_once(recorder: Recorder) -> None:
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    recorder.files.clear()
    for _ in range(ATTEMPTS + 4):
        await recorder.rounds()
        await let_all_be_due(helpline.database)

    assert ATTEMPTS == len(recorder.fetched)
    assert (["note.again"], 1) == (recorder.said(), await parked(helpline.database))
    assert [] == await rows_of(helpline.database, "voice_files")
    for _ in range(MOST_NOTES):
        await recorder.sends(sara)
    sara.sees("note.heard")


async def test_gaps_grow_and_telegrams_own_wait_is_longer(quick: Recorder) -> None:
    helpline = quick.helpline
    await quick.sends(await at_words(helpline))
    quick.faults = [Unclear("x"), Unclear("x"), RetryAfter(40)]
    waits = []
    for _ in range(3):
        await quick.rounds()
        (job,) = await rows_of(helpline.database, "voice_jobs")
        waits.append(job["due_at"] - helpline.now)
        helpline.now = job["due_at"]
    assert [GAPS_S[0], GAPS_S[1], 41] == waits
    await quick.rounds()
    assert ["note.kept"] == quick.said()


@pytest.mark.promise("S34")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xd8\xff\xe0 a picture", "note.not-voice"),
        (b"ID3 music", "note.not-voice"),
        (clip(10) + b"<script>", "note.not-voice"),
        (clip(10)[:-1], "note.not-voice"),
        (clip(10) + clip(10).replace(b"test", b"next"), "note.not-voice"),
        (clip(50 * 301), "note.too-long"),
    ],
    ids=["picture", "music", "something behind", "cut", "two streams", "long"],
)
async def test_its_kind_is_decided_from_its_content(quick: Recorder, content: bytes, said: str) -> None:
    await quick.sends(await at_words(quick.helpline), content)
    await quick.rounds()
    assert [said] == quick.said()
    for table in ("voice_jobs", "voice_files"):
        assert [] == await rows_of(quick.helpline.database, table)


async def test_a_file_that_can_never_be_fetched_is_said_at_once(quick: Recorder) -> None:
    await quick.sends(await at_words(quick.helpline))
    quick.faults = [TooLarge("x")]
    await quick.rounds()
    assert ["note.too-long"] == quick.said()


async def test_a_note_that_nobody_can_read_is_dropped(quick: Recorder) -> None:
    await quick.sends(await at_words(quick.helpline))
    await quick.helpline.database.write(lambda c: c.exec_driver_sql("UPDATE voice_jobs SET job = x'00'"))
    await quick.rounds()
    assert [] == await rows_of(quick.helpline.database, "voice_jobs")
    assert [] == quick.told


# --- workers ---


@pytest.mark.promise("R13")
async def test_the_work_of_a_dead_worker_is_taken_up_when_its_lease_ends(quick: Recorder) -> None:
    helpline = quick.helpline
    await quick.sends(await at_words(helpline))
    dead = quick.worker(_never)
    dying = asyncio.create_task(dead.round())
    await asyncio.sleep(0.05)
    dying.cancel()
    assert 0 == await quick.hearing.round(), "somebody else has it"
    helpline.now += 30
    await quick.rounds()
    assert ["note.kept"] == quick.said()


@pytest.mark.promise("R12", "R21")
async def test_a_late_worker_keeps_nothing(recorder: Recorder) -> None:
    """It fetched so slowly that its lease ran out, and another worker was faster."""
    helpline = recorder.helpline
    sara = await at_words(helpline)
    await recorder.sends(sara)
    free = asyncio.Event()

    async def slow(reference: str) -> bytes:
        await free.wait()
        return recorder.files[reference]

    late = asyncio.create_task(recorder.worker(slow).round())
    await until(lambda: claimed_once(helpline))
    await let_all_be_due(helpline.database)
    await recorder.rounds()
    before = await all_rows(helpline.database)
    free.set()
    await late
    assert before == await all_rows(helpline.database)
    assert ["note.kept"] == recorder.said()


async def claimed_once(helpline: Helpline) -> bool:
    return [1] == [job["fence"] for job in await rows_of(helpline.database, "voice_jobs")]


async def _never(reference: str) -> bytes:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.promise("R13")
async def test_a_slow_download_keeps_its_lease(quick: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.hearing.RENEW_S", 0.02)
    helpline = quick.helpline
    await quick.sends(await at_words(helpline))
    free = asyncio.Event()

    async def slow(reference: str) -> bytes:
        await free.wait()
        return quick.files[reference]

    at_work = asyncio.create_task(quick.worker(slow).round())
    await asyncio.sleep(0.05)
    helpline.now += 29
    await asyncio.sleep(0.1)
    helpline.now += 29
    assert 0 == await quick.hearing.round()
    free.set()
    await at_work
    assert ["note.kept"] == quick.said()


async def test_a_busy_database_ends_nothing(quick: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object) -> None:
        raise StorageError("busy")

    await quick.sends(await at_words(quick.helpline))
    with monkeypatch.context() as patched:
        patched.setattr(quick.helpline.database, "write", busy)
        assert 0 == await quick.hearing.round()
    await quick.rounds()
    assert ["note.kept"] == quick.said()


# --- what lies there ---


@pytest.mark.promise("S44")
async def test_a_job_shows_neither_file_nor_chat_nor_draft(quick: Recorder) -> None:
    helpline = quick.helpline
    sara = await at_words(helpline)
    reference = await quick.sends(sara)
    (job,) = await rows_of(helpline.database, "voice_jobs")
    (draft,) = await rows_of(helpline.database, "drafts")
    for told in (reference.encode(), sara.contact.who, draft["case_id"]):
        assert told not in job["job"]


@pytest.mark.promise("S9")
async def test_short_notes_are_all_of_one_size(quick: Recorder) -> None:
    sara = await at_words(quick.helpline)
    for seconds in (1, 4, 30):
        await quick.sends(sara, seconds=seconds)
    await quick.rounds(2)
    sizes = {len(row["envelope"]) for row in await rows_of(quick.helpline.database, "voice_files")}
    assert 1 == len(sizes)
    assert 3 == len(await rows_of(quick.helpline.database, "voice_files"))


async def test_a_flood_is_delayed_and_words_are_not() -> None:
    pace = VoicePace()
    assert [0] * 10 == [pace.wait_s(b"flood", 0) for _ in range(10)]
    assert [20, 40] == [pace.wait_s(b"flood", 1) for _ in range(2)]
    assert 0 == pace.wait_s(b"another", 1)
    assert 600 == [pace.wait_s(b"flood", 2) for _ in range(60)][-1]
    assert 0 == pace.wait_s(b"flood", 2 + pace.FORGET_AFTER_S)


async def test_messages_about_notes_are_queued_in_the_talks_language(quick: Recorder) -> None:
    sara = quick.helpline.reporter()
    await sara.opens("ur")
    await quick.sends(sara)
    await quick.rounds()
    (post,) = [row for row in await rows_of(quick.helpline.database, "outbox") if row["kind"] == "saved"]
    lang, plain = json.loads(post["message"])
    assert ("ur", [["t", "note.kept"]]) == (lang, plain["l"])
