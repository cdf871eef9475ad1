"""What we ask of Telegram arrives as meant, and every answer becomes the error that tells what to do (R7, R8)."""

import json
from typing import Any

import pytest

from bot.channels.telegram.answers import PollingConflict, Stale, TokenRejected, Undeletable, result_of
from bot.channels.telegram.api import Api
from bot.channels.telegram.keyboards import NO_KEYBOARD, Link, Press, inline, standing
from bot.channels.telegram.request import PooledRequest, Unreached
from bot.core.errors import ChannelError, ConfigError, ContentError, Gone, Refused, RetryAfter, Unclear
from tests.fake_telegram import AcceptThenDrop, Child, FakeTelegram, Flood, HalfAnswer, Late, Reset, Status
from tests.fake_telegram.world import BOT_ID


@pytest.fixture
async def child(telegram: FakeTelegram) -> Child:
    child = Child(telegram, waits=False)
    await child.starts()
    return child


async def test_a_message_with_buttons_arrives(api: Api, child: Child) -> None:
    rows = inline([[Press("ہاں", "a:1", "success"), Press("نہیں", "a:2")], [Link("web", "https://example.org")]])
    message_id = await api.send(child.id, "سلام", rows, protected=True, quiet=True)

    note = await child.sees("سلام", buttons=["ہاں", "نہیں", "web"])
    assert note.id == message_id
    assert note.content["has_protected_content"] is True
    assert note.content["disable_notification"] is True


async def test_a_standing_keyboard_comes_and_goes(api: Api, child: Child) -> None:
    await api.send(child.id, "x", standing([["Menu", "Exit"]], placeholder="…"))
    assert "| Menu | Exit" in child.screen()

    await api.send(child.id, "y", NO_KEYBOARD)
    assert "| Menu | Exit" not in child.screen()


async def test_a_message_can_be_changed_and_its_buttons_dropped(api: Api, child: Child) -> None:
    message_id = await api.send(child.id, "x", inline([[Press("A", "a")]]))

    await api.edit(child.id, message_id, "y", inline([[Press("B", "b")]]))
    await child.sees("y", buttons=["B"])
    await api.drop_buttons(child.id, message_id)
    assert (await child.sees("y")).buttons == ()


async def test_doing_it_twice_is_fine(api: Api, child: Child) -> None:
    message_id = await api.send(child.id, "x")
    for _ in range(2):
        await api.edit(child.id, message_id, "y")
    await api.delete(child.id, [message_id])

    assert await api.delete(child.id, [message_id]) == ()
    await api.edit(child.id, message_id, "z")
    await api.answer_press("long gone", "text")


async def test_a_hundred_and_more_are_deleted_in_batches(telegram: FakeTelegram, api: Api, child: Child) -> None:
    sent = [await api.send(child.id, f"{number}") for number in range(120)]

    assert await api.delete(child.id, [*sent, sent[0]]) == ()
    assert [note.text for note in child.chat.visible()] == ["/start"]
    assert [len(call.params["message_ids"]) for call in telegram.world.calls_of("deleteMessages")] == [100, 20]


async def test_an_old_message_does_not_keep_the_others(telegram: FakeTelegram, api: Api, child: Child) -> None:
    old = await api.send(child.id, "old")
    telegram.clock.advance(48 * 3600 + 1)
    new = await api.send(child.id, "new")

    assert await api.delete(child.id, [old, new]) == (old,)
    child.does_not_see("new")


async def test_commands_are_set_for_one_chat(telegram: FakeTelegram, api: Api, child: Child) -> None:
    await api.set_commands({"help": "مدد", "stop": "بند"}, child.id)
    assert [one["command"] for one in telegram.world.commands[f"chat {child.id}"]] == ["help", "stop"]

    await api.clear_commands(child.id)
    assert telegram.world.commands == {}


async def test_who_we_are_and_where_updates_go(telegram: FakeTelegram, api: Api) -> None:
    assert (await api.get_me()).id == BOT_ID
    assert (await api.get_me()).username == "fake_test_bot"

    await api.set_webhook("https://example.org/telegram/x", "s" * 43)
    state = await api.get_webhook()
    assert (state.url, state.pending, state.last_error_at) == ("https://example.org/telegram/x", 0, None)
    assert state.allowed_updates == ("message", "edited_message", "callback_query", "my_chat_member")
    assert telegram.world.webhook.secret == "s" * 43
    assert telegram.world.webhook.connections == 20
    await api.delete_webhook()
    assert (await api.get_webhook()).url == ""


async def test_a_group_is_left(telegram: FakeTelegram, api: Api, child: Child) -> None:
    group = await child.adds_to_group()
    await api.leave(group.id)

    with pytest.raises(Gone):
        await api.send(group.id, "x")


@pytest.mark.promise("R7")
@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Flood(1), RetryAfter),
        (Flood(300), RetryAfter),
        (Status(500), Unclear),
        (Status(502), Unclear),
        (Status(504), Unclear),
        (Reset(), Unclear),
        (AcceptThenDrop(), Unclear),
        (HalfAnswer(), Unclear),
        (Late(0.8), Unclear),
        (Status(400, "Bad Request: can't parse entities: word"), Refused),
        (Status(401, "Unauthorized"), TokenRejected),
    ],
    ids=str,
)
@pytest.mark.parametrize("library", [False, True], ids=["direct", "library"])
async def test_every_trouble_becomes_its_own_error(
    telegram: FakeTelegram, api: Api, child: Child, trouble: Any, error: type[ChannelError], library: bool
) -> None:
    telegram.script.next("*", trouble)
    with pytest.raises(ChannelError) as caught:
        await (api.set_commands({"help": "x"}, child.id) if library else api.send(child.id, "x"))

    assert caught.type is error
    assert "word" not in str(caught.value)
    if isinstance(trouble, Flood):
        assert isinstance(caught.value, RetryAfter)
        assert caught.value.seconds == trouble.retry_after


@pytest.mark.promise("R7")
@pytest.mark.parametrize("library", [False, True], ids=["direct", "library"])
@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid"])
async def test_what_never_left_may_be_sent_again(host: str, library: bool) -> None:
    async with Api(PooledRequest("1:x", api_url=f"http://{host}")) as api:
        with pytest.raises(Unreached):
            await (api.get_me() if library else api.send(1, "x"))


@pytest.mark.promise("R8")
async def test_a_chat_that_blocked_us_or_ended_is_gone(telegram: FakeTelegram, api: Api, child: Child) -> None:
    with pytest.raises(Gone):
        await api.send(child.id + 1, "nobody")
    await child.blocks()
    with pytest.raises(Gone):
        await api.send(child.id, "x")
    await child.unblocks()
    await api.send(child.id, "x")
    await child.deletes_account()
    with pytest.raises(Gone):
        await api.set_commands({"help": "x"}, child.id)


@pytest.mark.promise("R8")
@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (403, {"description": "Forbidden: bot was blocked by the user"}, Gone),
        (403, {"description": "Forbidden: user is deactivated"}, Gone),
        (400, {"description": "Bad Request: chat not found"}, Gone),
        (400, {"description": "Bad Request: PEER_ID_INVALID"}, Gone),
        (400, {"description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -1}}, Gone),
        (400, {"description": "Bad Request: message is not modified: specified"}, Stale),
        (400, {"description": "Bad Request: message can't be deleted for everyone"}, Undeletable),
        (400, {"description": None}, Refused),
        (404, {"description": "Not Found"}, TokenRejected),
        (409, {"description": "Conflict: terminated by other getUpdates request"}, PollingConflict),
        (429, {"parameters": {"retry_after": "soon"}}, RetryAfter),
        (429, {"parameters": []}, RetryAfter),
        (200, {"ok": False}, Unclear),
        (302, {}, Refused),
        (503, {}, Unclear),
    ],
)
def test_an_answer_means_one_thing(status: int, answer: dict[str, Any], error: type[ChannelError]) -> None:
    with pytest.raises(ChannelError) as caught:
        result_of(status, json.dumps({"ok": False} | answer).encode())

    assert caught.type is error


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unclear),
        (200, b"[]", Unclear),
        (200, b'{"ok":true}', Unclear),
        (200, b"[" * 100_000, Unclear),
        (200, b"\xff\xfe", Unclear),
        (502, b"<html>", Unclear),
        (429, b"<html>", RetryAfter),
        (413, b"<html>", Refused),
    ],
)
def test_an_unreadable_answer_is_sorted_by_its_status(status: int, body: bytes, error: type[ChannelError]) -> None:
    with pytest.raises(ChannelError) as caught:
        result_of(status, body)

    assert caught.type is error


@pytest.mark.parametrize(
    "rows",
    [
        [[Press("x", "")]],
        [[Press("x", "a" * 65)]],
        [[Press("x", "ا" * 33)]],
        [[Press("", "a")]],
        [[Press("x", "a")] * 9],
        [[Press("x", "a")] * 8] * 13,
    ],
    ids=["no data", "65 bytes", "66 bytes", "no label", "nine in a row", "104 in all"],
)
def test_a_keyboard_beyond_the_limits_is_never_built(rows: list[list[Press]]) -> None:
    with pytest.raises(ContentError):
        inline(rows)


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org", "https://", "https://user@example.org", "https://example.org/x", "https://example.org?x"],
)
def test_an_address_that_is_no_host_is_refused(address: str) -> None:
    with pytest.raises(ConfigError):
        PooledRequest("1:x", api_url=address)
