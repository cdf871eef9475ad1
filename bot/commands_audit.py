"""Commands over the log of who did what: verify it, sign its head for a witness, tell its key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click

from bot.auditing_end import open_auditing, witness
from bot.clock import now
from bot.sealing.fields import base64_text
from bot.sealing.roster_document import read_document, read_root
from bot.services.auditing import Auditing
from bot.settings import load_settings
from storage import open_database, rosters

TOLD = {
    "gap": "an entry is missing at place {at}",
    "changed": "the entries before place {at} are not those that were signed: changed, moved, put in or taken out",
    "cut": "{at} entries were signed, the log is shorter: its end was cut off",
    "unsigned": "a head (length {at}) that this log did not sign",
    "fork": "two signed heads of length {at} differ: two logs were shown",
    "late": "no head was signed for more than two hours; is the service running?",
}


async def verify(notes: tuple[Path, ...]) -> bool:
    async with _opened() as auditing:
        verdict = await auditing.verify(now=now(), notes=[path.read_text("utf-8") for path in notes])
    click.echo(
        f"{verdict.size} entries, {verdict.heads} heads looked at; {verdict.signed} entries are fixed by a signed head"
    )
    if verdict.ended:
        click.echo(f"the first {verdict.ended} of them have ended after two years, as the log itself signed")
    for fault in verdict.faults:
        click.echo(f"WRONG  {TOLD[fault.what.value].format(at=fault.at)}")
    if not verdict.faults:
        click.echo("ok  nothing was taken out, changed, moved or cut")
    return not verdict.faults


async def head(out: Path | None) -> bool:
    async with _opened() as auditing:
        if out is None:
            click.echo(await auditing.head(now=now()), nl=False)
            return True
        why = await witness(auditing, out, now=now())
    if why:
        click.echo(
            f"{out} stays as it was, and the log does not fit it: run `hamrah audit verify --witness {out}`", err=True
        )
        return False
    click.echo(f"the head is in {out}; keep it where the administrators of this machine cannot change it")
    return True


async def key() -> None:
    async with _opened() as auditing:
        click.echo(f"{auditing.origin} {base64_text(auditing.public)}")


@asynccontextmanager
async def _opened() -> AsyncIterator[Auditing]:
    settings = load_settings()
    database = await open_database(settings.database)
    try:
        document = read_document(await database.read(rosters.newest))  # lapsed or not: only its name is needed
        yield open_auditing(database, settings.keys, read_root(document.body)[1])
    finally:
        await database.close()
