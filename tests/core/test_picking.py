"""The phone's language goes first in the picker; it never chooses, and nothing else moves."""

import pytest

from bot.core.effects import Say
from bot.wording.registry import load_registry
from tests.talking import Talk, content, real_flow

ALL = load_registry().named(tuple(load_registry().languages))


def picker(hint: str) -> Talk:
    flow = content().flow(hours=real_flow().hours, languages=ALL)
    someone = Talk(flow)
    someone.starts(hint=hint)
    return someone


def languages(say: Say) -> list[str]:
    return [b.key.removeprefix("lang:") for row in say.rows for b in row if b.key.startswith("lang:")]


@pytest.mark.parametrize("tag", [tag for tag, _ in ALL])
def test_every_language_comes_first_when_the_phone_speaks_it(tag: str) -> None:
    assert tag == languages(picker(tag).prompt)[0]


@pytest.mark.parametrize(
    ("hint", "first"),
    [
        ("ur-PK", "ur"),
        ("ur_PK", "ur"),
        ("UR", "ur"),
        ("ur-Latn-PK", "ur-Latn"),
        ("en-GB", "en"),
        ("pa", "pa-Arab"),
        ("pa-Guru-IN", "pa-Arab"),
        ("pnb", "pa-Arab"),
        ("fa", "fa-AF"),
        ("prs", "fa-AF"),
        ("sd-Arab-PK", "sd"),
        ("bn-BD", "bn"),
        ("ps-AF", "ps"),
        ("dv-MV", "dv"),
    ],
)
def test_the_tags_that_phones_give_find_our_language(hint: str, first: str) -> None:
    assert first == languages(picker(hint).prompt)[0]


def test_with_an_urdu_phone_both_ways_of_writing_it_stand_first() -> None:
    assert ["ur", "ur-Latn"] == languages(picker("ur-PK").prompt)[:2]


@pytest.mark.parametrize("hint", ["", "xx", "zh-Hans-CN", "-", "_", "lang:ur", "x" * 300, "ಕನ್ನಡ", "u"])
def test_any_other_hint_changes_nothing(hint: str) -> None:
    assert picker("").prompt.rows == picker(hint).prompt.rows


@pytest.mark.parametrize("hint", ["ur", "en-US", "si"])
def test_a_hint_moves_languages_only_and_decides_nothing(hint: str) -> None:
    someone = picker(hint)
    plain = picker("").prompt

    assert sorted(languages(plain)) == sorted(languages(someone.prompt))
    assert [len(row) for row in plain.rows] == [len(row) for row in someone.prompt.rows]
    assert plain.rows[-1] == someone.prompt.rows[-1]
    assert "" == someone.state.talk.lang
    assert plain.lines == someone.prompt.lines
