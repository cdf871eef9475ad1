"""Telling by voice: taken wherever words are, said to be kept only once it is, never spoken of after leaving."""

import pytest

from bot.core import noting
from bot.core.effects import Class, Say, Text
from bot.core.events import MailboxOpened, Sent
from bot.core.note import MOST_NOTES, MOST_SECONDS, VoiceNote
from bot.core.private import Private
from bot.core.state import Asking, Browsing, Reading, dump, load
from tests.talking import Talk, real_flow

FLOW = real_flow(voice_notes=True)
NOTE = VoiceNote(Private("AwACAgQ-one"), 4, 9_000)


@pytest.fixture
def talk() -> Talk:
    return Talk(FLOW).opens()


def to_words(talk: Talk) -> None:
    """Go on to the first question for words."""
    talk.presses("!tell")
    talk.chooses("a:yes", "skip", "a:ok")
    while talk.asked() != "words-what":
        talk.chooses("skip")


def said_class(talk: Talk, id: str) -> Class:
    return next(say.kind for say in talk.latest for line in say.lines if line.id == id)


def test_a_note_answers_a_question_for_words(talk: Talk) -> None:
    to_words(talk)
    talk.sends_voice(NOTE)

    assert [("words-what", NOTE)] == [(f.ask, f.voice) for f in talk.kept.fetched]
    assert "words-more" == talk.asked()
    talk.sees("note.heard")
    assert Class.PROMPT is said_class(talk, "note.heard")


def test_a_note_at_a_question_with_buttons_keeps_the_question(talk: Talk) -> None:
    talk.presses("!tell")
    asked = talk.asked()
    talk.sends_voice(NOTE)

    assert [asked] == [f.ask for f in talk.kept.fetched]
    assert asked == talk.asked()


def test_a_note_while_looking_around_begins_a_report_and_brings_the_numbers(talk: Talk) -> None:
    talk.sends_voice(NOTE)

    talk.sees("help.calm", "note.heard")
    assert ["opening"] == [f.ask for f in talk.kept.fetched]
    assert "resume" in talk.keys
    talk.sends_voice(NOTE)
    talk.sees_nothing_of("help.calm")


def test_the_very_first_thing_may_be_a_note() -> None:
    talk = Talk(FLOW)
    talk.sends_voice(NOTE)
    assert ["opening"] == [f.ask for f in talk.kept.fetched]
    talk.sees("note.heard")


def test_a_name_to_keep_it_from_may_be_spoken(talk: Talk) -> None:
    talk.presses("!tell")
    talk.chooses("a:yes", "skip", "a:ok")
    while talk.asked() != "avoid":
        talk.chooses("skip")
    talk.chooses("name-person")
    talk.sends_voice(NOTE)

    assert ["avoid"] == [f.ask for f in talk.kept.fetched]
    assert talk.state.talk.draft is not None
    assert ("person",) == talk.state.talk.draft.answers["avoid"]


def test_words_under_a_note_are_words_and_answer_the_question(talk: Talk) -> None:
    to_words(talk)
    talk.sends_voice(NOTE, "they lock the door")

    assert ["words-what"] == [f.ask for f in talk.kept.fetched]
    assert [("words-what", "they lock the door")] == talk.kept.draft
    assert "words-more" == talk.asked()
    talk.sees("note.heard")


def test_a_word_to_leave_under_a_note_leaves_and_nothing_hints_at_it(talk: Talk) -> None:
    talk.sends_voice(NOTE, "stop")
    talk.sees_nothing_of("note.heard")
    assert isinstance(talk.state, Browsing)
    assert "left" == talk.state.screen


def test_a_note_in_an_open_mailbox_goes_to_the_case(talk: Talk) -> None:
    talk.presses("!mail")
    talk.hears(MailboxOpened(talk.at, "received", (), notes=2))
    talk.sends_voice(NOTE)

    assert [True] == [f.back for f in talk.kept.fetched]
    assert isinstance(talk.state, Reading)
    assert 3 == talk.state.notes
    talk.sees("note.heard")


def test_a_draft_that_was_left_is_not_hinted_at(talk: Talk) -> None:
    talk.writes("they lock the door")
    talk.leaves()
    talk.sends_voice(NOTE)
    talk.sees("note.heard")
    assert "resume" not in talk.keys


# --- limits ---


@pytest.mark.promise("S34")
@pytest.mark.parametrize(
    "note", [VoiceNote(Private("x"), MOST_SECONDS + 1, 9_000), VoiceNote(Private("x"), 4, 20 * 2**20 + 1)]
)
def test_a_note_that_is_too_long_is_refused_kindly(talk: Talk, note: VoiceNote) -> None:
    talk.sends_voice(note)
    talk.sees("note.too-long")
    assert [] == talk.kept.fetched


@pytest.mark.promise("S34")
def test_a_report_holds_ten_notes_and_words_without_end(talk: Talk) -> None:
    for _ in range(MOST_NOTES + 2):
        talk.sends_voice(NOTE)
    talk.sees("note.too-many")
    assert MOST_NOTES == len(talk.kept.fetched)
    talk.writes("and words still go")
    assert [("opening", "and words still go")] == talk.kept.draft


@pytest.mark.promise("S34")
def test_an_open_mailbox_takes_no_more_than_a_case_holds(talk: Talk) -> None:
    talk.presses("!mail")
    talk.hears(MailboxOpened(talk.at, "received", (), notes=MOST_NOTES))
    talk.sends_voice(NOTE)
    talk.sees("note.too-many")
    talk.writes("words go")
    assert ["words go"] == talk.kept.written_back


def test_a_note_that_was_lost_leaves_room_for_another(talk: Talk) -> None:
    for _ in range(MOST_NOTES):
        talk.sends_voice(NOTE)
    talk.state = noting.uncounted(talk.state)
    talk.sends_voice(NOTE)
    assert MOST_NOTES + 1 == len(talk.kept.fetched)


def test_the_count_survives_between_turns_and_an_older_state_has_none(talk: Talk) -> None:
    talk.sends_voice(NOTE)
    plain = dump(talk.state)
    assert load(plain) == talk.state
    del plain["n"]
    older = load(plain).talk.draft
    assert older is not None
    assert 0 == older.notes


# --- what is said later ---


def texts_of(say: Say | None) -> list[str]:
    return [] if say is None else [line.id for line in say.lines]


@pytest.mark.promise("S6")
def test_kept_is_said_later_and_leaves_the_buttons_alone(talk: Talk) -> None:
    talk.sends_voice(NOTE)
    (fetch,) = talk.kept.fetched
    talk.sees_nothing_of("note.kept")
    talk.asks_help()
    said = noting.kept(talk.state, fetch.turn, sent=False)
    assert said == Say((Text("note.kept"),), kind=Class.SAVED)
    assert ["note.sent"] == texts_of(noting.kept(talk.state, fetch.turn, sent=True))


def test_after_leaving_nothing_is_said_of_an_earlier_note_but_of_a_newer_one(talk: Talk) -> None:
    talk.sends_voice(NOTE)
    talk.leaves()
    talk.sends_voice(NOTE)
    before, after = talk.kept.fetched
    talk.state = load(dump(talk.state))

    assert noting.kept(talk.state, before.turn, sent=False) is None
    assert noting.lost(talk.state, before.turn, noting.AGAIN) is None
    assert noting.kept(talk.state, after.turn, sent=False) is not None


def test_nothing_is_said_to_a_talk_that_began_anew(talk: Talk) -> None:
    for _ in range(3):
        talk.sends_voice(NOTE)
    assert noting.kept(Talk(FLOW).state, talk.kept.fetched[-1].turn, sent=False) is None


# --- where voice is not taken ---


def test_without_the_setting_all_stays_refused() -> None:
    talk = Talk().opens()
    talk.hears(Sent(talk.at, "voice", voice=NOTE))
    talk.sees("help.calm", "say.attachment")
    assert [] == talk.kept.fetched


def test_pictures_and_other_sounds_are_refused_and_voice_is_offered(talk: Talk) -> None:
    talk.sends("picture")
    talk.sees("help.calm", "say.picture")
    talk.sends("voice")
    talk.sees("note.not-voice")
    assert not isinstance(talk.state, Asking)
