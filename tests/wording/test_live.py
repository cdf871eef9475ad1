"""What was published counts without a restart; what breaks a rule is refused whole, language by language."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.core.effects import Text
from bot.wording.catalog import read_catalog
from bot.wording.live import LiveWording
from bot.wording.registry import load_registry
from bot.wording.voices import Clip, LiveVoices, Voices, mark_of
from tests.wording.conftest import Words, Write


@dataclass(frozen=True)
class Row:
    lang: str
    text: str
    words: str
    english: str


@pytest.fixture
def live(sources: dict[str, Words], locales: Path, write: Write) -> LiveWording:
    write(
        "ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n\nmsgctxt "age"\nmsgid "Over 18"\nmsgstr "18 سے زیادہ"\n'
    )
    registry = load_registry(locales)
    catalogs = {tag: read_catalog(locales, tag, sources) for tag in registry.languages}
    return LiveWording(registry, sources, catalogs, {})


def test_published_words_are_said_and_withdrawn_words_no_longer(live: LiveWording) -> None:
    assert () == live.take([Row("ur", "greet", "آداب", "Hello")])
    assert "آداب" == live.wording.say("ur", Text("greet"))

    assert () == live.take([Row("ur", "greet", "", "Hello")])
    assert "سلام" == live.wording.say("ur", Text("greet"))


def test_whoever_holds_a_wording_keeps_it_as_it_was(live: LiveWording) -> None:
    pinned = live.wording
    live.take([Row("ur", "greet", "آداب", "Hello")])

    assert "سلام" == pinned.say("ur", Text("greet"))


@pytest.mark.parametrize(
    "bad",
    [
        Row("ur", "age", "16 سے زیادہ", "Over 18"),
        Row("ur", "call", "فون کریں", "Call {phone} in {place}"),
        Row("ur", "press", "ا" * 1001, "Press"),
    ],
    ids=["number", "placeholder", "length"],
)
def test_a_language_with_one_bad_entry_is_refused_whole_and_the_others_are_taken(live: LiveWording, bad: Row) -> None:
    live.take([Row("ur", "greet", "آداب", "Hello")])

    refused = live.take([Row("ur", "greet", "ہیلو", "Hello"), bad, Row("sd", "greet", "سلام عليڪم", "Hello")])

    assert 1 == len(refused)
    assert bad.text in refused[0]
    assert "آداب" == live.wording.say("ur", Text("greet"))
    assert "سلام عليڪم" == live.wording.say("sd", Text("greet"))


def test_english_can_be_edited_and_a_critical_translation_of_the_old_is_no_longer_said(live: LiveWording) -> None:
    assert () == live.take([Row("en", "age", "Older than 18", "Over 18"), Row("en", "greet", "Hi", "Hello")])

    assert "Older than 18" == live.wording.say("en", Text("age")) == live.wording.say("ur", Text("age"))
    assert "سلام" == live.wording.say("ur", Text("greet"))
    assert {"age", "greet"} == live.catalogs["ur"].stale


def test_a_translation_of_the_new_english_counts(live: LiveWording) -> None:
    live.take([Row("en", "age", "Older than 18", "Over 18"), Row("ur", "age", "18 سے بڑا", "Older than 18")])

    assert "18 سے بڑا" == live.wording.say("ur", Text("age"))
    assert "age" in live.catalogs["ur"].reviewed


def test_english_keeps_its_numbers_and_names(live: LiveWording) -> None:
    assert 1 == len(live.take([Row("en", "age", "Over 16", "Over 18")]))
    assert "Over 18" == live.wording.say("en", Text("age"))


def test_english_of_an_older_release_gives_way_where_it_no_longer_fits_and_the_rest_counts(live: LiveWording) -> None:
    """A placeholder was renamed, a number changed: the release says these two itself, and no other edit is lost."""
    live.follow(
        {
            **live.shipped,
            "call": replace(live.shipped["call"], en="Call {number} in {place}"),  # type: ignore[type-var]
            "age": replace(live.shipped["age"], en="Over 16"),  # type: ignore[type-var]
        },
        {},
    )

    refused = live.take(
        [
            Row("en", "call", "Ring {phone} in {place}", "Call {phone} in {place}"),
            Row("en", "age", "Older than 18", "Over 18"),
            Row("en", "greet", "Hi", "Hello"),
        ]
    )

    assert () == refused
    assert ("Call {number} in {place}", "Over 16", "Hi") == tuple(
        live.sources[id].en for id in ("call", "age", "greet")
    )


def test_words_of_a_text_that_is_gone_are_left_aside(live: LiveWording) -> None:
    assert () == live.take([Row("ur", "gone", "گیا", "Gone")])


def test_a_recording_of_older_words_is_not_played(tmp_path: Path) -> None:
    fits = Clip("greet", tmp_path, trial=False, words=mark_of("آداب"))
    silent = Clip("press", tmp_path, trial=False)
    all = Voices({"ur": {"greet": fits, "press": silent}})
    voices = LiveVoices(all, {"ur": {"greet": "سلام", "press": "دبائیں"}})

    voices.follow({"ur": {"greet": "آداب", "press": "چھوئیں"}})
    assert fits is voices.now.find("ur", "greet")
    assert voices.now.find("ur", "press") is None

    voices.follow({"ur": {"greet": "سلام", "press": "دبائیں"}})
    assert silent is voices.now.find("ur", "press")


@pytest.mark.parametrize("published", [False, True], ids=["of the release", "published at the desk"])
def test_a_translation_with_a_renamed_placeholder_gives_way_until_it_is_redone(
    sources: dict[str, Words], locales: Path, write: Write, published: bool
) -> None:
    """Nobody fills the old gap any more; the child would read a sentence with a hole."""
    english, old = "Call {phone} in {place}", "{place} میں {phone} پر فون کریں"
    write("ur", f'msgctxt "call"\nmsgid "{english}"\nmsgstr "{old}"\n')
    sources["call"] = replace(sources["call"], critical=False)
    registry = load_registry(locales)
    catalogs = {tag: read_catalog(locales, tag, sources) for tag in registry.languages}
    live = LiveWording(registry, sources, catalogs, {})
    rows = [Row("ur", "call", old, english)] if published else []
    renamed = replace(sources["call"], en="Call {number} in {place}")
    live.follow({**sources, "call": renamed}, {})

    assert () == live.take(rows)
    filled = Text("call", {"number": 1, "place": 2})
    assert live.wording.say("en", filled) == live.wording.say("ur", filled)
    assert "call" in live.catalogs["ur"].stale
    assert "call" not in live.catalogs["ur"].reviewed

    assert () == live.take([Row("ur", "call", "{place} میں {number} پر فون کریں", renamed.en)])
    assert "call" in live.catalogs["ur"].reviewed
    assert live.wording.say("en", filled) != live.wording.say("ur", filled)


def test_a_catalog_of_an_older_placeholder_is_held_as_stale_and_not_said(
    sources: dict[str, Words], locales: Path, write: Write
) -> None:
    write("ur", 'msgctxt "call"\nmsgid "Call {old} in {place}"\nmsgstr "{place} میں {old} پر فون کریں"\n')
    sources["call"] = replace(sources["call"], critical=False)

    catalog = read_catalog(locales, "ur", sources)

    assert "call" not in catalog.texts
    assert {"call"} == catalog.stale


def test_a_new_language_is_one_entry_of_the_registry_and_goes_from_empty_to_live(
    sources: dict[str, Words], locales: Path
) -> None:
    """Gujarati: described in `languages.toml`, without a catalog; its words come from the desk, sentence by sentence."""
    file = locales / "languages.toml"
    entry = """
[[language]]
tag = "gu"
own = "ગુજરાતી"
english = "Gujarati"
script = "Gujr"
dir = "ltr"
plural = "nplurals=2; plural=(n > 1);"
digits = "latn"
fallback = ["hi", "en"]
babel = "gu"
font = "indic"
"""
    file.write_text(file.read_text("utf-8") + entry, "utf-8")
    registry = load_registry(locales)
    live = LiveWording(registry, sources, {tag: read_catalog(locales, tag, sources) for tag in registry.languages}, {})
    assert "Hello" == live.wording.say("gu", Text("greet"))

    assert () == live.take([Row("gu", "greet", "નમસ્તે", "Hello")])
    assert "નમસ્તે" == live.wording.say("gu", Text("greet"))
    assert "Over 18" == live.wording.say("gu", Text("age"))
    assert (("gu", "ગુજરાતી"),) == registry.named(("gu",))
