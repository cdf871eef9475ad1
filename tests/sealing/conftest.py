"""A small house to seal in: one case, two officers, a roster signed 2 of 3; all keys fresh for every test."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.sealing.chain import Head, Link
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.record import seal_record
from bot.sealing.roster import RootOfTrust, sign_roster
from bot.sealing.roster_document import RootKeys, SignedKey, sign_epoch_key
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.slot import slot_context

NOW = 1_800_000_000
DAY_S = 86_400


@dataclass
class Case:
    """A case key and the contexts of what belongs to it."""

    deployment: bytes = field(default_factory=new_id)
    id: bytes = field(default_factory=new_id)
    seed: bytes = field(default_factory=new_seed)

    def __post_init__(self) -> None:
        self.public = public_key(self.seed)

    def context(self, **changed: Any) -> Context:
        whole = Context(
            deployment=self.deployment,
            roster_version=1,
            case_id=self.id,
            record_id=new_id(),
            kind="answer",
            seq=0,
            recipient=key_id(self.public),
        )
        return replace(whole, **changed)

    def slot_context(self, reader_public: bytes, **changed: Any) -> Context:
        whole = slot_context(
            deployment=self.deployment,
            roster_version=1,
            case_id=self.id,
            case_key=key_id(self.public),
            reader_key=key_id(reader_public),
        )
        return replace(whole, **changed)

    def chain(self, count: int) -> list[Link]:
        """That many records, each naming the one before."""
        head, links = Head(), []
        for _ in range(count):
            context = self.context(seq=head.count, previous=head.last)
            links.append(Link(context, seal_record(self.public, context, b"words")))
            head = head.after(links[-1].envelope)
        return links


@dataclass
class House:
    """Officers `a` and `b`, three root keys of which two must sign, and a roster of version 1."""

    deployment: bytes = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.signing = {"a": new_signing_seed(), "b": new_signing_seed()}
        self.epoch = {"a": new_seed(), "b": new_seed()}
        self.root_seeds = [new_signing_seed() for _ in range(3)]
        self.root = RootKeys(tuple(signing_public(seed) for seed in self.root_seeds), 2)
        self.trust = RootOfTrust.of(self.deployment, self.root)

    def roster(self, **changed: Any) -> Roster:
        whole = Roster(
            deployment=self.deployment,
            version=1,
            issued=NOW,
            expires=NOW + 90 * DAY_S,
            teams=(Team("duty", "Duty", ("PK",), ("a", "b"), duty=True, pair=("a", "b")),),
            officers=tuple(Officer(id, signing_public(seed), ()) for id, seed in self.signing.items()),
        )
        return replace(whole, **changed)

    def epoch_key(self, officer: str, *, starts: int = NOW, ends: int = NOW + 90 * DAY_S) -> SignedKey:
        public = public_key(self.epoch[officer])
        key = ReaderKey(key_id(public), public, starts, ends)
        return sign_epoch_key(self.signing[officer], self.deployment, officer, key)

    def document(self, *, signers: int = 2, **changed: Any) -> bytes:
        keys = [self.epoch_key(officer) for officer in self.signing]
        return sign_roster(self.roster(**changed), self.root, self.root_seeds[:signers], keys)


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture
def house() -> House:
    return House()
