"""One-time codes: only where they are allowed, only after the pass phrase, each once; and no other way back (S21)."""

import asyncio
import re
from base64 import b32decode, b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.console.passkeys import NewPasskey
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.officer_keys import login_proof, stretch_passphrase
from bot.sealing.one_time import code_at
from bot.sealing.stretch import Cost
from storage import one_time, passkeys
from tests.console.officer import ORIGIN, SAME_SITE, Officer, text
from tests.console.world import World, make_world

pytestmark = pytest.mark.promise("S21")


@pytest.fixture
async def coded(tmp_path: Path) -> AsyncIterator[World]:
    made = await make_world(
        tmp_path,
        origins=frozenset({ORIGIN}),
        cost=Cost.for_tests(),
        passkeys_of="console.example",
        codes=True,
    )
    yield made
    await made.database.close()


async def proof_of(officer: Officer, login: str, phrase: str | None = None) -> dict[str, str]:
    start = (await officer.posts("sign-in/start", {"login": login})).json()
    cost = Cost.from_text(start["cost"], tests_allowed=True)
    stretched = stretch_passphrase(phrase or officer.world.phrase(login), b64decode(start["salt"]), cost)
    return {"login": login, "proof": text(login_proof(stretched))}


async def set_up(officer: Officer, login: str) -> bytes:
    answer = await officer.posts("codes/first", await proof_of(officer, login))
    assert 200 == answer.status_code
    return b32decode(answer.json()["secret"].replace(" ", ""))


async def enters(officer: Officer, login: str, code: str) -> httpx.Response:
    answer = await officer.posts("codes/sign-in", {**await proof_of(officer, login), "code": code})
    if answer.status_code == 200:
        officer.session = answer.json()
    return answer


def code_of(world: World, secret: bytes, *, off: int = 0) -> str:
    return code_at(secret, world.clock() // 30 + off)


async def at_the_page(officer: Officer, **fields: str) -> httpx.Response:
    told = {**SAME_SITE, "content-type": "application/x-www-form-urlencoded"}
    return await officer.http.post("codes", data={"token": officer.session["token"], **fields}, headers=told)


async def has_passkey(world: World, account: str) -> None:
    key = NewPasskey(b"c" * 16, account, b"p" * 77, 0, 20_000)
    await world.database.write(lambda conn: passkeys.add(conn, key))


async def test_where_codes_are_not_allowed_their_doors_are_not_there(world: World) -> None:
    async with Officer(world) as officer:
        nowhere = await officer.posts("nowhere", {})
        for path in ("codes", "codes/first", "codes/sign-in"):
            answer = await officer.posts(path, {"login": "sindh", "proof": text(bytes(32)), "code": "123456"})
            assert (nowhere.status_code, nowhere.content) == (answer.status_code, answer.content)


async def test_the_first_code_turns_them_on_and_the_session_is_as_with_a_passkey(coded: World) -> None:
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        answer = await enters(officer, "sindh", code_of(coded, secret))
        assert (200, "sindh") == (answer.status_code, answer.json()["officer"]["id"])
        made = [entry["key"] for entry in await coded.trail() if entry["act"] == "codes_made"]
        assert [officer.session["bundle"]["key"]] == made
        assert 200 == (await officer.gets("roster")).status_code
        coded.clock.now += 8 * 3_600 + 1
        assert 401 == (await officer.gets("roster")).status_code


async def test_a_code_counts_once_and_none_before_it_counts_again(coded: World) -> None:
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        now = code_of(coded, secret)
        earlier = code_of(coded, secret, off=-1)
        statuses = [(await enters(officer, "sindh", code)).status_code for code in (now, now, earlier)]
        coded.clock.now += 30
        statuses.append((await enters(officer, "sindh", code_of(coded, secret))).status_code)

    assert [200, 401, 401, 200] == statuses


async def test_one_code_sent_twice_at_once_lets_in_once(coded: World) -> None:
    async with Officer(coded) as one, Officer(coded) as other:
        secret = await set_up(one, "sindh")
        code = code_of(coded, secret)
        answers = await asyncio.gather(enters(one, "sindh", code), enters(other, "sindh", code))

    assert [200, 401] == sorted(answer.status_code for answer in answers)


async def test_all_that_does_not_fit_answers_alike(coded: World) -> None:
    """A wrong name, wrong words, a wrong code, and somebody without codes cannot be told apart."""
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        right = await proof_of(officer, "sindh")
        code = code_of(coded, secret)
        wrong: list[dict[str, Any]] = [
            {**right, "code": code_of(coded, secret, off=5)},
            {**right, "code": "none"},
            {**right, "proof": text(bytes(32)), "code": code},
            {"login": "nobody", "proof": text(bytes(32)), "code": code},
            {**await proof_of(officer, "punjab"), "code": code},
        ]
        answers = [await officer.posts("codes/sign-in", body) for body in wrong]

    assert {(401, b'{"error":"wrong"}')} == {(answer.status_code, answer.content) for answer in answers}
    assert "set-cookie" not in {name for answer in answers for name in answer.headers}


async def test_nobody_outside_can_use_up_an_officers_tries(coded: World) -> None:
    """Codes are counted only after the right words: a flood of wrong ones leaves no entry and no delay of codes."""
    async with Officer(coded) as stranger, Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        flood = {"login": "sindh", "proof": text(bytes(32)), "code": "000000"}
        assert [401] * 3 == [(await stranger.posts("codes/sign-in", flood)).status_code for _ in range(3)]
        assert 200 == (await enters(officer, "sindh", code_of(coded, secret))).status_code
    assert "code_missed" not in [entry["act"] for entry in await coded.trail()]


@pytest.mark.slow
async def test_wrong_codes_after_the_right_words_are_slowed_and_leave_an_entry(coded: World) -> None:
    async with Officer(coded) as thief:
        secret = await set_up(thief, "sindh")
        body = {**await proof_of(thief, "sindh"), "code": code_of(coded, secret, off=9)}
        for _ in range(3):
            assert 401 == (await thief.posts("codes/sign-in", body)).status_code
        begun = asyncio.get_running_loop().time()
        many = await asyncio.gather(*(thief.posts("codes/sign-in", body) for _ in range(8)))
        took_s = asyncio.get_running_loop().time() - begun

    assert ([401] * 3 + [429] * 5) == sorted(answer.status_code for answer in many)
    assert took_s >= 4
    assert 6 == [entry["act"] for entry in await coded.trail()].count("code_missed")


async def test_the_words_alone_add_no_second_way_in(coded: World) -> None:
    """Whoever has codes or a passkey can be given neither by somebody who only knows the words."""
    async with Officer(coded) as officer, Officer(coded) as thief:
        secret = await set_up(officer, "sindh")
        await enters(officer, "sindh", code_of(coded, secret))
        proof = await proof_of(thief, "sindh")
        assert 401 == (await thief.posts("codes/first", proof)).status_code
        assert 400 == (await thief.posts("passkey/enrol/start", proof)).status_code
        assert 401 == (await thief.posts("passkey/enrol/start", {**proof, "code": "000000"})).status_code
        await has_passkey(coded, "punjab")
        assert 401 == (await thief.posts("codes/first", await proof_of(thief, "punjab"))).status_code
        coded.clock.now += 60
        owner = {**proof, "code": code_of(coded, secret)}
        assert 200 == (await officer.posts("passkey/enrol/start", owner)).status_code


async def test_a_secret_that_waited_too_long_for_its_first_code_is_none(coded: World) -> None:
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        coded.clock.now += 601
        assert 401 == (await enters(officer, "sindh", code_of(coded, secret))).status_code


async def test_codes_are_set_up_and_removed_on_a_page_of_ones_own(coded: World) -> None:
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        await enters(officer, "sindh", code_of(coded, secret))
        assert 400 == (await at_the_page(officer, do="remove")).status_code
        await has_passkey(coded, "sindh")
        assert "removed" in (await at_the_page(officer, do="remove")).text
        coded.clock.now += 60
        assert 401 == (await enters(officer, "sindh", code_of(coded, secret))).status_code
        made = await at_the_page(officer, do="make")
        found = re.search(r"data-secret>([A-Z2-7 ]+)<", made.text)
        assert found is not None
        assert "no-store" == made.headers["cache-control"]
        assert "form-action 'self'" in made.headers["content-security-policy"]
        other = b32decode(found[1].replace(" ", ""))
        assert 409 == (await at_the_page(officer, do="keep", code="000000")).status_code
        kept = await at_the_page(officer, do="keep", code=code_of(coded, other))
        assert (200, True) == (kept.status_code, "data-on" in kept.text)
        assert found[1] not in (await officer.gets("codes")).text
        acts = [entry["act"] for entry in await coded.trail()]
    assert ["code_missed", "codes_made", "codes_made", "codes_removed"] == sorted(a for a in acts if "code" in a)


async def test_the_page_needs_an_unlocked_session_and_the_pages_token(coded: World) -> None:
    async with Officer(coded) as stranger, Officer(coded) as officer:
        assert 401 == (await stranger.gets("codes")).status_code
        secret = await set_up(officer, "sindh")
        await enters(officer, "sindh", code_of(coded, secret))
        officer.session["token"] = "0" * 64
        assert 404 == (await at_the_page(officer, do="make")).status_code


async def test_the_secret_lies_sealed_and_moves_to_no_other_account(coded: World) -> None:
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        row = await coded.database.read(lambda conn: one_time.find(conn, "sindh"))
        assert row is not None
        assert secret not in row.secret
        await coded.database.write(lambda conn: one_time.put(conn, "punjab", row.secret, row.made))
        assert 401 == (await enters(officer, "punjab", code_of(coded, secret))).status_code


async def test_with_another_service_key_codes_do_not_fit_and_nothing_breaks(coded: World) -> None:
    """After a restore onto a new machine: the keys folder is never in a backup."""
    async with Officer(coded) as officer:
        secret = await set_up(officer, "sindh")
        other = KeysFolder(coded.keys / "other").find_or_make("service")
        await coded.database.write(lambda conn: one_time.put(conn, "sindh", other + bytes(16), coded.clock()))
        assert 401 == (await enters(officer, "sindh", code_of(coded, secret))).status_code


async def test_no_door_resets_anything_by_mail(coded: World) -> None:
    words = re.compile("reset|forgot|recover|e?-?mail")
    assert [] == [door.path for door in coded.doors if words.search(door.path)]
    async with Officer(coded) as stranger:
        page = (await stranger.gets("?lang=en")).text
    assert not re.search("forgot|reset|e-?mail", page, re.IGNORECASE)
