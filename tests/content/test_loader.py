"""A mistake in a content file is refused at start, and the message names file, line and remedy."""

import re
from pathlib import Path

import pytest

from bot.content.loader import load_content
from bot.content.model import Content
from bot.core.errors import ContentError
from tests.content.conftest import Spoil

pytestmark = pytest.mark.slow


def test_every_helpline_of_the_list_is_there(content: Content) -> None:
    assert len(content.helplines) == 71


def test_every_region_of_the_list_is_there_and_the_emirates_that_helplines_name(content: Content) -> None:
    regions = [p for p in content.places.values() if p.level or p.code in content.children]
    emirates = [p for p in regions if p.parent == "AE"]
    own = [p for p in regions if p not in emirates and p.code != "AE"]

    assert (len(own), len(emirates)) == (407, 7)


def test_every_country_can_be_chosen_and_common_ones_come_first(content: Content) -> None:
    countries = content.children[""]

    assert len(countries) == 249
    assert countries[:3] == ("PK", "AF", "IR")
    assert all(content.places[code].common for code in countries[:17])
    assert not content.places[countries[17]].common


def test_a_district_lies_in_its_province_and_has_its_name_in_urdu(content: Content) -> None:
    assert "PK603" in content.children["PK-PB"]
    assert content.place_names["PK603"].names == {"en": "Bahawalpur", "ur": "بہاولپور"}


def test_each_text_knows_where_it_stands(content: Content) -> None:
    source = content.texts["button.help"]
    file, line = source.where.split(":")
    written = (Path("bot/content") / file).read_text(encoding="utf-8").splitlines()

    assert 'id = "button.help"' in written[int(line) - 1]


def test_a_screen_without_words_for_an_audience_has_words_for_everybody(content: Content) -> None:
    assert all("" in screen.texts for screen in content.screens.values())


SPOILED = [
    ("say.toml", 'id = "button.tell"', 'id = "button.help"', r"say\.toml:\d+: .*already given at say\.toml:\d+"),
    ("say.toml", "limit = 40", 'limit = "40"', r"say\.toml:\d+: \"limit\" is no whole number; write"),
    ("say.toml", "critical = true", 'critical = "yes"', r"\"critical\" is neither true nor false"),
    ("say.toml", "note = ", "notes = ", r"say\.toml:\d+: \"notes\" is not known here; remove it or correct"),
    ("say.toml", 'en = "Nobody"', 'en = ""', r"say\.toml:\d+: \"en\" is missing or no text; add en ="),
    ("say.toml", "[[text]]", "[text", r"say\.toml: .*correct the TOML"),
    (
        "screens.toml",
        'text.all = "What do you want to read or try?"',
        'text.all = ["x"]',
        r"\"all\" is missing or no text",
    ),
    (
        "screens.toml",
        'text.all = "What do you want to read or try?"\n',
        "",
        r"screens\.toml:\d+: no text for any audience",
    ),
    ("screens.toml", '"page:not-your-fault"', '"no-such-page"', r"there is no \"no-such-page\"; write page:<id>"),
    ("screens.toml", 'id = "who"', 'id = "home"', r"the screen \"home\" stands here twice"),
    ("screens.toml", "lists = [", "lists = [5, ", r"\"lists\" is no list of texts"),
    ("report.toml", 'kind = "place"', 'kind = "address"', r"report\.toml:\d+: \"address\" is no kind of question"),
    ("report.toml", 'role = "PD"', 'role = "XX"', r"\"XX\" is no role of a place; use PO, PT or PD"),
    ("report.toml", 'label = "Yes, it is safe"', "", r"report\.toml:\d+: \"label\" is missing"),
    ("triage.toml", 'urgency = "U0"', 'urgency = "red"', r"\"red\" is no urgency; use one of U0"),
    ("routing.toml", "U0 = 10", "U9 = 10", r"routing\.toml:\d+: \"U9\" is no urgency"),
    ("routing.toml", "U0 = 10", "U0 = 0", r"needs a number of minutes above 0"),
    ("routing.toml", '"08:00", "20:00"', '"8", "20:00"', r"\"monday\" needs two clock times"),
    ("helplines.toml", 'dial = "15"', 'dial = "15 then 3"', r"dial is no phone number"),
    ("helplines.toml", 'dial = "1099"\n', "", r"helplines\.toml:\d+: \"pk-human-rights\" cannot be reached"),
    ("helplines.toml", 'confidence = "high"', 'confidence = "sure"', r"confidence is unknown"),
    ("helplines.toml", 'hours = "always"', 'hours = "9-5"', r"hours are unknown; use \"always\""),
    ("helplines.toml", "source = ", "quelle = ", r"\"source\" is missing"),
    ("regions.toml", 'code = "PK-GB"', 'code = "PK-BA"', r"regions\.toml:\d+: \"PK-BA\" stands here twice"),
    ("regions.toml", 'in = "PK", level = 1', "level = 1", r"level and \"in\" do not fit"),
    ("countries.toml", 'AF = "Afghanistan"\n', "", r"\"AF\" is common but has no name"),
    ("words.toml", '"stop", ', '"stop", "SOS!!", ', r"words\.toml:\d+: \[en\] .* means help and leave"),
    ("words.toml", 'leave = ["stop"', 'leaves = ["stop"', r"\"leaves\" is not known here"),
    ("pages/job-offer.toml", 'id = "job-offer"', 'id = "job"', r"name the file job\.toml"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), SPOILED, ids=[f"{s[0]}-{n}" for n, s in enumerate(SPOILED)])
def test_a_mistake_is_refused_with_its_place_and_a_remedy(
    spoil: Spoil, file: str, old: str, new: str, message: str
) -> None:
    folder = spoil(file, old, new)

    with pytest.raises(ContentError) as refused:
        load_content(folder)

    assert re.search(message, str(refused.value)), str(refused.value)
    assert str(refused.value).startswith(file)


def test_a_missing_file_is_refused(spoil: Spoil) -> None:
    folder = spoil("words.toml", "[en]", "[en]")
    (folder / "triage.toml").unlink()

    with pytest.raises(ContentError, match=r"triage\.toml:1: the file is missing"):
        load_content(folder)


def test_a_new_page_needs_a_file_and_a_line_and_no_code(spoil: Spoil) -> None:
    folder = spoil("screens.toml", '"page:who-sees-it"]', '"page:who-sees-it", "page:our-town"]')
    page = (folder / "pages" / "job-offer.toml").read_text(encoding="utf-8")
    (folder / "pages" / "our-town.toml").write_text(
        page.replace('id = "job-offer"', 'id = "our-town"'), encoding="utf-8"
    )

    grown = load_content(folder)

    assert grown.screens["page:our-town"].page
    assert grown.screens["topic-helpers"].choices[4].goto == "page:our-town"
