"""From code to mailbox: dear to guess, nothing stored that opens it, nothing told about what exists."""

import hashlib
import hmac
import secrets
from dataclasses import fields

import pytest

from bot.core.errors import SealingError, Unknown
from bot.sealing.case_code import new_code
from bot.sealing.keys import key_id, public_key
from bot.sealing.mailbox import auth_hash, auth_matches, derive, locator_salt, mailbox_from
from bot.sealing.stretch import Cost, argon2id, expand

CHEAP = Cost.for_tests()


@pytest.mark.promise("S16")
def test_a_code_costs_three_passes_over_64_mib() -> None:
    cost = Cost()
    assert (cost.passes, cost.memory_kib) == (3, 64 * 1024)
    assert cost.as_text() == "argon2id:3:65536:1"
    assert cost.for_production()


@pytest.mark.promise("S16")
def test_argon2id_is_the_one_of_the_rfc() -> None:
    """Another implementation gives the same bytes (reference values of the argon2 command, version 1.3)."""
    stretched = argon2id(b"password", b"somesalt" * 2, Cost(3, 65_536))
    argon2 = pytest.importorskip("argon2.low_level", reason="no second Argon2 implementation is installed")
    other = argon2.hash_secret_raw(b"password", b"somesalt" * 2, 3, 65_536, 1, 32, argon2.Type.ID)
    assert other == stretched


@pytest.mark.promise("S16")
def test_the_same_code_and_salt_open_the_same_mailbox_and_no_other() -> None:
    code, salt = new_code(), secrets.token_bytes(16)
    mailbox = derive(code, salt, CHEAP)
    assert mailbox == derive(code, salt, CHEAP)
    for other in (derive(new_code(), salt, CHEAP), derive(code, secrets.token_bytes(16), CHEAP)):
        for part in fields(mailbox):
            assert getattr(mailbox, part.name) != getattr(other, part.name)


@pytest.mark.promise("S16")
def test_labels_give_unrelated_keys() -> None:
    stretched = secrets.token_bytes(32)
    mailbox = mailbox_from(stretched)
    parts = {stretched, mailbox.id, mailbox.auth, mailbox.kem_private}
    assert len(parts) == 4
    assert mailbox.kem_public == public_key(mailbox.kem_private)
    assert expand(stretched, b"auth") == mailbox.auth
    ours = hmac.digest(hmac.digest(bytes(32), stretched, "sha256"), b"hamrah 1 auth\x01", "sha256")
    assert ours == mailbox.auth  # HKDF as RFC 5869 writes it


@pytest.mark.promise("S16")
def test_old_parameters_still_open() -> None:
    """A mailbox keeps the cost it was made with, whatever is the custom later."""
    code, salt = new_code(), secrets.token_bytes(16)
    stored = Cost(passes=1, memory_kib=32, only_for_tests=True).as_text()
    then = derive(code, salt, Cost(passes=1, memory_kib=32, only_for_tests=True))
    assert then == derive(code, salt, Cost.from_text(stored, tests_allowed=True))
    assert then != derive(code, salt, CHEAP)
    for later in ("argon2id:3:65536:1", "argon2id:4:131072:1"):
        assert later == Cost.from_text(later).as_text()


@pytest.mark.promise("S5", "S16")
@pytest.mark.parametrize(
    "text",
    [
        "argon2id:2:65536:1",
        "argon2id:3:65535:1",
        "argon2id:0:0:1",
        "argon2id:3:65536:4",
        "argon2id:3:4294967295:1",
        "argon2id:3:-65536:1",
        "argon2id:٣:65536:1",
        "argon2id:x:65536:1",
        "argon2id:3:" + "9" * 5_000 + ":1",
        "argon2id:17:65536:1",
        "argon2id:3:1048577:1",
        "argon2i:3:65536:1",
        "pbkdf2:100000",
        "argon2id-test:1:64:1",
        "",
    ],
)
def test_a_lower_or_unknown_cost_is_refused(text: str) -> None:
    with pytest.raises(Unknown):
        Cost.from_text(text)


@pytest.mark.promise("S16")
def test_a_lower_cost_cannot_be_made_but_for_tests() -> None:
    for passes, memory_kib in ((2, 65_536), (3, 65_535), (1, 64)):
        with pytest.raises(Unknown):
            Cost(passes, memory_kib)
    assert not CHEAP.for_production()
    with pytest.raises(Unknown):
        Cost.from_text(CHEAP.as_text())


def test_the_highest_cost_we_take_and_costs_that_are_none() -> None:
    assert Cost(16, 1024 * 1024).as_text() == "argon2id:16:1048576:1"
    assert Cost(1, 8, only_for_tests=True).as_text() == "argon2id-test:1:8:1"
    for passes, memory_kib in ((0, 64), (1, 7), (-1, -1)):
        with pytest.raises(Unknown):
            Cost(passes, memory_kib, only_for_tests=True)


@pytest.mark.promise("S17")
def test_the_server_keeps_a_hash_of_auth_from_which_nothing_follows() -> None:
    mailbox = mailbox_from(secrets.token_bytes(32))
    stored = auth_hash(mailbox.auth)
    assert stored == hashlib.sha256(mailbox.auth).digest()
    assert auth_matches(stored, mailbox.auth)
    assert not auth_matches(stored, mailbox.auth[:-1] + bytes([mailbox.auth[-1] ^ 1]))
    assert not auth_matches(stored, stored)


@pytest.mark.promise("S17")
def test_a_mailbox_does_not_show_by_accident() -> None:
    assert repr(derive(new_code(), bytes(16), CHEAP)) == "Mailbox()"


@pytest.mark.promise("S19")
def test_the_salt_of_a_locator_is_stable_before_and_after_a_report() -> None:
    """There is one salt for each locator, used or not, so asking tells nothing."""
    service_secret = secrets.token_bytes(32)
    assert locator_salt(service_secret, "01234") == locator_salt(service_secret, "01234")
    salts = {locator_salt(service_secret, f"{number:05d}") for number in range(5_000)}
    assert len(salts) == 5_000
    assert {16} == {len(salt) for salt in salts}


@pytest.mark.promise("S15", "S19")
def test_the_salt_of_a_locator_cannot_be_known_without_the_secret() -> None:
    assert locator_salt(secrets.token_bytes(32), "01234") != locator_salt(secrets.token_bytes(32), "01234")
    with pytest.raises(SealingError):
        locator_salt(b"too short", "01234")


@pytest.mark.promise("S15")
def test_a_short_salt_is_refused() -> None:
    with pytest.raises(SealingError):
        argon2id(b"12345", bytes(15), CHEAP)


@pytest.mark.promise("S4")
def test_the_mailbox_key_is_an_ordinary_key() -> None:
    mailbox = derive(new_code(), bytes(16), CHEAP)
    assert len(key_id(mailbox.kem_public)) == 16
    assert len(mailbox.kem_public) == 1_216
