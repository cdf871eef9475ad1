"""When it may be offered that a chat is told of answers, and when that ends (D10)."""

from dataclasses import replace

import pytest

from bot.core.advance import advance
from bot.core.effects import AskNotice, EndNotice, ForgetNotices
from bot.core.events import Chose, Left, MailboxOpened
from bot.core.state import Entering, Reading, State, dump, load
from bot.core.state import Talk as Carried
from tests.talking import NOON, real_flow

FLOW = replace(real_flow(), notices=True)


def opened(*, shared: str = "", reachable: bool = True, noticed: bool = False) -> Reading:
    talk = Carried("en", "child", touched=NOON, shared=shared)
    event = MailboxOpened(NOON, "received", (), reachable=reachable, noticed=noticed)
    state = advance(FLOW, Entering(talk), event).state
    assert isinstance(state, Reading)
    return state


def after(state: State, *keys: str) -> tuple[State, list[type]]:
    made: list[type] = []
    for key in keys:
        turn = advance(FLOW, state, Chose(NOON, key, state.talk.turn))
        state, made = turn.state, [*made, *(type(effect) for effect in turn.effects)]
    return state, made


@pytest.mark.parametrize(
    ("shared", "reachable", "noticed", "notice"),
    [
        ("", True, False, "off"),
        ("alone", True, False, "off"),
        ("others", True, False, ""),
        ("all", True, False, ""),
        ("", False, False, ""),
        ("", False, True, "on"),
        ("others", True, True, "on"),
    ],
)
def test_offered_where_it_reaches_and_ended_from_anywhere(
    shared: str, reachable: bool, noticed: bool, notice: str
) -> None:
    assert notice == opened(shared=shared, reachable=reachable, noticed=noticed).notice


def test_two_presses_ask_and_one_ends() -> None:
    state, made = after(opened(), "notice")
    assert AskNotice not in made
    state, made = after(state, "yes")
    assert AskNotice in made
    state, made = after(state, "no-notice")

    assert EndNotice in made
    assert isinstance(state, Reading)
    assert state.notice == "off"


@pytest.mark.parametrize("keys", [("notice", "yes"), ("yes",), ("no-notice",)])
def test_a_forged_press_asks_for_nothing_where_it_is_not_offered(keys: tuple[str, ...]) -> None:
    _, made = after(opened(shared="all"), *keys)

    assert not {AskNotice, EndNotice} & set(made)


@pytest.mark.parametrize("noticed", [True, False])
def test_leaving_ends_every_notice_of_the_chat(noticed: bool) -> None:
    turn = advance(FLOW, opened(noticed=noticed), Left(NOON))

    assert ForgetNotices() in turn.effects


def test_where_no_messenger_tells_anybody_leaving_ends_nothing() -> None:
    assert ForgetNotices() not in advance(real_flow(), opened(), Left(NOON)).effects


def test_it_is_kept_with_the_state_and_older_states_open_without_it() -> None:
    state = opened(noticed=True)
    assert load(dump(state)) == state
    older = dump(state)
    older["s"] = older["s"][:-1]

    assert load(older) == replace(state, notice="")
