"""What the makers of vectors share: a book of cases, keys from names, and the browser's own sealing."""

import base64
import hashlib
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.sealing.context import Context
from tests.sealing.vectors import b64, run

BUNDLE = Path("bot/web/dist/sealing.js")
NOW = 1_800_000_000
DAY_S = 86_400
DEPLOYMENT = hashlib.sha256(b"deployment").digest()[:16]


def seed(name: str, size: int = 32) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:size]


def context(name: str, recipient: bytes, **changed: Any) -> Context:
    whole = Context(
        deployment=DEPLOYMENT,
        roster_version=7,
        case_id=seed(f"case {name}", 16),
        record_id=seed(f"record {name}", 16),
        kind="answer",
        seq=0,
        recipient=recipient,
    )
    return replace(whole, **changed)


def plain(place: Context) -> dict[str, Any]:
    return {
        "deployment": b64(place.deployment),
        "rosterVersion": place.roster_version,
        "caseId": b64(place.case_id),
        "recordId": b64(place.record_id),
        "kind": place.kind,
        "seq": place.seq,
        "recipient": b64(place.recipient),
        "previous": b64(place.previous),
        "protocol": place.protocol,
    }


class Book:
    """Cases in the order they are written; each is run once to fill in what it gives."""

    def __init__(self) -> None:
        self.cases: list[dict[str, Any]] = []

    def add(self, name: str, check: str, given: dict[str, Any], gives: Any = None) -> None:
        case = {"name": f"{check}: {name}", "check": check, "given": given}
        found = run(case)
        if gives is not None and found != gives:
            raise AssertionError(f"{case['name']} gives {found}")
        self.cases.append({**case, "gives": found})


def sealed_in_browser(jobs: list[dict[str, Any]]) -> list[bytes]:
    command = ["node", str(Path(__file__).with_name("make_vectors.mjs")), str(BUNDLE)]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=True)
    return [base64.b64decode(each) for each in json.loads(done.stdout)]
