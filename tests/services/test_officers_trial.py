"""The trial is complete after one step, and says the same on every start."""

from pathlib import Path

import pytest

from bot.core.effects import Routing
from bot.core.routing import choose_readers
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.passphrase import read_passphrase
from bot.sealing.roster import EPOCH_S, LivingRoster
from bot.sealing.shards import Shards
from bot.sealing.stretch import Cost
from bot.services import trial
from bot.services.officers.account import Role
from storage import Database, accounts, open_database, rosters

pytestmark = pytest.mark.slow

NOW = 1_790_000_000
COUNTRIES = ["PK", "AF", "AE"]


async def prepared(database: Database, folder: Path, now: int = NOW) -> trial.Trial:
    keys = KeysFolder(folder)
    keys.prepare()
    return await trial.prepare(
        database,
        accounts=accounts,
        rosters=rosters,
        secrets=keys,
        shards=Shards(folder),
        countries=COUNTRIES,
        now=now,
        cost=Cost.for_tests(),
    )


@pytest.fixture
async def database() -> Database:
    return await open_database("sqlite:///:memory:")


async def test_every_role_has_a_seat_and_a_generated_pass_phrase(database: Database, tmp_path: Path) -> None:
    made = await prepared(database, tmp_path / "keys")

    assert set(Role) == {role for seat in trial.SEATS for role in seat.roles}
    assert read_passphrase(made.phrase) == made.phrase


async def test_a_second_start_says_the_same_and_makes_nothing(database: Database, tmp_path: Path) -> None:
    first = await prepared(database, tmp_path / "keys")
    document = await database.read(rosters.newest)
    second = await prepared(database, tmp_path / "keys", NOW + 86_400)

    assert first == second == trial.known(KeysFolder(tmp_path / "keys"))
    assert document == await database.read(rosters.newest)


async def test_a_trial_from_before_all_had_one_pass_phrase_gets_new_keys(database: Database, tmp_path: Path) -> None:
    made = await prepared(database, tmp_path / "keys")
    await database.write(
        lambda c: accounts.set_phrase(c, "sindh", salt=bytes(16), cost=Cost.for_tests().as_text(), proof=bytes(32))
    )
    await prepared(database, tmp_path / "keys")
    roster = LivingRoster(made.root).load(await database.read(rosters.newest), now=NOW)

    assert 2 == roster.version
    everybody = await database.read(lambda c: [accounts.by_id(c, seat.login) for seat in trial.SEATS])
    assert 1 == len({account.salt for account in everybody if account})


async def test_another_trial_has_another_pass_phrase(tmp_path: Path) -> None:
    for name in ("one", "other"):
        KeysFolder(tmp_path / name).prepare()
    one, other = (trial.known(KeysFolder(tmp_path / name)) for name in ("one", "other"))

    assert one.phrase != other.phrase


async def test_when_its_keys_have_ended_a_trial_makes_new_ones(database: Database, tmp_path: Path) -> None:
    first = await prepared(database, tmp_path / "keys")
    later = NOW + EPOCH_S + 1
    second = await prepared(database, tmp_path / "keys", later)
    living = LivingRoster(second.root)
    roster = living.load(await database.read(rosters.newest), now=later)

    assert (first.phrase, 2) == (second.phrase, roster.version)
    assert all(officer.living_key(later) for officer in roster.officers)


@pytest.mark.parametrize("place", ["PK-SD", "PK-PB", "PK-KP", "PK-BA", "PK-GB", "AF", "AE", ""])
async def test_a_report_from_anywhere_has_at_least_two_readers(database: Database, tmp_path: Path, place: str) -> None:
    made = await prepared(database, tmp_path / "keys")
    roster = LivingRoster(made.root).load(await database.read(rosters.newest), now=NOW)
    readers = choose_readers(roster, Routing((place,), "work"), NOW)

    assert len(readers.keys) >= 2
