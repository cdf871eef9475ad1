"""One frozen `Settings`: environment variables `HAMRAH_*`, a settings file, or files of the same names in a secrets folder.

Everything is checked at start and said in one readable list (R24, S59); nothing else reads the environment.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import settings_file
from bot.core.counting import campaign_of
from bot.core.errors import ConfigError
from bot.core.quiet import QuietHours

PREFIX = "HAMRAH_"
SECRETS_FOLDER = "HAMRAH_SECRETS_DIR"
SETTINGS_FILE = "HAMRAH_SETTINGS_FILE"
USUAL_FILE = Path("hamrah.env")
"""Where `hamrah init` writes, unless told otherwise; nothing reads it without being told."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("must be HOST:PORT, for example 127.0.0.1:8080")
    return value


def _metrics(value: str) -> str:
    return value and _listen(value)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not a time zone name, for example Asia/Karachi") from error
    return value


def _database(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _http(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("must be an http(s) address without query")
    return value.rstrip("/")


def _public(value: str) -> str:
    value = _http(value)
    if value.startswith("http://") and urlsplit(value).hostname not in LOOPBACK:
        raise ValueError("must be https: what children write must not travel in clear")
    return value


def _bot_api(value: str) -> str:
    """In clear only to a Bot API server of one's own: on this machine, or beside it under a name without dots."""
    value = _http(value)
    host = urlsplit(value).hostname or ""
    if value.startswith("http://") and "." in host and host not in LOOPBACK:
        raise ValueError("must be https: the token travels with each call")
    return value


def _host(value: str) -> str:
    if value and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
        raise ValueError("must be a host name in lower case, without scheme, port and path")
    return value


def _campaigns(value: str) -> str:
    wrong = [name for name in _listed(value) if not campaign_of(name)]
    if wrong:
        raise ValueError("must be names of 1 to 64 letters A-Z a-z, digits, _ and -, for example school-2026,bus_stop")
    return value


def _listed(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _hours(value: str) -> str:
    for part in filter(None, value.split(",")):
        read_hours(part.strip())
    return value


def _quiet(value: str) -> str:
    read_span(value)
    return value


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and (not 43 <= len(text) <= 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text)):
        raise ValueError("must be 43 to 256 characters of A-Z, a-z, 0-9, _ and - (256 random bits)")
    return value


def _token(value: SecretStr) -> SecretStr:
    number, colon, secret = value.get_secret_value().partition(":")
    fits = number.isdecimal() and len(secret) >= 30 and all(c.isalnum() or c in "_-" for c in secret)
    if (number or colon) and not fits:
        raise ValueError("is not a bot token (digits, a colon, 35 characters), as BotFather shows it")
    return value


class Settings(BaseSettings):
    """What an operator decides.  Field names, upper-cased after `HAMRAH_`, are the names of the variables."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )

    name: Annotated[str, Field(min_length=1, max_length=64)] = "Hamrah"
    data_dir: Path = Path("data")
    keys_dir: Path | None = None
    database_url: Annotated[str, AfterValidator(_database)] = ""
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8080"
    metrics_listen: Annotated[str, AfterValidator(_metrics)] = ""
    public_url: Annotated[str, AfterValidator(_public)] = ""
    console_host: Annotated[str, AfterValidator(_host)] = ""
    root_fingerprint: str = ""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Karachi"
    hours: Annotated[str, AfterValidator(_hours)] = (
        "mon 09:00-17:00, tue 09:00-17:00, wed 09:00-17:00, thu 09:00-17:00, fri 09:00-17:00, sat 09:00-17:00"
    )
    quiet_hours: Annotated[str, AfterValidator(_quiet)] = "21:00-08:00"
    languages: str = ""
    helplines: Literal["sure", "sourced", "all"] = "sourced"
    campaigns: Annotated[str, AfterValidator(_campaigns)] = ""
    retention_days: Annotated[int, Field(ge=1, le=3_650)] = 90
    audio_dir: Path | None = None
    duty_file: Path | None = None
    backup_key: Path | None = None
    backup_dir: Path | None = None
    backup_hour: Annotated[int, Field(ge=0, le=23)] = 3
    backup_days: Annotated[int, Field(ge=1, le=35)] = 35
    witness_file: Path | None = None
    leave_url: Annotated[str, AfterValidator(_http)] = ""
    telegram_token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    telegram_api_url: Annotated[str, AfterValidator(_bot_api)] = "https://api.telegram.org"
    telegram_mode: Literal["poll", "webhook"] = "poll"
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    webhook_secret_old: Annotated[SecretStr, AfterValidator(_secret)] = SecretStr("")
    attachments: Literal["none", "voice", "all"] = "voice"
    attachments_procedure: Annotated[str, Field(max_length=200)] = ""
    notices: Literal["offered", "none"] = "offered"
    notifier_socket: Path | None = None
    notifier_keys_dir: Path | None = None
    totp_allowed: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        faults = []
        if self.telegram_mode == "webhook" and not self.webhook_secret.get_secret_value():
            faults.append("TELEGRAM_MODE=webhook needs WEBHOOK_SECRET")
        if self.webhook_secret_old.get_secret_value() and len(set(self.webhook_secrets)) < 2:
            faults.append("WEBHOOK_SECRET_OLD needs a WEBHOOK_SECRET that is another one")
        if self.telegram_mode == "webhook" and not self.public_url:
            faults.append("TELEGRAM_MODE=webhook needs PUBLIC_URL")
        if self.attachments == "all" and not self.attachments_procedure:
            faults.append(
                "ATTACHMENTS=all needs ATTACHMENTS_PROCEDURE: title and date of your written procedure for sexual images of"
                " children (SAFEGUARDING.md); without one choose voice or none"
            )
        if self.database_url.startswith("postgresql://") and self.keys_dir is None:
            faults.append("a PostgreSQL database needs KEYS_DIR, shared by all replicas")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'hamrah.db'}"

    @property
    def keys(self) -> Path:
        return self.keys_dir or self.data_dir / "keys"

    @property
    def backups(self) -> Path:
        return self.backup_dir or self.data_dir / "backups"

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def offered_languages(self) -> tuple[str, ...]:
        """The tags chosen, in order; none: those that the registry offers."""
        return _listed(self.languages)

    @property
    def known_campaigns(self) -> frozenset[str]:
        return frozenset(_listed(self.campaigns))

    @property
    def shown_confidence(self) -> tuple[str, ...]:
        """Which entries of the help directory children see: only sure ones, those with a good source, or unsure ones too."""
        return {"sure": ("high",), "sourced": ("high", "medium"), "all": ("high", "medium", "low")}[self.helplines]

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        secrets = (self.webhook_secret, self.webhook_secret_old)
        return tuple(s.get_secret_value() for s in secrets if s.get_secret_value())

    def on_loopback(self) -> bool:
        return self.host in LOOPBACK and not self.public_url

    def changed(self, name: str, value: str) -> "Settings":
        """These settings with one other value, checked like the rest.  Raises `ValueError`, saying what is wrong."""
        try:
            return Settings.model_validate({**self.model_dump(), name: value})
        except ValidationError as error:
            told = [_told((), e["msg"]) for e in error.errors(include_input=False, include_url=False)]
            raise ValueError("; ".join(told)) from None

    @property
    def quiet(self) -> QuietHours:
        """When nothing is said by itself, local to `timezone`."""
        return QuietHours(ZoneInfo(self.timezone), *read_span(self.quiet_hours))

    def duty_week(self) -> dict[int, tuple[time, time]]:
        """Weekday (0 = Monday) → opening and closing time, local to `timezone`."""
        return dict(read_hours(part.strip()) for part in self.hours.split(",") if part.strip())


class _Given(Settings):
    """Only what is handed over: a trial must not meet the database, the keys or the bot of a service beside it."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def trial_settings(data_dir: Path, listen: str, root_fingerprint: str = "") -> Settings:
    """Settings of a trial: the defaults, whatever the environment says."""
    return _Given(data_dir=data_dir, listen=listen, root_fingerprint=root_fingerprint)


def fault_of(name: str, value: str) -> str:
    """What is wrong with one setting, by its short name, or nothing; looks at nothing else."""
    try:
        _Given.model_validate({name: value})
    except ValidationError as error:
        told = [e for e in error.errors(include_input=False, include_url=False) if e["loc"]]
        return "; ".join(_told((), e["msg"]) for e in told)
    return ""


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_hours(text: str) -> tuple[int, tuple[time, time]]:
    """Read `mon 09:00-17:00`.  Raises `ValueError` with an example."""
    try:
        day, span = text.lower().split()
        opens, closes = span.split("-")
        return _DAYS.index(day), (time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError:
        raise ValueError("must read like: mon 09:00-17:00, tue 09:00-17:00") from None


def read_span(text: str) -> tuple[time, time]:
    """Read `21:00-08:00`.  Raises `ValueError` with an example."""
    try:
        begins, ends = text.split("-")
        return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError:
        raise ValueError("must read like: 21:00-08:00") from None


_chosen: ContextVar[Path | None] = ContextVar("settings_file", default=None)


@contextmanager
def reading(path: Path | None) -> Iterator[None]:
    """Meanwhile settings are read from this file, whatever the environment names."""
    before = _chosen.set(path)
    try:
        yield
    finally:
        _chosen.reset(before)


def file_in_use() -> Path | None:
    """The settings file that a command was told of, if any."""
    named = os.environ.get(SETTINGS_FILE, "")
    return _chosen.get() or (Path(named) if named else None)


def load_settings() -> Settings:
    """Read environment, settings file and secrets folder, in this order.  Raises `ConfigError`, a line for each fault."""
    folder = os.environ.get(SECRETS_FOLDER)
    path = file_in_use()
    filed = settings_file.read(path) if path else {}
    faults = [*_unknown(os.environ), *(f"{path}: {fault}" for fault in _unknown(filed, everything=True))]
    if folder and not Path(folder).is_dir():
        faults.append(f"{SECRETS_FOLDER}: the folder does not exist")
        folder = None
    given = {
        name.removeprefix(PREFIX).lower(): value for name, value in filed.items() if value and not os.environ.get(name)
    }
    try:
        settings = Settings(_secrets_dir=folder, **given)  # type: ignore[arg-type, call-arg]  # checked as it is made
    except ValidationError as error:
        faults += [_told(e["loc"], e["msg"]) for e in error.errors(include_input=False, include_url=False)]
        settings = None
    if faults or settings is None:
        raise ConfigError("\n".join(faults))
    return settings


def _unknown(named: Mapping[str, str], *, everything: bool = False) -> list[str]:
    """A misspelt setting would silently mean its default: it is an error instead."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= set() if everything else {SECRETS_FOLDER, SETTINGS_FILE, *_OF_TESTS}
    return [
        f"{name}: no such setting"
        for name in sorted(named)
        if name not in known and (everything or name.startswith(PREFIX))
    ]


_OF_TESTS = ("HAMRAH_FAILPOINTS", "HAMRAH_TEST_BUILD")


def _told(where: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + str(where[0]).upper() if where else ""
    return f"{name}: {message.removeprefix('Value error, ')}" if name else message.removeprefix("Value error, ")
