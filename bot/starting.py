"""What a service refuses to start with: anything that would let words out, or take them in for nobody (S59)."""

import asyncio
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.core.errors import ConfigError
from bot.sealing.archive import read_public
from bot.sealing.fields import Malformed
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.roster import RootOfTrust
from bot.sealing.roster_document import read_document, read_root
from bot.settings import PREFIX, USUAL_FILE, Settings, file_in_use
from bot.wording.registry import load_registry, locales_folder

TRIAL_MARK = "TRIAL"
"""A file in the data folder of a trial: it can never become a service, nor a service a trial."""


def refuse_unsafe(settings: Settings) -> None:
    """Raises `ConfigError` with one line for each fault."""
    faults = [*_trust(settings), *_folders(settings), *_reach(settings), *language_faults(settings), *_tests(settings)]
    if faults:
        raise ConfigError("\n".join(PREFIX + fault for fault in faults))


def refuse_strange_keys(settings: Settings, roster: bytes) -> None:
    """A replica with a keys folder of its own would take reports that others cannot pass on.  `roster`: in force, or empty."""
    known = KeysFolder(settings.keys).find("deployment")
    if known is None:
        raise ConfigError(
            f"{PREFIX}KEYS_DIR: {settings.keys} holds no keys of this service: is the folder that all replicas share mounted "
            "there? For a new service `hamrah init` makes it"
        )
    if roster and read_root(read_document(roster).body)[1] != known[:16]:
        raise ConfigError(
            f"{PREFIX}KEYS_DIR: the keys in {settings.keys} are those of another service than the database's"
        )


def _trust(settings: Settings) -> Iterator[str]:
    if not settings.root_fingerprint:
        here = USUAL_FILE.is_file() and file_in_use() is None
        hint = f"; your settings are in {USUAL_FILE}: run `hamrah --settings {USUAL_FILE} …`" if here else ""
        yield f"ROOT_FINGERPRINT is missing: it says whose roster to trust; `hamrah init` prints it{hint}"
        return
    try:
        RootOfTrust.from_text(settings.root_fingerprint)
    except Malformed as fault:
        yield f"ROOT_FINGERPRINT: {fault}; `hamrah init` prints it"


def _folders(settings: Settings) -> Iterator[str]:
    if not settings.data_dir.is_dir():
        yield "DATA_DIR: the folder does not exist; `hamrah init` makes it"
    elif (settings.data_dir / TRIAL_MARK).exists():
        yield "DATA_DIR: this folder belongs to a trial; a service begins with `hamrah init`"
    if settings.audio_dir is not None and not settings.audio_dir.is_dir():
        yield "AUDIO_DIR: the folder does not exist; recordings stand in it as <language>/audio/<text id>.ogg"
    if settings.duty_file is not None and not settings.duty_file.is_file():
        yield "DUTY_FILE: there is no such file; docs/hosting.md shows one"
    if settings.backup_key is not None:
        try:
            read_public(settings.backup_key)
        except ConfigError as fault:
            yield f"BACKUP_KEY: {fault}"
    if not settings.keys.is_dir():
        yield "KEYS_DIR: the folder does not exist; `hamrah init` makes it"
        return
    if settings.notifier_socket is not None and (left := KeysFolder(settings.keys).names("notifier-")):
        yield (
            f"NOTIFIER_SOCKET: the notifier has a process of its own, and {len(left)} of its keys lie in {settings.keys}: "
            f"stop, move them ({', '.join(left)}) into the notifier's folder, then start both"
        )
    open_to_others = [path.name for path in (settings.keys, *settings.keys.rglob("*")) if _is_open(path)]
    if open_to_others:
        named = ", ".join(sorted(open_to_others)[:5])
        yield f"KEYS_DIR: others may read {len(open_to_others)} of its entries ({named}); run: chmod -R go= on it"


def _is_open(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.lstat().st_mode) & 0o077)
    except FileNotFoundError:  # another replica's key came and went
        return False


def _reach(settings: Settings) -> Iterator[str]:
    if not settings.on_loopback() and not settings.public_url:
        yield (
            f"PUBLIC_URL is missing: {settings.listen} can be reached by others, so say the https address of the "
            "proxy in front of it, or listen on 127.0.0.1"
        )
    if settings.console_host and not settings.public_url.startswith("https://"):
        yield "CONSOLE_HOST needs a PUBLIC_URL that begins with https://"


def language_faults(settings: Settings) -> Iterator[str]:
    """A language that is offered must be there."""
    yield from (f"LANGUAGES: {fault}" for fault in unknown_languages(settings.offered_languages))
    if settings.languages and not settings.offered_languages:
        yield "LANGUAGES: name at least one, for example en,ur"


def unknown_languages(tags: Sequence[str]) -> Iterator[str]:
    known = load_registry().languages
    for tag in tags:
        if tag not in known:
            yield f"{tag} is not known; there are {', '.join(sorted(known))}"
        elif tag != "en" and not (locales_folder() / tag / "LC_MESSAGES" / "chat.po").exists():
            yield f"there is no translation for {tag} yet"


def _tests(settings: Settings) -> Iterator[str]:
    """A build for tests can be told to fail, and a debugging interpreter prints what it works on."""
    real = settings.public_url.startswith("https://")
    if real and os.environ.get(PREFIX + "TEST_BUILD"):
        yield "TEST_BUILD is set: this is a service for people"
    if real and (sys.flags.dev_mode or asyncio.get_running_loop().get_debug()):
        yield "PUBLIC_URL is for people, and the interpreter is in debug mode: unset PYTHONDEVMODE and PYTHONASYNCIODEBUG"
