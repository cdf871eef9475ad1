"""`hamrah`: one command for everything a host does.  Errors go to standard error in plain words, with an exit status."""

import sys
from pathlib import Path

import click

from bot import (
    commands,
    commands_backup,
    commands_doctor,
    commands_duty,
    commands_founding,
    commands_init,
    commands_offline,
    commands_reach,
    commands_stats,
    commands_wording,
    commands_wording_files,
)
from bot.cli_group import Group
from bot.cli_keys import audit, invite, leave, recovery, roster_cards
from bot.cli_notifier import notifier
from bot.core.months import month_named
from bot.running import run
from bot.services.officers.account import Role
from bot.settings import reading


@click.group(cls=Group)
@click.version_option(package_name="hamrah")
@click.option(
    "--settings",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings file; without it, the one that HAMRAH_SETTINGS_FILE names.  The environment goes before both.",
)
@click.pass_context
def main(context: click.Context, settings: Path | None) -> None:
    """A helpline that children and their communities talk to in a chat, in their own language."""
    context.with_resource(reading(settings))


@main.command()
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path("data/trial"), show_default=True)
@click.option("--listen", default="127.0.0.1:8080", show_default=True, help="HOST:PORT, on this machine only.")
def trial(data_dir: Path, listen: str) -> None:
    """Serve a complete trial on this machine: web chat, console, ready-made officers and a few trial reports."""
    run(commands.trial(data_dir, listen))


main.add_command(notifier)


@main.command()
def serve() -> None:
    """Serve what the settings (HAMRAH_*) describe."""
    run(commands.serve())


@main.command()
@click.option("--lang", default="", help="Language to begin with, for example ur.")
@click.option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Play a file of lines.")
@click.option("--server", default="", help="Address of a running server, if not the one of the settings.")
def chat(lang: str, script: Path | None, server: str) -> None:
    """Talk to the helpline in this terminal; the same engine, storage and sealing as every channel."""
    run(commands.chat(lang, script, server))


@main.command()
def migrate() -> None:
    """Bring the database's tables to this release."""
    run(commands.migrate())


@main.command("confirm-clock")
def confirm_clock() -> None:
    """Say that the clock is right, after the service was away for more than two days: purging goes on (R14)."""
    run(commands.confirm_clock())


@main.command("backup-key")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File for the secret half.")
def backup_key(out: Path) -> None:
    """Make the key that opens backups, on a machine that is never online; its public half goes to the server."""
    commands_backup.make_key(out)


@main.command()
def backup() -> None:
    """Make a backup now, sealed to HAMRAH_BACKUP_KEY; a running server is asked to, and makes one each day by itself."""
    run(commands_backup.backup())


@main.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option(
    "--key", required=True, type=click.Path(exists=True, path_type=Path, dir_okay=False), help="Its secret half."
)
@click.option("--drill", is_flag=True, help="Restore all of it beside, count it, throw it away: needs no settings.")
def restore(file: Path, key: Path, drill: bool) -> None:
    """Fill the empty database of the settings from a backup, of either kind of database."""
    run(commands_backup.restore(file, key, drill))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def doctor(as_json: bool) -> None:
    """Check settings, keys, roster, database, content and translations; exit status 1 when something is red."""
    sys.exit(0 if run(commands_doctor.doctor(as_json)) else 1)


@main.command("sync-profile")
def sync_profile() -> None:
    """Bring the bot's name, descriptions, commands and menu button into step; exit status 1 when something was refused."""
    sys.exit(0 if run(commands_reach.sync_profile()) else 1)


@main.command()
@click.option("--campaign", required=True, help="One of HAMRAH_CAMPAIGNS; talks opened through the poster are counted.")
@click.option("--lang", required=True, help="Language of the words, for example sd.")
@click.option("--bot", default="", help="Name of the bot, if Telegram is not to be asked for it.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="SVG file to write; else standard output.")
def poster(campaign: str, lang: str, bot: str, out: Path | None) -> None:
    """Draw a poster to print: neutral words and a code to scan that leads to the chat."""
    run(commands_reach.poster(campaign, lang, bot, out))


@main.group()
def stats() -> None:
    """Counts by month; of nobody in particular, and none that is smaller than five."""


def _since(context: click.Context, option: click.Parameter, value: str) -> int:
    month = month_named(value) if value else 0
    if month is None:
        raise click.BadParameter("a month is written as in 2026-03")
    return month


_JSON = click.option("--json", "as_json", is_flag=True, help="For machines.")
_SINCE = click.option("--since", default="", callback=_since, help="First month to count, as in 2026-03.")


@stats.command("campaigns")
@_JSON
def stats_campaigns(as_json: bool) -> None:
    """How many talks were opened through each campaign's links, by month and language."""
    run(commands_stats.campaigns(as_json))


@stats.command("feedback")
@_JSON
@_SINCE
def stats_feedback(as_json: bool, since: int) -> None:
    """What is said of pages, stories, tools and answers, and the proposals marked for the yearly sheet."""
    run(commands_stats.feedback(as_json, since))


@stats.command("calls")
@_JSON
@_SINCE
def stats_calls(as_json: bool, since: int) -> None:
    """How calls to the entries of the help directory went."""
    run(commands_stats.calls(as_json, since))


_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_THERE = click.Path(path_type=Path, dir_okay=False, exists=True)


@main.command()
@click.option("--answers", type=_THERE, help="TOML file of answers, for scripts: nothing is asked then.")
@click.option("--carry", type=_FOLDER, help="What goes to the offline machine; `carry` beside the settings file.")
@click.option("--change", is_flag=True, help="Go through all settings again, with what stands there as the default.")
@click.option("--root-key", type=_FILE, help="Ask nothing: make folders, tables and one root key in this file, here.")
def init(answers: Path | None, carry: Path | None, change: bool, root_key: Path | None) -> None:
    """Found a service, question by question; stop when you like, and run it again to go on.

    Writes the settings file (--settings, HAMRAH_SETTINGS_FILE, or hamrah.env here), makes folders, tables and the first
    people, and says what to do on the machine that is never online.
    """
    if root_key is not None:
        run(commands_founding.init(root_key))
    else:
        commands_init.init(answers, carry, change=change)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--keys", type=_FOLDER, required=True, help="Folder for the keys that are made; they stay on this machine."
)
@click.option("--answers", type=_THERE, help="TOML file of answers, for scripts: root_keys, recovery, signs.")
def offline(folder: Path, keys: Path, answers: Path | None) -> None:
    """Make the root keys and the recovery key and sign the first list: on a machine that is never online.

    FOLDER is what `hamrah init` prepared, carried here on a stick; carry it back afterwards.
    """
    commands_offline.offline(answers, folder, keys)


@main.group()
def officer() -> None:
    """People who sign in to the console."""


@officer.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Display name, shown to colleagues only.")
@click.option("--role", "roles", multiple=True, default=["officer"], type=click.Choice([r.value for r in Role]))
@click.option("--card", type=_FILE, help="Where to write the officer's public keys, for the roster.")
def officer_add(login: str, name: str, roles: tuple[str, ...], card: Path | None) -> None:
    """Make an account and print its pass phrase, once."""
    run(commands_founding.add_officer(login, name, frozenset(Role(role) for role in roles), card))


@main.group()
def roster() -> None:
    """The signed list of who may read."""


@roster.command("sign")
@click.option("--root-key", "root_keys", type=_THERE, required=True, multiple=True, help="Given for each who signs.")
@click.option("--teams", type=_THERE, required=True, help="TOML: [[team]] id, name, places, officers, duty, pair.")
@click.option("--version", type=click.IntRange(min=1), required=True, help="Higher than the one in force.")
@click.option("--out", type=_FILE, required=True)
@click.argument("cards", nargs=-1, required=True, type=_THERE)
@click.option("--recovery", type=_THERE, help="The public recovery key, which may open what nobody else can.")
def roster_sign(
    root_keys: tuple[Path, ...], teams: Path, version: int, out: Path, cards: tuple[Path, ...], recovery: Path | None
) -> None:
    """Sign a roster from officers' CARDS; needs no database, meant for an offline machine."""
    commands_founding.sign_roster(root_keys, teams, cards, version, out, recovery)


@roster.command("publish")
@click.option("--even-if-lost", is_flag=True, help="Also when no officer could open some cases any more.")
@click.argument("document", type=_THERE)
def roster_publish(document: Path, even_if_lost: bool) -> None:
    """Verify a signed roster and put it in force."""
    sys.exit(0 if run(commands_founding.publish_roster(document, even_if_lost)) else 1)


@roster.command("show")
def roster_show() -> None:
    """Teams, and who of them can read now."""
    run(commands_founding.show_roster())


@main.group()
def duty() -> None:
    """Who is told of urgent reports that nobody has opened."""


@duty.command("check")
def duty_check() -> None:
    """Who is on duty now, and what is wrong with the duty roster; exit status 1 when something is."""
    sys.exit(0 if run(commands_duty.check()) else 1)


@duty.command("test")
@click.argument("person")
def duty_test(person: str) -> None:
    """Send a test to every address of PERSON; exit status 1 when one did not take it."""
    sys.exit(0 if run(commands_duty.send_test(person)) else 1)


@main.group()
def wording() -> None:
    """Texts and translations."""


@wording.command("stats")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def wording_stats(as_json: bool) -> None:
    """Per language: texts, drafted, reviewed, stale, missing, recorded by a person, spoken by a computer for a trial."""
    commands_wording.stats(as_json)


@wording.command("check")
def wording_check() -> None:
    """Check content, every catalog and every recording; exit status 1 with one line for each fault."""
    holds = (commands_wording.check(), commands_wording.check_clips())
    sys.exit(0 if all(holds) else 1)


@wording.command("export")
@click.option("--lang", required=True, help="Language, for example ur.")
@click.option("--format", "kind", type=click.Choice(commands_wording_files.FORMATS), default="po", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; standard output without it."
)
def wording_export(lang: str, kind: str, out: Path | None) -> None:
    """Write every text of a language as it stands at the translators' desk (PO, XLIFF 1.2 and 2.0, CSV)."""
    run(commands_wording_files.export(lang, kind, out))


@wording.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--lang", required=True, help="Language, for example ur.")
@click.option("--format", "kind", type=click.Choice(commands_wording_files.FORMATS), default="po", show_default=True)
@click.option("--dry-run", is_flag=True, help="Only list what would change and what is refused.")
def wording_import(file: Path, lang: str, kind: str, dry_run: bool) -> None:
    """Take a file over as drafts, whole or not at all; exit status 1 with one line for each text that is refused."""
    sys.exit(0 if run(commands_wording_files.bring(file, lang, kind, dry_run)) else 1)


@wording.command("recordings")
@click.option("--out", type=_FILE, default=Path("locales"), show_default=True, help="Folder of the catalogs.")
def wording_recordings(out: Path) -> None:
    """Write the recordings published at the desk as files of the repository: LANGUAGE/audio/ID.ogg."""
    run(commands_wording_files.recorded(out))


@wording.command("voice")
@click.option("--lang", required=True, help="Language to speak, for example ur.")
@click.option("--only", multiple=True, help="Id of one text; may be given again.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Another folder than that of the catalogs."
)
def wording_voice(lang: str, only: tuple[str, ...], out: Path | None) -> None:
    """Make trial recordings with espeak-ng, marked as a computer's voice; a person's recording always goes before."""
    commands_wording.voice(lang, only, out)


@wording.command("extract")
def wording_extract() -> None:
    """Refresh the templates and every catalog from the content."""
    commands_wording.extract()


for _under, _command in (
    (main, audit),
    (main, recovery),
    (officer, invite),
    (officer, leave),
    (roster, roster_cards),
):
    _under.add_command(_command)
