"""Passing a case to another team: slots made in the browser, checked here against the signed roster (S12, S40).

The server never makes a slot.  It takes those of living keys of the team's officers, with a list of all slots that only
somebody who can open the case could write, or it takes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.core.case import Refusal, Standing, Status
from bot.core.errors import Conflict, Damaged
from bot.core.referral import ENDS_ACCESS, Consent, Progress, Step, Way, go, pass_on
from bot.core.roster import Roster
from bot.core.voice import CONCERNS
from bot.sealing.slot import SLOT_BYTES
from bot.sealing.slot_list import listed_slots, slot_hash
from bot.services.officers.casework import DAY_S, Deeds
from bot.services.officers.notes import SealedNote
from bot.services.officers.ports import Case, Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import HOUR_S, Ledger, write_entry

MOST_WAITING = 50


class Referral(Protocol):
    @property
    def id(self) -> bytes: ...
    @property
    def case(self) -> bytes: ...
    @property
    def way(self) -> Way: ...
    @property
    def from_team(self) -> str: ...
    @property
    def to_team(self) -> str: ...
    @property
    def progress(self) -> Progress: ...
    @property
    def consent(self) -> Consent: ...
    @property
    def officer(self) -> str: ...
    @property
    def day(self) -> int: ...
    @property
    def away(self) -> tuple[str, ...]: ...


class Referrals(Protocol):
    def add(
        self,
        conn: Conn,
        *,
        id: bytes,
        case: bytes,
        way: Way,
        teams: tuple[str, str],
        consent: Consent,
        officer: str,
        day: int,
        seq: int,
        away: Sequence[str],
    ) -> None: ...

    def of_case(self, conn: Conn, case: bytes) -> Sequence[Referral]: ...

    def open_for(self, conn: Conn, teams: Sequence[str], limit: int) -> Sequence[Referral]: ...

    def move(self, conn: Conn, id: bytes, before: Progress, after: Progress) -> None: ...

    def add_slots(self, conn: Conn, case: bytes, new: Mapping[bytes, bytes], roster: int, listed: bytes) -> None: ...

    def add_team(self, conn: Conn, case: bytes, team: str) -> None: ...

    def drop_teams(self, conn: Conn, case: bytes, teams: Sequence[str]) -> None: ...


class Dropping(Cases, Protocol):
    def drop_slots(self, conn: Conn, case: bytes, keys: Sequence[bytes]) -> int: ...


@dataclass(frozen=True, slots=True)
class Passing:
    """What a page sends: `slots`: reader key id → slot; `listed`: the list of all slots; `away`: who loses the case.

    `away`: ids of officers a complaint is about; never empty for a complaint that names somebody.
    """

    id: bytes
    way: Way
    from_team: str
    to_team: str
    consent: Consent | None
    slots: Mapping[bytes, bytes]
    listed: bytes
    note: SealedNote
    away: tuple[str, ...] = ()


class Sharing:
    """`roster`: the verified roster of now."""

    def __init__(
        self,
        database: Database,
        *,
        cases: Dropping,
        referrals: Referrals,
        deeds: Deeds,
        ledger: Ledger,
        roster: Callable[[int], Roster],
    ) -> None:
        self._database = database
        self._cases = cases
        self._referrals = referrals
        self._deeds = deeds
        self._ledger = ledger
        self._roster = roster

    async def of_case(self, who: Signed, case: bytes) -> Sequence[Referral] | None:
        def work(conn: Conn) -> Sequence[Referral] | None:
            found = find_visible(self._cases, conn, who, case)
            return None if found is None else self._referrals.of_case(conn, case)

        return await self._database.read(work)

    async def inbox(self, who: Signed) -> Sequence[tuple[Referral, Case]]:
        """What was passed to this officer's teams and is not over, with its case; only what the officer can open."""

        def work(conn: Conn) -> Sequence[tuple[Referral, Case]]:
            waiting = self._referrals.open_for(conn, who.teams, MOST_WAITING)
            pairs = ((one, find_visible(self._cases, conn, who, one.case)) for one in waiting)
            return [(one, case) for one, case in pairs if case is not None]

        return await self._database.read(work)

    async def pass_on(
        self, who: Signed, case: bytes, passing: Passing, *, version: int, key: bytes, now: int
    ) -> Case | Refusal | None:
        """Let another team read, once; both the case and its list of slots change together or not at all."""

        def work(conn: Conn) -> Case | Refusal | None:
            found = find_visible(self._cases, conn, who, case)
            if found is None or found.concern in CONCERNS or passing.from_team not in set(found.teams) & set(who.teams):
                return None
            action = f"{passing.way.value} {case.hex()}"
            if (before := self._deeds.done(conn, who.account.id, key)) is not None:
                return found if before == action else Refusal.ALREADY
            after = pass_on(found.standing, by=who.account.id, version=version, consent=passing.consent)
            if isinstance(after, Refusal):
                return after
            roster = self._roster(now)
            if why := self._unfit(conn, found, passing, roster, now):
                return why
            self._keep(conn, who, found, passing, after, now)
            self._deeds.remember(conn, who.account.id, key, action, "done", now // HOUR_S)
            write_entry(self._ledger, conn, who=who.key, act=passing.way.value, handle=found.handle, now=now)
            return self._cases.find(conn, case)

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    async def step(
        self, who: Signed, case: bytes, referral: bytes, step: Step, *, version: int, key: bytes, now: int
    ) -> Case | Refusal | None:
        """Answer a referral, finish it or take it back; where that ends an access, its slots go."""

        def work(conn: Conn) -> Case | Refusal | None:
            action = f"{step.value} {referral.hex()}"
            if (before := self._deeds.done(conn, who.account.id, key)) is not None:
                return self._cases.find(conn, case) if before == action else Refusal.ALREADY
            found = find_visible(self._cases, conn, who, case)
            listed = () if found is None else self._referrals.of_case(conn, case)
            one = next((each for each in listed if each.id == referral), None)
            if found is None or one is None:
                return None
            theirs, ours = one.to_team in who.teams, one.from_team in who.teams
            after = go(one.progress, step, theirs=theirs, ours=ours, way=one.way)
            if after is None:
                return Refusal.ALREADY
            if version != found.standing.version:
                return Refusal.CHANGED
            self._referrals.move(conn, referral, one.progress, after)
            self._follow(conn, who, found, one, after, now)
            self._deeds.remember(conn, who.account.id, key, action, "done", now // HOUR_S)
            write_entry(self._ledger, conn, who=who.key, act=f"referral_{step.value}", handle=found.handle, now=now)
            return self._cases.find(conn, case)

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    def _unfit(self, conn: Conn, case: Case, passing: Passing, roster: Roster, now: int) -> Refusal | None:
        """Why these slots are not taken: another roster, somebody who is not of the team, a list that does not fit."""
        team = next((one for one in roster.teams if one.id == passing.to_team), None)
        if not passing.note.fits(roster.version):
            return Refusal.CHANGED
        if team is None or team.id in case.teams:
            return Refusal.ALREADY if team else Refusal.NOT_READER
        away = {*passing.away, *(id for one in self._referrals.of_case(conn, case.id) for id in one.away)}
        officers = (roster.officer(id) for id in team.officers if id not in away)
        allowed = {key.id for officer in officers if officer and (key := officer.living_key(now))}
        present = {slot.key: slot.slot for slot in self._cases.slots_of(conn, case.id)}
        new = passing.slots
        if not set(new) <= allowed or set(new) & set(present) or not allowed & (set(new) | set(present)):
            return Refusal.NOT_READER
        if any(len(slot) != SLOT_BYTES for slot in new.values()):
            return Refusal.NOT_READER
        try:
            hashes = listed_slots(passing.listed)
        except Damaged:
            return Refusal.NOT_READER
        fits = hashes == {key: slot_hash(slot) for key, slot in {**present, **new}.items()}
        return None if fits else Refusal.CHANGED

    def _keep(self, conn: Conn, who: Signed, case: Case, passing: Passing, after: Standing, now: int) -> None:
        day = now // DAY_S
        roster = passing.note.roster
        self._cases.append(conn, passing.note.record(case.id, day))
        self._referrals.add_slots(conn, case.id, passing.slots, roster, passing.listed)
        after = replace(after, holder=None if after.holder in passing.away else after.holder)
        self._cases.move(conn, case.id, case.standing, after, now=now)
        self._referrals.add_team(conn, case.id, passing.to_team)
        consent = passing.consent
        assert consent is not None, "without consent nothing comes here"
        teams, officer = (passing.from_team, passing.to_team), who.account.id
        self._referrals.add(
            conn,
            id=passing.id,
            case=case.id,
            way=passing.way,
            teams=teams,
            consent=consent,
            officer=officer,
            day=day,
            seq=passing.note.seq,
            away=passing.away,
        )
        if passing.away:
            self._cases.drop_slots(conn, case.id, self._keys_of(passing.away, now))

    def _follow(self, conn: Conn, who: Signed, case: Case, one: Referral, after: Progress, now: int) -> None:
        """What a step does to the case: it takes a team's access away, or gives the case to whoever accepted it."""
        leaving, holder = "", case.standing.holder
        if after in ENDS_ACCESS:
            leaving = one.to_team
        elif one.way is not Way.REFERRAL:
            leaving, holder = one.from_team, who.account.id
        if leaving:
            roster = self._roster(now)
            readers = {
                id for team in roster.teams if team.id in case.teams and team.id != leaving for id in team.officers
            }
            gone = [id for id in roster.team(leaving).officers if id not in readers]
            self._referrals.drop_teams(conn, case.id, [leaving])
            self._cases.drop_slots(conn, case.id, self._keys_of(gone, now))
            holder = None if holder in gone else holder  # whoever reads no more works on it no more
        status = case.standing.status
        if status is Status.PASSED_ON and (after in ENDS_ACCESS or leaving):
            status = Status.IN_WORK if holder else Status.OPENED  # it is somebody's to do again, never nobody's
        version = case.standing.version + 1
        moved = replace(case.standing, status=status, holder=holder, version=version, asleep=False, quiet=False)
        self._cases.move(conn, case.id, case.standing, moved, now=now)

    def _keys_of(self, officers: Sequence[str], now: int) -> list[bytes]:
        found = (self._roster(now).officer(id) for id in officers)
        return [key.id for officer in found if officer for key in officer.keys]
