"""Control over one's own report: add, empty, close, take back; a question that proves who writes; no code at hand."""

from collections.abc import Iterator

import pytest

from bot.core.case import Wish
from bot.core.effects import Class, Number
from bot.core.state import Browsing, Entering, Reading
from tests.talking import HOUR_S, Talk, texts_in

CODE = "77000000000000000042"
DAY_S = 24 * HOUR_S
DOING = ("add", "question", "empty", "close", "stop")


@pytest.fixture
def talk() -> Talk:
    talk = Talk().opens()
    talk.codes[CODE] = ("answered", ("you are not alone",))
    talk.writes(CODE)
    return talk


def shown(talk: Talk) -> Iterator[object]:
    return (p for say in talk.latest for line in say.lines for p in texts_in(line))


def test_an_open_mailbox_says_what_can_be_done(talk: Talk) -> None:
    talk.sees_button(*DOING, "!home", "!help", "!leave")


@pytest.mark.parametrize("key", DOING)
def test_each_is_explained_first_and_has_a_way_back(talk: Talk, key: str) -> None:
    talk.chooses(key)
    talk.sees_button("!back", "!help", "!leave")
    assert {say.kind for say in talk.latest} == {Class.PROMPT}
    talk.chooses("!back")

    talk.sees("mail.write")
    talk.sees_button(*DOING)
    assert (0, 0, [], []) == (talk.kept.emptied, talk.kept.closed, talk.kept.wishes, talk.kept.written_back)


@pytest.mark.parametrize("key", DOING)
def test_words_are_never_dropped_at_a_confirmation(talk: Talk, key: str) -> None:
    talk.chooses(key)
    talk.writes("wait, one thing more")

    assert talk.kept.written_back == ["wait, one thing more"]
    assert (0, 0, []) == (talk.kept.emptied, talk.kept.closed, talk.kept.wishes)


def test_adding_to_the_report_is_writing_to_the_helpers(talk: Talk) -> None:
    talk.chooses("add")
    talk.sees("mail.ask-add")
    talk.writes("there is another girl")

    talk.sees("mail.written")
    assert (["there is another girl"], [""]) == (talk.kept.written_back, talk.kept.written_as)


def test_emptying_deletes_once_and_tidies_the_chat_but_does_not_leave(talk: Talk) -> None:
    talk.chooses("empty")
    talk.sees("mail.ask-empty")
    turn = talk.prompt.turn
    talk.chooses("yes")
    talk.sees("mail.emptied")
    talk.presses("yes", turn)
    talk.sees("say.stale")

    assert (1, True, False) == (talk.kept.emptied, talk.kept.tidied, talk.kept.swept)
    assert isinstance(talk.state, Reading)


def test_after_emptying_the_code_says_that_nothing_new_has_come(talk: Talk) -> None:
    talk.chooses("empty", "yes")
    talk.writes(CODE)

    talk.sees("mail.status.answered", "mail.empty-since")
    talk.sees_words()


def test_closing_deletes_once_and_the_code_opens_nothing_any_more(talk: Talk) -> None:
    talk.chooses("close")
    talk.sees("mail.ask-close")
    turn = talk.prompt.turn
    talk.chooses("yes")
    talk.sees("mail.shut")
    talk.presses("yes", turn)
    assert 1 == talk.kept.closed
    talk.writes(CODE)

    talk.sees("mail.missing")


def test_taking_back_tells_the_helpers_once_and_can_be_undone(talk: Talk) -> None:
    talk.chooses("stop")
    talk.sees("mail.ask-stop")
    turn = talk.prompt.turn
    talk.chooses("yes")
    talk.sees("mail.stopped")
    talk.sees_no_button("stop")
    talk.presses("yes", turn)
    assert [True] == talk.kept.wishes
    talk.chooses("go-on")
    talk.sees("mail.goes-on")

    talk.sees_button("stop")
    assert [True, False] == talk.kept.wishes


@pytest.mark.parametrize(("wish", "said"), [(Wish.STOP, "mail.is-stopped"), (Wish.OVERRULED, "mail.is-overruled")])
def test_what_became_of_the_wish_is_told_honestly(talk: Talk, wish: Wish, said: str) -> None:
    talk.wish = wish
    talk.writes(CODE)

    talk.sees("mail.status.answered", said, "mail.reply")
    talk.sees_button("go-on")


@pytest.mark.parametrize("forged", ["yes", "go-on", "answer", "!back", "", "add:", "empty-yes"])
def test_a_forged_press_in_an_open_mailbox_does_nothing(talk: Talk, forged: str) -> None:
    talk.presses(forged)

    talk.sees("say.stale", "mail.write")
    assert (0, 0, []) == (talk.kept.emptied, talk.kept.closed, talk.kept.wishes)


@pytest.mark.parametrize("key", DOING)
@pytest.mark.parametrize("forged", ["go-on", "empty", "close", "stop", "answer", ""])
def test_a_forged_press_at_a_confirmation_does_nothing(talk: Talk, key: str, forged: str) -> None:
    talk.chooses(key)
    talk.presses(forged)

    talk.sees("say.stale")
    assert (0, 0, []) == (talk.kept.emptied, talk.kept.closed, talk.kept.wishes)


@pytest.mark.parametrize("key", ["add", "question"])
def test_where_words_are_awaited_yes_confirms_nothing(talk: Talk, key: str) -> None:
    talk.chooses(key)
    talk.presses("yes")

    talk.sees("say.stale")


def test_whoever_does_something_has_ten_minutes_more_but_who_only_looks_does_not(talk: Talk) -> None:
    talk.waits(9 * 60)
    talk.chooses("stop", "yes")
    talk.waits(9 * 60)
    talk.writes("thank you")
    assert talk.kept.written_back == ["thank you"]
    talk.waits(6 * 60)
    talk.chooses("empty")
    talk.waits(6 * 60)
    talk.presses("yes")

    talk.sees("mail.lapsed")
    assert 0 == talk.kept.emptied


def test_another_phone_closed_it_meanwhile(talk: Talk) -> None:
    del talk.codes[CODE]
    talk.chooses("empty")

    talk.sees("mail.gone", "mail.ask")
    assert isinstance(talk.state, Entering)


def test_words_for_messages_that_were_closed_elsewhere_are_kept_and_that_is_said(talk: Talk) -> None:
    del talk.codes[CODE]
    talk.writes("are you there?")

    talk.sees("mail.gone", "draft.kept", "mail.ask")
    assert [("opening", "are you there?")] == talk.kept.draft


def test_leaving_a_mailbox_that_is_gone_says_nothing_of_it(talk: Talk) -> None:
    del talk.codes[CODE]
    talk.writes("stop")

    talk.sees("left.neutral")
    talk.sees_nothing_of("mail.gone")


def test_the_code_typed_at_a_confirmation_looks_again(talk: Talk) -> None:
    talk.chooses("close")
    talk.writes(CODE)

    talk.sees_words("you are not alone")
    talk.sees_button(*DOING)


# --- until when ---


@pytest.mark.promise("S46")
def test_the_messages_of_a_closed_case_say_until_when_they_can_be_read(talk: Talk) -> None:
    """The last day that is whole where the reporter is: deleting comes with the next day, UTC."""
    talk.until = 1_780_272_000  # the first of June 2026, midnight UTC: five in the morning in Karachi
    talk.writes(CODE)

    talk.sees("mail.status.answered", "mail.until", "mail.write")
    assert Number("2026-05-31") in list(shown(talk))


def test_nothing_is_said_of_an_end_that_is_not_known(talk: Talk) -> None:
    talk.sees_nothing_of("mail.until")


# --- a question that only the reporter can answer ---


@pytest.mark.promise("S54")
def test_in_the_mailbox_question_and_answer_go_to_the_helpers_and_are_never_shown_again(talk: Talk) -> None:
    talk.chooses("question")
    talk.sees("check.ask-question")
    talk.writes("what is my goat called?")
    talk.sees("check.question-kept", "check.ask-answer")
    talk.writes("Moti")
    talk.sees("check.kept", "mail.write")
    talk.writes(CODE)

    assert ["what is my goat called?", "Moti"] == talk.kept.written_back
    assert ["check-question", "check-answer"] == talk.kept.written_as
    talk.sees_words("you are not alone")
    talk.sees_nothing_of("check.ask-question", "check.kept")


@pytest.mark.promise("S54")
def test_at_the_code_it_is_offered_once_and_sealed_with_the_report() -> None:
    talk = Talk().opens()
    talk.tells({"place-to": "PK-PB"})
    talk.chooses("send")
    talk.sees_button("code-saved", "question")
    talk.chooses("question")
    talk.writes("what is my goat called?")
    talk.writes("Moti")
    talk.sees("check.kept", "code.again")
    talk.sees_no_button("question")
    talk.chooses("code-saved")

    assert [("check-question", "what is my goat called?"), ("check-answer", "Moti")] == talk.kept.delivered_words[-1]


def test_whoever_does_not_want_the_question_is_one_press_from_sending() -> None:
    talk = Talk().opens()
    talk.tells({})
    talk.chooses("send", "question", "!back")
    talk.sees("code.again")
    talk.chooses("code-saved")

    talk.sees("sent.thanks")
    assert [[]] == talk.kept.delivered_words


@pytest.mark.parametrize("forged", ["code-saved", "code-again", "yes", "answer", "question"])
def test_while_the_question_is_awaited_nothing_is_sent(forged: str) -> None:
    talk = Talk().opens()
    talk.tells({})
    talk.chooses("send", "question")
    talk.presses(forged)

    talk.sees("say.stale", "check.ask-question")
    assert [] == talk.kept.delivered


def test_a_question_left_half_way_is_asked_for_no_more_than_once() -> None:
    """The question is kept, the answer not given: helpers see that, and the report can be sent."""
    talk = Talk().opens()
    talk.tells({})
    talk.chooses("send", "question")
    talk.writes("what is my goat called?")
    talk.chooses("!back", "code-saved")

    assert [("check-question", "what is my goat called?")] == talk.kept.delivered_words[-1]


# --- no code at hand ---


@pytest.mark.parametrize(("key", "screen", "fact"), [
    ("go:lost-code", "lost-code", "lost-code"),
    ("go:wrote-before", "wrote-before", "yes"),
])  # fmt: skip
def test_whoever_has_no_code_begins_anew_and_officers_see_that(key: str, screen: str, fact: str) -> None:
    talk = Talk().opens()
    talk.chooses("c:mail", key)
    talk.sees(f"screen.{screen}")
    talk.chooses("c:tell-again")
    talk.sees_question("safe-now")
    talk.chooses("a:yes", "skip", "a:ok")
    while talk.asked():
        talk.chooses("skip")
    sent = talk.sends_report()

    assert (fact,) == sent.cover.answers["before"]


def test_it_is_never_asked_and_not_among_the_answers_to_change() -> None:
    talk = Talk().opens()
    talk.chooses("c:mail", "go:lost-code", "c:tell-again", "a:yes", "skip", "a:ok")
    asked = []
    while talk.asked():
        asked.append(talk.asked())
        talk.chooses("skip")
    assert "before" not in asked
    talk.sees_nothing_of("ask.before.title")
    talk.chooses("change")

    talk.sees_no_button("e:before")


def test_a_report_that_was_begun_already_learns_it_too() -> None:
    talk = Talk().opens()
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "a:soon")
    talk.presses("!mail")
    talk.chooses("go:wrote-before", "c:tell-again", "resume")
    while talk.asked():
        talk.chooses("skip")
    sent = talk.sends_report()

    assert (("yes",), ("soon",)) == (sent.cover.answers["before"], sent.cover.answers["danger"])


@pytest.mark.parametrize("forged", ["go:home", "go:draft", "go:", "lost-code", "c:tell-again"])
def test_a_forged_press_where_the_code_is_awaited_is_answered_kindly(forged: str) -> None:
    talk = Talk().opens()
    talk.chooses("c:mail")
    talk.presses(forged)

    talk.sees("say.stale", "mail.ask")


def test_going_back_from_the_first_question_still_leads_home() -> None:
    talk = Talk().opens()
    talk.chooses("c:mail", "go:lost-code", "c:tell-again", "!back")

    assert isinstance(talk.state, Browsing)


def test_a_second_report_is_told_while_the_first_is_open(talk: Talk) -> None:
    talk.presses("!tell")
    talk.chooses("a:yes", "skip", "a:ok")
    while talk.asked():
        talk.chooses("skip")
    talk.sends_report()
    talk.writes(CODE)

    talk.sees_words("you are not alone")
    assert 1 == len(talk.kept.delivered)


# --- to be told of answers (D10) ---


def test_a_notice_is_offered_only_where_content_and_channel_allow_it(talk: Talk) -> None:
    assert "notice" not in talk.keys
    talk.presses("notice")

    assert [] == talk.kept.notices
