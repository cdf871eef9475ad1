"""Reads the operator's duty roster: who can be reached, where, and when they work.  A file of the host's, kept like a secret.

It names people and their addresses, so it lies beside the keys and never in the database.
"""

import stat
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.core.duty import Absence, DutyRoster, Level, Person
from bot.core.errors import ConfigError
from bot.core.hours import Hours
from bot.settings import read_hours

MOST_ADDRESSES: Final = 4
"""All of them are tried within one lease."""
_STANDS: Final = {"supervisor": Level.SUPERVISOR, "second": Level.SECOND, "duty": Level.DUTY}
_FIELDS: Final = frozenset({"id", "reach", "stands", "teams", "languages", "hours", "away", "lang"})
_ROSTER_FIELDS: Final = frozenset({"person", "holidays", "digest_hour"})


def load_duty(file: Path, zone: str, interface: Sequence[str] = ("en", "ur")) -> DutyRoster:
    """Read `file`.  `zone`: of the service; `interface`: languages alerts exist in.  Raises `ConfigError`."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"the duty roster cannot be read ({type(fault).__name__}): {file}") from None
    if mode & 0o077:
        raise ConfigError(f"others may read the duty roster; run: chmod 600 {file}")
    try:
        return read_duty(text, zone, interface)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ConfigError(f"the duty roster is wrong: {fault}") from None


def read_duty(text: str, zone: str, interface: Sequence[str] = ("en", "ur")) -> DutyRoster:
    """Raises `ValueError`, `KeyError` or `TypeError` with what is wrong; never with an address in it."""
    table = tomllib.loads(text)
    _known(table, _ROSTER_FIELDS, "the duty roster")
    holidays = frozenset(_day(entry) for entry in table.get("holidays", ()))
    people = tuple(_person(entry, zone, holidays, interface) for entry in table.get("person", ()))
    ids = [person.id for person in people]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    digest = table.get("digest_hour")
    if digest is not None and (type(digest) is not int or not 0 <= digest <= 23):
        raise ValueError("digest_hour is an hour, 0 to 23")
    return DutyRoster(people, Hours(ZoneInfo(zone), {}, holidays), digest)


def _person(entry: Mapping[str, Any], zone: str, holidays: frozenset[date], interface: Sequence[str]) -> Person:
    id = entry["id"]
    _known(entry, _FIELDS, str(id))
    reach = _texts(entry.get("reach", ()), id)
    if not 1 <= len(reach) <= MOST_ADDRESSES or not all(":" in address for address in reach):
        raise ValueError(f"{id}: reach names 1 to {MOST_ADDRESSES} addresses, for example telegram:123456")
    stands = _texts(entry.get("stands", ()), id)
    if not set(stands) <= set(_STANDS):
        raise ValueError(f"{id}: stands names any of {', '.join(_STANDS)}")
    lang = entry.get("lang", interface[0])
    if lang not in interface:
        raise ValueError(f"{id}: lang is one of {', '.join(interface)}")
    return Person(
        id=id,
        reach=reach,
        levels=frozenset(_STANDS[one] for one in stands),
        teams=_texts(entry.get("teams", ()), id),
        languages=_texts(entry.get("languages", ()), id),
        hours=_shifts(entry.get("hours", ""), zone, holidays),
        away=tuple(_absence(one) for one in _texts(entry.get("away", ()), id)),
        lang=lang,
    )


def _shifts(text: str, zone: str, holidays: frozenset[date]) -> Hours | None:
    """None: always, holidays too."""
    if not text:
        return None
    return Hours(ZoneInfo(zone), dict(read_hours(part.strip()) for part in text.split(",")), holidays)


def _absence(text: str) -> Absence:
    """ "2026-03-01" or "2026-03-01/2026-03-10"."""
    first, _, last = text.partition("/")
    absence = Absence(date.fromisoformat(first), date.fromisoformat(last or first))
    if absence.last < absence.first:
        raise ValueError(f"away ends before it begins: {text}")
    return absence


def _day(value: object) -> date:
    """TOML has dates of its own; text is fine too."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _texts(value: object, id: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f"{id}: lists hold texts")
    return tuple(value)


def _known(table: Mapping[str, Any], fields: frozenset[str], of: str) -> None:
    unknown = sorted(set(table) - fields)
    if unknown:
        raise ValueError(f"{of}: no such field: {', '.join(unknown)}")
