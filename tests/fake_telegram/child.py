"""A scripted person with a phone: writes, presses, sends, blocks, and looks at the screen."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.fake_telegram import shapes
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.shapes import Json
from tests.fake_telegram.table import Refusal
from tests.fake_telegram.world import Chat, Note, Pending
from tests.opus import clip

PATIENCE_S = 10.0
_BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
_DEACTIVATED = Refusal(403, "Forbidden: user is deactivated")


class Child:
    """Each act returns when the bot has acknowledged it; `waits=False` leaves at once."""

    def __init__(
        self,
        telegram: FakeTelegram,
        user_id: int = 555_000_001,
        *,
        name: str = "Made-up",
        language_code: str | None = "ur",
        waits: bool = True,
    ) -> None:
        self._telegram = telegram
        self._world = telegram.world
        self.person = shapes.user(user_id, name, language_code)
        self._waits = waits
        self._looked_at = self._world.order
        self._last: Note | None = None
        self._presses = 0

    @property
    def id(self) -> int:
        return int(self.person["id"])

    @property
    def chat(self) -> Chat:
        """The private chat with the bot; it exists from the first act on."""
        return self._world.chats.setdefault(self.id, Chat(shapes.private_chat(self.person)))

    # acts

    async def starts(self, payload: str = "") -> None:
        await self.writes(f"/start {payload}".strip())

    async def writes(self, text: str) -> None:
        await self._sends(shapes.command(text) if text.startswith("/") else {"text": text})

    async def presses(self, label: str) -> None:
        """Press the newest button that shows `label`: under a message, or on the keyboard below the chat."""
        for note in reversed(self.chat.visible()):
            for button in note.buttons:
                if label in button["text"] and "callback_data" in button:
                    await self.presses_data(button["callback_data"], note)
                    return
        keyboard = (self.chat.keyboard or {}).get("keyboard", ())
        for text in (button["text"] for row in keyboard for button in row):
            if label in text:
                await self.writes(text)
                return
        raise AssertionError(f"no button shows {label!r}\n{self.screen()}")

    async def presses_data(self, data: str, note: Note | None = None) -> str:
        """Press with any data, forged or old; returns the query's id."""
        self._presses += 1
        query_id = f"{self.id}{self._presses:06}"
        self._world.queries[query_id] = self._world.clock()
        on = note or next(reversed(self.chat.visible()), None)
        content = on.content if on else shapes.message(1, self.person, self.chat.shown, self._world.clock())
        await self._does("callback_query", shapes.press(query_id, self.person, content, data))
        return query_id

    async def edits(self, text: str) -> None:
        """Change the own message sent last."""
        assert self._last is not None, "nothing written yet"
        self._last.content |= {"text": text, "edit_date": self._world.clock()}
        await self._does("edited_message", self._last.content)

    async def sends_voice(
        self, content: bytes | None = None, *, seconds: int = 4, caption: str = "", audio: bool = False
    ) -> str:
        """Send a recording, silence if nothing else is given; returns the file's id.  `audio`: as a file of sound."""
        file_id = f"AwACAgQ-{len(self._world.files)}-of-{self.id}"
        self._world.files[file_id] = clip(seconds * 50) if content is None else content
        shown = shapes.voice(seconds, file_id, len(self._world.files[file_id]), kind="audio" if audio else "voice")
        await self._sends(shown | ({"caption": caption} if caption else {}))
        return file_id

    async def sends_again(self, kind: str, *, without: str) -> None:
        """The file sent last, from a phone that tells less about it."""
        assert self._last is not None, "nothing sent yet"
        await self._sends({kind: {k: v for k, v in self._last.content[kind].items() if k != without}})

    async def sends_music(self) -> None:
        await self._sends(shapes.music())

    async def sends_video_note(self) -> None:
        await self._sends(shapes.video_note())

    async def edits_caption(self, caption: str) -> None:
        assert self._last is not None, "nothing sent yet"
        self._last.content |= {"caption": caption, "edit_date": self._world.clock()}
        await self._does("edited_message", self._last.content)

    async def sends_sticker(self) -> None:
        await self._sends(shapes.sticker())

    async def sends_photo(self, caption: str | None = None) -> None:
        await self._sends(shapes.photo(caption=caption))

    async def sends_album(self, pictures: int = 3) -> None:
        """An album is as many messages, one after the other."""
        album = f"album-{self._world.order}"
        for _ in range(pictures):
            await self._sends(shapes.photo(album=album))

    async def sends_document(self) -> None:
        await self._sends(shapes.document())

    async def sends_contact(self) -> None:
        await self._sends(shapes.contact(self.person))

    async def sends_location(self) -> None:
        await self._sends(shapes.location())

    async def forwards(self, text: str) -> None:
        await self._sends(shapes.forwarded(text, self._world.clock()))

    async def blocks(self) -> None:
        self.chat.refuses = _BLOCKED
        await self._joins("kicked", self.chat.shown)

    async def unblocks(self) -> None:
        self.chat.refuses = None
        await self._joins("member", self.chat.shown)

    async def deletes_account(self) -> None:
        """No update tells of it; only writing to the chat does."""
        self.chat.refuses = _DEACTIVATED

    async def adds_to_group(self, group_id: int = -400_000_001) -> Chat:
        group = Chat(shapes.group_chat(group_id, "Made-up group"))
        self._world.chats[group_id] = group
        await self._joins("member", group.shown)
        return group

    async def writes_in(self, group: Chat, text: str) -> None:
        content = shapes.message(0, self.person, group.shown, self._world.clock(), **shapes.command(text))
        self._world.write(group, content, ours=False)
        await self._does("message", content, group)

    # looking

    async def sees(self, text: str = "", *, buttons: Sequence[str] = (), within_s: float = PATIENCE_S) -> Note:
        """Wait for a message with this text and these buttons, new or changed since the last act."""
        try:
            async with asyncio.timeout(within_s):
                while (found := self._find(text, buttons)) is None:
                    async with self._world.changed:
                        await self._world.changed.wait()
        except TimeoutError:
            wanted = f"{text!r} with {list(buttons)}" if buttons else repr(text)
            raise AssertionError(f"did not see {wanted}\n{self.screen()}") from None
        return found

    async def sees_nothing_new(self, for_s: float = 0.2) -> None:
        await asyncio.sleep(for_s)
        assert self._find("", ()) is None, f"something came\n{self.screen()}"

    def does_not_see(self, text: str) -> None:
        assert not any(text in note.text for note in self.chat.visible()), f"{text!r} is there\n{self.screen()}"

    def screen(self) -> str:
        """The chat as the phone shows it."""
        lines = []
        for note in self.chat.visible():
            lines.append(("bot: " if note.ours else "me:  ") + (note.text or "(no words)"))
            lines += [f"     [{button['text']}]" for button in note.buttons]
        keyboard = (self.chat.keyboard or {}).get("keyboard", ())
        lines += ["     | " + " | ".join(button["text"] for button in row) for row in keyboard]
        return "\n".join(lines)

    def _find(self, text: str, buttons: Sequence[str]) -> Note | None:
        for note in reversed(self.chat.visible()):
            labels = [button["text"] for button in note.buttons]
            if (
                note.ours
                and note.changed > self._looked_at
                and text in note.text
                and all(any(wanted in label for label in labels) for wanted in buttons)
            ):
                return note
        return None

    # doing

    async def _sends(self, content: Json) -> None:
        shown = shapes.message(0, self.person, self.chat.shown, self._world.clock(), **content)
        self._last = self._world.write(self.chat, shown, ours=False)
        await self._does("message", self._last.content)

    async def _joins(self, status: str, shown: Json) -> None:
        bot = {key: self._world.me[key] for key in ("id", "is_bot", "first_name", "username")}
        content = shapes.membership(self.person, shown, bot, self._world.clock(), status)
        await self._does("my_chat_member", content, self._world.chats[shown["id"]])

    async def _does(self, kind: str, content: Json, chat: Chat | None = None) -> Pending | None:
        self._looked_at = self._world.order
        pending = self._world.offer(kind, content, (chat or self.chat).id)
        await self._world.announce()
        if pending is not None and self._waits:
            try:
                await asyncio.wait_for(pending.confirmed.wait(), PATIENCE_S)
            except TimeoutError:
                raise AssertionError(f"the bot has not acknowledged {kind} {pending.update_id}") from None
        return pending


def button_data(note: Note, label: str) -> Any:
    """What the button that shows `label` carries."""
    return next(button["callback_data"] for button in note.buttons if label in button["text"])
