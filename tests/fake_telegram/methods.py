"""What each method does to the world, and how it refuses; descriptions as the real server words them."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fake_telegram.photos import photo_sizes, refuse_photo
from tests.fake_telegram.shapes import Json
from tests.fake_telegram.table import Params, Refusal, bad_request
from tests.fake_telegram.world import Chat, Note, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_STYLES = {"primary", "success", "danger"}
_KINDS_OF_BUTTON = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
_UPDATES = {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "poll",
    "poll_answer",
}


class Methods:
    """`await methods.run(name, params)` returns the result or raises `Refusal`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._run: Mapping[str, Callable[[Params], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_file,
            "sendVoice": self._send_file,
            "sendDocument": self._send_file,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete_message,
            "deleteMessages": self._delete_messages,
            "answerCallbackQuery": self._answer_query,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": self._delete_commands,
            "getMyCommands": self._get_commands,
            "setMyName": self._set_profile("name"),
            "setMyDescription": self._set_profile("description"),
            "setMyShortDescription": self._set_profile("short_description"),
            "getMyName": self._get_profile("name"),
            "getMyDescription": self._get_profile("description"),
            "getMyShortDescription": self._get_profile("short_description"),
            "setChatMenuButton": self._set_menu,
            "getChatMenuButton": self._get_menu,
            "getFile": self._get_file,
            "getChat": self._get_chat,
            "leaveChat": self._leave_chat,
        }

    async def run(self, method: str, given: Mapping[str, Any]) -> Any:
        params = self._world.table.check(method, given)
        action = self._run.get(method)
        result = True if action is None else await action(params)
        await self._world.announce()
        return result

    # updates

    async def _get_me(self, _: Params) -> Json:
        return self._world.me

    async def _get_updates(self, params: Params) -> Any:
        """Long polling.  A second poll ends the first, as two bots on one token would find."""
        self._refuse_beside_webhook()
        if not 1 <= params.get("limit", 100) <= 100:
            raise bad_request("limit must be from 1 to 100")
        self._note_allowed(params)
        self._world.polls += 1
        ours = self._world.polls
        if "offset" in params and params["offset"] >= 0:
            self._world.confirm_below(params["offset"])
        ends = asyncio.get_running_loop().time() + params.get("timeout", 0)
        while not (found := self._ready(params)):
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self._news(left)
            self._refuse_beside_webhook()
            if self._world.polls != ours:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return Raw(b"[" + b",".join(found) + b"]")

    def _ready(self, params: Params) -> list[bytes]:
        self._world.drop_expired()
        kept = sorted(self._world.pending, key=lambda one: one.update_id)
        if params.get("offset", 0) < 0:
            kept = kept[params["offset"] :]
        for one in kept[: params.get("limit", 100)]:
            one.tries += 1
        return [one.body for one in kept[: params.get("limit", 100)]]

    async def _news(self, left_s: float) -> None:
        async with self._world.changed:
            try:
                await asyncio.wait_for(self._world.changed.wait(), left_s)
            except TimeoutError:
                return

    def _refuse_beside_webhook(self) -> None:
        if self._world.webhook.url:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )

    def _note_allowed(self, params: Params) -> None:
        if "allowed_updates" in params:
            unknown = set(params["allowed_updates"]) - _UPDATES
            if unknown:
                raise bad_request(f"unknown update type {min(unknown)!r}")
            self._world.allowed = tuple(params["allowed_updates"])

    async def _set_webhook(self, params: Params) -> bool:
        """HTTPS only, as the real one; our own loopback is let through."""
        parts = urlsplit(params["url"])
        if params["url"] and parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.get("secret_token")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        if not 1 <= params.get("max_connections", 40) <= 100:
            raise bad_request("max_connections must be from 1 to 100")
        self._note_allowed(params)
        hook = self._world.webhook
        hook.url, hook.secret, hook.connections = params["url"], secret, params.get("max_connections", 40)
        if params.get("drop_pending_updates"):
            self._world.pending.clear()
        return True

    async def _delete_webhook(self, params: Params) -> bool:
        return await self._set_webhook({"url": "", **params})

    async def _get_webhook(self, _: Params) -> Json:
        hook = self._world.webhook
        self._world.drop_expired()
        shown: Json = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.pending),
            "max_connections": hook.connections,
            "allowed_updates": list(self._world.allowed),
        }
        if hook.last_error_at is not None:
            shown |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
        return shown

    # messages

    async def _send_message(self, params: Params) -> Json:
        chat = self._world.chat(params["chat_id"])
        if not params["text"].strip():
            raise bad_request("message text is empty")
        return self._put(chat, params, {"text": params["text"]})

    async def _send_file(self, params: Params) -> Json:
        chat = self._world.chat(params["chat_id"])
        content = {key: params[key] for key in ("caption",) if key in params}
        kind = next(key for key in ("photo", "voice", "document") if key in params)
        file_id = self._uploaded(kind, params[kind])
        shown = photo_sizes(file_id, self._world.uploaded[file_id]) if kind == "photo" else {"file_id": file_id}
        return self._put(chat, params, content | {kind: shown})

    def _uploaded(self, kind: str, given: bytes | str) -> str:
        """The file id of what was uploaded, now or earlier.

        Stricter than the real server in one thing: it refuses as a voice what is no OGG/Opus, instead of showing a file.
        """
        if isinstance(given, str):
            if given not in self._world.uploaded:
                raise bad_request("wrong file identifier/HTTP URL specified")
            if not given.startswith(f"sent-{kind}-"):
                raise bad_request(f"can't use file of another type as {kind.capitalize()}")
            return given
        if not given:
            raise bad_request("file must be non-empty")
        if kind == "voice" and not (given.startswith(b"OggS") and b"OpusHead" in given[:64]):
            raise bad_request("VOICE_INVALID")
        if kind == "photo":
            refuse_photo(given, self._world.table)
        file_id = f"sent-{kind}-{len(self._world.uploaded)}"
        self._world.uploaded[file_id] = given
        return file_id

    def _put(self, chat: Chat, params: Params, content: Json) -> Json:
        markup = params.get("reply_markup")
        if markup is not None:
            self._check_markup(markup, chat)
            if "inline_keyboard" in markup:
                content["reply_markup"] = markup
            else:
                chat.keyboard = markup if "keyboard" in markup else None
        for key in ("protect_content", "disable_notification"):
            if params.get(key):
                content["has_protected_content" if key == "protect_content" else key] = True
        shown = {"from": self._world.me, "chat": chat.shown, "date": self._world.clock(), **content}
        return dict(self._world.write(chat, shown, ours=True).content)

    async def _edit_text(self, params: Params) -> Json:
        note, chat = self._our_note(params)
        if "text" not in note.content:  # a photo or voice message: its caption is changed by another method
            raise bad_request("there is no text in the message to edit")
        if not params.get("text", "").strip():
            raise bad_request("message text is empty")
        return self._change(note, chat, params["text"], params.get("reply_markup"))

    async def _edit_markup(self, params: Params) -> Json:
        note, chat = self._our_note(params)
        return self._change(note, chat, note.text, params.get("reply_markup"))

    def _our_note(self, params: Params) -> tuple[Note, Chat]:
        if "chat_id" not in params or "message_id" not in params:
            raise bad_request("message identifier is not specified")
        chat = self._world.chat(params["chat_id"])
        note = chat.notes.get(params["message_id"])
        if note is None or note.deleted:
            raise bad_request("message to edit not found")
        if not note.ours:
            raise bad_request("message can't be edited")
        return note, chat

    def _change(self, note: Note, chat: Chat, text: str, markup: Json | None) -> Json:
        if markup is not None:
            self._check_markup(markup, chat)
        if (note.text, note.content.get("reply_markup")) == (text, markup):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        if "text" in note.content:
            note.content["text"] = text
        note.content.pop("reply_markup", None)
        if markup is not None:
            note.content["reply_markup"] = markup
        note.content["edit_date"] = self._world.clock()
        note.changed = self._world.tick()
        return dict(note.content)

    async def _delete_message(self, params: Params) -> bool:
        chat = self._world.chat(params["chat_id"])
        note = chat.notes.get(params["message_id"])
        if note is None or note.deleted:
            raise bad_request("message to delete not found")
        self._refuse_old(chat, note)
        self._remove(note)
        return True

    async def _delete_messages(self, params: Params) -> bool:
        chat = self._world.chat(params["chat_id"])
        found = [chat.notes[one] for one in params["message_ids"] if one in chat.notes]
        for note in found:
            self._refuse_old(chat, note)
        for note in found:
            self._remove(note)
        return True

    def _refuse_old(self, chat: Chat, note: Note) -> None:
        too_old = self._world.clock() - note.at > self._world.table.largest("deleteMessage.age")
        not_ours = not note.ours and chat.shown["type"] != "private"
        if too_old or not_ours:
            raise bad_request("message can't be deleted")

    def _remove(self, note: Note) -> None:
        note.deleted = True
        note.changed = self._world.tick()

    def _check_markup(self, markup: Json, chat: Chat) -> None:
        kind = "inline_keyboard" if "inline_keyboard" in markup else "keyboard"
        rows = markup.get(kind, [])
        if sum(len(row) for row in rows) > self._world.table.largest(f"{kind}.all"):
            raise bad_request("REPLY_MARKUP_TOO_LONG")
        if any(len(row) > self._world.table.largest(f"{kind}.row") for row in rows):
            raise bad_request("REPLY_MARKUP_INVALID")
        for button in (button for row in rows for button in row):
            if not button["text"].strip():
                raise bad_request("BUTTON_TEXT_INVALID")
            if button.get("style", "primary") not in _STYLES:
                raise bad_request("BUTTON_STYLE_INVALID")
            if kind == "inline_keyboard":
                _check_inline(button, chat)

    # the rest

    async def _answer_query(self, params: Params) -> bool:
        asked_at = self._world.queries.get(params["callback_query_id"])
        if asked_at is None or self._world.clock() - asked_at > self._world.table.largest("answerCallbackQuery.age"):
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._world.toasts[params["callback_query_id"]] = params
        return True

    async def _set_commands(self, params: Params) -> bool:
        if any(not _COMMAND.fullmatch(one["command"]) for one in params["commands"]):
            raise bad_request("BOT_COMMAND_INVALID")
        self._world.commands[self._scope(params)] = params["commands"]
        return True

    async def _delete_commands(self, params: Params) -> bool:
        self._world.commands.pop(self._scope(params), None)
        return True

    async def _get_commands(self, params: Params) -> list[Json]:
        return self._world.commands.get(self._scope(params), [])

    def _scope(self, params: Params) -> str:
        """The key that commands are kept under, such as `chat 77` or `default ur`."""
        code = self._code(params)
        scope = params.get("scope", {"type": "default"})
        if "chat_id" in scope:
            self._world.chat(scope["chat_id"])
        words = (scope["type"], str(scope.get("chat_id", "")), code)
        return " ".join(word for word in words if word)

    def _set_profile(self, field: str) -> Callable[[Params], Awaitable[bool]]:
        """An empty value takes the language's own away."""

        async def act(params: Params) -> bool:
            self._world.profile[field, self._code(params)] = params.get(field, "")
            return True

        return act

    def _get_profile(self, field: str) -> Callable[[Params], Awaitable[Json]]:
        """A language that has nothing of its own shows what everybody sees."""

        async def act(params: Params) -> Json:
            own = self._world.profile.get((field, self._code(params)))
            return {field: own or self._world.profile.get((field, ""), "")}

        return act

    async def _set_menu(self, params: Params) -> bool:
        self._world.menu = params.get("menu_button", {"type": "default"})
        return True

    async def _get_menu(self, _: Params) -> Json:
        return self._world.menu

    def _code(self, params: Params) -> str:
        code = str(params.get("language_code", ""))
        if not _LANGUAGE.fullmatch(code):
            raise bad_request("invalid language code specified")
        return code

    async def _get_file(self, params: Params) -> Json:
        content = self._world.files.get(params["file_id"])
        if content is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(content) > self._world.table.largest("getFile.size"):
            raise bad_request("file is too big")
        name = params["file_id"]
        size = len(content) + self._world.size_told_off_by
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": self._world.link(name)}

    async def _get_chat(self, params: Params) -> Json:
        return self._world.chat(params["chat_id"]).shown

    async def _leave_chat(self, params: Params) -> bool:
        chat = self._world.chat(params["chat_id"])
        if chat.shown["type"] == "private":
            raise bad_request("can't leave private chats")
        chat.refuses = Refusal(403, "Forbidden: bot is not a member of the group chat")
        return True


class Raw(bytes):
    """A result that is JSON already."""


def encoded(result: Any) -> bytes:
    if isinstance(result, Raw):
        return b'{"ok":true,"result":' + result + b"}"
    return json.dumps({"ok": True, "result": result}).encode()


def _check_inline(button: Json, chat: Chat) -> None:
    kinds = _KINDS_OF_BUTTON & button.keys()
    if len(kinds) != 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "url" in kinds and urlsplit(button["url"]).scheme not in ("http", "https", "tg", "tel"):
        raise bad_request("BUTTON_URL_INVALID")
    app = button.get("web_app")
    if app and (chat.shown["type"] != "private" or urlsplit(app["url"]).scheme != "https"):
        raise bad_request("BUTTON_TYPE_INVALID")
