"""The people part of `hamrah init`: who has an account, with which words, and in which team.

What is in the database and in the carried folder already is not asked again.
"""

import click

from bot.asking import Asker
from bot.carrying import Carried
from bot.commands_founding import hire
from bot.content.loader import load_content
from bot.core.errors import ConfigError
from bot.core.roster import Team
from bot.running import run
from bot.services import founding
from bot.services.officers.account import Role
from bot.services.officers.enrol import READS
from bot.settings import Settings
from bot.settings_file import write_closed
from storage import accounts, open_database

Staff = dict[str, frozenset[str]]
"""Login → roles of everybody who has an account."""


def ask_people(asker: Asker, settings: Settings, carried: Carried) -> None:
    """Ask who there shall be, note it at once, then make the accounts that are not there yet."""
    hired = run(_staff(settings))
    planned = {**_noted(carried), **hired}
    readers = [login for login, roles in planned.items() if roles & _values(READS)]
    if len(readers) < 2:
        have = f" (there already: {', '.join(readers)})" if readers else ""
        asker.say(f"\nWho answers reports? Two people or more, so that a report never has a single reader{have}.")
        said = asker.ask("officers", "Names to sign in with, spaces between", check=lambda a: _logins(a, readers))
        for login in said.split():
            _note(carried, planned, login, Role.OFFICER)
    if not _anybody(planned, Role.SUPERVISOR):
        asker.say(
            "\nThe supervisor looks after the others: sees the queue and the figures, and is told when nobody opens a report."
        )
        login = asker.ask("supervisor", "Supervisor's name to sign in with", check=lambda a: _fresh(a, hired))
        _note(carried, planned, login, Role.SUPERVISOR)
    if not _anybody(planned, Role.ADMINISTRATOR):
        asker.say("\nThe administrator cares for people, texts and settings in the console, and reads no report.")
        login = asker.ask("administrator", "Administrator's name to sign in with", check=lambda a: _fresh(a, hired))
        _note(carried, planned, login, Role.ADMINISTRATOR)
    for login, roles in planned.items():
        if login not in hired:
            _hire(asker, settings, carried, login, frozenset(Role(role) for role in roles))


def _noted(carried: Carried) -> Staff:
    """Who was named in an earlier sitting."""
    file = carried.people_file
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {login: frozenset(roles) for login, *roles in (line.split() for line in lines) if roles}


def _note(carried: Carried, planned: Staff, login: str, role: Role) -> None:
    planned[login] = planned.get(login, frozenset()) | {role.value}
    lines = [" ".join((login, *sorted(roles))) for login, roles in planned.items()]
    write_closed(carried.people_file, "\n".join(lines) + "\n")


def _hire(asker: Asker, settings: Settings, carried: Carried, login: str, roles: frozenset[Role]) -> None:
    """The words are shown before the account is kept: whoever stops between has lost nothing but words never used."""

    def handed_over(phrase: str) -> None:
        asker.say(
            f"\n{login} signs in with these six words. They are shown once; hand them over in person:\n\n  {phrase}\n"
        )
        if not asker.confirm("written", f"Has {login} written them down?", default=True):
            raise click.Abort

    card = carried.card_file(login) if roles & READS else None
    text = run(hire(settings, login, login.title(), roles, card, handed_over))
    if text:
        asker.say(f"Signs of {login}, to be compared where the list is signed:  {founding.fingerprint(text)}")


def ask_teams(asker: Asker, settings: Settings, carried: Carried) -> None:
    if carried.teams_file.exists():
        carried.teams()
        asker.say(f"\nThe teams are those of {carried.teams_file}.")
        return
    readers = [login for login, roles in run(_staff(settings)).items() if roles & _values(READS)]
    asker.say(
        "\nThe first team receives every report that fits no other. Which countries or provinces is it for?\n"
        "ISO 3166 codes; a country covers its provinces, for example PK."
    )
    places = asker.ask("places", "Places", default="PK", check=_places).split()
    team = Team("duty", "Duty team", tuple(places), tuple(readers), duty=True, pair=tuple(readers[:2]))
    write_closed(carried.teams_file, founding.written_teams([team]))
    asker.say(
        f"Written: {carried.teams_file}. Before it is signed you can change names in it and add teams (docs/hosting.md)."
    )


def _places(answer: str) -> str:
    known = load_content().places
    codes = answer.upper().replace(",", " ").split()
    if strange := [code for code in codes if code not in known]:
        raise ConfigError(
            f"{', '.join(strange)}: no such place; there are {', '.join(c for c in known if len(c) == 2)}"
        )
    if not codes:
        raise ConfigError("name at least one place")
    return " ".join(codes)


def _logins(answer: str, there: list[str]) -> str:
    logins = list(dict.fromkeys(answer.replace(",", " ").split()))
    for login in logins:
        _login(login)
    if len({*logins, *there}) < 2:
        raise ConfigError("name at least two: one alone may be ill, and then nobody could read")
    return " ".join(logins)


def _fresh(answer: str, there: Staff) -> str:
    if answer in there:
        raise ConfigError(f"{answer} has an account without this role already; choose another name")
    return _login(answer)


def _login(login: str) -> str:
    if not (login.isascii() and 0 < len(login) <= 32 and all(c.isalnum() or c in "-_" for c in login)):
        raise ConfigError(f"{login!r} must be 1 to 32 letters a-z, digits, - and _")
    return login


def _anybody(there: Staff, role: Role) -> bool:
    return any(role.value in roles for roles in there.values())


def _values(roles: frozenset[Role]) -> frozenset[str]:
    return frozenset(role.value for role in roles)


async def _staff(settings: Settings) -> Staff:
    database = await open_database(settings.database)
    try:
        return {id: roles for id, _, roles in await database.read(accounts.everybody)}
    finally:
        await database.close()
