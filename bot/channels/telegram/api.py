"""The calls we make to the Bot API, and what their answers mean in `bot.core.errors`.

The few that every turn needs are posted directly (measured: 0.07 ms of processor time against 0.20 ms through
the library's `Bot`); the rare ones use `Bot` and its types over the same connections.
https://core.telegram.org/bots/api#available-methods
"""

from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from telegram import Bot, BotCommand, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.channels.telegram.answers import FileTooBig, Stale, Undeletable, result_of
from bot.channels.telegram.inbound import Answer
from bot.channels.telegram.keyboards import Keyboard
from bot.channels.telegram.request import STAND_IN, PooledRequest
from bot.core.errors import ChannelError, Refused, TooLarge, Unclear
from bot.core.note import MOST_BYTES

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
DELETE_BATCH = 100
VOICE_NAME = "voice.ogg"
"""The same for every clip: Telegram need not learn which text it holds from its name."""
PHOTO_NAME = "picture.png"
FILE_ID_LENGTH = 512

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are on Telegram."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """What Telegram has on record.  `url`: empty when none is set; `pending`: updates it still keeps."""

    url: str
    pending: int
    last_error_at: int | None
    allowed_updates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentFile:
    """`file_id`: sends the same clip or picture again without its bytes; "" when the answer named none."""

    message: int
    file_id: str


class Api:
    """Use as `async with Api(PooledRequest(token)) as api:`."""

    def __init__(self, request: PooledRequest) -> None:
        self._request = request
        self._bot = Bot(STAND_IN, request=request, get_updates_request=request)

    def __repr__(self) -> str:
        return "Api()"

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._request.shutdown()

    # every turn

    async def send(
        self,
        chat_id: int,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        quiet: bool = False,
        protected: bool = False,
    ) -> int:
        """Send plain text (1 to 4096 characters) and return the id of the message.

        `quiet`: no sound on the phone; `protected`: the app offers no forwarding or saving.
        """
        params: dict[str, object] = {"chat_id": chat_id, "text": text, "link_preview_options": _NO_PREVIEW}
        if keyboard is not None:
            params["reply_markup"] = keyboard
        if quiet:
            params["disable_notification"] = True
        if protected:
            params["protect_content"] = True
        return _message_id(await self.call("sendMessage", params))

    async def send_voice(self, chat_id: int, voice: bytes | str, caption: str = "") -> SentFile:
        """Send an OGG/Opus clip: its bytes, or the file id an earlier sending returned.

        Without sound on the phone, and not to be saved or forwarded: the words can be, a voice gives away more.
        https://core.telegram.org/bots/api#sendvoice
        """
        params: dict[str, object] = {"chat_id": chat_id, "disable_notification": True, "protect_content": True}
        if caption:
            params["caption"] = caption
        if isinstance(voice, str):
            sent = await self.call("sendVoice", params | {"voice": voice})
        else:
            sent = result_of(*await self._request.upload("sendVoice", params, "voice", VOICE_NAME, voice, "audio/ogg"))
        return SentFile(_message_id(sent), _file_id(sent, "voice"))

    async def send_photo(
        self, chat_id: int, photo: bytes | str, caption: str, keyboard: Keyboard | None = None
    ) -> SentFile:
        """Send a PNG with words below it (up to 1024 characters): its bytes, or the file id an earlier sending returned.

        Without sound on the phone.  It is waited for half as long as words: when it fails, they still go within the lease
        of their message.  https://core.telegram.org/bots/api#sendphoto
        """
        answer_s = self._request.read_timeout / 2
        params: dict[str, object] = {"chat_id": chat_id, "caption": caption, "disable_notification": True}
        if keyboard is not None:
            params["reply_markup"] = keyboard
        if isinstance(photo, str):
            exchanged = await self._request.exchange("sendPhoto", params | {"photo": photo}, answer_s=answer_s)
        else:
            exchanged = await self._request.upload(
                "sendPhoto", params, "photo", PHOTO_NAME, photo, "image/png", answer_s=answer_s
            )
        sent = result_of(*exchanged)
        return SentFile(_message_id(sent), _file_id(sent, "photo"))

    async def answer_press(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Stop the button's waiting mark; `text` (up to 200 characters) shows briefly.  Too late is fine."""
        await self._call_unless_stale("answerCallbackQuery", _press_params(query_id, text, alert=alert))

    @staticmethod
    def press_answer(query_id: str, text: str = "") -> Answer:
        """The same to ride on the acknowledgement of the update: no call of its own."""
        return {"method": "answerCallbackQuery"} | _press_params(query_id, text, alert=False)

    async def edit(self, chat_id: int, message_id: int, text: str, keyboard: Keyboard | None = None) -> None:
        """Replace text and buttons of our own message; already so, or already gone, is fine."""
        params: dict[str, object] = {
            "chat_id": chat_id,
            "message_id": message_id,
            "text": text,
            "link_preview_options": _NO_PREVIEW,
        }
        if keyboard is not None:
            params["reply_markup"] = keyboard
        await self._call_unless_stale("editMessageText", params)

    async def drop_buttons(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off our own message, the text stays."""
        await self._call_unless_stale("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})

    async def delete(self, chat_id: int, message_ids: Sequence[int]) -> tuple[int, ...]:
        """Delete messages, a hundred a call; return the ids that Telegram will not delete.

        A batch that is refused is tried one by one, so that one old message does not keep the others.
        """
        kept: list[int] = []
        for batch in _batches(message_ids):
            try:
                await self.call("deleteMessages", {"chat_id": chat_id, "message_ids": batch})
            except Refused:
                kept += await self._delete_each(chat_id, batch)
        return tuple(kept)

    async def get_updates(self, offset: int | None, *, wait_s: int, limit: int = 100) -> tuple[int, bytes]:
        """Return status and raw answer: the poller reads it, one bad update must not spoil the rest."""
        params: dict[str, object] = {"timeout": wait_s, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            params["offset"] = offset
        return await self._request.exchange("getUpdates", params, answer_s=wait_s + 10)

    async def fetch(self, file_id: str) -> bytes:
        """Fetch a file into memory; its address, which holds the token, never leaves the transport.

        The link is asked for each time: it lives an hour, the file id for as long as Telegram keeps the file.  Raises `TooLarge`
        for what can never be fetched, another `ChannelError` for what may be later.
        https://core.telegram.org/bots/api#getfile
        """
        try:
            found = await self.call("getFile", {"file_id": file_id})
        except FileTooBig:
            raise TooLarge("beyond what a bot may fetch") from None
        path, size = (found.get("file_path"), found.get("file_size")) if isinstance(found, dict) else (None, None)
        if not isinstance(path, str):
            raise Unclear("no path to the file")
        known = size if isinstance(size, int) and not isinstance(size, bool) else None
        if known is not None and known > MOST_BYTES:
            raise TooLarge(f"{known} bytes")
        return await self._request.fetch(path, known)

    async def respond(self, answer: Answer) -> None:
        """Make the call that would have ridden on a webhook's acknowledgement."""
        params = {key: value for key, value in answer.items() if key != "method"}
        await self.call(str(answer["method"]), params)

    async def call(self, method: str, params: Mapping[str, object]) -> Any:
        """Post to any method and return its `result`."""
        status, body = await self._request.exchange(method, params)
        return result_of(status, body)

    # seldom

    async def get_me(self) -> Account:
        user = await _through_library(self._bot.get_me())
        return Account(user.id, user.username or "")

    async def set_commands(self, commands: Mapping[str, str], chat_id: int | None = None) -> None:
        """Set the command list, name to description, of one chat in its language, or of all chats."""
        scope = BotCommandScopeDefault() if chat_id is None else BotCommandScopeChat(chat_id)
        listed = [BotCommand(name, description) for name, description in commands.items()]
        await _through_library(self._bot.set_my_commands(listed, scope=scope))

    async def clear_commands(self, chat_id: int) -> None:
        await _through_library(self._bot.delete_my_commands(scope=BotCommandScopeChat(chat_id)))

    async def leave(self, chat_id: int) -> None:
        """Leave a group we were added to."""
        await _through_library(self._bot.leave_chat(chat_id))

    async def set_webhook(self, url: str, secret: str, *, connections: int = 20) -> None:
        await _through_library(
            self._bot.set_webhook(
                url,
                secret_token=secret,
                max_connections=connections,
                allowed_updates=list(ALLOWED_UPDATES),
            )
        )

    async def delete_webhook(self) -> None:
        """Stop webhook delivery; what Telegram still keeps is kept."""
        await _through_library(self._bot.delete_webhook(drop_pending_updates=False))

    async def get_webhook(self) -> Webhook:
        info = await _through_library(self._bot.get_webhook_info())
        failed_at = info.last_error_date
        return Webhook(
            url=info.url,
            pending=info.pending_update_count,
            last_error_at=None if failed_at is None else int(failed_at.timestamp()),
            allowed_updates=tuple(info.allowed_updates or ()),
        )

    async def _call_unless_stale(self, method: str, params: Mapping[str, object]) -> None:
        try:
            await self.call(method, params)
        except Stale:
            return

    async def _delete_each(self, chat_id: int, message_ids: Sequence[int]) -> list[int]:
        kept = []
        for message_id in message_ids:
            try:
                await self.call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
            except Stale:
                continue
            except Undeletable:
                kept.append(message_id)
        return kept


_NO_PREVIEW = {"is_disabled": True}


def _press_params(query_id: str, text: str, *, alert: bool) -> dict[str, object]:
    params: dict[str, object] = {"callback_query_id": query_id}
    if text:
        params["text"] = text
    if alert:
        params["show_alert"] = True
    return params


async def _through_library(call: Awaitable[T]) -> T:
    """Await a `Bot` call.  The library wraps our transport's errors and adds some; ours come out again."""
    try:
        return await call
    except TelegramError as trouble:
        cause = trouble.__cause__
        failure = cause if isinstance(cause, ChannelError) else Unclear(f"unreadable: {type(trouble).__name__}")
    raise failure from None


def _message_id(sent: Any) -> int:
    if isinstance(sent, dict) and isinstance(sent.get("message_id"), int):
        return int(sent["message_id"])
    raise Unclear("sent, but the answer names no message")


def _file_id(sent: Any, kind: str) -> str:
    """A photo is answered in several sizes; the last one is the largest, and its name stands for all."""
    file = sent.get(kind) if isinstance(sent, dict) else None
    if isinstance(file, list):
        file = file[-1] if file else None
    found = file.get("file_id") if isinstance(file, dict) else None
    return found if isinstance(found, str) and len(found) <= FILE_ID_LENGTH else ""


def _batches(message_ids: Sequence[int]) -> Iterator[list[int]]:
    distinct = list(dict.fromkeys(message_ids))
    for start in range(0, len(distinct), DELETE_BATCH):
        yield distinct[start : start + DELETE_BATCH]
