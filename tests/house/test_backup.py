"""A backup counts when it was restored: of both databases, into both, while children write; nothing damaged is taken (R18)."""

import io
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bot.backing_up import BackupFolder, Backups, folder_of, restored
from bot.cli import main
from bot.core.errors import Damaged, HelplineError, NotMine
from bot.house import House
from bot.sealing.archive import CHUNK_BYTES, open_archive, read_label, seal_archive
from bot.sealing.keys import new_seed, public_key
from bot.sealing.suite import TAG_BYTES
from storage import open_database, open_empty, revisions
from storage.columns import metadata
from storage.dump import PASSING, dump, lasting
from tests.channels.calling import Line, until
from tests.command import hamrah
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.world import Clock
from tests.faults.oracle import Found
from tests.plugins.postgres import create, drop
from tests.service import DAY_S, Service, found, reads, serving_here
from tests.talking import NOON

WORDS = "they keep us behind a locked door"
DEPLOYMENT = bytes(range(16))


@pytest.fixture
def fresh_postgres(postgres_server: str) -> Iterator[list[str]]:
    """Two empty databases."""
    made = [create(postgres_server) for _ in range(2)]
    yield made
    for address in made:
        drop(postgres_server, address)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The secret half; beside it lies the public one."""
    assert 0 == CliRunner().invoke(main, ("backup-key", "--out", str(tmp_path / "backup.key"))).exit_code
    return tmp_path / "backup.key"


async def told(service: Service, key: Path, *more: str) -> Path:
    """One child tells, a backup is made while others begin, and those tell after it."""
    async with (
        FakeTelegram(clock=Clock(NOON)) as telegram,
        serving_here(service, telegram, now=telegram.clock, backup_key=f"{key}.pub") as (house, address),
    ):
        line = Line(service, house, telegram, address)
        before, after = line.phone(), line.phone()
        await before.opens("en")
        await before.tells({"words-what": WORDS})
        await before.chooses("send", "code-saved")
        await after.opens("en")
        made = await folder_of(house.settings, house.now).make(house.database)
        await after.tells({"words-what": "told after the backup"})
        await after.chooses("send", "code-saved")
        assert 2 == len((await line.officers_read()).cases)
    return made


async def opened(url: str, service: Service) -> Found:
    database = await open_database(url)
    try:
        return await reads(cast(House, SimpleNamespace(database=database)), service)
    finally:
        await database.close()


async def counts(url: str) -> dict[str, int]:
    database = await open_database(url)
    try:
        return await database.read(
            lambda c: {
                t.name: c.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables
            }
        )
    finally:
        await database.close()


@pytest.mark.slow
@pytest.mark.promise("R18", "S1")
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("into", ["sqlite", "postgres"])
async def test_what_was_told_before_it_is_read_after_it_from_either_database(
    kind: str, into: str, tmp_path: Path, key: Path, fresh_postgres: list[str]
) -> None:
    service = await found(tmp_path / "service", fresh_postgres[0] if kind == "postgres" else "", now=NOON - DAY_S)
    made = await told(service, key)
    assert WORDS.encode() not in made.read_bytes()
    url = fresh_postgres[1] if into == "postgres" else f"sqlite:///{tmp_path / 'new.db'}"
    database = await open_empty(url)
    seed = bytes.fromhex(key.read_text())
    await database.write(lambda c: restored(c, made, seed))
    await database.close()

    read = await opened(url, service)
    assert (1, ()) == (len(read.cases), read.faults), "the one that was told before the backup"
    assert 1 == read.counted()[WORDS]
    kept = await counts(url)
    assert all(kept[name] == 0 for name in PASSING)
    assert 0 < kept["accounts"] == len(service.officers)

    moved = Service(service.folder, url, service.fingerprint, service.deployment, service.officers)
    async with (
        FakeTelegram(clock=Clock(NOON + 3600)) as telegram,
        serving_here(moved, telegram, now=telegram.clock) as (house, address),
    ):
        line = Line(moved, house, telegram, address)
        child = line.phone()
        await child.opens("en")
        await child.tells({"words-what": "told after the restoring"})
        await child.chooses("send", "code-saved")
        assert 2 == len((await line.officers_read()).cases)


@pytest.mark.promise("R18", "R29")
async def test_nothing_of_a_damaged_backup_is_kept(tmp_path: Path, key: Path) -> None:
    seed = bytes.fromhex(key.read_text())
    made = await of_a_founded_service(tmp_path, key)
    whole = made.read_bytes()
    chance = secrets.SystemRandom()
    places = [0, 5, 12, 20, 40, 60, 70, 1200, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(20))]
    broken = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    broken += [whole[:length] for length in (0, 11, 30, 1000, len(whole) // 2, len(whole) - 1)]
    broken += [whole + b"\0", whole + whole]
    for at, content in enumerate(broken):
        file = tmp_path / "broken.backup"
        file.write_bytes(content)
        told = await hamrah("restore", str(file), "--key", str(key), "--drill")
        assert 1 == told.exit_code, at
        assert 1 == len(told.stderr.strip().splitlines())
        database = await open_empty(f"sqlite:///{tmp_path / f'{at}.db'}")
        with pytest.raises(HelplineError):
            await database.write(lambda c, file=file: restored(c, file, seed))  # type: ignore[misc]
        assert await database.read(revisions.current) is None, "half a backup is no database"
        await database.close()


async def of_a_founded_service(tmp_path: Path, key: Path, name: str = "service") -> Path:
    service = await found(tmp_path / name, now=NOON - DAY_S)
    settings = service.settings(backup_key=f"{key}.pub")
    database = await open_database(settings.database)
    try:
        return await folder_of(settings, lambda: NOON).make(database)
    finally:
        await database.close()


@pytest.mark.promise("R18")
async def test_only_a_backup_of_this_service_goes_into_its_empty_database(tmp_path: Path, key: Path) -> None:
    ours, others = [await of_a_founded_service(tmp_path, key, name) for name in ("ours", "others")]
    env = {
        "HAMRAH_DATA_DIR": str(tmp_path / "ours"),
        "HAMRAH_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}",
        "HAMRAH_BACKUP_KEY": f"{key}.pub",
    }
    wrong = await hamrah("restore", str(others), "--key", str(key), env=env)
    assert (2, True) == (wrong.exit_code, "another service" in wrong.stderr)
    assert not (tmp_path / "empty.db").exists()

    right = await hamrah("restore", str(ours), "--key", str(key), env=env)
    assert (0, True) == (right.exit_code, "Restored." in right.output)
    again = await hamrah("restore", str(ours), "--key", str(key), env=env)
    assert (1, "the database is not empty: restore into a new one") == (again.exit_code, again.stderr.strip())

    await hamrah("backup-key", "--out", str(tmp_path / "second.key"))
    foreign = await hamrah("restore", str(ours), "--key", str(tmp_path / "second.key"), "--drill")
    assert (1, True) == (foreign.exit_code, "another backup key" in foreign.stderr)
    secret = await hamrah("restore", str(ours), "--key", f"{key}.pub", "--drill")
    assert (2, True) == (secret.exit_code, "not the secret half" in secret.stderr)
    twice = await hamrah("backup-key", "--out", str(key))
    assert (2, True) == (twice.exit_code, "must not be lost" in twice.stderr)
    drill = await hamrah("restore", str(ours), "--key", str(key), "--drill")
    assert (0, True) == (drill.exit_code, "accounts" in drill.output)


@pytest.mark.promise("R18")
async def test_after_the_loss_of_everything_the_keys_folder_knows_the_service_again(tmp_path: Path, key: Path) -> None:
    made = await of_a_founded_service(tmp_path, key)
    env = {"HAMRAH_DATA_DIR": str(tmp_path / "new"), "HAMRAH_BACKUP_KEY": f"{key}.pub"}
    (tmp_path / "new").mkdir(mode=0o700)
    assert 0 == (await hamrah("restore", str(made), "--key", str(key), env=env)).exit_code
    with made.open("rb") as file:
        deployment = read_label(file).deployment
    assert deployment == (tmp_path / "new" / "keys" / "deployment").read_bytes()[:16]


@pytest.mark.promise("R18", "R17")
async def test_one_of_a_newer_release_is_refused_and_one_of_an_older_is_brought_up(tmp_path: Path, key: Path) -> None:
    seed = bytes.fromhex(key.read_text())
    for revision, ends_well in (("0001", True), ("9999", False)):
        lines = (
            f'{{"hamrah":"backup","form":1,"revision":"{revision}"}}\n'
            '{"table":"locator_salts","columns":["locator","salt"]}\n["000000",{"b":"AAECAwQFBgcICQoLDA0ODw=="}]\n'
            '{"rows":{"locator_salts":1}}\n'
        )
        file = tmp_path / f"{revision}.backup"
        file.write_bytes(b"".join(seal_archive(public_key(seed), DEPLOYMENT, 1, [zlib.compress(lines.encode())])))
        told = await hamrah("restore", str(file), "--key", str(key), "--drill")
        assert ends_well == (told.exit_code == 0), told.stderr
        assert ends_well or "use the release that made it" in told.stderr


async def test_every_table_is_in_it_or_named_as_passing(tmp_path: Path, key: Path) -> None:
    assert {t.name for t in lasting()} | PASSING == {t.name for t in metadata.sorted_tables}
    database = await open_database("sqlite:///:memory:")
    lines = await database.snapshot(lambda c: b"".join(dump(c)).splitlines())
    await database.close()
    assert len(lasting()) == sum(line.startswith(b'{"table"') for line in lines)


@pytest.mark.promise("S45")
async def test_a_day_makes_one_and_after_five_weeks_it_goes(tmp_path: Path, key: Path) -> None:
    service = await found(tmp_path / "service", now=NOON - DAY_S)
    clock = Clock(NOON)
    database = await open_database(service.url)
    folder = BackupFolder(tmp_path / "backups", public_key(bytes.fromhex(key.read_text())), DEPLOYMENT, clock)
    asked = tmp_path / "asked"
    works = Backups(folder, database, asked, ZoneInfo("Asia/Karachi"), 3, 35)
    assert await works.round() is not None, "a service without one makes one at once"
    assert await works.round() is None
    for _ in range(40):
        clock.advance(DAY_S)
        assert await works.round() is not None
        assert await works.round() is None
    assert 36 == len(folder.found())
    oldest = folder.found()[-1][0]
    assert clock() // 3600 - oldest <= 35 * 24
    (tmp_path / "backups" / "hamrah-2026-01-01-00-00000000.part").touch()
    asked.touch()
    made = await works.round()
    assert made is not None
    assert str(made) in asked.with_suffix(".made").read_text()
    assert [] == list((tmp_path / "backups").glob("*.part"))
    assert {0o600} == {file.stat().st_mode & 0o777 for _, file in folder.found()}
    await database.close()


@pytest.mark.slow
@pytest.mark.promise("R18")
async def test_a_running_server_makes_one_when_asked(tmp_path: Path, key: Path) -> None:
    """One process holds the SQLite file, so the command leaves word in the data folder and waits."""
    service = await found(tmp_path / "service")
    async with serving_here(service, backup_key=f"{key}.pub") as (house, _):
        await backups_of_now(house)
        asked = await hamrah("backup", env=service.environment(backup_key=f"{key}.pub"))
        assert 0 == asked.exit_code, asked.stderr
        assert 2 == len(list(service.folder.glob("backups/*.backup"))), "the first of the day, and the one asked for"
        made = next(line for line in asked.output.splitlines() if line.endswith(".backup"))
        drill = await hamrah("restore", made, "--key", str(key), "--drill")
        assert 0 == drill.exit_code, drill.stderr
    assert not (service.folder / "backup.wanted").exists()


async def backups_of_now(house: House) -> None:
    await until(lambda: len(list(house.settings.backups.glob("*.backup"))) == 1)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_was_sealed_comes_out_whatever_its_size(size: int) -> None:
    seed, content = new_seed(), secrets.token_bytes(size)
    sealed = b"".join(seal_archive(public_key(seed), DEPLOYMENT, 7, [content[:10], content[10:]]))
    assert content == b"".join(open_archive(seed, io.BytesIO(sealed)))
    with pytest.raises(NotMine):
        list(open_archive(new_seed(), io.BytesIO(sealed)))


def test_pieces_cannot_be_moved_or_left_out() -> None:
    seed = new_seed()
    sealed = b"".join(seal_archive(public_key(seed), DEPLOYMENT, 7, [bytes(3 * CHUNK_BYTES)]))
    piece = CHUNK_BYTES + TAG_BYTES
    head, first, second, third = (sealed[: -3 * piece], *(sealed[-n * piece :][:piece] for n in (3, 2, 1)))
    assert sealed == head + first + second + third
    for wrong in (head + second + first + third, head + first + second, head + first + third, head + third, head):
        with pytest.raises(Damaged):
            list(open_archive(seed, io.BytesIO(wrong)))
