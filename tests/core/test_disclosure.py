"""Small counts are not told."""

import pytest

from bot.core.disclosure import told
from bot.core.months import month_name, month_named


@pytest.mark.parametrize(("n", "shown"), [(0, "<5"), (1, "<5"), (4, "<5"), (5, 5), (6, 6), (12_000, 12_000)])
def test_a_count_below_five_is_told_as_that_only(n: int, shown: int | str) -> None:
    assert shown == told(n)


def test_all_small_counts_look_the_same() -> None:
    assert 1 == len({told(n) for n in range(5)})


@pytest.mark.parametrize(("name", "month"), [("1970-01", 0), ("2026-03", 674), ("2026-13", None), ("26-3", None)])
def test_a_month_is_read_as_it_is_written(name: str, month: int | None) -> None:
    assert month == month_named(name)
    assert month is None or name == month_name(month)


@pytest.mark.parametrize("name", ["", "1969-12", "2026-00", "2026-03 ", "٢٠٢٦-٠٣"])
def test_anything_else_is_no_month(name: str) -> None:
    assert month_named(name) is None
