"""What a person reads: the right language, its gaps filled, and no value that turns a line around."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.model import Content
from bot.core.effects import LocalTime, Number, Param, PlaceName, Text
from bot.core.private import Private
from bot.wording.load import load_wording
from bot.wording.render import Wording, isolated
from tests.wording.conftest import Words, Write

LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


def plain(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, (LRI, FSI, PDI))))


def test_a_text_is_said_in_the_language_asked_for(wording: Wording) -> None:
    assert wording.say("en", Text("day.0")) == "Monday"
    assert wording.say("ur", Text("day.0")) == "پیر"


def test_before_a_language_is_chosen_both_opening_languages_stand_below_each_other(wording: Wording) -> None:
    assert wording.say("", Text("day.0")) == "پیر\n\nMonday"
    assert wording.label("", Text("day.0")) == "پیر · Monday"
    assert wording.lines("", (Text("day.0"), Text("day.1"))) == "پیر\n\nمنگل\n\nMonday\n\nTuesday"


def test_what_waited_in_a_language_that_a_release_took_away_is_said_in_the_opening_languages(wording: Wording) -> None:
    """A message names its language; nobody gets nothing because of that."""
    assert wording.say("gone", Text("day.0")) == "پیر\n\nMonday"
    assert wording.label("gone", Text("day.0")) == "پیر\n\nMonday"
    assert "12" in wording.say("gone", Text("ask.progress", {"step": 2, "steps": 12}))
    assert "PK-SD" == wording.place_name("gone", "PK-SD")
    assert "rtl" == wording.direction("gone")
    with pytest.raises(KeyError):
        wording.say("ur", Text("no.such.text"))


def test_values_are_filled_in_after_translation(wording: Wording) -> None:
    said = wording.say("ur", Text("ask.progress", {"step": 2, "steps": 12}))

    assert said == "12 میں سے 2"


def test_a_number_is_isolated_left_to_right_and_never_localised(wording: Wording) -> None:
    line: Mapping[str, Param] = {"name": Text("helpline.pk-police.name"), "phone": Number("0800-39393"), "for": "x"}

    assert f"{LRI}0800-39393{PDI}" in wording.say("ur", Text("help.line", line))


def test_a_text_within_a_text_is_translated_too(wording: Wording) -> None:
    said = wording.say("ur", Text("review.skipped", {"title": Text("ask.age.title")}))

    assert said == "– عمر: رہنے دیا"


@pytest.mark.parametrize(
    ("lang", "when", "said"),
    [
        ("en", LocalTime(8, 0, None), "Helpers start again today at 8:00."),
        ("en", LocalTime(17, 5, 6), "Helpers start again on Sunday at 17:05."),
        ("ur", LocalTime(8, 0, 0), "مددگار پیر کو 8:00 بجے پھر سے پڑھنا شروع کریں گے۔"),
    ],
)
def test_a_time_is_said_in_words_of_the_language(wording: Wording, lang: str, when: LocalTime, said: str) -> None:
    assert said in plain(wording.say(lang, Text("sent.later", {"time": when})))


@pytest.mark.parametrize(
    ("lang", "code", "name"),
    [
        ("en", "PK-PB", "Punjab"),
        ("ur", "PK-PB", "پنجاب"),
        ("sd", "PK-SD", "سنڌ"),
        ("sd", "PK603", "بہاولپور"),
        ("skr", "PK603", "بہاولپور"),
        ("ur-Latn", "PK603", "Bahawalpur"),
        ("fa-AF", "AF-KAB", "ولایت کابل"),
        ("ps", "AF-KAB", "کابل ولايت"),
        ("ur", "AE", "متحدہ عرب امارات"),
        ("hi", "AE", "संयुक्त अरब अमीरात"),
        ("en", "BT-11", "Paro"),
        ("dz", "BT-11", "Paro"),
        ("en", "XX", "XX"),
    ],
)
def test_a_place_is_called_as_in_the_language_or_its_nearest(wording: Wording, lang: str, code: str, name: str) -> None:
    assert wording.place_name(lang, code) == name


def test_the_name_of_an_office_stays_as_it_is(wording: Wording) -> None:
    assert wording.label("ur", "Office of the east") == "Office of the east"
    assert wording.label("ur", PlaceName("PK-SD")) == "سندھ"


def test_a_reply_of_several_lines_is_isolated_line_by_line(wording: Wording) -> None:
    said = wording.say("ur", Text("mail.reply", {"text": Private("Hello.\nWe read it.")}))

    assert said == f"ایک مددگار نے لکھا:\n{LRI}Hello.{PDI}\n{LRI}We read it.{PDI}"


@given(st.text(max_size=60))
def test_no_value_can_close_its_isolate_or_turn_the_line(text: str) -> None:
    for line in isolated(text).split("\n"):
        inside = line[1:-1]
        assert line[0] in (LRI, FSI)
        assert line[-1] == PDI
        marks = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        assert not marks & {unicodedata.bidirectional(char) for char in inside}


def test_a_missing_value_leaves_a_gap_and_not_a_crash(wording: Wording) -> None:
    assert wording.say("en", Text("ask.progress", {"step": 1})) == "1 of "


def test_words_in_braces_inside_a_value_stay_words(wording: Wording) -> None:
    said = wording.say("en", Text("mail.reply", {"text": Private("{phone} {text}")}))

    assert "{phone} {text}" in said


def test_directions_follow_the_registry(wording: Wording) -> None:
    assert [wording.direction(lang) for lang in ("ur", "en", "ur-Latn", "sd", "dv", "")] == [
        "rtl", "ltr", "ltr", "rtl", "rtl", "rtl",
    ]  # fmt: skip


def test_a_gap_is_filled_along_the_chain_of_the_language(
    locales: Path, write: Write, sources: dict[str, Words]
) -> None:
    write("ur", 'msgctxt "greet"\nmsgid "Hello"\nmsgstr "سلام"\n')
    write("sd", 'msgctxt "press"\nmsgid "Press"\nmsgstr "دٻايو"\n')
    no_places: Mapping[str, Named] = {}

    wording = load_wording(sources, no_places, locales)

    assert [wording.say("sd", Text(id)) for id in ("press", "greet", "age")] == ["دٻايو", "سلام", "Over 18"]


class Named:
    """A place of this suite."""

    names: Mapping[str, str] = {}


SAMPLES: Mapping[str, Param] = {
    "name": Text("helpline.pk-police.name"), "phone": Number("15"), "for": Text("helpline.pk-police.for"),
    "then": Number("3"), "web": Number("mrc.org.pk"), "place": PlaceName("PK-PB"), "step": 1, "steps": 12,
    "title": Text("ask.age.title"), "answer": Text("ask.age.12-14"), "code": Private("1234"), "time": LocalTime(8, 0, None),
    "line": Text("help.calm"), "detail": Text("directory.free"), "row": Text("help.calm"), "remark": Text("help.calm"),
    "age": Number("18"), "girls": Number("18"), "boys": Number("21"), "from": Number("5"), "to": Number("16"),
    "date": Number("2026-11-26"), "text": Private("words"), "clock": Number("8:00"), "day": Text("day.0"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["", "en", "ur", "sd", "bn"])
def test_every_text_can_be_said_with_nothing_left_in_braces(content: Content, wording: Wording, lang: str) -> None:
    for id in content.texts:
        said = wording.say(lang, Text(id, SAMPLES))
        assert said.strip(), id
        assert "{" not in said, id


def test_no_button_is_longer_than_a_phone_shows(content: Content, wording: Wording) -> None:
    for screen in content.screens.values():
        for choice in screen.choices:
            for lang in ("en", "ur"):
                assert len(wording.label(lang, Text(choice.label))) <= 40, (lang, choice.label)
