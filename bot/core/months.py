"""Months since 1970, UTC: the finest time at which anything is counted."""

from datetime import UTC, datetime


def month_of(second: int) -> int:
    at = datetime.fromtimestamp(second, UTC)
    return (at.year - 1970) * 12 + at.month - 1


def month_name(month: int) -> str:
    """As in `2026-03`."""
    return f"{1970 + month // 12}-{month % 12 + 1:02}"
