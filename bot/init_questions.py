"""What `hamrah init` asks about settings: why, what Enter means, and how an answer is tried before it is kept."""

import errno
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import clock
from bot.asking import Asker
from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import Api
from bot.channels.telegram.request import PooledRequest
from bot.core.errors import ChannelError, ConfigError, StorageError
from bot.running import run
from bot.settings import LOOPBACK, Settings
from bot.starting import TRIAL_MARK, unknown_languages
from storage import open_empty

Given = Mapping[str, str]
"""Short name of a setting → what was answered so far."""
Tried = Callable[[str, Given, Asker], str]
"""The answer, tidied, after trying it.  Raises `ConfigError`."""


def _kept(answer: str, given: Given, asker: Asker) -> str:
    return answer


def _always(given: Given) -> bool:
    return True


def _has_bot(given: Given) -> bool:
    return bool(given.get("telegram_token"))


def _usual(name: str) -> Callable[[Given], str]:
    return lambda given: str(Settings.model_fields[name].default)


def _nothing(given: Given) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """`why`: what somebody needs to know to answer; `usual`: what Enter means; `when`: whether it is asked at all."""

    setting: str
    why: str
    prompt: str
    usual: Callable[[Given], str] = _nothing
    tried: Tried = _kept
    when: Callable[[Given], bool] = _always
    hidden: bool = False


def _data_dir(answer: str, given: Given, asker: Asker) -> str:
    path = Path(answer).expanduser().absolute()
    if (path / TRIAL_MARK).exists():
        raise ConfigError("this folder belongs to a trial, which never becomes a service; choose another one")
    _make(path)
    return str(path)


def _keys_dir(answer: str, given: Given, asker: Asker) -> str:
    path = Path(answer).expanduser().absolute()
    if path.exists() and path.stat().st_mode & 0o077:
        raise ConfigError(f"others may look into this folder; run: chmod -R go= {path}")
    _make(path)
    return str(path)


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        (path / ".try").touch()
        (path / ".try").unlink()
    except OSError as error:
        raise ConfigError(f"this folder cannot be made or written to ({error.strerror})") from None


def _database(answer: str, given: Given, asker: Asker) -> str:
    if answer.startswith("postgresql://"):
        try:
            run(_reached(answer))
        except (StorageError, OSError) as fault:
            raise ConfigError(f"the database does not answer: {fault}") from None
        asker.say("  The database answers.")
    return answer


async def _reached(url: str) -> None:
    database = await open_empty(url)
    try:
        await database.read(lambda conn: None)
    finally:
        await database.close()


def _listen(answer: str, given: Given, asker: Asker) -> str:
    host, _, port = answer.rpartition(":")
    host = host.strip("[]")
    if host not in LOOPBACK and not given.get("public_url"):
        raise ConfigError("without a public address only this machine may reach it, for example 127.0.0.1:8080")
    try:
        with socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return answer
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"something on this machine listens on port {port} already; choose another port"
            ) from None
        raise ConfigError(f"this machine cannot listen there ({error.strerror})") from None


def _public_url(answer: str, given: Given, asker: Asker) -> str:
    if answer and urlsplit(answer).path.strip("/"):
        raise ConfigError("must be a host only, without a path, for example https://help.example.org")
    listen = given.get("listen", "")
    if not answer and listen and listen.rpartition(":")[0].strip("[]") not in LOOPBACK:
        raise ConfigError(f"is needed: the program listens on {listen}, where others can reach it")
    return answer.rstrip("/")


def _timezone(answer: str, given: Given, asker: Asker) -> str:
    there = datetime.fromtimestamp(clock.now(), ZoneInfo(answer))
    asker.say(
        f"  By this machine's clock it is {there:%A, %H:%M} there. If that is wrong, put the clock right before you start."
    )
    return answer


def _languages(answer: str, given: Given, asker: Asker) -> str:
    tags = ",".join(answer.replace(",", " ").split())
    if faults := list(unknown_languages(tuple(tags.split(",")))) if tags else []:
        raise ConfigError("; ".join(faults))
    return tags


def _token(answer: str, given: Given, asker: Asker) -> str:
    if answer:
        address = given.get("telegram_api_url") or str(Settings.model_fields["telegram_api_url"].default)
        try:
            name = run(_bot_name(answer, address))
        except TokenRejected:
            raise ConfigError(
                "Telegram does not know this token: copy it from BotFather again, or make a new one"
            ) from None
        except ChannelError as fault:
            asker.say(f"  {urlsplit(address).hostname} did not answer ({fault}).")
            if not asker.confirm("unchecked", "  Keep the token without having tried it?"):
                raise ConfigError(
                    "the token could not be tried; look at the network, or at the address above"
                ) from None
        else:
            asker.say(f"  Telegram answers: this is @{name}.")
    return answer


async def _bot_name(token: str, address: str) -> str:
    async with Api(PooledRequest(token, api_url=address)) as api:
        return (await api.get_me()).username


def _mode(answer: str, given: Given, asker: Asker) -> str:
    if answer == "webhook" and not given.get("public_url"):
        raise ConfigError("Telegram can call only a public https address; choose poll")
    return answer


def _attachments(answer: str, given: Given, asker: Asker) -> str:
    if answer == "all" and not asker.confirm(
        "procedure",
        "  Is there a written procedure for pictures and files, signed by whoever answers for this service?",
    ):
        raise ConfigError("without a written procedure no pictures are taken; choose voice or none")
    return answer


QUESTIONS = (
    Question(
        "name",
        "What pages call the service. A neutral word: somebody else may look over a child's shoulder.",
        "Name",
        _usual("name"),
    ),
    Question(
        "public_url",
        "The https address under which browsers reach it, through a proxy with a certificate.\n"
        "Leave it empty to serve this machine only, or Telegram alone.",
        "Public address, for example https://help.example.org",
        tried=_public_url,
    ),
    Question(
        "listen",
        "Where the program itself listens; the proxy calls it there. 127.0.0.1 means: this machine only.",
        "HOST:PORT",
        _usual("listen"),
        _listen,
    ),
    Question(
        "data_dir",
        "A folder for the database, on a disk of this machine. Reports lie in it sealed: without officers' keys they are noise.",
        "Data folder",
        lambda given: str(Path("data").absolute()),
        _data_dir,
    ),
    Question(
        "keys_dir",
        "A folder for keys that must lapse. It is NEVER backed up together with the data. Replicas share it.",
        "Keys folder",
        lambda given: str(Path(given.get("data_dir") or "data") / "keys"),
        _keys_dir,
    ),
    Question(
        "database_url",
        "Leave this empty to keep everything in one file in the data folder (one server), or give a PostgreSQL database\n"
        "(several replicas): postgresql://USER:PASSWORD@HOST/NAME. It is tried now.",
        "Database",
        tried=_database,
    ),
    Question(
        "timezone",
        "Children are told at night when somebody will read, and nobody is woken by a message: in which time zone?",
        "Time zone",
        _usual("timezone"),
        _timezone,
    ),
    Question(
        "hours",
        "When officers read, in that zone. Write each day.",
        "Opening hours",
        _usual("hours"),
    ),
    Question(
        "languages",
        "Languages offered, in this order, for example ur,sd,en. Leave it empty for all that are nearly complete.",
        "Languages",
        tried=_languages,
    ),
    Question(
        "telegram_api_url",
        "Where Telegram's Bot API is. Change it only if you run a Bot API server of your own.",
        "Bot API",
        _usual("telegram_api_url"),
    ),
    Question(
        "telegram_token",
        "The bot's token, from BotFather in Telegram (/newbot). It is tried now and not shown. Leave it empty for no bot.",
        "Token",
        tried=_token,
        hidden=True,
    ),
    Question(
        "telegram_mode",
        "poll: we fetch what is written; works everywhere. webhook: Telegram calls the public address; for replicas.",
        "poll or webhook",
        _usual("telegram_mode"),
        _mode,
        _has_bot,
    ),
    Question(
        "retention_days",
        "How many days a case is kept after it was closed, unless the law holds it.",
        "Days",
        _usual("retention_days"),
    ),
    Question(
        "attachments",
        "What children may send besides words: none, voice (voice notes), or all (pictures and files too; only with a\n"
        "written procedure for what is done with them).",
        "none, voice or all",
        _usual("attachments"),
        _attachments,
    ),
)
