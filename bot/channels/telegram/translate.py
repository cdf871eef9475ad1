"""From an update to an event: only what the core needs, nothing of who sent it but the chat's id.

Nothing in an update is trusted: any field may be missing, of another type, or hostile.  What cannot be read gets one kind
generic answer (R5).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.counting import campaign_of
from bot.core.events import AskedHelp, Chose, Event, Left, Sent, Started, Wrote
from bot.core.note import VoiceNote
from bot.core.private import Private

_COMMAND = re.compile(r"/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
_PRESS = re.compile(r"([0-9]{1,9}):(.{1,54})", re.DOTALL)

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,512}")
_SOUNDS = ("audio/ogg", "audio/opus")

_DOORS = {"language": "!language", "mail": "!mail", "tell": "!tell", "home": "!home"}
_ATTACHED = {
    "voice": "voice", "audio": "voice", "video_note": "picture", "photo": "picture", "video": "picture",
    "animation": "picture", "document": "file",
}  # fmt: skip
"""Kinds of content (Bot API, Message) → what the core calls them; every other kind is "other"."""


@dataclass(frozen=True, slots=True)
class Heard:
    """`event` none: nothing to answer.  `message`: id of what the reporter sent, so that it can be swept away.

    `press`: id of the press to acknowledge.  `album`: id shared by pictures sent together.
    `odd`: it has words that cannot be read.
    """

    chat: int
    event: Event | None
    message: int | None = None
    press: str | None = None
    album: str | None = None
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Somebody added us to a group: a place where others read along."""

    chat: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """The reporter stopped the bot: end cleanly (R8)."""

    chat: int


def translate(update: Mapping[str, Any], now: int) -> Heard | Group | Blocked | None:
    """Return what happened; none for updates that concern nobody."""
    for kind in ("message", "edited_message"):
        if isinstance(message := update.get(kind), dict):
            return _message(message, now, edited=kind == "edited_message")
    if isinstance(press := update.get("callback_query"), dict):
        return _press(press, now)
    if isinstance(member := update.get("my_chat_member"), dict):
        return _member(member)
    return None


def _message(message: Mapping[str, Any], now: int, *, edited: bool) -> Heard | Group | None:
    chat = _chat(message)
    if chat is None:
        return None
    if not _private(message):
        return Group(chat)
    id = message.get("message_id")
    own = id if isinstance(id, int) and not isinstance(id, bool) else None
    album = message.get("media_group_id")
    odd = any(message.get(kind) and _words(message[kind]) is None for kind in ("text", "caption"))
    return Heard(chat, _said(message, now, edited), own, album=album if isinstance(album, str) else None, odd=odd)


def _said(message: Mapping[str, Any], now: int, edited: bool) -> Event | None:
    text = _words(message.get("text"))
    if text is not None:
        return _written(text, now, edited, _hint(message.get("from")))
    what = next((name for field, name in _ATTACHED.items() if field in message), "other")
    caption = _words(message.get("caption"))
    words = Private(caption) if caption else None
    if edited and what == "voice":  # only the words under it can be changed: the sound was taken before
        return Wrote(now, words, True) if words else None
    return Sent(now, what, words, voice=_voice(message))


def _voice(message: Mapping[str, Any]) -> VoiceNote | None:
    """A voice note, or a file of the same kind of sound; whether it is one is seen from its content later (S34)."""
    voice, audio = message.get("voice"), message.get("audio")
    if not isinstance(voice, dict):
        voice = audio if isinstance(audio, dict) and audio.get("mime_type") in _SOUNDS else {}
    reference = voice.get("file_id")
    if not isinstance(reference, str) or not _FILE_ID.fullmatch(reference):
        return None
    return VoiceNote(Private(reference), _count(voice.get("duration")), _count(voice.get("file_size")))


def _count(number: object) -> int:
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**53 else 0


def _written(text: str, now: int, edited: bool, hint: str) -> Event:
    command = None if edited else _COMMAND.fullmatch(text.strip())
    if command is None:
        return Wrote(now, Private(text), edited)
    rest = command[2] or ""
    match command[1].lower():
        case "start":
            return Started(now, campaign_of(rest), hint)
        case "help":
            return AskedHelp(now)
        case "leave" | "stop" | "exit":
            return Left(now)
        case door if door in _DOORS and not rest:
            return Chose(now, _DOORS[door], 0)
    return Wrote(now, Private(text))


def _hint(sender: object) -> str:
    """The language of the phone, which orders the picker and is kept nowhere; it may be missing or wrong (Bot API, User)."""
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return code[:16] if isinstance(code, str) else ""


def _press(press: Mapping[str, Any], now: int) -> Heard | None:
    message, id, data = press.get("message"), press.get("id"), press.get("data")
    chat = _chat(message) if isinstance(message, dict) else None
    if chat is None or not isinstance(message, dict) or not _private(message):
        return None
    known = _PRESS.fullmatch(data) if isinstance(data, str) else None
    event = Chose(now, known[2], int(known[1])) if known else Chose(now, "", -1)
    return Heard(chat, event, press=id if isinstance(id, str) else None)


def _member(member: Mapping[str, Any]) -> Group | Blocked | None:
    chat, new = _chat(member), member.get("new_chat_member")
    status = new.get("status") if isinstance(new, dict) else None
    if chat is None:
        return None
    if not _private(member):
        return Group(chat) if status in ("member", "administrator", "restricted") else None
    return Blocked(chat) if status in ("kicked", "left") else None


def _chat(holder: Mapping[str, Any]) -> int | None:
    chat = holder.get("chat")
    id = chat.get("id") if isinstance(chat, dict) else None
    # 52 bits at most (Bot API, Chat): larger numbers are forged and would not fit the ticket
    return id if isinstance(id, int) and not isinstance(id, bool) and abs(id) < 2**53 else None


def _private(holder: Mapping[str, Any]) -> bool:
    chat = holder.get("chat")
    return isinstance(chat, dict) and chat.get("type", "private") == "private"


def _words(text: object) -> str | None:
    """Text that can be sealed and shown again: half characters become a mark (S4)."""
    if not isinstance(text, str) or not text:
        return None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
