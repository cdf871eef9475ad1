"""`hamrah init`, guided: from an empty machine to a service that can be served.

Every stage looks first at what is there, so that it can be stopped anywhere and run again: nothing is lost or overwritten.
"""

from pathlib import Path

import click

from bot.asking import Answers, Asker, Prompts
from bot.carrying import Carried
from bot.clock import now
from bot.commands_founding import DEPLOYMENT, prepared_folders, published
from bot.commands_offline import grouped
from bot.core.errors import ConfigError, HelplineError
from bot.init_people import ask_people, ask_teams
from bot.init_questions import QUESTIONS
from bot.init_settings import HEAD, ask_settings
from bot.running import run
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.roster import RootOfTrust, verify_roster
from bot.sealing.roster_document import read_document, read_root
from bot.services import founding
from bot.settings import USUAL_FILE, Settings, file_in_use, load_settings, reading
from bot.settings_file import store, write_closed
from storage import open_database, rosters

KNOWN = (
    *(question.setting for question in QUESTIONS),
    *("procedure", "unchecked", "officers", "supervisor", "administrator", "written"),
    *("places", "root", "fingerprint_right"),
)
"""What a file of answers may hold."""


def init(answers: Path | None, carry: Path | None, *, change: bool = False) -> None:
    """`carry`: the folder for the offline machine; by default `carry` beside the settings file."""
    file = (file_in_use() or USUAL_FILE).absolute()
    asker: Asker = Answers(answers, KNOWN) if answers else Prompts()
    asker.say(
        f"We found a service together. Each answer is written to {file} at once: stop with Ctrl-C when you like, and run\n"
        "`hamrah init` again to go on. Enter takes what stands in [brackets], - takes it away."
    )
    try:
        _found(asker, file, Carried((carry or file.with_name("carry")).absolute()), change)
    except (click.Abort, KeyboardInterrupt):
        raise ConfigError(
            f"\nStopped. Nothing is lost: {file} keeps your answers, and `hamrah init` goes on here"
        ) from None


def _found(asker: Asker, file: Path, carried: Carried, change: bool) -> None:
    ask_settings(asker, file, anew=change)
    with reading(file):
        settings = load_settings()
        run(prepared_folders(settings))
        if not run(_in_force(settings)):
            ask_people(asker, settings, carried)
            ask_teams(asker, settings, carried)
            if not carried.roster_file.exists() and not _signed(asker, settings, carried):
                return
            _publish(asker, settings, carried, file)
        run(_complete(load_settings()))
    asker.say(_WHAT_NEXT.format(file=file, public=settings.public_url or f"http://{settings.listen}"))


_WHAT_NEXT = """
The service is founded. Tell every command where its settings are, look at it, and start it:

  export HAMRAH_SETTINGS_FILE={file}
  hamrah doctor
  hamrah serve

Chat: {public}/    Console: {public}/console
Still to do before the first child writes: a first backup, and who is told of urgent reports (HAMRAH_DUTY_FILE).
`hamrah doctor` is red until both are there, and docs/hosting.md shows how."""


async def _in_force(settings: Settings) -> int:
    """Version of the list that counts, 0 where there is none yet."""
    database = await open_database(settings.database)
    try:
        return await database.read(rosters.newest_version)
    finally:
        await database.close()


async def _complete(settings: Settings) -> None:
    """Raises when this is the database of another root than the settings name."""
    database = await open_database(settings.database)
    try:
        document = await database.read(rosters.newest)
    finally:
        await database.close()
    if not settings.root_fingerprint:
        raise ConfigError(
            "the database has a list of officers, and HAMRAH_ROOT_FINGERPRINT is missing: write it into the file"
        )
    try:
        verify_roster(document, RootOfTrust.from_text(settings.root_fingerprint), now=now())
    except HelplineError as fault:
        why = str(fault) or type(fault).__doc__
        raise ConfigError(
            f"the list of officers in the database is refused: {why}; is this the database of this service?"
        ) from fault


_OFFLINE = """
Now to the machine that is never online (an old laptop without network does):

 1. Copy this folder onto a stick, it holds nothing secret:  {folder}
 2. Bring the same release of hamrah there, on a stick as well.
 3. There:  hamrah offline {name} --keys secrets
    It makes the root keys, the recovery key and the key of the backups, shows the officers' signs to compare with those
    above, and signs the list.
 4. Carry the folder {name} back to where it was, and run `hamrah init` again.

The keys it makes stay there; the service never sees them."""


def _signed(asker: Asker, settings: Settings, carried: Carried) -> bool:
    """Sign here, or prepare what is carried to the offline machine; whether there is a signed list now."""
    asker.say(
        "\nRoot keys say who may read. For a real service they are made on a machine that is never online (offline);\n"
        "to try things out they can be made here (here), and be moved later."
    )
    where = asker.ask("root", "offline or here", default="offline", check=_where)
    deployment = KeysFolder(settings.keys).find_or_make(DEPLOYMENT)[:16]
    write_closed(carried.folder / "deployment", deployment.hex() + "\n")
    if where == "offline":
        asker.say("\nThe signs of the officers:\n")
        for text in carried.cards():
            asker.say(f"  {founding.read_card(text)[0].id:<16}{founding.fingerprint(text)}")
        asker.say(_OFFLINE.format(folder=carried.folder, name=carried.folder.name))
        return False
    file = carried.folder.with_name("root.key")
    if not file.exists():
        write_closed(file, founding.new_root(deployment)[0])
    text = file.read_text("utf-8")
    key = founding.read_root(text)
    if key.deployment != deployment:
        raise ConfigError(f"{file} is the root key of another service: move it away, then run `hamrah init` again")
    document = founding.sign(text, carried.teams(), carried.cards(), version=1, now=now())
    write_closed(carried.fingerprint_file, key.trust.as_text() + "\n")
    write_closed(carried.roster_file, document.decode("ascii"))
    asker.say(
        f"The root key is in {file}. Move it to a machine that is never online: whoever has it says who may read."
    )
    return True


def _where(answer: str) -> str:
    if answer not in ("offline", "here"):
        raise ConfigError("write offline or here")
    return answer


def _publish(asker: Asker, settings: Settings, carried: Carried, file: Path) -> None:
    fingerprint, document = carried.fingerprint(), carried.roster_file.read_bytes()
    trust = RootOfTrust.from_text(fingerprint)
    try:
        deployment = read_root(read_document(document).body)[1]
        if deployment != KeysFolder(settings.keys).find_or_make(DEPLOYMENT)[:16]:
            raise ConfigError("it was signed for another service, whose keys are in another folder")
        verify_roster(document, trust, now=now())
    except HelplineError as fault:
        why = str(fault) or type(fault).__doc__
        raise ConfigError(
            f"{carried.roster_file} is refused: {why}; carry the right folder from the offline machine once more"
        ) from fault
    if settings.root_fingerprint and RootOfTrust.from_text(settings.root_fingerprint) != trust:
        raise ConfigError(f"{file} names another HAMRAH_ROOT_FINGERPRINT: a second root would make two services of one")
    asker.say(f"\nThe fingerprint of the root keys:\n\n  {grouped(fingerprint)}\n")
    if not asker.confirm("fingerprint_right", "Is it the one you saw where the list was signed?", default=False):
        raise ConfigError("nothing was put in force: compare the fingerprint, then run `hamrah init` again")
    store(file, {"HAMRAH_ROOT_FINGERPRINT": trust.as_text()}, head=HEAD)
    if carried.backup_key_file.exists() and settings.backup_key is None:
        kept = file.with_name(carried.backup_key_file.name)
        write_closed(kept, carried.backup_key_file.read_text("ascii"))
        store(file, {"HAMRAH_BACKUP_KEY": str(kept)})
    roster, closed = run(published(load_settings(), document))
    if roster is None:
        raise ConfigError(
            f"nothing was put in force: {closed} cases would lose their last reader; see `hamrah roster publish`"
        )
    asker.say("The list of officers is in force. Publish the fingerprint where people can compare it.")
