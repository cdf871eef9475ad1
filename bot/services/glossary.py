"""The glossary of a language: what a word of the field is called, so that children always meet the same one.

A term is a version of an entry, as settings are; it changes no text, so it counts at once and needs no second person.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.errors import Conflict
from bot.services.content_desk import DRAFT, WITHDRAWN, Row, Rows, Step
from bot.services.officers.ports import Conn, Database
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

TERM: Final = "term"
LONGEST: Final = 200
_ENGLISH: Final = re.compile(r"[^\W\d_][\w '’-]{0,59}")


@dataclass(frozen=True, slots=True)
class Term:
    """`english`: in small letters.  `words`: how it is said; `note`: what else to know.  `version`: the newest."""

    english: str
    words: str
    note: str
    version: int

    def is_in(self, text: str) -> bool:
        """Whether an English text uses the term, alone or with a plural's s."""
        return re.search(rf"(?<!\w){re.escape(self.english)}s?(?!\w)", text.casefold()) is not None


class Glossary:
    """Terms are kept as entries in the state of a draft: replicas need not look at them."""

    def __init__(self, database: Database, *, rows: Rows, ledger: Ledger) -> None:
        self._database = database
        self._rows = rows
        self._ledger = ledger

    async def terms(self, lang: str) -> list[Term]:
        """In the order of the English."""
        rows = await self._database.read(lambda conn: self._rows.newest(conn, TERM))
        found = [_term(row) for row in rows if row.item.startswith(f"{lang}/") and row.state != WITHDRAWN]
        return sorted(found, key=lambda term: term.english)

    async def put(self, who: Signed, lang: str, english: str, words: str, note: str, *, now: int) -> bool:
        """Say what a term is called, or with empty `words` forget it; false where that cannot be a term."""
        english = " ".join(english.casefold().split())
        if not _ENGLISH.fullmatch(english) or len(words) > LONGEST or len(note) > LONGEST:
            return False
        item, entry = f"{lang}/{english}", json.dumps({"words": words, "note": note}, ensure_ascii=False)

        def work(conn: Conn) -> bool:
            past: Sequence[Row] = self._rows.history(conn, TERM, item)
            version = past[0].version + 1 if past else 1
            state = DRAFT if words else WITHDRAWN
            if state == WITHDRAWN and (not past or past[0].state == WITHDRAWN):
                return False
            self._rows.add(conn, Step(TERM, item, version, state, who.account.id, entry, now // HOUR_S))
            write_entry(self._ledger, conn, who=who.key, act="glossary", now=now)
            return True

        try:
            return await self._database.write(work)
        except Conflict:  # somebody wrote the same term this very moment: theirs stands and is shown
            return False


def used(terms: Sequence[Term], english: str, words: str) -> list[tuple[Term, bool]]:
    """The terms an English text uses, each with whether the translation says it as agreed."""
    return [(term, term.words.casefold() in words.casefold()) for term in terms if term.is_in(english)]


def _term(row: Row) -> Term:
    told: Mapping[str, str] = json.loads(row.entry)
    return Term(row.item.partition("/")[2], told["words"], told["note"], row.version)
