"""Notes of what was sent: gathered, written together, kept when the database fails."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.core.errors import StorageError
from bot.services.books import Books, Page, Seen
from bot.stores import BookShelf
from tests.helpline import Helpline
from tests.services.rows import rows_of

CHAT, OTHER = b"c" * 32, b"o" * 32


@pytest.fixture
def books(helpline: Helpline) -> Books:
    return Books(BookShelf(helpline.database, lambda: helpline.now))


async def test_what_was_sent_no_longer_waits(helpline: Helpline, books: Books) -> None:
    sara = helpline.reporter()
    await sara.opens()
    (out,) = sara.outgoing
    books.sent(out.post, CHAT, 77)
    await books.flush()

    assert out.post not in {row["id"] for row in await rows_of(helpline.database, "outbox")}
    assert await books.messages_of((CHAT,)) == (77,)


async def test_what_can_never_be_sent_no_longer_waits_either(helpline: Helpline, books: Books) -> None:
    sara = helpline.reporter()
    await sara.opens()
    for out in sara.outgoing:
        books.dropped(out.post)
    await books.flush()

    assert await rows_of(helpline.database, "outbox") == []
    assert await books.messages_of((CHAT,)) == ()


async def test_what_must_wait_waits_as_long_as_it_was_told(helpline: Helpline, books: Books) -> None:
    sara = helpline.reporter()
    await sara.opens()
    (out,) = sara.outgoing
    books.later(out.post, 6.5)
    await books.flush()

    (row,) = [row for row in await rows_of(helpline.database, "outbox") if row["id"] == out.post]
    assert row["due_at"] == helpline.now + 7


async def test_ids_are_kept_for_each_chat_apart(books: Books) -> None:
    books.heard(CHAT, 1)
    books.heard(OTHER, 2)
    books.heard(CHAT, 3)
    books.heard(b"", 4)

    assert await books.messages_of((CHAT,)) == (3, 1)
    assert await books.messages_of((OTHER,)) == (2,)


async def test_what_was_swept_is_forgotten(books: Books) -> None:
    books.heard(CHAT, 1)
    books.heard(CHAT, 2)
    await books.forget((CHAT,), await books.messages_of((CHAT,)))

    assert await books.messages_of((CHAT,)) == ()


@dataclass
class Shelf:
    """Fails as often as it is told to, and takes its time."""

    failures: int = 0
    slow: asyncio.Event | None = None
    pages: list[Page] = field(default_factory=list)

    async def write(self, page: Page) -> None:
        if self.slow:
            await self.slow.wait()
        if self.failures:
            self.failures -= 1
            raise StorageError("injected")
        self.pages.append(page)

    async def messages_of(self, conversations: object, *, fading: bool) -> tuple[int, ...]:
        return tuple(seen.message for page in self.pages for seen in page.seen if seen.fading or not fading)

    async def forget(self, conversations: object, messages: object) -> None:
        pass


async def test_a_page_that_could_not_be_written_is_written_later_with_the_newer_notes() -> None:
    shelf = Shelf(failures=1)
    books = Books(shelf)
    books.sent(b"one", CHAT, 1)
    assert not await books.flush()
    books.sent(b"two", CHAT, 2)

    assert await books.flush()
    assert [(page.done, page.seen) for page in shelf.pages] == [([b"one", b"two"], [Seen(CHAT, 1), Seen(CHAT, 2)])]


async def test_whoever_asks_for_messages_waits_for_the_page_that_is_being_written() -> None:
    """Otherwise leaving fast would miss the message shown a moment ago."""
    shelf = Shelf(slow=asyncio.Event())
    books = Books(shelf)
    books.heard(CHAT, 1)
    writing = asyncio.create_task(books.flush())
    await asyncio.sleep(0)
    asking = asyncio.create_task(books.messages_of((CHAT,)))
    await asyncio.sleep(0)
    assert shelf.slow is not None
    shelf.slow.set()

    assert await asking == (1,)
    assert await writing


async def test_without_notes_nothing_is_written() -> None:
    shelf = Shelf()
    await Books(shelf).flush()

    assert shelf.pages == []
