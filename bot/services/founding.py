"""Founding a service: the root key that stays offline, officers' cards, and the roster that is signed from both (D4).

A card holds an officer's public keys only; signing needs the cards, the list of teams and the root key file, and no
database, so it can be done on a machine that is never online.
"""

import json
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.core.errors import ConfigError
from bot.core.roster import Officer, Roster, Team
from bot.sealing.fields import base64_text, parse_object
from bot.sealing.roster import ROSTER_S, RootOfTrust, sign_roster
from bot.sealing.roster_document import RootKeys, SignedKey
from bot.sealing.signing import new_signing_seed, signing_public
from bot.services.officers.enrol import Enrolled

_FORMAT: Final = "hamrah officer 1"
_ROOT: Final = "hamrah root key 1"
_MOST_BYTES: Final = 64 * 1024


def new_root(deployment: bytes) -> tuple[str, RootOfTrust]:
    """Return the text of a root key file (a secret, to be kept offline) and the fingerprint to publish."""
    seed = new_signing_seed()
    text = json.dumps({"format": _ROOT, "deployment": base64_text(deployment), "seed": base64_text(seed)}) + "\n"
    return text, RootOfTrust.of(deployment, RootKeys((signing_public(seed),), 1))


def read_root(text: str) -> tuple[bytes, bytes]:
    """Deployment id and seed of a root key file."""
    fields = parse_object(text.encode(), _MOST_BYTES)
    if fields.text("format") != _ROOT:
        raise ConfigError("this is not a root key file")
    return fields.raw("deployment", 16), fields.raw("seed", 32)


def new_deployment() -> bytes:
    return secrets.token_bytes(16)


def card(enrolled: Enrolled) -> str:
    """The public half of an enrolment, for whoever signs the roster."""
    assert enrolled.officer is not None, "only readers of cases have a card"
    assert enrolled.signed is not None
    key = enrolled.signed
    return (
        json.dumps(
            {
                "format": _FORMAT,
                "id": enrolled.officer.id,
                "signing": base64_text(enrolled.officer.signing),
                "public": base64_text(key.public),
                "starts": key.starts,
                "ends": key.ends,
                "signature": base64_text(key.signature),
            },
            indent=1,
        )
        + "\n"
    )


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
    try:
        listed = tomllib.loads(text)["team"]
        teams = tuple(_team(entry) for entry in listed)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError(f"the list of teams cannot be read: {error}") from error
    if sum(team.duty for team in teams) != 1:
        raise ConfigError("exactly one team must have duty = true: it receives what nobody else fits")
    return teams


def sign(root: str, teams: Sequence[Team], cards: Sequence[str], *, version: int, now: int) -> bytes:
    """Return the signed roster.  Raises `ConfigError` when a team names somebody who has no card."""
    deployment, seed = read_root(root)
    read = [read_card(text) for text in cards]
    known = {officer.id for officer, _ in read}
    missing = sorted({id for team in teams for id in team.officers} - known)
    if missing:
        raise ConfigError(f"no card for: {', '.join(missing)}")
    roster = Roster(
        deployment=deployment,
        version=version,
        issued=now,
        expires=now + ROSTER_S,
        teams=tuple(teams),
        officers=tuple(officer for officer, _ in read),
    )
    return sign_roster(roster, RootKeys((signing_public(seed),), 1), [seed], [key for _, key in read])


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
        if listed := getattr(team, name):
            yield f"{name} = {json.dumps(list(listed))}"
    if team.duty:
        yield "duty = true"
