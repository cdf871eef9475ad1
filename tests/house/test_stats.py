"""`hamrah stats …`: counts by month and language, for people and for machines; small ones are not told."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.core.writes import Tally
from storage import open_database
from tests.storage.making import keeping, knock, nobody

START = Tally("start", "school-1", "ur", "", 674)
COUNTS = (START,) * 5
FACE = Tally("helped", "page:my-rights:yes", "ur", "teen", 674)
EARLIER = Tally("helped", "page:my-rights:yes", "ur", "teen", 670)
HEARD = Tally("answered", "no", "", "", 674)
MARKED = Tally("sheet", "proposal:for", "ur", "", 674)
CALLED = Tally("call", "pk-police:no-answer", "ur", "", 674)


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


def stats(url: str, *words: str, what: str = "campaigns") -> Result:
    return CliRunner().invoke(main, ["stats", what, *words], env={"HAMRAH_DATABASE_URL": url})


def test_counts_are_printed_by_month_and_language(url: str) -> None:
    asyncio.run(_close(url, *COUNTS))

    expected = {"month": "2026-03", "campaign": "school-1", "language": "ur", "audience": "", "talks": 5}
    assert [expected] == json.loads(stats(url, "--json").stdout)
    assert ["2026-03", "school-1", "ur", "5"] == stats(url).stdout.split()


def test_before_the_first_talk_it_says_so(url: str) -> None:
    assert "no talk was opened" in stats(url).stdout
    assert [] == json.loads(stats(url, "--json").stdout)


def test_few_talks_are_told_as_few(url: str) -> None:
    asyncio.run(_close(url, START))
    assert "<5" == json.loads(stats(url, "--json").stdout)[0]["talks"]
    assert ["2026-03", "school-1", "ur", "<5"] == stats(url).stdout.split()


def test_what_is_said_of_us_is_printed_by_item_answer_language_audience_and_month(url: str) -> None:
    asyncio.run(_close(url, *(FACE,) * 6, *(EARLIER,) * 5, HEARD, *(MARKED,) * 7))
    found = json.loads(stats(url, "--json", "--since", "2026-01", what="feedback").stdout)

    page = {"kind": "helped", "item": "page:my-rights", "answer": "yes", "language": "ur", "audience": "teen"}
    heard = {"kind": "answered", "item": "", "answer": "no", "language": "", "audience": "", "month": "2026-03"}
    assert [page | {"month": "2026-03", "count": 6}, heard | {"count": "<5"}] == found["counts"]
    assert {"for": 7, "not": "<5"} == found["proposals"]
    assert "2025-11" in stats(url, what="feedback").stdout
    assert "proposals for the yearly sheet: 7; not for it: <5" in stats(url, what="feedback").stdout


def test_how_calls_went_is_printed_by_entry(url: str) -> None:
    asyncio.run(_close(url, *(CALLED,) * 9))
    (row,) = json.loads(stats(url, "--json", what="calls").stdout)

    assert ("pk-police", "no-answer", 9) == (row["item"], row["answer"], row["count"])
    assert ["2026-03", "call", "pk-police", "no-answer", "ur", "9"] == stats(url, what="calls").stdout.split()


@pytest.mark.parametrize("what", ["feedback", "calls"])
def test_without_counts_it_says_so_and_a_wrong_month_is_refused(url: str, what: str) -> None:
    assert "yet" in stats(url, what=what).stdout
    assert 2 == stats(url, "--since", "March", what=what).exit_code
