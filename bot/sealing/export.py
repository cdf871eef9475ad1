"""A case that left the service: opened with the six words of which two officers told three each (S39).

JSON with everything needed to open it by any tool: PBKDF2-HMAC-SHA-256 of the words gives the key of AES-256-GCM.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from bot.core.errors import Damaged, NotMine
from bot.sealing.fields import parse_object
from bot.sealing.passphrase import read_passphrase

FORMAT: Final = "hamrah export 1"
_MOST_BYTES: Final = 4 * 1024 * 1024
_FEWEST_ITERATIONS: Final = 600_000
_MOST_ITERATIONS: Final = 10_000_000


def open_export(file: bytes, words: str) -> bytes:
    """The content, UTF-8 JSON.  Raises `NotMine` for other words, `Damaged` for what is no such file."""
    fields = parse_object(file, _MOST_BYTES)
    rounds = fields.number("iterations")
    if fields.text("format") != FORMAT or not _FEWEST_ITERATIONS <= rounds <= _MOST_ITERATIONS:
        raise Damaged("not an export of ours")
    said = read_passphrase(words)
    if said is None:
        raise NotMine("six words of four letters are needed")
    key = PBKDF2HMAC(SHA256(), 32, fields.raw("salt", 16), rounds).derive(said.encode())
    try:
        return AESGCM(key).decrypt(fields.raw("nonce", 12), fields.raw("sealed"), FORMAT.encode())
    except InvalidTag:
        raise NotMine("these words do not open it, or it was changed") from None
