"""What no text may say: promises nobody can keep, words that blame or betray (threat model S42, S56; house style).

The words stand in `unsaid.toml`, by language, so that whoever speaks one can add to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.content.tables import Table
from bot.core.words import normal

Phrases = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Language → kind → phrases, as written in the file."""

EVERY_LANGUAGE = "all"

REMEDIES: Mapping[str, str] = {
    "secrecy": "say what is locked and what is not: no path is secret from everybody",
    "promise": "say what we try, not what will happen",
    "order": "this can put a child in danger: offer a choice instead",
    "blame": "say what is true and kind instead",
    "old-word": "use the word of today for the person or the harm",
    "detail": "leave out how harm is done",
}
"""Kind → what to do about it.  One more kind, `betrays`, counts only where others may read along."""

BETRAYS = "betrays"

NEUTRAL_TEXTS = frozenset(
    {
        "left.neutral", "notice.news", "say.group", "web.title", "profile.name", "profile.short", "profile.about",
        "poster.title", "poster.about", "poster.scan", "poster.telegram", "poster.browser",
        "private.name", "private.review-title",
        "command.start", "command.help", "command.leave", "command.language", "command.mail",
    }
)  # fmt: skip
"""Texts that somebody else may see: lists of chats, notices, posters, browser history, what stays after leaving."""


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase that was found, and what to do about it."""

    kind: str
    phrase: str
    remedy: str


def read_unsaid(table: Table) -> Phrases:
    """Read `unsaid.toml`.  Raises `ContentError` when a kind is unknown."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in table.names():
        entry = table.table(language)
        found[language] = {kind: entry.texts(kind) for kind in (*REMEDIES, BETRAYS)}
        entry.close()
    return found


def never_said(phrases: Phrases, lang: str, text: str) -> Iterator[Said]:
    """What `text` says and must not."""
    plain = _level(text)
    for language in (EVERY_LANGUAGE, lang):
        for kind, remedy in REMEDIES.items():
            for phrase in phrases.get(language, {}).get(kind, ()):
                if _wanted(phrase) in plain:
                    yield Said(kind, phrase.strip(), remedy)


def gives_away(phrases: Phrases, lang: str, text: str) -> Iterator[str]:
    """The words in `text` that would betray what this service is."""
    plain = _level(text)
    return (word for word in phrases.get(lang, {}).get(BETRAYS, ()) if _wanted(word) in plain)


def _level(text: str) -> str:
    """One form for all spellings, each word on its own, a space at both ends."""
    return f" {' '.join(map(_word, text.split()))} "


@lru_cache(maxsize=4096)
def _wanted(phrase: str) -> str:
    edge = " " if phrase.startswith(" ") else "", " " if phrase.endswith(" ") else ""
    return edge[0] + _level(phrase).strip() + edge[1]


@lru_cache(maxsize=65536)
def _word(word: str) -> str:
    return normal(word)
