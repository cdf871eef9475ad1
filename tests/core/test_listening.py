"""A screen can be heard where somebody has recorded it: on request, and nothing else changes."""

from bot.core.effects import Speak
from bot.core.events import Chose
from bot.core.screens import picture
from tests.talking import NOON, Talk, real_flow

HOME = "screen.home"
RECORDED = frozenset({HOME, "screen.home.u12", "screen.home.teen", "button.tell", "help.calm", "button.help"})


def talk(*more: str, lang: str = "en") -> Talk:
    return Talk(real_flow(voiced={lang: RECORDED | set(more)}))


def lines_of(someone: Talk) -> tuple[str, ...]:
    return tuple(line.id for line in someone.prompt.lines)


def test_a_screen_with_a_recording_offers_to_be_heard_first_of_all() -> None:
    someone = talk().opens()
    assert "!listen" == someone.prompt.rows[0][0].key


def test_a_language_without_recordings_offers_nothing() -> None:
    someone = talk(lang="ur").opens("en")
    someone.sees_no_button("!listen")


def test_before_a_language_is_chosen_nothing_can_be_heard() -> None:
    someone = talk("screen.language")
    someone.starts()
    someone.sees_no_button("!listen")


def test_listening_says_nothing_and_leaves_every_button_good() -> None:
    someone = talk().opens()
    before, shown = someone.state, someone.prompt
    someone.chooses("!listen")

    assert [] == someone.latest
    assert shown == picture(someone.flow, someone.state)
    assert before.talk.turn == someone.state.talk.turn
    someone.chooses("c:tell")
    someone.sees_question("safe-now")


def test_lines_are_heard_in_order_then_what_the_buttons_say_but_not_the_doors() -> None:
    someone = talk().opens()
    someone.chooses("!listen")
    assert [Speak(lines_of(someone), ("button.tell",))] == [*someone.kept.spoken]


def test_a_line_without_a_recording_is_passed_over() -> None:
    someone = talk("ask.several", "concern.text")
    someone.opens()
    someone.presses("!help")
    someone.chooses("!listen")

    assert len(lines_of(someone)) > 1
    assert [Speak(("help.calm",))] == someone.kept.spoken


def test_a_forged_press_where_nothing_can_be_heard_is_answered_kindly() -> None:
    someone = Talk().opens()
    someone.presses("!listen")
    someone.sees("say.unheard")
    assert [] == someone.kept.spoken


def test_after_leaving_fast_nothing_can_be_heard_of_what_was_there() -> None:
    someone = talk("left.neutral").opens()
    someone.leaves()
    someone.presses("!listen")
    assert all("left" in id for speak in someone.kept.spoken for id in speak.lines)


def test_a_press_on_a_screen_that_is_over_shows_what_there_is_now() -> None:
    """A draft lapsed meanwhile: its question is not read aloud, the news is shown."""
    someone = talk("ask.danger", *(ask.text for ask in real_flow().asks)).opens()
    someone.presses("!tell")
    someone.chooses("a:yes", "skip", "a:ok")
    someone.waits(25 * 3600)
    someone.hears(Chose(NOON, "!listen", someone.prompt.turn))

    assert [] == someone.kept.spoken
    someone.sees("draft.gone")
