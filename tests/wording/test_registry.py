"""The registry of languages decides direction, names and stand-ins, where libraries are wrong or silent."""

from pathlib import Path

import pytest
from babel import localedata

from bot.core.errors import ContentError
from bot.wording.registry import load_registry

SIXTEEN = (
    "en",
    "ur",
    "ur-Latn",
    "sd",
    "ps",
    "pa-Arab",
    "skr",
    "bal",
    "bn",
    "hi",
    "ne",
    "si",
    "ta",
    "fa-AF",
    "dz",
    "dv",
)


def test_the_sixteen_languages_are_described() -> None:
    assert tuple(load_registry().languages) == SIXTEEN


def test_right_to_left_is_what_its_readers_say() -> None:
    languages = load_registry().languages.values()

    assert {lang.tag for lang in languages if lang.direction == "rtl"} == {
        "ur", "sd", "ps", "pa-Arab", "skr", "bal", "fa-AF", "dv",
    }  # fmt: skip


def test_every_chain_of_stand_ins_ends_in_english_and_keeps_to_known_languages() -> None:
    for lang in load_registry().languages.values():
        assert lang.tag == "en" or lang.fallback[-1] == "en"


def test_babel_is_asked_only_where_it_knows_the_language_itself() -> None:
    """Babel falls back to another language without saying so."""
    for lang in load_registry().languages.values():
        assert not lang.babel or localedata.exists(lang.babel), lang.tag


def test_languages_are_offered_by_their_own_names() -> None:
    registry = load_registry()

    assert {("en", "English"), ("ur", "اردو"), ("sd", "سنڌي")} <= set(registry.named())
    assert tuple(tag for tag, _ in registry.named()) == registry.offered
    assert registry.named(("sd",)) == (("sd", "سنڌي"),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("offered = [", 'offered = ["xx", '),
        ('dir = "rtl"', 'dir = "up"'),
        ('own = "اردو"\n', ""),
        ("[[language]]", "[[language"),
        ('fallback = ["ur", "en"]', 'fallback = ["xx"]'),
        ('fallback = ["ur", "en"]', 'fallback = "ur"'),
    ],
)
def test_a_broken_registry_is_refused(locales: Path, old: str, new: str) -> None:
    file = locales / "languages.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=r"languages\.toml"):
        load_registry(locales)
