"""What goes wrong around a service is told in plain words with the next step, and damages nothing (R24, S59)."""

import asyncio
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock
from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from bot.checks import head_check, key_checks, roster_checks
from bot.cli import main
from bot.commands_backup import make_key
from bot.commands_doctor import bot_check, disk_check, service_checks
from bot.sealing.roster import verify_roster
from bot.services.auditing import HOUR_S
from bot.settings import PREFIX, Settings
from tests.browser.served import free_port
from tests.channels.calling import until
from tests.fake_telegram import FakeTelegram
from tests.house.tree import ROOT
from tests.people import People
from tests.service import DAY_S, Service, found

HAMRAH = (sys.executable, "-m", "bot")
STEP = re.compile(r"`hamrah [a-z-]+|HAMRAH_[A-Z_]+|docs/\w+\.md|chmod|BotFather|swapoff")
"""What a next step names: a command, a setting, a page, or somebody to ask."""


async def hamrah(*words: object, env: Mapping[str, str], cwd: Path, limit: int | None = None) -> tuple[int, str]:
    """Run it as a host does; exit status and what stands on standard error.  `limit`: the most bytes a file may have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = await asyncio.create_subprocess_exec(
        *HAMRAH, *map(str, words), env={**kept, **env, "PYTHONPATH": str(ROOT)}, cwd=cwd,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        preexec_fn=None if limit is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    try:
        _, said = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
    assert b"Traceback" not in said, said.decode()
    return process.returncode or 0, "\n".join(line for line in said.decode().splitlines() if not line.startswith("{"))


async def refused(service: Service, *words: object, cwd: Path, **more: str) -> str:
    """The command fails in words, and the database holds afterwards what it held before."""
    env = service.environment(listen=f"127.0.0.1:{free_port()}", **more)
    before = tables(service)
    status, said = await hamrah(*words, env=env, cwd=cwd)
    assert status in (1, 2), said
    assert before == tables(service)
    return said


def tables(service: Service) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{service.folder}/hamrah.db?mode=ro", uri=True)) as rows:
        names = [name for (name,) in rows.execute("select name from sqlite_master where type = 'table' order by name")]
        names.remove("heads")  # a service that begins signs its log
        return {name: rows.execute(f"select count(*) from {name}").fetchone()[0] for name in names}


def change(service: Service, sql: str) -> None:
    with closing(sqlite3.connect(service.folder / "hamrah.db")) as rows, rows:
        rows.execute(sql)


# --- releases, keys folders, clocks ---


@pytest.mark.slow
@pytest.mark.promise("R24")
@pytest.mark.parametrize("command", ["serve", "migrate"])
async def test_an_old_program_refuses_newer_tables_and_changes_nothing(
    service_today: Service, tmp_path: Path, command: str
) -> None:
    change(service_today, "update alembic_version set version_num = '9999'")
    said = await refused(service_today, command, cwd=tmp_path)
    assert "newer release" in said
    assert "nothing was changed" in said


@pytest.mark.slow
@pytest.mark.promise("R24")
async def test_a_new_program_refuses_older_tables_and_names_the_command(service_today: Service, tmp_path: Path) -> None:
    change(service_today, "update alembic_version set version_num = '0001'")
    assert "`hamrah migrate`" in await refused(service_today, "serve", cwd=tmp_path)


@pytest.mark.slow
@pytest.mark.promise("S59")
async def test_a_replica_with_a_keys_folder_of_its_own_does_not_start(service_today: Service, tmp_path: Path) -> None:
    empty = tmp_path / "keys"
    empty.mkdir(mode=0o700)
    said = await refused(service_today, "serve", cwd=tmp_path, keys_dir=str(empty))
    assert "that all replicas share" in said
    assert [] == list(empty.iterdir())
    (empty / "deployment").write_bytes(bytes(32))
    (empty / "deployment").chmod(0o600)
    assert "those of another service" in await refused(service_today, "serve", cwd=tmp_path, keys_dir=str(empty))


@pytest.mark.slow
@pytest.mark.promise("S59", "R14")
async def test_a_clock_that_is_days_behind_is_asked_about(tmp_path: Path) -> None:
    ahead = await found(tmp_path / "service", now=clock.now() + 3 * DAY_S)
    assert "is this machine's clock right?" in await refused(ahead, "serve", cwd=tmp_path)


@pytest.mark.slow
@pytest.mark.promise("R24")
async def test_a_full_disk_is_named_and_nothing_is_half_written(service_today: Service, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the same error comes to the same places."""
    answers = tmp_path / "answers.toml"
    answers.write_text('root = "here"\n')
    env = {"HAMRAH_LISTEN": f"127.0.0.1:{free_port()}"}
    status, said = await hamrah("init", "--answers", answers, env=env, cwd=tmp_path, limit=0)
    assert (1, True) == (status, "File too large" in said)
    assert ["answers.toml"] == sorted(
        path.name for path in tmp_path.iterdir() if path.suffix == ".toml" or ".env" in path.name
    )


# --- Telegram ---


@pytest.mark.slow
@pytest.mark.promise("R24", "R30")
async def test_a_revoked_token_ends_the_service_with_the_next_step(service_today: Service, tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        token = telegram.token[:-3] + "xyz"
        said = await refused(
            service_today, "serve", cwd=tmp_path, telegram_token=token, telegram_api_url=telegram.api_url
        )
    assert "BotFather" in said
    assert token not in said


@pytest.mark.slow
@pytest.mark.promise("R24", "R25")
async def test_of_two_replicas_that_poll_with_one_token_one_ends_in_words_and_nothing_is_damaged(
    service_today: Service, tmp_path: Path
) -> None:
    """The one that Telegram turned away; here the other is somebody else's program, on another machine."""
    async with FakeTelegram() as telegram, Api(PooledRequest(telegram.token, api_url=telegram.api_url)) as other:
        given = {"telegram_token": telegram.token, "telegram_api_url": telegram.api_url, "telegram_mode": "poll"}
        serving = asyncio.create_task(refused(service_today, "serve", cwd=tmp_path, **given))
        await until(lambda: bool(telegram.world.polls) or serving.done(), within_s=30)
        await other.get_updates(None, wait_s=0)
        said = await serving
    assert "another process polls" in said
    assert telegram.token not in said
    assert 1 == len(said.splitlines()), said


# --- backups and shares ---


def here(*words: object, **env: str) -> Result:
    """The same in this process, which is much faster."""
    mine = {name: None for name in os.environ if name.startswith(PREFIX)}
    result = CliRunner().invoke(main, [str(word) for word in words], env={**mine, **env})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.slow
@pytest.mark.promise("R18", "R24")
def test_what_cannot_be_restored_is_refused_in_words(service_today: Service, tmp_path: Path) -> None:
    key, other, no_key = (tmp_path / name for name in ("backup.key", "other.key", "no.key"))
    make_key(key)
    make_key(other)
    no_key.write_text("hello\n")
    assert 0 == here("backup", **service_today.environment(backup_key=f"{key}.pub")).exit_code
    (good,) = (service_today.folder / "backups").glob("*.backup")
    held = good.read_bytes()
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "deployment").write_bytes(bytes(32))
    new = {"database_url": f"sqlite:///{tmp_path}/new.db"}
    bad = tmp_path / "bad.backup"
    flipped = held[:-100] + bytes([held[-100] ^ 1]) + held[-99:]
    before = tables(service_today)
    for written, with_key, more, told in (
        (flipped, key, new, ""),
        (held[: len(held) // 2], key, new, ""),
        (b"", key, new, ""),
        (b"hello\n" * 1000, key, new, ""),
        (held, other, new, "another backup key"),
        (held, no_key, new, "no.key"),
        (held, key, {**new, "keys_dir": str(keys)}, "another service"),
        (held, key, {}, "empty"),
    ):
        bad.write_bytes(written)
        result = here("restore", bad, "--key", with_key, **service_today.environment(**more))
        assert result.exit_code in (1, 2)
        assert result.stderr.strip()
        assert told in result.stderr
    assert before == tables(service_today)
    assert 0 == here("restore", good, "--key", key, **service_today.environment(**new)).exit_code, (
        "the good one goes in"
    )


@pytest.mark.slow
@pytest.mark.promise("S14", "R24")
def test_shares_that_do_not_open_are_told_apart_from_those_that_do(service_today: Service, tmp_path: Path) -> None:
    def make(name: str) -> list[Path]:
        shares = [tmp_path / f"{name}-{number}" for number in range(3)]
        words = [word for path in shares for word in ("--share", path)]
        assert 0 == here("recovery", "make", "--public", tmp_path / f"{name}.json", *words).exit_code
        return shares

    one, two, _ = make("good")
    strange = make("other")[0]
    copy, mistyped, empty = (tmp_path / name for name in ("copy", "mistyped", "empty"))
    shutil.copy(one, copy)
    mistyped.write_text(two.read_text().replace(" ", " academic ", 1))
    empty.write_text("")
    (tmp_path / "cases.json").write_text('{"format": "hamrah recovery cases 1", "cases": []}')
    with closing(sqlite3.connect(service_today.folder / "hamrah.db")) as rows:
        (tmp_path / "roster.json").write_bytes(rows.execute("select document from rosters").fetchone()[0])
    opening = (
        "recovery",
        "open",
        "--roster",
        tmp_path / "roster.json",
        "--root",
        service_today.fingerprint,
        "--to",
        "amna",
    )
    for shares in ((one,), (one, copy), (one, mistyped), (one, strange), (one, empty)):
        words = [word for path in shares for word in ("--share", path)]
        result = here(*opening, *words, "--out", tmp_path / "slots.json", tmp_path / "cases.json")
        assert (1, True) == (result.exit_code, "these shares do not open it" in result.stderr), result.output
        assert not (tmp_path / "slots.json").exists()


# --- doctor ---


def failing(checks: Sequence[tuple[str, bool, str]]) -> list[str]:
    return [told for _, well, told in checks if not well]


@pytest.mark.promise("R24")
def test_every_red_line_about_people_and_the_log_names_the_next_step() -> None:
    at = clock.now()
    people = People(now=at)
    roster = verify_roster(people.document(), people.root, now=at)
    later = at + 400 * DAY_S
    red = failing(
        [
            *roster_checks(roster, later),
            *key_checks(roster, later),
            head_check(None, at),
            head_check((3, 0), at // HOUR_S),
        ]
    )
    red += failing([head_check((3, at // HOUR_S - 99), at)])
    assert len(red) > 8
    assert [] == [told for told in red if not STEP.search(told)]
    assert [] == failing(list(roster_checks(roster, at)))


@pytest.mark.promise("R24")
async def test_every_red_line_about_the_bot_and_the_disk_names_the_next_step(tmp_path: Path) -> None:
    def settings(token: str, url: str) -> Settings:
        return Settings.model_validate({"data_dir": tmp_path, "telegram_token": token, "telegram_api_url": url})

    assert not failing([disk_check(settings("", ""))])
    red = failing(
        [disk_check(settings("", ""), free=1000), await bot_check(settings("1:" + "x" * 35, "http://127.0.0.1:9"))]
    )
    async with FakeTelegram() as telegram:
        assert not failing([await bot_check(settings(telegram.token, telegram.api_url))])
        red += failing([await bot_check(settings("1:" + "x" * 35, telegram.api_url))])
    assert 3 == len(red)
    assert [] == [told for told in red if not STEP.search(told)]


SPOILED = {
    "no settings": {"ROOT_FINGERPRINT": ""},
    "wrong settings": {"LISTEN": "8080", "TIMEZONE": "Mars"},
    "no data folder": {"DATA_DIR": "/nowhere"},
    "no keys folder": {"KEYS_DIR": "/nowhere"},
    "no backup yet": {"BACKUP_KEY": "backup.key.pub"},
    "no duty roster": {"DUTY_FILE": "duty.toml"},
    "nothing set up": {},
}


@pytest.mark.promise("R24")
@pytest.mark.parametrize("how", SPOILED)
async def test_every_red_line_of_doctor_names_the_next_step(
    service_today: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    (tmp_path / "duty.toml").write_text("[[person]\n")
    (tmp_path / "duty.toml").chmod(0o600)
    make_key(tmp_path / "backup.key")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    spoiled = {PREFIX + name: value for name, value in SPOILED[how].items()}
    for name, value in {**service_today.environment(), **spoiled}.items():
        monkeypatch.setenv(name, value)
    _, checks = await service_checks()
    red = failing(checks)
    assert red
    assert [] == [told for told in red if not STEP.search(told)]
