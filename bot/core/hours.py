"""When somebody reads: duty hours, holidays and the next time, told honestly at night (DESIGN §4.12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAYS_AHEAD = 21
"""Longer closures are a mistake in the settings, not a holiday; then no time is promised."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`week`: weekday (0 = Monday) → (opens, closes); a missing day is closed.  Times are local to `zone`."""

    zone: tzinfo = UTC
    week: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    def open_at(self, now: int) -> bool:
        """Whether somebody is on duty at `now` (epoch seconds UTC)."""
        local = datetime.fromtimestamp(now, self.zone)
        yesterday = local.date() - timedelta(days=1)  # its duty may last past midnight
        return any(span and span[0] <= local < span[1] for span in (self._span(yesterday), self._span(local.date())))

    def next_opening(self, now: int) -> datetime | None:
        """The next local time at which somebody starts to read; none when none is near."""
        local = datetime.fromtimestamp(now, self.zone)
        for ahead in range(_DAYS_AHEAD):
            span = self._span(local.date() + timedelta(days=ahead))
            if span and span[0] > local:
                return span[0]
        return None

    def local_day(self, now: int) -> date:
        return datetime.fromtimestamp(now, self.zone).date()

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self.week.get(day.weekday())
        if hours is None or day in self.holidays:
            return None
        opens = datetime.combine(day, hours[0], self.zone)
        closes = datetime.combine(day, hours[1], self.zone)
        return (opens, closes if closes > opens else closes + timedelta(days=1))
