"""A restless reporter: any button, old or forged, any words, help, leaving, long pauses, in any order.

Whatever happens there is exactly one state, always an answer, always a way out, and no word is dropped or remembered.
"""

import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.core.effects import Say, Text
from bot.core.state import Browsing, Reading, dump
from tests.talking import HOUR_S, Talk, content, real_flow, texts_in

FLOW = real_flow()
CODE = "77000000000000000042"
LONGEST_PRESS = 64
"""Bytes of callback data (Bot API, InlineKeyboardButton)."""
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), min_size=1, max_size=30).map("w{}w".format)
"""Not a code and not a word that always works."""


class Restless(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(FLOW)
        self.talk.codes[CODE] = ("answered", ("you are not alone",))
        self.written: list[str] = []
        self.before = 0

    # --- what a reporter may do ---

    @rule()
    def starts(self) -> None:
        self.talk.starts()

    @precondition(lambda self: self.talk.everything and self.talk.keys)
    @rule(data=st.data())
    def presses_what_is_shown(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.talk.keys))
        newest = self.talk.prompt.turn == self.talk.state.talk.turn
        self.talk.chooses(key)
        over = {"draft.gone", "mail.lapsed", "mail.gone", "voice.lapsed"}
        lapsed = over & {id for say in self.talk.latest for id in _ids(say)}
        if newest and not lapsed:
            self.talk.sees_nothing_of("say.stale")

    @precondition(lambda self: len(self.talk.everything) > 1)
    @rule(data=st.data())
    def presses_an_old_button(self, data: st.DataObject) -> None:
        say = data.draw(st.sampled_from([s for s in self.talk.everything if s.rows] or [self.talk.prompt]))
        key = data.draw(st.sampled_from([b.key for row in say.rows for b in row] or ["a:yes"]))
        self.talk.presses(key, say.turn)

    @rule(key=st.text(max_size=12), turn=st.integers(-1, 40))
    def forges_a_press(self, key: str, turn: int) -> None:
        self.talk.presses(key, turn)

    @rule(words=WORDS, edited=st.booleans())
    def writes(self, words: str, edited: bool) -> None:
        kept, back, said = len(self.talk.kept.draft), len(self.talk.kept.written_back), len(self.talk.kept.feedback)
        draft = self.talk.state.talk.draft
        self.talk.writes(words, edited=edited)
        newest = [w for _, w in self.talk.kept.draft[-1:]] + self.talk.kept.written_back[-1:]
        newest += [f.words.reveal() for f in self.talk.kept.feedback[said:]]
        assert words in newest, "words were dropped"
        if len(self.talk.kept.feedback) > said:
            assert not edited
            assert self.talk.state.talk.draft in (draft, None), "feedback touched a report"
        assert len(self.talk.kept.draft) <= kept + 1
        assert len(self.talk.kept.written_back) <= back + 1

    @rule()
    def types_a_code(self) -> None:
        self.talk.writes(CODE)

    @rule()
    def the_messages_are_there(self) -> None:
        """Told anew: the code opens a mailbox with an answer in it."""
        self.talk.codes[CODE] = ("answered", ("you are not alone",))
        self.talk.writes(CODE)

    @rule()
    def another_phone_closes_the_messages(self) -> None:
        self.talk.codes.pop(CODE, None)

    @precondition(lambda self: isinstance(self.talk.state, Reading) and CODE in self.talk.codes)
    @rule(key=st.sampled_from(["add", "empty", "close", "stop", "question"]), sure=st.booleans(), old=st.booleans())
    def decides_about_the_own_report(self, key: str, sure: bool, old: bool) -> None:
        """To the confirmation and on, or back, or with the button of an earlier message."""
        self.talk.presses("!back")
        self.talk.presses(key)
        turn = self.talk.prompt.turn
        self.talk.presses("yes" if sure else "!back", turn - 1 if old else turn)

    @rule(word=st.sampled_from(["help", "HELP!!", "مدد", "stop", "exit", "بند کرو"]))
    def writes_a_word_that_always_works(self, word: str) -> None:
        self.talk.writes(word)
        if word in ("help", "HELP!!", "مدد"):
            self.talk.sees("help.calm")
        else:
            self.talk.sees("left.neutral")

    @rule(
        what=st.sampled_from(["voice", "picture", "file", "sticker", "contact"]), caption=st.sampled_from(["", "wow"])
    )
    def sends_something(self, what: str, caption: str) -> None:
        self.talk.sends(what, caption)

    @rule(seconds=st.sampled_from([1, 11 * 60, 23 * HOUR_S, 25 * HOUR_S]))
    def is_silent(self, seconds: int) -> None:
        self.talk.waits(seconds)

    @rule(fails=st.booleans())
    def codes_are_hard_to_make(self, fails: bool) -> None:
        self.talk.codes_fail = fails

    @rule()
    def tells_everything(self) -> None:
        """Without this hardly any walk would come to the review."""
        if not self.talk.state.talk.lang:
            self.talk.opens()
        self.talk.presses("!tell")
        if "resume" in self.talk.keys:
            self.talk.chooses("resume")
        while ask := self.talk.asked():
            self.talk.chooses({"safe-now": "a:yes", "limits": "a:ok"}.get(ask, "skip"))

    @rule(key=st.sampled_from(["f:yes", "f:no", "say", "m:wrong"]))
    def says_what_it_is_like(self, key: str) -> None:
        """As a button that stands there, or forged."""
        self.talk.presses(key)

    @rule(propose=st.booleans())
    def comes_to_a_question_about_us(self, propose: bool) -> None:
        """Without this hardly any walk would write feedback."""
        if not self.talk.state.talk.lang:
            self.talk.opens()
        self.talk.presses("!learn")
        self.talk.chooses("c:rights", "c:propose" if propose else "c:my-rights")
        if not propose:
            self.talk.chooses("say")

    # --- what holds whatever happens ---

    @invariant()
    def every_event_is_answered(self) -> None:
        assert self.talk.latest or not self.talk.everything

    @invariant()
    def no_word_is_in_the_state(self) -> None:
        written = json.dumps(dump(self.talk.state), ensure_ascii=False)
        assert not any(words in written for _, words in self.talk.kept.draft if len(words) > 6)
        assert CODE not in written
        assert len(written) < 2_000

    @invariant()
    def leaving_is_at_most_one_press_away(self) -> None:
        if self.talk.latest and self.talk.state != Browsing(self.talk.state.talk, "left"):
            rows = [say for say in self.talk.latest if say.rows]
            if rows:
                self.talk.can_leave()

    @invariant()
    def nothing_is_deleted_or_stopped_that_was_not_confirmed(self) -> None:
        asked = [line.id for say in self.talk.everything for line in say.lines]
        assert self.talk.kept.emptied <= asked.count("mail.ask-empty")
        assert self.talk.kept.closed <= asked.count("mail.ask-close")
        assert self.talk.kept.wishes.count(True) <= asked.count("mail.ask-stop")

    @invariant()
    def every_press_fits_the_channel(self) -> None:
        for say in self.talk.latest:
            for button in (b for row in say.rows for b in row):
                assert len(f"{say.turn}:{button.key}".encode()) <= LONGEST_PRESS

    @invariant()
    def every_text_exists(self) -> None:
        for say in self.talk.latest:
            assert _ids(say) <= content().texts.keys()

    @invariant()
    def the_turn_only_rises(self) -> None:
        assert self.talk.state.talk.turn >= self.before
        self.before = self.talk.state.talk.turn

    @invariant()
    def nothing_is_sent_without_readers_and_a_code(self) -> None:
        """The readers are checked by the talk itself; a code was shown before each report."""
        codes = sum(line.id == "code.show" for say in self.talk.everything for line in say.lines)
        assert len(self.talk.kept.delivered) <= codes


def _ids(say: Say) -> set[str]:
    said = {p.id for line in say.lines for p in texts_in(line) if isinstance(p, Text)}
    return said | {b.label.id for row in say.rows for b in row if isinstance(b.label, Text)}


def walk(walks: int, steps: int) -> None:
    run_state_machine_as_test(
        Restless,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.slow
def test_a_restless_reporter_is_always_answered_and_loses_nothing() -> None:
    walk(30, 30)


@pytest.mark.long
def test_two_thousand_restless_reporters_are_always_answered_and_lose_nothing() -> None:
    walk(2_000, 100)
