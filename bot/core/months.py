"""Months since 1970, UTC: the finest time at which anything is counted."""

import re
from datetime import UTC, datetime

_NAME = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def month_of(second: int) -> int:
    at = datetime.fromtimestamp(second, UTC)
    return (at.year - 1970) * 12 + at.month - 1


def month_name(month: int) -> str:
    """As in `2026-03`."""
    return f"{1970 + month // 12}-{month % 12 + 1:02}"


def month_named(name: str) -> int | None:
    """The month that `month_name` calls so; none for anything else, and for months before 1970."""
    found = _NAME.fullmatch(name)
    month = (int(found[1]) - 1970) * 12 + int(found[2]) - 1 if found else -1
    return month if month >= 0 else None
