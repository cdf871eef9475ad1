"""Founding a service: the root key that stays offline, officers' cards, and the roster that is signed from both (D4).

A card holds an officer's public keys only; signing needs the cards, the list of teams and the root key file, and no
database, so it can be done on a machine that is never online.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from bot.core.errors import ConfigError
from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.sealing.fields import Malformed, base64_text, parse_object
from bot.sealing.roster import ROSTER_S, RootOfTrust, sign_roster, with_keys, with_suspended
from bot.sealing.roster_document import RootKeys, SignedKey, read_body, read_document
from bot.sealing.signing import new_signing_seed, signing_public
from bot.services.officers.enrol import Enrolled

_FORMAT: Final = "hamrah officer 1"
_ROOT_OF_ONE: Final = "hamrah root key 1"
"""As it was written before there could be several holders."""
_ROOT: Final = "hamrah root key 2"
_MOST_BYTES: Final = 64 * 1024


def new_root(deployment: bytes) -> tuple[str, RootOfTrust]:
    """Return the text of a root key file (a secret, to be kept offline) and the fingerprint to publish."""
    (text,), trust = new_roots(deployment, 1, 1)
    return text, trust


def new_roots(deployment: bytes, count: int, needed: int) -> tuple[tuple[str, ...], RootOfTrust]:
    """The same for several holders, `needed` of whom together sign; each file names the public keys of all."""
    seeds = [new_signing_seed() for _ in range(count)]
    root = RootKeys(tuple(sorted(signing_public(seed) for seed in seeds)), needed)
    return tuple(_root_text(deployment, seed, root) for seed in seeds), RootOfTrust.of(deployment, root)


def _root_text(deployment: bytes, seed: bytes, root: RootKeys) -> str:
    fields = {
        "format": _ROOT,
        "deployment": base64_text(deployment),
        "seed": base64_text(seed),
        "keys": [base64_text(key) for key in root.keys],
        "threshold": root.threshold,
    }
    return json.dumps(fields) + "\n"


@dataclass(frozen=True, slots=True)
class RootKey:
    """A holder's key: `root` names the keys of all holders."""

    deployment: bytes
    seed: bytes
    root: RootKeys

    @property
    def trust(self) -> RootOfTrust:
        return RootOfTrust.of(self.deployment, self.root)


def read_root(text: str) -> RootKey:
    """Raises `ConfigError` when it is no root key file, or a damaged one."""
    try:
        fields = parse_object(text.encode(), _MOST_BYTES)
        format = fields.text("format")
        if format not in (_ROOT, _ROOT_OF_ONE):
            raise ConfigError("this is not a root key file")
        deployment, seed = fields.raw("deployment", 16), fields.raw("seed", 32)
        alone = RootKeys((signing_public(seed),), 1)
        root = RootKeys(fields.raws("keys", 32), fields.number("threshold")) if format == _ROOT else alone
    except Malformed as fault:
        raise ConfigError(f"this root key file cannot be read ({fault}): use an undamaged copy") from fault
    if signing_public(seed) not in root.keys:
        raise ConfigError("this root key file is damaged: its key is not one of those it names; use another copy")
    return RootKey(deployment, seed, root)


def read_roots(texts: Sequence[str]) -> tuple[RootKey, Sequence[bytes]]:
    """One of the holders' keys, and the seeds to sign with.  Raises `ConfigError` when they do not suffice."""
    read = [read_root(text) for text in texts]
    first, seeds = read[0], sorted({key.seed for key in read})
    if any(key.trust != first.trust for key in read):
        raise ConfigError("these root keys belong to different services: take those with the same fingerprint")
    needed = first.root.threshold
    if len(seeds) < needed:
        raise ConfigError(
            f"{len(seeds)} root key of {len(first.root.keys)} is here and {needed} must sign: add --root-key FILE of "
            "another holder"
        )
    return first, seeds


def card(enrolled: Enrolled) -> str:
    """The public half of an enrolment, for whoever signs the roster."""
    assert enrolled.officer is not None, "only readers of cases have a card"
    assert enrolled.signed is not None
    return written_card(enrolled.officer, enrolled.signed)


def written_card(officer: Officer, key: SignedKey) -> str:
    """The same from its parts."""
    return (
        json.dumps(
            {
                "format": _FORMAT,
                "id": officer.id,
                "signing": base64_text(officer.signing),
                "public": base64_text(key.public),
                "starts": key.starts,
                "ends": key.ends,
                "signature": base64_text(key.signature),
            },
            indent=1,
        )
        + "\n"
    )


def fingerprint(text: str) -> str:
    """What an officer and whoever signs the roster compare, face to face or by voice: eight groups of four digits or a-f."""
    officer, key = read_card(text)
    digest = sha256(b"hamrah card 1\n" + officer.signing + key.public + officer.id.encode("ascii")).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def read_card(text: str) -> tuple[Officer, SignedKey]:
    fields = parse_object(text.encode(), _MOST_BYTES)
    if fields.text("format") != _FORMAT:
        raise ConfigError("this is not an officer's card")
    id = fields.text("id")
    key = SignedKey(
        id, fields.raw("public"), fields.number("starts"), fields.number("ends"), fields.raw("signature", 64)
    )
    return Officer(id, fields.raw("signing", 32), ()), key


def read_teams(text: str) -> tuple[Team, ...]:
    """Teams from TOML: `[[team]]` with id, name, places, officers, and duty, pair, concerns where they apply."""
    teams = parsed_teams(text)
    if sum(team.duty for team in teams) != 1:
        raise ConfigError("exactly one team must have duty = true: it receives what nobody else fits")
    return teams


def parsed_teams(text: str) -> tuple[Team, ...]:
    """The same, of a list that is not ready yet."""
    try:
        listed = tomllib.loads(text)["team"]
        return tuple(_team(entry) for entry in listed)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError(f"the list of teams cannot be read: {error}") from error


def sign(
    root: str | Sequence[str],
    teams: Sequence[Team],
    cards: Sequence[str],
    *,
    version: int,
    now: int,
    recovery: ReaderKey | None = None,
) -> bytes:
    """Return the signed roster.  Raises `ConfigError` when a team names somebody who has no card.

    `root`: texts of as many root key files as must sign.
    """
    key, seeds = read_roots([root] if isinstance(root, str) else root)
    read = [read_card(text) for text in cards]
    known = {officer.id for officer, _ in read}
    missing = sorted({id for team in teams for id in team.officers} - known)
    if missing:
        raise ConfigError(f"no card for: {', '.join(missing)}")
    roster = Roster(
        deployment=key.deployment,
        version=version,
        issued=now,
        expires=now + ROSTER_S,
        teams=tuple(teams),
        officers=tuple(officer for officer, _ in read),
        recovery=recovery,
    )
    return sign_roster(roster, key.root, seeds, [own for _, own in read])


def carried_over(old: bytes, new: bytes) -> bytes:
    """The new roster with what officers and server added to the old one: renewed keys, and who was suspended.

    Only for those whose signing key is the same in both: whoever comes back with new keys begins anew.
    """
    before, after = read_document(old), read_document(new)
    signing = {officer.id: officer.signing for officer in read_body(before.body).officers}
    same = {officer.id for officer in read_body(after.body).officers if signing.get(officer.id) == officer.signing}
    document = with_keys(new, [key for key in before.keys if key.officer in same])
    return with_suspended(document, {*after.suspended, *(id for id in before.suspended if id in same)})


def _team(entry: Mapping[str, Any]) -> Team:
    return Team(
        id=entry["id"],
        name=entry["name"],
        places=tuple(entry["places"]),
        officers=tuple(entry["officers"]),
        concerns=tuple(entry.get("concerns", ())),
        duty=bool(entry.get("duty", False)),
        pair=tuple(entry.get("pair", ())),
    )


def written_teams(teams: Sequence[Team]) -> str:
    """The list that `read_teams` reads, as it is in force: what somebody edits before it is signed anew."""
    return "\n\n".join("\n".join(["[[team]]", *_team_lines(team)]) for team in teams) + "\n"


def _team_lines(team: Team) -> Iterator[str]:
    yield f"id = {json.dumps(team.id)}"
    yield f"name = {json.dumps(team.name, ensure_ascii=False)}"
    for name in ("places", "officers", "concerns", "pair"):
        listed = getattr(team, name)
        if listed or name in ("places", "officers"):
            yield f"{name} = {json.dumps(list(listed))}"
    if team.duty:
        yield "duty = true"
