"""The signed roster: without it a server could hand out its own key and read everything (D4, S11).

The root signs who is an officer and which teams exist, officers sign their own epoch keys, the server can
only suspend.  `verify_roster` runs when a roster is loaded; `LivingRoster.current` before each seal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from bot.core.errors import RosterExpired, RosterForged, RosterMalformed, RosterSuperseded
from bot.core.roster import Officer, ReaderKey, Roster
from bot.sealing.fields import Malformed
from bot.sealing.roster_document import (
    Document,
    RootKeys,
    SignedKey,
    read_body,
    read_document,
    read_root,
    write_body,
)
from bot.sealing.signing import EPOCH_KEY, ROSTER, sign, signed_by, signing_public

DAY_S: Final = 86_400
EPOCH_S: Final = 90 * DAY_S
"""The longest life of an officer's key (D5)."""
RECOVERY_S: Final = 366 * DAY_S
ROSTER_S: Final = 366 * DAY_S
_CLOCK_SKEW_S: Final = 600


@dataclass(frozen=True, slots=True)
class RootOfTrust:
    """The one value that a deployment is told beforehand: a fingerprint of its id, root keys and
    threshold.
    """

    fingerprint: bytes

    @classmethod
    def of(cls, deployment: bytes, root: RootKeys) -> "RootOfTrust":
        listed = b"".join(sorted(root.keys))
        head = b"hamrah root 1\n" + deployment + bytes([root.threshold, len(root.keys)])
        return cls(sha256(head + listed).digest())

    @classmethod
    def from_text(cls, text: str) -> "RootOfTrust":
        """64 hexadecimal digits, spaces and dashes allowed: the form it is published in."""
        try:
            fingerprint = bytes.fromhex(text.replace("-", "").replace(" ", ""))
        except ValueError:
            raise Malformed("a root fingerprint is hexadecimal") from None
        if len(fingerprint) != 32:
            raise Malformed("a root fingerprint has 64 hexadecimal digits")
        return cls(fingerprint)

    def as_text(self) -> str:
        return self.fingerprint.hex()


def draft_roster(roster: Roster, root: RootKeys, epoch_keys: Iterable[SignedKey] = ()) -> bytes:
    """A document that nobody has signed yet; signers pass it on with `add_signature`."""
    return Document(write_body(roster, root), keys=tuple(epoch_keys)).to_bytes()


def add_signature(document: bytes, root_seed: bytes) -> bytes:
    """One root-key holder's signature more; done offline.  Only a key that the body names counts."""
    read = read_document(document)
    root, _ = read_root(read.body)
    public = signing_public(root_seed)
    if public not in root.keys:
        raise RosterForged("this key is not one of the root keys named in the roster")
    others = tuple(entry for entry in read.signatures if entry[0] != public)
    return replace(read, signatures=(*others, (public, sign(root_seed, ROSTER, read.body)))).to_bytes()


def sign_roster(
    roster: Roster, root: RootKeys, root_seeds: Sequence[bytes], epoch_keys: Iterable[SignedKey] = ()
) -> bytes:
    """Draft and sign in one step, where all signers are at hand (a trial, a test)."""
    document = draft_roster(roster, root, epoch_keys)
    for seed in root_seeds:
        document = add_signature(document, seed)
    return document


def with_keys(document: bytes, keys: Iterable[SignedKey]) -> bytes:
    """The document with further epoch keys; their officers signed them, so the root need not."""
    read = read_document(document)
    announced = {(key.officer, key.public): key for key in (*keys, *read.keys)}  # the first announcement counts
    return replace(read, keys=tuple(announced.values())).to_bytes()


def with_suspended(document: bytes, officers: Iterable[str]) -> bytes:
    """The document with exactly these officers suspended by the server, besides those the root suspended."""
    return replace(read_document(document), suspended=tuple(sorted(set(officers)))).to_bytes()


def shard(document: bytes, teams: Iterable[str]) -> bytes:
    """The same signed roster with only the keys of these teams' officers: 1.2 kB each is much for a cheap
    phone.
    """
    read = read_document(document)
    wanted = set(teams)
    officers = {officer for team in read_body(read.body).teams if team.id in wanted for officer in team.officers}
    return replace(read, keys=tuple(key for key in read.keys if key.officer in officers)).to_bytes()


def verify_roster(document: bytes, root: RootOfTrust, *, now: int, newest_seen: int = 0) -> Roster:
    """Return the roster if root, signatures, version, dates and shape are right; else raise a
    `RosterRefused`.

    `newest_seen`: the highest version accepted before, kept by the caller across restarts.
    """
    try:
        read = read_document(document)
        _check_signatures(read, root)
        roster = read_body(read.body)
    except Malformed as malformed:
        raise RosterMalformed(str(malformed)) from None
    _check_dates(roster, now)
    if roster.version < newest_seen:
        raise RosterSuperseded(f"version {roster.version}, but {newest_seen} has been seen")
    _check_shape(roster)
    return replace(roster, officers=_with_own_keys(roster, read))


def in_force(document: bytes) -> Roster:
    """The roster of a document that was verified when it was stored, lapsed or not: to compare with, never to seal to."""
    read = read_document(document)
    roster = read_body(read.body)
    return replace(roster, officers=_with_own_keys(roster, read))


class LivingRoster:
    """The roster in use.  Small and quick: `current` compares two numbers before each seal (S11).

    Nothing is remembered beyond the roster itself, so a lapse or a suspension counts from the next seal on.
    """

    def __init__(self, root: RootOfTrust, newest_seen: int = 0) -> None:
        self._root = root
        self._newest_seen = newest_seen
        self._body_hash = b""
        self._roster: Roster | None = None

    def load(self, document: bytes, *, now: int) -> Roster:
        """Verify and take over.  The same version with another signed body is refused: somebody signed
        two truths.
        """
        roster = verify_roster(document, self._root, now=now, newest_seen=self._newest_seen)
        body_hash = sha256(read_document(document).body).digest()
        if self._roster and roster.version == self._roster.version and body_hash != self._body_hash:
            raise RosterSuperseded(f"two different rosters carry version {roster.version}")
        self._roster, self._body_hash, self._newest_seen = roster, body_hash, roster.version
        return roster

    def current(self, *, now: int) -> Roster:
        """The roster to seal to now; raises `RosterExpired`, or `RosterForged` when none was ever
        accepted.
        """
        roster = self._roster
        if roster is None:
            raise RosterForged("no roster has been accepted yet")
        _check_dates(roster, now)
        return roster

    def last(self) -> Roster:
        """The roster last accepted, lapsed or not: to know whom to call, never to seal to.  Raises `RosterForged`."""
        if self._roster is None:
            raise RosterForged("no roster has been accepted yet")
        return self._roster


def _check_signatures(read: Document, root: RootOfTrust) -> None:
    root_keys, deployment = read_root(read.body)
    if RootOfTrust.of(deployment, root_keys) != root:
        raise RosterForged("it names another root than the one this deployment was set up with")
    signers = {key for key, signature in read.signatures if signed_by(key, ROSTER, read.body, signature)}
    count = len(signers & set(root_keys.keys))
    if count < root_keys.threshold:
        raise RosterForged(f"{count} valid signatures, {root_keys.threshold} are needed")


def _check_dates(roster: Roster, now: int) -> None:
    if now >= roster.expires:
        raise RosterExpired(f"version {roster.version} expired")
    if roster.issued > now + _CLOCK_SKEW_S:
        raise RosterExpired(f"version {roster.version} is dated in the future: is this machine's clock right?")


def _check_shape(roster: Roster) -> None:
    officers = {officer.id for officer in roster.officers}
    if len(officers) != len(roster.officers) or len({t.id for t in roster.teams}) != len(roster.teams):
        raise RosterMalformed("an id is used twice")
    if len({officer.signing for officer in roster.officers}) != len(officers):
        raise RosterMalformed("two officers share a signing key")
    if sum(team.duty for team in roster.teams) != 1:
        raise RosterMalformed("exactly one team must be the duty team")
    if roster.expires - roster.issued > ROSTER_S:
        raise RosterMalformed("it is valid for more than a year")
    for team in roster.teams:
        if not set(team.officers) <= officers or not set(team.pair) <= set(team.officers):
            raise RosterMalformed(f"team {team.id} names an officer who is not on it")
        if team.pair and len(set(team.pair)) != 2:
            raise RosterMalformed(f"the pair of team {team.id} is not two officers")
    if roster.recovery and not 0 < roster.recovery.ends - roster.recovery.starts <= RECOVERY_S:
        raise RosterMalformed("the recovery key lives for more than a year")


def _with_own_keys(roster: Roster, read: Document) -> tuple[Officer, ...]:
    """Give each officer the keys they signed; one bad key means that somebody tampers, so all is refused."""
    keys: dict[str, list[ReaderKey]] = {officer.id: [] for officer in roster.officers}
    signing = {officer.id: officer.signing for officer in roster.officers}
    for key in read.keys:
        if key.officer not in keys:
            raise RosterForged("an epoch key belongs to nobody on the roster")
        if not signed_by(signing[key.officer], EPOCH_KEY, key.message(roster.deployment), key.signature):
            raise RosterForged("an epoch key is not signed by its officer")
        if not 0 < key.ends - key.starts <= EPOCH_S:
            raise RosterMalformed("an epoch key lives for more than 90 days")
        keys[key.officer].append(key.reader_key())
    return tuple(
        replace(officer, keys=tuple(keys[officer.id]), suspended=officer.suspended or officer.id in read.suspended)
        for officer in roster.officers
    )
