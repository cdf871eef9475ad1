"""The fake server refuses what the real one refuses, and fails as it fails."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fake_telegram import Child, FakeTelegram
from tests.fake_telegram.make_table import METHODS, SOURCE
from tests.fake_telegram.photos import png
from tests.fake_telegram.table import Table
from tests.fake_telegram.trouble import AcceptThenDrop, Flood, HalfAnswer, Late, Reset, Status

HOUR_S = 3600


class Caller:
    """Calls the server as a program without our client would."""

    def __init__(self, telegram: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self._base = telegram.base_url + telegram.token
        self._session = session

    async def __call__(self, method: str, **params: Any) -> tuple[int, Any]:
        async with self._session.post(f"{self._base}/{method}", json=params) as answer:
            body = await answer.json()
            return answer.status, body.get("result", body.get("description"))


@pytest.fixture
async def call(telegram: FakeTelegram) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(telegram, session)


@pytest.fixture
async def child(telegram: FakeTelegram) -> Child:
    """Somebody who has written once, so that the bot may answer."""
    child = Child(telegram, waits=False)
    await child.starts()
    return child


def keyboard(*rows: int, data: str = "a") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", "callback_data": data}] * width for width in rows]}


def test_the_table_names_its_source_and_every_method() -> None:
    table = Table()

    assert table.source == SOURCE
    assert table.version.startswith("Bot API ")
    assert set(METHODS) == table.methods.keys()
    assert table.methods["sendMessage"]["required"] == ["chat_id", "text"]
    assert table.limits["sendMessage.text"] == [1, 4096, "characters"]
    assert table.limits["InlineKeyboardButton.callback_data"] == [1, 64, "bytes"]
    assert table.limits["deleteMessages.message_ids"] == [1, 100, "identifiers"]


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"text": "👍" * 2049}, "message is too long"),
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": " \n "}, "message text is empty"),
        ("sendMessage", {"text": 5}, "must be String"),
        ("sendMessage", {"text": "x", "silent": True}, "no parameter 'silent'"),
        ("sendMessage", {}, "needs 'text'"),
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": True, "text": "x"}, "must be Integer or String"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(1, data="ا" * 33)}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(1, data="")}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(9)}, "REPLY_MARKUP_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(*[8] * 13)}, "REPLY_MARKUP_TOO_LONG"),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "BUTTON_TYPE"),
        ("sendMessage", {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}}, "BUTTON_TEXT_INVALID"),
        ("deleteMessages", {"message_ids": list(range(101))}, "1 to 100 fit"),
        ("deleteMessages", {"message_ids": []}, "1 to 100 fit"),
        ("deleteMessages", {"message_ids": ["x"]}, "must be Integer"),
        ("deleteMessage", {"message_id": 9}, "message to delete not found"),
        ("editMessageText", {"message_id": 9, "text": "x"}, "message to edit not found"),
        ("setMyCommands", {"chat_id": None, "commands": [{"command": "Help", "description": "x"}]}, "INVALID"),
        ("setMyCommands", {"chat_id": None, "commands": [{"command": "help", "description": ""}]}, "INVALID"),
        ("setWebhook", {"chat_id": None, "url": "http://example.org/x"}, "HTTPS URL must be provided"),
        ("setWebhook", {"chat_id": None, "url": "https://example.org", "secret_token": "پ"}, "unallowed"),
        ("setWebhook", {"chat_id": None, "url": "https://example.org", "max_connections": 101}, "1 to 100"),
    ],
)
async def test_what_the_real_server_refuses_is_refused(
    call: Caller, child: Child, method: str, params: dict[str, Any], reason: str
) -> None:
    status, said = await call(method, **({"chat_id": child.id} | params))

    assert status == 400
    assert reason in said


class Uploader(Caller):
    async def photo(self, chat: int, photo: bytes, **params: str) -> tuple[int, Any]:
        form = aiohttp.FormData({"chat_id": str(chat), **params})
        form.add_field("photo", photo, filename="picture.png", content_type="image/png")
        async with self._session.post(f"{self._base}/sendPhoto", data=form) as answer:
            body = await answer.json()
            return answer.status, body.get("result", body.get("description"))


@pytest.fixture
async def upload(telegram: FakeTelegram) -> AsyncIterator[Uploader]:
    async with aiohttp.ClientSession() as session:
        yield Uploader(telegram, session)


async def test_a_photo_is_answered_in_sizes_and_the_largest_is_sent_again_by_name(
    upload: Uploader, child: Child
) -> None:
    status, sent = await upload.photo(child.id, png(640, 400), caption="x" * 1024)
    assert (status, [320, 640]) == (200, [size["width"] for size in sent["photo"]])
    assert "text" not in sent

    assert (await upload("sendPhoto", chat_id=child.id, photo=sent["photo"][-1]["file_id"]))[0] == 200
    assert "wrong file identifier" in (await upload("sendPhoto", chat_id=child.id, photo="made-up"))[1]
    voice = await upload("sendVoice", chat_id=child.id, voice=sent["photo"][-1]["file_id"])
    assert (voice[0], "another type" in voice[1]) == (400, True)


@pytest.mark.parametrize(
    ("photo", "caption", "reason"),
    [
        (png(640, 400), "x" * 1025, "message caption is too long"),
        (png(640, 400), "👍" * 513, "message caption is too long"),
        (b"", "x", "file must be non-empty"),
        (b"<svg/>", "x", "IMAGE_PROCESS_FAILED"),
        (png(640, 400)[:-5], "x", "IMAGE_PROCESS_FAILED"),
        (png(9_000, 1_001), "x", "PHOTO_INVALID_DIMENSIONS"),
        (png(210, 10), "x", "PHOTO_INVALID_DIMENSIONS"),
        (png(64, 40) + b" " * 10 * 1024 * 1024, "x", "file is too big"),
    ],
    ids=["long", "long-in-utf-16", "empty", "svg", "cut", "large", "thin", "heavy"],
)
async def test_a_photo_that_the_real_server_refuses_is_refused(
    upload: Uploader, child: Child, photo: bytes, caption: str, reason: str
) -> None:
    status, said = await upload.photo(child.id, photo, caption=caption)
    assert (status, reason in said) == (400, True), said


async def test_a_photo_has_no_text_to_change_but_loses_its_buttons(upload: Uploader, child: Child) -> None:
    _, sent = await upload.photo(child.id, png(64, 40), caption="x", reply_markup=json.dumps(keyboard(1)))
    which = {"chat_id": child.id, "message_id": sent["message_id"]}

    assert "there is no text in the message" in (await upload("editMessageText", **which, text="y"))[1]
    assert (await upload("editMessageReplyMarkup", **which))[0] == 200
    assert (await child.sees("x")).buttons == ()


async def test_an_unknown_method_and_a_wrong_token_are_refused(telegram: FakeTelegram, call: Caller) -> None:
    assert await call("sendTelepathy") == (404, "Not Found")
    telegram.token = "1:another"
    assert await call("getMe") == (401, "Unauthorized")


async def test_values_may_come_as_json_in_strings(call: Caller, child: Child) -> None:
    markup = json.dumps(keyboard(1))
    assert (await call("sendMessage", chat_id=str(child.id), text="x", reply_markup=markup))[0] == 200


async def test_a_message_is_deleted_within_48_hours_only(telegram: FakeTelegram, call: Caller, child: Child) -> None:
    _, old = await call("sendMessage", chat_id=child.id, text="old")
    telegram.clock.advance(48 * HOUR_S + 1)
    _, new = await call("sendMessage", chat_id=child.id, text="new")

    status, said = await call("deleteMessages", chat_id=child.id, message_ids=[old["message_id"], new["message_id"]])
    assert (status, said) == (400, "Bad Request: message can't be deleted")
    assert (await call("deleteMessages", chat_id=child.id, message_ids=[new["message_id"]]))[0] == 200
    child.does_not_see("new")


async def test_an_edit_that_changes_nothing_is_refused(call: Caller, child: Child) -> None:
    _, sent = await call("sendMessage", chat_id=child.id, text="x", reply_markup=keyboard(1))
    same = {"chat_id": child.id, "message_id": sent["message_id"], "text": "x", "reply_markup": keyboard(1)}

    assert "message is not modified" in (await call("editMessageText", **same))[1]
    assert (await call("editMessageText", **(same | {"text": "y"})))[0] == 200


async def test_a_press_is_answered_soon_or_not_at_all(telegram: FakeTelegram, call: Caller, child: Child) -> None:
    query = await child.presses_data("a")

    assert (await call("answerCallbackQuery", callback_query_id=query))[0] == 200
    telegram.clock.advance(61)
    assert "query is too old" in (await call("answerCallbackQuery", callback_query_id=query))[1]
    assert "query is too old" in (await call("answerCallbackQuery", callback_query_id="forged"))[1]


async def test_whoever_blocked_the_bot_hears_nothing(call: Caller, child: Child) -> None:
    await child.blocks()

    assert await call("sendMessage", chat_id=child.id, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )


async def test_updates_are_kept_until_confirmed_and_for_a_day(
    telegram: FakeTelegram, call: Caller, child: Child
) -> None:
    await child.writes("one")
    _, first = await call("getUpdates")
    _, again = await call("getUpdates")
    _, rest = await call("getUpdates", offset=first[0]["update_id"] + 1)
    telegram.clock.advance(24 * HOUR_S + 1)

    assert [update["message"]["text"] for update in first] == ["/start", "one"]
    assert again == first
    assert rest == first[1:]
    assert (await call("getUpdates"))[1] == []
    assert len(telegram.world.expired) == 1


async def test_polling_beside_a_webhook_is_a_conflict(call: Caller) -> None:
    await call("setWebhook", url="https://example.org/hook")

    status, said = await call("getUpdates")
    assert status == 409
    assert "webhook is active" in said


async def test_scripted_troubles_come_in_order_and_once(telegram: FakeTelegram, call: Caller, child: Child) -> None:
    telegram.script.next("sendMessage", Flood(3), Status(502))

    assert await call("sendMessage", chat_id=child.id, text="x") == (429, "Too Many Requests: retry after 3")
    with pytest.raises(aiohttp.ContentTypeError):
        await call("sendMessage", chat_id=child.id, text="x")
    assert (await call("sendMessage", chat_id=child.id, text="x"))[0] == 200
    assert [one.status for one in telegram.world.calls_of("sendMessage")] == [429, 502, 200]


@pytest.mark.parametrize(
    ("trouble", "arrived"), [(Reset(), 0), (AcceptThenDrop(), 1), (HalfAnswer(), 1), (Late(0.01), 1)]
)
async def test_a_cut_connection_tells_nothing_about_what_was_done(
    telegram: FakeTelegram, call: Caller, child: Child, trouble: Any, arrived: int
) -> None:
    telegram.script.next("sendMessage", trouble)
    try:
        answered = (await call("sendMessage", chat_id=child.id, text="x"))[0] == 200
    except aiohttp.ClientError:
        answered = False

    assert answered == isinstance(trouble, Late)
    assert len(list(telegram.world.sent_to(child.id))) == arrived
