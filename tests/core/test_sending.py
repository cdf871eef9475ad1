"""The case code and the sending: nothing goes anywhere before the code is kept; then it goes once."""

import pytest

from bot.core.effects import Class
from tests.talking import Talk


@pytest.fixture
def talk() -> Talk:
    """Somebody who stands at home."""
    return Talk().opens()


def test_nothing_is_sent_before_the_code_is_kept(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send")

    talk.sees("code.why", "code.show")
    assert talk.kept.delivered == []


def test_a_code_is_shown_only_in_a_message_that_is_never_queued(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send")

    talk.sees_words("7700 0000 0000 0000 0001")
    assert talk.latest[-1].kind is Class.CODE


def test_another_code_can_be_had_before_sending(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send", "code-again")

    talk.sees_words("7700 0000 0000 0000 0002")
    talk.chooses("code-saved")
    assert len(talk.kept.delivered) == 1


def test_the_button_of_an_older_code_sends_nothing(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send")
    older = talk.prompt.turn
    talk.chooses("code-again")
    talk.presses("code-saved", older)

    assert talk.kept.delivered == []


def test_words_while_the_code_is_shown_do_not_stop_the_sending(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send")
    talk.writes("wait, I look for a pen")

    talk.sees("draft.kept", "code.again")
    talk.chooses("code-saved")
    assert talk.kept.delivered_words == [[("opening", "wait, I look for a pen")]]


def test_typing_the_code_to_confirm_it_is_answered_kindly(talk: Talk) -> None:
    talk.tells({})
    talk.chooses("send")
    talk.writes(talk.code())

    talk.sees("say.code-like")
    talk.chooses("code-saved")
    assert talk.kept.delivered_words == [[]]


def test_when_no_code_can_be_made_the_child_hears_it_and_can_try_again(talk: Talk) -> None:
    talk.codes_fail = True
    talk.tells({})
    talk.chooses("send")

    talk.sees("help.calm", "say.failed")
    talk.sees_no_button("code-saved")

    talk.codes_fail = False
    talk.chooses("code-again", "code-saved")
    assert len(talk.kept.delivered) == 1


def test_after_sending_nothing_of_it_is_left_in_the_talk(talk: Talk) -> None:
    talk.tells({"concern": "body", "words-what": "they lock the door"})
    talk.sends_report()

    assert talk.state.talk.draft is None
    talk.sees_button("!mail", "!home", "!help", "!leave")


def test_a_second_report_begins_at_the_beginning(talk: Talk) -> None:
    talk.tells({"age": "12-14"})
    talk.sends_report()
    talk.chooses("!home", "c:tell")

    talk.sees_question("safe-now")


def test_erasing_in_the_review_sends_nothing(talk: Talk) -> None:
    talk.tells({"words-what": "they lock the door"})
    talk.chooses("erase")

    talk.sees("draft.erased", "screen.home")
    assert talk.kept.draft == []
    assert talk.kept.delivered == []
