"""A picture in a chat is never fetched; where the private page takes pictures, the way there is shown, and no child loses
words that way."""

from dataclasses import replace

import pytest

from bot.core.attached import OFFER
from bot.core.events import Started
from tests.talking import Talk, real_flow

FLOW = replace(real_flow(), pictures=True, voice_notes=True)


def talk_of(pictures: bool = True) -> Talk:
    return Talk(replace(FLOW, pictures=pictures)).opens("ur")


def offered(talk: Talk) -> str:
    return talk.prompt.private


@pytest.mark.promise("S32", "S34")
def test_where_pictures_are_taken_the_private_page_is_offered() -> None:
    talk = talk_of()
    talk.sends("picture")
    talk.sees("help.calm", "say.picture")
    assert OFFER == offered(talk)
    talk.chooses("c:learn")
    assert "" == offered(talk), "with the picture only"


@pytest.mark.promise("S32", "S34")
def test_where_none_are_taken_nothing_is_offered() -> None:
    talk = talk_of(pictures=False)
    talk.sends("picture")
    assert "" == offered(talk)


@pytest.mark.parametrize("what", ["file", "voice", "other"])
def test_only_a_picture_leads_there(what: str) -> None:
    talk = talk_of()
    talk.sends(what)
    assert "" == offered(talk)


def test_words_that_were_told_here_stay_here() -> None:
    """They would not come along, so nobody is sent away from them."""
    talk = talk_of()
    talk.writes("they keep my papers")
    talk.sends("picture")
    assert "" == offered(talk)


def test_before_the_language_and_after_leaving_fast_nothing_is_offered() -> None:
    new = Talk(FLOW)
    new.hears(Started(new.at))
    new.sends("picture")
    assert "" == offered(new)
    left = talk_of()
    left.leaves()
    left.sends("picture")
    assert "" == offered(left)
