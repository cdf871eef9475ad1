"""Who works here: an account, its roles, and what is kept so that only its owner can use it."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.core.roster import KeyId


class Role(Enum):
    """What somebody may do; the values are stored."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    """Sees figures, and nothing else."""
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    """Sees who did what, and no case."""


class AccountRow(Protocol):
    """An account as it is stored; `roles`: values of `Role`."""

    @property
    def id(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def salt(self) -> bytes: ...
    @property
    def cost(self) -> str: ...
    @property
    def proof(self) -> bytes: ...
    @property
    def suspended(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Account:
    """`id`: as in the roster.  `salt`, `cost`: how the pass phrase is stretched.

    `proof`: SHA-256 of the login proof.  `roles`: values of `Role`.
    """

    id: str
    login: str
    name: str
    roles: frozenset[str]
    salt: bytes
    cost: str
    proof: bytes
    suspended: bool = False

    @classmethod
    def of(cls, row: AccountRow) -> "Account":
        return cls(row.id, row.login, row.name, row.roles, row.salt, row.cost, row.proof, row.suspended)

    @property
    def is_a(self) -> frozenset[Role]:
        """What its owner may do."""
        return frozenset(map(Role, self.roles))

    @property
    def reads(self) -> bool:
        """Whether this account opens cases at all (S23)."""
        return bool(self.is_a & {Role.OFFICER, Role.SUPERVISOR})


def values(roles: frozenset[Role]) -> frozenset[str]:
    return frozenset(role.value for role in roles)


class BundleRow(Protocol):
    """Wrapped keys as they are stored."""

    @property
    def key(self) -> KeyId: ...
    @property
    def starts(self) -> int: ...
    @property
    def ends(self) -> int: ...
    @property
    def wrapped(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Bundle:
    """An officer's private keys of one epoch, wrapped (D14).  `starts`, `ends`: epoch seconds."""

    key: KeyId
    starts: int
    ends: int
    wrapped: bytes


class SessionRow(Protocol):
    """`ends`: signing in anew is needed in any case.  `vault_ends`: the pass phrase is needed again.  Epoch seconds."""

    @property
    def account(self) -> str: ...
    @property
    def ends(self) -> int: ...
    @property
    def vault_ends(self) -> int: ...


@dataclass(frozen=True, slots=True)
class NewSession:
    account: str
    ends: int
    vault_ends: int
