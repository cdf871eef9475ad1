"""`hamrah offline`: everything that a machine which is never online does when a service is founded, in one sitting.

It makes the root keys, the recovery key and the key of the backups, shows every officer's signs, and signs the first list.
Needs no settings.
"""

from pathlib import Path

import click

from bot.asking import Answers, Asker, Prompts
from bot.carrying import Carried
from bot.clock import now
from bot.commands_backup import key_pair
from bot.core.errors import ConfigError
from bot.core.roster import ReaderKey
from bot.services import founding, recovery
from bot.settings_file import write_closed

_NEEDED = {1: 1, 3: 2}
"""Root keys that are made → how many of them sign together."""


def offline(answers: Path | None, folder: Path, keys: Path) -> None:
    asker: Asker = Answers(answers, ("root_keys", "recovery", "signs")) if answers else Prompts()
    try:
        found(asker, folder, keys)
    except (click.Abort, KeyboardInterrupt):
        raise ConfigError("\nStopped. Nothing is lost: the same command goes on here") from None


def found(asker: Asker, folder: Path, secrets: Path) -> None:
    """`folder`: as carried here; `secrets`: where keys and shares are written.  Repeating it goes on where it stopped."""
    carried = Carried(folder)
    deployment, teams, cards = carried.deployment(), carried.teams(), carried.cards()
    if folder.absolute() == secrets.absolute() or folder.absolute() in secrets.absolute().parents:
        raise ConfigError(
            f"{secrets} lies in the folder that goes back to the service: choose another one for the keys"
        )
    if carried.roster_file.exists():
        raise ConfigError(
            f"{carried.roster_file} is there already: carry the folder back.  To begin again, remove that file first"
        )
    roots = _roots(asker, secrets, deployment)
    key, _ = founding.read_roots(roots)
    spare = _recovery(asker, carried, secrets)
    if not carried.backup_key_file.exists():
        secret, public = key_pair()
        write_closed(secrets / "backup.key", secret)
        write_closed(carried.backup_key_file, public)
        asker.say(f"Written: {secrets / 'backup.key'}, which opens every backup. Keep two copies of it, at two places.")
    asker.say("\nEach officer has signs. They belong to the keys that will open reports:\n")
    for text in cards:
        asker.say(f"  {founding.read_card(text)[0].id:<16}{founding.fingerprint(text)}")
    if not asker.confirm("signs", "\nAre these the signs that `hamrah init` showed on the service?"):
        raise ConfigError("nothing was signed: copy the folder from the service again and compare once more")
    document = founding.sign(roots, teams, cards, version=1, now=now(), recovery=spare)
    fingerprint = key.trust.as_text()
    write_closed(carried.fingerprint_file, fingerprint + "\n")
    write_closed(carried.roster_file, document.decode("ascii"))
    asker.say(
        f"\nSigned. Write this fingerprint down, or photograph it; it is public, and you compare it at the service:\n\n"
        f"  {grouped(fingerprint)}\n\n"
        f"Carry {folder} back to the service and run `hamrah init` there again.\n"
        f"What lies in {secrets} never leaves this machine except into the hands of its holders."
    )


def grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def _roots(asker: Asker, secrets: Path, deployment: bytes) -> list[str]:
    """Texts of the root key files, made now or found from an interrupted sitting."""
    there = sorted(secrets.glob("root-*.key"))
    if there:
        texts = [path.read_text("utf-8") for path in there]
        key, _ = founding.read_roots(texts)
        if key.deployment != deployment or len(texts) != len(key.root.keys):
            raise ConfigError(
                f"{secrets} holds root keys of another service, or not all of them: choose another folder"
            )
        asker.say(f"The root keys of {secrets} are used.")
        return texts
    asker.say(
        "Root keys say who may read reports.\n"
        "3: three people each keep one, and any two must agree (recommended).  1: one person keeps the only one."
    )
    count = int(asker.ask("root_keys", "Root keys, 3 or 1", default="3", check=_count))
    made, _ = founding.new_roots(deployment, count, _NEEDED[count])
    for number, text in enumerate(made, 1):
        write_closed(secrets / f"root-{number}.key", text)
    asker.say(
        f"Written: {count} root keys, in {secrets}. Copy each onto a stick of its own for its holder, and keep a copy apart."
    )
    return list(made)


def _count(answer: str) -> str:
    if answer not in {str(count) for count in _NEEDED}:
        raise ConfigError("write 3 or 1")
    return answer


def _recovery(asker: Asker, carried: Carried, secrets: Path) -> ReaderKey | None:
    if carried.recovery_file.exists():
        asker.say(f"The recovery key of {carried.recovery_file} is used.")
        return recovery.read_public(carried.recovery_file.read_text("utf-8"))
    asker.say(
        "\nThe recovery key opens cases when every officer of theirs is lost. It is cut into three shares, of which two open;\n"
        "give each to a person of another organisation. Without it such cases stay closed for ever."
    )
    if not asker.confirm("recovery", "Make a recovery key?", default=True):
        return None
    made = recovery.make(now=now())
    for number, share in enumerate(made.shares, 1):
        write_closed(secrets / f"share-{number}.txt", share + "\n")
    write_closed(carried.recovery_file, made.public)
    click.echo(f"Written: three shares, in {secrets}. Print each on paper, hand it over, and destroy the files.")
    return recovery.read_public(made.public)
