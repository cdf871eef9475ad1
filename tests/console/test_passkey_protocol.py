"""Passkeys over the wire, with an authenticator made here: another site, a copy, a used challenge are all refused (S21)."""

import json
import struct
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from bot.sealing.officer_keys import login_proof, stretch_passphrase
from bot.sealing.stretch import Cost
from storage import passkeys
from tests.console.officer import ORIGIN, Officer, text
from tests.console.world import World, make_world

pytestmark = pytest.mark.promise("S21")

HOST = "console.example"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
START, PROOF, ENROL, PASSKEY = "sign-in/start", "passkey/enrol/start", "passkey/enrol", "passkey"


@pytest.fixture
async def keyed(tmp_path: Path) -> AsyncIterator[World]:
    made = await make_world(tmp_path, origins=frozenset({ORIGIN}), cost=Cost.for_tests(), passkeys_of=HOST)
    yield made
    await made.database.close()


def url64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """Signs as a security key does (WebAuthn 6.1); what it says of site, user and counter can be bent."""

    origin: str = ORIGIN
    host: str = HOST
    flags: int = PRESENT | VERIFIED
    signs: int = 1
    id: bytes = b"credential-of-test"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: dict[str, Any]) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        named = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        said = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._head(ATTESTED) + named})
        return self._credential(attestationObject=said, clientDataJSON=self._client("webauthn.create", options))

    def signs_in(self, options: dict[str, Any]) -> dict[str, Any]:
        head, client = self._head(0), self._client("webauthn.get", options)
        signature = self.key.sign(head + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(authenticatorData=head, clientDataJSON=client, signature=signature)

    def _head(self, more: int) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([self.flags | more]) + struct.pack(">I", self.signs)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _credential(self, **response: bytes) -> dict[str, Any]:
        told = {name: url64(value) for name, value in response.items()}
        return {"id": url64(self.id), "rawId": url64(self.id), "type": "public-key", "response": told}


async def registers(officer: Officer, device: Authenticator, login: str = "sindh") -> httpx.Response:
    start = (await officer.posts(START, {"login": login})).json()
    cost = Cost.from_text(start["cost"], tests_allowed=True)
    stretched = stretch_passphrase(officer.world.phrase(login), b64decode(start["salt"]), cost)
    asked = (await officer.posts(PROOF, {"login": login, "proof": text(login_proof(stretched))})).json()
    return await officer.posts(ENROL, {"ticket": asked["ticket"], "credential": device.makes(asked["options"])})


async def presents(officer: Officer, device: Authenticator) -> httpx.Response:
    asked = (await officer.posts("passkey/start", {})).json()
    return await officer.posts(PASSKEY, {"ticket": asked["ticket"], "credential": device.signs_in(asked["options"])})


async def test_an_authenticator_made_here_registers_and_signs_in(keyed: World) -> None:
    device = Authenticator()
    async with Officer(keyed) as officer:
        assert 200 == (await registers(officer, device)).status_code
        device.signs = 2
        assert 200 == (await presents(officer, device)).status_code


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://console.example.evil.test"},
        {"origin": "http://console.example"},
        {"origin": "https://console.example:8443"},
        {"host": "evil.test"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"id": b"credential-unknown"},
        {"signs": 1},
        {"signs": 0},
    ],
    ids=lambda bent: " ".join(bent) if isinstance(bent, dict) else str(bent),
)
async def test_what_is_not_this_passkey_on_this_site_with_its_user_signs_nobody_in(
    keyed: World, bent: dict[str, Any]
) -> None:
    """Another origin or host, nobody verified or present, another key, and a counter that stood still: a copy."""
    device = Authenticator()
    async with Officer(keyed) as officer:
        await registers(officer, device)
        device.signs = 2
        for name, value in bent.items():
            setattr(device, name, value)
        answer = await presents(officer, device)

    assert (401, b'{"error":"wrong"}') == (answer.status_code, answer.content)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "bent", [{"origin": "https://evil.test"}, {"host": "evil.test"}, {"flags": PRESENT}], ids=["origin", "host", "user"]
)
async def test_no_passkey_is_kept_that_another_site_or_nobody_made(keyed: World, bent: dict[str, Any]) -> None:
    async with Officer(keyed) as officer:
        assert 401 == (await registers(officer, Authenticator(**bent))).status_code
    assert [] == await keyed.database.read(lambda conn: passkeys.of(conn, "sindh"))


async def test_a_challenge_is_used_up_by_a_wrong_answer_and_lapses(keyed: World) -> None:
    device = Authenticator()
    async with Officer(keyed) as officer:
        await registers(officer, device)
        device.signs = 2
        asked = (await officer.posts("passkey/start", {})).json()
        right = {"ticket": asked["ticket"], "credential": device.signs_in(asked["options"])}
        device.origin = "https://evil.test"
        wrong = {"ticket": asked["ticket"], "credential": device.signs_in(asked["options"])}
        assert [401, 401] == [(await officer.posts(PASSKEY, body)).status_code for body in (wrong, right)]
        device.origin = ORIGIN
        late = (await officer.posts("passkey/start", {})).json()
        keyed.clock.now += 301
        body = {"ticket": late["ticket"], "credential": device.signs_in(late["options"])}
        assert 401 == (await officer.posts(PASSKEY, body)).status_code
