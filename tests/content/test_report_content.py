"""What a child is asked, and how urgent it makes a report: the published rules, played through the engine."""

import pytest

from bot.content.model import Content
from bot.core.advance import advance
from bot.core.effects import Deliver, FixReaders, MakeCode, Say, Seal
from bot.core.events import Chose, CodeMade, Event, Started, Wrote
from bot.core.flow import Flow, Kind, applying
from bot.core.hours import Hours
from bot.core.private import Private
from bot.core.state import Asking, Browsing, Reviewing, State, begin
from bot.core.triage import triage

NOW = 1_800_000_000
MOST_QUESTIONS = 12


class Talk:
    """Presses and writes; keeps the state and everything that was said."""

    def __init__(self, flow: Flow) -> None:
        self.flow, self.state = flow, begin()
        self.effects: list[object] = []
        self.happens(Started(NOW))

    def happens(self, event: Event) -> State:
        turn = advance(self.flow, self.state, event)
        self.state = turn.state
        self.effects += turn.effects
        return self.state

    def presses(self, *keys: str) -> State:
        for key in keys:
            self.happens(Chose(NOW, key, self.state.talk.turn))
        return self.state

    def writes(self, words: str) -> State:
        return self.happens(Wrote(NOW, Private(words)))

    def last_said(self) -> Say:
        return next(e for e in reversed(self.effects) if isinstance(e, Say))


@pytest.fixture
def talk(content: Content) -> Talk:
    flow = content.flow(hours=Hours(), offices=(("team-1", "First office"),))
    return Talk(flow)


def test_a_child_is_asked_at_most_twelve_questions(content: Content) -> None:
    """Whatever it is about, as long as it happened in one place."""
    flow = content.flow(hours=Hours())
    concern = next(ask for ask in content.asks if ask.id == "concern")
    for key in ("", *(c.key for c in concern.choices)):
        answers = {"danger": ("no",), "moved": ("no",), "concern": (key,) if key else ()}
        asked = [ask for ask in applying(flow, answers) if ask.listed]

        assert len(asked) <= MOST_QUESTIONS + (key == "missing"), key  # its concern is given by the page it begins on


def test_a_missing_child_is_told_in_seven_facts(content: Content) -> None:
    """Age, girl or boy, where, since when, with whom, how to know and what it needs; begun on the page, no picture."""
    flow = content.flow(hours=Hours())
    fills = content.pages["missing-child"].fills
    asked = [ask.id for ask in applying(flow, {**fills, "moved": ("no",)})]

    assert {"age", "gender", "place-to", "missing-since", "missing-with", "missing-words"} <= set(asked)
    assert not {"wish", "words-what", "happening"} & set(asked)
    assert "no picture" in content.texts["ask.missing-words"].en


def test_whoever_skips_the_concern_can_still_use_words(content: Content) -> None:
    flow = content.flow(hours=Hours())

    assert "words-what" in [ask.id for ask in applying(flow, {"concern": ()})]


def test_every_question_that_is_not_for_safety_can_be_skipped(content: Content) -> None:
    assert [ask.id for ask in content.asks if not ask.skippable] == ["safe-now", "limits"]


def test_it_is_asked_first_whether_it_is_safe_and_said_who_reads(content: Content) -> None:
    assert [ask.id for ask in content.asks][:4] == ["safe-now", "phone", "limits", "danger"]


@pytest.mark.promise("S40")
def test_the_child_can_keep_an_office_or_a_person_away(content: Content) -> None:
    ids = [ask.id for ask in content.asks]
    avoid = next(ask for ask in content.asks if ask.kind is Kind.AVOID)
    first_words = next(n for n, ask in enumerate(content.asks) if ask.kind is Kind.WORDS)

    assert ids.index(avoid.id) < first_words


def test_not_safe_now_leads_to_a_way_to_come_back_later(talk: Talk) -> None:
    assert talk.presses("lang:en", "c:u12", "!tell", "a:no") == Browsing(talk.state.talk, "not-safe")


def test_no_consent_leaves_everything_else_open(talk: Talk) -> None:
    talk.presses("lang:en", "c:teen", "!tell", "a:yes", "skip", "a:no")

    keys = {button.key for row in talk.last_said().rows for button in row}
    assert isinstance(talk.state, Browsing)
    assert {"c:learn", "!help", "!leave"} <= keys


def test_everything_can_be_skipped_and_sent(talk: Talk) -> None:
    talk.presses("lang:ur", "c:skip", "!tell", "a:yes", "skip", "a:ok")
    for _ in range(40):
        if isinstance(talk.state, Reviewing):
            break
        talk.presses("skip")

    talk.presses("send")
    talk.happens(CodeMade(NOW, Private("1234")))
    talk.presses("code-saved")

    delivered = [e for e in talk.effects if isinstance(e, Deliver)]
    assert [(d.urgency, d.concern, d.language) for d in delivered] == [("U3", "", "ur")]
    assert any(isinstance(e, MakeCode) for e in talk.effects)


def test_readers_are_known_before_the_child_is_asked_for_words(talk: Talk) -> None:
    talk.presses("lang:en", "c:teen", "!tell", "a:yes", "skip", "a:ok", "a:no", "p:PK-SD", "here", "a:no", "a:nobody")
    talk.presses("a:me", "a:12-14", "a:boy", "a:work", "a:still", "done")

    assert isinstance(talk.state, Asking)
    assert talk.state.ask == "words-what"
    assert [e.routing.places for e in talk.effects if isinstance(e, FixReaders)] == [("PK-SD",)]
    assert not any(isinstance(e, Seal) for e in talk.effects)


def test_danger_now_shows_the_numbers_before_the_next_question(talk: Talk) -> None:
    talk.presses("lang:en", "c:teen", "!tell", "a:yes", "skip", "a:ok")
    before = len(talk.effects)
    talk.presses("a:now")

    said = [e for e in talk.effects[before:] if isinstance(e, Say)]
    assert [line.id for line in said[0].lines][:2] == ["help.calm", "help.country"]
    assert isinstance(talk.state, Asking)
    assert talk.state.ask == "place-to"


URGENCY: list[tuple[dict[str, str], str]] = [
    ({}, "U3"),
    ({"danger": "no"}, "U3"),
    ({"danger": "no", "happening": "past", "concern": "hurt"}, "U3"),
    ({"concern": "offer"}, "U3"),
    ({"danger": "now"}, "U0"),
    ({"danger": "no", "concern": "sad"}, "U0"),
    ({"danger": "no", "happening": "day", "concern": "marriage"}, "U0"),
    ({"danger": "soon"}, "U1"),
    ({"happening": "week", "concern": "offer"}, "U1"),
    ({"concern": "body", "happening": "fresh"}, "U1"),
    ({"concern": "body", "happening": "past"}, "U3"),
    ({"concern": "taken"}, "U1"),
    ({"concern": "online-pictures", "happening": "still"}, "U1"),
    ({"concern": "online-pictures", "happening": "past"}, "U3"),
    ({"concern": "missing", "age": "6-9"}, "U1"),
    ({"concern": "missing", "age": "15-17"}, "U2"),
    ({"concern": "work", "age": "6-9", "happening": "still"}, "U1"),
    ({"concern": "work", "age": "15-17", "happening": "still"}, "U2"),
    ({"wish": "doctor", "happening": "fresh"}, "U1"),
    ({"wish": "safe-place", "happening": "still"}, "U1"),
    ({"wish": "talk"}, "U3"),
    ({"avoid": "person"}, "U2"),
    ({"danger": "unsure"}, "U2"),
    ({"concern": "marriage", "happening": "past"}, "U2"),
]


@pytest.mark.parametrize(("answers", "urgency"), URGENCY)
def test_pressed_answers_decide_how_urgent_it_is(content: Content, answers: dict[str, str], urgency: str) -> None:
    given = {ask: (key,) for ask, key in answers.items()}

    assert triage(content.rules, given)[0] == urgency


def test_every_rule_can_be_the_one_that_decides(content: Content) -> None:
    for rule in content.rules:
        given = {ask: (min(keys),) for ask, keys in rule.when.items()}
        urgency, reasons = triage(content.rules, given)

        assert rule.reason in reasons
        assert urgency <= rule.urgency


def test_every_answer_about_the_concern_hints_at_codes_for_officers(content: Content) -> None:
    concern = next(ask for ask in content.asks if ask.id == "concern")

    assert all(content.concern_codes[choice.key] for choice in concern.choices)


def test_urgent_cases_climb_and_every_level_has_an_aim(content: Content) -> None:
    assert content.routing.climb_after_s == {"U0": 600, "U1": 3600}
    assert content.routing.answer_within_s == {"U0": 600, "U1": 3600, "U2": 86400, "U3": 259200}
