"""Signing in with passkeys: user verification always, each challenge used once, the counter watched (S21).

A passkey is registered with the pass phrase, by an account that has none yet; one who lost theirs asks an
administrator to take the old ones away.
"""

import json
import secrets
from asyncio import to_thread
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol

from starlette.responses import JSONResponse, Response
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.console.doors import Knock, Refused
from bot.console.endpoints import Console, Desk, with_cookie
from bot.services.officers.account import Account, AccountRow
from bot.services.officers.one_time import Busy, OneTimeCodes
from bot.services.officers.ports import Conn, Database

CHALLENGE_S: Final = 300
_ALGORITHMS: Final = [COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256]
_DAY_S: Final = 86_400


class Passkey(Protocol):
    """`signs`: the authenticator's counter, 0 where it keeps none."""

    @property
    def credential(self) -> bytes: ...
    @property
    def account(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def signs(self) -> int: ...


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """`day`: days since the epoch."""

    credential: bytes
    account: str
    public: bytes
    signs: int
    day: int


class PasskeyRows(Protocol):
    """Challenges are kept by the hash of a ticket that the browser holds; taking one ends it."""

    def of(self, conn: Conn, account: str) -> Sequence[Passkey]: ...

    def find(self, conn: Conn, credential: bytes) -> Passkey | None: ...

    def add(self, conn: Conn, passkey: Any) -> None: ...

    def count(self, conn: Conn, credential: bytes, signs: int) -> None: ...

    def ask(self, conn: Conn, ticket: bytes, account: str, challenge: bytes, ends: int) -> None: ...

    def take(self, conn: Conn, ticket: bytes, now: int) -> tuple[str, bytes] | None: ...


class AccountById(Protocol):
    def by_id(self, conn: Conn, id: str) -> AccountRow | None: ...


class Passkeys:
    """`rp_id`: the host name passkeys belong to; `origins`: addresses of the console.  `codes`: where they are allowed."""

    def __init__(
        self,
        desk: Desk,
        database: Database,
        *,
        rows: PasskeyRows,
        accounts: AccountById,
        rp_id: str,
        rp_name: str,
        origins: frozenset[str],
        codes: OneTimeCodes | None = None,
    ) -> None:
        self._desk = desk
        self._console = Console(desk)
        self._database = database
        self._rows = rows
        self._accounts = accounts
        self._rp_id = rp_id
        self._rp_name = rp_name
        self._origins = sorted(origins)
        self._codes = codes

    async def start(self, knock: Knock) -> Mapping[str, Any]:
        """A challenge for whoever holds a passkey: no name is asked, so none can be guessed."""
        options = generate_authentication_options(
            rp_id=self._rp_id, user_verification=UserVerificationRequirement.REQUIRED
        )
        return await self._asked("", options.challenge, options_to_json(options))

    async def enter(self, knock: Knock) -> Response:
        """A session, still locked: the pass phrase opens the vault."""
        found = await self._database.write(lambda conn: self._answered(conn, knock))
        if found is None:
            raise Refused(401, "wrong")
        account, passkey, challenge = found
        signs = await to_thread(self._verified, passkey, challenge, _credential(knock))
        if signs is None:
            raise Refused(401, "wrong")
        await self._database.write(lambda conn: self._rows.count(conn, passkey.credential, signs))
        cookie, _ = await self._desk.sign_in.admit(account, now=self._desk.now(), unlocked=False)
        return with_cookie(JSONResponse({}), cookie)

    async def enrol_start(self, knock: Knock) -> Mapping[str, Any]:
        """Options for the first passkey of an account whose pass phrase was proven."""
        login, proof = knock.text("login", 128), knock.raw("proof", 32)
        account = await self._desk.sign_in.prove(login, proof, now=self._desk.now())
        if account is None or await self._passkeys_of(account.id) or not await self._coded(account, knock):
            raise Refused(401, "wrong")
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name=self._rp_name,
            user_id=sha256(account.id.encode()).digest(),
            user_name=account.login,
            user_display_name=account.name,
            supported_pub_key_algs=_ALGORITHMS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return await self._asked(account.id, options.challenge, options_to_json(options))

    async def enrol(self, knock: Knock) -> Response:
        """Keep the passkey; the session is unlocked, since the pass phrase was proven a moment ago."""
        ticket, now = _ticket(knock), self._desk.now()
        taken = await self._database.write(lambda conn: self._rows.take(conn, ticket, now))
        if taken is None or not taken[0]:
            raise Refused(401, "wrong")
        id, challenge = taken
        passkey = await to_thread(self._registered, id, challenge, _credential(knock), now)
        account = await self._database.read(lambda conn: self._accounts.by_id(conn, id))
        if passkey is None or account is None or account.suspended:
            raise Refused(401, "wrong")
        await self._database.write(lambda conn: self._rows.add(conn, passkey))
        cookie, signed = await self._desk.sign_in.admit(Account.of(account), now=now, unlocked=True)
        return with_cookie(JSONResponse(await self._console.session(signed, cookie)), cookie)

    async def _coded(self, account: Account, knock: Knock) -> bool:
        """Whoever has one-time codes shows one: the pass phrase alone adds no way into an account that has a second one."""
        if self._codes is None or not await self._codes.has(account.id):
            return True
        try:
            return await self._codes.fits(account, knock.text("code", 32), now=self._desk.now())
        except Busy:
            raise Refused(429, "slow") from None

    async def _passkeys_of(self, account: str) -> Sequence[Passkey]:
        return await self._database.read(lambda conn: self._rows.of(conn, account))

    async def _asked(self, account: str, challenge: bytes, options: str) -> Mapping[str, Any]:
        ticket, ends = secrets.token_bytes(32), self._desk.now() + CHALLENGE_S
        hashed = sha256(ticket).digest()
        await self._database.write(lambda conn: self._rows.ask(conn, hashed, account, challenge, ends))
        return {"ticket": ticket.hex(), "options": json.loads(options)}

    def _answered(self, conn: Conn, knock: Knock) -> tuple[Account, Passkey, bytes] | None:
        """The challenge is used up, whatever becomes of the answer."""
        taken = self._rows.take(conn, _ticket(knock), self._desk.now())
        passkey = self._rows.find(conn, _credential_id(knock))
        account = self._accounts.by_id(conn, passkey.account) if passkey else None
        if taken is None or taken[0] or passkey is None or account is None or account.suspended:
            return None
        return Account.of(account), passkey, taken[1]

    def _verified(self, passkey: Passkey, challenge: bytes, credential: dict[str, Any]) -> int | None:
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                credential_public_key=passkey.public,
                credential_current_sign_count=passkey.signs,
                require_user_verification=True,
            )
        except WebAuthnException:
            return None
        return verified.new_sign_count

    def _registered(self, account: str, challenge: bytes, credential: dict[str, Any], now: int) -> NewPasskey | None:
        try:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
        except WebAuthnException:
            return None
        public = verified.credential_public_key
        return NewPasskey(verified.credential_id, account, public, verified.sign_count, now // _DAY_S)


def _ticket(knock: Knock) -> bytes:
    try:
        return sha256(bytes.fromhex(knock.text("ticket", 64))).digest()
    except ValueError:
        raise Refused(400, "malformed") from None


def _credential(knock: Knock) -> dict[str, Any]:
    credential = knock.body.get("credential")
    if not isinstance(credential, dict):
        raise Refused(400, "malformed")
    return credential


def _credential_id(knock: Knock) -> bytes:
    value = _credential(knock).get("rawId")
    try:
        return base64url_to_bytes(value) if isinstance(value, str) and len(value) < 2048 else b""
    except ValueError:
        raise Refused(400, "malformed") from None
