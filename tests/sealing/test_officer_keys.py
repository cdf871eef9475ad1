"""An officer's keys open with passphrase and shard together, and with nothing less."""

import math
import secrets
from collections import Counter
from pathlib import Path

import pytest

from bot.core.errors import NotMine, SealingError, Unknown
from bot.sealing.context import new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.officer_keys import (
    COST,
    OfficerSecrets,
    login_proof,
    login_proof_hash,
    stretch_passphrase,
    unwrap,
    wrap,
)
from bot.sealing.passphrase import CONSONANTS, LEFT_OUT, VOWELS, WORDS, new_passphrase, read_passphrase
from bot.sealing.shards import Shards
from bot.sealing.signing import new_signing_seed
from bot.sealing.stretch import Cost

CHEAP = Cost.for_tests()


@pytest.fixture
def own() -> OfficerSecrets:
    return OfficerSecrets(new_seed(), new_signing_seed())


@pytest.mark.promise("S20")
def test_passphrase_and_shard_together_open_the_keys(own: OfficerSecrets) -> None:
    passphrase, salt, shard = new_passphrase(), secrets.token_bytes(16), secrets.token_bytes(32)
    epoch_key = key_id(public_key(own.seed))
    wrapped = wrap(own, stretch_passphrase(passphrase, salt, CHEAP), shard, officer="a", epoch_key=epoch_key)
    again = stretch_passphrase(f"  {passphrase.upper()} ", salt, CHEAP)
    assert own == unwrap(wrapped, again, shard, officer="a", epoch_key=epoch_key)
    assert own.seed not in wrapped
    assert own.signing_seed not in wrapped


@pytest.mark.promise("S20")
def test_nothing_less_opens_them(own: OfficerSecrets) -> None:
    passphrase, salt, shard = new_passphrase(), secrets.token_bytes(16), secrets.token_bytes(32)
    epoch_key = key_id(public_key(own.seed))
    stretched = stretch_passphrase(passphrase, salt, CHEAP)
    wrapped = wrap(own, stretched, shard, officer="a", epoch_key=epoch_key)
    tries = [
        (stretched, bytes(32), "a", epoch_key),
        (stretched, secrets.token_bytes(32), "a", epoch_key),
        (stretch_passphrase(new_passphrase(), salt, CHEAP), shard, "a", epoch_key),
        (stretch_passphrase(passphrase, secrets.token_bytes(16), CHEAP), shard, "a", epoch_key),
        (login_proof(stretched), shard, "a", epoch_key),
        (stretched, shard, "b", epoch_key),
        (stretched, shard, "a", new_id()),
    ]
    for stretched_try, shard_try, officer, epoch in tries:
        with pytest.raises(NotMine):
            unwrap(wrapped, stretched_try, shard_try, officer=officer, epoch_key=epoch)
    for missing in (b"", bytes(31)):
        with pytest.raises(SealingError):
            unwrap(wrapped, stretched, missing, officer="a", epoch_key=epoch_key)


@pytest.mark.promise("S20")
@pytest.mark.parametrize("size", [0, 31, 33])
def test_nothing_is_wrapped_without_a_whole_shard(own: OfficerSecrets, size: int) -> None:
    with pytest.raises(SealingError):
        wrap(own, secrets.token_bytes(32), bytes(size), officer="a", epoch_key=new_id())


@pytest.mark.promise("S13", "S20")
def test_after_the_shard_is_destroyed_an_old_backup_opens_nothing(tmp_path: Path, own: OfficerSecrets) -> None:
    """The backup has the wrapped key and the salt, the officer has the passphrase: not enough."""
    shards, epoch_key, salt = Shards(tmp_path), key_id(public_key(own.seed)), secrets.token_bytes(16)
    stretched = stretch_passphrase(new_passphrase(), salt, CHEAP)
    backed_up = wrap(own, stretched, shards.find_or_make("a", epoch_key), officer="a", epoch_key=epoch_key)
    shards.destroy("a", epoch_key)
    assert shards.find("a", epoch_key) is None
    fresh = shards.find_or_make("a", epoch_key)
    with pytest.raises(NotMine):
        unwrap(backed_up, stretched, fresh, officer="a", epoch_key=epoch_key)


def test_all_shards_of_a_leaver_are_destroyed_and_no_others(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    first, second = new_id(), new_id()
    for officer in ("leaver", "stays"):
        for epoch in (first, second):
            shards.find_or_make(officer, epoch)
    kept = shards.find("stays", first)
    shards.destroy_all("leaver")
    assert (shards.find("leaver", first), shards.find("leaver", second)) == (None, None)
    assert kept == shards.find("stays", first)


def test_shards_differ_by_officer_and_epoch_and_stay(tmp_path: Path) -> None:
    shards = Shards(tmp_path)
    epoch = new_id()
    made = {shards.find_or_make("a", epoch), shards.find_or_make("b", epoch), shards.find_or_make("a", new_id())}
    assert len(made) == 3
    assert Shards(tmp_path).find("a", epoch) in made


@pytest.mark.promise("S20")
def test_a_passphrase_has_77_bits() -> None:
    words = (len(CONSONANTS) * len(VOWELS)) ** 2 - len(LEFT_OUT)
    assert WORDS == 6
    assert WORDS * math.log2(words) >= 77
    assert all(len(word) == 4 and word[0] in CONSONANTS and word[1] in VOWELS for word in LEFT_OUT)
    assert all(word[2] in CONSONANTS and word[3] in VOWELS for word in LEFT_OUT)


@pytest.mark.slow
@pytest.mark.promise("S20")
def test_passphrases_do_not_repeat_and_letters_are_evenly_drawn() -> None:
    passphrases = [new_passphrase() for _ in range(5_000)]
    assert len(set(passphrases)) == 5_000
    counts = Counter(word[0] for passphrase in passphrases for word in passphrase.split())
    expected = counts.total() / len(CONSONANTS)
    assert all(abs(counts[letter] - expected) < 0.12 * expected for letter in CONSONANTS)
    assert not LEFT_OUT & {word for passphrase in passphrases for word in passphrase.split()}


@pytest.mark.promise("S20")
@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "password",
        "correct horse battery staple one two",
        "bado kimu sefa loru wuza",
        "bado " * 7,
        "bado kimu sefa loru wuza hepix",
        "bado kimu sefa loru wuza heap",
        "bado kimu sefa loru wuza hate",
    ],
)
def test_a_chosen_passphrase_is_refused(chosen: str) -> None:
    assert read_passphrase(chosen) is None
    with pytest.raises(SealingError):
        stretch_passphrase(chosen, bytes(16), CHEAP)


@pytest.mark.promise("S20")
def test_a_passphrase_costs_three_passes_over_128_mib() -> None:
    assert COST.as_text() == "argon2id:3:131072:1"
    passphrase = new_passphrase()
    with pytest.raises(Unknown):
        stretch_passphrase(passphrase, bytes(16), Cost())
    assert len(stretch_passphrase(passphrase, bytes(16))) == 32


def test_the_login_proof_tells_nothing_about_the_keys(own: OfficerSecrets) -> None:
    stretched = stretch_passphrase(new_passphrase(), bytes(16), CHEAP)
    proof = login_proof(stretched)
    assert len({stretched, proof, login_proof_hash(proof)}) == 3
    assert repr(own) == "OfficerSecrets()"


@pytest.mark.promise("S60")
def test_any_flipped_byte_is_refused(own: OfficerSecrets) -> None:
    stretched, shard, epoch = secrets.token_bytes(32), secrets.token_bytes(32), new_id()
    wrapped = wrap(own, stretched, shard, officer="a", epoch_key=epoch)
    for at in range(len(wrapped)):
        changed = wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :]
        with pytest.raises((NotMine, Unknown)):
            unwrap(changed, stretched, shard, officer="a", epoch_key=epoch)
    for size in range(len(wrapped)):
        with pytest.raises(Unknown):
            unwrap(wrapped[:size], stretched, shard, officer="a", epoch_key=epoch)
