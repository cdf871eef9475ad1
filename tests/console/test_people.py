"""People come and go: by invitation and the root's signature, and out within the minute (S11, S14, S20)."""

import re
from base64 import b64decode
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.console.passkeys import NewPasskey
from bot.core import failpoints
from bot.core.errors import Conflict
from bot.core.roster import Officer as Listed
from bot.core.roster import ReaderKey
from bot.office import open_leaving
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.officer_keys import OfficerSecrets, login_proof, stretch_passphrase, wrap
from bot.sealing.passphrase import new_passphrase
from bot.sealing.roster import EPOCH_S, add_signature, draft_roster, verify_roster
from bot.sealing.roster_document import RootKeys, read_body, read_document, sign_epoch_key
from bot.sealing.shards import Shards
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.stretch import SALT_BYTES, Cost
from bot.services import founding
from bot.services.officers.account import Role
from bot.services.officers.joining import INVITATION_S
from bot.services.officers.leaving import Leaving, Left
from storage import accounts, cases, passkeys, rosters
from tests.console.officer import SAME_SITE, Officer, text
from tests.console.test_epochs import Vault
from tests.console.world import World

READER = frozenset({Role.OFFICER})


class Newcomer:
    """What the browser of somebody who was invited does, in Python."""

    def __init__(self, world: World, officer: Officer, token: str) -> None:
        self.world, self.officer, self.token = world, officer, token
        self.phrase, self.signing_seed = new_passphrase(), new_signing_seed()

    async def looks(self) -> httpx.Response:
        return await self.officer.posts("join/look", {"token": self.token})

    async def joins(self, **other: Any) -> httpx.Response:
        """`other`: what a hostile browser would send instead."""
        told = (await self.looks()).json()
        seed, salt = new_seed(), bytes(range(SALT_BYTES))
        public, starts = public_key(seed), told["now"]
        cost = Cost.from_text(told["cost"], tests_allowed=True)
        stretched = stretch_passphrase(self.phrase, salt, cost)
        body = {"token": self.token, "salt": text(salt), "proof": text(login_proof(stretched))}
        if told["reads"]:
            key = ReaderKey(key_id(public), public, starts, starts + EPOCH_S)
            signed = sign_epoch_key(self.signing_seed, bytes.fromhex(told["deployment"]), told["login"], key)
            shard = await self.officer.posts("join/shard", {"token": self.token, "key": key.id.hex()})
            own = OfficerSecrets(seed, self.signing_seed)
            wrapped = wrap(own, stretched, b64decode(shard.json()["shard"]), officer=told["login"], epoch_key=key.id)
            body |= {
                "signing": text(signing_public(self.signing_seed)),
                "public": text(public),
                "starts": starts,
                "ends": starts + EPOCH_S,
                "signature": text(signed.signature),
                "wrapped": text(wrapped),
            }
        return await self.officer.posts("join/done", {**body, **other})


async def signed_in_roster(world: World, *accounts_: str) -> None:
    """The root signs these pending cards into the Sindh team, as the command does, and the service takes it over."""
    now, root = world.clock(), KeysFolder(world.keys).find_or_make("trial-root")
    old = await world.database.read(rosters.newest)
    body = read_body(read_document(old).body)
    new = [one for one in await world.joining.pending(now=now) if one.account in accounts_]
    read = [founding.read_card(one.card) for one in new]
    names = {officer.id for officer, _ in read}
    kept = tuple(one for one in body.officers if one.id not in names)
    teams = tuple(
        replace(team, officers=tuple(dict.fromkeys((*team.officers, *names)))) if "sindh" in team.officers else team
        for team in body.teams
    )
    newer = replace(
        body, version=body.version + 1, issued=now, teams=teams, officers=(*kept, *(officer for officer, _ in read))
    )
    draft = draft_roster(newer, RootKeys((signing_public(root),), 1), [key for _, key in read])
    document = founding.carried_over(old, add_signature(draft, root))
    await world.database.write(lambda conn: rosters.put(conn, newer.version, now // 86_400, document))
    world.living.load(document, now=now)


def leaving(world: World) -> Leaving:
    return open_leaving(world.database, world.keys)


@pytest.mark.promise("S11", "S14")
async def test_who_was_invited_reads_after_the_root_signed_and_not_before(world: World) -> None:
    token = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    async with Officer(world) as officer:
        new = Newcomer(world, officer, token)
        assert 200 == (await new.joins()).status_code
        await officer.signs_in("zoya", new.phrase)
        before = await world.case()
        assert [] == officer.session["officer"]["teams"]
        assert 404 == (await officer.posts(f"case/{before.id.hex()}/open", {})).status_code
        assert ["zoya"] == [one.account for one in await world.joining.pending(now=world.clock())]

        await signed_in_roster(world, "zoya")
        after = await world.case()

        assert [] == await world.joining.pending(now=world.clock())
        assert after.id.hex() in [row["id"] for row in await officer.queue()]
        assert 404 == (await officer.posts(f"case/{before.id.hex()}/open", {})).status_code


@pytest.mark.promise("S14")
async def test_an_invitation_is_used_once_lapses_and_is_void_after_a_newer_one(world: World) -> None:
    first = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    second = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    async with Officer(world) as officer:
        assert 404 == (await Newcomer(world, officer, first).looks()).status_code
        assert 404 == (await Newcomer(world, officer, "x" * 43).looks()).status_code
        world.clock.now += INVITATION_S
        assert 404 == (await Newcomer(world, officer, second).looks()).status_code
        third = Newcomer(world, officer, await world.joining.invite("zoya", "Zoya", READER, now=world.clock()))
        assert 200 == (await third.joins()).status_code
        assert 404 == (await third.looks()).status_code


@pytest.mark.promise("S20")
@pytest.mark.parametrize(
    "hostile",
    [{"signature": text(bytes(64))}, {"wrapped": text(bytes(90))}, {"ends": 10**10}, {"salt": text(bytes(8))}],
    ids=lambda said: next(iter(said)),
)
async def test_what_does_not_fit_makes_no_account_and_uses_nothing_up(world: World, hostile: dict[str, Any]) -> None:
    token = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    async with Officer(world) as officer:
        new = Newcomer(world, officer, token)

        assert (await new.joins(**hostile)).status_code in (400, 404)
        assert await world.database.read(lambda conn: accounts.by_id(conn, "zoya")) is None
        assert 200 == (await new.looks()).status_code


async def test_who_reads_no_cases_joins_without_a_key(world: World) -> None:
    token = await world.joining.invite("tara", "Tara", frozenset({Role.TRANSLATOR}), now=world.clock())
    async with Officer(world) as officer:
        new = Newcomer(world, officer, token)
        assert 200 == (await new.joins()).status_code
        await officer.signs_in("tara", new.phrase)

    assert officer.session["bundle"] is None
    assert [] == await world.joining.pending(now=world.clock())


@pytest.mark.promise("S11")
async def test_the_signs_to_compare_change_with_every_part_of_a_card(world: World) -> None:
    own, now = new_signing_seed(), world.clock()
    public = public_key(new_seed())
    key = ReaderKey(key_id(public), public, now, now + EPOCH_S)
    card = founding.written_card(Listed("zoya", signing_public(own), ()), sign_epoch_key(own, bytes(16), "zoya", key))
    other = founding.written_card(
        Listed("zoya", signing_public(new_signing_seed()), ()), sign_epoch_key(own, bytes(16), "zoya", key)
    )
    third = founding.written_card(Listed("zoja", signing_public(own), ()), sign_epoch_key(own, bytes(16), "zoja", key))

    prints = {founding.fingerprint(one) for one in (card, other, third)}
    assert 3 == len(prints)
    assert {39} == {len(one) for one in prints}


@pytest.mark.promise("S14")
async def test_whoever_leaves_is_out_at_once_and_nothing_new_is_sealed_to_them(world: World) -> None:
    case = await world.case()
    async with Officer(world) as officer, Officer(world) as colleague:
        vault = await Vault.open(world, officer)
        await officer.does("claim", await officer.opens(case.id))
        key = bytes.fromhex(vault.session["bundle"]["key"])

        left = await leaving(world).leave("sindh", now=world.clock())
        assert left == Left(True, 0, 1, 1)
        world.living.load(await world.database.read(rosters.newest), now=world.clock())

        assert 401 == (await officer.posts("queue", {"view": "todo", "after": None, "limit": 5})).status_code
        assert 401 == (await officer.signs_in("sindh")).status_code
        later = await world.case()
        for one in (case, later):
            readers = {slot.key for slot in await world.database.read(lambda c, one=one: cases.slots_of(c, one.id))}  # type: ignore[misc]
            assert readers
            assert key not in readers
        assert Shards(world.keys).find("sindh", key) is None
        await colleague.signs_in("supervisor")
        assert (await colleague.opens(case.id))["holder"] is None
    assert "left" in {entry["act"] for entry in await world.trail()}


@pytest.mark.promise("S14")
async def test_cases_that_one_officer_alone_can_open_hold_the_leaver_back(world: World) -> None:
    case = await world.case()
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        mine = bytes.fromhex(vault.session["bundle"]["key"])
        slots = await world.database.read(lambda conn: cases.slots_of(conn, case.id))
        others = [slot.key for slot in slots if slot.key != mine]
        await world.database.write(lambda conn: cases.drop_slots(conn, case.id, others))

        assert Left(False, 1, 0, 0) == await leaving(world).leave("sindh", now=world.clock())
        assert {case.id} == await vault.readable([case])
    left = await leaving(world).leave("sindh", now=world.clock(), even_if_lost=True)
    assert left is not None
    assert (True, 1) == (left.done, left.lost)


@pytest.mark.promise("S14")
async def test_a_lost_pass_phrase_ends_in_new_keys_that_the_root_signs_anew(world: World) -> None:
    old = await world.case()
    await leaving(world).leave("sindh", now=world.clock())
    token = await world.joining.invite("sindh", "Sindh", READER, now=world.clock())
    world.living.load(await world.database.read(rosters.newest), now=world.clock())
    async with Officer(world) as officer:
        new = Newcomer(world, officer, token)
        assert 200 == (await new.joins()).status_code
        await signed_in_roster(world, "sindh")
        case = await world.case()
        await officer.signs_in("sindh", new.phrase)

        seen = [row["id"] for row in await officer.queue()]
        assert case.id.hex() in seen
        assert old.id.hex() not in seen
    async with Officer(world) as colleague:
        await colleague.signs_in("supervisor")
        assert old.id.hex() in [row["id"] for row in await colleague.queue()]


@pytest.mark.promise("S13", "S14")
async def test_a_newer_roster_keeps_renewed_keys_and_whoever_was_suspended(world: World) -> None:
    """The root signs from cards, which name first keys only; what was added since must not be lost with it."""
    from_cards = await world.database.read(rosters.newest)
    world.clock.now += EPOCH_S - 86_400
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        assert 200 == (await vault.renews()).status_code
    await leaving(world).leave("punjab", now=world.clock())

    carried = founding.carried_over(await world.database.read(rosters.newest), from_cards)
    roster = verify_roster(carried, world.trial.root, now=world.clock())
    sindh, punjab = roster.officer("sindh"), roster.officer("punjab")

    assert sindh is not None
    assert punjab is not None
    assert (2, True) == (len(sindh.keys), punjab.suspended)


async def test_nobody_who_can_sign_in_is_invited_again(world: World) -> None:
    with pytest.raises(Conflict):
        await world.joining.invite("sindh", "Sindh", READER, now=world.clock())


async def asks(officer: Officer, **fields: str) -> httpx.Response:
    """A form of the page of people, sent as a browser without scripts does."""
    told = {"token": officer.session["token"], **fields}
    return await officer.http.post("people", data=told, headers=SAME_SITE)


@pytest.mark.promise("S14")
async def test_an_administrator_invites_on_the_page_and_the_link_is_told_once(world: World) -> None:
    async with Officer(world) as admin, Officer(world) as officer:
        await admin.signs_in("administrator")
        page = await asks(admin, do="invite", login="zoya", name="Zoya <i>Z</i>", role="officer")
        found = re.search(r"/console/join#([\w-]{43})", page.text)
        assert found
        assert "<i>" not in page.text
        assert found[1] not in (await admin.gets("people")).text
        new = Newcomer(world, officer, found[1])
        assert 200 == (await new.joins()).status_code
        assert 'data-pending="zoya"' in (await admin.gets("people")).text
        for wrong in ({"login": "two words"}, {"role": "king"}, {"name": ""}, {"login": "sindh"}):
            fields = {"login": "tara", "name": "Tara", "role": "officer", **wrong}
            assert 409 == (await asks(admin, do="invite", **fields)).status_code


@pytest.mark.promise("S14")
async def test_an_administrator_ends_every_access_on_the_page_when_sure(world: World, sindh: Officer) -> None:
    await world.case()
    async with Officer(world) as admin:
        await admin.signs_in("administrator")
        assert 409 == (await asks(admin, do="leave", login="sindh")).status_code
        assert 409 == (await asks(admin, do="leave", login="administrator", sure="on")).status_code
        assert 200 == (await sindh.gets("roster")).status_code
        assert 303 == (await asks(admin, do="leave", login="sindh", sure="on")).status_code
        assert 401 == (await sindh.gets("roster")).status_code
        assert 'data-person="sindh"' not in (await admin.gets("people")).text


@pytest.mark.promise("S23")
@pytest.mark.parametrize("seat", ["sindh", "supervisor", "translator", "reviewer"])
async def test_nobody_else_invites_or_ends(world: World, seat: str) -> None:
    async with Officer(world) as other:
        await other.signs_in(seat)
        assert 404 == (await other.gets("people")).status_code
        assert 404 == (await asks(other, do="leave", login="punjab", sure="on")).status_code


@pytest.mark.promise("S36")
async def test_without_its_entry_in_the_log_nothing_about_people_happens(world: World) -> None:
    """The log cannot be written: no invitation, no account, no leaving."""
    token = await world.joining.invite("zoya", "Zoya", READER, now=world.clock())
    async with Officer(world) as officer:
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        try:
            assert 500 == (await Newcomer(world, officer, token).joins()).status_code
            with pytest.raises(failpoints.Injected):
                await leaving(world).leave("sindh", now=world.clock())
            with pytest.raises(failpoints.Injected):
                await world.joining.invite("tara", "Tara", READER, now=world.clock())
        finally:
            failpoints.arm({})
        assert await world.database.read(lambda conn: accounts.by_id(conn, "zoya")) is None
        assert 200 == (await officer.signs_in("sindh")).status_code
        assert 200 == (await Newcomer(world, officer, token).joins()).status_code


@pytest.mark.promise("S14", "S21")
async def test_a_lost_device_signs_in_no_more_and_the_key_stays(world: World, sindh: Officer) -> None:
    case = await world.case()
    key = NewPasskey(b"credential", "sindh", b"public", 0, world.clock() // 86_400)
    await world.database.write(lambda conn: passkeys.add(conn, key))
    async with Officer(world) as admin:
        await admin.signs_in("administrator")
        assert 303 == (await asks(admin, do="device", login="sindh")).status_code
        assert 400 == (await asks(admin, do="device", login="nobody")).status_code

    assert 401 == (await sindh.gets("roster")).status_code
    assert [] == await world.database.read(lambda conn: passkeys.of(conn, "sindh"))
    vault = await Vault.open(world, sindh)
    assert {case.id} == await vault.readable([case])
