"""`advance` is total: every event in every state has an answer, and every text it names exists."""

from collections.abc import Iterator
from functools import cache

import pytest

from bot.core.advance import advance
from bot.core.case import Wish
from bot.core.effects import Say, Speak, Text
from bot.core.events import (
    AskedHelp,
    Chose,
    CodeMade,
    CodeMistyped,
    Event,
    Failed,
    Left,
    Looked,
    MailboxMissing,
    MailboxOpened,
    Sent,
    Started,
    Wrote,
)
from bot.core.mailbox_screens import STEPS
from bot.core.note import VoiceNote
from bot.core.private import Private
from bot.core.screens import picture
from bot.core.state import Asking, Browsing, Draft, Entering, Keeping, Reading, Reviewing, State, Trying, dump
from bot.core.state import Talk as Where
from bot.core.turn import Turn
from tests.talking import NOON, content, real_flow, texts_in

pytestmark = pytest.mark.slow  # every event in every state

FLOW = real_flow(voice_notes=True, voiced={"ur": frozenset(list(content().texts)[::2])})
"""Every other text has a recording in Urdu."""
SCREENS = [id for id in FLOW.screens if ":girl:" not in id and ":boy:" not in id]
"""A girl's and a boy's version of a story have the same buttons as anybody's."""
OWN = (
    "help",
    "help-region",
    "draft",
    "left",
    "directory",
    "directory:2",
    "directory-region",
    "worked:0",
    "worked:0:pk-police",
)
CODE = "77000000000000000042"
WORDS = Private("they lock the door")
NOTE = VoiceNote(Private("AwACAgQ"), 4, 9_000)


def states() -> Iterator[State]:
    """Every shape of state, with and without a draft, of now and of long ago."""
    half = Draft(NOON, {"safe-now": ("yes",), "danger": ("now",), "avoid": ("office:lahore", "person")}, ("avoid",))
    whole = Draft(NOON, {a.id: () for a in FLOW.asks}, ("words-what",), fixed=True)
    old = Draft(NOON - 90_000, {"danger": ("now",)}, ("opening",), hidden=True)
    for draft in (None, half, whole, old):
        for lang in ("", "ur") if draft is None else ("ur",):
            where = Where(lang, "", "PK-PB" if lang else "", 7, NOON, draft)
            every = (
                SCREENS if lang and draft is None else SCREENS[::4]
            )  # a draft or no language changes little on a page
            for screen in (*every, *OWN) if draft in (None, half) else ("left",):
                yield Browsing(where, screen)
            yield from (Trying(where, tool) for tool in FLOW.tools)
            yield Trying(where, "is-this-normal", {s.id: ("yes",) for s in FLOW.tools["is-this-normal"].steps})
            yield Trying(where, "travel-list", {"papers": ("mine", "gone-since")}, ("address", "gone-since"))
            yield from (Asking(where, ask.id) for ask in FLOW.asks)
            yield Asking(where, "place-to", "PK-PB")
            yield Asking(where, "place-to", "*", 3, back=True)
            yield Asking(where, "avoid", naming=True)
            yield from (Reviewing(where), Reviewing(where, choosing=True), Keeping(where), Entering(where))
            yield Reading(where, NOON - 3600)
            for step in ("", *STEPS, "a step of a later release"):
                yield Reading(where, NOON, step=step)
                yield Keeping(where, True, step)
            yield Reading(where, NOON, answered=True, stopped=True)


def presses(state: State) -> Iterator[Event]:
    """Every button that the state shows, and some that it does not."""
    turn = state.talk.turn
    shown = [b.key for row in picture(FLOW, state).rows for b in row]
    forged = [
        "",
        "a:",
        "a:nonsense",
        "c:nothing",
        "p:nowhere",
        "p:*",
        "page:+",
        "here",
        "done",
        "skip",
        "send",
        "!back",
    ]
    mail = ["add", "empty", "close", "stop", "question", "answer", "yes", "go-on", "go:lost-code", "go:home"]
    more = [
        *mail,
        "code-saved",
        "code-again",
        "change",
        "e:avoid",
        "resume",
        "erase",
        "name-person",
        "o:lahore",
        "a:nobody",
    ]
    yield from (Chose(NOON, key, turn) for key in dict.fromkeys([*shown, *forged, *more]))
    yield Chose(NOON, "skip", turn - 1)
    yield Chose(NOON, "!tell", -1)


REPORTER: tuple[Event, ...] = (
    Started(NOON),
    Started(NOON, "poster", "ur"),
    Wrote(NOON, WORDS),
    Wrote(NOON, WORDS, edited=True),
    Wrote(NOON, Private(CODE)),
    Wrote(NOON, Private(CODE), edited=True),
    Wrote(NOON, Private("help")),
    Wrote(NOON, Private("stop")),
    Wrote(NOON, Private("")),
    Wrote(NOON, Private("\ud800 \x00 \u202e")),
    Wrote(NOON, Private("ا" * 4096)),
    Sent(NOON, "voice"),
    Sent(NOON, "voice", voice=NOTE),
    Sent(NOON, "voice", WORDS, voice=NOTE),
    Sent(NOON, "picture", WORDS),
    Sent(NOON, "sticker"),
    Sent(NOON, "", Private(CODE)),
    Looked(NOON),
    AskedHelp(NOON),
    Left(NOON),
)
ERRANDS: tuple[Event, ...] = (
    CodeMade(NOON, Private(CODE)),
    MailboxOpened(NOON, "answered", (WORDS,)),
    MailboxOpened(NOON, "received", ()),
    MailboxOpened(NOON, "closed", (), NOON + 3600, Wish.OVERRULED, True),
    MailboxMissing(NOON),
    CodeMistyped(NOON),
    Failed(NOON),
)


@cache
def turns() -> tuple[tuple[State, Event, Turn], ...]:
    """Every state with every event."""
    pairs = ((state, event) for state in states() for event in (*REPORTER, *ERRANDS, *presses(state)))
    return tuple((state, event, advance(FLOW, state, event)) for state, event in pairs)


def test_every_event_in_every_state_has_an_answer() -> None:
    for state, event, turn in turns():
        assert event in ERRANDS or any(isinstance(e, Say | Speak) for e in turn.effects), (state, event)


def test_every_text_that_is_ever_said_exists() -> None:
    said: set[str] = set()
    for _, _, turn in turns():
        for say in (e for e in turn.effects if isinstance(e, Say)):
            said |= {p.id for line in say.lines for p in texts_in(line) if isinstance(p, Text)}
            said |= {b.label.id for row in say.rows for b in row if isinstance(b.label, Text)}

    assert said <= set(content().texts)


def test_every_state_can_be_left_and_helped_in_one_press() -> None:
    for state, event, turn in turns():
        prompts = [e for e in turn.effects if isinstance(e, Say) and e.rows]
        keys = {b.key for say in prompts for row in say.rows for b in row}
        assert not prompts or "!leave" in keys, (state, event)
        assert not prompts or "!help" in keys or _shows_numbers(prompts[-1]), (state, event)


def test_no_state_ever_holds_a_word() -> None:
    for _, event, turn in turns():
        if not isinstance(event, Chose):
            written = str(dump(turn.state))
            assert WORDS.reveal() not in written
            assert CODE not in written


def test_a_turn_depends_on_nothing_but_what_it_is_given() -> None:
    for state, event, turn in turns()[::7]:
        assert turn == advance(FLOW, state, event)


def _shows_numbers(say: Say) -> bool:
    return any(line.id == "help.calm" for line in say.lines)
