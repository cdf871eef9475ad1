"""The youngest see a picture above a page that has one; nobody else does, and the words stay as they are."""

from dataclasses import replace

import pytest

from tests.talking import Talk, content, real_flow

YOUNG = [id for id, page in content().pages.items() if "u12" in page.texts]


def reading(page: str, audience: str = "u12", lang: str = "ur") -> Talk:
    someone = Talk().opens(lang, audience)
    someone.presses(f"page|page:{page}")
    return someone


@pytest.mark.parametrize("page", YOUNG)
def test_every_page_in_their_words_names_its_picture(page: str) -> None:
    prompt = reading(page).prompt
    assert (page, [f"page.{page}.u12"]) == (prompt.picture, [line.id for line in prompt.lines])


@pytest.mark.parametrize("audience", ["teen", "adult", "pro", "skip"])
def test_everybody_else_reads_without(audience: str) -> None:
    assert "" == reading("boys-too", audience).prompt.picture


def test_home_questions_and_numbers_have_none() -> None:
    someone = Talk().opens("en", "u12")
    someone.asks_help()
    someone.tells()
    assert {""} == {say.picture for say in someone.everything}


def test_a_page_without_words_for_them_has_none() -> None:
    assert "" == reading("for-parents").prompt.picture


def test_content_without_pictures_is_words() -> None:
    flow = real_flow()
    bare = replace(flow, screens={id: replace(screen, picture="") for id, screen in flow.screens.items()})
    someone = Talk(bare).opens("en", "u12")
    someone.presses("page|page:boys-too")
    assert "" == someone.prompt.picture


def test_a_notice_above_the_words_leaves_the_picture() -> None:
    someone = reading("boys-too")
    someone.presses("c:no-such-button")
    someone.sees("say.stale", "page.boys-too.u12")
    assert "boys-too" == someone.prompt.picture


def test_the_cover_of_every_story_shows_the_same() -> None:
    someone = Talk().opens("en", "u12")
    someone.presses("page|story:game-friend")
    assert "stories" == someone.prompt.picture
    someone.chooses("c:any")
    assert "" == someone.prompt.picture
