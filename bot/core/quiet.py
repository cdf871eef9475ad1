"""When nothing is said by itself: at night, by the operator's clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` to `ends`, over midnight if need be, local to `zone`; never when both are the same."""

    zone: tzinfo = UTC
    begins: time = time(21)
    ends: time = time(8)

    def over_at(self, now: int) -> int:
        """`now` (epoch seconds) where it is not quiet, else the second at which it no longer is."""
        local = datetime.fromtimestamp(now, self.zone)
        for day in (local.date() - timedelta(days=1), local.date()):
            begins = datetime.combine(day, self.begins, self.zone)
            last = day if self.ends > self.begins else day + timedelta(days=1)
            ends = datetime.combine(last, self.ends, self.zone)
            if self.begins != self.ends and begins <= local < ends:
                return int(ends.timestamp())
        return now
