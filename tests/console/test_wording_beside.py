"""What stands beside a text at the desk: its places, the texts around it, the glossary; and files nobody could read."""

from html import unescape

import pytest

from bot.console.wording_places import spots_of
from bot.services.glossary import Term
from tests.console.officer import SAME_SITE
from tests.console.test_wording import Translator, amna, bilal
from tests.console.world import World

__all__ = ["amna", "bilal"]

TOLD = {"term.english": " Code", "term.words": "کیس کوڈ", "term.note": "Twenty digits"}


async def names(who: Translator, of: str = "ur", text: str = "", **told: str) -> str:
    body = {"token": who.session["token"], "of": of, "text": text, "do": "term", **told}
    answer = await who.http.post("wording", data=body, headers=SAME_SITE)
    assert 303 == answer.status_code
    return answer.headers["location"]


async def test_a_term_is_shown_where_its_english_is_used_and_missed_where_it_is_said_otherwise(
    world: World, amna: Translator
) -> None:
    id = next(id for id, one in world.content.texts.items() if Term("code", "", "", 1).is_in(one.en))
    await names(amna, **TOLD)
    seen = (await amna.sees(text=id)).partition('id="glossary"')[2].partition('id="where"')[0]
    said = "کیس کوڈ" in world.live.wording.texts["ur"][id]

    assert "Twenty digits" in seen
    assert said is not ("said in another way here" in seen)
    assert (
        "source,target,translator_comments\r\ncode,کیس کوڈ,Twenty digits\r\n"
        == (await amna.http.get("wording", params={"of": "ur", "get": "glossary"})).text
    )
    assert "Twenty digits" not in await amna.sees(of="sd")
    assert "glossary" in {one["act"] for one in await world.trail()}

    await names(amna, **{**TOLD, "term.words": ""})
    assert "Twenty digits" not in await amna.sees()


@pytest.mark.parametrize("english", ["", "=1+1", "<b>", "x" * 61, "15"])
async def test_what_is_no_term_is_not_kept(amna: Translator, english: str) -> None:
    assert "no-term" in await names(amna, **{**TOLD, "term.english": english})
    assert "Twenty digits" not in await amna.sees()


def test_a_term_is_found_as_a_word_and_not_inside_another() -> None:
    term = Term("case", "کیس", "", 1)

    assert term.is_in("A Case is open.")
    assert term.is_in("two cases")
    assert not term.is_in("in any casement, suitcase")


async def test_a_text_is_shown_where_it_stands_among_what_is_said_there(world: World, amna: Translator) -> None:
    urdu = world.live.wording.texts["ur"]
    screen = world.content.screens["stories"]
    id = screen.texts[""]
    seen = (await amna.sees(text=id)).partition('id="where"')[2].partition("</section>")[0]

    assert f"<mark data-live>{urdu[id]}</mark>" in seen
    assert all(urdu[choice.label] in seen for choice in screen.choices)
    assert f"text={screen.choices[0].label}" in seen


async def test_a_button_of_many_screens_says_how_many(world: World, amna: Translator) -> None:
    count = len(spots_of(world.content, "button.tell"))

    assert count > 50
    assert f"Places: {count}." in await amna.sees(text="button.tell")


async def test_every_text_has_its_page(world: World, amna: Translator) -> None:
    """One of each kind: on a screen, in a story, a question, a tool, on its own, of the console."""
    ids = ("screen.stories", "story.bus-stop.missed.girl", "ask.danger", "help.calm", "console.page.title")
    for id in ids:
        text = next(one for one in world.live.released if one.startswith(id))
        assert "Texts before and after it" in await amna.sees(text=text)


async def test_a_file_of_fifty_megabytes_is_refused_in_words(amna: Translator) -> None:
    form = b"token=x&content=" + b"a" * (50 * 2**20)
    told = {**SAME_SITE, "content-type": "application/x-www-form-urlencoded"}
    answer = await amna.http.post("wording", content=form, headers=told)

    assert 413 == answer.status_code
    assert "The file is too large: 8 MiB at most" in unescape(answer.text)
