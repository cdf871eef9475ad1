"""Older cases for whoever joined: one officer asks, a second one's browser seals them, each case with its entry (S14, S39).

The signed roster says who is of a team; what a reporter kept from somebody stays kept from them (S40).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.case import Refusal
from bot.core.errors import Conflict, Damaged
from bot.core.roster import KeyId, ReaderKey, Roster
from bot.sealing.slot import SLOT_BYTES
from bot.sealing.slot_list import listed_slots, slot_hash
from bot.services.officers.casework import Mailbox, OpenedCase
from bot.services.officers.ports import Case, Cases, Conn, Database, Mailboxes
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Signed
from bot.services.officers.trail import Ledger, write_entry

_DAY_S: Final = 86_400
AT_ONCE: Final = 50


class Admission(Protocol):
    @property
    def account(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def asked(self) -> str: ...


class Admissions(Protocol):
    def ask(self, conn: Conn, account: str, team: str, asked: str, day: int) -> None: ...

    def of_teams(self, conn: Conn, teams: Sequence[str]) -> Sequence[Admission]: ...

    def end(self, conn: Conn, account: str, team: str) -> None: ...


class Epoch(Protocol):
    def waiting(
        self, conn: Conn, old: Sequence[KeyId], new: KeyId, teams: Sequence[str], limit: int
    ) -> Sequence[bytes]: ...

    def any_waiting(self, conn: Conn, old: Sequence[KeyId], new: KeyId, teams: Sequence[str]) -> bool: ...


class Referral(Protocol):
    @property
    def away(self) -> tuple[str, ...]: ...


class Referrals(Protocol):
    def of_case(self, conn: Conn, case: bytes) -> Sequence[Referral]: ...

    def add_slots(self, conn: Conn, case: bytes, new: Mapping[bytes, bytes], roster: int, listed: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """`asked`: what waits for a second officer; `colleagues`: (account, team) of those who lack some case."""

    asked: Sequence[Admission]
    colleagues: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Given:
    """A case sealed to one more officer.  `listed`: the list of all its slots."""

    slot: bytes
    listed: bytes
    roster: int


class Admitting:
    """`roster`: the verified roster of now."""

    def __init__(
        self,
        database: Database,
        *,
        admissions: Admissions,
        epochs: Epoch,
        cases: Cases,
        mailboxes: Mailboxes,
        referrals: Referrals,
        ledger: Ledger,
        roster: Callable[[int], Roster],
    ) -> None:
        self._database = database
        self._admissions = admissions
        self._epochs = epochs
        self._cases = cases
        self._mailboxes = mailboxes
        self._referrals = referrals
        self._ledger = ledger
        self._roster = roster

    async def listed(self, who: Signed, *, now: int) -> Asked:
        roster = self._roster(now)
        colleagues = [
            (id, team.id, key)
            for team in roster.teams
            if team.id in who.teams
            for id in team.officers
            if id != who.account.id and (key := self._key(roster, id, team.id, now))
        ]

        def work(conn: Conn) -> Asked:
            asked = self._admissions.of_teams(conn, who.teams)
            there = {(one.account, one.team) for one in asked}
            lacking = [
                (id, team)
                for id, team, key in colleagues
                if (id, team) not in there and self._epochs.any_waiting(conn, who.keys, key.id, [team])
            ]
            return Asked(asked, lacking)

        return await self._database.read(work)

    async def ask(self, who: Signed, account: str, team: str, *, now: int) -> bool:
        """False where that is no colleague of a team of one's own."""
        if team not in who.teams or account == who.account.id or not self._key(self._roster(now), account, team, now):
            return False

        def work(conn: Conn) -> bool:
            self._admissions.ask(conn, account, team, who.account.id, now // _DAY_S)
            write_entry(self._ledger, conn, who=who.key, act="admission_asked", now=now)
            return True

        return await self._database.write(work)

    async def waiting(self, who: Signed, account: str, team: str, *, now: int) -> Sequence[bytes] | None:
        """Cases that this second officer can open and the colleague cannot."""
        key = self._key(self._roster(now), account, team, now)

        def work(conn: Conn) -> Sequence[bytes] | None:
            if key is None or not self._second(conn, who, account, team):
                return None
            return self._epochs.waiting(conn, who.keys, key.id, [team], AT_ONCE)

        return await self._database.read(work)

    async def read(self, who: Signed, case: bytes, account: str, team: str, *, now: int) -> OpenedCase | None:
        """A case as it lies, for the second officer's browser to see whether the reporter kept it from the colleague."""

        def work(conn: Conn) -> OpenedCase | None:
            found = self._visible(conn, who, case, account, team)
            if found is None:
                return None
            write_entry(self._ledger, conn, who=who.key, act="admission_read", handle=found.handle, now=now)
            boxes = self._mailboxes.of_case(conn, case)
            mailbox = Mailbox(*boxes[0], tuple(self._mailboxes.messages(conn, boxes[0][0]))) if boxes else None
            records = tuple(self._cases.records_of(conn, case))
            return OpenedCase(found, records, tuple(self._cases.slots_of(conn, case)), mailbox)

        return await self._database.write(work)

    async def give(
        self, who: Signed, case: bytes, account: str, team: str, given: Given, *, now: int
    ) -> Refusal | bool | None:
        """Keep the colleague's slot.  None: not asked for, or not this officer's to do."""

        def work(conn: Conn) -> Refusal | bool | None:
            found, roster = self._visible(conn, who, case, account, team), self._roster(now)
            key = self._key(roster, account, team, now)
            if found is None or key is None:
                return None
            present = {one.key: one.slot for one in self._cases.slots_of(conn, case)}
            if key.id in present:
                return True
            if self._kept_away(conn, found, account, team, roster, set(present)):
                return Refusal.NOT_READER
            fits = len(given.slot) == SLOT_BYTES and _lists(given.listed, {**present, key.id: given.slot})
            if given.roster != roster.version or not fits:
                return Refusal.CHANGED
            self._referrals.add_slots(conn, case, {key.id: given.slot}, given.roster, given.listed)
            write_entry(self._ledger, conn, who=who.key, act="admitted", handle=found.handle, now=now)
            return True

        try:
            return await self._database.write(work)
        except Conflict:
            return Refusal.CHANGED

    async def done(self, who: Signed, account: str, team: str, *, now: int) -> None:
        """Nothing more is waited for."""

        def work(conn: Conn) -> None:
            if self._second(conn, who, account, team):
                self._admissions.end(conn, account, team)

        await self._database.write(work)

    def _visible(self, conn: Conn, who: Signed, case: bytes, account: str, team: str) -> Case | None:
        if not self._second(conn, who, account, team):
            return None
        found = find_visible(self._cases, conn, who, case)
        return found if found is not None and team in found.teams else None

    def _second(self, conn: Conn, who: Signed, account: str, team: str) -> bool:
        """Whether somebody else asked for this, and it is not for oneself."""
        me = who.account.id
        return any(
            one.account == account and one.team == team and me not in (one.asked, account)
            for one in self._admissions.of_teams(conn, who.teams)
        )

    def _kept_away(self, conn: Conn, case: Case, account: str, team: str, roster: Roster, present: set[KeyId]) -> bool:
        """A complaint names the colleague, or the report is for the duty pair alone (S40)."""
        if any(account in one.away for one in self._referrals.of_case(conn, case.id)):
            return True
        pair = set(roster.team(team).pair)
        readers = {one.id for one in roster.officers if {key.id for key in one.keys} & present}
        return bool(pair) and account not in pair and readers <= pair

    def _key(self, roster: Roster, account: str, team: str, now: int) -> ReaderKey | None:
        """The living key of an officer of that team, as the root signed it."""
        listed = next((one for one in roster.teams if one.id == team), None)
        officer = roster.officer(account) if listed and account in listed.officers else None
        return officer.living_key(now) if officer else None


def _lists(listed: bytes, slots: Mapping[bytes, bytes]) -> bool:
    try:
        return listed_slots(listed) == {key: slot_hash(slot) for key, slot in slots.items()}
    except Damaged:
        return False
