"""The form for teams prepares a list and changes nothing: who reads is said by the list that was signed (S23)."""

from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from bot.core.roster import Team
from bot.services.founding import read_teams, written_teams
from bot.services.team_draft import Known, differences, faults, with_team, without_team
from storage import entries, rosters
from tests.console.officer import SAME_SITE
from tests.console.test_room import Administrator
from tests.console.world import World

DUTY = Team("duty", "Duty", ("PK",), ("a", "b"), duty=True, pair=("a", "b"))
SINDH = Team("sindh", "Sindh", ("PK-SD",), ("c",))
KNOWN = Known({"PK", "PK-SD", "PK-PB"}, {"a", "b", "c", "d"}, {"work", "debt"})


@pytest.fixture
async def admin(world: World) -> AsyncIterator[Administrator]:
    async with Administrator(world) as one:
        await one.signs_in("administrator")
        yield one


async def does(admin: Administrator, do: str, draft: str, team: str = "", **more: str) -> httpx.Response:
    body = {"token": admin.session.get("token", ""), "do": do, "draft": draft, "team": team, **more}
    return await admin.http.post("teams", data=body, headers=SAME_SITE)


async def signed(world: World) -> tuple[Team, ...]:
    return world.living.current(now=world.clock()).teams


@pytest.mark.promise("S23")
async def test_a_draft_names_every_new_reader_and_adds_none(world: World, admin: Administrator) -> None:
    before = await world.database.read(rosters.newest)
    draft = written_teams(await signed(world))
    form = {"f.name": "Kech team", "f.id": "kech", "f.places": "PK-BA", "reader.sindh": "on", "reader.kp": "on"}
    seen = unescape((await does(admin, "change", draft, **form)).text)

    assert 2 == seen.count("Would read reports: ")
    assert "It cannot be signed yet" not in seen
    drafted = with_team(await signed(world), Team("kech", "Kech team", ("PK-BA",), ("sindh", "kp")))
    file = await does(admin, "file", written_teams(drafted))
    assert drafted == read_teams(file.text)
    assert "teams.toml" in file.headers["content-disposition"]
    assert before == await world.database.read(rosters.newest)
    assert [] == await world.database.read(entries.counting)
    assert "kech" not in {team.id for team in await signed(world)}


async def test_what_cannot_be_signed_is_said_where_it_stands(world: World, admin: Administrator) -> None:
    draft = written_teams(await signed(world))
    form = {"f.name": "Sindh", "f.places": "PK-XX", "f.concerns": "sums", "reader.administrator": "on"}
    seen = unescape((await does(admin, "change", draft, "sindh", **form)).text)

    for said in ("No such place", "No such person, or no officer", "No such kind of concern"):
        assert f"{said} · " in seen
    gone = unescape((await does(admin, "remove", draft, "duty")).text)
    assert "Exactly one team is the duty team" in gone
    assert "Would no longer read new reports" in gone
    assert 422 == (await does(admin, "open", "[[team", "")).status_code
    assert 400 == (await does(admin, "sign", draft)).status_code


@pytest.mark.promise("S23")
async def test_the_form_is_for_administrators_alone(world: World) -> None:
    for seat in ("sindh", "translator", "reviewer", "supervisor"):
        async with Administrator(world) as other:
            await other.signs_in(seat)
            assert 404 == (await other.http.get("teams")).status_code
            assert 404 == (await does(other, "file", "")).status_code


def test_there_is_one_duty_team_the_one_that_last_said_so() -> None:
    other = Team("sindh", "Sindh", ("PK-SD",), ("c", "d"), duty=True, pair=("c", "d"))

    drafted = with_team((DUTY, SINDH), other)

    assert (Team("duty", "Duty", ("PK",), ("a", "b")), other) == drafted
    assert [] == [*faults(drafted, KNOWN)]


def test_who_would_read_more_comes_first() -> None:
    drafted = without_team(with_team((DUTY, SINDH), Team("punjab", "Punjab", ("PK-PB",), ("d",))), "sindh")

    assert [("reads", "punjab", "d"), ("team-new", "punjab", "Punjab")] == [
        (change.kind, change.team, change.what) for change in differences((DUTY, SINDH), drafted)
    ][:2]
    assert [] == [*differences((DUTY, SINDH), (DUTY, SINDH))]


@pytest.mark.parametrize(
    ("team", "kind"),
    [
        (Team("Sindh", "Sindh", ("PK-SD",), ("c",)), "id"),
        (Team("punjab", "", ("PK-PB",), ("c",)), "empty"),
        (Team("punjab", "Punjab", ("PK-PB",), ()), "empty"),
        (Team("punjab", "Punjab", ("PK-PB",), ("c",), pair=("c", "d")), "pair"),
    ],
)
def test_every_reason_has_a_name(team: Team, kind: str) -> None:
    assert [kind] == [found[0] for found in faults((DUTY, team), KNOWN)]
