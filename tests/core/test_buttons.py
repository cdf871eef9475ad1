"""Buttons: old ones are answered kindly, forged ones do nothing, every shown one leads somewhere."""

import pytest

from bot.core.state import Browsing, dump
from tests.talking import Talk

FORGED = [
    "", ":", "a:", "a:nonsense", "c:", "c:nothing", "lang:xx", "r:ZZ-99", "p:", "p:nowhere", "e:avoid", "e:", "o:lahore",
    "o:nobody", "page:+", "page:-", "page:x", "here", "done", "skip", "send", "resume", "erase", "change", "code-saved",
    "code-again", "name-person", "!back", "!nonsense", "a:nobody", "p:*", "\x00", "🔑", "a:" + "x" * 500,
]  # fmt: skip


@pytest.fixture
def talk() -> Talk:
    return Talk().opens()


def test_an_old_button_is_answered_with_where_we_are(talk: Talk) -> None:
    old = talk.prompt.turn
    talk.chooses("c:tell", "a:yes", "skip", "a:ok")
    talk.presses("c:learn", old)

    talk.sees("say.stale")
    talk.sees_question("danger")


def test_pressing_twice_answers_once(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok")
    turn = talk.prompt.turn
    talk.presses("a:now", turn)
    talk.presses("a:now", turn)

    talk.sees("say.stale")
    talk.sees_question("place-to")


@pytest.mark.parametrize("door", ["!help", "!leave", "!home", "!mail", "!tell", "!learn", "!language"])
def test_a_door_opens_however_old_its_button_is(talk: Talk, door: str) -> None:
    talk.chooses("c:learn")
    talk.presses(door, 1)

    talk.sees_nothing_of("say.stale")


@pytest.mark.parametrize("key", FORGED)
def test_a_forged_button_is_survived_at_every_step(key: str) -> None:
    """With the right turn number, at each question in turn."""
    talk = Talk().opens()
    talk.chooses("c:tell")
    for answer in ("a:yes", "skip", "a:ok"):
        talk.presses(key)
        talk.presses("!tell")
        if "resume" in talk.keys:
            talk.chooses("resume")
        if answer in talk.keys:
            talk.chooses(answer)
    for _ in range(20):
        talk.presses(key)
        assert talk.latest
        if "skip" in talk.keys:
            talk.chooses("skip")
    talk.leaves()


def test_a_forged_flood_of_answers_does_not_grow_the_state(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("change", "e:avoid")
    for n in range(200):
        talk.presses(f"a:{n}")
        talk.presses(f"o:{n}")

    assert len(str(dump(talk.state))) < 1_500


def test_nothing_can_be_sent_without_its_code(talk: Talk) -> None:
    talk.tells({})
    talk.presses("code-saved")

    assert talk.kept.delivered == []


def test_a_question_that_must_be_answered_cannot_be_skipped(talk: Talk) -> None:
    talk.chooses("c:tell")
    talk.presses("skip")

    talk.sees("say.stale")
    talk.sees_question("safe-now")


@pytest.mark.slow
def test_every_button_of_every_screen_leads_somewhere() -> None:
    """No press on a shown button is taken for a stale one; whole screens are walked, breadth first."""
    seen: set[str] = set()
    ways: list[tuple[str, ...]] = [()]
    while ways:
        way = ways.pop(0)
        talk = Talk().opens()
        talk.chooses(*way)
        assert isinstance(talk.state, Browsing)
        if talk.state.screen in seen:
            continue
        seen.add(talk.state.screen)
        for key in talk.keys:
            further = Talk().opens()
            further.chooses(*way, key)
            further.sees_nothing_of("say.stale")
            if isinstance(further.state, Browsing) and key.startswith("c:"):
                ways.append((*way, key))

    assert {f"page:{p}" for p in ("job-offer", "what-is-trafficking")} <= seen
