"""Whatever breaks inside, behind whichever door: a random number is told, and nothing else (S58)."""

import json
import re
from dataclasses import replace

import httpx
import pytest
import structlog
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount

from bot.channels.web.headers import SecurityHeaders
from bot.cli_group import Group
from bot.console.app import make_console
from bot.console.doors import Door, Knock
from bot.core.errors import ConfigError
from tests.console.officer import ORIGIN, SAME_SITE, Officer
from tests.console.world import World

pytestmark = pytest.mark.promise("S58")

WORDS = "they keep my passport"
NUMBER = re.compile(r"[0-9a-f]{8}")


async def breaks(knock: Knock) -> Response:
    raise RuntimeError(f"near {WORDS}: {knock.body}")


def told_by_a_number(answer: httpx.Response) -> bool:
    told = answer.json()
    right = answer.status_code == 500 and {"error", "id"} == set(told) and told["error"] == "unforeseen"
    return right and NUMBER.fullmatch(told["id"]) is not None and WORDS not in answer.text


async def knocks(officer: Officer, door: Door, case: str) -> httpx.Response:
    path = door.path.replace("{case}", case).replace("{record}", "cd" * 16).replace("{deed}", "claim")
    token = officer.session["token"]
    body = f"token={token}&words={WORDS}" if door.form else json.dumps({"words": WORDS})
    kind = "application/x-www-form-urlencoded" if door.form else "application/json"
    headers = {**SAME_SITE, "x-token": token, "content-type": kind}
    return await officer.http.request(door.method, f"{ORIGIN}/console{path}", content=body, headers=headers)


async def signed_in(world: World, role: str) -> Officer:
    """Somebody at the same world, whose every door breaks once they are in."""
    officer = Officer(world)
    await officer.signs_in(role)
    console = make_console(
        world.desk, world.pages, tuple(replace(door, endpoint=breaks) for door in world.doors), origins=world.origins
    )
    site = SecurityHeaders(Starlette(routes=[Mount("/console", console)]), secure=False, passkeys="/console")
    inside = httpx.AsyncClient(
        transport=httpx.ASGITransport(site), base_url=f"{ORIGIN}/console", cookies=officer.http.cookies
    )
    await officer.http.aclose()
    officer.http = inside
    return officer


async def test_every_door_that_breaks_inside_tells_a_number_only(world: World) -> None:
    case = (await world.case()).id.hex()
    reached: set[tuple[str, str]] = set()
    with structlog.testing.capture_logs() as logs:
        for seat in ("supervisor", "administrator", "reviewer", "translator", "analyst", "auditor"):
            async with await signed_in(world, seat) as officer:
                for door in world.doors:
                    answer = await knocks(officer, door, case)
                    if answer.status_code in (401, 404):
                        continue
                    assert told_by_a_number(answer), (door.path, answer.status_code)
                    assert "default-src 'none'" in answer.headers["content-security-policy"]
                    reached.add((door.method, door.path))

    assert {(door.method, door.path) for door in world.doors} == reached
    assert {"unforeseen"} == {entry["event"] for entry in logs if entry["log_level"] == "error"}
    assert WORDS not in str(logs)


async def test_without_its_database_no_door_tells_more(world: World, sindh: Officer) -> None:
    case = (await world.case()).id.hex()
    await world.database.close()
    answers = [(door.path, await knocks(sindh, door, case)) for door in world.doors]

    assert {500} <= {answer.status_code for _, answer in answers}
    assert [] == [path for path, one in answers if one.status_code == 500 and not told_by_a_number(one)]
    for trace in ("Traceback", "sqlite", "sqlalchemy", ".py"):
        assert [] == [path for path, answer in answers if trace in answer.text.lower()]


def test_a_command_that_breaks_tells_a_number_only() -> None:
    group = Group("hamrah")

    @group.command()
    def unforeseen() -> None:
        raise RuntimeError(WORDS)

    @group.command()
    def foreseen() -> None:
        raise ConfigError("HAMRAH_X: is wrong")

    with structlog.testing.capture_logs() as logs:
        broke = CliRunner().invoke(group, ["unforeseen"])
    assert 1 == broke.exit_code
    assert re.fullmatch(r"something went wrong that should not: number [0-9a-f]{8}\n", broke.output)
    assert [("unforeseen", "RuntimeError")] == [(entry["event"], entry["kind"]) for entry in logs]
    assert WORDS not in broke.output + str(logs)
    known = CliRunner().invoke(group, ["foreseen"])
    assert (2, "HAMRAH_X: is wrong\n") == (known.exit_code, known.output)
