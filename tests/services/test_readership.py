"""No case without a living reader, whoever joins, leaves, renews or stays away, in whatever order (R27)."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.core.effects import Routing
from bot.core.errors import NoReaders
from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.core.routing import choose_readers, keys_last_days
from bot.core.writes import Write
from bot.office import open_leaving, open_readership
from bot.sealing.context import new_id
from bot.sealing.keys import PUBLIC_BYTES, key_id
from bot.sealing.officer_keys import WRAPPED_BYTES
from bot.sealing.roster import EPOCH_S, ROSTER_S, LivingRoster, RootOfTrust, in_force, sign_roster, verify_roster
from bot.sealing.roster_document import RootKeys, SignedKey, sign_epoch_key
from bot.sealing.shards import Shards
from bot.sealing.signing import new_signing_seed, signing_public
from bot.services.founding import carried_over
from bot.services.officers.account import Account, Role
from bot.services.officers.epochs import Announced, Epochs
from bot.services.officers.sign_in import Signed
from bot.services.readership import Standing
from storage import Database, accounts, audit, cases, epochs, open_database, referrals, rosters
from storage.accounts import Bundle
from tests.helpline import IN_MEMORY
from tests.storage.making import keeping, knock, nobody, opening, record, slot

pytestmark = pytest.mark.slow

DAY_S = 86_400
NOW = 1_790_000_000
Teams = dict[str, tuple[str, ...]]
T = TypeVar("T")


@dataclass(slots=True)
class Service:
    """Officers and the root that lists them are real; what a slot holds is not, because nobody opens one here."""

    database: Database
    folder: Path
    now: int = NOW
    teams: Teams = field(default_factory=dict)
    deployment: bytes = field(default_factory=new_id)
    root_seed: bytes = field(default_factory=new_signing_seed)
    signing: dict[str, bytes] = field(default_factory=dict)
    living: LivingRoster = field(init=False)

    def __post_init__(self) -> None:
        self.living = LivingRoster(RootOfTrust.of(self.deployment, self._root))

    @property
    def _root(self) -> RootKeys:
        return RootKeys((signing_public(self.root_seed),), 1)

    def roster(self) -> Roster:
        return self.living.last()

    # --- people ---

    async def hires(self, id: str) -> SignedKey:
        """An account with keys of its own; returns the card's key, for the root to sign."""
        self.signing[id] = new_signing_seed()
        key = self._key()
        await self.database.write(lambda c: accounts.add(c, account_of(id), self.now // DAY_S))
        await self.database.write(lambda c: accounts.add_bundle(c, id, _bundle(key)))
        return sign_epoch_key(self.signing[id], self.deployment, id, key)

    async def publishes(self, teams: Teams, *cards: SignedKey, even_if_lost: bool = False) -> bool:
        """As `hamrah roster sign` and `publish`: false, and nothing changes, where a case would lose its last reader."""
        version = await self.database.read(rosters.newest_version)
        listed = [Team(id, id, ("PK",) if id == "duty" else (id,), teams[id], duty=id == "duty") for id in teams]
        names = sorted({id for who in teams.values() for id in who})
        officers = tuple(Officer(id, signing_public(self.signing[id]), ()) for id in names)
        value = Roster(self.deployment, version + 1, self.now, self.now + ROSTER_S, tuple(listed), officers)
        document = sign_roster(value, self._root, [self.root_seed], cards)
        if version:
            before = await self.database.read(rosters.newest)
            document = carried_over(before, document)
            after = verify_roster(document, RootOfTrust.of(self.deployment, self._root), now=self.now)
            closed = await open_readership(self.database).newly_closed(in_force(before), after)
            if closed and not even_if_lost:
                return False
        await self.database.write(lambda c: rosters.put(c, version + 1, self.now // DAY_S, document))
        self.living.load(document, now=self.now)
        self.teams = teams
        return True

    async def leaves(self, id: str, *, even_if_lost: bool = False) -> bool:
        left = await open_leaving(self.database, self.folder).leave(id, now=self.now, even_if_lost=even_if_lost)
        self.living.load(await self.database.read(rosters.newest), now=self.now)
        return left is not None and left.done

    async def signs_in(self, id: str) -> None:
        """The browser renews the key where it is due, seals what waits to the new one, and lets the old one be destroyed."""
        work = self._epochs()
        if await work.due(await self._signed(id), now=self.now):
            key = self._key()
            signed = sign_epoch_key(self.signing[id], self.deployment, id, key)
            made = Announced(key.public, key.starts, key.ends, signed.signature, os.urandom(WRAPPED_BYTES))
            assert await work.announce(await self._signed(id), made, now=self.now) is None
        who = await self._signed(id)
        waiting, _ = await work.waiting(who)
        for case in waiting:
            assert who.key is not None
            new = {who.key: os.urandom(64)}
            await self.database.write(lambda c, case=case, new=new: referrals.add_slots(c, case, new, 1, b""))  # type: ignore[misc]
        await work.retire(who, now=self.now)

    # --- cases ---

    async def reports(self, place: str) -> bytes | None:
        """A case with slots for whom the routing names; none where fewer than two keys live."""
        try:
            readers = choose_readers(self.roster(), Routing((place,), "work"), self.now)
        except NoReaders:
            return None
        case = new_id()
        slots = [slot(case, key.id) for key in readers.keys]
        writes: list[Write] = [record(case, 0, size=8), *slots, opening(case, 1, teams=readers.teams)]
        await self.database.take(knock(None), nobody, keeping(b"s", *writes))
        return case

    async def standing(self) -> Standing:
        return await open_readership(self.database).look(self.roster(), now=self.now)

    async def slow_standing(self) -> tuple[int, int]:
        """The same without any of our queries: how many cases no officer opens, how many only those with ended keys."""
        owners = dict(await self.database.read(accounts.owners))
        people = {o.id: o for o in self.roster().officers if not o.suspended}
        closed = asleep = 0
        for case in await self.database.read(lambda c: list(c.exec_driver_sql("SELECT id FROM cases").scalars())):
            found = await self.database.read(lambda c, case=case: cases.find(c, case))  # type: ignore[misc]
            held = await self.database.read(lambda c, case=case: cases.slots_of(c, case))  # type: ignore[misc]
            assert found is not None
            seeing = {id for team in self.roster().teams if team.id in found.teams for id in team.officers}
            who = {owners[one.key] for one in held if one.key in owners} & seeing & people.keys()
            closed += not who
            asleep += bool(who) and not any(people[id].living_key(self.now) for id in who)
        return closed, asleep

    def _key(self) -> ReaderKey:
        public = os.urandom(PUBLIC_BYTES)
        return ReaderKey(key_id(public), public, self.now, self.now + EPOCH_S)

    def _epochs(self) -> Epochs:
        return Epochs(
            self.database,
            bundles=accounts,
            shards=Shards(self.folder),
            epochs=epochs,
            cases=cases,
            slots=referrals,
            documents=rosters,
            ledger=audit,
            living=self.living,
        )

    async def _signed(self, id: str) -> Signed:
        account = account_of(id)
        kept = await self.database.read(lambda c: accounts.bundles(c, id))
        teams = tuple(team for team, who in self.teams.items() if id in who)
        return Signed(account, b"", True, kept[-1].key if kept else None, teams, tuple(one.key for one in kept))


def account_of(id: str) -> Account:
    return Account(id, id, id.title(), frozenset({Role.OFFICER.value}), b"s" * 16, "cost", b"p" * 32)


def _bundle(key: ReaderKey) -> Bundle:
    return Bundle(key.id, key.starts, key.ends, os.urandom(WRAPPED_BYTES))


async def begun(folder: Path) -> Service:
    """Two in Lahore, two on duty."""
    service = Service(await open_database(IN_MEMORY, migrate=True), folder)
    cards = [await service.hires(id) for id in ("amna", "bilal", "esha", "faisal")]
    assert await service.publishes({"PK-PB": ("amna", "bilal"), "duty": ("esha", "faisal")}, *cards)
    return service


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = await begun(tmp_path)
    yield service
    await service.database.close()


@pytest.mark.promise("R27")
async def test_the_last_reader_of_a_case_cannot_leave_unless_all_is_lost_anyway(service: Service) -> None:
    await service.reports("PK-PB")

    assert await service.leaves("amna")
    assert not await service.leaves("bilal")
    assert Standing(1) == await service.standing()
    assert await service.leaves("bilal", even_if_lost=True)
    assert Standing(1, closed=1) == await service.standing()


@pytest.mark.promise("R27")
@pytest.mark.parametrize(
    "teams",
    [{"duty": ("esha", "faisal")}, {"PK-PB": ("esha",), "duty": ("amna", "bilal")}],
    ids=["its team is gone", "its officers work elsewhere"],
)
async def test_a_list_that_would_close_a_case_is_not_published(service: Service, teams: Teams) -> None:
    await service.reports("PK-PB")

    assert not await service.publishes(teams)
    assert 1 == service.roster().version
    assert await service.publishes({"PK-PB": ("amna", "esha"), "duty": ("bilal", "faisal")})
    assert Standing(1) == await service.standing()


@pytest.mark.promise("R27")
async def test_what_is_lost_already_stops_no_later_list(service: Service) -> None:
    await service.reports("PK-PB")
    assert await service.publishes({"duty": ("esha", "faisal")}, even_if_lost=True)

    assert await service.publishes({"duty": ("faisal", "esha")})
    assert Standing(1, closed=1) == await service.standing()


@pytest.mark.promise("R27")
async def test_a_case_sleeps_when_all_its_keys_have_ended_and_wakes_when_one_of_its_officers_signs_in(
    service: Service,
) -> None:
    await service.reports("PK-PB")
    service.now += 91 * DAY_S
    assert 0 == keys_last_days(service.roster(), service.now)

    assert Standing(1, asleep=1) == await service.standing()
    await service.signs_in("bilal")
    assert Standing(1) == await service.standing()


@pytest.mark.promise("R27")
async def test_the_days_until_a_team_has_too_few_keys_are_counted(service: Service) -> None:
    service.now += 80 * DAY_S
    await service.signs_in("amna")

    assert 10 == keys_last_days(service.roster(), service.now)
    for id in ("bilal", "esha", "faisal"):
        await service.signs_in(id)
    assert 90 == keys_last_days(service.roster(), service.now)


@pytest.mark.promise("R27")
async def test_every_case_is_looked_at_in_steps(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.readership.STEP", 3)
    for _ in range(10):
        await service.reports("PK-PB")
    assert Standing(10) == await service.standing()
    assert await service.leaves("amna", even_if_lost=True)
    assert await service.leaves("bilal", even_if_lost=True)
    assert Standing(10, closed=10) == await service.standing()


class Years(RuleBasedStateMachine):
    """What happens in the years of a service, in any order; nobody says `--even-if-lost`."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        self.service = self.does(begun(Path(self.folder.name)))
        self.hired = 0

    def does(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.runner.run(wait())

    def teardown(self) -> None:
        self.does(self.service.database.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(place=st.sampled_from(["PK-PB", "PK-SD", ""]))
    def a_child_tells(self, place: str) -> None:
        self.does(self.service.reports(place))

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.service.now += days * DAY_S
        if self.service.roster().expires - self.service.now < 70 * DAY_S:
            assert self.does(self.service.publishes(self.service.teams))

    @rule(team=st.sampled_from(["PK-PB", "PK-SD", "duty"]))
    def somebody_joins(self, team: str) -> None:
        self.hired += 1
        name = f"officer{self.hired}"
        card = self.does(self.service.hires(name))
        teams = {**self.service.teams, team: (*self.service.teams.get(team, ()), name)}
        assert self.does(self.service.publishes(teams, card))

    @rule(data=st.data())
    def somebody_leaves(self, data: st.DataObject) -> None:
        self.does(self.service.leaves(data.draw(st.sampled_from(sorted(self.service.signing)))))

    @rule(data=st.data())
    def somebody_signs_in(self, data: st.DataObject) -> None:
        here = [o.id for o in self.service.roster().officers if not o.suspended]
        if here:
            self.does(self.service.signs_in(data.draw(st.sampled_from(here))))

    @rule(data=st.data())
    def the_root_leaves_somebody_or_a_whole_team_out(self, data: st.DataObject) -> None:
        teams = self.service.teams
        names = sorted({id for who in teams.values() for id in who} | (teams.keys() - {"duty"}))
        if not names:
            return
        out = data.draw(st.sampled_from(names))
        rest = {team: tuple(id for id in who if id != out) for team, who in teams.items() if team != out}
        self.does(self.service.publishes(rest))

    @invariant()
    def every_case_has_a_reader_and_the_look_says_so(self) -> None:
        found = self.does(self.service.standing())
        assert (0, 0) == (found.closed, found.recoverable)
        assert (found.closed, found.asleep) == self.does(self.service.slow_standing())


@pytest.mark.slow
@pytest.mark.promise("R27")
def test_no_order_of_joining_leaving_and_renewing_closes_a_case() -> None:
    run_state_machine_as_test(
        Years,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
