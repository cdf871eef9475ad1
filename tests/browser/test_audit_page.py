"""The page of the log in a real browser: for everybody, and without a script."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.console_page import Floor, floor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("audit"), chromium_path) as made:
        yield made


@pytest.mark.promise("S37")
@pytest.mark.parametrize(("lang", "width", "seat"), [("en", 1280, "auditor"), ("ur", 360, "supervisor")])
async def test_a_watcher_reads_the_log_and_has_it_checked(house: Floor, lang: str, width: int, seat: str) -> None:
    await house.world.trail()
    await house.world.auditing.head(now=house.world.clock())
    async with house.visitor(width=width, lang=lang) as watcher:
        await watcher.signs_in(seat)
        await watcher.page.wait_for_selector("#desk:not([hidden])")
        await watcher.page.goto(f"{house.address}/console/audit?lang={lang}")
        assert [] == await watcher.faults_of_access()
        await watcher.page.click("main a[href*=check]")
        await watcher.page.wait_for_selector("[data-sound]")
        assert [] == await watcher.faults_of_access()
        assert await watcher.overflow() <= 0
        await watcher.calm()
