"""What our code cannot take in is sealed whole to the duty team, once (R5)."""

import unicodedata

import pytest

from tests.helpline import Helpline
from tests.leak_scan import Marks
from tests.services.rows import all_rows

MARK = "Zqkelpie7Qx"


async def keep(helpline: Helpline, raw: bytes, number: int = 5) -> None:
    await helpline.unparsed.keep(raw, source="test", number=number, now=helpline.now)


@pytest.mark.promise("R5")
async def test_the_duty_team_reads_it(helpline: Helpline) -> None:
    await keep(helpline, MARK.encode())

    (report,) = await helpline.officer_reads("ghazala")
    assert report.words == (("unreadable", MARK),)
    assert report.teams == ("duty",)
    assert report.cover["reasons"] == ["unreadable"]


async def test_no_other_office_does(helpline: Helpline) -> None:
    await keep(helpline, MARK.encode())

    assert await helpline.officer_reads("amna") == []


@pytest.mark.promise("R5")
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 50,
        b'{"update_id": 1, "message": "\\ud800"}',
        ("ابجد" * 20_000).encode(),
        b"\\" * 40_000,
        "𝅘𝅥𝅮".encode() * 8_000,
        b"[" * 100_000,
    ],
    ids=["empty", "no text", "half a character", "long", "backslashes", "notes", "deep"],
)
async def test_it_is_kept_whole_whatever_it_is(helpline: Helpline, raw: bytes) -> None:
    await keep(helpline, raw)

    (report,) = await helpline.officer_reads("esha")
    kept = "".join(text for _, text in report.words)
    assert unicodedata.normalize("NFC", raw.decode("utf-8", "replace")) == unicodedata.normalize("NFC", kept)


@pytest.mark.promise("R5")
async def test_the_same_update_is_kept_once(helpline: Helpline) -> None:
    await keep(helpline, MARK.encode(), 7)
    await keep(helpline, MARK.encode(), 7)

    assert 1 == len(await helpline.case_ids())


async def test_nothing_of_it_is_clear_in_the_database(helpline: Helpline) -> None:
    await keep(helpline, MARK.encode())

    assert Marks([MARK]).leaks(repr(await all_rows(helpline.database)).encode(), "rows") == []


async def test_it_opens_no_talk_with_anybody(helpline: Helpline) -> None:
    await keep(helpline, MARK.encode())
    rows = await all_rows(helpline.database)

    assert rows["conversations"] == []
    assert rows["outbox"] == []
    assert rows["mailboxes"] == []
