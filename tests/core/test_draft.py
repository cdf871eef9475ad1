"""A draft: begun, left, found again within a day, gone after it; hidden once somebody left fast."""

import pytest

from bot.core.state import Keeping
from tests.talking import HOUR_S, NOON, Talk

DAY_S = 24 * HOUR_S


@pytest.fixture
def talk() -> Talk:
    """Somebody in the middle of a report who has already written something."""
    talk = Talk().opens()
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "a:soon")
    talk.writes("they come on friday")
    return talk


def test_a_draft_is_offered_again_at_the_door(talk: Talk) -> None:
    talk.waits(23 * HOUR_S)
    talk.starts()
    talk.chooses("c:tell")

    talk.sees("draft.waiting")
    talk.sees_button("resume", "erase")


def test_going_on_leads_to_the_next_question(talk: Talk) -> None:
    talk.waits(23 * HOUR_S)
    talk.starts()
    talk.chooses("c:tell", "resume")

    talk.sees_question("place-to")
    talk.sees_nothing_of("draft.gone")


def test_nothing_is_forgotten_on_the_way(talk: Talk) -> None:
    talk.starts()
    talk.chooses("c:tell", "resume")
    while talk.asked():
        talk.chooses("skip")

    report = talk.sends_report()
    assert report.cover.answers["danger"] == ("soon",)
    assert talk.kept.delivered_words == [[("place-to", "they come on friday")]]


def test_reading_a_page_in_between_keeps_the_way_back(talk: Talk) -> None:
    talk.presses("!learn")
    talk.chooses("c:job-offer", "resume")

    talk.sees_question("place-to")


@pytest.mark.parametrize("screen", ["home", "who", "language"])
def test_the_first_screens_a_stranger_sees_hint_at_nothing(talk: Talk, screen: str) -> None:
    talk.starts()
    if screen != "home":
        talk.presses("!language")

    talk.sees_no_button("resume")


def test_help_in_the_middle_keeps_the_place(talk: Talk) -> None:
    talk.chooses("!help")

    talk.sees_number("1121")
    talk.sees_question("place-to")


def test_a_day_later_the_draft_is_erased_and_the_child_is_told(talk: Talk) -> None:
    talk.waits(DAY_S + 1)
    talk.starts()

    talk.sees("draft.gone", "screen.home")
    assert talk.kept.draft == []


@pytest.mark.parametrize(
    "act",
    [
        lambda t: t.presses("skip"),
        lambda t: t.presses("!help"),
        lambda t: t.presses("!mail"),
        lambda t: t.asks_help(),
        lambda t: t.writes("hello?"),
        lambda t: t.writes("help"),
        lambda t: t.sends("voice"),
        lambda t: t.looks(),
    ],
    ids=["button", "help button", "messages", "help", "words", "the word help", "voice", "look"],
)
def test_the_child_is_told_whatever_the_next_event_is(talk: Talk, act: object) -> None:
    talk.waits(DAY_S + 1)
    assert callable(act)
    act(talk)

    talk.sees("draft.gone")


def test_it_is_told_once(talk: Talk) -> None:
    talk.waits(DAY_S + 1)
    talk.starts()
    talk.starts()

    talk.sees_nothing_of("draft.gone")


def test_what_was_only_opened_is_not_missed(talk: Talk) -> None:
    fresh = Talk().opens()
    fresh.chooses("c:tell")
    fresh.waits(DAY_S + 1)
    fresh.starts()

    fresh.sees_nothing_of("draft.gone")


def test_a_day_counts_from_the_beginning_not_from_the_last_word(talk: Talk) -> None:
    talk.waits(DAY_S - 1)
    talk.writes("still here")
    talk.waits(2)
    talk.looks()

    talk.sees("draft.gone")


def test_words_after_the_day_begin_a_new_draft(talk: Talk) -> None:
    talk.waits(DAY_S + 1)
    talk.writes("hello, are you there?")

    assert talk.kept.draft == [("opening", "hello, are you there?")]


def test_a_draft_that_ends_while_it_is_offered_leaves_no_dead_button(talk: Talk) -> None:
    talk.starts()
    talk.chooses("c:tell")
    talk.waits(DAY_S + 1)
    talk.presses("resume")

    talk.sees("draft.gone", "screen.home")
    talk.sees_no_button("resume", "erase")


def test_a_code_that_was_not_confirmed_in_a_day_sends_nothing(talk: Talk) -> None:
    while talk.asked():
        talk.chooses("skip")
    talk.chooses("send")
    assert isinstance(talk.state, Keeping)
    talk.waits(DAY_S + 1)
    talk.presses("code-saved")

    talk.sees("draft.gone")
    assert talk.kept.delivered == []


def test_erasing_a_waiting_draft_erases_its_words(talk: Talk) -> None:
    talk.starts()
    talk.chooses("c:tell", "erase")

    talk.sees("draft.erased", "screen.home")
    assert talk.kept.draft == []


# --- after leaving fast ---


def test_after_leaving_no_screen_hints_at_the_draft(talk: Talk) -> None:
    talk.leaves()
    talk.starts()
    talk.chooses("c:learn")
    talk.sees_no_button("resume")

    talk.chooses("c:job-offer")
    talk.sees_no_button("resume")


def test_after_leaving_the_door_still_finds_the_draft(talk: Talk) -> None:
    talk.leaves()
    talk.starts()
    talk.chooses("c:tell", "resume")

    talk.sees_question("place-to")
    assert talk.kept.draft == [("place-to", "they come on friday")]


def test_after_leaving_its_end_is_not_told(talk: Talk) -> None:
    """Somebody else may hold the phone now."""
    talk.leaves()
    talk.waits(DAY_S + 1)
    talk.starts()

    talk.sees_nothing_of("draft.gone")
    assert talk.kept.draft == []


def test_after_leaving_words_are_kept_without_a_hint(talk: Talk) -> None:
    talk.leaves()
    talk.writes("are you still there")

    talk.sees("screen.home")
    talk.sees_nothing_of("draft.kept", "draft.opened", "draft.waiting")
    assert talk.kept.draft[-1] == ("opening", "are you still there")


def test_time_starts_anew_with_a_new_draft() -> None:
    talk = Talk(at=NOON).opens()
    talk.waits(10 * DAY_S)
    talk.tells({})

    talk.has_never_said("draft.gone")
