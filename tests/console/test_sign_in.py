"""Signing in tells nobody which names exist, and nobody can choose a pass phrase."""

from base64 import b64decode

import pytest

from bot.console.doors import Door
from bot.core.errors import SealingError
from bot.sealing.officer_keys import login_proof, login_proof_hash, stretch_passphrase
from bot.sealing.passphrase import new_passphrase
from bot.sealing.stretch import Cost
from storage import accounts
from tests.console.officer import SAME_SITE, Officer, text
from tests.console.world import World

OWN = "correct horse battery staple moon river"


@pytest.mark.promise("S22")
async def test_a_name_that_does_not_exist_answers_like_one_that_does(world: World) -> None:
    async with Officer(world) as stranger:
        known = await stranger.posts("sign-in/start", {"login": "sindh"})
        unknown = await stranger.posts("sign-in/start", {"login": "nobody"})
        again = await stranger.posts("sign-in/start", {"login": "nobody"})
        wrong = await stranger.posts("sign-in", {"login": "sindh", "proof": text(bytes(32))})
        nobody = await stranger.posts("sign-in", {"login": "nobody", "proof": text(bytes(32))})

    assert (unknown.json(), known.status_code) == (again.json(), unknown.status_code)
    assert (known.json()["cost"], 16) == (unknown.json()["cost"], len(b64decode(unknown.json()["salt"])))
    assert unknown.json()["salt"] != known.json()["salt"]
    assert (wrong.status_code, wrong.content) == (nobody.status_code, nobody.content)


async def test_another_pass_phrase_does_not_sign_in(world: World) -> None:
    async with Officer(world) as stranger:
        answer = await stranger.signs_in("sindh", new_passphrase())

    assert (401, {"error": "wrong"}) == (answer.status_code, answer.json())
    assert "set-cookie" not in answer.headers


async def test_the_server_keeps_only_a_hash_of_what_signs_in(world: World) -> None:
    row = await world.database.read(lambda conn: accounts.by_id(conn, "sindh"))
    assert row is not None
    stretched = stretch_passphrase(world.phrase("sindh"), row.salt, Cost.for_tests())

    assert login_proof_hash(login_proof(stretched)) == row.proof
    assert row.proof not in (stretched, login_proof(stretched))


@pytest.mark.promise("S20")
async def test_no_route_sets_a_pass_phrase_or_a_wrapped_key(world: World, sindh: Officer) -> None:
    """Every route gets everything such a request could hold; nothing of the account changes."""
    case = await world.case()
    kept = await _secrets_of(world)
    body = {
        name: text(bytes(32)) for name in ("proof", "salt", "wrapped", "shard", "verifier", "hash", "new_proof")
    } | {"login": "sindh", "phrase": OWN, "passphrase": OWN, "password": OWN, "cost": "argon2id:3:65536:1"}
    for door in world.doors:
        await sindh.http.request(
            door.method,
            _path(door, case.id),
            json={**body, "version": 1, "view": "todo", "after": None, "limit": 1},
            headers={**SAME_SITE, "x-token": sindh.session["token"]},
        )

    assert kept == await _secrets_of(world)


@pytest.mark.promise("S20")
@pytest.mark.parametrize("phrase", [OWN, "", "baba", "123456", " ".join(["secret"] * 6)])
def test_a_pass_phrase_that_was_not_made_by_us_is_not_stretched_at_all(phrase: str) -> None:
    with pytest.raises(SealingError):
        stretch_passphrase(phrase, bytes(16), Cost.for_tests())


@pytest.mark.promise("S20")
async def test_wrapped_keys_and_shard_are_given_after_the_proof_only(world: World, sindh: Officer) -> None:
    bundle = sindh.session["bundle"]
    async with Officer(world) as stranger:
        seen = [
            (await stranger.posts("sign-in/start", {"login": "sindh"})).text,
            (await stranger.posts("sign-in", {"login": "sindh", "proof": text(bytes(32))})).text,
            (await stranger.gets("me")).text,
        ]
    await sindh.posts("lock", {})
    seen += [(await sindh.gets("me")).text, (await sindh.gets("unlock/start")).text]

    assert not [answer for answer in seen if bundle["shard"] in answer or bundle["wrapped"] in answer]


async def _secrets_of(world: World) -> object:
    return await world.database.read(
        lambda conn: (accounts.by_id(conn, "sindh"), list(accounts.bundles(conn, "sindh")))
    )


def _path(door: Door, case: bytes) -> str:
    return door.path.lstrip("/").replace("{case}", case.hex()).replace("{deed}", "claim")
