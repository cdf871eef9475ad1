"""Updates and messages as the real server writes them: the fields that matter, with made-up people.

https://core.telegram.org/bots/api#available-types
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def user(user_id: int, name: str, language_code: str | None = None) -> Json:
    shown: Json = {"id": user_id, "is_bot": False, "first_name": name}
    if language_code:
        shown["language_code"] = language_code
    return shown


def private_chat(person: Mapping[str, Any]) -> Json:
    return {"id": person["id"], "first_name": person["first_name"], "type": "private"}


def group_chat(chat_id: int, title: str) -> Json:
    return {"id": chat_id, "title": title, "type": "group", "all_members_are_administrators": True}


def message(message_id: int, person: Mapping[str, Any], chat: Mapping[str, Any], at: int, **content: Any) -> Json:
    return {"message_id": message_id, "from": dict(person), "chat": dict(chat), "date": at, **content}


def command(text: str) -> Json:
    """The content of a message that begins with a command."""
    length = len(text.split()[0])
    return {"text": text, "entities": [{"offset": 0, "length": length, "type": "bot_command"}]}


def press(query_id: str, person: Mapping[str, Any], on: Mapping[str, Any], data: str) -> Json:
    return {
        "id": query_id,
        "from": dict(person),
        "message": dict(on),
        "chat_instance": "-3141592653589793238",
        "data": data,
    }


def voice(seconds: int = 4, file_id: str = "AwACAgQ-made-up-file", size: int = 9000, kind: str = "voice") -> Json:
    shown = {"file_id": file_id, "file_unique_id": f"{file_id}-unique", "file_size": size}
    return {kind: shown | {"duration": seconds, "mime_type": "audio/ogg"}}


def music() -> Json:
    return {"audio": _file("CQACAgQ", size=52000) | {"duration": 200, "mime_type": "audio/mpeg", "title": "Made up"}}


def video_note() -> Json:
    return {"video_note": _file("DQACAgQ", size=52000) | {"length": 240, "duration": 5}}


def sticker() -> Json:
    return {
        "sticker": _file("CAACAgI", size=22000)
        | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
    }


def photo(album: str | None = None, caption: str | None = None) -> Json:
    sizes = [_file(f"AgACAgQ{n}", size=1500 * n) | {"width": 90 * n, "height": 60 * n} for n in (1, 3)]
    content: Json = {"photo": sizes}
    if album:
        content["media_group_id"] = album
    if caption:
        content["caption"] = caption
    return content


def document() -> Json:
    return {"document": _file("BQACAgQ", size=52000) | {"file_name": "page.pdf", "mime_type": "application/pdf"}}


def contact(person: Mapping[str, Any]) -> Json:
    return {"contact": {"phone_number": "0", "first_name": person["first_name"], "user_id": person["id"]}}


def location() -> Json:
    return {"location": {"latitude": 31.5, "longitude": 74.3}}


def poll() -> Json:
    options = [{"persistent_id": str(n), "text": word, "voter_count": 0} for n, word in enumerate(("a", "b"))]
    return {
        "poll": {
            "id": "5",
            "question": "?",
            "options": options,
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    }


def forwarded(text: str, at: int) -> Json:
    origin = {"type": "hidden_user", "sender_user_name": "somebody", "date": at - 3600}
    return {"text": text, "forward_origin": origin}


def membership(person: Mapping[str, Any], chat: Mapping[str, Any], bot: Mapping[str, Any], at: int, now: str) -> Json:
    """`now`: the bot's new status: "member", "kicked" (blocked, in a private chat) or "left"."""
    before = "left" if now == "member" and chat["type"] != "private" else "kicked" if now == "member" else "member"
    return {
        "from": dict(person),
        "chat": dict(chat),
        "date": at,
        "old_chat_member": _member(bot, before),
        "new_chat_member": _member(bot, now),
    }


def _member(bot: Mapping[str, Any], status: str) -> Json:
    return {"user": dict(bot), "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _file(prefix: str, *, size: int) -> Json:
    return {"file_id": f"{prefix}-made-up-file", "file_unique_id": f"{prefix}-unique", "file_size": size}
