"""What is looked at to say how a service is: content, languages, help numbers, roster, keys.  For `doctor` and the console."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import CHAT, Content
from bot.content.reading import LEVELS, words_a_sentence
from bot.content.text_rules import MISSING_AT_MOST
from bot.core.roster import Roster
from bot.services.auditing import HOUR_S, LATE_HOURS
from bot.services.readership import Standing
from bot.wording.catalog import read_catalog
from bot.wording.desk import SOURCE_LANGUAGE, offered_texts, standings
from bot.wording.registry import load_registry, locales_folder

Check = tuple[str, bool, str]
"""What was looked at, whether it is well, and what there is to tell."""

COUNTED = ("total", "drafted", "reviewed", "stale", "missing", "recorded", "trial")
"""What is counted of each language, in texts."""

TOLD_BELOW = "; each has a line below, as in `hamrah wording check`"
_DAY_S = 86_400
_WARN_DAYS = 7
_ROSTER_DAYS = 30
"""A list signed in time, with a month to bring the holders of the root key together (R27)."""
_READERS = 2
"""Living keys a team needs: one alone may be ill (D6)."""


def content_checks(content: Content) -> list[Check]:
    """Takes some seconds."""
    findings = inspect(content, *translations())
    checks = [
        ("content", not findings, f"{len(content.texts)} texts, {len(findings)} faults{TOLD_BELOW if findings else ''}")
    ]
    checks += [("content", False, f"{finding}; `hamrah wording check` says it too") for finding in findings]
    return [*checks, *_language_checks(content), *_helpline_checks(content)]


def roster_checks(roster: Roster, now: int) -> Iterator[Check]:
    days = (roster.expires - now) // _DAY_S
    step = "" if days >= _ROSTER_DAYS else "; sign a new one: `hamrah roster sign`, then `hamrah roster publish`"
    yield "roster", days >= _ROSTER_DAYS, f"version {roster.version}, expires in {days} days{step}"
    if roster.recovery is None:
        yield "recovery key", True, "there is none: cases of officers who are all lost stay closed"
    else:
        left = max(0, roster.recovery.ends - now) // _DAY_S
        step = "" if left >= _ROSTER_DAYS else "; make the next one: `hamrah recovery make`"
        yield "recovery key", left >= _ROSTER_DAYS, f"ends in {left} days{step}"
    for team in roster.teams:
        officers = [roster.officer(id) for id in team.officers]
        living = sum(1 for officer in officers if officer and officer.living_key(now))
        step = (
            ""
            if living >= _READERS
            else f"; {_READERS} are needed: let officers sign in, or `hamrah officer invite` others"
        )
        yield "team " + team.id, living >= _READERS, f"{living} living keys{step}"


def key_checks(roster: Roster, now: int) -> Iterator[Check]:
    """Officers whose key has ended or ends before they are likely to sign in again: it is renewed when they do."""
    listed = {id for team in roster.teams for id in team.officers}
    for officer in roster.officers:
        if officer.suspended or officer.id not in listed:
            continue
        ends = max((key.ends for key in officer.keys), default=0)
        if ends - now < _WARN_DAYS * _DAY_S:
            days = max(0, (ends - now) // _DAY_S)
            yield (
                f"key of {officer.id}",
                False,
                f"ends in {days} days; signing in renews it, `hamrah officer leave` ends it",
            )


def readers_check(found: Standing) -> Check:
    """`found`: by a look at every case (R27)."""
    told = f"{found.cases} cases; {found.closed} that no officer can open"
    if found.closed:
        told += f", {found.recoverable} of them by the recovery key: `hamrah recovery export`"
    if found.asleep:
        told += f"; {found.asleep} that open only when somebody with an ended key signs in"
    return "readers", not found.closed and not found.asleep, told


def head_check(newest: tuple[int, int] | None, now: int) -> Check:
    """`newest`: length and hour of the newest signed head of the audit log."""
    if newest is None:
        return "audit log", False, "no head was signed yet; one is signed each hour by `hamrah serve`"
    size, hour = newest
    age = now // HOUR_S - hour
    step = "" if age <= LATE_HOURS else "; is `hamrah serve` running? `hamrah audit head` signs one now"
    return "audit log", age <= LATE_HOURS, f"{size} entries fixed by a head that is {age} hours old{step}"


def _language_checks(content: Content) -> list[Check]:
    """One line for each language; red when one is offered and too much of it is missing."""
    registry, checks = load_registry(), []
    for row in language_rows(content):
        tag = str(row["language"])
        said = ", ".join(f"{row[name]} {name}" for name in COUNTED)
        level = ", ".join(f"{audience} {row[audience]}" for audience in LEVELS if row[audience] is not None)
        why = registry.languages[tag].why
        told = f"{said}; words in a sentence: {level or 'nothing to measure'}" + (f"; {why}" if why else "")
        lacking = tag in registry.offered and int(row["missing"] or 0) > int(row["total"] or 0) * MISSING_AT_MOST
        step = f"; `hamrah wording export --lang {tag}` writes what is missing, or leave it out of HAMRAH_LANGUAGES"
        checks.append((f"language {tag}", not lacking, told + (step if lacking else "")))
    return checks


def _helpline_checks(content: Content) -> list[Check]:
    """Every number that nobody of this service has called yet, and every one that is hidden."""
    hidden = [h.line.id for h in content.helplines if h.line.confidence == "low" or h.silent]
    undialled = [h.line.id for h in content.helplines if h.line.confidence != "low" and not h.dialled_on]
    return [
        ("help numbers not yet dialled", True, f"{len(undialled)}: {', '.join(undialled)}"),
        ("help numbers hidden", True, f"{len(hidden)} of low confidence: {', '.join(hidden)}"),
    ]


def language_rows(content: Content) -> list[dict[str, float | int | str | None]]:
    """One row for each language: how much there is, heard and reviewed, and how hard its pages are to read."""
    registry, folder = load_registry(), locales_folder()
    rows: list[dict[str, float | int | str | None]] = []
    for standing in standings(content.texts, registry, folder):
        if standing.domain != CHAT:
            continue
        source = standing.lang == SOURCE_LANGUAGE
        texts = {id: t.en for id, t in content.texts.items()} if source else _texts(folder, standing.lang, content)
        counted = {name: getattr(standing, name) for name in COUNTED}
        rows.append({"language": standing.lang, **counted, **words_a_sentence(content, texts, standing.lang)})
    return rows


def _texts(folder: Path, tag: str, content: Content) -> Mapping[str, str]:
    return read_catalog(folder, tag, content.texts).texts


def translations() -> tuple[dict[str, Mapping[str, str]], dict[str, Mapping[str, str]]]:
    """The languages offered, which must be complete, and the others as far as they are."""
    content, registry, folder = load_content(), load_registry(), locales_folder()
    others = tuple(tag for tag in registry.languages if tag not in registry.offered)
    return offered_texts(content.texts, registry, folder), offered_texts(content.texts, registry, folder, others)
