"""Voice notes on Telegram, the whole program behind our fake Bot API server: fetched in memory, kept whole, told of honestly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.services import hearing
from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram, Flood, HalfAnswer, Redirect, Reset, Status
from tests.fake_telegram.server import FILE
from tests.fake_telegram.trouble import Trouble
from tests.fake_telegram.world import Clock
from tests.opus import clip
from tests.phone import Phone
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(founded: Service, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    """Gaps between attempts are none, and it is looked for notes often."""
    folder: Path = tmp_path_factory.mktemp("voice")
    service = copied(founded, folder / "service")
    quick = pytest.MonkeyPatch()
    quick.setattr(hearing, "LOOK_EVERY_S", 0.02)
    quick.setattr(hearing, "GAPS_S", (0,) * 7)
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock) as (house, address),
    ):
        yield Line(service, house, telegram, address)
    quick.undo()


async def at_words(line: Line) -> Phone:
    phone = line.phone()
    await phone.opens("en")
    await phone.chooses("c:tell", "a:yes", "skip", "a:ok")
    while phone.asked() != "words-what":
        await phone.chooses("skip")
    return phone


async def finishes(phone: Phone) -> str:
    while phone.asked():
        await phone.chooses("skip")
    return await phone.sends_report()


def downloads(line: Line) -> int:
    return len(line.telegram.world.calls_of(FILE))


async def voices_in(line: Line) -> int:
    found = await line.officers_read()
    return sum(t.kind == "voice" for case in found.cases for t in case.told)


@pytest.mark.promise("R21", "S6")
async def test_a_child_speaks_and_hears_when_it_is_kept(line: Line) -> None:
    before = await voices_in(line)
    sara = await at_words(line)
    await sara.sends_voice(seconds=6)
    await sara.sees(sara.text("note.heard"))
    await sara.sees(sara.text("note.kept"))
    assert "words-more" == sara.asked(), "what is said about it moves nothing"
    await finishes(sara)
    assert before + 1 == await voices_in(line)


async def test_a_file_of_the_same_sound_is_a_voice_note_and_music_is_not(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    await child.sends_voice(audio=True)
    await child.sees(child.text("note.kept"))
    await child.sends_music()
    await child.sees(child.text("note.not-voice"))


@pytest.mark.parametrize("kind", ["photo", "document", "video_note"])
async def test_pictures_and_files_stay_refused_and_are_never_fetched(line: Line, kind: str) -> None:
    before = len(line.telegram.world.calls_of("getFile"))
    child = line.phone()
    await child.opens("en")
    await getattr(child, f"sends_{kind}")()
    await child.sees(child.text("say.picture"))
    assert any("1121" in note.text for note in child.chat.visible())
    assert before == len(line.telegram.world.calls_of("getFile"))


async def test_words_changed_under_a_note_do_not_fetch_it_again(line: Line) -> None:
    child = await at_words(line)
    await child.sends_voice(caption="they lock the door")
    await child.sees(child.text("note.kept"))
    before = downloads(line)
    await child.edits_caption("they lock the doors")
    await child.sees(child.text("say.edited"))
    await child.pauses(0.2)
    assert before == downloads(line)


@pytest.mark.promise("R21")
@pytest.mark.parametrize(
    "trouble", [Status(404), Status(502), Flood(1), Reset(), HalfAnswer(), Redirect("/elsewhere")], ids=repr
)
async def test_a_download_that_fails_is_tried_again_with_a_new_link(line: Line, trouble: Trouble) -> None:
    asked, before = len(line.telegram.world.calls_of("getFile")), downloads(line)
    child = await at_words(line)
    line.telegram.script.next(FILE, trouble)
    await child.sends_voice()
    await child.sees(child.text("note.kept"))
    assert before + 2 == downloads(line)
    if trouble != Reset():  # a connection that was torn down before an answer is tried once more by the client itself
        assert asked + 2 == len(line.telegram.world.calls_of("getFile"))


@pytest.mark.promise("R21")
async def test_a_file_cut_at_any_chunk_is_never_kept_in_part(line: Line) -> None:
    """Five minutes of sound arrive in pieces; the connection ends after each of them."""
    child = await at_words(line)
    long = clip(50 * 240)
    for cut in (1, 900, 20_000, len(long) - 1):
        line.telegram.cut_files_after = cut
        before = downloads(line)
        await child.sends_voice(long, seconds=240)
        await until(lambda before=before: downloads(line) > before + 1)  # type: ignore[misc]
        assert [] == [n for n in child.chat.visible() if n.ours and n.text == child.text("note.kept")]
        line.telegram.cut_files_after = None
        await child.sees(child.text("note.kept"))
        await child.writes("/leave")
        child = await at_words(line)


@pytest.mark.promise("R21")
async def test_what_can_not_be_had_is_asked_for_again(line: Line) -> None:
    """A size that does not fit, eight times; the child then writes."""
    child = await at_words(line)
    line.telegram.world.size_told_off_by = 3
    try:
        before = downloads(line)
        await child.sends_voice()
        await child.sees(child.text("note.again"))
        assert before + hearing.ATTEMPTS == downloads(line)
    finally:
        line.telegram.world.size_told_off_by = 0
    await child.says("then in words")
    await finishes(child)
    assert 1 == (await line.officers_read()).counted()["then in words"]


@pytest.mark.promise("R21", "S34", "S55")
async def test_one_byte_more_than_twenty_megabytes_is_not_fetched(line: Line) -> None:
    child = await at_words(line)
    before = downloads(line)
    await child.sends_voice(bytes(20 * 2**20 + 1))
    await child.sees(child.text("note.too-long", minutes=5))
    assert before == downloads(line)


async def test_telegram_refuses_a_large_file_and_the_child_is_told(line: Line) -> None:
    """A phone that does not say how large it is."""
    child = await at_words(line)
    file_id = await child.sends_voice(clip(5))
    await child.sees(child.text("note.kept"))
    line.telegram.world.files[file_id] = bytes(20 * 2**20 + 1)
    await child.sends_again("voice", without="file_size")
    await child.sees(child.text("note.too-long", minutes=5))


async def test_a_picture_called_a_voice_note_is_none(line: Line) -> None:
    child = await at_words(line)
    await child.sends_voice(b"\xff\xd8\xff\xe0 not a sound at all")
    await child.sees(child.text("note.not-voice"))


async def test_a_note_after_leaving_is_kept_silently(line: Line) -> None:
    child = await at_words(line)
    line.telegram.script.next(FILE, Status(404), Status(404))
    before = downloads(line)
    await child.sends_voice()
    await child.writes("/leave")
    await until(lambda: downloads(line) >= before + 3)
    await child.pauses(0.2)
    child.does_not_see(child.text("note.kept"))


async def test_notes_in_an_open_mailbox_reach_the_case(line: Line) -> None:
    sara = await at_words(line)
    code = await finishes(sara)
    before = await voices_in(line)
    other = line.phone()
    await other.opens("en")
    await other.enters(code)
    await other.sends_voice()
    await other.sees(other.text("note.sent"))
    assert before + 1 == await voices_in(line)
