"""The checks that each case of vectors.json names, in Python; tests/browser/vectors.js is the same for the browser.

A check takes a case's `given` and returns what must equal its `gives`; a `SealingError` becomes {"refused": its name}.
Bytes are base64; `Patterned` content is written as {"repeat": base64, "size": n} and compared by SHA-256.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.core.errors import SealingError
from bot.sealing.audit import check_consistency, check_inclusion, leaf_hash
from bot.sealing.case_code import CaseCode, parse
from bot.sealing.chain import Broken, Head, Link, check_chain
from bot.sealing.chunks import open_file, padme
from bot.sealing.context import Context
from bot.sealing.fields import canonical
from bot.sealing.keys import key_id, public_key
from bot.sealing.mailbox import case_mark, case_mark_key, is_the_cases_key, mailbox_from
from bot.sealing.officer_keys import login_proof, stretch_passphrase, unwrap
from bot.sealing.padding import REPLY, TEXT, as_bytes, pad, unpad
from bot.sealing.passphrase import read_passphrase
from bot.sealing.record import open_record, record_hash
from bot.sealing.reply import Reply, open_reply
from bot.sealing.roster import LivingRoster, RootOfTrust, verify_roster
from bot.sealing.roster_document import read_document, read_root
from bot.sealing.signing import sign, signed_by, signing_public
from bot.sealing.slot import open_slot
from bot.sealing.slot_list import check_slots
from bot.sealing.stretch import Cost, argon2id, expand

VECTORS = Path(__file__).with_name("vectors.json")

Given = dict[str, Any]


def load() -> list[dict[str, Any]]:
    book = json.loads(VECTORS.read_text("utf-8"))
    cases: list[dict[str, Any]] = [_whole(case, book["long"]) for case in book["cases"]]
    return cases


def _whole(value: Any, long: dict[str, str]) -> Any:
    """`value` with its long texts, which the file holds once, in their places."""
    match value:
        case dict():
            return {key: _whole(inner, long) for key, inner in value.items()}
        case list():
            return [_whole(inner, long) for inner in value]
        case str():
            return long.get(value, value)
        case _:
            return value


def run(case: dict[str, Any]) -> Any:
    try:
        return CHECKS[case["check"]](case["given"])
    except SealingError as error:
        return {"refused": why(error)}


def why(error: SealingError) -> str:
    """The error's name; a `Malformed` is a kind of `Damaged`, as in the browser."""
    return "Damaged" if type(error).__name__ == "Malformed" else type(error).__name__


def raw(text: str) -> bytes:
    return base64.b64decode(text)


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def sha(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()


def context_of(given: Given) -> Context:
    return Context(
        deployment=raw(given["deployment"]),
        roster_version=given["rosterVersion"],
        case_id=raw(given["caseId"]),
        record_id=raw(given["recordId"]),
        kind=given["kind"],
        seq=given["seq"],
        recipient=raw(given["recipient"]),
        previous=raw(given["previous"]),
        protocol=given.get("protocol", 1),
    )


def edited(envelope: bytes, edits: list[dict[str, Any]]) -> bytes:
    """What somebody did to an envelope on its way."""
    for edit in edits:
        match edit:
            case {"flip": at}:
                envelope = envelope[:at] + bytes([envelope[at] ^ 1]) + envelope[at + 1 :]
            case {"put": value, "at": at}:
                envelope = envelope[:at] + raw(value) + envelope[at + len(raw(value)) :]
            case {"cut": size}:
                envelope = envelope[:size]
            case {"add": value}:
                envelope += raw(value)
            case {"swap": [one, other], "from": start, "size": size}:
                blocks = [envelope[at : at + size] for at in range(start, len(envelope), size)]
                blocks[one], blocks[other] = blocks[other], blocks[one]
                envelope = envelope[:start] + b"".join(blocks)
    return envelope


def _key(given: Given) -> Any:
    public = public_key(raw(given["seed"]))
    return {"public": sha(public), "id": key_id(public).hex()}


def _text(given: Given) -> Any:
    return {"bytes": b64(as_bytes(json.loads(given["json"])))}


def _padding(given: Given) -> Any:
    text, buckets = _patterned(given["text"]), REPLY if given["reply"] else TEXT
    padded = pad(text, buckets)
    return {"padded": sha(padded), "size": len(padded), "back": unpad(padded, buckets) == text}


def _unpadding(given: Given) -> Any:
    return {"text": b64(unpad(edited(bytes(given["size"]), given["edits"])))}


def _record(given: Given) -> Any:
    envelope = edited(raw(given["envelope"]), given["edits"])
    text = open_record(raw(given["seed"]), context_of(given["context"]), envelope)
    return {"text": text.decode(), "hash": record_hash(envelope).hex()}


def _slot(given: Given) -> Any:
    slot = edited(raw(given["slot"]), given["edits"])
    return {"seed": b64(open_slot(raw(given["seed"]), context_of(given["context"]), slot))}


def _file(given: Given) -> Any:
    envelope = edited(raw(given["envelope"]), given["edits"])
    content = open_file(raw(given["seed"]), context_of(given["context"]), envelope)
    return {"content": sha(content), "size": len(content)}


def _code(given: Given) -> Any:
    read = parse(given["typed"])
    if isinstance(read, CaseCode):
        return {"code": read.reveal(), "locator": read.locator, "display": read.display()}
    return {"why": read.why, "digits": read.digits}


def _mailbox(given: Given) -> Any:
    stretched = raw(given["stretched"])
    mailbox = mailbox_from(stretched)
    return {
        "id": mailbox.id.hex(),
        "auth": mailbox.auth.hex(),
        "kemPublic": sha(mailbox.kem_public),
        "kemPrivate": mailbox.kem_private.hex(),
    }


def _case_mark(given: Given) -> Any:
    mailbox = mailbox_from(raw(given["stretched"]))
    case, public = raw(given["caseId"]), public_key(raw(given["caseSeed"]))
    mark = case_mark(case_mark_key(mailbox.kem_private), mailbox=mailbox.id, case=case, public=public)
    holds = is_the_cases_key(mailbox, case=case, public=public, mark=raw(given["mark"]))
    return {"mark": mark.hex(), "holds": holds}


def _argon(given: Given) -> Any:
    cost = Cost.from_text(given["cost"], tests_allowed=True)
    return {"stretched": argon2id(given["secret"].encode(), raw(given["salt"]), cost).hex()}


def _cost(given: Given) -> Any:
    cost = Cost.from_text(given["cost"])
    return {"passes": cost.passes, "memoryKib": cost.memory_kib}


def _expand(given: Given) -> Any:
    return {"key": expand(raw(given["stretched"]), given["label"].encode()).hex()}


def _canonical(given: Given) -> Any:
    return {"bytes": b64(canonical(json.loads(given["json"])))}


def _signature(given: Given) -> Any:
    seed, label, message = raw(given["seed"]), given["label"].encode(), raw(given["message"])
    public = signing_public(seed)
    return {"public": public.hex(), "signature": sign(seed, label, message).hex()}


def _verification(given: Given) -> Any:
    message, signature = raw(given["message"]), raw(given["signature"])
    return {"holds": signed_by(raw(given["public"]), given["label"].encode(), message, signature)}


def _fingerprint(given: Given) -> Any:
    root, deployment = read_root(read_document(given["document"].encode()).body)
    return {"fingerprint": RootOfTrust.of(deployment, root).as_text()}


def _roster(given: Given) -> Any:
    root = RootOfTrust.from_text(given["fingerprint"])
    roster = verify_roster(given["document"].encode(), root, now=given["now"], newest_seen=given["newestSeen"])
    living = [(officer.id, officer.living_key(given["now"])) for officer in roster.officers]
    return {
        "version": roster.version,
        "living": {id: key.id.hex() if key else None for id, key in living},
        "teams": {team.id: list(team.officers) for team in roster.teams},
        "suspended": [officer.id for officer in roster.officers if officer.suspended],
        "recovery": roster.recovery.id.hex() if roster.recovery else None,
    }


def _rosters(given: Given) -> Any:
    living = LivingRoster(RootOfTrust.from_text(given["fingerprint"]))
    for document in given["documents"]:
        living.load(document.encode(), now=given["now"])
    return {"version": living.current(now=given["later"]).version}


def _reply(given: Given) -> Any:
    root = RootOfTrust.from_text(given["fingerprint"])
    roster = verify_roster(given["document"].encode(), root, now=given["now"])
    envelope = edited(raw(given["envelope"]), given["edits"])
    reply = open_reply(raw(given["seed"]), context_of(given["context"]), envelope, roster)
    if isinstance(reply, Reply):
        return {"officer": reply.officer, "day": reply.day, "text": reply.text.reveal()}
    return {"unverified": reply.why}


def _chain(given: Given) -> Any:
    links = [Link(context_of(link["context"]), raw(link["envelope"])) for link in given["links"]]
    seen = Head(given["seen"]["count"], raw(given["seen"]["last"])) if given["seen"] else None
    after = Head(given["after"]["count"], raw(given["after"]["last"])) if given["after"] else None
    end = check_chain(links, after=after, seen=seen)
    if isinstance(end, Broken):
        return {"broken": end.why, "seq": end.seq}
    return {"count": end.count, "last": end.last.hex()}


def _slot_list(given: Given) -> Any:
    check = check_slots(
        raw(given["seed"]),
        raw(given["listed"]),
        deployment=raw(given["deployment"]),
        case_id=raw(given["caseId"]),
        present={raw(held["reader"]): raw(held["slot"]) for held in given["present"]},
    )
    return {
        "version": check.version,
        "rosterVersion": check.roster_version,
        "extra": sorted(reader.hex() for reader in check.extra),
        "changed": sorted(reader.hex() for reader in check.changed),
        "missing": sorted(reader.hex() for reader in check.missing),
    }


def _passphrase(given: Given) -> Any:
    return {"passphrase": read_passphrase(given["typed"])}


def _officer_keys(given: Given) -> Any:
    cost = Cost.from_text(given["cost"], tests_allowed=True)
    stretched = stretch_passphrase(given["passphrase"], raw(given["salt"]), cost)
    wrapped, shard = raw(given["wrapped"]), raw(given["shard"])
    own = unwrap(wrapped, stretched, shard, officer=given["officer"], epoch_key=raw(given["epochKey"]))
    return {
        "seed": own.seed.hex(),
        "signingSeed": own.signing_seed.hex(),
        "loginProof": login_proof(stretched).hex(),
    }


def _padme(given: Given) -> Any:
    return {"size": padme(given["length"])}


def _leaf(given: Given) -> Any:
    return {"hash": leaf_hash(json.loads(given["json"])).hex()}


def _consistency(given: Given) -> Any:
    proof = [raw(node) for node in given["proof"]]
    old, new = given["old"], given["new"]
    return {"holds": check_consistency(old["size"], raw(old["root"]), new["size"], raw(new["root"]), proof)}


def _inclusion(given: Given) -> Any:
    proof = [raw(node) for node in given["proof"]]
    log = given["log"]
    return {"holds": check_inclusion(raw(given["leaf"]), given["index"], log["size"], raw(log["root"]), proof)}


def _patterned(given: Given) -> bytes:
    pattern: bytes = raw(given["repeat"])
    size: int = given["size"]
    return (pattern * (size // len(pattern) + 1))[:size]


CHECKS: dict[str, Callable[[Given], Any]] = {
    "key": _key,
    "text": _text,
    "padding": _padding,
    "unpadding": _unpadding,
    "record": _record,
    "slot": _slot,
    "file": _file,
    "code": _code,
    "mailbox": _mailbox,
    "case mark": _case_mark,
    "argon": _argon,
    "cost": _cost,
    "expand": _expand,
    "canonical": _canonical,
    "signature": _signature,
    "verification": _verification,
    "fingerprint": _fingerprint,
    "roster": _roster,
    "rosters": _rosters,
    "reply": _reply,
    "chain": _chain,
    "slot list": _slot_list,
    "passphrase": _passphrase,
    "officer keys": _officer_keys,
    "padme": _padme,
    "leaf": _leaf,
    "consistency": _consistency,
    "inclusion": _inclusion,
}
