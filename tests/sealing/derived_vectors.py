"""Vectors of what is typed and derived: case codes, costs, mailboxes, passphrases and officers' keys."""

import unicodedata

from bot.sealing.keys import key_id, public_key
from bot.sealing.mailbox import case_mark, case_mark_key, mailbox_from
from bot.sealing.officer_keys import OfficerSecrets, stretch_passphrase, wrap
from bot.sealing.stretch import Cost
from tests.sealing.vector_book import Book, sealed_in_browser, seed
from tests.sealing.vectors import b64


def codes(book: Book) -> None:
    code = "12345678901234567891"
    for zero in range(0x110000):
        if unicodedata.decimal(chr(zero), None) == 0:
            typed = "".join(chr(zero + int(digit)) for digit in code)
            book.add(f"numerals from U+{zero:04X}", "code", {"typed": typed})
    groups = [code[at : at + 4] for at in range(0, 20, 4)]
    for name, between in {
        "spaces": " ",
        "dashes": "-",
        "Arabic comma": "، ",
        "line breaks": "\r\n",
        "no-break spaces": "\u00a0",
        "direction marks": "\u200f \u200e",
        "dots": ".",
        "nothing": "",
    }.items():
        book.add(name, "code", {"typed": between.join(groups)})
    book.add("two scripts", "code", {"typed": "۱۲۳۴ " + code[4:]})
    book.add("wrong digit", "code", {"typed": code[:7] + "0" + code[8:]}, {"why": "check", "digits": 20})
    book.add("swapped neighbours", "code", {"typed": "21" + code[2:]}, {"why": "check", "digits": 20})
    book.add("one digit short", "code", {"typed": code[:-1]}, {"why": "length", "digits": 19})
    book.add("one digit more", "code", {"typed": code + "0"}, {"why": "length", "digits": 21})
    book.add("nothing typed", "code", {"typed": ""}, {"why": "length", "digits": 0})
    book.add("words", "code", {"typed": "my code is 1234"}, {"why": "letters", "digits": 4})
    book.add("letter in Urdu", "code", {"typed": code + "ا"}, {"why": "letters", "digits": 20})
    book.add("superscripts are not numerals", "code", {"typed": "¹²³" + code}, {"why": "letters", "digits": 20})


def derivations(book: Book) -> None:
    for number in range(4):
        book.add(f"{number}", "mailbox", {"stretched": b64(seed(f"stretched {number}"))})
    _case_marks(book)
    test = "argon2id-test:1:64:1"
    for number, secret in enumerate(("1234567890123456789", "0000000000000000000", "9999999999999999999")):
        book.add(f"test cost {number}", "argon", {"secret": secret, "salt": b64(seed("salt", 16)), "cost": test})
    book.add("another salt", "argon", {"secret": secret, "salt": b64(seed("pepper", 16)), "cost": test})
    full = {"secret": "1234567890123456789", "salt": b64(seed("salt", 16)), "cost": "argon2id:3:65536:1"}
    book.add("full cost", "argon", full)
    for text in ("argon2id:3:65536:1", "argon2id:4:131072:1"):
        book.add(text, "cost", {"cost": text})
    for text in (
        "argon2id:2:65536:1",
        "argon2id:3:65535:1",
        "argon2id:3:65536:2",
        "argon2i:3:65536:1",
        "argon2id-test:1:64:1",
        "argon2id:3:99999999:1",
        "argon2id:99:65536:1",
        "argon2id:3:65536",
        "scrypt:3:65536:1",
        "",
    ):
        book.add(text or "nothing", "cost", {"cost": text}, {"refused": "Unknown"})
    for label in ("mailbox-id", "auth", "kem-seed", "slot-list", "login-proof", "officer-kek"):
        book.add(label, "expand", {"stretched": b64(seed("stretched")), "label": label})


def _case_marks(book: Book) -> None:
    """One that holds, and the same mark beside another key, case or mailbox."""
    box, case, own = seed("stretched 0"), seed("case", 16), seed("case seed")
    made = mailbox_from(box)
    mark = case_mark(case_mark_key(made.kem_private), mailbox=made.id, case=case, public=public_key(own))
    given = {"stretched": b64(box), "caseId": b64(case), "caseSeed": b64(own), "mark": b64(mark)}
    book.add("of this case", "case mark", given, {"mark": mark.hex(), "holds": True})
    for name, changed in {
        "another key": {"caseSeed": b64(seed("another case seed"))},
        "another case": {"caseId": b64(seed("another case", 16))},
        "another mailbox": {"stretched": b64(seed("stretched 1"))},
        "another mark": {"mark": b64(bytes(32))},
        "half a mark": {"mark": b64(mark[:16])},
    }.items():
        book.add(name, "case mark", given | changed)


def officers(book: Book) -> None:
    made = "bado kimu sefa loru wuza hepi"
    for name, typed in {
        "as made": made,
        "capitals and dashes": "Bado-KIMU sefa, loru\nwuza  hepi",
        "five words": "bado kimu sefa loru wuza",
        "chosen": "correct horse battery staple two more",
        "a word left out": "bado kimu sefa loru wuza hate",
        "empty": "",
    }.items():
        book.add(name, "passphrase", {"typed": typed})
    own = OfficerSecrets(seed("epoch"), seed("signing"))
    salt, shard, cost = seed("salt", 16), seed("shard"), "argon2id-test:1:64:1"
    owner = {"officer": "officer-a", "epochKey": b64(key_id(public_key(own.seed)))}
    stretched = stretch_passphrase(made, salt, Cost.for_tests())
    wrapped = wrap(own, stretched, shard, officer="officer-a", epoch_key=key_id(public_key(own.seed)))
    given = owner | {"passphrase": made, "salt": b64(salt), "cost": cost, "wrapped": b64(wrapped), "shard": b64(shard)}
    book.add("wrapped by Python", "officer keys", given)
    job = given | {"make": "wrap", "seed": b64(own.seed), "signingSeed": b64(own.signing_seed)}
    book.add("wrapped by browser", "officer keys", given | {"wrapped": b64(sealed_in_browser([job])[0])})
    refused = {"refused": "NotMine"}
    book.add("another shard", "officer keys", given | {"shard": b64(seed("other"))}, refused)
    book.add("another passphrase", "officer keys", given | {"passphrase": "bado kimu sefa loru wuza hepa"}, refused)
    book.add("another officer", "officer keys", given | {"officer": "officer-b"}, refused)
    book.add("another epoch", "officer keys", given | {"epochKey": b64(seed("e", 16))}, refused)
    book.add("another version", "officer keys", given | {"wrapped": b64(b"\2" + wrapped[1:])}, {"refused": "Unknown"})
