"""Vectors of what is sealed: keys, texts, sizes, records, slots, lists of slots, files and chains."""

import base64
import hashlib
import json
from typing import Any

from bot.sealing.chain import Head
from bot.sealing.chunks import seal_file
from bot.sealing.keys import key_id, public_key
from bot.sealing.padding import as_bytes
from bot.sealing.record import record_hash, seal_record
from bot.sealing.slot import seal_slot, slot_context
from bot.sealing.slot_list import list_slots
from tests.sealing.vector_book import DEPLOYMENT, Book, context, plain, sealed_in_browser, seed
from tests.sealing.vectors import b64

WORDS = {
    "empty": "",
    "one byte": "a",
    "English": "They said there is a job in the city. I do not want to go.",
    "Urdu": "مجھے ڈر لگ رہا ہے۔ وہ کہتے ہیں کہ شہر میں نوکری ہے۔",
    "Sindhi": "مون کي ڊپ ٿو لڳي، هو مون کي وٺي وڃڻ چاهين ٿا",
    "Pashto": "زه ویرېږم، هغوی وايي چې په ښار کې کار شته",
    "Persian with joiner": "می‌خواهم به خانه برگردم",
    "Hindi": "मुझे घर जाना है, वे मुझे काम पर ले जा रहे हैं",
    "Bengali": "আমি বাড়ি যেতে চাই",
    "Tamil": "எனக்கு உதவி வேண்டும்",
    "Sinhala": "මට උදව් අවශ්‍යයි",
    "Dhivehi": "އަހަންނަށް އެހީ ބޭނުން",
    "Dzongkha": "ང་ལུ་གྲོགས་རམ་དགོ",
    "mixed directions": "نمبر 0300 اور name Ali ہے",
    "direction controls": "a\u202eb\u202c c\u2067d\u2069",
    "emoji family": "👨‍👩‍👧‍👦 🏠",
    "beyond the first plane": "𐍈 𑇐 🜁",
    "line breaks": "one\r\ntwo\tthree\u2028four",
    "null and delete": "a\x00b\x7fc",
}


def keys(book: Book) -> None:
    for number in range(24):
        book.add(f"seed {number}", "key", {"seed": b64(seed(f"key {number}"))})
    book.add("all zeros", "key", {"seed": b64(bytes(32))})
    book.add("all ones", "key", {"seed": b64(b"\xff" * 32)})


def texts(book: Book) -> None:
    for name, words in WORDS.items():
        book.add(name, "text", {"json": json.dumps(words)})
    book.add("decomposed becomes composed", "text", {"json": json.dumps("ا\u0653 e\u0301 क\u093c")})
    refused = {"refused": "NotText"}
    for name, text in {
        "lone high surrogate": '"a\\ud800"',
        "lone low surrogate": '"\\udc00b"',
        "surrogates the wrong way round": '"\\udc00\\ud800"',
        "high surrogate before a letter": '"\\ud83dx"',
    }.items():
        book.add(name, "text", {"json": text}, refused)
    for size in (0, 1, 2045, 2046, 2047, 8190, 8191, 32766):
        given = {"text": {"repeat": b64("سلام".encode()), "size": size}, "reply": False}
        book.add(f"{size} bytes", "padding", given)
    repeat = b64(b"x")
    book.add("too long", "padding", {"text": {"repeat": repeat, "size": 32767}, "reply": False}, {"refused": "TooLong"})
    book.add("reply", "padding", {"text": {"repeat": repeat, "size": 5}, "reply": True})
    book.add("long reply", "padding", {"text": {"repeat": repeat, "size": 8191}, "reply": True}, {"refused": "TooLong"})
    damaged = {"refused": "Damaged"}
    book.add("all zeros is an empty text", "unpadding", {"size": 2048, "edits": []}, {"text": ""})
    book.add("something after the text", "unpadding", {"size": 2048, "edits": [{"flip": 2047}]}, damaged)
    book.add("length past the end", "unpadding", {"size": 2048, "edits": [{"put": b64(b"\x07\xff"), "at": 0}]}, damaged)
    book.add("no size of ours", "unpadding", {"size": 2049, "edits": []}, damaged)


def records(book: Book) -> None:
    case_seed = seed("case key")
    public = public_key(case_seed)
    jobs = []
    for name, words in WORDS.items():
        place = context(name, key_id(public))
        jobs.append({"make": "record", "public": b64(public), "context": plain(place), "text": words})
    from_browser = sealed_in_browser(jobs)
    for (name, words), browser_made in zip(WORDS.items(), from_browser, strict=True):
        place = context(name, key_id(public))
        for maker, envelope in (("Python", seal_record(public, place, as_bytes(words))), ("browser", browser_made)):
            given = {"seed": b64(case_seed), "context": plain(place), "envelope": b64(envelope), "edits": []}
            book.add(f"{name}, sealed by {maker}", "record", given)
    middle = seal_record(public, context("middle", key_id(public)), b"m" * 5000)
    middle_given: dict[str, Any] = {"seed": b64(case_seed), "context": plain(context("middle", key_id(public)))}
    book.add("middle size", "record", middle_given | {"envelope": b64(middle), "edits": []})
    refuse_records(book, case_seed, public)


def refuse_records(book: Book, case_seed: bytes, public: bytes) -> None:
    place = context("refused", key_id(public), seq=3, previous=seed("before"))
    envelope = seal_record(public, place, b"only here")
    given: dict[str, Any] = {"seed": b64(case_seed), "context": plain(place), "envelope": b64(envelope), "edits": []}
    book.add("in its place", "record", given)
    other = {
        "deployment": b64(seed("another", 16)),
        "rosterVersion": 8,
        "caseId": b64(seed("another", 16)),
        "recordId": b64(seed("another", 16)),
        "kind": "note",
        "seq": 4,
        "recipient": b64(seed("another", 16)),
        "previous": b64(bytes(32)),
        "protocol": 2,
    }
    for field, value in other.items():
        moved = given | {"context": given["context"] | {field: value}}
        book.add(f"another {field}", "record", moved, {"refused": "NotMine"})
    book.add("another key", "record", given | {"seed": b64(seed("another"))}, {"refused": "NotMine"})
    for at, what in ((12, "NotMine"), (600, "NotMine"), (1131, "NotMine"), (1132, "NotMine"), (1179, "NotMine")):
        book.add(f"byte {at} flipped", "record", given | {"edits": [{"flip": at}]}, {"refused": what})
    for at in (1180, 1191, 1192, 2000, 3255):
        book.add(f"byte {at} flipped", "record", given | {"edits": [{"flip": at}]}, {"refused": "Damaged"})
    book.add("cut", "record", given | {"edits": [{"cut": 3255}]}, {"refused": "Damaged"})
    book.add("cut to nothing", "record", given | {"edits": [{"cut": 0}]}, {"refused": "Damaged"})
    book.add("longer", "record", given | {"edits": [{"add": b64(b"\0")}]}, {"refused": "Damaged"})
    for name, at, value in DOWNGRADES:
        gives = {"refused": "Damaged" if at == 0 else "Unknown"}
        book.add(name, "record", given | {"edits": [{"put": b64(value), "at": at}]}, gives)


DOWNGRADES = (
    ("another magic", 0, b"AGE1"),
    ("version 0", 4, b"\x00"),
    ("version 2", 4, b"\x02"),
    ("said to be a slot", 5, b"\x02"),
    ("KEM X25519 alone", 6, b"\x00\x20"),
    ("KEM ML-KEM-768 alone", 6, b"\x00\x41"),
    ("KEM zero", 6, b"\x00\x00"),
    ("KDF SHA-512", 8, b"\x00\x03"),
    ("KDF zero", 8, b"\x00\x00"),
    ("AEAD AES-128-GCM", 10, b"\x00\x01"),
    ("AEAD export only", 10, b"\xff\xff"),
    ("AEAD none", 10, b"\x00\x00"),
)


def slots(book: Book) -> None:
    for number in range(4):
        reader, case_seed = seed(f"reader {number}"), seed(f"slot case {number}")
        place = slot_context(
            deployment=DEPLOYMENT,
            roster_version=7,
            case_id=seed(f"slot {number}", 16),
            case_key=key_id(public_key(case_seed)),
            reader_key=key_id(public_key(reader)),
        )
        job = {"make": "slot", "public": b64(public_key(reader)), "context": plain(place), "seed": b64(case_seed)}
        for maker, slot in (
            ("Python", seal_slot(public_key(reader), place, case_seed)),
            ("browser", sealed_in_browser([job])[0]),
        ):
            given: dict[str, Any] = {"seed": b64(reader), "context": plain(place), "slot": b64(slot), "edits": []}
            book.add(f"{number}, sealed by {maker}", "slot", given, {"seed": b64(case_seed)})
    for field, value in (("caseId", seed("x", 16)), ("deployment", seed("x", 16)), ("recipient", seed("x", 16))):
        moved = given | {"context": given["context"] | {field: b64(value)}}
        book.add(f"another {field}", "slot", moved, {"refused": "NotMine"})
    book.add("byte 1179 flipped", "slot", given | {"edits": [{"flip": 1179}]}, {"refused": "NotMine"})
    book.add("AES-128", "slot", given | {"edits": [{"put": b64(b"\0\1"), "at": 10}]}, {"refused": "Unknown"})
    book.add("cut", "slot", given | {"edits": [{"cut": 1179}]}, {"refused": "Damaged"})
    foreign = seal_slot(public_key(reader), place, seed("a case of the server's own"))
    book.add("holds another case's key", "slot", given | {"slot": b64(foreign)}, {"refused": "Damaged"})


def files(book: Book) -> None:
    case_seed = seed("file case")
    public = public_key(case_seed)
    sizes = (0, 1, 65_535, 65_536, 65_537)
    jobs = []
    for size in sizes:
        place = context(f"file {size}", key_id(public), kind="file")
        jobs.append({"make": "file", "public": b64(public), "context": plain(place), "size": size, "fill": 0x6D})
    for size, browser_made in zip(sizes, sealed_in_browser(jobs), strict=True):
        place = context(f"file {size}", key_id(public), kind="file")
        given: dict[str, Any] = {"seed": b64(case_seed), "context": plain(place), "edits": []}
        expected = {"content": hashlib.sha256(b"m" * size).hexdigest(), "size": size}
        if size in (0, 65_537):
            envelope = seal_file(public, place, b"m" * size)
            book.add(f"{size} bytes, sealed by Python", "file", given | {"envelope": b64(envelope)}, expected)
        if size in (1, 65_535, 65_536):
            book.add(f"{size} bytes, sealed by browser", "file", given | {"envelope": b64(browser_made)}, expected)
    place = context("three chunks", key_id(public), kind="file")
    envelope = seal_file(public, place, b"m" * 140_000)
    given = {"seed": b64(case_seed), "context": plain(place), "envelope": b64(envelope), "edits": []}
    book.add("three chunks", "file", given)
    damaged = {"refused": "Damaged"}
    start, size = 1187, 65_552
    book.add("two chunks swapped", "file", given | {"edits": [{"swap": [0, 1], "from": start, "size": size}]}, damaged)
    book.add("last chunk dropped", "file", given | {"edits": [{"cut": start + 2 * size}]}, damaged)
    book.add("cut within a chunk", "file", given | {"edits": [{"cut": start + size + 9}]}, damaged)
    book.add("a byte of the second chunk flipped", "file", given | {"edits": [{"flip": start + size}]}, damaged)
    for length in (65_536, 65_537, 100_000, 1_000_000, 1_048_576, 1_048_577, 20_971_528):
        book.add(f"{length}", "padme", {"length": length})


def chains(book: Book) -> None:
    case_seed = seed("chain case")
    public = public_key(case_seed)
    head, links = Head(), []
    for number in range(3):
        place = context("chain", key_id(public), seq=number, previous=head.last, record_id=seed(f"link {number}", 16))
        envelope = seal_record(public, place, b"link")
        links.append({"context": plain(place), "envelope": b64(envelope)})
        head = head.after(envelope)
    whole = {"count": head.count, "last": b64(head.last)}
    given = {"links": links, "seen": None, "after": None}
    book.add("whole", "chain", given, {"count": 3, "last": head.last.hex()})
    book.add("whole, as seen", "chain", given | {"seen": whole})
    book.add("empty", "chain", given | {"links": []})
    book.add("middle dropped", "chain", given | {"links": [links[0], links[2]]}, {"broken": "order", "seq": 1})
    book.add("first dropped", "chain", given | {"links": links[1:]}, {"broken": "order", "seq": 0})
    book.add("swapped", "chain", given | {"links": [links[1], links[0], links[2]]}, {"broken": "order", "seq": 0})
    book.add("repeated", "chain", given | {"links": [*links, links[2]]}, {"broken": "order", "seq": 3})
    book.add(
        "last dropped, but seen", "chain", given | {"links": links[:2], "seen": whole}, {"broken": "cut", "seq": 2}
    )
    after = {"count": 1, "last": record_hash_of(links[0])}
    book.add("emptied up to the first", "chain", given | {"links": links[1:], "after": after})


def record_hash_of(link: dict[str, Any]) -> str:
    return b64(record_hash(base64.b64decode(link["envelope"])))


def slot_lists(book: Book) -> None:
    case_seed = seed("listed case")
    held = {seed(f"reader id {number}", 16): seed(f"slot {number}") * 3 for number in range(3)}
    case_id = seed("listed", 16)
    listed = list_slots(case_seed, deployment=DEPLOYMENT, case_id=case_id, version=1, roster_version=7, slots=held)
    present = [{"reader": b64(reader), "slot": b64(slot)} for reader, slot in held.items()]
    place = {"seed": b64(case_seed), "deployment": b64(DEPLOYMENT), "caseId": b64(case_id)}
    given = place | {"listed": b64(listed), "present": present}
    book.add("as written", "slot list", given)
    job = place | {"make": "list", "version": 1, "rosterVersion": 7, "slots": present}
    book.add("written by browser", "slot list", given | {"listed": b64(sealed_in_browser([job])[0])})
    intruder = {"reader": b64(seed("intruder", 16)), "slot": b64(seed("slot"))}
    book.add("a slot added", "slot list", given | {"present": [*present, intruder]})
    book.add("a slot dropped", "slot list", given | {"present": present[1:]})
    book.add(
        "a slot exchanged", "slot list", given | {"present": [present[0] | {"slot": intruder["slot"]}, *present[1:]]}
    )
    forged = bytes([listed[0] ^ 1]) + listed[1:]
    book.add("forged", "slot list", given | {"listed": b64(forged)}, {"refused": "Damaged"})
    book.add("of another case", "slot list", given | {"caseId": b64(seed("y", 16))}, {"refused": "Damaged"})
