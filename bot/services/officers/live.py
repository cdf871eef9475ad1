"""Open pages learn within two seconds that something changed, whichever replica changed it.

What is told has no content: the lists changed, a case stands at some version, colleagues have it open.  One look a second
serves every page of this process, and nobody looks while no page listens.  Who may know is decided anew at each look.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import structlog

from bot.core.roster import Roster
from bot.services.officers.account import Role
from bot.services.officers.company import Visit, Visits, present, types
from bot.services.officers.ports import Cases, Conn, Database
from bot.services.officers.seeing import find_visible
from bot.services.officers.sign_in import Sessions, Signed
from bot.services.officers.stream import CaseAt, Company, Over, Stream

EVERY_S: Final = 1.0
MOST_PER_SESSION: Final = 4
"""A browser opens six connections to one address; pages must be left some to ask with."""
MOST: Final = 1_000
MOST_FAILED: Final = 10
"""Looks that may fail in a row before pages are sent back to asking by themselves: nobody knows who may listen."""

_READERS: Final = frozenset({Role.OFFICER.value, Role.SUPERVISOR.value})

log = structlog.get_logger()


class Living(Protocol):
    @property
    def ends(self) -> int: ...
    @property
    def vault_ends(self) -> int: ...
    @property
    def roles(self) -> frozenset[str]: ...


class Rows(Protocol):
    def living(self, conn: Conn, tokens: Collection[bytes]) -> Mapping[bytes, Living]: ...


class Pulse(Protocol):
    def changes(self, conn: Conn, teams: Collection[str]) -> Mapping[str, int]: ...

    def standings(self, conn: Conn, of: Collection[bytes]) -> Mapping[bytes, tuple[int, int]]: ...


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look found.  `hidden`: officer and case that were not to be told of one another."""

    living: Mapping[bytes, Living]
    changes: Mapping[str, int]
    visits: Sequence[Visit]
    standings: Mapping[bytes, tuple[int, int]]
    hidden: frozenset[tuple[str, bytes]]


class Watch:
    """One for a process.  `cases`, `pulse`, `rows`, `visits`: storage's; `roster`: the verified one of now."""

    def __init__(
        self,
        database: Database,
        *,
        cases: Cases,
        pulse: Pulse,
        sessions: Sessions,
        rows: Rows,
        visits: Visits,
        roster: Callable[[int], Roster],
        now: Callable[[], int],
        every_s: float = EVERY_S,
    ) -> None:
        self._database = database
        self._cases = cases
        self._pulse = pulse
        self._sessions = sessions
        self._rows = rows
        self._visits = visits
        self._roster = roster
        self._now = now
        self._every_s = every_s
        self._streams: list[Stream] = []
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def open(self, who: Signed) -> Stream | None:
        """A stream for one page; none when there are too many.  The oldest page of a session makes room for a new one."""
        if self._closed or len(self._streams) >= MOST:
            return None
        same = [stream for stream in self._streams if stream.who.token == who.token]
        for old in same[: max(0, len(same) + 1 - MOST_PER_SESSION)]:
            self._end(old, Over.MANY)
        stream = Stream(who)
        self._streams.append(stream)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep())
        return stream

    def leave(self, stream: Stream) -> None:
        """The page is gone."""
        if stream in self._streams:
            self._streams.remove(stream)

    def close(self) -> None:
        """This process stops: every page is told to come back, and none is let in any more (R15)."""
        self._closed = True
        self._end_all(Over.STOP)

    async def _keep(self) -> None:
        failed = 0
        while self._streams:
            try:
                await self.look()
                failed = 0
            except Exception as fault:  # whatever it is: pages ask by themselves when nothing comes
                failed += 1
                log.error("live_unread", fault=type(fault).__name__)
                if failed >= MOST_FAILED:
                    self._end_all(Over.AWAY)
            await asyncio.sleep(self._every_s)

    async def look(self) -> None:
        """Look once, and note for each page what it has not been told."""
        now = self._now()
        roster = self._roster(now)
        streams = [(stream, _now_of(stream.who, roster)) for stream in self._streams]
        seen = await self._database.read(lambda conn: self._see(conn, streams, now))
        for stream, who in streams:
            self._tell(stream, who, seen, now)
        if len(present(seen.visits, now)) < len(seen.visits):
            gone = max(visit.seen for visit in seen.visits if visit not in present(seen.visits, now))
            await self._database.write(lambda conn: self._visits.forget(conn, gone))

    def _see(self, conn: Conn, streams: Sequence[tuple[Stream, Signed]], now: int) -> _Seen:
        visits = self._visits.all(conn)
        ours = {who.account.id for _, who in streams}
        of = {visit.case for visit in present(visits, now) if visit.account in ours}
        standings = self._pulse.standings(conn, of)
        asked = {
            (who.account.id, case): who.token
            for stream, who in streams
            for case, told in _cases_of(who.account.id, standings, visits, now).items()
            if stream.told.get(case) != told
        }
        hidden = {key for key, token in asked.items() if not self._sees(conn, token, key[1], now)}
        return _Seen(
            self._rows.living(conn, [who.token for _, who in streams]),
            self._pulse.changes(conn, {team for _, who in streams for team in who.teams}),
            visits,
            standings,
            frozenset(hidden),
        )

    def _sees(self, conn: Conn, token: bytes, case: bytes, now: int) -> bool:
        """With the keys and teams of now: both change while a page is open."""
        found = self._sessions.look(conn, token, now)
        return found is not None and find_visible(self._cases, conn, found[0], case) is not None

    def _tell(self, stream: Stream, who: Signed, seen: _Seen, now: int) -> None:
        living = seen.living.get(who.token)
        if living is None or living.ends <= now or not living.roles & _READERS:
            self._end(stream, Over.SIGNED_OUT)
        elif living.vault_ends <= now:
            self._end(stream, Over.LOCKED)
        else:
            stream.lists_at(tuple((team, seen.changes.get(team, 0)) for team in who.teams))
            me = who.account.id
            found = _cases_of(me, seen.standings, seen.visits, now)
            stream.cases_at({case: told for case, told in found.items() if (me, case) not in seen.hidden})

    def _end(self, stream: Stream, why: Over) -> None:
        stream.end(why)
        self.leave(stream)

    def _end_all(self, why: Over) -> None:
        for stream in tuple(self._streams):
            self._end(stream, why)


def _now_of(who: Signed, roster: Roster) -> Signed:
    """Teams change while a page is open."""
    return replace(who, teams=tuple(team.id for team in roster.teams if who.account.id in team.officers))


def _cases_of(
    me: str, standings: Mapping[bytes, tuple[int, int]], visits: Sequence[Visit], now: int
) -> Mapping[bytes, tuple[CaseAt, Company]]:
    """The cases this officer has open, how they stand, and who else is there."""
    here = present(visits, now)
    found = {}
    for case in {visit.case for visit in here if visit.account == me} & set(standings):
        others = [visit for visit in here if visit.case == case and visit.account != me]
        typing = tuple(visit.account for visit in others if types(visit, now))
        company = Company(case, tuple(visit.account for visit in others), typing)
        found[case] = (CaseAt(case, *standings[case]), company)
    return found
