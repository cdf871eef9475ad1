"""Whoever keeps a service hears of keys before they end."""

import pytest

from bot.checks import key_checks
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
    assert {(False, "ends in 6 days; signing in renews it")} == {(ok, told) for _, ok, told in late}
    assert {"ends in 0 days; signing in renews it"} == {told for _, _, told in key_checks(roster, ends + DAY_S)}
