"""Puts the work inside a case together: storage behind its ports.  Part of the composition root."""

from collections.abc import Callable
from pathlib import Path

from bot.console.texts import PREFIX
from bot.sealing.roster import LivingRoster
from bot.sealing.shards import Shards
from bot.services.officers.admitting import Admitting
from bot.services.officers.company import Company
from bot.services.officers.epochs import Epochs
from bot.services.officers.exporting import Exporting
from bot.services.officers.matching import Matching
from bot.services.officers.notes import Notes
from bot.services.officers.prepared import Prepared, Wording
from bot.services.officers.saved import SavedViews
from bot.services.officers.sharing import Sharing
from bot.services.officers.work import Work
from storage import (
    Database,
    accounts,
    admissions,
    audit,
    cases,
    company,
    deeds,
    epochs,
    exports,
    mailboxes,
    matching,
    referrals,
    reminders,
    rosters,
    saved_views,
)


def open_work(
    database: Database, living: LivingRoster, keys: Path, wording: Callable[[], Wording], *, prepared_first: bool
) -> Work:
    """`prepared_first`: the first answer to a child is made of prepared sentences (S53)."""

    def roster_version(at: int) -> int:
        return living.current(now=at).version

    return Work(
        Notes(database, cases=cases, deeds=deeds, ledger=audit, reminders=reminders, roster_version=roster_version),
        Prepared(wording, lambda at: living.current(now=at), prefix=PREFIX, first_only=prepared_first),
        Sharing(
            database,
            cases=cases,
            referrals=referrals,
            deeds=deeds,
            ledger=audit,
            roster=lambda at: living.current(now=at),
        ),
        Matching(database, cases=cases, matches=matching, ledger=audit, roster=lambda at: living.current(now=at)),
        Exporting(database, cases=cases, exports=exports, deeds=deeds, ledger=audit, roster_version=roster_version),
        Epochs(
            database,
            bundles=accounts,
            shards=Shards(keys),
            epochs=epochs,
            cases=cases,
            slots=referrals,
            documents=rosters,
            ledger=audit,
            living=living,
        ),
        Admitting(
            database,
            admissions=admissions,
            epochs=epochs,
            cases=cases,
            mailboxes=mailboxes,
            referrals=referrals,
            ledger=audit,
            roster=lambda at: living.current(now=at),
        ),
        Company(database, cases=cases, visits=company),
        SavedViews(database, saved_views),
    )
