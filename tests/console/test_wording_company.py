"""Translators beside one another: who else is at a text, what readers reported, and suggestions taken over in one go."""

from html import unescape

import pytest

from bot.console.wording_company import ready_words
from bot.content.model import TextSource
from bot.core.writes import Tally
from bot.services.wording_desk import DRAFT, MISSING, PUBLISHED, Line
from storage import tallies, wordings
from tests.console.officer import SAME_SITE
from tests.console.test_room import Administrator
from tests.console.world import World


def line(id: str, en: str, words: str = "", *, critical: bool = False, stale: bool = False, state: str = "") -> Line:
    source = TextSource(en, "", None, critical, "say.toml:1")
    return Line(id, source, words, state or (PUBLISHED if words else MISSING), 0, "", stale)


def test_only_one_clear_translation_of_the_very_same_english_is_ready() -> None:
    lines = [
        line("a", "Yes", "ہاں"),
        line("b", "Yes"),
        line("c", "No", "نہیں"),
        line("d", "No", "جی نہیں"),
        line("e", "No"),
        line("f", "Stop", "رکیں"),
        line("g", "Stop", critical=True),
        line("h", "Go", "جائیں", stale=True),
        line("i", "Go"),
        line("j", "Yes", "ہاں", state=DRAFT),
    ]
    assert [("b", "ہاں")] == [(one.id, words) for one, words in ready_words(lines)]


async def test_the_second_who_opens_a_text_is_told(world: World) -> None:
    async with Administrator(world) as translator, Administrator(world) as reviewer:
        await translator.signs_in("translator")
        await reviewer.signs_in("reviewer")
        query = {"of": "ur", "text": "say.group"}
        assert "has this text open" not in (await translator.http.get("wording", params=query)).text
        seen = unescape((await reviewer.http.get("wording", params=query)).text)
        assert "has this text open: Translator (trial)" in seen
        assert "has this text open" not in (await reviewer.http.get("wording", params={**query, "of": "sd"})).text


async def test_what_readers_reported_in_a_language_is_found_there_alone(world: World) -> None:
    for matter, lang in (("wrong", "ur"), ("helped", "sd")):
        tally = Tally("said", f"page:boys-too:{matter}", lang, "", 680)
        await world.database.write(lambda conn, one=tally: tallies.add(conn, one))  # type: ignore[misc]
    async with Administrator(world) as one:
        await one.signs_in("reviewer")
        seen = (await one.http.get("wording", params={"of": "ur", "show": "reported"})).text
        assert "page.boys-too.u12" in seen
        assert "page.my-rights" not in seen
        assert "page.boys-too" not in (await one.http.get("wording", params={"of": "sd", "show": "reported"})).text


@pytest.mark.parametrize("ticked", [True, False])
async def test_what_is_ticked_becomes_a_draft(world: World, ticked: bool) -> None:
    missing = "skr"  # drafted in part
    async with Administrator(world) as one:
        await one.signs_in("reviewer")
        seen = unescape((await one.http.get("wording", params={"of": missing, "show": "missing"})).text)
        ids = [part.split('"')[0] for part in seen.split('name="take.')[1:]]
        assert ids
        form = {"token": one.session["token"], "of": missing, "show": "missing", "do": "accept"}
        form |= {f"take.{id}": "on" for id in ids if ticked}
        answer = await one.http.post("wording", data=form, headers=SAME_SITE)
        assert 200 == answer.status_code
    rows = await world.database.read(lambda conn: wordings.newest(conn, missing))
    assert (set(ids) if ticked else set()) == {row.text for row in rows}
    assert {"draft"} >= {row.state for row in rows}
