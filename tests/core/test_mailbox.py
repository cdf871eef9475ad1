"""Hearing back: the code is typed, honest states and answers are shown, words are written back, time closes it."""

import pytest

from bot.core.effects import Class
from bot.core.events import MailboxOpened
from bot.core.private import Private
from bot.core.state import Browsing, Entering, Reading
from tests.talking import Talk

CODE = "7700 0000 0000 0000 0042"
OTHER = "7700 0000 0000 0000 0077"
DIGITS = CODE.replace(" ", "")


@pytest.fixture
def talk() -> Talk:
    talk = Talk().opens()
    talk.codes[DIGITS] = ("answered", ("you are not alone", "we come on monday"))
    talk.codes[OTHER.replace(" ", "")] = ("received", ())
    return talk


def test_the_code_shows_the_state_and_every_answer(talk: Talk) -> None:
    talk.chooses("c:mail")
    talk.sees("mail.ask")
    talk.writes(CODE)

    talk.sees("mail.looking", "mail.status.answered", "mail.reply", "mail.reply", "mail.write")
    talk.sees_words("you are not alone", "we come on monday")


@pytest.mark.parametrize("status", ["received", "opened", "passed_on", "answered", "closed"])
def test_the_honest_state_is_told(talk: Talk, status: str) -> None:
    talk.codes[DIGITS] = (status, ())
    talk.chooses("c:mail")
    talk.writes(CODE)

    talk.sees(f"mail.status.{status}", "mail.empty")


def test_answers_are_shown_in_a_message_that_is_never_queued(talk: Talk) -> None:
    talk.chooses("c:mail")
    talk.writes(CODE)

    assert talk.latest[-1].kind is Class.CODE


def test_a_wrong_digit_is_said_kindly_and_asked_again(talk: Talk) -> None:
    talk.chooses("c:mail")
    talk.writes("7700 0000 0000")

    talk.sees("mail.mistyped", "mail.ask")
    assert isinstance(talk.state, Entering)


def test_a_code_that_opens_nothing_is_said_kindly(talk: Talk) -> None:
    talk.chooses("c:mail")
    talk.writes("9" * 20)

    talk.sees("mail.missing", "mail.ask")
    talk.sees_button("!home", "!help", "!leave")


def test_words_instead_of_a_code_are_kept_all_the_same(talk: Talk) -> None:
    talk.chooses("c:mail")
    talk.writes("I lost it, they took my paper")

    talk.sees("draft.kept", "mail.ask")
    assert talk.kept.draft == [("opening", "I lost it, they took my paper")]


def test_a_code_typed_at_home_opens_the_messages(talk: Talk) -> None:
    talk.writes(CODE)

    talk.sees("mail.status.answered")


def test_a_code_typed_on_a_page_opens_the_messages(talk: Talk) -> None:
    talk.chooses("c:learn", "c:job-offer")
    talk.writes(CODE)

    assert isinstance(talk.state, Reading)


def test_a_code_in_the_numerals_of_another_script_works_too(talk: Talk) -> None:
    talk.codes["".join(chr(0x06F0 + int(d)) for d in DIGITS)] = ("opened", ())
    talk.writes("".join(chr(0x06F0 + int(d)) for d in DIGITS))

    talk.sees("mail.status.opened")


def test_the_code_typed_again_while_reading_looks_again(talk: Talk) -> None:
    talk.writes(CODE)
    talk.codes[DIGITS] = ("answered", ("you are not alone", "we come on monday", "be at the school"))
    talk.writes(CODE)

    talk.sees_words("you are not alone", "we come on monday", "be at the school")
    assert talk.kept.written_back == []


def test_another_code_while_reading_opens_the_other_messages(talk: Talk) -> None:
    talk.writes(CODE)
    talk.writes(OTHER)

    talk.sees("mail.status.received")


def test_a_code_in_a_question_for_words_stays_part_of_the_words(talk: Talk) -> None:
    """A long number may be what the report is about."""
    talk.chooses("c:tell", "a:yes", "skip", "a:ok")
    while talk.asked() != "words-what":
        talk.chooses("skip")
    talk.writes(CODE)

    assert talk.kept.draft == [("words-what", CODE)]


def test_a_phone_number_is_no_code(talk: Talk) -> None:
    talk.writes("00923001234567")

    talk.sees("draft.opened")


def test_words_written_back_go_to_the_officers(talk: Talk) -> None:
    talk.writes(CODE)
    talk.writes("monday is good")

    talk.sees("mail.written")
    assert talk.kept.written_back == ["monday is good"]
    assert talk.kept.draft == []


def test_the_messages_close_after_ten_minutes(talk: Talk) -> None:
    talk.writes(CODE)
    talk.waits(10 * 60 + 1)
    talk.writes("monday is good")

    talk.sees("mail.lapsed", "draft.opened")
    assert talk.kept.written_back == []
    assert talk.kept.draft == [("opening", "monday is good")]


def test_within_ten_minutes_they_stay_open(talk: Talk) -> None:
    talk.writes(CODE)
    talk.waits(10 * 60)
    talk.writes("monday is good")

    assert talk.kept.written_back == ["monday is good"]


def test_whoever_writes_back_has_ten_minutes_more(talk: Talk) -> None:
    talk.writes(CODE)
    for words in ("monday is good", "in the morning", "at school"):
        talk.waits(9 * 60)
        talk.writes(words)

    assert talk.kept.written_back == ["monday is good", "in the morning", "at school"]


def test_looking_around_does_not_keep_them_open(talk: Talk) -> None:
    talk.writes(CODE)
    for _ in range(3):
        talk.waits(4 * 60)
        talk.looks()

    talk.sees("mail.lapsed")


@pytest.mark.parametrize("way_out", ["!home", "!help", "!leave", "/start"])
def test_every_way_out_closes_the_messages(talk: Talk, way_out: str) -> None:
    talk.writes(CODE)
    if way_out == "/start":
        talk.starts()
    else:
        talk.chooses(way_out)
    if way_out == "!help":  # the numbers come along, the messages stay open
        assert isinstance(talk.state, Reading)
    else:
        assert isinstance(talk.state, Browsing)


def test_a_draft_survives_a_look_into_the_messages(talk: Talk) -> None:
    talk.chooses("c:tell", "a:yes", "skip", "a:ok", "a:soon")
    talk.presses("!mail")
    talk.writes(CODE)
    talk.chooses("!home", "c:tell", "resume")

    talk.sees_question("place-to")


def test_two_look_ups_that_overlap_show_the_later_one(talk: Talk) -> None:
    talk.writes(CODE)
    talk.hears(MailboxOpened(0, "closed", (Private("we have finished"),)))

    talk.sees("mail.status.closed")
    talk.sees_words("we have finished")
