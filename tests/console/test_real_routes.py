"""The list of routes that the tests of roles go through is that of the real console, put together by the real house (S23)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.main import open_house
from tests.console.test_doors import PUBLIC_PAGES
from tests.console.world import World
from tests.service import found

BY_PASSKEY = {"/passkey/start", "/passkey", "/passkey/enrol/start", "/passkey/enrol"}
BY_PHRASE = {"/sign-in"}


def paths(site: Starlette) -> Iterator[str]:
    console = next(route.app for route in site.routes if isinstance(route, Mount) and route.path == "/console")
    assert isinstance(console, Starlette)
    for route in console.routes:
        assert isinstance(route, Route)
        yield route.path


@pytest.mark.promise("S23")
async def test_the_house_opens_the_doors_that_the_tests_know_and_no_other(world: World, tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    house = await open_house(service.settings())
    try:
        assert house.site is not None
        real = set(paths(house.site))
    finally:
        await house.close()

    known = {door.path for door in world.doors} | PUBLIC_PAGES
    assert (BY_PASSKEY, BY_PHRASE) == (real - known, known - real)


@pytest.mark.promise("S21")
async def test_the_doors_of_one_time_codes_are_there_only_where_the_operator_allows_them(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    house = await open_house(service.settings().changed("totp_allowed", "true"))
    try:
        assert house.site is not None
        assert {"/codes", "/codes/first", "/codes/sign-in"} <= set(paths(house.site))
    finally:
        await house.close()
