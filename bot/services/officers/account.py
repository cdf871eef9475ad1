"""Who works here: an account, its roles, and what is kept so that only its owner can use it."""

from dataclasses import dataclass
from enum import Enum

from bot.core.roster import KeyId


class Role(Enum):
    """What somebody may do; the values are stored."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    TRANSLATOR = "translator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    """`id`: as in the roster.  `salt`, `cost`: how the pass phrase is stretched.  `proof`: SHA-256 of the login proof."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    salt: bytes
    cost: str
    proof: bytes
    suspended: bool = False

    @property
    def reads(self) -> bool:
        """Whether this account opens cases at all (S23)."""
        return bool(self.roles & {Role.OFFICER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Bundle:
    """An officer's private keys of one epoch, wrapped (D14).  `starts`, `ends`: epoch seconds."""

    key: KeyId
    starts: int
    ends: int
    wrapped: bytes

    def living(self, now: int) -> bool:
        return self.starts <= now < self.ends


@dataclass(frozen=True, slots=True)
class SessionRow:
    """`ends`: signing in anew is needed in any case.  `vault_ends`: the pass phrase is needed again.  Epoch seconds."""

    account: str
    ends: int
    vault_ends: int
