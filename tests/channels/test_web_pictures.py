"""Pictures on the web: named beside the words, served from our own origin under the same rules as everything else."""

import pytest

from bot.content.picture_rules import LARGEST
from tests.channels.web_page import Page, http, page, served

__all__ = ["http", "page", "served"]  # fixtures

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def reads(page: Page, audience: str) -> dict[str, object]:
    await page.posts({"kind": "started", "hint": "ur"})
    await page.presses("lang:ur", f"c:{audience}")
    await page.posts({"kind": "chose", "key": "page|page:boys-too", "turn": page.prompt()["turn"]})
    return page.prompt()


async def test_the_youngest_are_told_of_a_picture_and_others_are_not(page: Page) -> None:
    assert "boys-too" == (await reads(page, "u12"))["picture"]
    assert "picture" not in await reads(Page(page.http, page.house), "teen")


async def test_every_picture_is_served_as_one_and_in_one_length(page: Page) -> None:
    """Headers as everywhere: nothing may be sniffed, run or kept; nobody learns from the length which page was read (S9)."""
    for id, svg in page.house.content.pictures.items():
        async with page.http.get(f"/pictures/{id}.svg") as response:
            body = await response.read()
        assert (200, "image/svg+xml") == (response.status, response.content_type)
        assert (LARGEST, svg.strip()) == (len(body), body.strip())
        assert "nosniff" == response.headers["x-content-type-options"]
        assert "no-store" == response.headers["cache-control"]
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "same-origin" == response.headers["cross-origin-resource-policy"]


@pytest.mark.parametrize("name", ["no-such.svg", "boys-too", "boys-too.png", "..%2Fsay.toml", "%2e%2e%2fpictures.py"])
async def test_nothing_else_is_found_there(page: Page, name: str) -> None:
    async with page.http.get(f"/pictures/{name}") as response:
        assert 404 == response.status
