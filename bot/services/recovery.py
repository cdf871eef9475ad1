"""The recovery key: made and opened offline, by two of three people, when nobody else can open a case any more (D6, S14).

Three steps on two machines: the service writes sealed keys of cases into a file (nothing readable); a machine that is never
online opens them with two shares and seals them to officers of the signed roster; the service takes the new slots over.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bot.core.errors import ConfigError, Damaged
from bot.core.roster import KeyId, Officer, ReaderKey, Roster
from bot.sealing.fields import base64_text, parse_object
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.roster import RECOVERY_S
from bot.sealing.shares import NEEDED, SHARES, combine, split
from bot.sealing.slot import SLOT_BYTES, open_slot, seal_slot, slot_context
from bot.sealing.slot_list import check_slots, list_slots, listed_slots, slot_hash
from bot.services.officers.ports import Case, Cases, Conn, Database, Slot
from bot.services.officers.trail import Ledger, write_entry

__all__ = ["NEEDED", "SHARES", "Made", "Opened", "Recovery", "RosterNow", "Taken", "make", "open_cases", "read_public"]

RosterNow = Callable[[int], Roster]
_KEY: Final = "hamrah recovery key 1"
_CASES: Final = "hamrah recovery cases 1"
_SLOTS: Final = "hamrah recovery slots 1"
_MOST_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """`public`: text of the file for the root; `shares`: three, each for one person."""

    public: str
    shares: tuple[str, ...]


def make(*, now: int) -> Made:
    """A new key for a year."""
    seed = new_seed()
    public = {"format": _KEY, "public": base64_text(public_key(seed)), "starts": now, "ends": now + RECOVERY_S}
    return Made(json.dumps(public, indent=1) + "\n", split(seed))


def read_public(text: str) -> ReaderKey:
    fields = parse_object(text.encode(), 64 * 1024)
    if fields.text("format") != _KEY:
        raise ConfigError("this is not a recovery key file")
    public = fields.raw("public")
    return ReaderKey(key_id(public), public, fields.number("starts"), fields.number("ends"))


@dataclass(frozen=True, slots=True)
class Opened:
    """`text`: the file for the service; `count`: cases in it; `refused`: those whose slots are not the listed ones."""

    text: str
    count: int
    refused: int


def open_cases(text: str, shares: Sequence[str], roster: Roster, officers: Sequence[str], *, now: int) -> Opened:
    """Offline.  Seal each case's key to `officers`, by their living keys of the verified `roster`."""
    seed = combine(shares)
    mine = key_id(public_key(seed))
    readers = [_living(roster, id, now) for id in officers]
    fields = parse_object(text.encode(), _MOST_BYTES)
    if fields.text("format") != _CASES:
        raise ConfigError("this is not a file of cases to recover")
    done, refused = [], 0
    for one in fields.objects("cases"):
        present = {
            slot.raw("key", 16): (slot.raw("slot", SLOT_BYTES), slot.number("roster")) for slot in one.objects("slots")
        }
        if mine not in present:
            refused += 1
            continue
        case, case_key, listed = one.raw("id", 16), one.raw("key", 16), one.raw("listed")
        slot, sealed_under = present[mine]
        where = {"deployment": roster.deployment, "case_id": case}
        place = slot_context(roster_version=sealed_under, case_key=case_key, reader_key=mine, **where)
        case_seed = open_slot(seed, place, slot)
        slots = {key: sealed for key, (sealed, _) in present.items()}
        check = check_slots(case_seed, listed, present=slots, **where)
        if not check.holds:
            refused += 1
            continue
        new = {
            key.id: seal_slot(
                key.public,
                slot_context(roster_version=roster.version, case_key=case_key, reader_key=key.id, **where),
                case_seed,
            )
            for key in readers
            if key.id not in slots
        }
        relisted = list_slots(
            case_seed, version=check.version + 1, roster_version=roster.version, slots={**slots, **new}, **where
        )
        done.append(
            {
                "id": base64_text(case),
                "listed": base64_text(relisted),
                "slots": [{"key": base64_text(key), "slot": base64_text(sealed)} for key, sealed in new.items()],
            }
        )
    said = {"format": _SLOTS, "roster": roster.version, "cases": done}
    return Opened(json.dumps(said, indent=1) + "\n", len(done), refused)


def _living(roster: Roster, id: str, now: int) -> ReaderKey:
    officer = roster.officer(id)
    key = officer.living_key(now) if officer else None
    if key is None:
        raise ConfigError(f"{id}: nobody of this id has a living key in roster {roster.version}")
    return key


class Orphans(Protocol):
    def opened_by_none(self, conn: Conn, living: Sequence[KeyId], recovery: KeyId) -> Sequence[bytes]: ...


class SlotWriter(Protocol):
    def add_slots(self, conn: Conn, case: bytes, new: Mapping[bytes, bytes], roster: int, listed: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """`cases`: opened to their new readers; `refused`: not fitting the case, its teams or the roster of now."""

    cases: int
    refused: int


class Recovery:
    """The service's side, which sees nothing but sealed keys.  `roster`: the verified one of now."""

    def __init__(
        self,
        database: Database,
        *,
        orphans: Orphans,
        cases: Cases,
        slots: SlotWriter,
        ledger: Ledger,
        roster: RosterNow,
    ) -> None:
        self._database = database
        self._orphans = orphans
        self._cases = cases
        self._slots = slots
        self._ledger = ledger
        self._roster = roster

    async def export(self, *, now: int) -> tuple[str, int]:
        """Cases that no living officer can open, as a file for the offline machine, and how many they are."""
        roster = self._roster(now)
        if roster.recovery is None:
            raise ConfigError("the roster names no recovery key: without one nothing can be recovered")
        recovery = roster.recovery.id
        living = [key.id for officer in roster.officers if (key := officer.living_key(now))]

        def work(conn: Conn) -> list[dict[str, Any]]:
            written = []
            for case in self._orphans.opened_by_none(conn, living, recovery):
                found = self._cases.find(conn, case)
                assert found is not None
                written.append(_written(found, self._cases.slots_of(conn, case)))
                write_entry(self._ledger, conn, who=recovery, act="recovery_asked", handle=found.handle, now=now)
            return written

        found = await self._database.write(work)
        return json.dumps({"format": _CASES, "cases": found}, indent=1) + "\n", len(found)

    async def take(self, text: str, *, now: int) -> Taken:
        """Take the new slots over: each for an officer of the case's own teams, each case with its entry in the log."""
        fields = parse_object(text.encode(), _MOST_BYTES)
        roster = self._roster(now)
        if fields.text("format") != _SLOTS or fields.number("roster") != roster.version:
            raise ConfigError(f"this is not a file of recovered slots for roster {roster.version}")
        taken = refused = 0
        for one in fields.objects("cases"):
            case, listed = one.raw("id", 16), one.raw("listed")
            new = {slot.raw("key", 16): slot.raw("slot", SLOT_BYTES) for slot in one.objects("slots")}
            fits = await self._database.write(lambda conn, c=case, n=new, t=listed: self._add(conn, c, n, t, now))  # type: ignore[misc]
            taken, refused = taken + fits, refused + (not fits)
        return Taken(taken, refused)

    def _add(self, conn: Conn, case: bytes, new: Mapping[bytes, bytes], listed: bytes, now: int) -> bool:
        roster, found = self._roster(now), self._cases.find(conn, case)
        if found is None or not new:
            return False
        team = {id for one in roster.teams if one.id in found.teams for id in one.officers}
        officers: list[Officer] = [officer for officer in roster.officers if officer.id in team]
        allowed = {key.id for officer in officers if (key := officer.living_key(now))}
        present = {slot.key: slot.slot for slot in self._cases.slots_of(conn, case)}
        if not set(new) <= allowed or set(new) & set(present) or not _lists(listed, {**present, **new}):
            return False
        self._slots.add_slots(conn, case, new, roster.version, listed)
        recovery = roster.recovery.id if roster.recovery else None
        write_entry(self._ledger, conn, who=recovery, act="recovered", handle=found.handle, now=now)
        return True


def _written(case: Case, slots: Sequence[Slot]) -> dict[str, Any]:
    return {
        "id": base64_text(case.id),
        "key": base64_text(key_id(case.public)),
        "listed": base64_text(case.slot_list),
        "slots": [{"key": base64_text(s.key), "slot": base64_text(s.slot), "roster": s.roster} for s in slots],
    }


def _lists(listed: bytes, slots: Mapping[bytes, bytes]) -> bool:
    try:
        return listed_slots(listed) == {key: slot_hash(slot) for key, slot in slots.items()}
    except Damaged:
        return False
