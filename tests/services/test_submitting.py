"""A report sealed in the page: exactly one case or none, whatever the network does, and only to the readers who count."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from bot.core.effects import Routing
from bot.core.errors import Conflict, Damaged, HelplineError, PartsMissing, PicturesOff, ReadersChanged
from bot.core.routing import choose_readers
from bot.sealing.context import new_id
from bot.sealing.stretch import Cost
from bot.sealing.submission import MOST_PARTS, PART_BYTES
from bot.services.submitting import Submitting
from bot.stores import UploadStore
from storage import purge, uploads
from storage.schema import cases as case_table
from storage.schema import submissions, upload_parts
from tests.helpline import Helpline, open_helpline
from tests.private.sealed_page import SealedPage
from tests.services.rows import all_rows
from tests.talking import content

pytestmark = pytest.mark.slow


def submitting(helpline: Helpline) -> Submitting:
    climb = content().routing.climb_after_s
    return Submitting(UploadStore(helpline.database), helpline.errands, helpline.roster, lambda: helpline.flow, climb)


async def send(helpline: Helpline, page: SealedPage) -> None:
    for number in range(len(page.parts)):
        await submitting(helpline).part(page.part(number), helpline.now)
    await submitting(helpline).close(page.close(), helpline.now)


async def held(helpline: Helpline) -> int:
    """Parts in the database."""
    return len(await helpline.database.read(lambda c: list(c.execute(select(upload_parts.c.part)))))


async def held_bytes(helpline: Helpline) -> int:
    contents = await helpline.database.read(lambda c: list(c.execute(select(upload_parts.c.content)).scalars()))
    return sum(map(len, contents))


# --- the main job ---


async def test_a_sealed_report_is_read_answered_and_heard_back(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere, ("they lock the door", "do not phone"), cost=Cost()).seals()
    await send(everywhere, page)

    (report,) = await everywhere.officer_reads("amna")
    assert (("words-what", "they lock the door"), ("words-what", "do not phone")) == report.words
    assert ("U1", "PK-PB", "work", ("lahore",)) == (report.urgency, report.region, report.concern, report.teams)
    assert [] == await everywhere.officer_reads("chanda")
    assert {"amna", "bilal", "recovery"} == await everywhere.readers_of(report.case)
    row = await everywhere.database.read(lambda c: c.execute(select(case_table)).one())
    assert ("page", everywhere.now + 3600) == (row.channel, row.climb_at)
    assert 0 == await held(everywhere)

    await everywhere.officer_answers(report.case, "thank you for telling")
    phone = everywhere.reporter("another phone", "web")
    await phone.opens("ur")
    await phone.enters(page.code.display())
    phone.sees_words("thank you for telling")
    await phone.writes("thank you too")
    (report,) = await everywhere.officer_reads("bilal")
    assert ("thank you too",) == report.messages


# --- exactly once ---


async def test_a_repeat_has_the_same_receipt_and_another_message_has_none(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    first = await _closed(everywhere, page)
    await submitting(everywhere).part(page.part(0), everywhere.now)
    assert first.digest == (await submitting(everywhere).close(page.close(), everywhere.now)).digest
    with pytest.raises(Conflict):
        await submitting(everywhere).close(page.close(urgency="U0"), everywhere.now)
    assert 1 == len(await everywhere.case_ids())
    assert 0 == await held(everywhere), "a late part is no orphan"


async def _closed(helpline: Helpline, page: SealedPage) -> Any:
    for number in range(len(page.parts)):
        await submitting(helpline).part(page.part(number), helpline.now)
    return await submitting(helpline).close(page.close(), helpline.now)


async def test_five_at_once_in_any_order_are_one_case(everywhere: Helpline) -> None:
    """Two tabs, a proxy that repeats: whoever is second waits, and finds it done."""
    page = await SealedPage(everywhere).seals()
    parts = [page.part(number) for number in range(len(page.parts))]
    here = submitting(everywhere)
    await asyncio.gather(*(here.part(part, everywhere.now) for part in [*parts, *reversed(parts)]))
    closed = await asyncio.gather(*(here.close(page.close(), everywhere.now) for _ in range(5)))

    assert 1 == len({closing.digest for closing in closed})
    assert 1 == len(await everywhere.case_ids())


async def test_another_content_in_the_place_of_a_part_is_refused(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    await submitting(everywhere).part(page.part(0), everywhere.now)
    other = page.again(parts=[b"another", *page.parts[1:]])
    with pytest.raises(Conflict):
        await submitting(everywhere).part(other.part(0), everywhere.now)
    await send(everywhere, page)
    assert 1 == len(await everywhere.case_ids())


async def test_cut_at_any_part_nothing_is_seen_until_all_came(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    here = submitting(everywhere)
    for number in range(len(page.parts)):
        with pytest.raises(PartsMissing) as missing:
            await here.close(page.close(), everywhere.now)
        assert tuple(range(number, len(page.parts))) == missing.value.numbers
        assert [] == await everywhere.case_ids()
        await here.part(page.part(number), everywhere.now)
    await here.close(page.close(), everywhere.now)
    assert 1 == len(await everywhere.case_ids())


async def test_a_part_that_was_cut_on_its_way_is_refused(helpline: Helpline) -> None:
    page = await SealedPage(helpline).seals()
    whole = page.part(0)
    for size in (0, 1, 16, 51, 52, 53, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Damaged):
            await submitting(helpline).part(whole[:size], helpline.now)
    assert 0 == await held(helpline)


async def test_a_restart_between_parts_loses_nothing(lasting: str, tmp_path: Any) -> None:
    async with open_helpline(tmp_path, lasting) as before:
        people = before.people
        page = await SealedPage(before).seals()
        await submitting(before).part(page.part(0), before.now)
    async with open_helpline(tmp_path, lasting, people=people) as after:
        for number in range(1, len(page.parts)):
            await submitting(after).part(page.part(number), after.now)
        await submitting(after).close(page.close(), after.now)
        assert 1 == len(await after.officer_reads("amna"))


async def test_orphans_are_gone_after_a_day_and_receipts_after_three(everywhere: Helpline) -> None:
    page, orphan = await SealedPage(everywhere).seals(), await SealedPage(everywhere).seals()
    await send(everywhere, page)
    await submitting(everywhere).part(orphan.part(0), everywhere.now)
    await purge.purge(everywhere.database, everywhere.now + 24 * 3600)
    assert 1 == await held(everywhere)
    await purge.purge(everywhere.database, everywhere.now + 26 * 3600)
    assert 0 == await held(everywhere)
    await purge.purge(everywhere.database, everywhere.now + 73 * 3600)
    rows = await everywhere.database.read(lambda c: list(c.execute(select(submissions.c.hour))))
    assert [] == rows
    assert 1 == len(await everywhere.case_ids())


@pytest.mark.promise("S47")
async def test_a_flood_that_never_closes_ends_at_a_bound_and_refuses_nobody(
    everywhere: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever part it sends, and however many: a child in the midst of it loses some parts, sends them again, and is done."""
    monkeypatch.setattr(uploads, "MOST_OPEN_PARTS", 12)
    page, flood = await SealedPage(everywhere).seals(), await SealedPage(everywhere).seals()
    here = submitting(everywhere)

    async def flooded(times: int) -> None:
        for at in range(times):
            await here.part(flood.again(submission=new_id()).part(at % len(flood.parts)), everywhere.now)

    await flooded(40)
    assert 12 == await held(everywhere)
    wanted, tries = tuple(range(len(page.parts))), 0
    while wanted:
        tries += 1
        for number in wanted:
            await here.part(page.part(number), everywhere.now)
            await flooded(1)
        try:
            await here.close(page.close(), everywhere.now)
            wanted = ()
        except PartsMissing as missing:
            wanted = missing.numbers
    assert tries < 40
    (report,) = await everywhere.officer_reads("amna")
    assert (("words-what", "they lock the door"),) == report.words
    assert 12 >= await held(everywhere)


@pytest.mark.promise("S34", "S47")
async def test_a_flood_of_large_parts_ends_at_a_bound_in_bytes(
    everywhere: Helpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is what large parts fill, long before there are many of them; a child in their midst is not refused."""
    bound = 3 * PART_BYTES
    monkeypatch.setattr(uploads, "MOST_OPEN_BYTES", bound)
    here, page = submitting(everywhere), await SealedPage(everywhere).seals()

    async def flooded(number: int, size: int) -> None:
        content = bytes(size)
        part = new_id() + bytes(2) + number.to_bytes(2, "big") + sha256(content).digest() + content
        await here.part(part, everywhere.now)

    for at in range(12):
        await flooded(at, PART_BYTES - at)
        assert await held_bytes(everywhere) <= bound
    for at in range(100):
        await flooded(at % MOST_PARTS, 1)
    wanted, tries = tuple(range(len(page.parts))), 0
    while wanted:
        tries += 1
        for number in wanted:
            await here.part(page.part(number), everywhere.now)
        await flooded(0, PART_BYTES)
        assert await held_bytes(everywhere) <= bound
        try:
            await here.close(page.close(), everywhere.now)
            wanted = ()
        except PartsMissing as missing:
            wanted = missing.numbers
    assert tries < 20
    assert 1 == len(await everywhere.case_ids())


# --- readers ---


@pytest.mark.promise("S11", "S12")
async def test_a_roster_that_changed_is_sealed_anew_under_the_same_number(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    everywhere.roster.load(everywhere.people.document(2, suspended=["bilal"]), now=everywhere.now)
    with pytest.raises(ReadersChanged):
        await send(everywhere, page)
    anew = await page.again(revision=1).seals()
    await send(everywhere, anew)

    (report,) = await everywhere.officer_reads("amna")
    assert "bilal" not in await everywhere.readers_of(report.case)
    with pytest.raises(Conflict):
        await submitting(everywhere).close(page.close(), everywhere.now)
    assert 0 == await held(everywhere), "the older revision is never stored"


async def test_a_part_of_an_older_revision_comes_too_late(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    anew = await page.again(revision=1).seals()
    await submitting(everywhere).part(page.part(0), everywhere.now)
    await submitting(everywhere).part(anew.part(0), everywhere.now)
    with pytest.raises(Conflict):
        await submitting(everywhere).part(page.part(1), everywhere.now)
    await send(everywhere, anew)
    assert 1 == len(await everywhere.case_ids())


@pytest.mark.promise("S12")
@pytest.mark.parametrize("readers", [["amna", "bilal", "chanda"], ["amna"], ["chanda", "daud"], ["amna", "bilal"]])
async def test_slots_for_others_than_routing_names_are_refused(helpline: Helpline, readers: list[str]) -> None:
    """One too many, one too few, another team, no recovery key."""
    roster = helpline.roster.current(now=helpline.now)
    keys = [key for id in readers if (officer := roster.officer(id)) for key in officer.keys]
    page = await SealedPage(helpline).seals(keys=keys)
    before = await all_rows(helpline.database)
    for number in range(len(page.parts)):
        await submitting(helpline).part(page.part(number), helpline.now)
    with pytest.raises(ReadersChanged):
        await submitting(helpline).close(page.close(), helpline.now)
    assert [] == await helpline.case_ids()
    assert before != await all_rows(helpline.database), "only the parts wait, for a page that seals anew"


@pytest.mark.promise("S12")
async def test_an_office_to_keep_away_from_gets_no_slot(helpline: Helpline) -> None:
    routing = Routing(("PK-PB",), "work", avoid_offices=("lahore",))
    await send(helpline, await SealedPage(helpline, routing=routing).seals())
    (case,) = await helpline.case_ids()
    assert not {"amna", "bilal"} & await helpline.readers_of(case)
    wrong = await SealedPage(helpline, routing=routing).seals(
        keys=choose_readers(helpline.roster.current(now=helpline.now), Routing(("PK-PB",), "work"), helpline.now).keys
    )
    with pytest.raises(ReadersChanged):
        await send(helpline, wrong)


# --- what no page of ours sends ---

WRONG: Mapping[str, Mapping[str, Any]] = {
    "format": {"format": "hamrah submission 2"},
    "language": {"language": "words of a child"},
    "urgency": {"urgency": "U9"},
    "concern": {"routing": {"places": ["PK-PB"], "concern": "my own words", "avoid": [], "pair": False}},
    "district": {"routing": {"places": ["PK-PB-LHE"], "concern": "work", "avoid": [], "pair": False}},
    "place": {"routing": {"places": ["a house in Lahore"], "concern": "work", "avoid": [], "pair": False}},
    "office": {"routing": {"places": ["PK-PB"], "concern": "work", "avoid": ["no-such"], "pair": False}},
    "records": {"records": []},
    "kind": {"records": [{"id": b64encode(bytes(16)).decode(), "kind": "note", "size": 3272}] * 3},
    "size": {"records": [{"id": b64encode(bytes(16)).decode(), "kind": "answers", "size": 3271}] * 2},
    "parts": {"parts": []},
    "mailbox": {"mailbox": {}},
}


@pytest.mark.parametrize("what", sorted(WRONG))
async def test_what_is_not_from_its_list_is_refused(helpline: Helpline, what: str) -> None:
    page = await SealedPage(helpline).seals()
    with pytest.raises(Damaged):
        await submitting(helpline).close(page.close(**WRONG[what]), helpline.now)


@pytest.mark.promise("S34")
@pytest.mark.parametrize(("count", "refusal"), [(1, PicturesOff), (6, Damaged)])
async def test_pictures_are_refused_where_none_are_taken_and_where_they_are_too_many(
    helpline: Helpline, count: int, refusal: type[HelplineError]
) -> None:
    page = await SealedPage(helpline).seals()
    pictures = [(b64encode(bytes([at]) * 16).decode(), 70_000) for at in range(count)]
    files = [{"id": id, "size": size} for id, size in pictures]
    records = [{"id": id, "kind": "picture", "size": page.closing["records"][0]["size"]} for id, _ in pictures]
    message = page.close(records=[*records, *page.closing["records"][-2:]], sounds=files)
    with pytest.raises(refusal):
        await submitting(helpline).close(message, helpline.now)
    assert 0 == await held(helpline)


@pytest.mark.parametrize("cost", ["argon2id:1:64:1", "argon2id-test:1:64:1", "argon2i:3:65536:1", ""])
async def test_a_mailbox_that_is_cheap_to_guess_is_refused(helpline: Helpline, cost: str) -> None:
    page = await SealedPage(helpline).seals()
    mailbox = {**page.closing["mailbox"], "cost": cost}
    with pytest.raises(HelplineError):
        await submitting(helpline).close(page.close(mailbox=mailbox), helpline.now)


@pytest.mark.promise("S8")
async def test_clear_text_in_the_place_of_an_envelope_is_refused(helpline: Helpline) -> None:
    page = await SealedPage(helpline).seals()
    clear = json.dumps({"text": "they lock the door"}).encode().ljust(len(page.parts[0]))
    wrong = page.again(parts=[clear, *page.parts[1:]])
    with pytest.raises(HelplineError):
        await send(helpline, wrong)
    assert [] == await helpline.case_ids()


async def test_nobody_takes_over_a_case_or_a_mailbox_that_exists(everywhere: Helpline) -> None:
    page = await SealedPage(everywhere).seals()
    await send(everywhere, page)
    twin = page.again(submission=bytes(16))
    with pytest.raises(Conflict):
        await send(everywhere, twin)
    same_code = await SealedPage(everywhere, code=page.code).seals()
    with pytest.raises(Conflict):
        await send(everywhere, same_code)
    assert 1 == len(await everywhere.case_ids())
