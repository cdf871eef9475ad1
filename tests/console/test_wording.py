"""The translators' desk through its public door: who may come in, what is checked, who approves, what comes back."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape

import httpx
import pytest

from bot.console.doors import COOKIE, page_token
from bot.sealing.passphrase import new_passphrase
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.services.officers.account import Role
from bot.services.officers.enrol import enrol
from bot.wording.exchange import FORMATS, Entry, read, write
from storage import accounts, wordings
from tests.console.officer import ORIGIN, SAME_SITE, Officer
from tests.console.world import World

PHRASE = new_passphrase()


class Translator(Officer):
    """A browser without scripts."""

    async def __aenter__(self) -> "Translator":
        return self

    async def sees(self, **query: str) -> str:
        answer = await self.http.get("wording", params={"of": "ur", **query})
        assert 200 == answer.status_code
        return unescape(answer.text)

    async def sends(
        self, do: str, text: str, *, based: int = 0, headers: dict[str, str] | None = None, **more: str | int
    ) -> httpx.Response:
        told = {"origin": ORIGIN, "sec-fetch-site": "same-origin"} if headers is None else headers
        body = {"token": self.session.get("token", ""), "of": "ur", "text": text, "do": do, "based": based, **more}
        return await self.http.post("wording", data=body, headers=told)

    async def does(self, do: str, text: str, *, based: int = 0, **more: str | int) -> None:  # type: ignore[override]
        answer = await self.sends(do, text, based=based, headers=None, **more)
        assert (303, "") == (answer.status_code, said(answer))


def said(answer: httpx.Response) -> str:
    found = re.search(r'role="alert">([^<]+)<', answer.text)
    return unescape(found[1]) if found else ""


@pytest.fixture
async def amna(world: World) -> AsyncIterator[Translator]:
    async with Translator(world) as one:
        await one.signs_in("translator")
        yield one


@pytest.fixture
async def bilal(world: World) -> AsyncIterator[Translator]:
    """A second translator."""
    made = enrol(
        id="bilal", login="bilal", name="Bilal", roles=frozenset({Role.TRANSLATOR}), passphrase=PHRASE,
        deployment=world.trial.deployment, shards=Shards(world.keys), now=world.clock(), cost=Cost.for_tests(),
    )  # fmt: skip
    await world.database.write(lambda c: accounts.add(c, made.account, 1))
    async with Translator(world) as one:
        await one.signs_in("bilal", PHRASE)
        yield one


def plain(world: World, *, critical: bool = False) -> str:
    """A text without numbers and placeholders."""
    return next(
        id for id, s in world.content.texts.items()
        if s.critical is critical and not re.search(r"[{0-9?]", s.en) and s.limit is None and s.domain == "chat"
    )  # fmt: skip


def urdu(world: World, id: str) -> str:
    return world.live.wording.texts["ur"][id]


async def test_a_sentence_is_corrected_approved_published_and_read_and_taken_back(
    world: World, amna: Translator, bilal: Translator
) -> None:
    id = plain(world, critical=True)
    before = urdu(world, id)
    await amna.does("save", id, words="یہ نیا جملہ ہے۔")
    await bilal.does("approve", id, based=1)
    await world.rewording.look()
    assert before == urdu(world, id)

    await bilal.does("publish", id, based=2)
    await world.rewording.look()
    assert "یہ نیا جملہ ہے۔" == urdu(world, id)
    assert "یہ نیا جملہ ہے۔" in await amna.sees(text=id)

    await amna.does("withdraw", id, based=3)
    await world.rewording.look()
    assert before == urdu(world, id)
    assert {"wording_draft", "wording_reviewed", "wording_published", "wording_withdrawn"} == {
        one["act"] for one in await world.trail() if one["act"].startswith("wording_")
    }


async def test_nobody_approves_safety_critical_words_of_their_own(
    world: World, amna: Translator, bilal: Translator
) -> None:
    id = plain(world, critical=True)
    await amna.does("save", id, words="یہ نیا جملہ ہے۔")
    assert "Somebody else" in said(await amna.sends("approve", id, based=1))

    await bilal.does(
        "save", id, words="کچھ اور۔", based=1
    )  # another's draft between does not change whose words they are
    await bilal.does("revert", id, to=1, based=2)
    assert "Somebody else" in said(await amna.sends("approve", id, based=3))


async def test_other_words_may_be_approved_by_their_author(world: World, amna: Translator) -> None:
    id = plain(world)
    await amna.does("save", id, words="یہ نیا جملہ ہے۔")
    await amna.does("approve", id, based=1)
    await amna.does("publish", id, based=2)


async def test_a_draft_is_not_published_before_it_was_approved(world: World, amna: Translator) -> None:
    id = plain(world)
    await amna.does("save", id, words="یہ نیا جملہ ہے۔")
    assert "not possible" in said(await amna.sends("publish", id, based=1))


@pytest.mark.parametrize(
    ("id", "words", "why"),
    [
        ("code.show", "آپ کا کوڈ", "{code}"),
        ("sent.later", "{time} {name}", "{name}"),
        ("button.tell", "ا" * 200, "Too long"),
        ("say.group", "یہاں 15 لوگ ہیں", "numbers"),
        ("say.group", "لوگ \u202e یہاں", "direction"),
    ],
)
async def test_what_would_break_a_talk_is_not_saved_and_not_lost(
    world: World, amna: Translator, id: str, words: str, why: str
) -> None:
    answer = await amna.sends("save", id, words=words)

    assert 409 == answer.status_code
    assert why in unescape(answer.text)
    assert words in unescape(answer.text)
    assert [] == await world.database.read(lambda c: wordings.history(c, "ur", id))


async def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_the_words(
    world: World, amna: Translator, bilal: Translator
) -> None:
    id = plain(world)
    await amna.does("save", id, words="یہ نیا جملہ ہے۔")
    answer = await bilal.sends("save", id, words="یہ میرا جملہ ہے۔", based=0)

    assert "Somebody else" in said(answer)
    assert "یہ میرا جملہ ہے۔" in answer.text
    assert "یہ نیا جملہ ہے۔" in unescape(answer.text)


async def test_words_that_were_published_before_come_back_with_one_press(world: World, amna: Translator) -> None:
    id = plain(world)
    for n, words in ((0, "پہلا جملہ۔"), (3, "دوسرا جملہ۔")):
        await amna.does("save", id, words=words, based=n)
        await amna.does("approve", id, based=n + 1)
        await amna.does("publish", id, based=n + 2)

    await amna.does("revert", id, to=3, based=6)
    await world.rewording.look()
    assert "پہلا جملہ۔" == urdu(world, id)

    await amna.does("revert", id, to=6, based=7)  # a revert of the revert
    await world.rewording.look()
    assert "دوسرا جملہ۔" == urdu(world, id)


async def test_edited_english_makes_translations_stale_and_shows_what_changed(world: World, amna: Translator) -> None:
    id = plain(world, critical=True)
    english = world.content.texts[id].en
    admin = Translator(world)
    async with admin:
        await admin.signs_in("administrator")
        await amna.does("save", id, of="en", words=f"{english} Today.")
        await admin.does("approve", id, of="en", based=1)
        await admin.does("publish", id, of="en", based=2)
    await world.rewording.look()

    assert f"{english} Today." == urdu(world, id)  # an outdated promise is not made
    assert "<ins>Today.</ins>" in await amna.sees(text=id)
    assert id in await amna.sees(show="stale")


async def test_the_list_is_filtered_and_searched(world: World, amna: Translator) -> None:
    assert "code.show" in await amna.sees(q="code.show")
    assert "code.show" not in await amna.sees(q="profile.name")
    for show in ("all", "missing", "unreviewed", "approved", "stale", "critical", "silent", "failing"):
        await amna.sees(show=show)


@pytest.mark.promise("S23")
async def test_translators_never_see_a_case_and_officers_no_desk(world: World, amna: Translator) -> None:
    case = await world.case()
    for path in ("queue", f"case/{case.id.hex()}/open"):
        assert 404 == (await amna.posts(path, {"view": "todo", "after": None, "limit": 5})).status_code
    assert 404 == (await amna.gets("roster")).status_code
    async with Translator(world) as officer:
        await officer.signs_in("sindh")
        assert 404 == (await officer.http.get("wording")).status_code
        assert 404 == (await officer.sends("save", "say.group", words="کچھ")).status_code


@pytest.mark.promise("S22")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
        {},
    ],
)
async def test_a_form_of_another_page_changes_nothing(world: World, amna: Translator, headers: dict[str, str]) -> None:
    assert 404 == (await amna.sends("save", "say.group", words="کچھ", headers=headers)).status_code


@pytest.mark.promise("S22")
async def test_a_form_without_the_pages_token_changes_nothing(world: World, amna: Translator) -> None:
    for token in ("", "é", page_token("other")):
        answer = await amna.http.post(
            "wording", data={"token": token, "text": "say.group", "do": "save"}, headers=SAME_SITE
        )
        assert 404 == answer.status_code
    assert amna.session["token"] == page_token(amna.http.cookies[COOKIE])


async def test_whoever_is_not_signed_in_is_shown_where_to(world: World) -> None:
    async with Translator(world) as nobody:
        answer = await nobody.http.get("wording")
    assert 401 == answer.status_code
    assert "You were signed out" in answer.text


async def test_odd_questions_are_answered(world: World, amna: Translator) -> None:
    assert 404 == (await amna.http.get("wording", params={"text": "no.such"})).status_code
    assert 404 == (await amna.sends("save", "no.such", words="کچھ")).status_code
    assert 400 == (await amna.sends("burn", "say.group")).status_code
    for odd in ({"of": "xx"}, {"from": "-1"}, {"from": "9" * 40}, {"show": "<b>"}, {"q": "<script>"}):
        assert "<script>" not in (await amna.http.get("wording", params=odd)).text.replace("<script src", "")


async def test_what_somebody_wrote_is_shown_as_text(world: World, amna: Translator) -> None:
    id = plain(world)
    await amna.does("save", id, words="<img src=x onerror=alert()> جملہ")
    answer = await amna.http.get("wording", params={"of": "ur", "text": id})
    assert "<img src=x" not in answer.text


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_file_goes_out_and_comes_back_changed_as_drafts(world: World, amna: Translator, kind: str) -> None:
    id = plain(world)
    file = (await amna.http.get("wording", params={"of": "ur", "get": kind})).content
    same = await amna.sends("look", "", kind=kind, content=file.decode())
    assert "Texts it changes: 0" in same.text

    changed = [replace(e, words="نیا جملہ۔") if e.id == id else e for e in read(kind, "ur", file)]
    content = write(kind, "ur", changed)
    assert "Texts it changes: 1" in (await amna.sends("look", "", kind=kind, content=content)).text
    assert [] == await world.database.read(lambda c: wordings.history(c, "ur", id))

    assert 200 == (await amna.sends("take", "", kind=kind, content=content)).status_code
    rows = await world.database.read(lambda c: wordings.history(c, "ur", id))
    assert [("draft", "translator", "نیا جملہ۔")] == [(r.state, r.author, r.words) for r in rows]


async def test_a_file_with_one_wrong_text_changes_nothing_at_all(world: World, amna: Translator) -> None:
    id = plain(world)
    file = (await amna.http.get("wording", params={"of": "ur", "get": "po"})).content
    words = {id: "نیا جملہ۔", "code.show": "کوڈ"}
    wrong = [replace(e, words=words.get(e.id, e.words)) for e in read("po", "ur", file)]
    wrong += [Entry("no.such", "Nothing", "کچھ نہیں", True)]

    answer = await amna.sends("take", "", kind="po", content=write("po", "ur", wrong))

    assert 422 == answer.status_code
    assert "code.show" in answer.text
    assert "There is no such text." in answer.text
    assert [] == await world.database.read(lambda c: wordings.newest(c, "ur"))


async def test_a_broken_file_is_refused_and_shown_again(world: World, amna: Translator) -> None:
    answer = await amna.sends("take", "", kind="csv", content="a,b,c")
    assert 422 == answer.status_code
    assert "first line" in answer.text
    assert "a,b,c" in answer.text
