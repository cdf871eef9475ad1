"""The state of a talk: written and re-read between any two turns, never holding a word."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import state as states
from bot.core.state import (
    VERSION,
    Asking,
    Browsing,
    Draft,
    Entering,
    Keeping,
    Reading,
    Reviewing,
    State,
    Talk,
    begin,
    dump,
    load,
)
from tests.talking import NOON, real_flow
from tests.talking import Talk as Talking

KEYS = st.text(st.characters(codec="utf-8"), max_size=12)
TIMES = st.integers(0, 2**33)
DRAFTS = st.builds(
    Draft,
    TIMES,
    st.dictionaries(KEYS, st.lists(KEYS, max_size=3).map(tuple), max_size=4),
    st.lists(KEYS, max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
)
TALKS = st.builds(Talk, KEYS, KEYS, KEYS, st.integers(0, 2**31), TIMES, st.none() | DRAFTS)
STATES: st.SearchStrategy[State] = st.one_of(
    st.builds(Browsing, TALKS, KEYS),
    st.builds(Asking, TALKS, KEYS, KEYS, st.integers(0, 99), st.booleans(), st.booleans()),
    st.builds(Reviewing, TALKS, st.booleans()),
    st.builds(Keeping, TALKS, st.booleans(), KEYS),
    st.builds(Entering, TALKS),
    st.builds(Reading, TALKS, TIMES, KEYS, st.booleans()),
)


@settings(max_examples=60, deadline=None)
@given(STATES)
def test_any_state_comes_back_as_it_was(state: State) -> None:
    assert state == load(json.loads(json.dumps(dump(state))))


def test_whoever_never_wrote_begins_at_the_language() -> None:
    assert begin() == Browsing(Talk(), "language")


def test_a_state_of_a_newer_release_is_refused() -> None:
    with pytest.raises(ValueError, match="newer"):
        load({**dump(begin()), "v": VERSION + 1})


def test_an_older_state_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two releases ago the talk had no time, one release ago no turn."""

    def with_turn(plain: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**plain, "v": VERSION - 1, "t": [*plain["t"], 0]}

    def with_time(plain: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**plain, "v": VERSION, "t": [*plain["t"], 0]}

    monkeypatch.setattr(states, "_LIFTS", {VERSION - 2: with_turn, VERSION - 1: with_time})

    assert load({"v": VERSION - 2, "t": ["ur", "teen", "PK-PB"], "s": ["browsing", "home"]}) == Browsing(
        Talk("ur", "teen", "PK-PB"), "home"
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (["reading", NOON], Reading(Talk("ur", turn=3, touched=NOON), NOON)),
        (["reading", NOON, True], Reading(Talk("ur", turn=3, touched=NOON), NOON, answered=True)),
        (["keeping", True], Keeping(Talk("ur", turn=3, touched=NOON), made=True)),
        (["entering"], Entering(Talk("ur", turn=3, touched=NOON))),
        (["browsing", "home"], Browsing(Talk("ur", turn=3, touched=NOON), "home")),
    ],
)
def test_a_state_from_before_mailboxes_had_steps_is_lifted(before: list[Any], now: State) -> None:
    assert now == load({"v": 1, "t": ["ur", "", "", 3, NOON], "s": before})


def test_a_state_that_must_not_exist_cannot_be_built() -> None:
    """Only a question has a place in a list, only an open mailbox a time."""
    with pytest.raises(TypeError):
        Reviewing(Talk(), within="PK-PB")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Reading(Talk())  # type: ignore[call-arg]


# --- a talk that an older release left ---


def back_after_a_release(state: State, **changed: Any) -> Talking:
    """Somebody in `state` comes back when the content has changed."""
    talk = Talking(replace(real_flow(), **changed))
    talk.state = load(dump(state))
    return talk


def test_a_screen_that_is_gone_leads_home() -> None:
    talk = back_after_a_release(Browsing(Talk("en"), "page:of-last-year"))
    talk.looks()

    talk.sees("screen.home")


def test_a_question_that_is_gone_leads_to_the_next_one() -> None:
    draft = Draft(
        NOON, {"safe-now": ("yes",), "phone": ("alone",), "limits": ("ok",), "shoe-size": ("43",)}, ("shoe-colour",)
    )
    talk = back_after_a_release(Asking(Talk("en", draft=draft), "shoe-width"))
    talk.writes("they lock the door")

    talk.sees("draft.kept")
    talk.sees_question("danger")


def test_a_place_that_is_gone_leads_to_the_list() -> None:
    talk = back_after_a_release(Asking(Talk("en", draft=Draft(NOON)), "place-to", "XX-99", 3))
    talk.looks()

    talk.sees_question("place-to")
    talk.sees_button("p:PK-PB")


def test_a_language_that_is_no_longer_offered_is_asked_for_again() -> None:
    talk = back_after_a_release(Browsing(Talk("sd"), "home"))
    talk.starts()

    talk.sees("screen.language")


def test_a_report_begun_in_such_a_language_can_still_be_sent() -> None:
    draft = Draft(NOON, {"safe-now": ("yes",), "limits": ("ok",)})
    talk = back_after_a_release(Asking(Talk("sd", draft=draft), "danger"))
    talk.looks()
    while talk.asked():
        talk.chooses("skip")

    assert talk.sends_report().language == ""
