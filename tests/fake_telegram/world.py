"""What the fake server knows: its clock, chats and messages, updates not yet confirmed, and all that was asked of it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram.shapes import Json
from tests.fake_telegram.table import Refusal, Table, bad_request

BOT_ID = 1234567
TOKEN = "1234567:fake-token-of-the-test-server-only"
LINK_LIVES_S = 3600
"""Bot API, getFile: "the link will be valid for at least 1 hour"; here for no second more."""


class Clock:
    """Simulated seconds since the epoch; moves only when told."""

    def __init__(self, now: int = 1_760_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now += seconds


@dataclass(slots=True)
class Note:
    """A message in a chat.  `changed`: its place in the order of all that happened; `ours`: sent by the bot."""

    id: int
    at: int
    ours: bool
    content: Json
    changed: int
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def buttons(self) -> tuple[Json, ...]:
        """Buttons under the message, in reading order."""
        rows = self.content.get("reply_markup", {}).get("inline_keyboard", ())
        return tuple(button for row in rows for button in row)


@dataclass(slots=True)
class Chat:
    """`refuses`: how the server answers whoever writes here, when it does not deliver."""

    shown: Json
    notes: dict[int, Note] = field(default_factory=dict)
    keyboard: Json | None = None
    refuses: Refusal | None = None

    @property
    def id(self) -> int:
        return int(self.shown["id"])

    def visible(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes.values() if not note.deleted)


@dataclass(slots=True)
class Pending:
    """An update that the bot has not confirmed yet.  `at`: simulated time of birth."""

    update_id: int
    chat_id: int
    at: int
    body: bytes
    tries: int = 0
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot.  `at`: seconds of the event loop's clock; `status`: as answered, 0 when cut off."""

    at: float
    method: str
    params: Json
    status: int


@dataclass(slots=True)
class Webhook:
    url: str = ""
    secret: str | None = None
    connections: int = 40
    last_error_at: int | None = None
    last_error: str = ""


class World:
    def __init__(self, clock: Clock | None = None, table: Table | None = None) -> None:
        self.clock = clock or Clock()
        self.table = table or Table()
        self.me: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Fake",
            "username": "fake_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.chats: dict[int, Chat] = {}
        self.pending: list[Pending] = []
        self.expired: list[Pending] = []
        self.calls: list[Call] = []
        self.webhook = Webhook()
        self.allowed: tuple[str, ...] = ()
        self.commands: dict[str, list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu: Json = {"type": "default"}
        self.queries: dict[str, int] = {}
        self.toasts: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.links: dict[str, int] = {}
        self.size_told_off_by = 0
        self.uploaded: dict[str, bytes] = {}
        self.polls = 0
        self.changed = asyncio.Condition()
        self._next_update = 700_000_001
        self._next_message = 4_001
        self._order = 0

    # chats

    def chat(self, chat_id: Any) -> Chat:
        """The chat to write to; raises what the server answers when that cannot be."""
        found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None:
            raise bad_request("chat not found")
        if found.refuses is not None:
            raise found.refuses
        return found

    def write(self, chat: Chat, content: Json, *, ours: bool) -> Note:
        """Put a message into a chat; the id is the bot's next, whichever chat it is."""
        note = Note(self._next_message, self.clock(), ours, content, self.tick())
        self._next_message += 1
        content["message_id"] = note.id
        chat.notes[note.id] = note
        return note

    def tick(self) -> int:
        self._order += 1
        return self._order

    @property
    def order(self) -> int:
        return self._order

    # files

    def link(self, file_id: str) -> str:
        """A path under which a file can be fetched for an hour."""
        path = f"files/{file_id}"
        self.links[path] = self.clock() + LINK_LIVES_S
        return path

    def linked(self, path: str) -> bytes | None:
        """What lies under a path that was given out and has not expired."""
        if self.clock() > self.links.get(path, 0):
            return None
        return self.files.get(path.removeprefix("files/"))

    # updates

    def offer(self, kind: str, content: Json, chat_id: int) -> Pending | None:
        """Queue an update for the bot, or None when it did not ask for this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        body = json.dumps({"update_id": self._next_update, kind: content}).encode()
        return self.offer_raw(body, chat_id)

    def offer_raw(self, body: bytes, chat_id: int = 0) -> Pending:
        """Queue bytes as they are: for updates that no server should send."""
        pending = Pending(self._next_update, chat_id, self.clock(), body)
        self._next_update += 1
        self.pending.append(pending)
        return pending

    def next_update_id(self) -> int:
        return self._next_update

    def restart_ids(self, at: int) -> None:
        """After a week without updates the next id is a random one."""
        self._next_update = at

    def confirm(self, pending: Pending) -> None:
        if pending in self.pending:
            self.pending.remove(pending)
        pending.confirmed.set()

    def confirm_below(self, offset: int) -> None:
        for one in [one for one in self.pending if one.update_id < offset]:
            self.confirm(one)

    def drop_expired(self) -> None:
        """The server keeps updates for 24 hours; then they are gone, confirmed or not."""
        oldest = self.clock() - self.table.largest("updates.age")
        old = [one for one in self.pending if one.at < oldest]
        self.expired += old
        self.pending = [one for one in self.pending if one.at >= oldest]

    async def announce(self) -> None:
        """Wake whoever waits for something to happen."""
        async with self.changed:
            self.changed.notify_all()

    # looking back

    def calls_of(self, method: str) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.method == method)

    def sent_to(self, chat_id: int) -> Iterator[Note]:
        """Every message of the bot in a chat, deleted ones too, oldest first."""
        chat = self.chats.get(chat_id)
        return (note for note in chat.notes.values() if note.ours) if chat else iter(())
