"""Whoever keeps a service hears of keys before they end."""

import pytest

from bot.checks import head_check, key_checks
from bot.sealing.roster import verify_roster
from tests.people import People

DAY_S = 86_400
NOW = 1_790_000_000


@pytest.mark.promise("S13")
def test_keys_that_end_within_a_week_are_named_and_others_are_not() -> None:
    people = People(now=NOW)
    roster = verify_roster(people.document(), people.root, now=NOW)
    ends = max(key.ends for officer in roster.officers for key in officer.keys)

    assert [] == list(key_checks(roster, ends - 8 * DAY_S))
    late = list(key_checks(roster, ends - 6 * DAY_S))
    assert {f"key of {officer.id}" for officer in roster.officers} == {check for check, _, _ in late}
    assert {(False, "ends in 6 days; signing in renews it, `hamrah officer leave` ends it")} == {
        (ok, told) for _, ok, told in late
    }
    assert {"ends in 0 days; signing in renews it, `hamrah officer leave` ends it"} == {
        told for _, _, told in key_checks(roster, ends + DAY_S)
    }


@pytest.mark.promise("S37")
def test_a_head_that_is_late_or_missing_is_red() -> None:
    hour = NOW // 3_600

    assert [False, True, False] == [head_check(one, NOW)[1] for one in (None, (5, hour - 2), (5, hour - 3))]
