"""The main job through Telegram: the whole program behind our fake Bot API server, by webhook and by polling."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.channels.calling import Line, until
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.plugins.service import copied
from tests.service import Service, serving_here
from tests.talking import NOON

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "وہ مجھے جانے نہیں دیتے"
IN_LAHORE = {"place-to": ("PK-PB",), "danger": "now", "age": "12-14", "concern": "work"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["webhook", "poll"])
async def line(
    request: pytest.FixtureRequest, founded: Service, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Line]:
    folder: Path = tmp_path_factory.mktemp("talk")
    service = copied(founded, folder / "service")
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, mode=request.param, now=telegram.clock) as (house, address),
    ):
        yield Line(service, house, telegram, address)


def calls_to(line: Line, chat: int, method: str) -> list[dict[str, Any]]:
    calls = line.telegram.world.calls_of(method)
    return [call.params for call in calls if str(call.params.get("chat_id")) == str(chat)]


# --- the main job ---


@pytest.mark.promise("R25")
async def test_a_child_tells_in_urdu_the_office_answers_and_the_child_reads_it(line: Line) -> None:
    words = f"{WORDS} {line.telegram.world.order}"
    sara = line.phone()
    await sara.opens("ur")
    code = await sara.tells_all({**IN_LAHORE, "words-what": words})

    case = await line.case_with(words)
    assert ["lahore"] == sorted(case.teams)
    assert ["amna", "bilal"] == sorted(case.readers)
    assert "U0" == case.urgency
    await line.answers(case, "آپ اکیلی نہیں ہیں۔", "amna")

    other_phone = line.phone()
    await other_phone.opens("ur")
    await other_phone.enters(code)
    await other_phone.sees("آپ اکیلی نہیں ہیں۔")

    await other_phone.says("وہ جمعے کو آئیں گے")
    assert "وہ جمعے کو آئیں گے" in (await line.case_with(words)).words


async def test_what_comes_before_a_language_is_chosen_is_kept_too(line: Line) -> None:
    """The first words are often the report itself."""
    words = f"please help my brother {line.telegram.world.order}"
    child = line.phone()
    await child.says(words)
    await child.chooses("lang:en")
    child.lang = "en"
    await child.chooses("c:skip", "c:tell", "resume")
    for ask in ("a:yes", "skip", "a:ok"):
        await child.chooses(ask)
    while child.asked():
        await child.chooses("skip")
    await child.sends_report()
    assert (await line.officers_read()).counted()[words] == 1


# --- numbers first ---


async def test_a_child_in_danger_gets_numbers_before_the_next_question(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.chooses("c:tell", "a:yes", "skip", "a:ok")
    before = child.chat.visible()
    await child.chooses("a:now")

    numbers, question = [note for note in child.chat.visible() if note.ours and note not in before]
    assert "1121" in numbers.text
    assert question.buttons


async def test_numbers_are_a_press_away_on_every_prompt(line: Line) -> None:
    child = line.phone()
    await child.starts()
    await child.sees(buttons=["📞"])
    await child.opens("ur")
    await child.tells()
    assert all(any("!help" in str(b.get("callback_data")) for b in note.buttons) for note in child.prompts())


async def test_a_word_for_help_gets_numbers_and_keeps_the_place(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.chooses("c:tell", "a:yes")
    asked = child.asked()
    await child.says("مدد")
    await child.sees("1121")
    assert asked == child.asked()


# --- the code ---


@pytest.mark.promise("S18")
async def test_the_code_is_shown_protected_and_is_never_queued(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.tells(IN_LAHORE)
    await child.chooses("send")
    note = child.code_note()
    assert note.content["has_protected_content"]

    protected = [n for n in child.chat.visible() if n.ours and n.content.get("has_protected_content")]
    assert [note] == protected


async def test_nothing_rings(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.tells_all(IN_LAHORE)
    assert all(call["disable_notification"] for call in calls_to(line, child.id, "sendMessage"))


async def test_commands_stand_in_the_menu_in_the_language_of_the_chat(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await until(lambda: f"chat {child.id}" in line.telegram.world.commands)
    commands = line.telegram.world.commands[f"chat {child.id}"]
    assert {"start", "help", "mail", "language", "leave"} == {c["command"] for c in commands}
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in c["description"]) for c in commands)


# --- what is not words ---


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_what_is_not_fetched_gets_numbers_and_a_kind_answer(line: Line, kind: str) -> None:
    child = line.phone()
    await child.opens("en")
    await getattr(child, f"sends_{kind}")()
    await child.sees(child.text("say.picture"))
    assert any("1121" in note.text for note in child.chat.visible())


@pytest.mark.parametrize("act", ["sends_sticker", "sends_contact", "sends_location"])
async def test_other_kinds_get_one_kind_answer(line: Line, act: str) -> None:
    child = line.phone()
    await child.opens("en")
    before = len(child.prompts())
    await getattr(child, act)()
    await child.sees(child.text("say.puzzled"))
    await line.sent_all()
    assert before + 1 == len(child.prompts())


async def test_an_album_gets_one_answer(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    before = len(child.prompts())
    await child.sends_album(4)
    await line.sent_all()
    assert before + 1 == len(child.prompts())


async def test_forwarded_words_and_captions_are_words(line: Line) -> None:
    child = line.phone()
    order = line.telegram.world.order
    await child.opens("en")
    await child.chooses("c:tell", "a:yes", "skip", "a:ok")
    await child.forwards(f"they wrote this to me {order}")
    await child.sends_photo(caption=f"this is the house {order}")
    while child.asked():
        await child.chooses("skip")
    await child.sends_report()
    counted = (await line.officers_read()).counted()
    assert (1, 1) == (counted[f"they wrote this to me {order}"], counted[f"this is the house {order}"])


async def test_no_picture_or_file_is_ever_fetched(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    for act in (child.sends_photo, child.sends_document, child.sends_album, child.sends_video_note):
        await act()
    await line.sent_all()
    assert () == line.telegram.world.calls_of("getFile")
    assert not line.telegram.world.files


async def test_a_changed_message_is_kept_as_a_second_version(line: Line) -> None:
    child = line.phone()
    order = line.telegram.world.order
    await child.opens("en")
    await child.chooses("c:tell", "a:yes", "skip", "a:ok")
    await child.says(f"first {order}")
    before = child.newest()
    await child.edits(f"second {order}")
    await child.shown(before)
    while child.asked():
        await child.chooses("skip")
    await child.sends_report()
    case = await line.case_with(f"first {order}")
    assert f"second {order}" in case.words
    assert any(t.content.get("edited") for t in case.told)


# --- buttons nobody offered ---


@pytest.mark.parametrize(
    "data",
    ["0:send", "999999:send", "a:yes", "", "1:", ":", "-1:send", "1:" + "x" * 60, "1:\u202esend", "9999999999:a:now"],
)
async def test_forged_buttons_get_a_kind_answer_and_change_nothing(line: Line, data: str) -> None:
    child = line.phone()
    await child.opens("en")
    await child.chooses("c:tell", "a:yes")
    asked, before = child.asked(), child.newest()
    query = await child.presses_data(data)
    await child.shown(before)
    assert asked == child.asked()
    await child.sees(child.text("say.stale"))
    assert query in line.telegram.world.toasts


async def test_an_old_button_is_answered_and_moves_nothing(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    await child.chooses("c:tell", "a:yes")
    asked = child.asked()
    first = child.prompts()[1]
    await child.presses_data(str(first.buttons[0]["callback_data"]), first)
    await child.sees(child.text("say.stale"))
    assert asked == child.asked()


async def test_two_devices_that_press_the_same_button_make_one_step(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    await child.chooses("c:tell")
    prompt = child.prompt()
    data = str(prompt.buttons[0]["callback_data"])
    await child.presses_data(data, prompt)
    await child.presses_data(data, prompt)
    await child.sees(child.text("say.stale"))
    assert "phone" == child.asked()


@pytest.mark.parametrize("payload", ["poster-12", "x" * 64, "../../etc", "<b>hi</b>", "ref_555000001 and more"])
async def test_a_deep_link_opens_the_talk_whatever_it_carries(line: Line, payload: str) -> None:
    child = line.phone()
    await child.starts(payload)
    await child.sees(buttons=["اردو", "English"])
    assert all(payload not in note.text for note in child.chat.visible() if note.ours)


# --- groups, blocking, leaving ---


async def test_a_group_is_declined_and_left(line: Line) -> None:
    child = line.phone()
    group = await child.adds_to_group(-400_000_000 - child.id)
    await until(lambda: bool(calls_to(line, group.id, "leaveChat")))
    said = [note for note in group.visible() if note.ours]
    assert 1 == len(said)
    assert 1 == len(calls_to(line, group.id, "leaveChat"))


@pytest.mark.promise("R8")
async def test_who_blocks_the_bot_is_left_alone_and_can_come_back(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    code = await child.tells_all({"words-what": f"I may block this {child.id}"})
    await child.blocks()
    sent = len(calls_to(line, child.id, "sendMessage"))
    await child.pauses(0.2)
    assert len(calls_to(line, child.id, "sendMessage")) <= sent + 1
    assert () == await remembered(line, child.id)
    await line.case_with(f"I may block this {child.id}")

    await child.unblocks()
    await child.opens("en")
    await child.enters(code)
    await child.sees(child.text("mail.empty"))


@pytest.mark.promise("R8")
async def test_a_message_for_an_account_that_is_gone_is_dropped(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    await child.deletes_account()
    await child.writes("/help")
    await line.sent_all()
    assert 403 == line.telegram.world.calls_of("sendMessage")[-1].status


async def remembered(line: Line, chat: int) -> tuple[int, ...]:
    """Ids of messages that are kept to be swept."""
    keys = line.house.keys.conversation_keys("telegram", chat.to_bytes(8, "big"), now=line.house.now())
    return await line.house.books.messages_of(keys)


@pytest.mark.parametrize("how", ["button", "/leave", "بند کرو"])
async def test_leaving_fast_deletes_the_talk_and_the_childs_own_words(line: Line, how: str) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.chooses("c:tell", "a:yes", "skip", "a:ok")
    await child.says("میرے ابو")
    if how == "button":
        await child.presses_key("!leave")
    else:
        await child.writes(how)
    await child.sees(child.text("left.neutral"))
    await until(lambda: [child.text("left.neutral")] == [note.text for note in child.chat.visible()])


async def test_what_is_older_than_two_days_stays_and_the_rest_goes(line: Line) -> None:
    """Telegram deletes nothing older than 48 hours, and says so for a whole batch."""
    child = line.phone()
    await child.opens("en")
    old = child.chat.visible()
    now = line.telegram.clock.now
    for note in old:
        note.at = now - 49 * 3600
    await child.chooses("c:learn")
    await child.writes("/leave")
    await child.sees(child.text("left.neutral"))
    assert {n.id for n in old} == {n.id for n in child.chat.visible() if n.text != child.text("left.neutral")}


@pytest.mark.promise("S41")
async def test_on_a_shared_phone_what_was_told_is_gone_after_a_quarter_of_an_hour(line: Line) -> None:
    child = line.phone()
    await child.opens("ur")
    await child.chooses("c:learn")
    await child.chooses("c:home", "c:tell", "a:yes", "a:others", "a:ok", "a:soon")
    words = f"{WORDS} {line.telegram.world.order}"
    await child.says(words)
    await line.sent_all()
    pages = [note.text for note in child.chat.visible() if child.text("screen.learn") in note.text]
    line.telegram.clock.now += 15 * 60
    await until(lambda: not any(words in note.text for note in child.chat.visible()))
    await until(lambda: not any(child.text("ask.danger") in note.text for note in child.chat.visible()))
    assert pages == [note.text for note in child.chat.visible() if child.text("screen.learn") in note.text] != []


@pytest.mark.promise("S41")
async def test_a_code_goes_from_the_chat_when_it_is_kept(line: Line) -> None:
    child = line.phone()
    await child.opens("en")
    code = await child.tells_all({"danger": "no", "place-to": ("PK-PB",)})
    await line.sent_all()
    await until(lambda: not any(code in note.text.replace(" ", "") for note in child.chat.visible()))
    assert any(child.text("sent.thanks") in note.text for note in child.chat.visible())
