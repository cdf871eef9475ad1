"""Leaving fast works from everywhere, typed or pressed, and leaves nothing to see."""

from collections.abc import Callable

import pytest

from bot.core.advance import advance
from bot.core.effects import Class, Say, Sweep, Text
from bot.core.events import CodeMade, Left, MailboxMissing, MailboxOpened
from bot.core.private import Private
from bot.core.state import Asking, Browsing, Entering, Keeping, Reading, Reviewing
from tests.talking import Talk

CODE = "77000000000000000042"


def _somewhere(way: Callable[[Talk], None]) -> Talk:
    talk = Talk().opens("ur", "teen")
    talk.codes[CODE] = ("answered", ("you are not alone",))
    way(talk)
    return talk


def _reading(talk: Talk) -> None:
    talk.presses("!mail")
    talk.writes(CODE)


def _reviewing(talk: Talk) -> None:
    talk.tells({"danger": "now", "words-what": "they lock the door"})


def _keeping(talk: Talk) -> None:
    _reviewing(talk)
    talk.chooses("send")


def _naming(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("change", "e:avoid", "name-person")


EVERYWHERE: dict[str, tuple[Callable[[Talk], None], type]] = {
    "home": (lambda t: None, Browsing),
    "a page": (lambda t: t.chooses("c:learn", "c:job-offer"), Browsing),
    "help": (lambda t: t.chooses("!help"), Browsing),
    "a question": (lambda t: t.chooses("c:tell", "a:yes", "skip", "a:ok"), Asking),
    "naming a person": (_naming, Asking),
    "the review": (_reviewing, Reviewing),
    "the code": (_keeping, Keeping),
    "entering a code": (lambda t: t.presses("!mail"), Entering),
    "reading": (_reading, Reading),
}


@pytest.mark.parametrize("how", ["pressed", "typed", "in Urdu", "command"])
@pytest.mark.parametrize("where", EVERYWHERE)
def test_leaving_works_from_everywhere(where: str, how: str) -> None:
    way, kind = EVERYWHERE[where]
    talk = _somewhere(way)
    assert isinstance(talk.state, kind)
    match how:
        case "pressed":
            talk.chooses("!leave")
        case "typed":
            talk.writes("STOP!!")
        case "in Urdu":
            talk.writes("بند کرو")
        case _:
            talk.leaves()

    assert talk.kept.swept
    assert talk.latest == [Say((Text("left.neutral"),), kind=Class.CODE)]
    assert talk.state == Browsing(talk.state.talk, "left")


@pytest.mark.parametrize("where", EVERYWHERE)
def test_what_the_talk_knew_is_gone(where: str) -> None:
    talk = _somewhere(EVERYWHERE[where][0])
    talk.leaves()

    assert talk.state.talk.audience == ""
    assert talk.state.talk.region == ""
    assert talk.state.talk.lang == "ur"


def test_the_chat_is_swept_before_the_harmless_words_are_said() -> None:
    talk = Talk().opens()
    turn = advance(talk.flow, talk.state, Left(talk.at))

    assert turn.effects == (Sweep(all=True), Say((Text("left.neutral"),), kind=Class.CODE))


def test_an_answer_that_comes_too_late_is_not_shown() -> None:
    """The look-up was on its way when the child left."""
    talk = _somewhere(lambda t: t.presses("!mail"))
    talk.leaves()
    for late in (
        MailboxOpened(0, "answered", (Private("you are not alone"),)),
        MailboxMissing(0),
        CodeMade(0, Private("7700 0000 0000 0000 0001")),
    ):
        talk.hears(late)

        assert talk.latest == []
        assert talk.state == Browsing(talk.state.talk, "left")


@pytest.mark.parametrize("where", EVERYWHERE)
def test_help_works_from_everywhere(where: str) -> None:
    talk = _somewhere(EVERYWHERE[where][0])
    before = talk.state
    talk.writes("مدد")

    talk.sees("help.calm")
    talk.sees_number("1121")
    if not isinstance(before, Browsing):
        assert type(talk.state) is type(before)


def test_under_a_picture_the_words_that_always_work_work_too() -> None:
    talk = Talk().opens()
    talk.sends("picture", "stop")

    assert talk.kept.swept
    assert talk.kept.draft == []
