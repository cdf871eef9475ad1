"""What the translators' desk shows beside a text: differences, suggestions, previews, and which texts a filter keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Final

from rapidfuzz import fuzz, process

from bot.content.model import CHAT
from bot.core.effects import Text
from bot.services.wording_desk import DRAFT, MISSING, PUBLISHED, REVIEWED, Line, WordingDesk
from bot.wording.live import LiveWording

ALIKE_FROM: Final = 70.0
"""Percent of likeness below which a translation of another sentence helps nobody."""
SUGGESTED: Final = 4
BUTTONS_SHOWN: Final = 4

Keeps = Callable[[Line, frozenset[str], Callable[[Line], bool]], bool]
FILTERS: Final[Mapping[str, Keeps]] = {
    "all": lambda line, voiced, failing: True,
    "missing": lambda line, voiced, failing: line.state == MISSING,
    "unreviewed": lambda line, voiced, failing: line.state == DRAFT,
    "approved": lambda line, voiced, failing: line.state == REVIEWED,
    "stale": lambda line, voiced, failing: line.stale,
    "critical": lambda line, voiced, failing: line.source.critical,
    "silent": lambda line, voiced, failing: line.source.domain == CHAT and line.id not in voiced,
    "spoken": lambda line, voiced, failing: True,
    "failing": lambda line, voiced, failing: failing(line),
    "reported": lambda line, voiced, failing: True,
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`score`: how alike the English is, in percent; 0 for words of a fallback language, named in `lang`."""

    words: str
    english: str
    score: int
    lang: str


def matches(line: Line, find: str) -> bool:
    """Whether id, English or words hold what was looked for."""
    wanted = find.casefold().strip()
    return not wanted or any(wanted in text.casefold() for text in (line.id, line.source.en, line.words))


def standing_of(lines: Sequence[Line], voiced: frozenset[str]) -> dict[str, int]:
    """How much of what readers see is there: texts in all, with words, agreed by a person, and heard."""
    chat = [line for line in lines if line.source.domain == CHAT]
    return {
        "all": len(chat),
        "words": sum(line.state != MISSING for line in chat),
        "agreed": sum(line.state in (REVIEWED, PUBLISHED) and not line.stale for line in chat),
        "heard": sum(line.id in voiced for line in chat),
    }


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """("same" | "gone" | "new", words) pieces, in reading order."""
    old, new = before.split(), after.split()
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(old[a:b])))
            continue
        found += [("gone", " ".join(old[a:b]))] if b > a else []
        found += [("new", " ".join(new[c:d]))] if d > c else []
    return found


def suggestions(live: LiveWording, lang: str, id: str, lines: Sequence[Line]) -> list[Suggestion]:
    """Translations of the same or a like sentence, the likest first; then what the fallback languages say."""
    wanted = next(line.source.en for line in lines if line.id == id)
    memory = {line.id: line.source.en for line in lines if line.id != id and line.words}
    words = {line.id: line.words for line in lines}
    close = process.extract(wanted, memory, scorer=fuzz.ratio, score_cutoff=ALIKE_FROM, limit=SUGGESTED)
    found = {words[other]: Suggestion(words[other], english, int(score), "") for english, score, other in close}
    for tag in live.wording.registry.languages[lang].fallback:
        said = live.catalogs[tag].texts.get(id, "")
        if said and tag != "en":
            found.setdefault(said, Suggestion(said, "", 0, tag))
    return list(found.values())


def preview_of(desk: WordingDesk, lang: str, id: str) -> list[str]:
    """Labels of the buttons that stand below this text, where it is the text of a screen or a question."""
    wording = desk.live.wording
    for screen in desk.content.screens.values():
        if id in screen.texts.values():
            return [wording.label(lang, Text(choice.label)) for choice in screen.choices][:BUTTONS_SHOWN]
    for ask in desk.content.asks:
        if id in (ask.text, ask.title):
            return [wording.label(lang, Text(choice.label)) for choice in ask.choices][:BUTTONS_SHOWN]
    return []


def day_of(hour: int) -> str:
    """ISO date and hour, UTC."""
    return datetime.fromtimestamp(hour * 3_600, UTC).strftime("%Y-%m-%d %H:00")
