"""Notes of officers: kept once, read by the case's readers, and never on any way that a child can look along."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection, select

from storage import cases, mailboxes
from storage.schema import metadata
from tests.console.officer import Officer, text
from tests.console.test_casework import answers_in
from tests.console.world import World


async def test_a_colleague_reads_the_note_and_the_child_does_not(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    kept = await sindh.posts(f"case/{case.id.hex()}/note/add", sindh.note(opened, "Ask the school first."))
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        theirs = await supervisor.opens(case.id)

    assert 200 == kept.status_code
    assert [("note", "sindh", "Ask the school first.")] == supervisor.notes_in(theirs)
    assert [] == await answers_in(world, case)


@pytest.mark.promise("S52")
async def test_no_note_ever_lies_in_a_mailbox(world: World, sindh: Officer) -> None:
    """Before, between and after answers the mailbox holds the answers and nothing else."""
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    for words in ("one", "two"):
        await sindh.posts(f"case/{case.id.hex()}/note/add", sindh.note(opened, f"secret {words}"))
        opened = await sindh.opens(case.id)
        opened |= (await sindh.does("reply", opened, **sindh.answer(opened, words))).json()
        opened = await sindh.opens(case.id)
    messages = await world.database.read(lambda conn: mailboxes.messages(conn, case.mailbox.id))
    records = await world.database.read(lambda conn: cases.records_of(conn, case.id))

    assert ["one", "two"] == await answers_in(world, case)
    assert 2 == len(messages)
    assert not {message.envelope for message in messages} & {one.envelope for one in records if one.kind == "note"}


@pytest.mark.promise("S52")
async def test_a_note_sent_as_an_answer_is_refused(world: World, sindh: Officer) -> None:
    """A page that mixed the two boxes up: the server takes no note where an answer belongs."""
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    body, note = sindh.answer(opened, "x"), sindh.note(opened, "secret")
    body["message"]["envelope"] = note["record"]["envelope"]
    refused = await sindh.does("reply", opened, **body)

    assert 409 == refused.status_code
    assert [] == await answers_in(world, case)


@pytest.mark.promise("R26")
async def test_a_note_sent_twice_is_kept_once_and_one_sealed_too_early_not_at_all(world: World, sindh: Officer) -> None:
    case, key = await world.case(), str(uuid4())
    opened = await sindh.opens(case.id)
    path, body, late = f"case/{case.id.hex()}/note/add", sindh.note(opened, "once"), sindh.note(opened, "late")
    answers = [await sindh.posts(path, body, key) for _ in range(2)]
    refused = await sindh.posts(path, late)

    assert [200, 200, 409] == [one.status_code for one in (*answers, refused)]
    assert ["once"] == [words for _, _, words in sindh.notes_in(await sindh.opens(case.id))]


@pytest.mark.promise("S11")
async def test_a_note_of_another_size_or_under_an_older_roster_is_not_taken(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    path = f"case/{case.id.hex()}/note/add"
    long = sindh.note(opened, "x")
    long["record"]["envelope"] = text(bytes(5000))

    assert 409 == (await sindh.posts(path, sindh.note(opened, "x") | {"roster": 0})).status_code
    assert 409 == (await sindh.posts(path, long)).status_code
    assert [] == sindh.notes_in(await sindh.opens(case.id))


@pytest.mark.promise("S23", "S36")
async def test_only_readers_keep_notes_and_each_leaves_its_entry(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    body, path = sindh.note(opened, "x"), f"case/{case.id.hex()}/note/add"
    async with Officer(world) as punjab:
        await punjab.signs_in("punjab")
        assert 404 == (await punjab.posts(path, body)).status_code
    await sindh.posts(path, body)

    assert ["note"] == [entry["act"] for entry in await world.trail() if entry["act"] == "note"]


@pytest.mark.promise("S1")
async def test_nothing_an_officer_writes_lies_readable_in_the_database(world: World, sindh: Officer) -> None:
    """Every table is read as it is, after notes of every kind."""
    case = await world.case()
    for what in ("note", "story", "plan", "referral", "link", "export"):
        opened = await sindh.opens(case.id)
        await sindh.posts(f"case/{case.id.hex()}/note/add", sindh.note(opened, f"zarqa-{what}-secret", what))

    def everything(conn: Connection) -> str:
        return repr([conn.execute(select(table)).all() for table in metadata.sorted_tables])

    rows = await world.database.read(everything)
    assert "sindh" in rows
    assert "zarqa" not in rows
    assert 6 == len(sindh.notes_in(await sindh.opens(case.id)))
