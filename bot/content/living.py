"""Content that changes while the service runs: what administrators published, laid over what the release says.

A new set is built and inspected whole; a file that would break a rule keeps the text it had, and the rest counts.
Nothing that a talk in progress may name goes away: an entry that was removed is no longer listed, its words stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.content.editing import Changes, Overlaid, edited_files, home
from bot.content.entries import HELPLINE, KINDS, RULE, Values
from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import Content, HelplineEntry
from bot.core.errors import ContentError

FAILS_TO_HIDE = 2
"""An entry that was called in vain so often, last, hides itself (DESIGN §4.10)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was published of one entry.  `gone`: it is not listed any more."""

    kind: str
    item: str
    values: Values
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """How calling a number went.  `day`: of the last call, ISO; `worked`: whether somebody answered; `failed`: in vain since."""

    item: str
    day: str
    worked: str
    failed: int


@dataclass(frozen=True, slots=True)
class Set:
    """What counts together.  `values`: as published; `texts`: whole texts of changed files."""

    content: Content
    texts: Mapping[str, str] = field(default_factory=dict)


def build(shown: Sequence[Shown], calls: Sequence[Called], before: Set) -> tuple[Set, tuple[str, ...]]:
    """The content with everything that was published, and a line for each file that was refused.

    A file that breaks a rule keeps the text it had in `before`.  Blocks for some tens of milliseconds.
    """
    texts: dict[str, str] = {}
    refused: list[str] = []
    for path, named in _by_file(shown).items():
        try:
            texts |= edited_files(named)
        except ContentError as wrong:
            refused.append(str(wrong))
            texts |= {path: before.texts[path]} if path in before.texts else {}
    try:
        content = sound(texts)
    except ContentError:
        texts, more = _what_holds(texts, before.texts)
        refused += more
        content = sound(texts)
    return Set(_told(content, shown, calls), texts), tuple(refused)


def sound(texts: Mapping[str, str]) -> Content:
    """The content with other texts of some files.  Raises `ContentError` with a line for each thing that is wrong."""
    content = load_content(Overlaid(home(), texts))
    if found := inspect(content):
        raise ContentError("\n".join(map(str, found)))
    return content


def edited_texts(shown: Sequence[Shown]) -> dict[str, str]:
    """Path → text of each file with everything that was published, also what is gone."""
    texts: dict[str, str] = {}
    for named in _by_file(shown).values():
        texts |= edited_files(named)
    return texts


def export(shown: Sequence[Shown]) -> dict[str, str]:
    """Path → text of each file as it goes into the repository: what is gone is left out."""
    changes: dict[str, dict[str, Values | None]] = {}
    for one in shown:
        changes.setdefault(one.kind, {})[one.item] = None if one.gone else one.values
    return edited_files(changes)


def _by_file(shown: Sequence[Shown]) -> dict[str, Changes]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for one in shown:
        found.setdefault(KINDS[one.kind].file_of(one.item), {}).setdefault(one.kind, {})[one.item] = one.values
    return dict(found)


def _what_holds(texts: Mapping[str, str], before: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """File by file: those that are sound together with what is sound already."""
    good: dict[str, str] = dict(before)
    refused = []
    try:
        sound(good)
    except ContentError:  # of an older release, whose other files these fitted
        good = {}
    for path, text in texts.items():
        try:
            sound({**good, path: text})
            good[path] = text
        except ContentError as wrong:
            refused.append(f"{path}: {wrong}")
    return good, refused


def _told(content: Content, shown: Sequence[Shown], calls: Sequence[Called]) -> Content:
    gone = {(one.kind, one.item) for one in shown if one.gone}
    called = {one.item: one for one in calls}
    helplines = [
        _called(entry, called.get(entry.line.id))
        for entry in content.helplines
        if (HELPLINE.name, entry.line.id) not in gone
    ]
    dropped = {f"reason.{item}" for kind, item in gone if kind == RULE.name}
    rules = tuple(rule for rule in content.rules if rule.reason not in dropped)
    return replace(content, helplines=tuple(helplines), rules=rules)


def _called(entry: HelplineEntry, call: Called | None) -> HelplineEntry:
    if call is None:
        return entry
    worked = max(entry.dialled_on, call.worked)
    silent = call.failed >= FAILS_TO_HIDE
    return replace(entry, dialled_on=worked, line=replace(entry.line, dialled=bool(worked)), silent=silent)
