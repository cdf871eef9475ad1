"""Making an officer: keys, the pass phrase they are wrapped with, the server's shard, and the account (D14).

The pass phrase is made here and returned once, to be handed over; nobody can choose one (S20).
"""

import secrets
from dataclasses import dataclass
from typing import Final, Protocol

from bot.core.roster import KeyId, Officer, ReaderKey
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.officer_keys import (
    COST,
    OfficerSecrets,
    login_proof,
    login_proof_hash,
    stretch_passphrase,
    wrap,
)
from bot.sealing.roster import EPOCH_S
from bot.sealing.roster_document import SignedKey, sign_epoch_key
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.stretch import SALT_BYTES, Cost
from bot.services.officers.account import Account, Bundle, Role, values

READS: Final = frozenset({Role.OFFICER, Role.SUPERVISOR})


class ShardMaker(Protocol):
    def find_or_make(self, officer: str, epoch_key: KeyId) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What to store and what to hand over.  `bundle`, `officer`, `signed`: only for those who read cases.

    `officer`: the entry for the roster, which the root has to sign; `signed`: the officer's own first epoch key.
    """

    account: Account
    bundle: Bundle | None
    officer: Officer | None
    signed: SignedKey | None


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """A pass phrase after stretching: what opens an officer's keys, together with the server's shard."""

    salt: bytes
    stretched: bytes
    cost: Cost

    @classmethod
    def made_of(cls, passphrase: str, cost: Cost = COST) -> "Words":
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, stretch_passphrase(passphrase, salt, cost), cost)


def enrol(
    *,
    id: str,
    login: str,
    name: str,
    roles: frozenset[Role],
    passphrase: str,
    deployment: bytes,
    shards: ShardMaker,
    now: int,
    cost: Cost = COST,
) -> Enrolled:
    """Make everything an account needs; takes the time of one stretching (half a second).

    `passphrase`: a generated one; `stretch_passphrase` refuses any other.
    """
    words = Words.made_of(passphrase, cost)
    return enrol_with(words, id=id, login=login, name=name, roles=roles, deployment=deployment, shards=shards, now=now)


def enrol_with(
    words: Words,
    *,
    id: str,
    login: str,
    name: str,
    roles: frozenset[Role],
    deployment: bytes,
    shards: ShardMaker,
    now: int,
) -> Enrolled:
    """The same with words that are stretched already."""
    salt, stretched, cost = words.salt, words.stretched, words.cost
    proof = login_proof_hash(login_proof(stretched))
    account = Account(id, login, name, values(roles), salt, cost.as_text(), proof)
    if not roles & READS:
        return Enrolled(account, None, None, None)
    own = OfficerSecrets(seed=new_seed(), signing_seed=new_signing_seed())
    public = public_key(own.seed)
    key = ReaderKey(key_id(public), public, now, now + EPOCH_S)
    shard = shards.find_or_make(id, key.id)
    wrapped = wrap(own, stretched, shard, officer=id, epoch_key=key.id)
    bundle = Bundle(key.id, key.starts, key.ends, wrapped)
    officer = Officer(id, signing_public(own.signing_seed), ())
    return Enrolled(account, bundle, officer, sign_epoch_key(own.signing_seed, deployment, id, key))
