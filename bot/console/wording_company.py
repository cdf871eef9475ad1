"""Translators beside one another: who is at the same text just now, what readers reported, and words taken over in one go."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol

from bot.core.voice import MATTERS
from bot.core.writes import Tally
from bot.services.officers.ports import Conn, Database
from bot.services.wording_desk import MISSING, Line

AT_IT_S: Final = 600
"""So long after opening a text somebody counts as being at it."""
MOST_AT_ONCE: Final = 40
"""Suggestions taken over with one press: a form has at most 64 fields."""
TAKE: Final = "take."

Reported = Callable[[str], Awaitable[frozenset[str]]]
"""Language → beginnings of the ids of texts that readers found hard to read, wrong or lacking something."""

_TROUBLES: Final = frozenset(MATTERS) - {"helped"}


async def nothing_reported(lang: str) -> frozenset[str]:
    return frozenset()


class Visits(Protocol):
    def join(self, conn: Conn, lang: str, text: str, account: str, now: int, lasts_s: int) -> Sequence[str]: ...

    def leave(self, conn: Conn, lang: str, text: str, account: str) -> None: ...


class Company:
    """Who has which text open, in every replica; that two save at once is noticed anyway, whatever stands here."""

    def __init__(self, database: Database, rows: Visits) -> None:
        self._database = database
        self._rows = rows

    async def joins(self, account: str, lang: str, text: str, now: int) -> Sequence[str]:
        """Note that `account` opened a text; the others who are at it."""
        return await self._database.write(lambda conn: self._rows.join(conn, lang, text, account, now, AT_IT_S))

    async def leaves(self, account: str, lang: str, text: str) -> None:
        """Saved: whoever did is no longer at it."""
        await self._database.write(lambda conn: self._rows.leave(conn, lang, text, account))


def reported_in(tallies: Sequence[tuple[Tally, int]], lang: str) -> frozenset[str]:
    """Beginnings of the ids of texts that were reported in `lang`: "page:my-rights" stands for "page.my-rights."."""
    found = set()
    for tally, count in tallies:
        item, _, matter = tally.item.rpartition(":")
        if count > 0 and tally.lang == lang and matter in _TROUBLES:
            found.add(item.replace(":", ".") + ".")
    return frozenset(found)


def ready_words(lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """Texts without words whose very English was translated elsewhere, with those words: what can be taken over unread.

    Safety-critical texts are left out, and so is a sentence that was translated in two ways.
    """
    memory: dict[str, set[str]] = {}
    for line in lines:
        if line.words and not line.stale:
            memory.setdefault(line.source.en, set()).add(line.words)
    found = []
    for line in lines:
        known = memory.get(line.source.en, set())
        if line.state == MISSING and not line.source.critical and len(known) == 1:
            found.append((line, next(iter(known))))
    return found[:MOST_AT_ONCE]


def taken(form: Mapping[str, object]) -> frozenset[str]:
    """Ids whose box was ticked."""
    return frozenset(name.removeprefix(TAKE) for name in form if name.startswith(TAKE))
