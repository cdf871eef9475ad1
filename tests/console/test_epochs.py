"""Keys over time: a new one before the old ends, every kept case sealed to it, the old one destroyed (S13)."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from bot.core import failpoints
from bot.core.errors import HelplineError, NotMine
from bot.core.roster import ReaderKey
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.officer_keys import OfficerSecrets, stretch_passphrase, unwrap, wrap
from bot.sealing.roster import EPOCH_S, with_keys
from bot.sealing.roster_document import sign_epoch_key
from bot.sealing.shards import Shards
from bot.sealing.signing import new_signing_seed
from bot.sealing.slot import open_slot, seal_slot, slot_context
from bot.sealing.slot_list import check_slots, list_slots
from bot.sealing.stretch import Cost
from bot.services.officers.epochs import OVERLAP_S, RENEW_S
from storage import accounts, cases, rosters
from tests.console.officer import Officer, text
from tests.console.world import SeededCase, World

DAY_S = 86_400


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    failpoints.arm({})


def armed(point: str) -> None:
    failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": f"{point}=raise@1"})


@dataclass
class Vault:
    """What the browser's vault does, in Python: it makes the next key, and opens with every key there is."""

    world: World
    officer: Officer
    stretched: bytes

    @classmethod
    async def open(cls, world: World, officer: Officer, seat: str = "sindh") -> "Vault":
        officer.secrets = None
        assert 200 == (await officer.signs_in(seat)).status_code
        account = await world.database.read(lambda conn: accounts.by_id(conn, seat))
        assert account is not None
        cost = Cost.from_text(account.cost, tests_allowed=True)
        return cls(world, officer, stretch_passphrase(world.phrase(seat), account.salt, cost))

    @property
    def session(self) -> dict[str, Any]:
        return self.officer.session

    def seeds(self) -> dict[str, bytes]:
        bundles = [self.session["bundle"], *self.session["older"]]
        return {bundle["key"]: self.unwrapped(bundle).seed for bundle in bundles}

    def unwrapped(self, bundle: dict[str, str]) -> OfficerSecrets:
        key, id = bytes.fromhex(bundle["key"]), self.session["officer"]["id"]
        return unwrap(
            b64decode(bundle["wrapped"]), self.stretched, b64decode(bundle["shard"]), officer=id, epoch_key=key
        )

    async def renews(self, **other: Any) -> httpx.Response:
        """`other`: what a hostile browser would say instead."""
        seed, id = new_seed(), self.session["officer"]["id"]
        public, starts = public_key(seed), other.get("starts", self.world.clock())
        ends = other.get("ends", starts + EPOCH_S)
        signing = self.unwrapped(self.session["bundle"]).signing_seed
        signed = sign_epoch_key(
            other.get("signing", signing),
            bytes.fromhex(self.session["deployment"]),
            id,
            ReaderKey(key_id(public), public, starts, ends),
        )
        shard = await self.officer.posts("key/shard", {"key": key_id(public).hex()})
        if shard.status_code != 200:
            return shard
        own = OfficerSecrets(seed, signing)
        wrapped = wrap(own, self.stretched, b64decode(shard.json()["shard"]), officer=id, epoch_key=key_id(public))
        body = {"public": text(public), "starts": starts, "ends": ends, "signature": text(signed.signature)}
        return await self.officer.posts("key/announce", {**body, "wrapped": text(wrapped)})

    def case_seed(self, found: dict[str, Any]) -> bytes:
        seeds = self.seeds()
        mine = next(slot for slot in found["slots"] if slot["key"] in seeds)
        place = slot_context(
            deployment=bytes.fromhex(self.session["deployment"]),
            roster_version=mine["roster"],
            case_id=bytes.fromhex(found["id"]),
            case_key=bytes.fromhex(found["key"]),
            reader_key=bytes.fromhex(mine["key"]),
        )
        return open_slot(seeds[mine["key"]], place, b64decode(mine["slot"]))

    async def waiting(self) -> list[str]:
        return list((await self.officer.gets("key/waiting")).json()["cases"])

    async def seals(self, case: str, *, to: bytes | None = None) -> httpx.Response:
        """One case sealed to the newest key.  `to`: another public key, that of a hostile browser."""
        found = (await self.officer.posts(f"case/{case}/key/slots", {})).json()
        seed, roster = self.case_seed(found), self.world.living.current(now=self.world.clock())
        known = roster.officer(self.session["officer"]["id"])
        mine = known.living_key(self.world.clock()) if known else None
        assert mine is not None
        public = to or mine.public
        place = slot_context(
            deployment=roster.deployment,
            roster_version=roster.version,
            case_id=bytes.fromhex(case),
            case_key=bytes.fromhex(found["key"]),
            reader_key=key_id(public),
        )
        slot = seal_slot(public, place, seed)
        present = {bytes.fromhex(one["key"]): b64decode(one["slot"]) for one in found["slots"]}
        where = {"deployment": roster.deployment, "case_id": bytes.fromhex(case)}
        check = check_slots(seed, b64decode(found["listed"]), present=present, **where)
        assert check.holds
        listed = list_slots(
            seed,
            version=check.version + 1,
            roster_version=roster.version,
            slots={**present, key_id(public): slot},
            **where,
        )
        body = {"slot": text(slot), "listed": text(listed), "roster": roster.version}
        return await self.officer.posts(f"case/{case}/key/rewrap", body)

    async def seals_all(self) -> None:
        while found := await self.waiting():
            for case in found:
                assert 200 == (await self.seals(case)).status_code

    async def retires(self) -> bool:
        return bool((await self.officer.posts("key/retire", {})).json()["done"])

    async def readable(self, seeded: list[SeededCase]) -> set[bytes]:
        """Cases this officer can really open now."""
        found = set()
        for case in seeded:
            opened = await self.officer.posts(f"case/{case.id.hex()}/open", {})
            if opened.status_code == 200 and len(self.case_seed(opened.json())) == 32:
                found.add(case.id)
        return found


async def kept(world: World, count: int = 3) -> list[SeededCase]:
    return [await world.case() for _ in range(count)]


def near_the_end(world: World) -> None:
    world.clock.now += EPOCH_S - RENEW_S + DAY_S


@pytest.mark.promise("S13")
async def test_a_key_is_renewed_before_its_end_kept_cases_follow_and_the_old_one_is_destroyed(world: World) -> None:
    before = await kept(world)
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        assert not vault.session["renew"]
        old, shard = vault.session["bundle"], Shards(world.keys)
        near_the_end(world)
        vault = await Vault.open(world, officer)
        assert vault.session["renew"]
        assert 200 == (await vault.renews()).status_code
        between = await world.case()

        vault = await Vault.open(world, officer)
        assert (False, [old["key"]]) == (vault.session["renew"], [one["key"] for one in vault.session["older"]])
        assert {case.id for case in [*before, between]} == await vault.readable([*before, between])
        assert not await vault.retires()
        assert {case.id.hex() for case in before} == set(await vault.waiting())
        await vault.seals_all()
        assert not await vault.retires()  # an upload begun before may still be sealed to the old key
        world.clock.now += OVERLAP_S
        vault = await Vault.open(world, officer)
        assert await vault.retires()

        vault = await Vault.open(world, officer)
        assert [] == vault.session["older"]
        assert {case.id for case in [*before, between]} == await vault.readable([*before, between])
        assert {"key_renewed", "rewrap", "key_destroyed"} <= {entry["act"] for entry in await world.trail()}
        assert shard.find("sindh", bytes.fromhex(old["key"])) is None


@pytest.mark.promise("S13")
async def test_an_old_backup_and_the_pass_phrase_open_nothing_after_the_epoch(world: World) -> None:
    [case] = await kept(world, 1)
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        stolen = vault.session["bundle"]
        slots_then = await world.database.read(lambda conn: cases.slots_of(conn, case.id))
        await renewed(world, officer)
        vault = await Vault.open(world, officer)
        slots_now = await world.database.read(lambda conn: cases.slots_of(conn, case.id))

        there = {*world.keys.rglob("*")}
        for file in (path for path in there if path.is_file() and path.stat().st_size == 32):
            with pytest.raises(NotMine):
                vault.unwrapped({**stolen, "shard": text(file.read_bytes())})
    assert bytes.fromhex(stolen["key"]) in {slot.key for slot in slots_then}
    assert bytes.fromhex(stolen["key"]) not in {slot.key for slot in slots_now}


async def renewed(world: World, officer: Officer) -> None:
    """The whole way, as a browser goes it."""
    near_the_end(world)
    vault = await Vault.open(world, officer)
    assert 200 == (await vault.renews()).status_code
    world.clock.now += OVERLAP_S
    vault = await Vault.open(world, officer)
    await vault.seals_all()
    assert await vault.retires()


@pytest.mark.promise("S13")
@pytest.mark.parametrize("point", ["F23", "F24", "F25", "F26"])
async def test_cut_off_at_any_step_no_case_is_unreadable_and_it_goes_on(world: World, point: str) -> None:
    """F23: while the key is taken over; F24: while a case is sealed; F25: while old keys go; F26: before their shards do."""
    seeded = await kept(world)
    near_the_end(world)
    async with Officer(world) as officer:
        steps = 0
        armed(point)
        for _ in range(12):
            vault = await Vault.open(world, officer)
            assert {case.id for case in seeded} == await vault.readable(seeded)
            if vault.session["renew"]:
                steps += 500 == (await vault.renews()).status_code
            elif waiting := await vault.waiting():
                steps += 500 == (await vault.seals(waiting[0])).status_code
            else:
                world.clock.now += OVERLAP_S
                vault = await Vault.open(world, officer)
                answer = await officer.posts("key/retire", {})
                steps += answer.status_code == 500
                if answer.status_code == 200:
                    break
        vault = await Vault.open(world, officer)

        assert {case.id for case in seeded} == await vault.readable(seeded)
        assert ([], 1) == (vault.session["older"], steps)
    own = set(Shards(world.keys)._folder.names(""))
    keys = await world.database.read(lambda conn: {key.hex() for key, _ in accounts.owners(conn)})
    assert {name.partition("-")[2] for name in own} == keys


@pytest.mark.promise("S13")
async def test_a_key_that_has_ended_still_opens_what_is_sealed_to_it_and_can_be_renewed(world: World) -> None:
    [case] = await kept(world, 1)
    world.clock.now += EPOCH_S + 5 * DAY_S
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        assert vault.session["renew"]
        assert {case.id} == await vault.readable([case])
        assert 200 == (await vault.renews()).status_code
        vault = await Vault.open(world, officer)
        await vault.seals_all()
        assert {case.id} == await vault.readable([case])


@pytest.mark.promise("S12", "S13")
@pytest.mark.parametrize(
    "hostile",
    [{"signing": new_signing_seed()}, {"ends": 10**10}, {"starts": 1_700_000_000}, {"starts": 10**10}],
    ids=["another signer", "too long", "long ago", "not yet"],
)
async def test_a_key_that_its_officer_did_not_sign_or_that_lives_too_long_is_refused(
    world: World, hostile: dict[str, Any]
) -> None:
    near_the_end(world)
    before = await world.database.read(rosters.newest)
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)

        assert 409 == (await vault.renews(**hostile)).status_code
    assert before == await world.database.read(rosters.newest)


@pytest.mark.promise("S12")
async def test_no_slot_is_taken_for_any_other_key(world: World) -> None:
    [case] = await kept(world, 1)
    near_the_end(world)
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        await vault.renews()
        vault = await Vault.open(world, officer)

        assert 409 == (await vault.seals(case.id.hex(), to=public_key(new_seed()))).status_code
        assert 200 == (await vault.seals(case.id.hex())).status_code


@pytest.mark.promise("S12")
async def test_the_server_cannot_put_a_key_into_the_roster_by_itself(world: World) -> None:
    document = await world.database.read(rosters.newest)
    public, now = public_key(new_seed()), world.clock()
    forged = sign_epoch_key(
        new_signing_seed(),
        world.living.last().deployment,
        "sindh",
        ReaderKey(key_id(public), public, now, now + EPOCH_S),
    )
    for key in (forged, replace(forged, officer="nobody")):
        with pytest.raises(HelplineError):
            world.living.load(with_keys(document, [key]), now=now)


async def test_nobody_gets_a_shard_while_no_key_is_due(world: World, sindh: Officer) -> None:
    assert 404 == (await sindh.posts("key/shard", {"key": "ab" * 16})).status_code


@pytest.mark.promise("S36")
async def test_without_its_entry_in_the_log_no_key_is_renewed_sealed_to_or_destroyed(world: World) -> None:
    [case] = await kept(world, 1)
    near_the_end(world)
    async with Officer(world) as officer:
        vault = await Vault.open(world, officer)
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        assert 500 == (await vault.renews()).status_code
        failpoints.arm({})
        assert 200 == (await vault.renews()).status_code
        vault = await Vault.open(world, officer)
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        assert 500 == (await vault.seals(case.id.hex())).status_code
        failpoints.arm({})
        assert [case.id.hex()] == await vault.waiting()
        await vault.seals_all()
        world.clock.now += OVERLAP_S
        vault = await Vault.open(world, officer)
        failpoints.arm({"HAMRAH_TEST_BUILD": "1", "HAMRAH_FAILPOINTS": "F20=raise"})
        assert 500 == (await officer.posts("key/retire", {})).status_code
        failpoints.arm({})
        assert 2 == len((await Vault.open(world, officer)).seeds())
