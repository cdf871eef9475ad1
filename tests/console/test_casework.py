"""What officers do with a case: once, traced, never over a colleague's head."""

from base64 import b64decode
from collections.abc import Iterator
from uuid import uuid4

import pytest

from bot.core import failpoints
from bot.core.case import MARKS, Deed, Status
from bot.sealing.context import NOTHING_BEFORE, Context
from bot.sealing.keys import key_id
from bot.sealing.record import open_record, record_hash
from bot.sealing.reply import Reply, open_reply
from bot.sealing.slot import open_slot, slot_context
from storage import cases, mailboxes
from tests.console.officer import Officer, text
from tests.console.world import SeededCase, World

OF_REPORTS = [deed for deed in Deed if deed is not Deed.OPEN and deed not in MARKS]


@pytest.fixture
def broken_log() -> Iterator[None]:
    """Writing an audit entry fails."""
    failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
    yield
    failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": ""})


async def status_of(world: World, case: SeededCase) -> Status:
    found = await world.database.read(lambda conn: cases.find(conn, case.id))
    assert found is not None
    return found.standing.status


async def answers_in(world: World, case: SeededCase) -> list[str]:
    """What the child reads with the code: verified answers only."""
    roster = world.living.current(now=world.clock())
    found, previous = [], NOTHING_BEFORE
    for message in await world.database.read(lambda conn: mailboxes.messages(conn, case.mailbox.id)):
        place = Context(
            deployment=roster.deployment,
            roster_version=message.roster,
            case_id=case.id,
            record_id=message.id,
            kind="reply",
            seq=message.seq,
            recipient=key_id(case.mailbox.kem_public),
            previous=previous,
        )
        reply = open_reply(case.mailbox.kem_private, place, message.envelope, roster)
        assert isinstance(reply, Reply)
        found.append(reply.text.reveal())
        previous = record_hash(message.envelope)
    return found


async def test_a_case_goes_from_the_list_to_an_answer_the_child_can_read(world: World, sindh: Officer) -> None:
    case = await world.case()
    row = (await sindh.queue())[0]
    opened = await sindh.opens(case.id)
    claimed = (await sindh.does("claim", opened)).json()
    answered = await sindh.does("reply", opened | claimed, **sindh.answer(opened, "Thank you for telling me."))

    assert (case.id.hex(), "new", "U0") == (row["id"], row["status"], row["urgency"])
    assert ("opened", "in_work", "answered") == (opened["status"], claimed["status"], answered.json()["status"])
    assert ["Thank you for telling me."] == await answers_in(world, case)


async def test_the_same_way_on_the_database_of_replicas(shared_world: World) -> None:
    """Two officers act on one case; what the second saw too early is refused, and every act is in the log."""
    case = await shared_world.case()
    async with Officer(shared_world) as sindh, Officer(shared_world) as supervisor:
        await sindh.signs_in("sindh")
        await supervisor.signs_in("supervisor")
        opened = await sindh.opens(case.id)
        early = await supervisor.opens(case.id)
        claimed = opened | (await sindh.does("claim", opened)).json()
        late = await supervisor.does("claim", early)
        await sindh.does("reply", claimed, **sindh.answer(claimed, "I am here."))

    assert (409, "changed") == (late.status_code, late.json()["error"])
    assert ["I am here."] == await answers_in(shared_world, case)
    acts = [entry["act"] for entry in await shared_world.trail()]
    assert ["claim", "open", "open", "reply", "sign_in", "sign_in"] == sorted(acts)


async def test_an_officer_opens_what_the_queue_hands_out(world: World, sindh: Officer) -> None:
    await world.case(reasons=("reason.danger-now", "reason.taken"))
    row = (await sindh.queue())[0]
    assert sindh.secrets is not None
    deployment = bytes.fromhex(sindh.session["deployment"])
    slot = slot_context(
        deployment=deployment,
        roster_version=row["slot"]["roster"],
        case_id=bytes.fromhex(row["id"]),
        case_key=bytes.fromhex(row["key"]),
        reader_key=bytes.fromhex(row["slot"]["key"]),
    )
    seed = open_slot(sindh.secrets.seed, slot, b64decode(row["slot"]["slot"]))
    cover = row["cover"]
    place = Context(
        deployment=deployment,
        roster_version=cover["roster"],
        case_id=bytes.fromhex(row["id"]),
        record_id=bytes.fromhex(cover["id"]),
        kind="cover",
        seq=cover["seq"],
        recipient=bytes.fromhex(row["key"]),
        previous=bytes.fromhex(cover["previous"]),
    )

    assert b'"reasons":["reason.danger-now","reason.taken"]' in open_record(seed, place, b64decode(cover["envelope"]))


@pytest.mark.promise("R26")
async def test_the_same_action_sent_twice_is_done_once(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    body, key = sindh.answer(opened, "Are you safe?"), str(uuid4())
    first = await sindh.does("reply", opened, key, **body)
    second = await sindh.does("reply", opened, key, **body)

    assert (200, first.json()) == (second.status_code, second.json())
    assert ["Are you safe?"] == await answers_in(world, case)


@pytest.mark.promise("R26")
async def test_a_key_of_one_action_does_no_other(world: World, sindh: Officer) -> None:
    case, key = await world.case(), str(uuid4())
    opened = await sindh.opens(case.id)
    claimed = (await sindh.does("claim", opened, key)).json()
    other = await sindh.does("close", opened | claimed, key)

    assert (409, "already") == (other.status_code, other.json()["error"])
    assert Status.IN_WORK == await status_of(world, case)


@pytest.mark.promise("R26")
async def test_a_colleague_who_was_faster_wins_and_nothing_is_overwritten(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        theirs = await supervisor.opens(case.id)
        claimed = theirs | (await supervisor.does("claim", theirs)).json()
        await supervisor.does("reply", claimed, **supervisor.answer(claimed, "I am here."))
    ours = await sindh.does("claim", opened)

    assert (409, "changed") == (ours.status_code, ours.json()["error"])
    assert ["I am here."] == await answers_in(world, case)


async def test_two_answers_sealed_for_one_place_are_never_both_kept(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    late = sindh.answer(opened, "second")
    first = (await sindh.does("reply", opened, **sindh.answer(opened, "first"))).json()
    second = await sindh.does("reply", opened | first, **late)

    assert (409, "changed") == (second.status_code, second.json()["error"])
    assert ["first"] == await answers_in(world, case)


@pytest.mark.promise("S11")
async def test_an_answer_sealed_under_an_older_roster_is_not_taken(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    refused = await sindh.does("reply", opened, **(sindh.answer(opened, "x") | {"roster": 0}))

    assert 409 == refused.status_code
    assert [] == await answers_in(world, case)


@pytest.mark.promise("S9")
@pytest.mark.parametrize("size", [0, 100, 9399, 9401, 33_976])
async def test_an_answer_of_another_length_is_not_taken(world: World, sindh: Officer, size: int) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    body = sindh.answer(opened, "x")
    body["message"]["envelope"] = text(bytes(size))

    assert 409 == (await sindh.does("reply", opened, **body)).status_code


@pytest.mark.promise("S36")
async def test_every_act_leaves_its_entry(world: World, sindh: Officer) -> None:
    case = await world.case(urgency="U3")
    await sindh.queue()
    opened = await sindh.opens(case.id)
    for deed in ("claim", "release", "claim", "pass_on"):
        opened |= (await sindh.does(deed, opened)).json()
    opened |= (await sindh.does("reply", opened, **sindh.answer(opened, "x"))).json()
    for deed in ("quiet", "snooze"):
        opened |= (await sindh.does(deed, opened, until=world.clock() + 1)).json()
    opened |= (await sindh.does("wake", opened)).json()
    async with Officer(world) as supervisor:
        await supervisor.signs_in("supervisor")
        seen = await supervisor.opens(case.id)
        opened |= (await supervisor.does("take_over", seen)).json()
        await world.takes_back(case)
        opened |= await supervisor.opens(case.id)
        opened |= (await supervisor.does("go_on", opened)).json()
        opened |= (await supervisor.does("close", opened)).json()
        opened |= (await supervisor.does("reopen", opened)).json()
        opened |= (await supervisor.does("no_report", opened)).json()
        await supervisor.posts("sign-out", {})

    acts = [entry["act"] for entry in await world.trail()]
    expected = [deed.value for deed in Deed if deed not in MARKS] + [
        "claim",
        "open",
        "open",
        "covers",
        "sign_in",
        "sign_in",
        "sign_out",
    ]
    assert sorted(expected) == sorted(acts)


@pytest.mark.promise("S38")
async def test_an_entry_names_key_act_case_handle_and_hour_and_nothing_else(world: World, sindh: Officer) -> None:
    case = await world.case((("words-what", "They keep my passport."),))
    opened = await sindh.opens(case.id)

    entry = next(entry for entry in await world.trail() if entry["act"] == "open")
    assert {"v", "key", "act", "case", "hour"} == set(entry)
    assert (sindh.session["bundle"]["key"], opened["handle"]) == (entry["key"], entry["case"])
    assert case.id.hex() not in str(entry)


@pytest.mark.promise("S36")
@pytest.mark.usefixtures("broken_log")
@pytest.mark.parametrize("deed", ["open", *(deed.value for deed in OF_REPORTS), "queue"])
async def test_what_cannot_be_traced_does_not_happen(world: World, deed: str) -> None:
    failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": ""})
    case = await world.case(urgency="U3")
    async with Officer(world) as officer:
        await officer.signs_in("sindh")
        opened = await officer.opens(case.id)
        if deed in ("release", "reply", "pass_on", "close", "reopen", "go_on", "snooze", "wake"):
            opened |= (await officer.does("claim", opened)).json()
        if deed == "go_on":
            await world.takes_back(case)
            opened |= await officer.opens(case.id)
        if deed == "reopen":
            opened |= (await officer.does("close", opened)).json()
        if deed == "wake":
            opened |= (await officer.does("snooze", opened, until=world.clock() + 1)).json()
        if deed == "take_over":
            async with Officer(world) as colleague:
                await colleague.signs_in("supervisor")
                opened |= (await colleague.does("claim", opened)).json()
        before = await world.database.read(lambda conn: cases.find(conn, case.id))
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        if deed == "queue":
            answer = await officer.posts("queue", {"view": "todo", "after": None, "limit": 5})
        elif deed == "open":
            answer = await officer.posts(f"case/{case.id.hex()}/open", {})
        else:
            more = officer.answer(opened, "x") if deed == "reply" else {}
            if deed in ("snooze", "quiet"):
                more = {"until": world.clock() + 1}
            answer = await officer.does(deed, opened, **more)

    assert 500 == answer.status_code
    assert {"error", "id"} == set(answer.json())
    assert before == await world.database.read(lambda conn: cases.find(conn, case.id))
    assert [] == await answers_in(world, case)


async def test_what_the_child_writes_back_is_in_the_case_and_the_case_waits(world: World, sindh: Officer) -> None:
    case = await world.case()
    opened = await sindh.opens(case.id)
    opened |= (await sindh.does("claim", opened)).json()
    opened |= (await sindh.does("reply", opened, **sindh.answer(opened, "Are you safe?"))).json()
    await world.writes_back(case, "Not yet.")
    again = await sindh.opens(case.id)

    assert ["answers", "cover", "message", "reply", "words"] == sorted(r["kind"] for r in again["records"])
    assert (False, True) == (opened["waiting"], again["waiting"])
    assert ("opened", "sindh") == (again["status"], again["holder"])
    assert [case.id.hex()] == [row["id"] for row in await sindh.queue("todo")]


async def test_lists_of_what_is_urgent_and_what_is_late(world: World, sindh: Officer) -> None:
    """An hour counts once it is over: nothing shows as late before it is."""
    limits = world.content.routing.answer_within_s
    urgent, normal = [(await world.case(urgency=urgency)).id.hex() for urgency in ("U1", "U3")]

    async def lists() -> dict[str, list[str]]:
        await sindh.signs_in("sindh")  # time passes, and with it a session
        pages = {
            view: (await sindh.posts("queue", {"view": view, "after": None, "limit": 50})).json() for view in LISTS
        }
        assert all(page["counts"][view] == len(page["rows"]) for view, page in pages.items())
        assert all(page["within"] == dict(limits) for page in pages.values())
        return {view: [row["id"] for row in page["rows"]] for view, page in pages.items()}

    assert {"urgent": [urgent], "overdue": []} == await lists()
    world.clock.now += limits["U1"] + HOUR_S
    assert {"urgent": [urgent], "overdue": [urgent]} == await lists()
    world.clock.now += limits["U3"]
    assert {"urgent": [urgent], "overdue": [urgent, normal]} == await lists()


LISTS, HOUR_S = ("urgent", "overdue"), 3600


async def test_pages_of_the_queue_follow_one_another_without_gap_or_repeat(world: World, sindh: Officer) -> None:
    made = {(await world.case(urgency=f"U{n % 4}")).id.hex() for n in range(11)}
    seen, after = [], None
    while True:
        body = {"view": "todo", "after": after, "limit": 4}
        page = (await sindh.posts("queue", body)).json()
        seen += [(row["urgency"], row["id"]) for row in page["rows"]]
        if (after := page["next"]) is None:
            break

    assert made == {id for _, id in seen}
    assert len(made) == len(seen)
    assert [urgency for urgency, _ in seen] == sorted(urgency for urgency, _ in seen)
