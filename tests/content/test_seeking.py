"""Pages for a child's own words: found often enough, in bounded time, for any text at all."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.folding import LONGEST, fold, folded_words
from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.seeking import MOST_PAGES, Seeker, make_seeker
from bot.core.events import Leads
from tests.content.conftest import Spoil
from tests.queries import (
    LATER,
    STRANGERS_ALARMED,
    STRANGERS_FOUND,
    STRANGERS_HEARD,
    TARGETS,
    garbled,
    halves,
    read_everyday,
    read_queries,
    score,
    strangers_halves,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seeker(content: Content) -> Seeker:
    return make_seeker(content)


@pytest.mark.parametrize("lang", TARGETS)
def test_what_was_held_back_is_found_often_enough(seeker: Seeker, lang: str) -> None:
    assert score(seeker, halves(lang)[1]).hit_rate >= TARGETS[lang]


@pytest.mark.parametrize("lang", TARGETS)
def test_danger_that_was_held_back_is_mostly_heard(seeker: Seeker, lang: str) -> None:
    told = score(seeker, halves(lang)[1])

    assert told.heard >= 0.8 * told.dangers
    assert told.alarms <= 0.2 * told.calm  # numbers too early cost a glance; numbers too late may cost more


def test_calm_words_that_were_held_back_seldom_alarm(seeker: Seeker) -> None:
    told = [score(seeker, halves(lang)[1]) for lang in TARGETS]

    assert sum(t.alarms for t in told) <= 0.08 * sum(t.calm for t in told)


def test_strangers_who_were_held_back_are_found_and_heard(seeker: Seeker) -> None:
    """Written without sight of the terms, all languages together: each alone has too few to say much."""
    told = [score(seeker, strangers_halves(lang)[1]) for lang in TARGETS]

    assert sum(t.heard for t in told) >= STRANGERS_HEARD / 100 * sum(t.dangers for t in told)
    assert sum(t.hit for t in told) >= STRANGERS_FOUND / 100 * sum(t.asked for t in told)
    assert sum(t.alarms for t in told) <= STRANGERS_ALARMED / 100 * sum(t.calm for t in told)


@pytest.mark.parametrize("lang", TARGETS)
def test_each_language_has_thirty_five_strangers(lang: str) -> None:
    tuning, held_back = strangers_halves(lang)

    assert len(tuning) + len(held_back) >= 35
    assert not set(tuning) & set(held_back)


def test_danger_in_hints_is_heard_and_everyday_words_do_not_alarm(seeker: Seeker) -> None:
    """A tuning set, so no measure: what was heard once stays heard."""
    told = score(seeker, read_everyday())

    assert told.heard >= 0.93 * told.dangers
    assert told.alarms <= 0.02 * told.calm


@pytest.mark.parametrize("lang", TARGETS)
def test_slips_of_the_thumb_cost_little(seeker: Seeker, lang: str) -> None:
    """Every query with a letter lost, doubled or swapped in a third of its words."""
    slipped = tuple(garbled(q) for q in halves(lang)[1])

    assert score(seeker, slipped).hit_rate >= TARGETS[lang] - 10


@pytest.mark.parametrize("lang", TARGETS)
def test_each_language_has_sixty_queries_half_held_back(lang: str) -> None:
    tuning, held_back = halves(lang)

    assert len(read_queries(lang)) >= 60
    assert abs(len(tuning) - len(held_back)) <= 1
    assert not set(tuning) & set(held_back)


def test_what_was_written_after_the_terms_is_mostly_found(seeker: Seeker) -> None:
    """Nobody may tune on these; danger in words nobody thought of is missed often, so every answer names the help button."""
    told = score(seeker, read_queries(LATER))

    assert told.hit_rate >= 70
    assert told.heard >= 0.55 * told.dangers


AS_CHILDREN_TYPE = [
    ("mujhe dubai mein kaam mil raha hai", "page:job-offer"),
    ("MUJHE DUBAI MEIN KAAM MIL RAHA HAI!!!", "page:job-offer"),
    ("muje dubay me kam mil rha he", "page:job-offer"),
    ("میرے ساتھ کچھ غلط ہوا", "page:not-your-fault"),
    ("ميرے ساتھ كچھ غلط ہوا", "page:not-your-fault"),
    ("shaaadi nahi karni", "page:child-marriage"),
    ("shadee", "page:child-marriage"),
    ("mat maaroooo bheeeekh nahi", "page:begging"),
    ("bheeekh", "page:begging"),
    ("blackmaling kr raha", "page:online-sextortion"),
    ("meri tasweeren share ho gai", "page:online-pictures"),
    ("plz meri pic ہٹا do yar", "page:online-pictures"),
    ("شادی + shadi + marriage", "page:child-marriage"),
    ("\u202eشادی\u202c", "page:child-marriage"),
]


@pytest.mark.parametrize(("typed", "page"), AS_CHILDREN_TYPE)
def test_spelling_case_keyboard_and_mixed_scripts_do_not_matter(seeker: Seeker, typed: str, page: str) -> None:
    assert page in seeker.seek(typed).pages


NOTHING = [
    "",
    " ",
    "😢😭🙏",
    "🆘",
    "12345",
    "۱۲۳",
    "a",
    "ا",
    "...",
    "\u202e\u202d\u200f",
    "\ud800 \x00",
    "asdfgh",
    "hello",
    "haha",
]


@pytest.mark.parametrize("typed", NOTHING)
def test_what_says_nothing_leads_nowhere(seeker: Seeker, typed: str) -> None:
    assert seeker.seek(typed) == Leads()


LONG = {
    "4,000 characters": "mera malik mujhe passport nahi deta aur " * 100,
    "10,000 repeated words": "kaam " * 10_000,
    "10,000 different words": " ".join(f"kam{n:x}" for n in range(10_000)),
    "one endless word": "ک" * 50_000,
    "scripts in turn": "shadi شادی शादी বিয়ে واده " * 800,
    "marks only": "\u064b\u0300\u093c" * 5_000,
    "numbers and letters": "4ever2gether " * 3_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_flood_is_answered_in_bounded_time(seeker: Seeker, name: str) -> None:
    began = time.process_time()
    found = seeker.seek(LONG[name])

    assert time.process_time() - began < 2.0  # bounded, not fast: speed is measured in the bench
    assert len(found.pages) <= MOST_PAGES


def test_the_end_of_a_long_message_counts_too(seeker: Seeker) -> None:
    assert seeker.seek("la la " * 2 * LONGEST + "he locked me in the room").danger


@given(st.text(max_size=300))
def test_any_text_leads_to_at_most_three_screens_and_never_fails(text: str) -> None:
    found = _SEEKER.seek(text)

    assert len(found.pages) <= MOST_PAGES
    assert len(set(found.pages)) == len(found.pages)
    assert set(found.pages) <= set(_CONTENT.screens)
    assert found == _SEEKER.seek(text)


@given(st.lists(st.sampled_from([q.words for lang in TARGETS for q in read_queries(lang)]), max_size=5), st.randoms())
def test_any_mix_of_questions_leads_to_at_most_three(queries: list[str], chance: random.Random) -> None:
    words = " ".join(queries).split()
    chance.shuffle(words)

    assert len(_SEEKER.seek(" ".join(words)).pages) <= MOST_PAGES


@given(st.text(max_size=80))
def test_the_form_of_a_word_is_a_word(text: str) -> None:
    assert all(word and not word.isspace() for word in map(fold, folded_words(text)) if word)


SPOILED = [
    ("seeking/en.toml", '"page:begging" =', '"page:no-such" =', "seek-link"),
    ("seeking/en.toml", '"page:begging" =', '"home" =', "seek-title"),
    ("seeking/en.toml", '"page:begging" =', '"page:job-offers" =', "seek-missing"),
    ("seeking/en.toml", '"story:kiln-debt" =', '"story:kiln" =', "seek-missing"),
    ("seeking/ur.toml", "\nhits = [", "\nhit = [", "seek-family"),
    ("danger.toml", '"page:debt-bondage"', '"page:debts"', "seek-link"),
]


@pytest.mark.parametrize(("file", "old", "new", "kind"), SPOILED, ids=[f"{s[3]}-{s[2]}" for s in SPOILED])
def test_a_term_that_leads_nowhere_is_found(spoil: Spoil, file: str, old: str, new: str, kind: str) -> None:
    assert kind in {finding.kind for finding in inspect(load_content(spoil(file, old, new)))}


def test_a_page_without_terms_is_still_found_by_its_title(content: Content) -> None:
    bare = Seeker(content.seeking, {"page:our-town": "🏙️ Bicycles in our town"}, content.hearing)

    assert bare.seek("bicycles in this town").pages[:1] == ("page:our-town",)


_CONTENT = load_content()
_SEEKER = make_seeker(_CONTENT)
