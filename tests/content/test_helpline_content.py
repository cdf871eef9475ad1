"""Numbers a child may call: sourced, in data only, and never an empty list."""

import re

import pytest

from bot.content.model import CHAT, Content
from bot.core.effects import Number
from bot.core.helplines import number_lines, numbers_for
from bot.core.hours import Hours


def test_every_entry_has_a_source_and_a_date(content: Content) -> None:
    for entry in content.helplines:
        assert entry.source, entry.line.id
        assert entry.source_date or entry.read_on, entry.line.id


def test_a_number_to_dial_holds_nothing_but_the_number(content: Content) -> None:
    for entry in content.helplines:
        assert re.fullmatch(r"[0-9 +-]*", entry.line.dial), entry.line.id
        assert re.fullmatch(r"[0-9]*", entry.line.then), entry.line.id


def test_no_number_of_a_helpline_stands_in_a_sentence(content: Content) -> None:
    numbers = {re.sub(r"\D", "", e.line.dial) for e in content.helplines if len(e.line.dial) > 2}

    for id, source in content.texts.items():
        if source.domain == CHAT:
            assert not numbers & set(re.findall(r"[0-9]+", source.en)), id


@pytest.mark.parametrize("region", ["", "PK-PB", "PK-SD", "PK-KP", "PK-BA", "PK-IS", "PK-GB", "PK-JK"])
def test_every_part_of_pakistan_has_a_number_for_emergencies(content: Content, region: str) -> None:
    found = numbers_for(content.flow(hours=Hours()), region)

    assert any(line.dial == "15" for line in found)


@pytest.mark.parametrize(
    ("region", "dial"),
    [
        ("PK-PB", "1121"),
        ("PK-SD", "1121"),
        ("PK-KP", "1121"),
        ("PK-IS", "1121"),
        ("IN", "1098"),
        ("AE", "116111"),
        ("LK", "1929"),
    ],
)
def test_the_line_for_children_comes_first(content: Content, region: str, dial: str) -> None:
    assert numbers_for(content.flow(hours=Hours()), region)[0].dial == dial


def test_uncertain_numbers_stay_hidden(content: Content) -> None:
    low = {e.line.id for e in content.helplines if e.line.confidence == "low"}
    flow = content.flow(hours=Hours())
    shown = {line.id for code in ("", "PK-PB", "AF", "NP", "BH", "AE") for line in numbers_for(flow, code)}

    assert {"af-police", "pk-pehel", "bh-child"} <= low
    assert not low & shown


def test_what_to_press_afterwards_stands_apart_from_the_number(content: Content) -> None:
    lines = number_lines(content.flow(hours=Hours()), "PK-PB")
    pressed = [line.params for line in lines if line.id == "help.line-then"]

    assert (pressed[0]["phone"], pressed[0]["then"]) == (Number("15"), Number("3"))


def test_a_country_without_numbers_gets_a_page_to_find_one(content: Content) -> None:
    lines = number_lines(content.flow(hours=Hours()), "NO")

    assert [line.id for line in lines][-1] == "help.web"
