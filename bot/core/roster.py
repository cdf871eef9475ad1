"""Who may read: teams, officers and their living keys, as the signed roster says (D4-D6).

Plain values; signatures are checked in `sealing`, before any of this is believed.
Officers are ids here: names never leave the console (A7).
"""

from dataclasses import dataclass

KeyId = bytes
"""First 16 bytes of the SHA-256 of the public key."""


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """A public key that slots are sealed to.

    `public`: 1216 bytes (X-Wing: ML-KEM-768 then X25519).  Valid from `starts` to before `ends`, epoch seconds UTC.
    """

    id: KeyId
    public: bytes
    starts: int
    ends: int

    def living(self, now: int) -> bool:
        return self.starts <= now < self.ends


@dataclass(frozen=True, slots=True)
class Officer:
    """`signing`: Ed25519 public key, 32 bytes.  A suspended officer gets no slot and no reply of theirs is shown."""

    id: str
    signing: bytes
    keys: tuple[ReaderKey, ...]
    suspended: bool = False

    def living_key(self, now: int) -> ReaderKey | None:
        """The newest key that is valid now; none for a suspended officer."""
        if self.suspended:
            return None
        return max((k for k in self.keys if k.living(now)), key=lambda k: k.ends, default=None)


@dataclass(frozen=True, slots=True)
class Team:
    """`places`: region codes this team serves (a country code covers its regions); `concerns`: empty means every kind.

    `duty`: receives what nobody else fits.  `pair`: two officers of the duty team who alone read a report that
    names a person to keep it from (DESIGN §4.7).
    """

    id: str
    name: str
    places: tuple[str, ...]
    officers: tuple[str, ...]
    concerns: tuple[str, ...] = ()
    duty: bool = False
    pair: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A verified roster.  `version` only rises; after `expires` (epoch seconds) nothing is sealed to it."""

    deployment: bytes
    version: int
    issued: int
    expires: int
    teams: tuple[Team, ...]
    officers: tuple[Officer, ...]
    recovery: ReaderKey | None = None

    def team(self, id: str) -> Team:
        return next(t for t in self.teams if t.id == id)

    def officer(self, id: str) -> Officer | None:
        return next((o for o in self.officers if o.id == id), None)

    def duty_team(self) -> Team:
        return next(t for t in self.teams if t.duty)
