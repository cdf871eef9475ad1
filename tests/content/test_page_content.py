"""Every information page: whom it speaks to, what it rests on, where it leads."""

import pytest

from bot.content.loader import load_content
from bot.content.model import Content, Page
from bot.content.reading import measure

PAGES = load_content().pages

EXPECTED = {
    "what-is-trafficking", "job-offer", "before-you-travel", "safe-migration", "on-the-way", "at-destination",
    "online-safety", "online-grooming", "online-sextortion", "online-pictures", "child-marriage", "domestic-work",
    "debt-bondage", "begging", "boys-too", "not-your-fault", "my-rights", "help-a-friend", "for-parents",
    "for-teachers-health-police", "for-hotels-transport-travel", "for-committees", "after-i-report", "who-sees-it",
    "help-services", "coming-home", "practise",
}  # fmt: skip
"""The pages of the brief that the helpline was written from."""

FOR_ROLES = {
    "teachers-look", "teachers-first-hour", "health-look", "health-first-hour", "police-look", "police-first-hour",
    "hotels-look", "hotels-first-hour", "transport-first-hour", "committees-first-hour", "when-not-to-mediate",
    "missing-child",
}  # fmt: skip


def test_every_page_is_there() -> None:
    assert PAGES.keys() == EXPECTED | FOR_ROLES


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_page_ends_with_telling_and_back_to_its_list(content: Content, page: Page) -> None:
    tell, back = content.screens[f"page:{page.id}"].choices

    assert (tell.goto, back.label) == ("!tell", "button.back")
    assert page.id in {choice.key for choice in content.screens[back.goto or ""].choices}


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_professional_never_reads_the_words_for_a_child(page: Page) -> None:
    assert page.texts["pro"] in (f"page.{page.id}.pro", f"page.{page.id}.adult")


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_everybody_gets_words_on_every_page(page: Page) -> None:
    """Also who did not say who is writing, and a child who opens a page for grown-ups."""
    assert page.texts[""]


@pytest.mark.parametrize("id", ["child-marriage", "domestic-work"])
def test_what_is_not_confirmed_about_the_law_is_said_and_listed(content: Content, id: str) -> None:
    said = content.texts[f"page.{id}.adult"].en

    assert content.pages[id].to_check
    assert "November 2026" in said
    assert "not confirmed" in said or "Check it" in said


def test_boys_are_named_on_most_pages_and_not_only_girls(content: Content) -> None:
    texts = [
        content.texts[i].en.casefold() for p in PAGES.values() for a, i in p.texts.items() if a in ("teen", "adult")
    ]
    with_girls_only = [t for t in texts if "girl" in t and "boy" not in t]

    assert with_girls_only == []


def test_the_youngest_read_three_sentences_and_no_list(content: Content) -> None:
    read = [measure(content.texts[page.texts["u12"]].en) for page in PAGES.values() if "u12" in page.texts]

    assert all(r.sentences <= 3 and r.points == 0 and r.longest <= 8 for r in read)
