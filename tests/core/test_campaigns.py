"""A poster's link is counted once, with the language chosen, and only if the deployment knows it."""

import pytest

from bot.core.counting import campaign_of
from bot.core.months import month_name, month_of
from bot.core.state import dump
from tests.talking import Talk, real_flow

KNOWN = {"start": frozenset({"school-1", "bus_stop"})}


@pytest.fixture
def talk() -> Talk:
    return Talk(real_flow(countable=KNOWN))


def test_a_known_campaign_is_counted_when_the_language_is_chosen(talk: Talk) -> None:
    talk.starts(campaign="school-1")
    assert [] == talk.kept.counted

    talk.chooses("lang:ur")
    assert [("start", "school-1", "ur")] == talk.kept.counted

    talk.presses("!language")
    talk.chooses("lang:en")
    assert 1 == len(talk.kept.counted)


def test_whoever_comes_back_through_a_link_is_counted_at_once(talk: Talk) -> None:
    talk.opens("ur")
    talk.starts(campaign="bus_stop")
    assert [("start", "bus_stop", "ur")] == talk.kept.counted


@pytest.mark.parametrize("unknown", ["", "school-2", "my name is Sara", "x" * 64])
def test_what_the_deployment_does_not_know_is_neither_counted_nor_kept(talk: Talk, unknown: str) -> None:
    talk.starts(campaign=unknown)
    assert "c" not in dump(talk.state)
    talk.chooses("lang:ur")
    assert [] == talk.kept.counted


def test_after_counting_nothing_of_the_link_is_kept(talk: Talk) -> None:
    talk.starts(campaign="school-1")
    assert "school-1" in str(dump(talk.state))
    talk.chooses("lang:ur")
    assert "school-1" not in str(dump(talk.state))


def test_leaving_before_the_language_forgets_the_link(talk: Talk) -> None:
    talk.starts(campaign="school-1")
    talk.leaves()
    assert "school-1" not in str(dump(talk.state))


@pytest.mark.parametrize(
    ("text", "campaign"),
    [("school-1", "school-1"), ("A_b-9", "A_b-9"), ("", ""), ("a b", ""), ("x" * 65, ""), ("بس", ""), ("a\n", "")],
)
def test_only_what_a_deep_link_can_carry_names_a_campaign(text: str, campaign: str) -> None:
    assert campaign == campaign_of(text)


def test_months_are_counted_from_1970() -> None:
    assert (0, "1970-01") == (month_of(0), month_name(0))
    assert "2026-03" == month_name(month_of(1_772_600_000))
