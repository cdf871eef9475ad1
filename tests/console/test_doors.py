"""Who may knock where, on the list of routes as it is: nothing here is kept by hand."""

from collections.abc import Mapping

import httpx
import pytest
from starlette.routing import Mount, Route

from bot.console.app import make_console
from bot.console.doors import COOKIE, Door, Need
from bot.core.case import Deed
from bot.services.officers.account import Role
from bot.services.officers.sign_in import IDLE_S, SESSION_S
from storage import accounts
from tests.console.officer import SAME_SITE, Officer
from tests.console.world import World

PUBLIC_PAGES = {"/", "/static/{name}", "/words/{lang}", "/player", "/viewer"}
SOME_CASE = "ab" * 16
BODY = {"view": "todo", "after": None, "limit": 5, "version": 1, "login": "x", "proof": "AA=="}


def path_of(door: Door, case: str = SOME_CASE, deed: str = "claim") -> str:
    return door.path.lstrip("/").replace("{case}", case).replace("{deed}", deed)


def changing(world: World) -> list[Door]:
    return [door for door in world.doors if door.changes]


async def knock(officer: Officer, door: Door, headers: Mapping[str, str], path: str = "") -> httpx.Response:
    return await officer.http.request(door.method, path or path_of(door), json=BODY, headers=dict(headers))


@pytest.mark.promise("S23")
async def test_every_route_is_a_listed_door_or_a_public_page(world: World) -> None:
    console = make_console(world.desk, world.pages, world.doors, origins=world.origins)
    routes = {route.path for route in console.routes if isinstance(route, Route)}

    assert not [route for route in console.routes if isinstance(route, Mount)]
    assert {door.path for door in world.doors} | PUBLIC_PAGES == routes


@pytest.mark.promise("S22")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://elsewhere.example", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {**SAME_SITE, "sec-fetch-site": "same-site"},
        {**SAME_SITE, "sec-fetch-site": "none"},
    ],
    ids=str,
)
async def test_a_change_comes_from_our_own_page_or_not_at_all(
    world: World, sindh: Officer, headers: Mapping[str, str]
) -> None:
    told = {**headers, "x-token": sindh.session["token"]}
    answers = [await knock(sindh, door, told) for door in changing(world)]

    assert {404} == {answer.status_code for answer in answers}


@pytest.mark.promise("S22")
@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_change_needs_the_page_token_of_its_session(world: World, sindh: Officer, token: str) -> None:
    doors = [door for door in changing(world) if door.need is not Need.NOTHING]
    answers = [await knock(sindh, door, {**SAME_SITE, "x-token": token}) for door in doors]

    assert {404} == {answer.status_code for answer in answers}


@pytest.mark.promise("S22")
@pytest.mark.parametrize("cookie", ["", "x" * 43], ids=["none", "unknown"])
async def test_without_a_session_no_door_opens(world: World, cookie: str) -> None:
    async with Officer(world) as stranger:
        if cookie:
            stranger.http.cookies.set(COOKIE, cookie, domain="console.example", path="/")
        doors = [door for door in world.doors if door.need is not Need.NOTHING]
        answers = [await knock(stranger, door, SAME_SITE) for door in doors]

    assert {401} == {answer.status_code for answer in answers}


@pytest.mark.promise("S22")
async def test_a_session_that_was_left_opens_nothing_any_more(world: World, sindh: Officer) -> None:
    cookie = sindh.http.cookies[COOKIE]
    await sindh.posts("sign-out", {})
    sindh.http.cookies.set(COOKIE, cookie, domain="console.example", path="/")

    assert 401 == (await sindh.posts("queue", BODY)).status_code


@pytest.mark.promise("S22")
async def test_a_session_ends_after_eight_hours_however_busy(world: World, sindh: Officer) -> None:
    for _ in range(SESSION_S // (IDLE_S - 60)):
        world.clock.now += IDLE_S - 60
        assert 200 == (await sindh.posts("queue", BODY)).status_code
    world.clock.now += IDLE_S - 60

    assert "signed_out" == (await sindh.posts("queue", BODY)).json()["error"]


@pytest.mark.promise("S22")
async def test_an_idle_vault_locks_and_opens_with_the_proof_only(world: World, sindh: Officer) -> None:
    world.clock.now += IDLE_S + 1
    locked = await sindh.posts("queue", BODY)
    wrong = await sindh.posts("unlock", {"proof": "A" * 43 + "="})

    assert ("locked", 401) == (locked.json()["error"], wrong.status_code)
    assert "shard" not in wrong.text


@pytest.mark.promise("S22")
async def test_a_page_that_only_watches_does_not_keep_the_vault_open(world: World, sindh: Officer) -> None:
    for _ in range(3):
        world.clock.now += IDLE_S // 4
        assert 200 == (await sindh.http.get("roster", headers={"x-quiet": "1"})).status_code
        assert 0 == (await sindh.glances())["counts"]["mine"]
    world.clock.now += IDLE_S // 4 + 1

    assert 401 == (await sindh.posts("queue", BODY)).status_code


@pytest.mark.promise("S22")
async def test_whoever_is_suspended_is_out_at_once(world: World, sindh: Officer) -> None:
    await world.database.write(lambda conn: accounts.suspend(conn, "sindh"))

    assert 401 == (await sindh.posts("queue", BODY)).status_code
    assert 401 == (await sindh.signs_in("sindh")).status_code


@pytest.mark.promise("S22")
async def test_the_cookie_is_as_strict_as_browsers_know(world: World) -> None:
    async with Officer(world) as officer:
        answer = await officer.signs_in("sindh")

    parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= parts
    assert answer.headers["set-cookie"].startswith("__Host-")
    assert not {"domain", "expires", "max-age"} & {part.partition("=")[0] for part in parts}


@pytest.mark.promise("S23")
@pytest.mark.parametrize("seat", ["translator", "administrator"])
async def test_who_does_not_read_cases_finds_none_and_gets_no_key(world: World, seat: str) -> None:
    case = await world.case()
    async with Officer(world) as other:
        await other.signs_in(seat)
        doors = [door for door in world.doors if Role(seat) not in door.roles]
        told = {**SAME_SITE, "x-token": other.session["token"]}
        answers = [await knock(other, door, told, path_of(door, case.id.hex())) for door in doors]

    assert (None, {}) == (other.session["bundle"], other.session["names"])
    assert {404} == {answer.status_code for answer in answers}
    assert {door.path for door in world.doors if door.case} <= {door.path for door in doors}


@pytest.mark.promise("S23")
async def test_a_case_of_another_team_answers_like_one_that_never_was(world: World) -> None:
    case = await world.case(place="PK-PB")
    async with Officer(world) as sindh:
        await sindh.signs_in("sindh")
        deeds = ["open", *(deed.value for deed in Deed), "nonsense"]
        body = {"version": 0, "until": world.clock() + 1, **_any_answer()}
        for deed in deeds:
            theirs = await sindh.posts(f"case/{case.id.hex()}/{deed}", body)
            nobody = await sindh.posts(f"case/{SOME_CASE}/{deed}", body)
            assert (404, nobody.content) == (theirs.status_code, theirs.content)
            assert sorted(nobody.headers) == sorted(theirs.headers)


@pytest.mark.promise("S40")
async def test_a_report_that_names_a_person_shows_to_the_duty_pair_alone(world: World) -> None:
    case = await world.case(pair_only=True)
    seen = {}
    for seat in ("duty-1", "duty-2", "supervisor", "sindh"):
        async with Officer(world) as officer:
            await officer.signs_in(seat)
            seen[seat] = case.id.hex() in [row["id"] for row in await officer.queue()]

    assert {"duty-1": True, "duty-2": True, "supervisor": False, "sindh": False} == seen


def _any_answer() -> dict[str, object]:
    part = {"id": "00" * 16, "seq": 0, "envelope": "AA=="}
    return {"roster": 1, "message": part, "record": part}
