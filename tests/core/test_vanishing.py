"""What does not stay on the screen: a case code never, what was told where others read the phone (S41)."""

import pytest

from bot.core.effects import Class, Fade, Say
from bot.core.state import dump, load
from bot.core.vanishing import LIVES_S, words_live_s
from tests.talking import Talk

pytestmark = pytest.mark.promise("S41")


def asked_who_reads(answer: str) -> Talk:
    talk = Talk().opens()
    talk.chooses("c:tell", "a:yes")
    talk.sees_question("phone")
    talk.chooses(answer)
    return talk


def lives(talk: Talk) -> list[int]:
    return [say.vanish for say in talk.latest]


def test_a_case_code_vanishes_on_every_phone() -> None:
    talk = Talk().opens()
    talk.tells({})
    talk.chooses("send")

    assert {LIVES_S} == {say.vanish for say in talk.latest if say.kind is Class.CODE}
    assert {0} == {say.vanish for say in talk.latest if say.kind is not Class.CODE}


def test_it_goes_at_once_when_it_is_said_to_be_kept() -> None:
    talk = Talk().opens()
    talk.tells({})
    talk.sends_report()

    assert Fade() in talk.effects
    says = [n for n, effect in enumerate(talk.effects) if isinstance(effect, Say)]
    assert talk.effects.index(Fade()) < says[-1]


@pytest.mark.parametrize("answer", ["a:alone", "skip"])
def test_on_a_phone_of_ones_own_questions_stay(answer: str) -> None:
    talk = asked_who_reads(answer)

    assert [0] == lives(talk)
    assert 0 == words_live_s(talk.state)


def test_where_others_read_along_what_is_told_vanishes_and_pages_stay() -> None:
    talk = asked_who_reads("a:others")
    assert [LIVES_S] == lives(talk)
    talk.writes("they lock the door")
    assert [LIVES_S] == lives(talk)
    assert LIVES_S == words_live_s(talk.state)

    talk.presses("!home")
    assert [0] == lives(talk)


def test_whoever_asks_for_it_has_everything_vanish() -> None:
    talk = asked_who_reads("a:all")
    talk.presses("!home")

    assert [LIVES_S] == lives(talk)


def test_numbers_that_come_before_a_question_vanish_with_it() -> None:
    talk = asked_who_reads("a:others")
    talk.chooses("a:ok", "a:now")

    assert [LIVES_S, LIVES_S] == lives(talk)


def test_it_is_asked_once() -> None:
    talk = asked_who_reads("a:others")
    while ask := talk.asked():
        talk.chooses("a:ok" if ask == "limits" else "skip")
    talk.sends_report()
    talk.presses("!tell")
    talk.chooses("a:yes")

    talk.sees_question("limits")
    assert [LIVES_S] == lives(talk)


def test_it_is_known_after_leaving_and_the_harmless_words_stay() -> None:
    talk = asked_who_reads("a:others")
    talk.leaves()
    assert [0] == lives(talk)

    assert "others" == talk.state.talk.shared
    assert talk.state == load(dump(talk.state))
