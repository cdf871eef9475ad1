"""Wrong settings: every one is named in one readable list, with exit status 2, before anything listens (R24, S59)."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot import cli, clock
from bot.settings import PREFIX, trial_settings
from bot.starting import TRIAL_MARK
from tests.service import DAY_S, Service, found

ROOT = Path(__file__).parents[2]
TOKEN = "1234567:" + "t" * 35
SECRET = "s" * 43
HOOK = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_MODE": "webhook"}

WRONG: Mapping[str, tuple[Mapping[str, str], str]] = {
    "no port": ({"LISTEN": "8080"}, "LISTEN"),
    "port nought": ({"LISTEN": "127.0.0.1:0"}, "LISTEN"),
    "port too high": ({"LISTEN": "127.0.0.1:70000"}, "LISTEN"),
    "port in words": ({"LISTEN": "127.0.0.1:http"}, "LISTEN"),
    "port in other digits": ({"LISTEN": "127.0.0.1:۸۰۸۰۸۰"}, "LISTEN"),
    "open to others": ({"LISTEN": "0.0.0.0:8080"}, "PUBLIC_URL"),
    "open to others by IPv6": ({"LISTEN": "[::]:8080"}, "PUBLIC_URL"),
    "address in clear": ({"PUBLIC_URL": "http://helpline.example"}, "PUBLIC_URL"),
    "address without scheme": ({"PUBLIC_URL": "helpline.example"}, "PUBLIC_URL"),
    "address of a file": ({"PUBLIC_URL": "file:///tmp"}, "PUBLIC_URL"),
    "address with a query": ({"PUBLIC_URL": "https://helpline.example/?a=1"}, "PUBLIC_URL"),
    "address with a fragment": ({"PUBLIC_URL": "https://helpline.example/#a"}, "PUBLIC_URL"),
    "zone of another planet": ({"TIMEZONE": "Mars/Olympus"}, "TIMEZONE"),
    "zone outside": ({"TIMEZONE": "../../etc/passwd"}, "TIMEZONE"),
    "hours in words": ({"HOURS": "always"}, "HOURS"),
    "hours without minutes": ({"HOURS": "mon 9-17"}, "HOURS"),
    "hours beyond midnight": ({"HOURS": "mon 09:00-25:00"}, "HOURS"),
    "quiet hours in words": ({"QUIET_HOURS": "at night"}, "QUIET_HOURS"),
    "quiet hours without end": ({"QUIET_HOURS": "21:00"}, "QUIET_HOURS"),
    "hours of no day": ({"HOURS": "xyz 09:00-17:00"}, "HOURS"),
    "another database": ({"DATABASE_URL": "mysql://root@localhost/x"}, "DATABASE_URL"),
    "half a database": ({"DATABASE_URL": "sqlite:x.db"}, "DATABASE_URL"),
    "PostgreSQL without shared keys": ({"DATABASE_URL": "postgresql://u@localhost/x", "KEYS_DIR": ""}, "KEYS_DIR"),
    "campaign with a space": ({"CAMPAIGNS": "school one"}, "CAMPAIGNS"),
    "campaign too long": ({"CAMPAIGNS": "ok," + "x" * 65}, "CAMPAIGNS"),
    "recordings nowhere": ({"AUDIO_DIR": "/nowhere/at/all"}, "AUDIO_DIR"),
    "name too long": ({"NAME": "x" * 65}, "NAME"),
    "no token": ({"TELEGRAM_TOKEN": "hello"}, "TELEGRAM_TOKEN"),
    "half a token": ({"TELEGRAM_TOKEN": "1234567:short"}, "TELEGRAM_TOKEN"),
    "token with an address": ({"TELEGRAM_TOKEN": "bot" + TOKEN}, "TELEGRAM_TOKEN"),
    "mode unknown": ({"TELEGRAM_MODE": "push"}, "TELEGRAM_MODE"),
    "webhook without secret": ({**HOOK, "PUBLIC_URL": "https://helpline.example"}, "WEBHOOK_SECRET"),
    "webhook without address": ({**HOOK, "WEBHOOK_SECRET": SECRET}, "PUBLIC_URL"),
    "secret too short": ({"WEBHOOK_SECRET": "s" * 42}, "WEBHOOK_SECRET"),
    "secret too long": ({"WEBHOOK_SECRET": "s" * 257}, "WEBHOOK_SECRET"),
    "secret with a space": ({"WEBHOOK_SECRET": "s" * 40 + " s" * 3}, "WEBHOOK_SECRET"),
    "secret in another script": ({"WEBHOOK_SECRET": "س" * 43}, "WEBHOOK_SECRET"),
    "old secret too short": ({"WEBHOOK_SECRET": SECRET, "WEBHOOK_SECRET_OLD": "s"}, "WEBHOOK_SECRET_OLD"),
    "old secret the same": ({"WEBHOOK_SECRET": SECRET, "WEBHOOK_SECRET_OLD": SECRET}, "WEBHOOK_SECRET_OLD"),
    "old secret alone": ({"WEBHOOK_SECRET_OLD": SECRET}, "WEBHOOK_SECRET_OLD"),
    "API without scheme": ({"TELEGRAM_API_URL": "api.telegram.org"}, "TELEGRAM_API_URL"),
    "API in clear": ({"TELEGRAM_API_URL": "http://api.example.org"}, "TELEGRAM_API_URL"),
    "attachments unknown": ({"ATTACHMENTS": "some"}, "ATTACHMENTS"),
    "pictures without a written procedure": ({"ATTACHMENTS": "all"}, "ATTACHMENTS_PROCEDURE"),
    "log level unknown": ({"LOG_LEVEL": "trace"}, "LOG_LEVEL"),
    "TOTP perhaps": ({"TOTP_ALLOWED": "perhaps"}, "TOTP_ALLOWED"),
    "language unknown": ({"LANGUAGES": "en,xx"}, "LANGUAGES"),
    "language without texts": ({"LANGUAGES": "en,dz"}, "LANGUAGES"),
    "no language": ({"LANGUAGES": ","}, "LANGUAGES"),
    "leaving by script": ({"LEAVE_URL": "javascript:alert(1)"}, "LEAVE_URL"),
    "console host with scheme": ({"CONSOLE_HOST": "https://console.example"}, "CONSOLE_HOST"),
    "console host with port": ({"CONSOLE_HOST": "console.example:8443"}, "CONSOLE_HOST"),
    "console host in clear": ({"CONSOLE_HOST": "console.example"}, "CONSOLE_HOST"),
    "fingerprint missing": ({"ROOT_FINGERPRINT": ""}, "ROOT_FINGERPRINT"),
    "fingerprint in words": ({"ROOT_FINGERPRINT": "trust me"}, "ROOT_FINGERPRINT"),
    "fingerprint cut": ({"ROOT_FINGERPRINT": "ab" * 31}, "ROOT_FINGERPRINT"),
    "fingerprint of somebody else": ({"ROOT_FINGERPRINT": "ab" * 32}, "roster"),
    "misspelt": ({"TELEGRAM_TOKN": TOKEN}, "TELEGRAM_TOKN"),
    "no folder of secrets": ({"SECRETS_DIR": "/nowhere"}, "SECRETS_DIR"),
    "no data folder": ({"DATA_DIR": "/nowhere/at/all"}, "DATA_DIR"),
    "no keys folder": ({"KEYS_DIR": "/nowhere/at/all"}, "KEYS_DIR"),
    "a build for tests": ({"TEST_BUILD": "1", "PUBLIC_URL": "https://helpline.example"}, "TEST_BUILD"),
}


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Serving sets up the logs of its process, which is this one here."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def bound() -> Iterator[list[object]]:
    """Every address that anybody bound meanwhile."""
    seen: list[object] = []
    watching = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "socket.bind":
            seen.append(arguments[1])

    sys.addaudithook(hook)
    yield seen
    watching = False


Serve = Callable[..., Result]


@pytest.fixture
def serve(service_today: Service, bound: list[object]) -> Serve:
    """`hamrah serve` with the settings of a good service and those given here."""

    def run(*arguments: str, **changed: str) -> Result:
        good = service_today.environment(listen="127.0.0.1:18999")
        mine = {name: None for name in os.environ if name.startswith(PREFIX)}
        env = {**mine, **good, **{PREFIX + name: value for name, value in changed.items()}}
        result = CliRunner().invoke(cli.main, list(arguments or ("serve",)), env=env)
        assert [] == bound, "something listened before the settings were right"
        return result

    return run


def told(result: Result) -> str:
    """What stands on standard error; no traceback, no secret."""
    assert 2 == result.exit_code, result.output
    for hidden in (TOKEN, "t" * 35, SECRET, "Traceback", "s" * 42):
        assert hidden not in result.output
    return result.stderr


@pytest.mark.promise("R24", "S59")
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_before_anything_listens(serve: Serve, name: str) -> None:
    changed, named = WRONG[name]
    lines = told(serve(**changed)).strip().splitlines()
    assert any(named in line for line in lines), lines
    assert all(len(line) < 400 for line in lines)


@pytest.mark.promise("R24")
def test_all_wrong_settings_are_told_at_once(serve: Serve) -> None:
    lines = told(serve(LISTEN="8080", TIMEZONE="Mars", ATTACHMENTS="some", LOG_LEVEL="loud", NAMES="x")).splitlines()
    for name in ("LISTEN", "TIMEZONE", "ATTACHMENTS", "LOG_LEVEL", "NAMES"):
        assert 1 == sum(f"{PREFIX}{name}:" in line for line in lines)


@pytest.mark.promise("S59")
def test_a_keys_folder_that_others_may_read_is_refused(serve: Serve, service_today: Service) -> None:
    service_today.keys.chmod(0o755)
    assert "chmod" in told(serve())


@pytest.mark.promise("S59")
def test_a_key_that_others_may_read_is_refused(serve: Serve, service_today: Service) -> None:
    (service_today.keys / "service").write_bytes(bytes(32))
    (service_today.keys / "service").chmod(0o644)
    assert "service" in told(serve())


@pytest.mark.promise("S59")
def test_a_folder_of_a_trial_never_becomes_a_service(serve: Serve, service_today: Service) -> None:
    (service_today.folder / TRIAL_MARK).touch()
    assert "trial" in told(serve())


@pytest.mark.promise("S59")
def test_without_a_roster_nothing_starts(serve: Serve, service_today: Service) -> None:
    (service_today.folder / "hamrah.db").unlink()
    assert 0 == serve("migrate").exit_code
    result = serve()
    assert 0 != result.exit_code
    assert "roster" in result.stderr


@pytest.mark.promise("S59")
def test_with_a_roster_that_has_expired_nothing_starts(serve: Serve, tmp_path: Path) -> None:
    past = asyncio.run(found(tmp_path / "past", now=clock.now() - 400 * DAY_S))
    env = past.environment(listen="127.0.0.1:18999")
    assert "expired" in told(serve(**{name.removeprefix(PREFIX): value for name, value in env.items()}))


@pytest.mark.promise("R24")
def test_tables_of_another_release_are_refused_with_the_remedy(serve: Serve, service_today: Service) -> None:
    (service_today.folder / "hamrah.db").unlink()
    result = serve()
    assert 0 != result.exit_code
    assert "migrate" in result.stderr


@pytest.mark.promise("R24")
def test_a_port_that_is_taken_is_named(service_today: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        env = {**kept, **service_today.environment(listen=f"127.0.0.1:{port}"), "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert 2 == ended.returncode
    assert str(port) in ended.stderr


# --- a trial is no service ---


@pytest.mark.promise("S59")
@pytest.mark.parametrize("changed", [{"TELEGRAM_TOKEN": TOKEN}, {"PUBLIC_URL": "https://helpline.example"}], ids=str)
def test_a_trial_refuses_what_would_make_it_look_real(serve: Serve, tmp_path: Path, changed: Mapping[str, str]) -> None:
    assert "trial" in told(serve("trial", "--data-dir", str(tmp_path / "trial"), **changed))
    assert not (tmp_path / "trial").exists()


@pytest.mark.promise("S59")
@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:8080", "helpline.example:80"])
def test_a_trial_listens_on_this_machine_only(serve: Serve, tmp_path: Path, listen: str) -> None:
    assert "this machine" in told(serve("trial", "--data-dir", str(tmp_path / "trial"), "--listen", listen))


@pytest.mark.promise("S59")
def test_a_trial_never_takes_over_the_folder_of_a_service(serve: Serve, service_today: Service) -> None:
    assert "trial" in told(serve("trial", "--data-dir", str(service_today.folder)))


def test_secrets_may_come_from_files(serve: Serve, tmp_path: Path) -> None:
    """And what is wrong in one of them is told like any other."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "HAMRAH_WEBHOOK_SECRET").write_text("short")
    assert "WEBHOOK_SECRET" in told(serve(SECRETS_DIR=str(folder)))


# --- a settings file ---


@pytest.fixture
def filed(serve: Serve, tmp_path: Path) -> Callable[[str], Result]:
    """`hamrah serve` with this settings file in addition."""

    def run(text: str, mode: int = 0o600) -> Result:
        file = tmp_path / "hamrah.env"
        file.write_text(text)
        file.chmod(mode)
        return serve(SETTINGS_FILE=str(file))

    return run


@pytest.mark.promise("R24", "S59")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("HAMRAH_TIMEZONE=Mars\n", "HAMRAH_TIMEZONE"),
        ("# a remark\n\nHAMRAH_LANGAUGES=ur\n", "HAMRAH_LANGAUGES: no such setting"),
        ("HAMRAH_NAME=A\nHAMRAH_NAME=B\n", "line 2: HAMRAH_NAME is set a second time"),
        ("HAMRAH_NAME\n", "line 1: must be NAME=VALUE"),
        ("export HAMRAH_NAME=A\n", "line 1: must be NAME=VALUE"),
        ("PATH=/tmp\n", "PATH: no such setting"),
        (f"HAMRAH_TELEGRAM_TOKEN={TOKEN}x{TOKEN}\n", "HAMRAH_TELEGRAM_TOKEN: is not a bot token"),
        ("HAMRAH_FAILPOINTS=x\n", "HAMRAH_FAILPOINTS: no such setting"),
    ],
    ids=str,
)
def test_what_is_wrong_in_the_settings_file_is_named(filed: Callable[[str], Result], text: str, named: str) -> None:
    assert named in told(filed(text))


@pytest.mark.promise("S59")
def test_a_settings_file_that_others_may_read_is_refused(filed: Callable[..., Result]) -> None:
    assert "chmod 600" in told(filed("HAMRAH_NAME=Umeed\n", 0o640))


def test_a_settings_file_that_is_missing_is_named(serve: Serve) -> None:
    assert "/nowhere/hamrah.env: there is no such file" in told(serve(SETTINGS_FILE="/nowhere/hamrah.env"))


def test_the_environment_goes_before_the_file(filed: Callable[[str], Result], service_today: Service) -> None:
    """Else a container could not be given another address than the file says."""
    filed_wrong = "HAMRAH_ROOT_FINGERPRINT=trust me\nHAMRAH_DATA_DIR=/nowhere/at/all\nHAMRAH_TIMEZONE=Mars\n"
    assert ["HAMRAH_TIMEZONE: is not a time zone name, for example Asia/Karachi"] == told(
        filed(filed_wrong)
    ).splitlines()


def test_whoever_forgets_to_name_the_file_is_reminded(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hamrah.env").touch()
    assert "hamrah --settings hamrah.env" in told(serve(ROOT_FINGERPRINT=""))


@pytest.mark.promise("S59")
def test_a_trial_meets_nothing_of_the_service_that_the_environment_names(
    service_today: Service, tmp_path: Path
) -> None:
    """Else made-up officers would be enrolled in a real database."""
    trial = tmp_path / "trial"
    with pytest.MonkeyPatch.context() as env:
        for name, value in service_today.environment(log_level="debug").items():
            env.setenv(name, value)
        settings = trial_settings(trial, "127.0.0.1:8080")
    assert (trial / "keys", f"sqlite:///{trial / 'hamrah.db'}", "") == (
        settings.keys,
        settings.database,
        settings.root_fingerprint,
    )
    assert "info" == settings.log_level
