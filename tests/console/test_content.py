"""Content without code through its public door: forms, the inspector, a second person, and what counts afterwards."""

import tomllib
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest

from bot.console.catalog import Catalog
from bot.console.entry_forms import shown
from bot.content.editing import home, released
from bot.content.entries import ANSWER, HELPLINE, KINDS, PAGE, REGION, RULE, STORY, Field
from bot.content.living import Set, Shown, build
from bot.content.story_form import SHAPE, scenes_of
from bot.services.content_desk import shown_of
from storage import entries
from tests.console.officer import ORIGIN, SAME_SITE, Officer
from tests.console.world import World


def typed_in(field: Field, value: Any) -> str:
    """What stands in a field: a value, or text typed as it is."""
    return value if isinstance(value, str) else shown(field, value)


class Administrator(Officer):
    """A browser without scripts."""

    async def __aenter__(self) -> "Administrator":
        return self

    async def sees(self, **query: str) -> str:
        answer = await self.http.get("content", params=query)
        assert 200 == answer.status_code
        return unescape(answer.text)

    async def sends(self, do: str, kind: str, item: str, *, based: int = 0, **more: Any) -> httpx.Response:
        """`values`: the whole entry, typed into its fields."""
        body = {"token": self.session.get("token", ""), "kind": kind, "item": item, "do": do, "based": based}
        typed = {
            f"f.{field.name}": typed_in(field, more["values"].get(field.name))
            for field in KINDS.get(kind, HELPLINE).fields
            if "values" in more
        }
        told = {name: value for name, value in more.items() if name != "values"}
        return await self.http.post("content", data={**body, **typed, **told}, headers=SAME_SITE)

    async def does(self, do: str, kind: str, item: str, *, based: int = 0, **more: Any) -> None:  # type: ignore[override]
        answer = await self.sends(do, kind, item, based=based, **more)
        assert 303 == answer.status_code, unescape(answer.text)[unescape(answer.text).find("alert") :][:600]


@pytest.fixture
async def admin(world: World) -> AsyncIterator[Administrator]:
    async with Administrator(world) as one:
        await one.signs_in("administrator")
        yield one


@pytest.fixture
async def reviewer(world: World) -> AsyncIterator[Administrator]:
    async with Administrator(world) as one:
        await one.signs_in("reviewer")
        yield one


def police(**other: Any) -> dict[str, Any]:
    return {**released(HELPLINE)["pk-police"], **other}


NEW_LINE = {
    "id": "pk-test", "country": "PK", "region": "PK-SD", "name": "Test line", "for": "Any child", "dial": "0000",
    "child_line": True, "confidence": "high", "source": "A test", "source_date": "2026-11-26",
}  # fmt: skip


async def test_an_entry_is_drafted_approved_by_another_published_and_taken_back(
    world: World, admin: Administrator, reviewer: Administrator
) -> None:
    before = home().joinpath("helplines.toml").read_text(encoding="utf-8")
    await admin.does("save", "helpline", "pk-police", values=police(**{"for": "Anyone who is afraid"}))
    assert "Somebody else" in unescape((await admin.sends("approve", "helpline", "pk-police", based=1)).text)
    assert 409 == (await reviewer.sends("publish", "helpline", "pk-police", based=1)).status_code
    await reviewer.does("approve", "helpline", "pk-police", based=1)
    await admin.does("publish", "helpline", "pk-police", based=2)
    exported = (await admin.http.get("content", params={"file": "helplines.toml"})).text
    assert before.replace('"Anyone in danger right now"', '"Anyone who is afraid"', 1) == exported

    await admin.does("withdraw", "helpline", "pk-police", based=3)
    gone = await admin.http.get("content", params={"file": "helplines.toml"})
    assert 404 == gone.status_code  # nothing differs from the release
    assert {"content_draft", "content_reviewed", "content_published", "content_withdrawn"} == {
        one["act"] for one in await world.trail() if one["act"].startswith("content_")
    }


@pytest.mark.parametrize(
    ("kind", "id", "values", "why"),
    [
        ("helpline", "pk-police", {"country": "XX"}, '"XX" is no country'),
        ("helpline", "pk-police", {"dial": "15 or press 2"}, "dial is no phone number"),
        ("helpline", "pk-police", {"source": ""}, "source: it must be filled in"),
        ("helpline", "pk-police", {"dial": ""}, "cannot be reached"),
        ("helpline", "pk-police", {"name": "two\nlines"}, "write it on one line"),
        ("page", "boys-too", {"text.u12": "A long sentence that no child of eight can read at once."}, "more than 8"),
        ("page", "boys-too", {"checked": "today"}, "no day of checking"),
        ("page", "boys-too", {"title": "x" * 60}, "40"),
        ("page", "boys-too", {"text.pro": "One.\x00"}, "pages/boys-too.toml"),
        ("rule", "danger-now", {"when": {"no-such": ["now"]}}, "no-such"),
        ("rule", "danger-now", {"urgency": "U9"}, "use one of U0"),
        ("region", "PK-SD", {"in": "PK-XX"}, "PK-XX"),
        ("region", "PK-SD", {"names": {"ur": []}}, "must read like"),
        ("story", "bus-stop", {"scene": "== missed\nLate.\n> tea: Tea -> nowhere"}, '"tea" goes to'),
        ("story", "bus-stop", {"scene": "== missed\nLate.\n> tea Tea"}, "must read like"),
        ("story", "bus-stop", {"scene": "Once.\n== missed\nLate."}, "before the first scene"),
        ("story", "bus-stop", {"scene": "== missed\nLate.\n\n== missed\nLater."}, "stands twice"),
        ("story", "bus-stop", {"on": ["no-such"]}, "which is no screen"),
        ("answer", "believe", {"text": "I promise that nobody will ever know."}, "answers.toml"),
        ("answer", "believe", {"text": "Call 0800 12345."}, "answers.toml"),
        ("answer", "believe", {"text": "So. " * 60}, "say it in 200"),
        ("routing", "routing", {"hours.monday": ["eight"]}, "two clock times"),
        ("routing", "routing", {"climb_after_minutes.U0": 0}, "minutes above 0"),
    ],
)
async def test_what_the_inspector_refuses_is_not_saved_and_not_lost(
    world: World, admin: Administrator, kind: str, id: str, values: dict[str, Any], why: str
) -> None:
    whole = {**released(KINDS[kind])[id], **values}
    answer = await admin.sends("save", kind, id, values=whole)
    assert 409 == answer.status_code
    assert why in unescape(answer.text)
    assert [] == await world.database.read(lambda c: entries.history(c, kind, id))


async def test_a_new_number_a_new_place_and_a_new_rule_go_all_the_way(
    admin: Administrator, reviewer: Administrator
) -> None:
    place = {"code": "PK-SD-ZZ", "in": "PK-SD", "level": 2, "en": "Test place", "names": {"ur": ["ٹیسٹ"]}}
    rule = {"id": "test-rule", "urgency": "U2", "when": {"danger": ["soon"]}, "reason": "A test."}
    for kind, id, values in (
        ("helpline", "pk-test", NEW_LINE),
        ("region", "PK-SD-ZZ", place),
        ("rule", "test-rule", rule),
    ):
        await admin.does("save", kind, "", values=values, view="new")
        await reviewer.does("approve", kind, id, based=1)
        await reviewer.does("publish", kind, id, based=2)
        assert "published" in await admin.sees(kind=kind, item=id)
        assert id in (await admin.http.get("content", params={"file": KINDS[kind].file})).text


async def test_a_story_from_the_shape_a_page_and_a_prepared_answer_go_all_the_way(
    world: World, admin: Administrator, reviewer: Administrator
) -> None:
    """Each says where it stands, is read by the loader that reads the release, and comes out as a file for the repository."""
    shape = await admin.sees(kind="story", view="new")
    assert "== begin" in shape
    story = {
        "id": "test-tale", "title": "A test tale", "readers": ["teen"], "on": ["stories"], "checked": "2026-11-26",
        "sources": ["A test"], "note": "A test.", "scene": scenes_of(SHAPE),
    }  # fmt: skip
    page = {
        "id": "test-page", "title": "A test page", "readers": ["teen"], "on": ["topic-home"], "checked": "2026-11-26",
        "sources": ["A test"], "text.teen": "One short line.",
    }  # fmt: skip
    answer = {"id": "test-answer", "text": "You did well to write."}
    for kind, values in (("story", story), ("page", page), ("answer", answer)):
        id = str(values["id"])
        await admin.does("save", kind, "", values=values, view="new")
        await reviewer.does("approve", kind, id, based=1)
        await reviewer.does("publish", kind, id, based=2)
    made, refused = build(shown_of(await world.database.read(entries.counting)), (), Set(world.content))

    assert () == refused
    screens = made.content.screens
    assert "story:test-tale:girl:late" in screens
    assert "story:test-tale" in [choice.goto for choice in screens["stories"].choices]
    assert "page:test-page" in [choice.goto for choice in screens["topic-home"].choices]
    assert "console.begin.test-answer" == made.content.answers[-1]
    assert (
        scenes_of(SHAPE)
        == tomllib.loads((await admin.http.get("content", params={"file": "stories/test-tale.toml"})).text)["scene"]
    )


async def test_a_prepared_answer_that_is_no_longer_offered_can_still_be_read(world: World) -> None:
    values = {**released(ANSWER)["not-sure"], "retired": True}
    made, refused = build([Shown("answer", "not-sure", values)], (), Set(world.content))

    assert () == refused
    assert "console.begin.not-sure" not in made.content.answers
    assert "console.begin.not-sure" in made.content.texts
    catalog = Catalog(lambda: world.live.wording, answers=lambda: made.content.answers)
    assert "begin.not-sure" not in catalog.beginnings()["ur"]
    assert "begin.not-sure" in catalog.everything("ur")


async def test_a_new_entry_never_writes_over_one_that_is_there(admin: Administrator) -> None:
    answer = await admin.sends("save", "helpline", "", values=police(), view="new")
    assert 409 == answer.status_code
    assert "of this name already" in unescape(answer.text)


@pytest.mark.parametrize("id", ["../../x", "a/b", "A b", "é", "x" * 80, "", "."])
async def test_a_name_that_could_be_a_path_is_refused(world: World, admin: Administrator, id: str) -> None:
    values = {**released(PAGE)["boys-too"], "id": id}
    assert 409 == (await admin.sends("save", "page", "", values=values, view="new")).status_code
    if id:
        assert 404 == (await admin.sends("approve", "page", id)).status_code


async def test_of_two_who_publish_at_once_one_is_told(admin: Administrator, reviewer: Administrator) -> None:
    await admin.does("save", "helpline", "pk-police", values=police(note="One."))
    await reviewer.does("approve", "helpline", "pk-police", based=1)
    await reviewer.does("publish", "helpline", "pk-police", based=2)
    answer = await admin.sends("publish", "helpline", "pk-police", based=2)
    assert "Somebody else changed" in unescape(answer.text)


async def test_a_revert_and_a_revert_of_the_revert(admin: Administrator, reviewer: Administrator) -> None:
    for n, note in ((0, "One."), (3, "Two.")):
        await admin.does("save", "helpline", "pk-police", based=n, values=police(note=note))
        await reviewer.does("approve", "helpline", "pk-police", based=n + 1)
        await admin.does("publish", "helpline", "pk-police", based=n + 2)
    await admin.does("revert", "helpline", "pk-police", based=6, to=3)
    assert "One." in (await admin.http.get("content", params={"file": "helplines.toml"})).text
    await admin.does("revert", "helpline", "pk-police", based=7, to=6)
    assert "Two." in (await admin.http.get("content", params={"file": "helplines.toml"})).text


async def test_what_a_talk_may_need_cannot_be_removed(admin: Administrator, reviewer: Administrator) -> None:
    page = released(PAGE)["boys-too"]
    assert "still need it" in unescape((await admin.sends("remove", "page", "boys-too", values=page)).text)
    await admin.does("remove", "helpline", "pk-human-rights", values=released(HELPLINE)["pk-human-rights"])
    await reviewer.does("approve", "helpline", "pk-human-rights", based=1)
    await reviewer.does("publish", "helpline", "pk-human-rights", based=2)
    assert "pk-human-rights" not in (await admin.http.get("content", params={"file": "helplines.toml"})).text


async def test_calls_of_numbers_are_noted_and_the_list_gets_shorter(world: World, admin: Administrator) -> None:
    before = await admin.sees(view="recheck")
    assert "never called" in before
    for outcome in ("failed", "failed", "worked"):
        assert 303 == (await admin.sends(outcome, "helpline", "pk-police")).status_code
    rows = await world.database.read(lambda c: entries.history(c, "call", "pk-police"))
    assert ['"failed":0', '"failed":2', '"failed":1'] == [row.entry.split(",")[1] for row in rows]
    assert 404 == (await admin.sends("worked", "helpline", "no-such")).status_code
    assert 3 == sum(one["act"] == "number_called" for one in await world.trail())


async def test_every_kind_and_every_entry_has_a_page(admin: Administrator) -> None:
    for kind in KINDS.values():
        for id in list(released(kind))[:2]:
            assert "<form" in await admin.sees(kind=kind.name, item=id)
        await admin.sees(kind=kind.name, view="new")
        await admin.sees(kind=kind.name, q="pk")
    assert "بچوں" not in await admin.sees(kind="rule", item="danger-now")
    for odd in ({"kind": "xx"}, {"from": "-1"}, {"q": "<script>"}, {"file": "../x"}, {"view": "zz"}):
        answer = await admin.http.get("content", params=odd)
        assert answer.status_code in (200, 404)
        assert "<script>" not in answer.text
    assert 404 == (await admin.http.get("content", params={"kind": "rule", "item": "no-such"})).status_code


async def test_a_page_is_shown_as_in_the_chat(admin: Administrator) -> None:
    seen = await admin.sees(kind="page", item="boys-too")
    assert 'class="bubble"' in seen
    assert "Strong people ask for help." in seen
    assert "15" in await admin.sees(kind="helpline", item="pk-police")


async def test_a_version_is_previewed_in_every_channel_whatever_stands_in_the_form(admin: Administrator) -> None:
    page = released(PAGE)["boys-too"]
    await admin.does("save", "page", "boys-too", values={**page, "text.pro": "First of all."})
    await admin.does("save", "page", "boys-too", values={**page, "text.pro": "Second thoughts."}, based=1)
    older = (await admin.sees(kind="page", item="boys-too", version="1")).partition('id="preview"')[2]
    older = older.partition('id="past"')[0]

    assert ["telegram", '"bubble"', "terminal"] == [
        channel for channel in ("telegram", '"bubble"', "terminal") if channel in older
    ]
    assert 3 == older.count("First of all.")
    assert "Second thoughts." not in older
    assert "[1] " in older

    story = await admin.sees(kind="story", item="bus-stop")
    assert "[1] 🍵 Talk, but stay where people are" in story


@pytest.mark.promise("S23")
async def test_content_is_for_administrators_and_reviewers_and_cases_are_not(world: World) -> None:
    case = await world.case()
    for seat in ("sindh", "translator", "supervisor"):
        async with Administrator(world) as other:
            await other.signs_in(seat)
            assert 404 == (await other.http.get("content")).status_code
            assert 404 == (await other.sends("save", "helpline", "pk-police", values=police())).status_code
    for seat in ("administrator", "reviewer", "translator"):
        async with Administrator(world) as other:
            await other.signs_in(seat)
            for door in (door for door in world.doors if door.case or door.path in ("/queue", "/queue/glance")):
                path = door.path.lstrip("/").replace("{case}", case.id.hex()).replace("{deed}", "note")
                answer = await (other.posts(path, {"version": 1}) if door.changes else other.gets(path))
                assert (404, {"error": "missing"}) == (answer.status_code, answer.json()), (seat, path)


@pytest.mark.promise("S22")
async def test_a_form_of_another_page_or_without_token_changes_nothing(world: World, admin: Administrator) -> None:
    body = {"kind": "helpline", "item": "pk-police", "do": "worked"}
    for token, headers in (
        ("", SAME_SITE),
        (admin.session["token"], {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}),
        (admin.session["token"], {"origin": ORIGIN, "sec-fetch-site": "same-site"}),
    ):
        answer = await admin.http.post("content", data={**body, "token": token}, headers=headers)
        assert 404 == answer.status_code
    assert [] == await world.database.read(lambda c: entries.counting(c))


async def test_whoever_is_not_signed_in_is_shown_where_to(world: World) -> None:
    async with Administrator(world) as nobody:
        answer = await nobody.http.get("content")
    assert 401 == answer.status_code
    assert "You were signed out" in answer.text


def test_every_kind_is_tried_above() -> None:
    assert {HELPLINE.name, PAGE.name, STORY.name, ANSWER.name, REGION.name, RULE.name, "routing"} == set(KINDS)
