"""The roster as bytes: what the root signs, what officers sign themselves, and what the server may add (D4).

    {"format", "body": base64, "signatures": [{"key", "signature"}],      signed by the root
     "keys": [{"officer", "public", "starts", "ends", "signature"}],       each signed by its officer
     "suspended": [officer ids]}                                           set by the server: it can only
     take away

Reading here believes nothing; `roster.verify_roster` does the believing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.sealing.context import ID_BYTES
from bot.sealing.fields import Fields, Malformed, base64_text, canonical, parse_object
from bot.sealing.keys import PUBLIC_BYTES, key_id
from bot.sealing.signing import EPOCH_KEY, SIGNATURE_BYTES, sign

FORMAT: Final = "hamrah roster 1"
MOST_BYTES: Final = 8 * 1024 * 1024
_MOST_ID_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class SignedKey:
    """An epoch key as its officer announced it: `signature` by the officer's signing key over `message`."""

    officer: str
    public: bytes
    starts: int
    ends: int
    signature: bytes

    def message(self, deployment: bytes) -> bytes:
        return canonical(
            {
                "deployment": base64_text(deployment),
                "officer": self.officer,
                "public": base64_text(self.public),
                "starts": self.starts,
                "ends": self.ends,
            }
        )

    def reader_key(self) -> ReaderKey:
        return ReaderKey(key_id(self.public), self.public, self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Document:
    """A roster not yet believed.  `signatures`: (root public key, signature) over `body`."""

    body: bytes
    signatures: tuple[tuple[bytes, bytes], ...] = ()
    keys: tuple[SignedKey, ...] = ()
    suspended: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "body": base64_text(self.body),
                "signatures": [
                    {"key": base64_text(key), "signature": base64_text(signature)} for key, signature in self.signatures
                ],
                "keys": [_key_fields(key) | {"officer": key.officer} for key in self.keys],
                "suspended": list(self.suspended),
            }
        )


@dataclass(frozen=True, slots=True)
class RootKeys:
    """The keys that may sign rosters, and how many of them must: 1 of 1 for a trial, else 2 of 3."""

    keys: tuple[bytes, ...]
    threshold: int

    def __post_init__(self) -> None:
        several = len(set(self.keys)) == len(self.keys) <= 9
        majority = self.threshold * 2 > len(self.keys) >= self.threshold
        if not several or not majority or any(len(key) != 32 for key in self.keys):
            raise Malformed("root keys must be distinct, and more than half of them must sign")


def sign_epoch_key(signing_seed: bytes, deployment: bytes, officer: str, key: ReaderKey) -> SignedKey:
    """What an officer does at the start of an epoch; no root is needed."""
    unsigned = SignedKey(officer, key.public, key.starts, key.ends, b"")
    return replace(unsigned, signature=sign(signing_seed, EPOCH_KEY, unsigned.message(deployment)))


def write_body(roster: Roster, root: RootKeys) -> bytes:
    """The part that the root signs: people, teams and the recovery key; officers' epoch keys are not in
    it.
    """
    return canonical(
        {
            "deployment": base64_text(roster.deployment),
            "version": roster.version,
            "issued": roster.issued,
            "expires": roster.expires,
            "root": {"keys": [base64_text(key) for key in sorted(root.keys)], "threshold": root.threshold},
            "officers": [
                {"id": o.id, "signing": base64_text(o.signing), "suspended": o.suspended} for o in roster.officers
            ],
            "teams": [_team_fields(team) for team in roster.teams],
            "recovery": _reader_key_fields(roster.recovery) if roster.recovery else None,
        }
    )


def read_document(text: bytes) -> Document:
    fields = parse_object(text, MOST_BYTES)
    if fields.text("format") != FORMAT:
        raise Malformed("format is not one we know")
    return Document(
        body=fields.raw("body"),
        signatures=tuple((s.raw("key", 32), s.raw("signature", SIGNATURE_BYTES)) for s in fields.objects("signatures")),
        keys=tuple(_read_key(key) for key in fields.objects("keys")),
        suspended=fields.words("suspended"),
    )


def read_root(body: bytes) -> tuple[RootKeys, bytes]:
    """The root keys that a body names, and its deployment."""
    fields = parse_object(body, MOST_BYTES)
    root = fields.object("root")
    return RootKeys(root.raws("keys", 32), root.number("threshold")), fields.raw("deployment", ID_BYTES)


def read_body(body: bytes) -> Roster:
    """The signed part as a roster whose officers have no keys yet."""
    fields = parse_object(body, MOST_BYTES)
    recovery = fields.object_or_none("recovery")
    return Roster(
        deployment=fields.raw("deployment", ID_BYTES),
        version=fields.number("version"),
        issued=fields.number("issued"),
        expires=fields.number("expires"),
        teams=tuple(_read_teams(fields)),
        officers=tuple(_read_officers(fields)),
        recovery=_read_reader_key(recovery) if recovery else None,
    )


def _read_officers(fields: Fields) -> Iterator[Officer]:
    for officer in fields.objects("officers"):
        yield Officer(_id(officer, "id"), officer.raw("signing", 32), (), officer.truth("suspended"))


def _read_teams(fields: Fields) -> Iterator[Team]:
    for team in fields.objects("teams"):
        yield Team(
            id=_id(team, "id"),
            name=team.text("name"),
            places=team.words("places"),
            officers=team.words("officers"),
            concerns=team.words("concerns"),
            duty=team.truth("duty"),
            pair=team.words("pair"),
        )


def _read_key(fields: Fields) -> SignedKey:
    return SignedKey(
        officer=_id(fields, "officer"),
        public=fields.raw("public", PUBLIC_BYTES),
        starts=fields.number("starts"),
        ends=fields.number("ends"),
        signature=fields.raw("signature", SIGNATURE_BYTES),
    )


def _read_reader_key(fields: Fields) -> ReaderKey:
    public = fields.raw("public", PUBLIC_BYTES)
    return ReaderKey(key_id(public), public, fields.number("starts"), fields.number("ends"))


def _id(fields: Fields, name: str) -> str:
    value = fields.text(name)
    if not value.isascii() or not value.isprintable() or not 0 < len(value) <= _MOST_ID_CHARACTERS:
        raise Malformed(f"{name} is not an id")
    return value


def _key_fields(key: SignedKey) -> dict[str, Any]:
    return {
        "public": base64_text(key.public),
        "starts": key.starts,
        "ends": key.ends,
        "signature": base64_text(key.signature),
    }


def _reader_key_fields(key: ReaderKey) -> dict[str, Any]:
    return {"public": base64_text(key.public), "starts": key.starts, "ends": key.ends}


def _team_fields(team: Team) -> dict[str, Any]:
    return {
        "id": team.id,
        "name": team.name,
        "places": list(team.places),
        "officers": list(team.officers),
        "concerns": list(team.concerns),
        "duty": team.duty,
        "pair": list(team.pair),
    }
