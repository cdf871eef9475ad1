"""`hamrah stats campaigns`: counts by month and language, for people and for machines."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.core.writes import Tally
from storage import open_database
from tests.storage.making import keeping, knock, nobody

COUNTS = (Tally("start", "school-1", "ur", "", 674), Tally("start", "school-1", "ur", "", 674))


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'hamrah.db'}"
    asyncio.run(_close(made))
    return made


async def _close(url: str, *counts: Tally) -> None:
    database = await open_database(url, migrate=True)
    if counts:
        await database.take(knock(1), nobody, keeping(b"session", *counts))
    await database.close()


def stats(url: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["stats", "campaigns", *words], env={"HAMRAH_DATABASE_URL": url})


def test_counts_are_printed_by_month_and_language(url: str) -> None:
    asyncio.run(_close(url, *COUNTS))

    expected = {"month": "2026-03", "campaign": "school-1", "language": "ur", "audience": "", "talks": 2}
    assert [expected] == json.loads(stats(url, "--json").stdout)
    assert ["2026-03", "school-1", "ur", "2"] == stats(url).stdout.split()


def test_before_the_first_talk_it_says_so(url: str) -> None:
    assert "no talk was opened" in stats(url).stdout
    assert [] == json.loads(stats(url, "--json").stdout)
