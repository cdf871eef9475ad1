"""Officers with real keys, and a roster signed by a root of the tests' own: nothing about sealing is pretended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.sealing.context import new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.roster import RootOfTrust, sign_roster
from bot.sealing.roster_document import RootKeys, SignedKey, sign_epoch_key
from bot.sealing.signing import new_signing_seed, signing_public

DAY_S = 86_400
TEAMS = (
    Team("lahore", "Lahore office", ("PK-PB",), ("amna", "bilal")),
    Team("karachi", "Karachi office", ("PK-SD",), ("chanda", "daud")),
    Team("dubai", "Dubai office", ("AE",), ("hina", "imran")),
    Team("duty", "Duty office", ("PK",), ("esha", "faisal", "ghazala"), duty=True, pair=("esha", "faisal")),
)
"""One office in each of two provinces, one abroad, and the duty team."""


@dataclass(frozen=True, slots=True)
class Person:
    """An officer's own secrets, which no server ever has.  `seed`: of the key of this epoch."""

    id: str
    seed: bytes = field(default_factory=new_seed, repr=False)
    signing_seed: bytes = field(default_factory=new_signing_seed, repr=False)

    def reader_key(self, starts: int, ends: int) -> ReaderKey:
        public = public_key(self.seed)
        return ReaderKey(key_id(public), public, starts, ends)


class People:
    """Everybody on the roster, the root that signs it, and the holder of the recovery key."""

    def __init__(self, teams: Sequence[Team] = TEAMS, *, now: int, recovery: bool = True) -> None:
        self.teams = tuple(teams)
        self.deployment = new_id()
        self.root_seed = new_signing_seed()
        self.recovery = Person("recovery") if recovery else None
        self.now = now
        self.officers: Mapping[str, Person] = {id: Person(id) for t in teams for id in t.officers}

    @property
    def root(self) -> RootOfTrust:
        return RootOfTrust.of(self.deployment, self._root_keys)

    @property
    def _root_keys(self) -> RootKeys:
        return RootKeys((signing_public(self.root_seed),), 1)

    def value(self, version: int = 1, *, issued: int | None = None, expires: int | None = None) -> Roster:
        """The roster without anybody's epoch keys: those are signed by their officers."""
        issued = self.now - DAY_S if issued is None else issued
        recovery = self.recovery.reader_key(issued, issued + 300 * DAY_S) if self.recovery else None
        officers = tuple(Officer(p.id, signing_public(p.signing_seed), ()) for p in self.officers.values())
        ends = issued + 200 * DAY_S if expires is None else expires
        return Roster(self.deployment, version, issued, ends, self.teams, officers, recovery)

    def epoch_keys(self, ids: Iterable[str] | None = None, *, starts: int | None = None) -> tuple[SignedKey, ...]:
        starts = self.now - DAY_S if starts is None else starts
        people = [self.officers[id] for id in (self.officers if ids is None else ids)]
        return tuple(self._announced(p, p.reader_key(starts, starts + 90 * DAY_S)) for p in people)

    def document(
        self,
        version: int = 1,
        *,
        living: Iterable[str] | None = None,
        suspended: Iterable[str] = (),
        issued: int | None = None,
        expires: int | None = None,
    ) -> bytes:
        """The signed roster; `living`: whose epoch keys are in it (all)."""
        roster = self.value(version, issued=issued, expires=expires)
        gone = set(suspended)
        officers = tuple(replace(o, suspended=o.id in gone) for o in roster.officers)
        named = replace(roster, officers=officers)
        return sign_roster(named, self._root_keys, [self.root_seed], self.epoch_keys(living))

    def _announced(self, person: Person, key: ReaderKey) -> SignedKey:
        return sign_epoch_key(person.signing_seed, self.deployment, person.id, key)
