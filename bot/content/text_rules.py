"""Every text exists, fits where it stands, keeps its numbers and placeholders, and says nothing that must not be said."""

import re
from collections.abc import Iterator, Mapping

from bot.content.finding import Finding
from bot.content.model import CHAT, Content, to_children
from bot.content.text_book import BUTTON_LIMIT
from bot.content.unsaid import NEUTRAL_TEXTS, gives_away, never_said
from bot.core.texts import ENGINE_TEXTS
from bot.core.words import normal, numerals, placeholders

FILLED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "help.line": (frozenset({"name", "phone", "for"}), frozenset()),
    "help.line-then": (frozenset({"name", "phone", "then", "for"}), frozenset()),
    "help.web": (frozenset({"name", "web", "for"}), frozenset()),
    "help.region": (frozenset({"place"}), frozenset()),
    "directory.how": (frozenset({"name"}), frozenset()),
    "directory.detail": (frozenset({"line", "detail"}), frozenset()),
    "laws.row-age": (frozenset({"place", "age"}), frozenset()),
    "laws.row-ages": (frozenset({"place", "girls", "boys"}), frozenset()),
    "laws.row-span": (frozenset({"place", "from", "to"}), frozenset()),
    "laws.remarked": (frozenset({"row", "remark"}), frozenset()),
    "laws.read": (frozenset({"date"}), frozenset()),
    "tool.ticked": (frozenset({"line"}), frozenset()),
    "tool.open": (frozenset({"line"}), frozenset()),
    "ask.progress": (frozenset({"step", "steps"}), frozenset()),
    "ask.place-within": (frozenset({"place"}), frozenset()),
    "review.answered": (frozenset({"title"}), frozenset({"answer"})),
    "review.skipped": (frozenset({"title"}), frozenset()),
    "review.written": (frozenset({"title"}), frozenset()),
    "code.show": (frozenset({"code"}), frozenset()),
    "sent.later": (frozenset({"time"}), frozenset()),
    "mail.reply": (frozenset({"text"}), frozenset()),
    "mail.until": (frozenset({"date"}), frozenset()),
    "note.too-long": (frozenset({"minutes"}), frozenset()),
    "private.recording": (frozenset({"time", "left"}), frozenset()),
    "private.picture-hint": (frozenset({"count"}), frozenset()),
    "note.too-many": (frozenset({"count"}), frozenset()),
    "time.today": (frozenset({"clock"}), frozenset()),
    "time.on": (frozenset({"day", "clock"}), frozenset()),
}
"""What the engine fills in: the placeholders a text must have, and those it may have.  All others have none."""

MESSAGE_LIMIT = 1000
"""Characters of any text: longer ones are not read, and several share a message of 4,096 (Bot API)."""

MISSING_AT_MOST = 0.05
"""Share of the texts that a language offered to children may lack."""

U12_WORDS = 8
"""Words in a sentence for the youngest; the house style aims at eight."""

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NUMBER_LOOKING = re.compile(r"\+?[0-9][0-9 ()-]*[0-9]")
_SENTENCE_END = re.compile(r"[.!?:\n]+")
_WORDLIKE = re.compile(r"\w[\w'’-]*")


def text_findings(content: Content) -> Iterator[Finding]:
    """Check the English texts."""
    yield from _missing(content)
    labels = button_ids(content)
    for id, source in content.texts.items():
        limit = source.limit or (BUTTON_LIMIT if id in labels else MESSAGE_LIMIT)
        if len(source.en) > limit:
            kind = "long-button" if id in labels else "long-text"
            yield Finding(source.where, kind, f'"{id}" has {len(source.en)} characters', f"say it in {limit}")
        if to_children(id, source):
            yield from _numbers(id, source.en, source.where)
            yield from _unsaid(content, "en", id, source.en, source.where)
        yield from _placeholders(id, source.en, source.where)
        if id.endswith(".u12") and not id.startswith("screen.who"):
            yield from _long_sentences(id, source.en, source.where)


def catalog_findings(content: Content, lang: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Check one language that is offered: nearly complete, same numbers, same placeholders, buttons that fit.

    What is missing shows in the next language of its chain: better than a wrong sentence.  The engine's own words may not
    be missing, for they stand on every screen.
    """
    remedy = "translate it, or do not offer the language"
    missing = [id for id, s in content.texts.items() if s.domain == CHAT and not texts.get(id, "").strip()]
    total = sum(s.domain == CHAT for s in content.texts.values())
    for id in missing:
        if id in ENGINE_TEXTS:
            yield Finding(f"locales/{lang} ({id})", "untranslated", f'"{id}" has no text in {lang}', remedy)
    if len(missing) > total * MISSING_AT_MOST:
        what = f"{len(missing)} of {total} texts are missing in {lang}, as {missing[0]}"
        yield Finding(f"locales/{lang}", "untranslated", what, remedy)
    yield from draft_findings(content, lang, texts)


def draft_findings(content: Content, lang: str, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Check what there is of a language: same numbers, same placeholders, buttons that fit, nothing forbidden."""
    labels = button_ids(content)
    for id, source in content.texts.items():
        where, said = f"locales/{lang} ({id})", texts.get(id, "")
        if not to_children(id, source) or not said.strip():
            continue
        if placeholders(said) != placeholders(source.en):
            yield Finding(
                where, "placeholder", f'"{id}" has other placeholders than English', "keep each {name} as it is"
            )
        if numerals(said) != numerals(source.en):
            yield Finding(where, "numeral", f'"{id}" has other numbers than English', "keep each number as it is")
        limit = source.limit or (BUTTON_LIMIT if id in labels else None)
        if limit and len(said) > limit:
            kind = "long-button" if id in labels else "long-text"
            yield Finding(where, kind, f'"{id}" has {len(said)} characters in {lang}', f"say it in {limit}")
        yield from _unsaid(content, lang, id, said, where)


def _missing(content: Content) -> Iterator[Finding]:
    for id in ENGINE_TEXTS:
        if id not in content.texts:
            yield Finding("say.toml", "engine-text", f'the engine says "{id}", which is missing', "add it with a note")
    for where, id in _used(content):
        if id not in content.texts:
            yield Finding(where, "missing-text", f'the text "{id}" is missing', "add it, or correct the label_id")


def _used(content: Content) -> Iterator[tuple[str, str]]:
    for screen in content.screens.values():
        for id in (*screen.texts.values(), *(t.id for t in screen.more), *(c.label for c in screen.choices)):
            yield f"screens.toml ({screen.id})", id
    for tool in content.tools.values():
        for step in tool.steps:
            for id in (*step.texts.values(), *(o.label for o in step.options)):
                yield f"tools/{tool.id}.toml ({step.id})", id
        for end in tool.outcomes:
            for id in (*end.texts.values(), *(c.label for c in end.choices)):
                yield f"tools/{tool.id}.toml ({end.id})", id
    for ask in content.asks:
        for id in (ask.text, ask.title, *(c.label for c in ask.choices)):
            yield f"report.toml ({ask.id})", id
    for entry in content.helplines:
        for id in filter(None, (entry.line.name, entry.line.who_for, entry.line.hours)):
            yield f"helplines.toml ({entry.line.id})", id
    for rule in content.rules:
        yield "triage.toml", rule.reason


def button_ids(content: Content) -> frozenset[str]:
    """Ids of texts that stand on buttons."""
    own = (c.label for screen in content.screens.values() for c in screen.choices)
    asked = (c.label for ask in content.asks for c in ask.choices)
    titles = (ask.title for ask in content.asks)
    shared = (id for id in content.texts if id.startswith("button."))
    return frozenset((*own, *asked, *titles, *shared))


def _numbers(id: str, text: str, where: str) -> Iterator[Finding]:
    """Phone numbers live in data (DESIGN §4.10): three digits or more look like one, years excepted."""
    for match in _NUMBER_LOOKING.finditer(normal(text) if not text.isascii() else text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= 3 and not _YEAR.fullmatch(digits):
            yield Finding(
                where, "number-in-text", f'"{id}" holds what looks like a phone number', "move it to helplines.toml"
            )
            return


def _placeholders(id: str, text: str, where: str) -> Iterator[Finding]:
    must, may = FILLED.get(id, (frozenset(), frozenset()))
    given = placeholders(text)
    for name in sorted(must - given):
        yield Finding(where, "placeholder", f'"{id}" lacks {{{name}}}', "put it where the value belongs")
    for name in sorted(given - must - may):
        yield Finding(where, "placeholder", f'"{id}" has {{{name}}}, which nobody fills', "remove it")


def _unsaid(content: Content, lang: str, id: str, text: str, where: str) -> Iterator[Finding]:
    for said in never_said(content.unsaid, lang, text):
        yield Finding(where, "never-said", f'"{id}" says "{said.phrase}"', said.remedy)
    if id in NEUTRAL_TEXTS:
        for word in gives_away(content.unsaid, lang, text):
            yield Finding(where, "not-neutral", f'"{id}" says "{word}"', "others may see it: choose a neutral word")


def _long_sentences(id: str, text: str, where: str) -> Iterator[Finding]:
    for sentence in _SENTENCE_END.split(text):
        words = _WORDLIKE.findall(sentence)
        if len(words) > U12_WORDS:
            yield Finding(where, "long-sentence", f'"{id}": a sentence of {len(words)} words', "make two short ones")
