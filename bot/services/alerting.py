"""Alerts go out: claimed under a lease, so that of many replicas one sends, and tried again until somebody was reached.

What is sent says why, how urgent and in which queue, and nothing of any report (D19).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import structlog

from bot.core.case import Status
from bot.core.duty import DutyRoster, Person, Reason
from bot.core.effects import Number, Param, Text
from bot.core.errors import HelplineError, RetryAfter
from bot.core.roster import Roster
from bot.services.climbing import NOBODY, Climbing, told_mark
from bot.services.officers.ports import Count, Database

Conn = Any
EVERY_S = 5.0
LEASE_S = 120
"""Longer than all addresses of one person together may take."""
SEND_WITHIN_S = 25.0
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 600
FAILS = "alert-fails:"
"""Marks: person and kind of channel → how often in a row it failed."""
_LINES: Mapping[Reason, str] = {reason: f"console.alert.reason.{reason.value}" for reason in Reason}

log = structlog.get_logger()


class Channel(Protocol):
    """One way to reach staff.  `address`: as it stands in the duty roster, with its scheme."""

    async def tell(self, address: str, title: str, body: str) -> None:
        """Raises `ChannelError` when it did not arrive."""


class Claimed(Protocol):
    @property
    def person(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def attempts(self) -> int: ...


class Rows(Protocol):
    """Storage's steps."""

    def clock(self, conn: Conn, now: int) -> int: ...

    def claim(self, conn: Conn, now: int, lease_s: int) -> Sequence[Any]: ...

    def told(self, conn: Conn, claimed: Sequence[Any]) -> None: ...

    def put_back(self, conn: Conn, claimed: Sequence[Any], wait_s: int, now: int) -> None: ...

    def number(self, conn: Conn, name: str) -> int: ...

    def set_number(self, conn: Conn, name: str, value: int, now: int) -> None: ...

    def waiting(self, conn: Conn) -> tuple[int, int]: ...

    def numbers(self, conn: Conn, prefix: str) -> Mapping[str, int]: ...

    def overdue(self, conn: Conn, teams: Sequence[str], limits_s: Mapping[str, int], now: int) -> int: ...


class Counting(Protocol):
    def counts(self, conn: Conn, teams: Sequence[str]) -> Sequence[Count]: ...


Say = Callable[[str, Text], str]
"""(language, text) → words."""


@dataclass(frozen=True, slots=True)
class State:
    """`failing`: kinds of channel that failed last.  `late`: alerts that were tried in vain.  `nobody`: none to tell."""

    waiting: int
    late: int
    failing: tuple[str, ...]
    nobody: bool

    @property
    def well(self) -> bool:
        return not self.failing and not self.nobody and not self.late


@dataclass(frozen=True, slots=True)
class World:
    """What alerts are written from: the signed list of officers, the wording, and in how many seconds an answer is due."""

    roster: Callable[[], Roster]
    say: Say
    answer_within_s: Mapping[str, int]


class Alerting:
    """`channels`: scheme of an address → its channel, "" for every other scheme.  `duty`: the duty roster of now."""

    def __init__(
        self,
        database: Database,
        climbing: Climbing,
        *,
        rows: Rows,
        queues: Counting,
        channels: Mapping[str, Channel],
        duty: Callable[[], DutyRoster],
        world: World,
        now: Callable[[], int],
    ) -> None:
        self._database = database
        self._climbing = climbing
        self._rows = rows
        self._queues = queues
        self._channels = channels
        self._duty = duty
        self._world = world
        self._now = now

    async def keep(self) -> None:
        """Look and send every few seconds, until cancelled; a fault is logged and tried again."""
        while True:
            try:
                await self.step()
            except Exception as fault:  # a busy database, a broken channel: the next look must come
                log.error("alerts_failed", fault=type(fault).__name__)
            await asyncio.sleep(EVERY_S)

    async def step(self) -> int:
        """One look and one sending; return how many messages went out."""
        now, duty = self._now(), self._duty()
        await self._database.write(lambda c: self._climbing.look(c, duty, now))
        claimed = await self._database.write(lambda c: self._rows.claim(c, now, LEASE_S))
        by_person = groupby(sorted(claimed, key=lambda one: one.person), key=lambda one: one.person)
        sent = await asyncio.gather(*(self._person(duty, id, list(alerts)) for id, alerts in by_person))
        return sum(sent)

    async def state(self) -> State:
        return await self._database.read(self._state)

    def _state(self, conn: Conn) -> State:
        waiting, late = self._rows.waiting(conn)
        failed = {name.rpartition(":")[2] for name, n in self._rows.numbers(conn, FAILS).items() if n}
        return State(waiting, late, tuple(sorted(failed)), bool(self._rows.number(conn, NOBODY)))

    async def _person(self, duty: DutyRoster, id: str, alerts: Sequence[Claimed]) -> bool:
        person = duty.person(id)
        if person is None:  # left the duty roster meanwhile: the report climbs on by itself
            await self._database.write(lambda c: self._rows.told(c, alerts))
            return False
        title, body = await self._database.read(lambda c: self._words(c, person, alerts))
        wait_s = await self._deliver(person, title, body, max(one.attempts for one in alerts))

        def settle(conn: Conn) -> None:
            now = self._rows.clock(conn, self._now())
            if wait_s is not None:
                self._rows.put_back(conn, alerts, wait_s, now)
                return
            self._rows.told(conn, alerts)
            if any(one.reason != Reason.DIGEST.value for one in alerts):
                self._rows.set_number(conn, told_mark(id), now, now)

        await self._database.write(settle)
        return wait_s is None

    async def _deliver(self, person: Person, title: str, body: str, attempt: int) -> int | None:
        """Try each address until one takes it; return seconds to wait when none did."""
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S << min(attempt - 1, 10))
        for address in person.reach:
            kind = address.partition(":")[0]
            channel = self._channels.get(kind) or self._channels.get("")
            try:
                if channel is None:
                    raise HelplineError("no such channel")
                async with asyncio.timeout(SEND_WITHIN_S):
                    await channel.tell(address, title, body)
            except RetryAfter as slow:
                wait = max(wait, min(LONGEST_WAIT_S, int(slow.seconds) + 1))
                continue
            except Exception as fault:  # foreign libraries raise what they like; the next address must be tried
                log.warning("alert_not_sent", kind=kind, fault=type(fault).__name__)
                await self._note(f"{person.id}:{kind}", failed=True)
                continue
            await self._note(f"{person.id}:{kind}", failed=False)
            return None
        return wait

    async def _note(self, whose: str, *, failed: bool) -> None:
        def work(conn: Conn) -> None:
            before = self._rows.number(conn, FAILS + whose)
            after = before + 1 if failed else 0
            if after != before:
                self._rows.set_number(conn, FAILS + whose, after, self._now())

        await self._database.write(work)

    def _words(self, conn: Conn, person: Person, alerts: Sequence[Claimed]) -> tuple[str, str]:
        roster = self._world.roster()
        urgent = [one for one in alerts if one.reason != Reason.DIGEST.value]
        lines = self._urgent(person, roster, urgent) if urgent else []
        if len(urgent) < len(alerts):
            lines += self._digest(conn, person, roster)
        title = "console.alert.title" if urgent else "console.alert.digest.title"
        return self._say(person, title), "\n".join(lines)

    def _urgent(self, person: Person, roster: Roster, alerts: Sequence[Claimed]) -> list[str]:
        names = {team.id: team.name for team in roster.teams}
        counted = Counter((one.urgency, names.get(one.team, one.team), Reason(one.reason)) for one in alerts)
        lines = []
        for (urgency, team, reason), n in sorted(counted.items(), key=lambda item: (*item[0][:2], item[0][2].value)):
            band = Text(f"console.urgency.{urgency}")
            lines.append(self._say(person, "console.alert.queue", team=team, urgency=band, count=Number(str(n))))
            lines.append(self._say(person, _LINES[reason]))
        return [*lines, self._say(person, "console.alert.do")]

    def _digest(self, conn: Conn, person: Person, roster: Roster) -> list[str]:
        teams = [t for t in roster.teams if person.id in t.officers or t.id in person.teams]
        ids = [team.id for team in teams]
        counts = [row for row in self._queues.counts(conn, ids) if not row.feedback]

        def of(*statuses: Status) -> Number:
            return Number(str(sum(row.n for row in counts if row.status in statuses)))

        late = self._rows.overdue(conn, ids, self._world.answer_within_s, self._now())
        said = {"new": of(Status.NEW), "work": of(Status.OPENED, Status.IN_WORK), "late": Number(str(late))}
        return [self._say(person, "console.alert.digest", **said)]

    def _say(self, person: Person, id: str, **params: Param) -> str:
        return self._world.say(person.lang, Text(id, params))
