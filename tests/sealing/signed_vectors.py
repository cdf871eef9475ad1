"""Vectors of what is signed: signatures, rosters, replies and the audit log."""

from dataclasses import replace
from typing import Any

from bot.core.roster import Officer, ReaderKey, Roster, Team
from bot.sealing.audit import consistency_proof, inclusion_proof, leaf_hash, root_of
from bot.sealing.keys import key_id, public_key
from bot.sealing.mailbox import mailbox_from
from bot.sealing.record import record_hash
from bot.sealing.reply import seal_reply, sign_reply, write_reply
from bot.sealing.roster import RootOfTrust, add_signature, draft_roster, sign_roster, with_keys, with_suspended
from bot.sealing.roster_document import Document, RootKeys, SignedKey, read_document, sign_epoch_key
from bot.sealing.signing import sign, signing_public
from tests.sealing.vector_book import DAY_S, DEPLOYMENT, NOW, Book, context, plain, sealed_in_browser, seed
from tests.sealing.vectors import b64


def signatures(book: Book) -> None:
    for text in (
        '{"b":1,"a":[true,null,{"d":"ا","c":"\\u2028\\u0001\\"\\\\/\\u007f"}]}',
        '{"n":9007199254740991}',
        '"\\b\\f\\n\\r\\t"',
    ):
        book.add(text[:12], "canonical", {"json": text})
    for number in range(4):
        given = {"seed": b64(seed(f"signing {number}")), "label": "hamrah reply 1\n", "message": b64(b"m" * number)}
        book.add(f"{number}", "signature", given)
    signer = seed("signing 0")
    message, label = b"message", "hamrah reply 1\n"
    signature = sign(signer, label.encode(), message)
    given = {
        "public": b64(signing_public(signer)),
        "label": label,
        "message": b64(message),
        "signature": b64(signature),
    }
    book.add("right", "verification", given, {"holds": True})
    no = {"holds": False}
    book.add("another label", "verification", given | {"label": "hamrah roster 1\n"}, no)
    book.add("another message", "verification", given | {"message": b64(b"massage")}, no)
    book.add("another key", "verification", given | {"public": b64(signing_public(seed("x")))}, no)
    book.add("flipped", "verification", given | {"signature": b64(bytes([signature[0] ^ 1]) + signature[1:])}, no)
    book.add("short", "verification", given | {"signature": b64(signature[:63])}, no)
    book.add("zeros", "verification", given | {"signature": b64(bytes(64))}, no)
    book.add("not a key", "verification", given | {"public": b64(b"\xff" * 32)}, no)
    high = (int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493).to_bytes(
        32, "little"
    )
    book.add("second form of the same", "verification", given | {"signature": b64(signature[:32] + high)}, no)


OFFICERS = ("officer-a", "officer-b", "officer-c")


def people() -> tuple[Roster, RootKeys, list[bytes], list[SignedKey]]:
    officers = tuple(Officer(id, signing_public(seed(f"sign {id}")), ()) for id in OFFICERS)
    recovery = public_key(seed("recovery"))
    roster = Roster(
        deployment=DEPLOYMENT,
        version=7,
        issued=NOW - DAY_S,
        expires=NOW + 60 * DAY_S,
        teams=(
            Team("team-1", "ٹیم ایک", ("PK-PB", "PK-IS"), OFFICERS[:2], ("labour",)),
            Team("duty", "Duty", ("PK",), OFFICERS, duty=True, pair=(OFFICERS[0], OFFICERS[2])),
        ),
        officers=officers,
        recovery=ReaderKey(key_id(recovery), recovery, NOW - DAY_S, NOW + 300 * DAY_S),
    )
    roots = [seed(f"root {number}") for number in range(3)]
    root = RootKeys(tuple(signing_public(each) for each in roots), 2)
    epoch_keys = [epoch_key(id, "first", NOW - 30 * DAY_S, NOW + 60 * DAY_S) for id in OFFICERS]
    return roster, root, roots, epoch_keys


def epoch_key(officer: str, name: str, starts: int, ends: int, signer: str = "") -> SignedKey:
    public = public_key(seed(f"epoch {officer} {name}"))
    key = ReaderKey(key_id(public), public, starts, ends)
    return sign_epoch_key(seed(f"sign {signer or officer}"), DEPLOYMENT, officer, key)


def rosters(book: Book) -> None:
    roster, root, roots, epoch_keys = people()
    document = sign_roster(roster, root, roots[:2], epoch_keys)
    fingerprint = RootOfTrust.of(DEPLOYMENT, root).as_text()

    def given(changed: bytes, **more: Any) -> dict[str, Any]:
        whole = {"document": changed.decode(), "fingerprint": fingerprint, "now": NOW, "newestSeen": 0}
        return whole | more

    book.add("of two of three", "fingerprint", {"document": document.decode()}, {"fingerprint": fingerprint})
    book.add("right", "roster", given(document, newestSeen=7))
    newer = epoch_key("officer-a", "second", NOW - 1, NOW + 80 * DAY_S)
    book.add("newer key", "roster", given(with_keys(document, [newer])))
    book.add("suspended by the server", "roster", given(with_suspended(document, ["officer-b"])))
    book.add("keys not yet living", "roster", given(document, now=NOW - 40 * DAY_S), {"refused": "RosterExpired"})

    one = add_signature(draft_roster(roster, root), roots[0])
    book.add("signed by one of three", "roster", given(one), {"refused": "RosterForged"})
    book.add("unsigned", "roster", given(draft_roster(roster, root)), {"refused": "RosterForged"})
    read = read_document(one)
    twice = Document(read.body, read.signatures * 2)
    book.add("one signer counted twice", "roster", given(twice.to_bytes()), {"refused": "RosterForged"})
    own_root = RootKeys((signing_public(seed("server")),), 1)
    own = sign_roster(roster, own_root, [seed("server")])
    book.add("signed by the server's own root", "roster", given(own), {"refused": "RosterForged"})
    foreign = replace(roster, deployment=seed("elsewhere", 16))
    book.add("of another deployment", "roster", given(sign_roster(foreign, root, roots)), {"refused": "RosterForged"})
    changed = replace(read_document(document), body=read.body.replace(b'"version":7', b'"version":8'))
    book.add("changed after signing", "roster", given(changed.to_bytes()), {"refused": "RosterForged"})
    book.add("expired", "roster", given(document, now=NOW + 60 * DAY_S), {"refused": "RosterExpired"})
    book.add("from the future", "roster", given(document, now=NOW - 2 * DAY_S), {"refused": "RosterExpired"})
    book.add("older than seen", "roster", given(document, newestSeen=8), {"refused": "RosterSuperseded"})
    forged_key = epoch_key("officer-a", "server's", NOW, NOW + DAY_S, signer="the server")
    book.add("key of the server's", "roster", given(with_keys(document, [forged_key])), {"refused": "RosterForged"})
    stranger = epoch_key("officer-z", "x", NOW, NOW + DAY_S)
    book.add("key of a stranger", "roster", given(with_keys(document, [stranger])), {"refused": "RosterForged"})
    stretched_key = replace(epoch_keys[0], ends=epoch_keys[0].ends + 1)
    longer = Document(read.body, read_document(document).signatures, (stretched_key,)).to_bytes()
    book.add("key with a later end", "roster", given(longer), {"refused": "RosterForged"})
    eternal = epoch_key("officer-a", "eternal", NOW, NOW + 91 * DAY_S)
    book.add("key for 91 days", "roster", given(with_keys(document, [eternal])), {"refused": "RosterMalformed"})
    for name, shape in shapes(roster).items():
        book.add(name, "roster", given(sign_roster(shape, root, roots)), {"refused": "RosterMalformed"})
    for name, text in (("not JSON", "{"), ("a list", "[]"), ("nothing", ""), ("empty object", "{}")):
        book.add(name, "roster", given(text.encode()), {"refused": "RosterMalformed"})

    again = sign_roster(replace(roster, version=8), root, roots[1:], epoch_keys)
    other = sign_roster(replace(roster, expires=roster.expires - 1), root, roots[1:], epoch_keys)
    series = {"fingerprint": fingerprint, "now": NOW, "later": NOW + DAY_S}
    book.add("newer follows", "rosters", series | {"documents": [document.decode(), again.decode()]}, {"version": 8})
    superseded = {"refused": "RosterSuperseded"}
    book.add("older follows", "rosters", series | {"documents": [again.decode(), document.decode()]}, superseded)
    book.add(
        "same version, other truth", "rosters", series | {"documents": [document.decode(), other.decode()]}, superseded
    )
    late = series | {"documents": [document.decode()], "later": NOW + 60 * DAY_S}
    book.add("expires while in use", "rosters", late, {"refused": "RosterExpired"})
    book.add("none loaded", "rosters", series | {"documents": []}, {"refused": "RosterForged"})


def shapes(roster: Roster) -> dict[str, Roster]:
    """Rosters that are well signed and still make no sense."""
    first, duty = roster.teams
    return {
        "no duty team": replace(roster, teams=(first,)),
        "two duty teams": replace(roster, teams=(replace(first, duty=True), duty)),
        "a team twice": replace(roster, teams=(first, first, duty)),
        "an officer twice": replace(roster, officers=(*roster.officers, roster.officers[0])),
        "a signing key twice": replace(
            roster, officers=(*roster.officers, replace(roster.officers[0], id="officer-d"))
        ),
        "a team with a stranger": replace(roster, teams=(replace(first, officers=("officer-z",)), duty)),
        "a pair of one": replace(roster, teams=(first, replace(duty, pair=("officer-a",)))),
        "a pair from elsewhere": replace(roster, teams=(replace(first, pair=("officer-a", "officer-c")), duty)),
        "valid for two years": replace(roster, expires=roster.issued + 800 * DAY_S),
    }


def replies(book: Book) -> None:
    roster, root, roots, epoch_keys = people()
    document = sign_roster(roster, root, roots[:2], epoch_keys[:1])
    mailbox = mailbox_from(seed("stretched mailbox"))
    place = context("reply", key_id(mailbox.kem_public), kind="reply")
    common = {
        "seed": b64(mailbox.kem_private),
        "document": document.decode(),
        "fingerprint": RootOfTrust.of(DEPLOYMENT, root).as_text(),
        "now": NOW,
        "edits": [],
    }
    signer = seed("sign officer-a")
    words = 'ہم نے آپ کا پیغام پڑھ لیا ہے۔\n\x01\u2028"\\ 👋'
    payload = write_reply(place, "officer-a", 20_833, words)
    envelope = seal_reply(mailbox.kem_public, place, sign_reply(signer, payload))
    job = {
        "make": "reply",
        "public": b64(mailbox.kem_public),
        "context": plain(place),
        "signingSeed": b64(signer),
        "officer": "officer-a",
        "day": 20_833,
        "text": words,
    }
    expected = {"officer": "officer-a", "day": 20_833, "text": words}
    given = common | {"context": plain(place), "envelope": b64(envelope)}
    book.add("sealed by Python", "reply", given, expected)
    book.add("sealed by browser", "reply", given | {"envelope": b64(sealed_in_browser([job])[0])}, expected)

    def unverified(name: str, why: str, signed: bytes, **changed: Any) -> None:
        sealed = seal_reply(mailbox.kem_public, place, signed)
        book.add(name, "reply", given | {"envelope": b64(sealed)} | changed, {"unverified": why})

    unverified("signed by the server", "signature", sign_reply(seed("server"), payload))
    unverified("by a stranger", "stranger", sign_reply(signer, write_reply(place, "officer-z", 1, "hello")))
    elsewhere = replace(place, case_id=seed("other", 16))
    unverified("written for another case", "moved", sign_reply(signer, write_reply(elsewhere, "officer-a", 1, "hello")))
    later = replace(place, seq=1, previous=record_hash(envelope))
    unverified("written for another place", "moved", sign_reply(signer, write_reply(later, "officer-a", 1, "hello")))
    unverified("not JSON", "malformed", sign_reply(signer, b"hello"))
    unverified("empty", "malformed", b"")
    suspended = with_suspended(document, ["officer-a"]).decode()
    unverified("officer suspended", "suspended", sign_reply(signer, payload), document=suspended)
    book.add("another seq", "reply", given | {"context": plain(replace(place, seq=1))}, {"unverified": "not mine"})
    book.add("flipped", "reply", given | {"edits": [{"flip": 5000}]}, {"unverified": "damaged"})


def logs(book: Book) -> None:
    for text in ('{"action":"open","hour":500000,"officer":"a1"}', '{"b":1,"a":{"z":true,"y":null}}'):
        book.add(text[:20], "leaf", {"json": text})
    leaves = [leaf_hash({"n": number}) for number in range(13)]
    for old, new in ((0, 5), (1, 2), (1, 13), (2, 7), (3, 7), (4, 8), (6, 13), (8, 13), (7, 7), (12, 13)):
        heads = {
            "old": {"size": old, "root": b64(root_of(leaves[:old]))},
            "new": {"size": new, "root": b64(root_of(leaves[:new]))},
        }
        proof = [b64(node) for node in consistency_proof(leaves[:new], old)]
        book.add(f"{old} to {new}", "consistency", heads | {"proof": proof}, {"holds": True})
        forked = heads | {"new": {"size": new, "root": b64(root_of([*leaves[: new - 1], seed("forked")]))}}
        if old:
            book.add(f"{old} to {new}, forked", "consistency", forked | {"proof": proof}, {"holds": False})
    for index, size in ((0, 1), (0, 13), (5, 13), (12, 13), (3, 8)):
        log = {"size": size, "root": b64(root_of(leaves[:size]))}
        given = {"leaf": b64(leaves[index]), "index": index, "log": log}
        proof = [b64(node) for node in inclusion_proof(leaves[:size], index)]
        book.add(f"{index} of {size}", "inclusion", given | {"proof": proof}, {"holds": True})
        other = given | {"leaf": b64(seed("other")), "proof": proof}
        book.add(f"{index} of {size}, another entry", "inclusion", other, {"holds": False})
