"""The administrators' room: settings before the file, nothing that adds a reader, and no case."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Any

import httpx
import pytest

from bot.sealing.roster import verify_roster
from bot.sealing.roster_document import read_document
from bot.services.founding import read_teams, written_teams
from bot.services.ruling import CHANGEABLE
from bot.settings import Settings
from storage import accounts, entries, rosters
from tests.console.officer import SAME_SITE, Officer
from tests.console.world import World


class Administrator(Officer):
    async def __aenter__(self) -> "Administrator":
        return self

    async def sees(self, **query: str) -> str:
        answer = await self.http.get("room", params=query)
        assert 200 == answer.status_code
        return unescape(answer.text)

    async def sets(self, name: str, value: str, *, do: str = "set", based: int = 0, **more: Any) -> httpx.Response:
        body = {"token": self.session.get("token", ""), "do": do, "name": name, "value": value, "based": based, **more}
        return await self.http.post("room", data=body, headers=SAME_SITE)


@pytest.fixture
async def admin(world: World) -> AsyncIterator[Administrator]:
    async with Administrator(world) as one:
        await one.signs_in("administrator")
        yield one


async def set_now(world: World) -> dict[str, str]:
    rows = await world.database.read(lambda c: entries.newest(c, "setting"))
    return {row.item: json.loads(row.entry)["value"] for row in rows if row.state == "published"}


async def test_a_setting_counts_before_the_file_and_goes_back_to_it(world: World, admin: Administrator) -> None:
    assert 303 == (await admin.sets("retention_days", "30")).status_code
    assert {"retention_days": "30"} == await set_now(world)
    seen = await admin.sees()
    assert "set here: Administrator (trial)" in seen
    assert 303 == (await admin.sets("retention_days", "", do="unset", based=1)).status_code
    assert {} == await set_now(world)
    assert ["setting_published", "setting_withdrawn"] == sorted(
        one["act"] for one in await world.trail() if one["act"].startswith("setting_")
    )


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("hours", "whenever", "must read like"),
        ("languages", "xx", "xx is not known"),
        ("helplines", "every", "sourced"),
        ("retention_days", "0", "greater than or equal to 1"),
        ("retention_days", "many", "integer"),
        ("campaigns", "a b!", "letters A-Z"),
        ("telegram_token", "x", "cannot be set here"),
        ("root_fingerprint", "00" * 32, "cannot be set here"),
        ("keys_dir", "/tmp", "cannot be set here"),
    ],
)
async def test_what_cannot_be_is_refused_and_not_lost(
    world: World, admin: Administrator, name: str, value: str, why: str
) -> None:
    answer = await admin.sets(name, value)
    assert 409 == answer.status_code
    assert why in unescape(answer.text)
    if name in CHANGEABLE and name != "helplines":
        assert f'value="{value}"' in unescape(answer.text)
    assert {} == await set_now(world)


async def test_attachments_need_the_written_procedure_confirmed(world: World, admin: Administrator) -> None:
    answer = await admin.sets("attachments", "voice")
    assert "Confirm the written procedure" in unescape(answer.text)
    assert 303 == (await admin.sets("attachments", "voice", procedure="on")).status_code
    assert "ATTACHMENTS_PROCEDURE" in unescape((await admin.sets("attachments", "all", procedure="on", based=1)).text)
    assert 303 == (await admin.sets("attachments", "none", based=1)).status_code  # less is always allowed
    assert {"attachments": "none"} == await set_now(world)


async def test_of_two_who_set_at_once_the_second_is_told(admin: Administrator) -> None:
    await admin.sets("retention_days", "30")
    assert "Somebody else" in unescape((await admin.sets("retention_days", "60")).text)


@pytest.mark.promise("S23")
async def test_nothing_set_here_adds_a_reader(world: World, admin: Administrator) -> None:
    """Everything that can be set is set; the readers are those of the signed list, to the byte."""
    before = await world.database.read(rosters.newest)
    people = await world.database.read(accounts.everybody)
    for n, (name, value) in enumerate(
        [("hours", "sun 10:00-11:00"), ("languages", "ur"), ("helplines", "all"), ("retention_days", "3650"),
         ("attachments", "voice"), ("campaigns", "school"), ("notices", "none")]
    ):  # fmt: skip
        assert CHANGEABLE[n] == name
        assert 303 == (await admin.sets(name, value, procedure="on")).status_code
    assert 303 == (await admin.sets("translator", "ur", do="languages")).status_code
    assert before == await world.database.read(rosters.newest)
    assert people == await world.database.read(accounts.everybody)
    case = await world.case()
    for seat in ("administrator", "translator", "reviewer"):
        async with Administrator(world) as other:
            await other.signs_in(seat)
            assert 404 == (await other.posts(f"case/{case.id.hex()}/open", {})).status_code


async def test_the_room_says_who_reads_and_how_that_is_changed(world: World, admin: Administrator) -> None:
    seen = await admin.sees()
    roster = world.living.current(now=world.clock())
    assert "Sindh team (trial)" in seen
    assert f"--version {roster.version + 1} --out roster.json" in seen
    shown = re.search(r"<details>.*?<pre[^>]*>(.*?)</pre>", seen, re.DOTALL)
    assert shown is not None
    assert roster.teams == read_teams(shown[1]) == read_teams(written_teams(roster.teams))


async def test_translators_are_given_languages_and_work_on_no_other(world: World, admin: Administrator) -> None:
    assert "there are en, ur" in unescape((await admin.sets("translator", "xx", do="languages")).text)
    assert 404 == (await admin.sets("sindh", "ur", do="languages")).status_code
    assert 303 == (await admin.sets("translator", "sd", do="languages")).status_code
    async with Administrator(world) as translator:
        await translator.signs_in("translator")
        assert 200 == (await translator.http.get("wording", params={"of": "sd"})).status_code
        seen = (await translator.http.get("wording")).text
        assert ['<option value="sd" selected>'] == re.findall(r'<option value="sd" selected>', seen)
        assert '<option value="ur"' not in seen
        for of in ("ur", "en"):
            assert 404 == (await translator.http.get("wording", params={"of": of})).status_code
            body = {"token": translator.session["token"], "of": of, "text": "say.group", "do": "save", "words": "کچھ"}
            assert 404 == (await translator.http.post("wording", data=body, headers=SAME_SITE)).status_code
            get = await translator.http.get("wording", params={"of": of, "get": "po"})
            assert 404 == get.status_code
    async with Administrator(world) as reviewer:
        await reviewer.signs_in("reviewer")
        assert 200 == (await reviewer.http.get("wording", params={"of": "ur"})).status_code


async def test_a_reviewer_approves_what_a_translator_wrote(world: World) -> None:
    async with Administrator(world) as translator, Administrator(world) as reviewer:
        await translator.signs_in("translator")
        await reviewer.signs_in("reviewer")
        for who, do, based in ((translator, "save", 0), (reviewer, "approve", 1), (reviewer, "publish", 2)):
            body = {"token": who.session["token"], "of": "ur", "text": "say.group", "do": do, "based": based}
            answer = await who.http.post("wording", data={**body, "words": "یہ نیا جملہ ہے۔"}, headers=SAME_SITE)
            assert 303 == answer.status_code


async def test_posters_and_health(world: World, admin: Administrator) -> None:
    assert "No campaign is set" in await admin.sees()
    assert 404 == (await admin.http.get("room", params={"poster": "school", "of": "ur"})).status_code
    seen = await admin.sees(look="1")
    assert "version 1" in seen
    assert "not well" in seen


@pytest.mark.promise("S23")
async def test_the_room_is_for_administrators_alone(world: World) -> None:
    for seat in ("sindh", "translator", "reviewer", "supervisor"):
        async with Administrator(world) as other:
            await other.signs_in(seat)
            assert 404 == (await other.http.get("room")).status_code
            assert 404 == (await other.sets("retention_days", "1")).status_code
    async with Administrator(world) as nobody:
        assert 401 == (await nobody.http.get("room")).status_code
        assert 404 == (await nobody.http.post("room", data={"do": "set"})).status_code


async def test_a_list_of_teams_read_back_is_the_same_list(world: World) -> None:
    document = await world.database.read(rosters.newest)
    assert read_document(document).body
    roster = verify_roster(document, world.trial.root, now=world.clock())
    assert roster.teams == read_teams(written_teams(roster.teams))


def test_only_what_no_reader_depends_on_can_be_set() -> None:
    assert set(CHANGEABLE) <= set(Settings.model_fields)
    assert not {"root_fingerprint", "keys_dir", "database_url", "console_host", "public_url", "telegram_token"} & set(
        CHANGEABLE
    )
