"""A trial that is complete after one command: teams, officers, one pass phrase for all of them, a signed roster.

The pass phrase comes from a secret of the trial's own, so that every start can print it again; that is why nothing real
belongs into a trial, and why it is refused with a token or a public address (DESIGN §4.15).
"""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Protocol

from bot.core.roster import Roster, Team
from bot.sealing.officer_keys import COST
from bot.sealing.passphrase import CONSONANTS, VOWELS, WORDS, read_passphrase
from bot.sealing.roster import ROSTER_S, RootOfTrust, sign_roster
from bot.sealing.roster_document import RootKeys
from bot.sealing.signing import signing_public
from bot.sealing.stretch import Cost
from bot.services.officers.account import AccountRow, BundleRow, Role
from bot.services.officers.enrol import Enrolled, ShardMaker, Words, enrol_with
from bot.services.officers.ports import Conn, Database

DAY_S: Final = 86_400

_OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in the trial.  `login` is also the id; `name` names the work, no person."""

    login: str
    name: str
    roles: frozenset[Role]


SEATS: Final = (
    Seat("duty-1", "Duty officer 1 (trial)", _OFFICER),
    Seat("duty-2", "Duty officer 2 (trial)", _OFFICER),
    Seat("sindh", "Officer for Sindh (trial)", _OFFICER),
    Seat("punjab", "Officer for Punjab (trial)", _OFFICER),
    Seat("kp", "Officer for Khyber Pakhtunkhwa (trial)", _OFFICER),
    Seat("balochistan", "Officer for Balochistan (trial)", _OFFICER),
    Seat("border", "Officer for cross-border cases (trial)", _OFFICER),
    Seat("supervisor", "Supervisor (trial)", frozenset({Role.OFFICER, Role.SUPERVISOR})),
    Seat("translator", "Translator (trial)", frozenset({Role.TRANSLATOR})),
    Seat("reviewer", "Reviewer of words and content (trial)", frozenset({Role.REVIEWER})),
    Seat("analyst", "Analyst of figures (trial)", frozenset({Role.ANALYST})),
    Seat("auditor", "Auditor of who did what (trial)", frozenset({Role.AUDITOR})),
    Seat("administrator", "Administrator (trial)", frozenset({Role.ADMINISTRATOR})),
)

_HOME = "PK"


def teams(countries: Sequence[str]) -> tuple[Team, ...]:
    """The trial's teams; the supervisor is in each, so that every case has two readers (D6).

    `countries`: codes of all countries; those abroad go to the cross-border team.
    """

    def team(id: str, name: str, *places: str) -> Team:
        return Team(id, name, places, (id, "supervisor"))

    abroad = tuple(sorted(code for code in countries if code != _HOME))
    duty = ("duty-1", "duty-2")
    return (
        Team("duty", "Duty team (trial)", (_HOME,), (*duty, "supervisor"), duty=True, pair=duty),
        team("sindh", "Sindh team (trial)", "PK-SD"),
        team("punjab", "Punjab team (trial)", "PK-PB", "PK-IS"),
        team("kp", "Khyber Pakhtunkhwa team (trial)", "PK-KP"),
        team("balochistan", "Balochistan team (trial)", "PK-BA"),
        team("border", "Cross-border team (trial)", *abroad),
    )


class Accounts(Protocol):
    """What is added has the shape of `Account` and `Bundle`."""

    def by_id(self, conn: Conn, id: str) -> AccountRow | None: ...

    def bundles(self, conn: Conn, account: str) -> Sequence[BundleRow]: ...

    def add(self, conn: Conn, account: Any, day: int) -> None: ...

    def set_phrase(self, conn: Conn, id: str, *, salt: bytes, cost: str, proof: bytes) -> None: ...

    def add_bundle(self, conn: Conn, account: str, bundle: Any) -> None: ...


class Rosters(Protocol):
    def newest_version(self, conn: Conn) -> int: ...

    def put(self, conn: Conn, version: int, day: int, document: bytes) -> None: ...


class Secrets(Protocol):
    """The keys folder: 32 bytes by name."""

    def find_or_make(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """`phrase`: the words of every seat, to be printed.  `root`: the fingerprint pages check against."""

    deployment: bytes
    root: RootOfTrust
    phrase: str


def known(secrets: Secrets) -> Trial:
    """What can be told without looking into the database."""
    deployment = secrets.find_or_make("deployment")[:16]
    seed = secrets.find_or_make("trial-people")
    root = RootOfTrust.of(deployment, _root_keys(secrets))
    return Trial(deployment, root, phrase_of(seed))


async def prepare(
    database: Database,
    *,
    accounts: Accounts,
    rosters: Rosters,
    secrets: Secrets,
    shards: ShardMaker,
    countries: Sequence[str],
    now: int,
    cost: Cost = COST,
) -> Trial:
    """Make the trial if it is not there or its keys have ended; the first time takes a second."""
    trial = known(secrets)
    if await database.read(lambda conn: _complete(conn, accounts, now)):
        return trial
    words = Words.made_of(trial.phrase, cost)
    enrolled = [
        enrol_with(
            words,
            id=seat.login,
            login=seat.login,
            name=seat.name,
            roles=seat.roles,
            deployment=trial.deployment,
            shards=shards,
            now=now,
        )
        for seat in SEATS
    ]

    def work(conn: Conn) -> None:
        version = rosters.newest_version(conn) + 1
        rosters.put(conn, version, now // DAY_S, _roster(secrets, trial.deployment, version, enrolled, countries, now))
        for one in enrolled:
            _keep(conn, accounts, one, now // DAY_S)

    await database.write(work)
    return trial


def phrase_of(seed: bytes) -> str:
    """The pass phrase of the trial: made like any other, but from the trial's secret.

    One byte chooses a letter; the slight unevenness costs less than a bit, and this is a trial.
    """
    stream = _bytes(seed)
    while True:
        made = ("".join(kind[next(stream) % len(kind)] for kind in (CONSONANTS, VOWELS) * 2) for _ in range(WORDS))
        if phrase := read_passphrase(" ".join(made)):
            return phrase


def _bytes(seed: bytes) -> Iterator[int]:
    for block in count():
        yield from hmac.digest(seed, b"everybody" + block.to_bytes(4, "big"), "sha256")


def _keep(conn: Conn, accounts: Accounts, one: Enrolled, day: int) -> None:
    """Keys that have ended are followed by new ones; the account stays."""
    made = one.account
    if accounts.by_id(conn, made.id) is None:
        accounts.add(conn, made, day)
    else:
        accounts.set_phrase(conn, made.id, salt=made.salt, cost=made.cost, proof=made.proof)
    if one.bundle:
        accounts.add_bundle(conn, made.id, one.bundle)


def _complete(conn: Conn, accounts: Accounts, now: int) -> bool:
    readers = [seat.login for seat in SEATS if Role.OFFICER in seat.roles]
    found = [accounts.by_id(conn, seat.login) for seat in SEATS]
    alike = len({account.salt for account in found if account}) == 1  # else made before all had one pass phrase
    return (
        alike
        and all(found)
        and all(any(one.starts <= now < one.ends for one in accounts.bundles(conn, id)) for id in readers)
    )


def _root_keys(secrets: Secrets) -> RootKeys:
    return RootKeys((signing_public(secrets.find_or_make("trial-root")),), 1)


def _roster(
    secrets: Secrets, deployment: bytes, version: int, enrolled: Sequence[Enrolled], countries: Sequence[str], now: int
) -> bytes:
    roster = Roster(
        deployment=deployment,
        version=version,
        issued=now,
        expires=now + ROSTER_S,
        teams=teams(countries),
        officers=tuple(one.officer for one in enrolled if one.officer),
    )
    signed = [one.signed for one in enrolled if one.signed]
    return sign_roster(roster, _root_keys(secrets), [secrets.find_or_make("trial-root")], signed)
