"""An answer to words typed while looking around: the pages they lead to, and the numbers first where they sound like danger.

The words are kept in the draft all the same.  Which pages they were stands on the buttons of this one message only: the state
and the outbox know no more than that something was written (D18).
"""

from dataclasses import replace

from bot.core.choices import Rows
from bot.core.effects import Button, Class, Effect, Say, Text
from bot.core.events import Leads
from bot.core.flow import Flow
from bot.core.helplines import number_lines
from bot.core.rows import DOORS, EXITS, door, stacked
from bot.core.screens import picture
from bot.core.state import Browsing, Talk
from bot.core.turn import Turn

PAGE = "page"
"""What the key of a button to a page begins with; it opens whatever its age, as doors do."""


_ASKING = Text("seek.tell")
_NOW = Text("seek.now")
"""Danger is often not heard in words: where it was not, the way to the numbers is named."""


def answer(flow: Flow, state: Browsing, leads: Leads, notices: tuple[Text, ...], first: tuple[Effect, ...]) -> Turn:
    """Return the turn that answers in pages; `state` is where the talk is afterwards, and what a lost answer falls back to.

    `notices`: what became of the words; none when nothing may hint at a draft.
    """
    talk = state.talk.next_turn()
    there = replace(state, talk=talk)
    plain = picture(flow, there, notices)
    numbers = number_lines(flow, talk.region) if leads.danger else ()
    kind = Class.URGENT if leads.danger else Class.PROMPT  # numbers are not passed over when a newer message waits
    if not talk.lang:  # the language comes first, but never before the numbers
        asked = replace(plain, lines=(*numbers, *plain.lines), kind=kind, stand_in=plain)
        return Turn(there, (*first, asked))
    pages = _page_rows(flow, leads)
    tell, *last = _ways_on(talk, hinting=bool(notices))
    rows = (tell, *pages) if leads.danger else (*pages, tell)
    if not pages:
        rows = (*rows, (DOORS["!learn"],))
    found = Text("seek.found" if pages else "seek.none")
    words = (_ASKING, found) if leads.danger else (found, *(() if pages else (_ASKING,)), _NOW)
    lines = (*numbers, *notices, *words)
    return Turn(there, (*first, Say(lines, (*rows, *last, EXITS), kind, talk.turn, plain)))


def page_of(flow: Flow, key: str) -> str:
    """The screen that a pressed key leads to, or nothing; only screens with a title can be found by words."""
    kind, _, goto = key.partition("|")
    return goto if kind == PAGE and goto in flow.screens and flow.screens[goto].title else ""


def _page_rows(flow: Flow, leads: Leads) -> Rows:
    titled = [(goto, flow.screens[goto].title) for goto in leads.pages if goto in flow.screens]
    return stacked([Button(f"{PAGE}|{goto}", Text(title)) for goto, title in titled if title], 1)


def _ways_on(talk: Talk, *, hinting: bool) -> Rows:
    """To tell somebody, which goes straight on with the draft that holds the words; then what becomes of that draft."""
    if not hinting or talk.draft is None:
        return (DOORS["!tell"],), (DOORS["!home"],)
    begun = "button.resume" if talk.draft.answers else "button.tell"
    return (door(begun, "resume"),), (door("button.erase", "erase", danger=True), DOORS["!home"])
