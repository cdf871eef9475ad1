"""The first minute: language, who is writing, home; help before any question."""

import pytest

from bot.core.effects import Class
from tests.talking import Talk, real_flow


def test_the_first_thing_asked_is_the_language(talk: Talk) -> None:
    talk.starts()

    talk.sees("screen.language")
    talk.sees_button("lang:en", "lang:ur")


def test_the_first_screen_offers_help_and_a_way_out(talk: Talk) -> None:
    """Help stands before any question, even before the language is known."""
    talk.starts()

    talk.sees_button("!help")
    talk.can_leave()


def test_a_hint_from_the_phone_orders_the_languages_and_decides_nothing(talk: Talk) -> None:
    talk.starts(hint="ur")

    assert talk.keys[0] == "lang:ur"
    assert talk.state.talk.lang == ""


def test_from_language_to_who_is_writing_to_home(talk: Talk) -> None:
    talk.starts()
    talk.chooses("lang:ur")
    talk.sees("screen.who")

    talk.chooses("c:teen")

    talk.sees("screen.home")
    assert talk.state.talk.lang == "ur"
    assert talk.state.talk.audience == "teen"


def test_nobody_has_to_say_who_they_are(talk: Talk) -> None:
    talk.opens(audience="skip")

    talk.sees("screen.home")
    assert talk.state.talk.audience == ""


def test_the_youngest_read_shorter_words(talk: Talk) -> None:
    talk.opens(audience="u12")

    talk.sees("screen.home.u12")


def test_numbers_come_before_any_question(talk: Talk) -> None:
    talk.opens()
    talk.chooses("!help")

    talk.sees("help.calm", "help.country")
    talk.sees_number("1121")
    assert talk.latest[0].kind is Class.URGENT
    talk.has_never_said("ask.safe-now")
    talk.can_leave()


def test_the_numbers_of_a_province_are_two_presses_away(talk: Talk) -> None:
    talk.opens()
    talk.chooses("!help", "!region", "r:PK-KP")

    talk.sees("help.region")
    talk.sees_place("PK-KP")


def test_a_place_abroad_has_its_own_numbers(talk: Talk) -> None:
    talk.opens()
    talk.chooses("!help", "!region", "r:IN")

    talk.sees_number("1098")


def test_no_place_leaves_a_child_without_numbers(talk: Talk) -> None:
    for code, place in talk.flow.places.items():
        if place.level <= 1:
            fresh = Talk(talk.flow).opens()
            fresh.chooses("!help", "!region")
            fresh.presses(f"r:{code}")
            assert len(fresh.latest[0].lines) > 2, code


def test_coming_back_needs_no_language_again(talk: Talk) -> None:
    talk.opens("ur", "u12")
    talk.starts()

    talk.sees("screen.home.u12")


def test_changing_the_language_asks_nothing_twice(talk: Talk) -> None:
    talk.opens("en", "adult")
    talk.chooses("c:language", "lang:ur")

    talk.sees("screen.home")
    assert talk.state.talk.lang == "ur"


PAGES = {
    "job-offer": (),
    "what-is-trafficking": ("c:rights",),
    "before-you-travel": ("c:travel",),
    "online-sextortion": ("c:online",),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("audience", ["u12", "teen", "adult", "pro", "skip"])
def test_a_page_is_three_presses_from_home_at_most_and_leads_on(talk: Talk, audience: str, page: str) -> None:
    talk.opens(audience=audience)
    talk.chooses("c:learn", *PAGES[page], f"c:{page}")

    assert talk.latest[0].lines[0].id.startswith(f"page.{page}")
    talk.sees_button("!help", "!leave")
    assert len(talk.keys) > 2


def test_a_talk_in_a_language_that_a_release_took_away_goes_on_in_the_opening_languages() -> None:
    """What was told stays told; the numbers are there, and the child may choose anew."""
    talk = Talk(real_flow(languages=(("en", "English"), ("ur", "اردو"), ("sd", "سنڌي")))).opens("sd")
    assert "sd" == talk.state.talk.lang
    talk.flow = real_flow()

    talk.asks_help()
    assert "" == talk.state.talk.lang
    talk.sees("help.calm")
    talk.starts()
    assert talk.latest
