"""Danger in families of words: what must stand together, what takes it back, and what a word may look like."""

import pytest

from bot.content.folding import folded_words, spoken
from bot.content.hearing import GAP, WINDOW, Hearing, Rule, Rules

FAMILIES = {
    "en": {
        "hits": ("hit", "beat*", "pull hair"),
        "me": ("me",),
        "play": ("match",),
        "never": ("never", "does not"),
        "touches": ("touch",),
    },
    "ur-Latn": {"hits": ("marta", "'tach"), "me": ("mujhe",), "play": ("khel*",)},
}
HITS = Rule((frozenset({"hits", "touches"}), frozenset({"me"})), frozenset({"play"}), ("page:help",))


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    return Hearing(FAMILIES, Rules(frozenset({"hits"}), (HITS,)))


def heard(hearing: Hearing, text: str) -> bool:
    near = {word: {word: 1.0} for word in folded_words(text)}
    return hearing.heard(spoken(text), near) == (HITS,)


@pytest.mark.parametrize(
    "text",
    ["he hit me", "me he HIT!", "beaten, me and all", "pulls me by the hair: he will pull my hair", "mujhe marta"],
)
def test_a_word_of_each_family_is_heard_in_any_order(hearing: Hearing, text: str) -> None:
    assert heard(hearing, text)


@pytest.mark.parametrize("text", ["", "me", "hit", "my hit", "hitch me", "who beet me"])
def test_one_family_alone_is_not_heard(hearing: Hearing, text: str) -> None:
    assert not heard(hearing, text)


def test_families_far_apart_are_not_heard(hearing: Hearing) -> None:
    assert heard(hearing, "hit " + "la " * (WINDOW - 2) + "me")
    assert not heard(hearing, "hit " + "la " * (WINDOW - 1) + "me")


def test_few_words_may_stand_inside_a_phrase(hearing: Hearing) -> None:
    assert heard(hearing, "me: pull " + "so " * GAP + "hair")
    assert not heard(hearing, "me: pull " + "so " * (GAP + 1) + "hair")


def test_a_repeated_word_counts_where_it_stands(hearing: Hearing) -> None:
    assert heard(hearing, "me " + "la " * 20 + "he hit me")


@pytest.mark.parametrize(
    "text", ["he never hit me", "he does not hit me", "they beat me in the match", "mujhe marta khelte"]
)
def test_what_is_denied_or_played_is_not_heard(hearing: Hearing, text: str) -> None:
    assert not heard(hearing, text)


def test_what_is_denied_elsewhere_is_heard(hearing: Hearing) -> None:
    assert heard(hearing, "never mind he hit me")


def test_a_rule_is_heard_within_one_language(hearing: Hearing) -> None:
    assert not heard(hearing, "mujhe hit")


def test_short_roman_words_must_be_typed_as_they_are(hearing: Hearing) -> None:
    """By ear "took" is "touch", and "mi" is "me"."""
    assert heard(hearing, "touch me")
    assert not heard(hearing, "took me")
    assert heard(hearing, "mujhe tach")
    assert not heard(hearing, "mujhe tak")
