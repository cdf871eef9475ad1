"""The help directory: everything for a place, some at a time, unsure and stale entries hidden."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.effects import Param, Text
from bot.core.helplines import CONFIDENCE, directory_for, numbers_for, shown
from bot.core.state import Browsing
from tests.talking import Talk, content, real_flow

FLOW = real_flow()


@pytest.fixture
def talk() -> Talk:
    return Talk().opens("en", "teen")


def test_the_whole_list_can_be_turned_page_by_page(talk: Talk) -> None:
    seen = []
    talk.asks_help()
    talk.chooses("!directory")
    for _ in range(30):
        seen += [text.params["name"] for text in _entries(talk)]
        onward = [b.key for b in talk.buttons if b.key.startswith("go:directory:") and "more" in str(b.label)]
        if not onward:
            break
        talk.chooses(onward[0])
        talk.can_leave()

    assert seen == [Text(h.name) for h in directory_for(FLOW, "")]
    assert len(seen) > 15


def test_a_place_abroad_shows_its_own_numbers(talk: Talk) -> None:
    talk.chooses("!help", "!directory", "go:directory-region", "d:AE")

    talk.sees_place("AE")
    assert all(h.country in ("AE", "ZZ") for h in directory_for(FLOW, "AE"))
    assert _entries(talk)


def test_unsure_entries_stay_hidden_unless_the_service_says_otherwise() -> None:
    everything = replace(FLOW, shown_confidence=CONFIDENCE)

    assert all(h.confidence != "low" for h in shown(FLOW))
    assert any(h.confidence == "low" for h in shown(everything))


def test_a_stale_number_gives_way_to_a_fresh_one_but_never_to_nothing() -> None:
    stale = content().flow(hours=FLOW.hours, today=date(2031, 1, 1))
    half = replace(stale, helplines=tuple(replace(h, stale=h.dial != "1121") for h in stale.helplines))

    assert all(h.stale for h in stale.helplines)
    assert numbers_for(stale, "PK-PB") == tuple(replace(h, stale=True) for h in numbers_for(FLOW, "PK-PB"))
    assert {h.dial for h in numbers_for(half, "PK-PB")} == {"1121"}


def test_a_forged_page_or_entry_shows_the_list(talk: Talk) -> None:
    for screen in ("directory:99", "directory:x", "worked:0:nobody", "worked:77", "directory:-1", "worked"):
        talk.state = Browsing(talk.state.talk, screen)
        talk.looks()
        talk.can_leave()


def _entries(talk: Talk) -> list[Text]:
    """The lines of entries, without what stands below them about hours and price."""
    return [entry for line in talk.prompt.lines if (entry := _bare(line)).id.startswith(("help.line", "help.web"))]


def _bare(text: Param) -> Text:
    assert isinstance(text, Text)
    return _bare(text.params["line"]) if text.id == "directory.detail" else text
